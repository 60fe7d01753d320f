-- What was written is searched, lists are sorted by what is due, and filtered by what few complaints have.

-- +goose NO TRANSACTION

-- +goose Up
-- The words of a step that is not accepted yet; then they are among those of its complaint.
ALTER TABLE submissions ADD COLUMN IF NOT EXISTS search tsvector;
SET lock_timeout = 0; -- an index that is made beside the others lets nobody wait
CREATE INDEX CONCURRENTLY IF NOT EXISTS complaints_next_due ON complaints (next_due, number) WHERE next_due IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS complaints_by_channel ON complaints (channel, received_at DESC, number DESC);
CREATE INDEX CONCURRENTLY IF NOT EXISTS complaints_by_kind ON complaints (kind, received_at DESC, number DESC) WHERE kind <> 'complaint';
CREATE INDEX CONCURRENTLY IF NOT EXISTS complaints_by_outcome ON complaints (outcome, received_at DESC, number DESC) WHERE outcome <> '';
CREATE INDEX CONCURRENTLY IF NOT EXISTS complaints_by_satisfaction ON complaints (satisfaction, received_at DESC, number DESC) WHERE satisfaction <> '';
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS complaints_by_satisfaction;
DROP INDEX CONCURRENTLY IF EXISTS complaints_by_outcome;
DROP INDEX CONCURRENTLY IF EXISTS complaints_by_kind;
DROP INDEX CONCURRENTLY IF EXISTS complaints_by_channel;
DROP INDEX CONCURRENTLY IF EXISTS complaints_next_due;
ALTER TABLE submissions DROP COLUMN IF EXISTS search;
