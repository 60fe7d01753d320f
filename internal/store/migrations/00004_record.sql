-- The record: what happened, for good.

-- +goose Up
CREATE TABLE record (
    number       text        COLLATE "C" NOT NULL,
    sequence     integer     NOT NULL CHECK (sequence > 0), -- from 1, without gaps
    at           timestamptz NOT NULL,
    by           text        NOT NULL,
    kind         text        NOT NULL,
    deadline     text,       -- with round: whose ledger the row belongs to
    round        integer,
    submission   uuid,       -- whose words belong to it
    words_digest bytea,      -- salted digest of those words; the salt is erased with them
    data         json        NOT NULL, -- complaint.Event. json, not jsonb: the hash is over these very bytes
    hash         bytea       NOT NULL, -- over all columns and the hash of the row before
    PRIMARY KEY (number, sequence)
);

-- One row per write of the workflow: what it wrote is written once, however often it is asked for.
CREATE TABLE writes (
    number         text        COLLATE "C" NOT NULL,
    first_sequence integer     NOT NULL,
    last_sequence  integer     NOT NULL,
    cause          text        NOT NULL,
    content_hash   bytea       NOT NULL,
    submission     uuid,
    head_hash      bytea       NOT NULL,
    written_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (number, first_sequence)
);
CREATE INDEX writes_by_time ON writes (written_at);

-- Now and then all chains that grew are sealed together: their heads, and a hash over them and the seal before. A seal's
-- hash kept elsewhere shows later that a tail, or a whole complaint, was cut off with everything that pointed to it.
CREATE TABLE seals (
    id          bigint      PRIMARY KEY,
    sealed_at   timestamptz NOT NULL,
    through     timestamptz NOT NULL, -- writes before this time are in it
    complaints  integer     NOT NULL,
    hash        bytea       NOT NULL
);
CREATE TABLE sealed_heads (
    seal      bigint  NOT NULL,
    number    text    COLLATE "C" NOT NULL,
    recorded  integer NOT NULL,
    head_hash bytea   NOT NULL,
    PRIMARY KEY (seal, number)
);
CREATE INDEX sealed_heads_by_number ON sealed_heads (number, seal);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON writes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sealed_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE sealed_heads;
DROP TABLE seals;
DROP TABLE writes;
DROP TABLE record;
