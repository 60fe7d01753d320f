-- +goose NO TRANSACTION

-- +goose Up
SET lock_timeout = 0; -- an index that is made beside the others lets nobody wait
CREATE INDEX CONCURRENTLY IF NOT EXISTS writes_by_transaction ON writes (transaction_id);
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS writes_by_transaction;
