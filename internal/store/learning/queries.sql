-- name: KeepCase :exec
-- The draft that an assessment brings; nothing when it brings none, or when its words are erased.
INSERT INTO cases (number, category, title, body, drafted_by)
SELECT s.number, @category, s.body #>> '{draft,title}',
    concat_ws(E'\n\n', s.body #>> '{draft,text}', nullif(s.body #>> '{draft,lessons}', '')), s.actor
FROM submissions s WHERE s.id = @submission AND s.body #>> '{draft,title}' <> ''
ON CONFLICT (number) DO UPDATE SET category = excluded.category, title = excluded.title, body = excluded.body, drafted_by = excluded.drafted_by;

-- name: Cases :many
SELECT k.*, c.procedure FROM cases k JOIN complaints c ON c.number = k.number
WHERE (@procedure::text = '' OR c.procedure = @procedure) AND c.seen_by = '{}' AND NOT c.subjects @> ARRAY[@reader::text]
  AND (k.drafted_at, k.number) < (@before, @before_number::text)
ORDER BY k.drafted_at DESC, k.number DESC LIMIT @page_size;

-- name: BeginDraw :execrows
INSERT INTO spot_check_draws (draw, procedure, received_from, received_to) VALUES (@draw, @procedure, @received_from, @received_to)
ON CONFLICT (draw) DO NOTHING;

-- name: CountToCheck :one
SELECT count(*) FROM complaints
WHERE received_at >= @received_from AND received_at < @received_to AND standing = 'live' AND seen_by = '{}'
  AND NOT subjects @> ARRAY[@drawn_by::text]
  AND (@procedure::text = '' OR procedure = @procedure);

-- name: DrawSpotCheck :many
-- A random sample of the complaints received in a span of time: none about whoever draws it.
INSERT INTO spot_checks (draw, number, drawn_by)
SELECT @draw, number, @drawn_by::text FROM complaints
WHERE received_at >= @received_from AND received_at < @received_to AND standing = 'live' AND seen_by = '{}'
  AND NOT subjects @> ARRAY[@drawn_by::text]
  AND (@procedure::text = '' OR procedure = @procedure)
ORDER BY random() LIMIT @sample_size
RETURNING *;

-- name: SpotChecksOf :many
SELECT * FROM spot_checks WHERE draw = @draw ORDER BY number;

-- name: SpotChecks :many
SELECT sqlc.embed(s), d.received_from, d.received_to
FROM spot_checks s JOIN complaints c ON c.number = s.number LEFT JOIN spot_check_draws d ON d.draw = s.draw
WHERE (@procedure::text = '' OR c.procedure = @procedure) AND c.seen_by = '{}' AND NOT c.subjects @> ARRAY[@reader::text]
  AND (s.drawn_at, s.draw, s.number) < (@before, @before_draw::uuid, @before_number::text)
ORDER BY s.drawn_at DESC, s.draw DESC, s.number DESC LIMIT @page_size;

-- name: RecordSpotCheck :execrows
UPDATE spot_checks s SET finding = @finding, checked_by = @checked_by::text, checked_at = now()
FROM complaints c
WHERE s.draw = @draw AND s.number = @number AND c.number = s.number AND c.seen_by = '{}' AND NOT c.subjects @> ARRAY[@checked_by::text];

-- name: StartCampaign :execrows
INSERT INTO campaigns (id, procedure, kind, name, started_by, closes_at) VALUES (@id, @procedure, @kind, @name, @started_by, @closes_at)
ON CONFLICT (id) DO NOTHING;

-- name: CountToAsk :one
SELECT count(DISTINCT coalesce(nullif(lower(k.email), ''), nullif(k.phone, ''), c.number))
FROM complaints c JOIN customers k ON k.number = c.number
WHERE c.procedure = @procedure AND c.received_at >= @received_from AND c.received_at < @received_to
  AND c.standing = 'live' AND c.seen_by = '{}' AND NOT c.subjects @> ARRAY[@started_by::text] AND k.erased_at IS NULL;

-- name: SampleCampaign :many
-- Who complained several times is one customer, known through one of the complaints.
INSERT INTO campaign_answers (campaign, number, asked_at)
SELECT @campaign::uuid, number, CASE WHEN email <> '' THEN now() END FROM (
    SELECT DISTINCT ON (coalesce(nullif(lower(k.email), ''), nullif(k.phone, ''), c.number)) c.number, k.email
    FROM complaints c JOIN customers k ON k.number = c.number
    WHERE c.procedure = @procedure AND c.received_at >= @received_from AND c.received_at < @received_to
      AND c.standing = 'live' AND c.seen_by = '{}' AND NOT c.subjects @> ARRAY[@started_by::text] AND k.erased_at IS NULL
    ORDER BY coalesce(nullif(lower(k.email), ''), nullif(k.phone, ''), c.number), c.received_at DESC
) AS customer
ORDER BY random() LIMIT @sample_size
RETURNING number, asked_at;

-- name: AnswerCampaign :execrows
UPDATE campaign_answers SET satisfaction = @satisfaction, words = @words, answered_at = now()
FROM campaigns c WHERE c.id = campaign AND campaign = @campaign AND number = @number AND answered_at IS NULL AND c.closes_at > now();

-- name: CampaignQuestion :one
SELECT c.procedure, c.kind, c.name, c.closes_at, a.satisfaction, a.words, a.answered_at
FROM campaign_answers a JOIN campaigns c ON c.id = a.campaign
WHERE a.campaign = @campaign AND a.number = @number;

-- name: Campaigns :many
-- What customers said counts for a reader unless their complaint is about the reader, or closed to people named since.
SELECT c.*, count(a.number) AS drawn, count(a.asked_at) AS asked, count(a.answered_at) AS answered,
    count(*) FILTER (WHERE a.satisfaction = 'very_satisfied') AS very_satisfied,
    count(*) FILTER (WHERE a.satisfaction = 'satisfied') AS satisfied,
    count(*) FILTER (WHERE a.satisfaction = 'neutral') AS neutral,
    count(*) FILTER (WHERE a.satisfaction = 'dissatisfied') AS dissatisfied,
    coalesce(array_agg(a.words ORDER BY a.answered_at) FILTER (WHERE a.words <> ''), '{}')::text[] AS words
FROM campaigns c LEFT JOIN (campaign_answers a JOIN complaints p ON p.number = a.number AND p.seen_by = '{}' AND NOT p.subjects @> ARRAY[@reader::text])
    ON a.campaign = c.id
WHERE (@procedure::text = '' OR c.procedure = @procedure) AND (sqlc.narg(campaign)::uuid IS NULL OR c.id = sqlc.narg(campaign))
  AND (c.started_at, c.id) < (@before, @before_id::uuid)
GROUP BY c.id ORDER BY c.started_at DESC, c.id DESC LIMIT @page_size;
