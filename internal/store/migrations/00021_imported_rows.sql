-- A row of an imported file is one complaint, whoever sends it: its key is looked for without the person.

-- +goose NO TRANSACTION

-- +goose Up
SET lock_timeout = 0; -- an index that is made beside the others lets nobody wait
CREATE INDEX CONCURRENTLY IF NOT EXISTS idempotency_keys_of_rows ON idempotency_keys (key) WHERE key LIKE 'import/%';
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS idempotency_keys_of_rows;
