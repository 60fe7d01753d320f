-- name: PublishProcedure :one
INSERT INTO procedures (id, version, body, sha256, published_by) VALUES (@id, @version, @body, @sha256, @published_by)
RETURNING published_at;

-- name: NewestProcedure :one
SELECT * FROM procedures WHERE id = @id ORDER BY version DESC LIMIT 1;

-- name: Procedure :one
SELECT * FROM procedures WHERE id = @id AND version = @version;

-- name: ProcedureOfText :one
SELECT * FROM procedures WHERE id = @id AND sha256 = @sha256 ORDER BY version DESC LIMIT 1;

-- name: NewestProcedures :many
SELECT DISTINCT ON (id) * FROM procedures ORDER BY id, version DESC;

-- name: PublishCalendar :one
INSERT INTO calendars (id, version, body, sha256, published_by) VALUES (@id, @version, @body, @sha256, @published_by)
RETURNING published_at;

-- name: NewestCalendar :one
SELECT * FROM calendars WHERE id = @id ORDER BY version DESC LIMIT 1;

-- name: Calendar :one
SELECT * FROM calendars WHERE id = @id AND version = @version;

-- name: CalendarOfText :one
SELECT * FROM calendars WHERE id = @id AND sha256 = @sha256 ORDER BY version DESC LIMIT 1;

-- name: NewestCalendars :many
SELECT DISTINCT ON (id) * FROM calendars ORDER BY id, version DESC;

-- name: PublishDirectory :one
INSERT INTO directories (organisation, version, body, sha256, published_by) VALUES (@organisation, @version, @body, @sha256, @published_by)
RETURNING published_at;

-- name: NewestDirectory :one
SELECT * FROM directories WHERE organisation = @organisation ORDER BY version DESC LIMIT 1;

-- name: Directory :one
SELECT * FROM directories WHERE organisation = @organisation AND version = @version;

-- name: DirectoryOfText :one
SELECT * FROM directories WHERE organisation = @organisation AND sha256 = @sha256 ORDER BY version DESC LIMIT 1;

-- name: NewestDirectories :many
SELECT DISTINCT ON (organisation) * FROM directories ORDER BY organisation, version DESC;

-- name: ConfigurationStamp :one
-- Changes whenever something was published or an absence entered or ended: a cheap question before loading anew.
SELECT concat_ws('/',
    (SELECT coalesce(max(published_at)::text, '') || ':' || count(*) FROM procedures),
    (SELECT coalesce(max(published_at)::text, '') || ':' || count(*) FROM calendars),
    (SELECT coalesce(max(published_at)::text, '') || ':' || count(*) FROM directories),
    (SELECT coalesce(max(entered_at)::text, '') || ':' || coalesce(sum(extract(epoch FROM ends_at)), 0)::text FROM absences WHERE ends_at > now() - interval '1 day'))::text;

-- name: UnfollowedDirectories :many
-- Directories with versions that were published since what people had by an earlier one moved on.
SELECT d.organisation, coalesce(f.version, 0)::integer AS followed, max(d.version)::integer AS newest, max(d.published_at)::timestamptz AS published_at
FROM directories d LEFT JOIN followed_directories f ON f.organisation = d.organisation
WHERE d.version > coalesce(f.version, 0)
GROUP BY d.organisation, f.version ORDER BY d.organisation;

-- name: FollowDirectory :exec
INSERT INTO followed_directories AS f (organisation, version) VALUES (@organisation, @version)
ON CONFLICT (organisation) DO UPDATE SET version = greatest(f.version, excluded.version);
