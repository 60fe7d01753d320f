-- name: SaveConfirmation :exec
-- As part of the transaction of a write: in a moment its workflow is asked whether it has it.
INSERT INTO confirmations (number, recorded, submission, ask_after, next_rung, over)
VALUES (@number, @recorded, @submission, now() + make_interval(secs => @patience_seconds::float8), @next_rung, @over)
ON CONFLICT (number) DO UPDATE SET recorded = excluded.recorded, submission = excluded.submission, ask_after = excluded.ask_after,
    next_rung = excluded.next_rung, over = excluded.over;

-- name: ConfirmAnswered :exec
-- Their workflows have answered these submissions, so they have the writes of them.
UPDATE confirmations SET ask_after = NULL WHERE submission = ANY (@submissions::uuid[]) AND number = ANY (@numbers::text[]) AND ask_after IS NOT NULL;

-- name: Confirm :exec
-- The workflow has so many rows; nothing happens where there are more by now. What is over needs no looking after any more.
WITH gone AS (
    DELETE FROM confirmations g WHERE g.number = @number AND g.recorded <= @recorded AND g.over
)
UPDATE confirmations c SET ask_after = NULL WHERE c.number = @number AND c.recorded <= @recorded AND NOT c.over;

-- name: ClaimUnconfirmed :many
UPDATE confirmations SET ask_after = now() + make_interval(secs => @lease_seconds::float8)
WHERE number IN (
    SELECT number FROM confirmations WHERE ask_after <= now() ORDER BY ask_after LIMIT @batch FOR UPDATE SKIP LOCKED
)
RETURNING number;

-- name: AskAgain :exec
-- An answer that was given before says nothing any more.
UPDATE confirmations SET ask_after = now(), submission = NULL WHERE number = ANY (@numbers::text[]);

-- name: AskOverdue :exec
-- Those whose rung is so long past and hasn't fired.
UPDATE confirmations SET ask_after = now(), submission = NULL
WHERE ask_after IS NULL AND next_rung < now() - make_interval(secs => @late_seconds::float8);

-- name: CountOverdue :one
SELECT count(*) FROM confirmations WHERE next_rung < now() - make_interval(secs => @late_seconds::float8);

-- name: LivingAfter :many
-- All that are looked after, by their numbers, with the processes beside them that have not ended.
SELECT c.number, coalesce((SELECT array_agg(s.kind ORDER BY s.kind, s.id) FROM sides s WHERE s.number = c.number AND s.state <> 'done'), '{}')::text[] AS kinds,
       coalesce((SELECT array_agg(s.id ORDER BY s.kind, s.id) FROM sides s WHERE s.number = c.number AND s.state <> 'done'), '{}')::text[] AS ids
FROM confirmations c WHERE c.number > @after AND NOT c.over ORDER BY c.number LIMIT @page_size;

-- name: RecordedOf :one
SELECT recorded FROM complaints WHERE number = @number;
