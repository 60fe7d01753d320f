-- name: ClaimAnswer :execrows
-- No row when the key stands for something already; with one whose answer is forgotten, or whose claimant is gone, it begins anew.
INSERT INTO remembered_answers AS r (actor, key, path, body_hash, claim) VALUES (@actor, @key, @path, @body_hash, @claim)
ON CONFLICT (actor, key) DO UPDATE SET path = excluded.path, body_hash = excluded.body_hash, claim = excluded.claim,
    status = NULL, content_type = '', answer = '', at = now()
WHERE r.at < now() - make_interval(secs => @remembered_seconds::float8)
   OR (r.status IS NULL AND r.at < now() - make_interval(secs => @lease_seconds::float8));

-- name: RememberedAnswer :one
SELECT * FROM remembered_answers WHERE actor = @actor AND key = @key;

-- name: RememberAnswer :exec
UPDATE remembered_answers SET status = @status::integer, content_type = @content_type, answer = @answer, at = now()
WHERE actor = @actor AND key = @key AND claim = @claim AND status IS NULL;

-- name: KeepClaim :execrows
UPDATE remembered_answers SET at = now() WHERE actor = @actor AND key = @key AND claim = @claim AND status IS NULL;

-- name: ForgetClaim :exec
DELETE FROM remembered_answers WHERE actor = @actor AND key = @key AND claim = @claim AND status IS NULL;

-- name: SweepAnswers :execrows
DELETE FROM remembered_answers WHERE (actor, key) IN (
    SELECT actor, key FROM remembered_answers WHERE at < now() - make_interval(secs => @remembered_seconds::float8) ORDER BY at LIMIT @batch
);
