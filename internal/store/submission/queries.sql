-- name: SubmitStep :one
-- Nothing is stored, and no row comes back, when the key stands for a submission already; with replaces, only when it
-- still stands for that one.
WITH key AS (
    INSERT INTO idempotency_keys (actor, key, submission, body_hash)
    VALUES (@actor, @key, @id, @body_hash)
    ON CONFLICT (actor, key) DO UPDATE SET submission = excluded.submission, body_hash = excluded.body_hash
        WHERE idempotency_keys.submission = sqlc.narg(replaces)::uuid
    RETURNING submission
)
INSERT INTO submissions (id, number, step, actor, actor_roles, actor_department, expected_revision,
                         body, salt, words_digest, facts, stored_at, search)
SELECT key.submission, @number::text, @step::text, @actor::text, @actor_roles::text[], @actor_department::text, @expected_revision::integer,
       @body::json, @salt::bytea, @words_digest::bytea, @facts::jsonb, coalesce(sqlc.narg(stored_at)::timestamptz, now()),
       nullif(array_to_tsvector(@search::text[]), '')
FROM key
RETURNING stored_at;

-- name: SubmitRegistration :one
-- As SubmitStep; gives out the next number and keeps the complaint until a workflow takes it up.
WITH key AS (
    INSERT INTO idempotency_keys (actor, key, submission, body_hash)
    VALUES (@actor, @key, @id, @body_hash)
    ON CONFLICT (actor, key) DO UPDATE SET submission = excluded.submission, body_hash = excluded.body_hash
        WHERE idempotency_keys.submission = sqlc.narg(replaces)::uuid
    RETURNING submission
), sequence AS (
    INSERT INTO number_sequences (procedure, year, last, before, width, after)
    SELECT @procedure::text, @year::integer, 1, @number_before::text, @number_width::integer, @number_after::text FROM key
    ON CONFLICT (procedure, year) DO UPDATE
        SET last = number_sequences.last + 1, before = excluded.before, width = excluded.width, after = excluded.after
    RETURNING last
), named AS (
    SELECT last AS serial, coalesce(sqlc.narg(stored_at)::timestamptz, now()) AS stored_at,
           concat(@number_before::text, lpad(last::text, greatest(@number_width::integer, length(last::text)), '0'), @number_after::text) AS number
    FROM sequence
), complaint AS (
    INSERT INTO complaints (number, procedure, procedure_version, year, serial, registration, standing,
        stage, stage_since, revision, recorded, department, agent, owner, handler, registered_by, participants, subjects, seen_by,
        kind, category, severity, channel, tier, next_deadline, open_matters, received_at, outcome, satisfaction, state, updated_at)
    SELECT number, @procedure::text, @procedure_version::integer, @year::integer, serial, @id::uuid, 'pending',
        'received', stored_at, 0, 0, '', '', '', '', @actor::text, ARRAY[@actor::text], @subjects::text[], @seen_by::text[],
        @kind::text, @category::text, 'normal', @channel::text, 0, '', 0, stored_at, '', '',
        @state::jsonb || jsonb_build_object('number', number, 'stage_since', stored_at, 'registered_at', stored_at), stored_at
    FROM named
), customer AS (
    INSERT INTO customers (number, name, phone, email, address, language, reply_to, search_form, search)
    SELECT number, @customer_name::text, @customer_phone::text, @customer_email::text, @customer_address::text,
           @customer_language::text, '', @search_form::integer,
           array_to_tsvector(@search::text[] || ARRAY[serial::text, lpad(serial::text, greatest(@number_width::integer, length(serial::text)), '0')])
    FROM named
)
INSERT INTO submissions (id, number, step, actor, actor_roles, actor_department, expected_revision,
                         body, salt, words_digest, facts, stored_at, relay_after)
SELECT @id::uuid, named.number, @step::text, @actor::text, @actor_roles::text[], @actor_department::text, 0,
       @body::json, @salt::bytea, @words_digest::bytea, @facts::jsonb, named.stored_at, named.stored_at + make_interval(secs => @relay_after_seconds::float8)
FROM named
RETURNING number, stored_at;

-- name: WebComplaintsOf :one
-- How many complaints an e-mail address has on the web since a time, counted no further than matters, and when the oldest of
-- these was received.
SELECT count(*) AS known, coalesce(min(received_at), @since)::timestamptz AS oldest FROM (
    SELECT p.received_at FROM customers c JOIN complaints p ON p.number = c.number
    WHERE lower(c.email) = lower(@email) AND c.email <> '' AND p.registered_by = 'customer' AND p.received_at > @since::timestamptz
    ORDER BY p.received_at DESC
    LIMIT @most
) AS known;

-- name: SubmissionOfKey :one
SELECT sqlc.embed(s), k.body_hash, (s.stored_at > now() - make_interval(secs => @fresh_seconds::float8))::boolean AS fresh,
       (c.outcome IS NOT DISTINCT FROM 'registered_in_error')::boolean AS taken_back
FROM idempotency_keys k JOIN submissions s ON s.id = k.submission LEFT JOIN complaints c ON c.number = s.number AND c.registration = s.id
WHERE k.actor = @actor AND k.key = @key;

-- name: SubmissionsOfRow :many
-- As SubmissionOfKey: what others sent under the key of a row.
SELECT sqlc.embed(s), k.body_hash, (s.stored_at > now() - make_interval(secs => @fresh_seconds::float8))::boolean AS fresh,
       (c.outcome IS NOT DISTINCT FROM 'registered_in_error')::boolean AS taken_back
FROM idempotency_keys k JOIN submissions s ON s.id = k.submission LEFT JOIN complaints c ON c.number = s.number AND c.registration = s.id
WHERE k.key = @key AND k.key LIKE 'import/%' AND k.actor <> @actor AND s.step = 'register'
ORDER BY s.stored_at DESC;

-- name: Submission :one
SELECT * FROM submissions WHERE id = @id;

-- name: WaitingRegistration :one
-- The registration of a complaint that no workflow has taken up.
SELECT s.* FROM complaints c JOIN submissions s ON s.id = c.registration WHERE c.number = @number AND c.standing = 'pending';

-- name: SubmissionsOf :many
SELECT * FROM submissions WHERE number = @number ORDER BY stored_at, id;

-- name: AcceptSubmission :exec
-- Its words are found from now on, as long as there is room: a tsvector holds a megabyte.
WITH accepted AS (
    UPDATE submissions SET state = 'accepted', answer = @answer, relay_after = NULL
    WHERE id = @id AND state <> 'accepted'
    RETURNING number, search
)
UPDATE customers SET search = customers.search || accepted.search
FROM accepted WHERE customers.number = accepted.number AND accepted.search IS NOT NULL AND length(customers.search) < 10000
    AND customers.erased_at IS NULL;

-- name: RefuseSubmission :exec
WITH refused AS (
    UPDATE submissions SET state = 'refused', answer = @refusal, relay_after = NULL
    WHERE id = @id AND state = 'pending'
    RETURNING id
)
UPDATE complaints SET standing = 'refused', updated_at = now()
FROM refused WHERE complaints.registration = refused.id AND complaints.number = @number AND complaints.standing = 'pending';

-- name: ClaimRegistrations :many
UPDATE submissions SET relay_after = now() + make_interval(secs => @lease_seconds::float8)
WHERE id IN (
    SELECT id FROM submissions WHERE relay_after <= now() ORDER BY relay_after LIMIT @batch FOR UPDATE SKIP LOCKED
)
RETURNING *;

-- name: CorrectCustomer :exec
-- What isn't named stays; nothing of one that was erased comes back.
UPDATE customers SET name = coalesce(sqlc.narg(name), name), phone = coalesce(sqlc.narg(phone), phone), email = coalesce(sqlc.narg(email), email),
    address = coalesce(sqlc.narg(address), address), language = coalesce(sqlc.narg(language), language), search = search || array_to_tsvector(@search::text[])
WHERE number = @number AND erased_at IS NULL;

-- name: FoundByEarlierWords :many
-- Complaints whose search words are of an earlier form.
SELECT number FROM customers WHERE search_form < @form::integer AND erased_at IS NULL AND number > @after ORDER BY number LIMIT @batch;

-- name: CustomerToFind :one
-- Nothing else is added to its words meanwhile.
SELECT name, phone, email FROM customers WHERE number = @number AND search_form < @form::integer AND erased_at IS NULL FOR UPDATE;

-- name: RenewSearch :exec
UPDATE customers SET search = array_to_tsvector(@search::text[]), search_form = @form::integer WHERE number = @number;

-- name: RestoreSubmission :exec
-- A submission that the database lost, without its words: they are gone.
INSERT INTO submissions (id, number, step, actor, actor_roles, actor_department, expected_revision, words_digest, facts, stored_at, erased_at)
VALUES (@id, @number, @step, @actor, @actor_roles, @actor_department, @expected_revision, @words_digest, @facts, @stored_at, now())
ON CONFLICT (id) DO NOTHING;

-- name: NoteBroughtBack :exec
-- One that is decided has lost nothing.
INSERT INTO brought_back (number, submission, place, beside)
SELECT @number, s.id, @place, @beside FROM submissions s WHERE s.id = @submission AND s.state = 'pending'
ON CONFLICT DO NOTHING;

-- name: BroughtBack :many
SELECT sqlc.embed(s), b.beside FROM brought_back b JOIN submissions s ON s.id = b.submission WHERE b.number = @number ORDER BY b.place, s.stored_at;

-- name: NumbersBroughtBack :many
SELECT DISTINCT number FROM brought_back ORDER BY number;

-- name: ForgetBroughtBack :exec
DELETE FROM brought_back WHERE number = @number;

-- name: RestoreRegistered :exec
-- The complaint of a registration that the database lost, until its workflow records it again. Its number stays given out.
WITH sequence AS (
    INSERT INTO number_sequences (procedure, year, last, before, width, after)
    VALUES (@procedure, @year::integer, @serial::integer, @number_before, @number_width, @number_after)
    ON CONFLICT (procedure, year) DO UPDATE SET last = greatest(number_sequences.last, excluded.last)
), customer AS (
    INSERT INTO customers (number, name, phone, email, address, language, reply_to, search, erased_at, erased_by)
    VALUES (@number, '', '', '', '', @language, '', ''::tsvector, now(), 'lost')
    ON CONFLICT (number) DO NOTHING
)
INSERT INTO complaints (number, procedure, procedure_version, year, serial, registration, standing,
    stage, stage_since, revision, recorded, department, agent, owner, handler, registered_by, participants, subjects, seen_by,
    kind, category, severity, channel, tier, next_deadline, open_matters, received_at, outcome, satisfaction, state, updated_at)
VALUES (@number, @procedure, @procedure_version, @year::integer, @serial::integer, @id::uuid, 'pending',
    'received', @stored_at, 0, 0, '', '', '', '', @actor::text, ARRAY[@actor::text], @subjects::text[], ARRAY[@actor::text],
    '', @category, 'normal', @channel, 0, '', 0, @stored_at, '', '', @state, now())
ON CONFLICT (number) DO NOTHING;
