-- What becomes of a message that doesn't arrive.

-- +goose NO TRANSACTION

-- +goose Up
-- When its complaint is to be told that a message to the customer failed for good; NULL once it was, and for all others.
ALTER TABLE messages ADD COLUMN IF NOT EXISTS tell_after timestamptz;
SET lock_timeout = 0; -- an index that is made beside the others lets nobody wait
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_to_tell ON messages (tell_after, id) WHERE tell_after IS NOT NULL;
RESET lock_timeout;

-- withheld: nobody was to get it, so nothing failed. A message that was handed over comes back to the outbox when its
-- activity hasn't tried it for so long that it must be gone: it has a claim_after, too.
ALTER TABLE messages DROP CONSTRAINT IF EXISTS messages_state_check, ADD CONSTRAINT messages_state_check
    CHECK (state IN ('queued', 'sent', 'failed', 'handed_over', 'withheld')) NOT VALID;
-- few rows: those that failed or are on their way, which messages_undelivered finds
UPDATE messages SET state = 'withheld' WHERE state = 'failed' AND last_error IN ('may_not_know', 'no_address');
UPDATE messages SET claim_after = now() + interval '2 hours' WHERE state = 'handed_over' AND claim_after IS NULL;
COMMENT ON COLUMN messages.channel IS 'by which it has left, also while others are still tried: "email", "email+webhook"';

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS messages_to_tell;
ALTER TABLE messages DROP COLUMN IF EXISTS tell_after;
UPDATE messages SET claim_after = NULL WHERE state = 'handed_over';
UPDATE messages SET state = 'failed' WHERE state = 'withheld';
ALTER TABLE messages DROP CONSTRAINT IF EXISTS messages_state_check, ADD CONSTRAINT messages_state_check
    CHECK (state IN ('queued', 'sent', 'failed', 'handed_over'));
