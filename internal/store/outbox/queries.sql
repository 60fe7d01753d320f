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
-- A message that was handed over is there, too, when its activity must be gone.
UPDATE messages SET state = 'queued', claim_after = now() + make_interval(secs => @lease_seconds::float8), attempts = attempts + 1
WHERE id IN (
    SELECT id FROM messages WHERE claim_after <= now() ORDER BY claim_after, id LIMIT @batch FOR UPDATE SKIP LOCKED
)
RETURNING *;

-- name: MessagesSent :exec
UPDATE messages SET state = 'sent', channel = @channel, sent_at = now(), last_error = '', claim_after = NULL
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesLeft :exec
UPDATE messages SET channel = @channel WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesFailed :exec
UPDATE messages SET state = 'failed', last_error = @last_error, claim_after = NULL, tell_after = CASE WHEN recipient = 'customer' THEN now() END
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesWithheld :exec
UPDATE messages SET state = 'withheld', last_error = @last_error, claim_after = NULL
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesBounced :many
-- What came back had been sent by mail; another channel has what it has.
UPDATE messages SET state = 'failed', last_error = @last_error, claim_after = NULL, sent_at = NULL,
    channel = array_to_string(array_remove(string_to_array(channel, '+'), 'email'), '+'),
    tell_after = CASE WHEN recipient = 'customer' THEN now() END
WHERE id = ANY (@ids::text[]) AND state = 'sent' AND 'email' = ANY (string_to_array(channel, '+'))
RETURNING id;

-- name: MessagesToTell :many
UPDATE messages SET tell_after = now() + make_interval(secs => @lease_seconds::float8)
WHERE id IN (
    SELECT id FROM messages WHERE tell_after <= now() ORDER BY tell_after, id LIMIT @batch FOR UPDATE SKIP LOCKED
)
RETURNING *;

-- name: MessageTold :exec
UPDATE messages SET tell_after = NULL WHERE id = @id;

-- name: MessageHeld :one
-- How long a claim still lasts that nobody else has taken over: each claim is an attempt.
SELECT extract(epoch FROM claim_after - now())::float8 AS left_seconds FROM messages
WHERE id = @id AND state = 'queued' AND attempts = @attempts AND claim_after IS NOT NULL;

-- name: HoldMessage :execrows
UPDATE messages SET claim_after = now() + make_interval(secs => @lease_seconds::float8)
WHERE id = @id AND state = 'queued' AND attempts = @attempts AND claim_after IS NOT NULL;

-- name: MessagesHandedOver :exec
UPDATE messages SET state = 'handed_over', last_error = @last_error, claim_after = now() + make_interval(secs => @gone_seconds::float8)
WHERE id = ANY (@ids::text[]) AND state <> 'sent';

-- name: MessagesUnreadable :exec
-- Tried again after the lease, until for_seconds after they were queued.
UPDATE messages SET last_error = @last_error,
    state = CASE WHEN queued_at < now() - make_interval(secs => @for_seconds::float8) THEN 'failed' ELSE state END,
    claim_after = CASE WHEN queued_at < now() - make_interval(secs => @for_seconds::float8) THEN NULL ELSE claim_after END
WHERE id = ANY (@ids::text[]) AND state = 'queued';

-- name: MessagesTriedAgain :exec
UPDATE messages SET attempts = attempts + 1, last_error = @last_error, claim_after = now() + make_interval(secs => @gone_seconds::float8)
WHERE id = ANY (@ids::text[]) AND state = 'handed_over';

-- name: RequeueMessages :many
-- Those that failed, and those that were handed over and that nobody tries.
UPDATE messages SET state = 'queued', claim_after = now(), tell_after = NULL
WHERE id = ANY (@ids::text[]) AND (state = 'failed' OR state = 'handed_over' AND (claim_after IS NULL OR claim_after <= now()))
RETURNING id;

-- name: TakeOverMessage :execrows
-- Not while a sender has claimed it.
UPDATE messages SET state = 'handed_over', claim_after = now() + make_interval(secs => @gone_seconds::float8)
WHERE id = @id AND state = 'queued' AND claim_after <= now();

-- name: MessagesToCustomer :one
SELECT count(*) FROM messages WHERE number = @number AND recipient = 'customer' AND sent_at > @since::timestamptz;

-- name: Message :one
SELECT * FROM messages WHERE id = @id;

-- name: MessagesOf :many
SELECT * FROM messages WHERE number = @number ORDER BY queued_at, id;

-- name: FailedMessages :many
-- Those that a requeue can mend.
SELECT * FROM messages WHERE state IN ('failed', 'handed_over') AND (state = 'failed' OR claim_after IS NULL OR claim_after <= now())
ORDER BY queued_at, id LIMIT @page_size;

-- name: NotifyOutbox :exec
SELECT pg_notify('recourse_outbox', '');

-- name: MessagesWait :one
SELECT EXISTS (SELECT 1 FROM messages WHERE claim_after <= now())::boolean;

-- name: WaitingMessages :many
-- Those that haven't left, by state. The branches are those of the two partial indexes.
SELECT state, count(*) AS waiting, coalesce(extract(epoch FROM now() - min(queued_at)), 0)::float8 AS oldest_seconds
FROM (SELECT state, queued_at FROM messages WHERE claim_after IS NOT NULL AND state = 'queued'
      UNION ALL
      SELECT state, queued_at FROM messages WHERE state IN ('failed', 'handed_over')) AS m
GROUP BY state ORDER BY state;
