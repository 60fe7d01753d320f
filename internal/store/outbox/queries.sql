-- name: QueueMessages :exec
INSERT INTO messages (id, number, recipient, template, params, queued_at, claim_after)
SELECT unnest(@ids::text[]), @number::text, unnest(@recipients::text[]), unnest(@templates::text[]), unnest(@params::jsonb[]),
    unnest(@queued_at::timestamptz[]), now()
ON CONFLICT (id) DO NOTHING;

-- name: QueueToCustomers :exec
-- One message to the customer of each complaint.
INSERT INTO messages (id, number, recipient, template, params, queued_at, claim_after)
SELECT unnest(@ids::text[]), unnest(@numbers::text[]), 'customer', @template, unnest(@params::jsonb[]), now(), now()
ON CONFLICT (id) DO NOTHING;

-- name: ClaimMessages :many
UPDATE messages SET claim_after = now() + make_interval(secs => @lease_seconds::float8), attempts = attempts + 1
WHERE id IN (
    SELECT id FROM messages WHERE claim_after <= now() ORDER BY claim_after, id LIMIT @batch FOR UPDATE SKIP LOCKED
)
RETURNING *;

-- name: MessagesSent :exec
UPDATE messages SET state = 'sent', channel = @channel, sent_at = now(), last_error = '', claim_after = NULL
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesFailed :exec
UPDATE messages SET state = 'failed', last_error = @last_error, claim_after = NULL
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesHandedOver :exec
UPDATE messages SET state = 'handed_over', last_error = @last_error, claim_after = NULL
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesUnreadable :exec
-- Tried again after the lease, until for_seconds after they were queued.
UPDATE messages SET last_error = @last_error,
    state = CASE WHEN queued_at < now() - make_interval(secs => @for_seconds::float8) THEN 'failed' ELSE state END,
    claim_after = CASE WHEN queued_at < now() - make_interval(secs => @for_seconds::float8) THEN NULL ELSE claim_after END
WHERE id = ANY (@ids::text[]) AND state = 'queued';

-- name: MessagesTriedAgain :exec
UPDATE messages SET attempts = attempts + 1, last_error = @last_error WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: RequeueMessages :many
UPDATE messages SET state = 'queued', claim_after = now() WHERE id = ANY (@ids::text[]) AND state = 'failed' RETURNING id;

-- name: TakeOverMessage :execrows
-- Not while a sender has claimed it.
UPDATE messages SET state = 'handed_over', claim_after = NULL WHERE id = @id AND state = 'queued' AND claim_after <= now();

-- name: MessagesToCustomer :one
SELECT count(*) FROM messages WHERE number = @number AND recipient = 'customer' AND sent_at > @since::timestamptz;

-- name: Message :one
SELECT * FROM messages WHERE id = @id;

-- name: MessagesOf :many
SELECT * FROM messages WHERE number = @number ORDER BY queued_at, id;

-- name: FailedMessages :many
SELECT * FROM messages WHERE state = 'failed' ORDER BY queued_at LIMIT @page_size;

-- name: NotifyOutbox :exec
SELECT pg_notify('recourse_outbox', '');

-- name: MessagesWait :one
SELECT EXISTS (SELECT 1 FROM messages WHERE claim_after <= now())::boolean;

-- name: WaitingMessages :many
-- Those that haven't left, by state. The branches are those of the two partial indexes.
SELECT state, count(*) AS waiting, coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float8 AS oldest_seconds
FROM (SELECT state, queued_at FROM messages WHERE claim_after IS NOT NULL
      UNION ALL
      SELECT state, queued_at FROM messages WHERE state IN ('failed', 'handed_over')) AS m
GROUP BY state ORDER BY state;
