-- name: SaveCase :exec
INSERT INTO cases (number, category, title, body, drafted_by) VALUES (@number, @category, @title, @body, @drafted_by)
ON CONFLICT (number) DO UPDATE SET category = excluded.category, title = excluded.title, body = excluded.body, drafted_by = excluded.drafted_by;

-- name: Cases :many
SELECT k.*, c.procedure FROM cases k JOIN complaints c ON c.number = k.number
WHERE (@procedure::text = '' OR c.procedure = @procedure) AND (k.drafted_at, k.number) < (@before, @before_number::text)
ORDER BY k.drafted_at DESC, k.number DESC LIMIT @page_size;

-- name: DrawSpotCheck :many
-- A random sample of the complaints received in a span of time.
INSERT INTO spot_checks (draw, number, drawn_by)
SELECT @draw, number, @drawn_by FROM complaints
WHERE received_at >= @received_from AND received_at < @received_to AND standing = 'live' AND seen_by = '{}'
  AND (@procedure::text = '' OR procedure = @procedure)
ORDER BY random() LIMIT @sample_size
RETURNING *;

-- name: SpotChecks :many
SELECT s.* FROM spot_checks s JOIN complaints c ON c.number = s.number
WHERE (@procedure::text = '' OR c.procedure = @procedure) AND (s.drawn_at, s.draw, s.number) < (@before, @before_draw::uuid, @before_number::text)
ORDER BY s.drawn_at DESC, s.draw DESC, s.number DESC LIMIT @page_size;

-- name: RecordSpotCheck :execrows
UPDATE spot_checks SET finding = @finding, checked_by = @checked_by, checked_at = now() WHERE draw = @draw AND number = @number;

-- name: StartCampaign :one
INSERT INTO campaigns (id, procedure, name, started_by, closes_at) VALUES (@id, @procedure, @name, @started_by, @closes_at) RETURNING *;

-- name: SampleCampaign :many
INSERT INTO campaign_answers (campaign, number)
SELECT @campaign::uuid, c.number FROM complaints c JOIN customers k ON k.number = c.number
WHERE c.procedure = @procedure AND c.received_at >= @received_from AND c.received_at < @received_to
  AND c.standing = 'live' AND c.seen_by = '{}' AND k.erased_at IS NULL
ORDER BY random() LIMIT @sample_size
RETURNING number;

-- name: AnswerCampaign :execrows
UPDATE campaign_answers SET satisfaction = @satisfaction, answered_at = now()
FROM campaigns c WHERE c.id = campaign AND campaign = @campaign AND number = @number AND answered_at IS NULL AND c.closes_at > now();

-- name: Campaigns :many
SELECT c.*, count(a.number) AS asked, count(a.answered_at) AS answered
FROM campaigns c LEFT JOIN campaign_answers a ON a.campaign = c.id
WHERE @procedure::text = '' OR c.procedure = @procedure
GROUP BY c.id ORDER BY c.started_at DESC, c.id LIMIT @page_size;
