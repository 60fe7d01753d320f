-- name: EraseComplaint :execrows
UPDATE complaints SET erased_at = coalesce(erased_at, now()), updated_at = now() WHERE number = @number;

-- name: EraseCustomer :exec
UPDATE customers SET name = '', phone = '', email = '', address = '', reply_to = '',
    search = array_to_tsvector(@search::text[]), erased_at = now(), erased_by = @erased_by
WHERE number = @number AND erased_at IS NULL;

-- name: EraseSubmissions :exec
UPDATE submissions SET body = NULL, salt = NULL, search = NULL, erased_at = now() WHERE number = @number AND erased_at IS NULL;

-- name: EraseKeys :exec
-- A key's hash is over the erased words. The key stays: its repetition must not become a second complaint.
UPDATE idempotency_keys k SET body_hash = '' FROM submissions s WHERE s.number = @number AND k.submission = s.id;

-- name: EraseAttachments :exec
UPDATE attachments SET name = '', content = NULL, sha256 = '', erased_at = now() WHERE number = @number AND erased_at IS NULL;

-- name: EraseCampaignWords :exec
UPDATE campaign_answers SET words = '' WHERE number = @number AND words <> '';

-- name: DrawsOf :many
SELECT draw FROM spot_checks WHERE number = @number;

-- name: EraseFindings :exec
UPDATE spot_checks SET finding = '' WHERE number = @number AND finding <> '';

-- name: EraseCase :exec
DELETE FROM cases WHERE number = @number;

-- name: EraseAnswers :exec
-- The keys stay: their repetition must not bring back what was erased.
UPDATE remembered_answers SET body_hash = '', answer = '' WHERE path = ANY (@paths::text[]) AND status IS NOT NULL;

-- name: RevokeLinks :exec
UPDATE links SET revoked_at = now(), revoked_by = @revoked_by WHERE number = @number AND revoked_at IS NULL;
