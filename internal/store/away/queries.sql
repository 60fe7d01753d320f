-- name: EnterAbsence :one
INSERT INTO absences (id, person, starts_at, ends_at, entered_by) VALUES (@id, @person, @starts_at, @ends_at, @entered_by)
RETURNING entered_at;

-- name: EndAbsence :execrows
-- Of one that was still to begin a moment stays, which is over.
UPDATE absences SET ends_at = @ends_at, starts_at = least(starts_at, @begun)
WHERE id = @id AND person = @person AND ends_at > @ends_at;

-- name: AbsencesFrom :many
SELECT * FROM absences WHERE ends_at > @since ORDER BY starts_at, id;

-- name: AbsencesOf :many
SELECT * FROM absences WHERE person = @person ORDER BY starts_at, id;
