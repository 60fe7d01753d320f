-- name: IssueLink :one
INSERT INTO links (id, number, purpose, subject, campaign, issued_at, expires_at)
VALUES (@id, @number, @purpose, @subject, @campaign, now(), @expires_at)
RETURNING *;

-- name: Link :one
SELECT * FROM links WHERE id = @id;

-- name: LinksOf :many
SELECT * FROM links WHERE number = @number ORDER BY issued_at, id;

-- name: RevokeLink :execrows
UPDATE links SET revoked_at = now(), revoked_by = @revoked_by WHERE id = @id AND number = @number AND revoked_at IS NULL;
