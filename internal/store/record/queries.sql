-- name: HeadOf :one
-- What a write has to know before it can be chained: how long the record is, its last hash, and the digest of the words that
-- belong to it. One submission, compared by equality, is what PostgreSQL keeps a plan for.
SELECT coalesce(c.recorded, 0)::integer AS recorded, c.head_hash, s.words_digest
FROM (SELECT 1) AS always
LEFT JOIN complaints c ON c.number = @number
LEFT JOIN submissions s ON s.id = @submission;

-- name: WordsDigests :many
SELECT id, words_digest FROM submissions WHERE id = ANY (@ids::uuid[]);

-- name: AppendRecord :exec
INSERT INTO record (number, sequence, at, by, kind, deadline, round, submission, words_digest, data, hash)
SELECT @number::text, unnest(@sequences::integer[]), unnest(@ats::timestamptz[]), unnest(@bys::text[]), unnest(@kinds::text[]),
    nullif(unnest(@deadlines::text[]), ''), nullif(unnest(@rounds::integer[]), 0),
    nullif(unnest(@submissions::uuid[]), '00000000-0000-0000-0000-000000000000'), unnest(@words_digests::bytea[]),
    unnest(@data::json[]), unnest(@hashes::bytea[]);

-- name: WriteAt :one
SELECT cause, content_hash FROM writes WHERE number = @number AND first_sequence = @first_sequence;

-- name: WrittenCauses :many
-- Which of these causes a complaint's record has writes of.
SELECT cause FROM writes WHERE number = @number AND cause = ANY (@causes::text[]);

-- name: AppendWrite :exec
INSERT INTO writes (number, first_sequence, last_sequence, cause, content_hash, submission, head_hash)
VALUES (@number, @first_sequence, @last_sequence, @cause, @content_hash, @submission, @head_hash);

-- name: RecordAfter :many
SELECT * FROM record WHERE number = @number AND sequence > @after ORDER BY sequence LIMIT @page_size;

-- name: RecordOfSubmission :one
SELECT * FROM record WHERE number = @number AND submission = @submission ORDER BY sequence LIMIT 1;

-- name: Ledgers :many
SELECT * FROM record WHERE number = @number AND deadline IS NOT NULL ORDER BY sequence;

-- name: ChainHeads :many
SELECT number, standing, recorded, head_hash FROM complaints WHERE number > @after ORDER BY number LIMIT @page_size;

-- name: ChainHeadsOf :many
SELECT number, standing, recorded, head_hash FROM complaints WHERE number = ANY (@numbers::text[]) ORDER BY number;

-- name: NumbersToVerify :many
-- What was sealed after a seal, and one share of all others: a different one each time, so that each is verified now and then.
SELECT DISTINCT number FROM (
    (SELECT DISTINCT h.number FROM sealed_heads h WHERE h.seal > @after_seal AND h.number > @after ORDER BY h.number LIMIT @page_size)
    UNION ALL
    (SELECT c.number FROM complaints c WHERE c.number > @after AND abs(hashtext(c.number)::bigint) % @shares::integer = @share::integer
     ORDER BY c.number LIMIT @page_size)
) AS due ORDER BY number LIMIT @page_size;

-- name: StateAndRecord :one
SELECT c.state, ARRAY(SELECT r.data::text FROM record r WHERE r.number = c.number ORDER BY r.sequence)::text[] AS events
FROM complaints c WHERE c.number = @number;

-- name: MissingNumbers :many
-- Numbers were given out without gaps: a serial without a complaint was removed.
SELECT concat(q.before, lpad(given.serial::text, greatest(q.width, length(given.serial::text)), '0'), q.after)::text AS number
FROM number_sequences q CROSS JOIN LATERAL generate_series(1, q.last) AS given(serial)
WHERE NOT EXISTS (SELECT FROM complaints c WHERE c.procedure = q.procedure AND c.year = q.year AND c.serial = given.serial)
ORDER BY q.procedure, q.year, given.serial;

-- name: CountRecorded :one
SELECT coalesce(sum(recorded), 0)::bigint FROM complaints;

-- name: LastSeal :one
SELECT * FROM seals ORDER BY id DESC LIMIT 1;

-- name: Seals :many
SELECT * FROM seals WHERE id > @after ORDER BY id LIMIT @page_size;

-- name: SealedHeads :many
-- What a seal sealed, and what stands at that place of the record now.
SELECT h.number, h.recorded, h.head_hash, r.hash AS hash_now
FROM sealed_heads h LEFT JOIN record r ON r.number = h.number AND r.sequence = h.recorded
WHERE h.seal = @seal ORDER BY h.number;

-- name: OldestRunning :one
-- All transactions with earlier IDs have ended, so that what they wrote is seen from here on.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_running, now()::timestamptz AS at;

-- name: HeadsToSeal :many
-- The last write of each complaint that grew, by transactions from since on. Some of them are in the seal before already, and
-- rows that a restore brought have the IDs of another server: so what was written after a time is looked at, too.
SELECT grew.number, grew.recorded, grew.head_hash FROM (
    SELECT DISTINCT ON (number) number, last_sequence AS recorded, head_hash FROM (
        SELECT number, first_sequence, last_sequence, head_hash FROM writes WHERE transaction_id >= @since::bigint
        UNION ALL
        SELECT number, first_sequence, last_sequence, head_hash FROM writes WHERE written_at >= @written_since::timestamptz
    ) AS candidates
    ORDER BY number, first_sequence DESC
) AS grew
WHERE NOT EXISTS (SELECT FROM sealed_heads h WHERE h.number = grew.number AND h.recorded = grew.recorded)
ORDER BY grew.number;

-- name: AppendSeal :exec
INSERT INTO seals (id, sealed_at, through, complaints, hash, oldest_running)
VALUES (@id, now(), now(), @complaints, @hash, @oldest_running);

-- name: AppendSealedHeads :exec
INSERT INTO sealed_heads (seal, number, recorded, head_hash)
SELECT @seal::bigint, unnest(@numbers::text[]), unnest(@recorded::integer[]), unnest(@head_hashes::bytea[]);

-- name: LockSeals :exec
-- One seals at a time. Locking the table would take more rights than to append to it.
SELECT pg_advisory_xact_lock(hashtext('recourse seals'));

-- name: AcceptFindings :exec
INSERT INTO accepted_findings (number, sequence, finding, stands, reason, accepted_by)
SELECT @number::text, @sequence::integer, unnest(@findings::text[]), unnest(@stand::bytea[]), @reason::text, @accepted_by::text
ON CONFLICT DO NOTHING;

-- name: AcceptedFindings :many
SELECT * FROM accepted_findings;
