-- +goose NO TRANSACTION

-- +goose Up
CREATE INDEX CONCURRENTLY IF NOT EXISTS writes_by_transaction ON writes (transaction_id);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS writes_by_transaction;
