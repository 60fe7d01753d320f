-- A seal takes what its transactions wrote, however long they took: by their IDs, not by a clock. And what a verification found
-- and nobody can mend can be accepted.

-- +goose Up
-- Rows from before have none; those that are sealed already are known by their seals. The default applies to new rows only, so
-- that no row is rewritten.
ALTER TABLE writes ADD COLUMN transaction_id bigint;
ALTER TABLE writes ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE seals ADD COLUMN oldest_running bigint; -- writes of earlier transactions are in it, or in one before

CREATE TABLE accepted_findings (
    number      text        COLLATE "C" NOT NULL, -- empty: of a seal
    sequence    integer     NOT NULL,
    finding     text        NOT NULL,
    stands      bytea       NOT NULL, -- a digest of what stands there instead; empty when nothing does
    reason      text        NOT NULL,
    accepted_by text        NOT NULL,
    accepted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (number, sequence, finding, stands)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accepted_findings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE accepted_findings;
ALTER TABLE seals DROP COLUMN oldest_running;
ALTER TABLE writes DROP COLUMN transaction_id;
