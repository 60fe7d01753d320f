-- name: ClaimMessages :many
UPDATE messages SET claim_after = now() + make_interval(secs => @lease_seconds::float8), attempts = attempts + 1
WHERE id IN (
    SELECT id FROM messages WHERE claim_after <= now() ORDER BY claim_after, id LIMIT @batch FOR UPDATE SKIP LOCKED
)
RETURNING *;

-- name: MessageSent :exec
UPDATE messages SET state = 'sent', channel = @channel, sent_at = now(), last_error = '', claim_after = NULL
WHERE id = @id AND state <> 'sent';

-- name: MessageFailed :exec
UPDATE messages SET state = 'failed', last_error = @last_error, claim_after = NULL
WHERE id = @id AND state <> 'sent';

-- name: MessageHandedOver :exec
UPDATE messages SET state = 'handed_over', last_error = @last_error, claim_after = NULL
WHERE id = @id AND state <> 'sent';

-- name: MessageTriedAgain :exec
UPDATE messages SET attempts = attempts + 1, last_error = @last_error WHERE id = @id AND state <> 'sent';

-- name: RequeueMessage :exec
UPDATE messages SET state = 'queued', claim_after = now() WHERE id = @id AND state IN ('failed', 'handed_over');

-- name: Message :one
SELECT * FROM messages WHERE id = @id;

-- name: MessagesOf :many
SELECT * FROM messages WHERE number = @number ORDER BY queued_at, id;

-- name: Undelivered :many
SELECT * FROM messages WHERE state IN ('failed', 'handed_over') ORDER BY queued_at LIMIT @page_size;

-- name: NotifyOutbox :exec
SELECT pg_notify('recourse_outbox', '');

-- name: MessagesWait :one
SELECT EXISTS (SELECT 1 FROM messages WHERE claim_after <= now())::boolean;
