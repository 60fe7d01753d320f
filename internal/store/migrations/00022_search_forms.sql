-- By which form of words (searchtext.Form) a complaint is found: those of an earlier one are made anew by the programs.

-- +goose NO TRANSACTION

-- +goose Up
ALTER TABLE customers ADD COLUMN IF NOT EXISTS search_form integer NOT NULL DEFAULT 0;
SET lock_timeout = 0; -- an index that is made beside the others lets nobody wait
CREATE INDEX CONCURRENTLY IF NOT EXISTS customers_by_search_form ON customers (search_form, number) WHERE erased_at IS NULL;
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS customers_by_search_form;
ALTER TABLE customers DROP COLUMN IF EXISTS search_form;
