-- What is open is counted every few seconds, however many complaints are closed.

-- +goose NO TRANSACTION

-- +goose Up
SET lock_timeout = 0; -- an index that is made beside the others lets nobody wait
CREATE INDEX CONCURRENTLY IF NOT EXISTS complaints_open ON complaints (stage, tier) INCLUDE (next_due, received_at)
    WHERE closed_at IS NULL AND standing = 'live';
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS complaints_open;
