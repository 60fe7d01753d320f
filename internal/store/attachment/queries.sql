-- name: AddAttachment :one
INSERT INTO attachments (id, number, name, media_type, size, sha256, content, added_by)
VALUES (@id, @number, @name, @media_type, @size, @sha256, @content, @added_by)
RETURNING added_at;

-- name: AttachmentsOf :many
SELECT id, number, name, media_type, size, sha256, added_by, added_at, erased_at FROM attachments
WHERE number = @number ORDER BY added_at, id;

-- name: Attachment :one
SELECT * FROM attachments WHERE id = @id AND number = @number;

-- name: SameAttachment :one
SELECT id, media_type, added_at FROM attachments
WHERE number = @number AND name = @name AND sha256 = @sha256 AND added_by = @added_by AND erased_at IS NULL ORDER BY added_at LIMIT 1;

-- name: CountAttachments :one
SELECT count(*) FROM attachments WHERE number = @number;
