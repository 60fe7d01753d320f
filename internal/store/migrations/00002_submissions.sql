-- What people sent, stored before anything is asked of Temporal.

-- +goose Up
CREATE TABLE submissions (
    id                uuid        PRIMARY KEY, -- version 7; also the ID of the update that carries the step
    number            text        COLLATE "C" NOT NULL,
    step              text        NOT NULL,
    actor             text        NOT NULL,
    actor_roles       text[]      NOT NULL,
    actor_department  text        NOT NULL,
    expected_revision integer     NOT NULL DEFAULT 0,
    -- The words and the personal data, as they came. json, not jsonb: the digest in the record is over these very bytes.
    body              json,
    salt              bytea,
    words_digest      bytea       NOT NULL,
    facts             jsonb       NOT NULL, -- coded: complaint.Facts
    stored_at         timestamptz NOT NULL,
    state             text        NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'refused')),
    answer            jsonb, -- complaint.Result of an accepted step, complaint.Refusal of a refused one
    -- Set only for a registration that no workflow has taken yet: from then on the relay starts it.
    relay_after       timestamptz,
    erased_at         timestamptz
) WITH (fillfactor = 85); -- room for the answer beside the row, which then touches no index
CREATE INDEX submissions_by_number ON submissions (number, stored_at);
CREATE INDEX submissions_to_relay ON submissions (relay_after) WHERE relay_after IS NOT NULL;

-- Which submission an idempotency key stands for now. A refused or unanswered one loses its key to the next.
CREATE TABLE idempotency_keys (
    actor      text  NOT NULL,
    key        text  NOT NULL,
    submission uuid  NOT NULL,
    body_hash  bytea NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_by_submission ON idempotency_keys (submission); -- for erasure

-- The last number given out. It counts without gaps: a missing complaint shows.
CREATE TABLE number_sequences (
    procedure text    NOT NULL,
    year      integer NOT NULL,
    last      integer NOT NULL,
    before    text    NOT NULL, -- how a number is written around and with its sequence
    width     integer NOT NULL,
    after     text    NOT NULL,
    PRIMARY KEY (procedure, year)
);

-- +goose Down
DROP TABLE number_sequences;
DROP TABLE idempotency_keys;
DROP TABLE submissions;
