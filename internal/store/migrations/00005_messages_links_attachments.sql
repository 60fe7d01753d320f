-- What leaves the house, and what comes with it.

-- +goose Up
CREATE TABLE messages (
    id          text        PRIMARY KEY, -- known: never sent again
    number      text        COLLATE "C" NOT NULL,
    recipient   text        NOT NULL, -- a person's ID, or "customer"
    template    text        NOT NULL,
    params      jsonb       NOT NULL, -- complaint.Message: coded, the words are made when it is sent
    channel     text        NOT NULL DEFAULT '', -- by which it was sent
    state       text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'handed_over')),
    attempts    integer     NOT NULL DEFAULT 0,
    last_error  text        NOT NULL DEFAULT '', -- no personal data
    queued_at   timestamptz NOT NULL,
    sent_at     timestamptz,
    claim_after timestamptz -- while it is queued: when a worker may take it
) WITH (fillfactor = 85);
CREATE INDEX messages_to_send ON messages (claim_after, id) WHERE claim_after IS NOT NULL;
CREATE INDEX messages_by_number ON messages (number, queued_at, id);
CREATE INDEX messages_undelivered ON messages (queued_at) WHERE state IN ('failed', 'handed_over');

CREATE TABLE links (
    id         uuid        PRIMARY KEY, -- named in the signed token
    number     text        COLLATE "C" NOT NULL,
    purpose    text        NOT NULL, -- "follow", "answer", "rate", "contest", "withdraw", "appeal"
    subject    integer     NOT NULL, -- which proposal revision or callback; 0 for none
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text        NOT NULL DEFAULT ''
);
CREATE INDEX links_by_number ON links (number, issued_at);

CREATE TABLE attachments (
    id         uuid        PRIMARY KEY,
    number     text        COLLATE "C" NOT NULL,
    name       text        NOT NULL,
    media_type text        NOT NULL,
    size       integer     NOT NULL,
    sha256     bytea       NOT NULL,
    content    bytea,
    added_by   text        NOT NULL,
    added_at   timestamptz NOT NULL DEFAULT now(),
    erased_at  timestamptz
);
ALTER TABLE attachments ALTER COLUMN content SET STORAGE EXTERNAL; -- pictures don't compress
CREATE INDEX attachments_by_number ON attachments (number, added_at);

-- +goose Down
DROP TABLE attachments;
DROP TABLE links;
DROP TABLE messages;
