-- name: SaveComplaint :exec
INSERT INTO complaints (number, procedure, procedure_version, standing, stage, stage_since, revision, recorded, head_hash,
    department, agent, owner, handler, registered_by, participants, subjects, seen_by, kind, category, severity, channel,
    tier, next_due, next_deadline, suspended_until, open_matters, received_at, closed_at, outcome, satisfaction, state, updated_at)
VALUES (@number, @procedure, @procedure_version, 'live', @stage, @stage_since, @revision, @recorded, @head_hash,
    @department, @agent, @owner, @handler, @registered_by, @participants, @subjects, @seen_by, @kind, @category, @severity, @channel,
    @tier, @next_due, @next_deadline, @suspended_until, @open_matters, @received_at, @closed_at, @outcome, @satisfaction, @state, now())
ON CONFLICT (number) DO UPDATE SET
    procedure_version = excluded.procedure_version, standing = 'live', stage = excluded.stage, stage_since = excluded.stage_since,
    revision = excluded.revision, recorded = excluded.recorded, head_hash = excluded.head_hash, department = excluded.department,
    agent = excluded.agent, owner = excluded.owner, handler = excluded.handler, participants = excluded.participants,
    subjects = excluded.subjects, seen_by = excluded.seen_by, kind = excluded.kind, category = excluded.category,
    severity = excluded.severity, tier = excluded.tier, next_due = excluded.next_due, next_deadline = excluded.next_deadline,
    suspended_until = excluded.suspended_until, open_matters = excluded.open_matters, received_at = excluded.received_at,
    closed_at = excluded.closed_at, outcome = excluded.outcome, satisfaction = excluded.satisfaction, state = excluded.state,
    updated_at = excluded.updated_at;

-- name: SaveClocks :exec
INSERT INTO clocks (number, name, round, within, calendar, started_at, due_at, state, ended_at, lapsed_at, paused_at, tier, department, handler)
SELECT @number::text, unnest(@names::text[]), unnest(@rounds::integer[]), unnest(@withins::text[]), unnest(@calendars::text[]),
    unnest(@started::timestamptz[]), unnest(@due::timestamptz[]), unnest(@states::text[]),
    nullif(unnest(@ended::timestamptz[]), '0001-01-01 00:00:00+00'), nullif(unnest(@lapsed::timestamptz[]), '0001-01-01 00:00:00+00'),
    nullif(unnest(@paused::timestamptz[]), '0001-01-01 00:00:00+00'), unnest(@tiers::integer[]), @department::text, @handler::text
ON CONFLICT (number, name, round) DO UPDATE SET
    within = excluded.within, calendar = excluded.calendar, due_at = excluded.due_at, state = excluded.state, ended_at = excluded.ended_at,
    lapsed_at = excluded.lapsed_at, paused_at = excluded.paused_at, tier = excluded.tier, department = excluded.department, handler = excluded.handler
WHERE (clocks.due_at, clocks.state, clocks.ended_at, clocks.lapsed_at, clocks.paused_at, clocks.tier, clocks.within)
    IS DISTINCT FROM (excluded.due_at, excluded.state, excluded.ended_at, excluded.lapsed_at, excluded.paused_at, excluded.tier, excluded.within);

-- name: DropTasks :exec
-- Those that are no longer open; the arguments are the open ones.
DELETE FROM tasks t WHERE t.number = @number AND NOT EXISTS (
    SELECT 1 FROM (SELECT unnest(@kinds::text[]) AS kind, unnest(@persons::text[]) AS person, unnest(@roles::text[]) AS role,
                          unnest(@details::text[]) AS detail) AS still
    WHERE still.kind = t.kind AND still.person = t.person AND still.role = t.role AND still.detail = t.detail);

-- name: SaveTasks :exec
INSERT INTO tasks (number, kind, person, role, detail, due, since)
SELECT @number::text, unnest(@kinds::text[]), unnest(@persons::text[]), unnest(@roles::text[]), unnest(@details::text[]),
    unnest(@dues::timestamptz[]), @since::timestamptz
ON CONFLICT (number, kind, person, role, detail) DO UPDATE SET due = excluded.due WHERE tasks.due <> excluded.due;

-- name: SaveSides :exec
INSERT INTO sides (number, kind, id, state, person, due, opened_at)
SELECT @number::text, unnest(@kinds::text[]), unnest(@ids::text[]), unnest(@states::text[]), unnest(@persons::text[]),
    nullif(unnest(@dues::timestamptz[]), '0001-01-01 00:00:00+00'), @opened_at::timestamptz
ON CONFLICT (number, kind, id) DO UPDATE SET state = excluded.state, person = excluded.person, due = excluded.due
WHERE (sides.state, sides.person, sides.due) IS DISTINCT FROM (excluded.state, excluded.person, excluded.due);

-- name: SaveRelation :exec
INSERT INTO relations (number, target, relation, since) VALUES (@number, @target, @relation, @since)
ON CONFLICT (number, target, relation) DO NOTHING;

-- name: Complaint :one
SELECT c.number, c.standing, c.registration, c.state, c.received_at, c.updated_at, c.head_hash,
       k.name, k.phone, k.email, k.address, k.language, k.erased_at,
       s.body
FROM complaints c
LEFT JOIN customers k ON k.number = c.number
LEFT JOIN submissions s ON s.id = c.registration
WHERE c.number = @number;

-- name: Clocks :many
SELECT * FROM clocks WHERE number = @number ORDER BY started_at, name, round;

-- name: TasksOfComplaint :many
SELECT * FROM tasks WHERE number = @number ORDER BY due, kind, person, role, detail;

-- name: Inbox :many
-- What waits for a person, soonest due first: their own tasks, those of their roles that are nobody's yet, and the steps of
-- processes beside the main course. A subject of a complaint gets nothing of it; somebody else looking in sees what they may
-- know of, and so do those who share a role.
SELECT w.number::text AS number, w.kind::text AS kind, w.person::text AS person, w.role::text AS role, w.detail::text AS detail,
       w.side::text AS side, w.due::timestamptz AS due, w.since::timestamptz AS since,
       c.stage, c.category, c.severity, c.procedure, c.tier, c.received_at, shown.customer::text AS customer, shown.first_words::text AS first_words
FROM (
    SELECT t.number, t.kind, t.person, t.role, t.detail, '' AS side, t.due, t.since FROM tasks t WHERE t.person = @person
    UNION ALL
    SELECT t.number, t.kind, t.person, t.role, t.detail, '' AS side, t.due, t.since FROM tasks t WHERE t.person = '' AND t.role = ANY (@roles::text[])
    UNION ALL
    SELECT s.number, s.state AS kind, s.person, '' AS role, s.id AS detail, s.kind AS side,
           coalesce(s.due, timestamptz '9999-12-31 00:00:00+00') AS due, s.opened_at AS since
    FROM sides s WHERE s.person = @person AND s.state <> 'done'
) w JOIN complaints c ON c.number = w.number
CROSS JOIN LATERAL (
    -- Somebody who only has a step beside the complaint may not know what it is about.
    SELECT coalesce(max(k.name), '') AS customer, coalesce(max(left(r.body->>'narrative', 100)), '') AS first_words
    FROM customers k LEFT JOIN submissions r ON r.id = c.registration
    WHERE k.number = c.number AND CASE WHEN c.seen_by <> '{}' THEN c.seen_by @> ARRAY[@viewer::text]
        ELSE @sees_all::boolean OR c.participants && @known::text[] END
) shown
WHERE (@procedure::text = '' OR c.procedure = @procedure)
  AND NOT c.subjects @> ARRAY[@viewer::text]
  AND (w.person = @viewer::text OR CASE WHEN c.seen_by <> '{}' THEN c.seen_by @> ARRAY[@viewer::text]
            ELSE @own::boolean OR @sees_all::boolean OR c.participants && @known::text[] END)
  AND (w.due, w.number, w.kind, w.person, w.role, w.detail, w.side) >
      (@after_due::timestamptz, @after_number::text, @after_kind::text, @after_person::text, @after_role::text, @after_detail::text, @after_side::text)
ORDER BY w.due, w.number, w.kind, w.person, w.role, w.detail, w.side
LIMIT @page_size;

-- name: SidesOf :many
SELECT * FROM sides WHERE number = @number ORDER BY opened_at, kind, id;

-- name: RelationsOf :many
-- Complaints to which one was linked and, reverse, those that were linked to it, of those that the viewer may know of.
SELECT r.number::text AS number, r.relation::text AS relation, r.reverse::boolean AS reverse
FROM (
    SELECT target AS number, relation, false AS reverse, since FROM relations WHERE relations.number = @number
    UNION ALL
    SELECT number, relation, true AS reverse, since FROM relations WHERE target = @number
) r JOIN complaints c ON c.number = r.number
WHERE c.standing <> 'refused' AND (@procedure::text = '' OR c.procedure = @procedure)
  AND NOT c.subjects @> ARRAY[@viewer::text]
  AND (CASE WHEN c.seen_by <> '{}' THEN c.seen_by @> ARRAY[@viewer::text]
            ELSE @sees_all::boolean OR c.participants && @known::text[] END)
ORDER BY r.since, r.number
LIMIT @most;

-- name: Unseen :many
-- Open complaints of which nobody may know, of these people with what each of them sees.
SELECT number, subjects FROM complaints c
WHERE closed_at IS NULL AND standing = 'live' AND procedure = ANY (@procedures::text[]) AND NOT EXISTS (
    SELECT 1 FROM (SELECT unnest(@persons::text[]) AS person, unnest(@keys::text[]) AS key, unnest(@homes::text[]) AS home) k
    WHERE k.home = c.procedure AND NOT c.subjects @> ARRAY[k.person]
      AND CASE WHEN c.seen_by <> '{}' THEN c.seen_by @> ARRAY[k.person] ELSE k.key = '*' OR c.participants @> ARRAY[k.key] END)
ORDER BY number
LIMIT @most;

-- name: LeftAlone :many
-- What was merged, the last time, into a complaint that was taken back, and can be opened again.
SELECT r.number::text AS number, r.target::text AS target
FROM relations r JOIN complaints c ON c.number = r.number JOIN complaints t ON t.number = r.target
WHERE r.relation = 'duplicates' AND c.outcome = 'merged' AND c.standing = 'live' AND NOT coalesce((c.state ->> 'ended')::boolean, false)
  AND t.outcome IN ('withdrawn', 'registered_in_error')
  AND NOT EXISTS (SELECT 1 FROM relations newer WHERE newer.number = r.number AND newer.relation = 'duplicates' AND newer.since > r.since)
ORDER BY r.number
LIMIT @most;

-- name: OpenMatters :many
SELECT number, procedure, department, owner, handler, matter::integer AS matter, kind::text AS kind, until::timestamptz AS until, by::text AS by, active::boolean AS active FROM open_matters
WHERE (number, matter) > (@after_number::text, @after_matter::integer)
  AND (@procedure::text = '' OR procedure = @procedure)
  AND NOT subjects @> ARRAY[@viewer::text]
  AND (CASE WHEN seen_by <> '{}' THEN seen_by @> ARRAY[@viewer::text]
            ELSE @sees_all::boolean OR participants && @known::text[] END)
ORDER BY number, matter
LIMIT @page_size;

-- name: OpenComplaintsOf :many
-- Complaints that may wait for a person, to move what they have when they are away: open ones in which they have a part, those
-- with a step beside for them, which may outlast the complaint, and those that keep people out of a duty of theirs.
SELECT number FROM complaints
WHERE participants @> ARRAY[@person::text] AND closed_at IS NULL AND standing = 'live'
UNION
SELECT s.number FROM sides s JOIN complaints c ON c.number = s.number
WHERE s.person = @person AND s.state <> 'done' AND c.standing = 'live'
UNION
SELECT t.number FROM tasks t
WHERE t.person = '' AND t.role = ANY (@roles::text[])
  AND (SELECT c.standing = 'live' AND (c.subjects <> '{}' OR c.seen_by <> '{}' OR t.detail = 'contested') FROM complaints c WHERE c.number = t.number)
ORDER BY number;

-- name: CountWithWords :one
-- How many complaints have the words, counted no further than enough.
SELECT count(*) FROM (SELECT 1 FROM customers k WHERE k.search @@ sqlc.arg(words)::text::tsquery LIMIT sqlc.arg(enough)) AS found;

-- name: OpenComplaints :many
-- How the open complaints stand, by stage and tier. The conditions are those of the index complaints_open.
SELECT stage, tier, count(*) AS open, count(*) FILTER (WHERE next_due < now()) AS late,
    extract(epoch FROM now() - min(received_at))::float8 AS oldest_seconds
FROM complaints WHERE closed_at IS NULL AND standing = 'live'
GROUP BY stage, tier ORDER BY stage, tier;
