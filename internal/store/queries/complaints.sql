-- name: Complaint :one
SELECT c.number, c.standing, c.registration, c.state, c.received_at, c.updated_at, c.head_hash,
       k.name, k.phone, k.email, k.address, k.language, k.reply_to, k.erased_at,
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
-- Soonest due first; the subjects of a complaint, and those it is closed to, get nothing of it.
SELECT t.*, c.stage, c.category, c.severity, c.procedure, c.tier, c.received_at
FROM tasks t JOIN complaints c ON c.number = t.number
WHERE t.person = @person
  AND (t.due, t.number, t.kind, t.role, t.detail) > (@after_due, @after_number::text, @after_kind::text, @after_role::text, @after_detail::text)
ORDER BY t.due, t.number, t.kind, t.role, t.detail
LIMIT @page_size;

-- name: RoleInbox :many
SELECT t.*, c.stage, c.category, c.severity, c.procedure, c.tier, c.received_at
FROM tasks t JOIN complaints c ON c.number = t.number
WHERE t.person = '' AND t.role = @role
  AND NOT c.subjects @> ARRAY[@viewer::text] AND (c.seen_by = '{}' OR c.seen_by @> ARRAY[@viewer::text])
  AND (t.due, t.number, t.kind, t.detail) > (@after_due, @after_number::text, @after_kind::text, @after_detail::text)
ORDER BY t.due, t.number, t.kind, t.detail
LIMIT @page_size;

-- name: SidesOf :many
SELECT * FROM sides WHERE number = @number ORDER BY opened_at, kind, id;

-- name: OpenMatters :many
SELECT number, procedure, department, owner, handler, matter::integer AS matter, kind::text AS kind, until::timestamptz AS until, by::text AS by, active::boolean AS active FROM open_matters
WHERE (number, matter) > (@after_number::text, @after_matter::integer)
  AND NOT subjects @> ARRAY[@viewer::text]
  AND (CASE WHEN seen_by <> '{}' THEN seen_by @> ARRAY[@viewer::text]
            ELSE @sees_all::boolean OR department = ANY (@departments::text[]) OR participants @> ARRAY[@viewer::text] END)
ORDER BY number, matter
LIMIT @page_size;

-- name: OpenComplaintsOf :many
-- Open complaints in which a person has a part: to move their tasks when they are away.
SELECT number FROM complaints
WHERE participants @> ARRAY[@person::text] AND closed_at IS NULL AND standing = 'live' ORDER BY number;

-- name: SaveCustomer :execrows
-- Corrects what is known of the customer; what was erased stays erased.
UPDATE customers SET name = @name, phone = @phone, email = @email, address = @address, language = @language, reply_to = @reply_to,
    search = array_to_tsvector(@search::text[])
WHERE number = @number AND erased_at IS NULL;

-- name: Customer :one
SELECT * FROM customers WHERE number = @number;

-- name: SidesOfPerson :many
SELECT * FROM sides WHERE person = @person AND state <> 'done' ORDER BY due NULLS LAST, number, kind, id;

-- name: CountWithWords :one
-- How many complaints have the words, counted no further than enough.
SELECT count(*) FROM (SELECT 1 FROM customers k WHERE k.search @@ sqlc.arg(words)::text::tsquery LIMIT sqlc.arg(enough)) AS found;
