-- Answers to what is posted beside the steps, so that a repeated idempotency key gets the first answer. Steps and registrations
-- have theirs with their submissions.

-- +goose Up
CREATE TABLE remembered_answers (
    actor        text        NOT NULL,
    key          text        NOT NULL,
    path         text        NOT NULL, -- what was posted to
    body_hash    bytea       NOT NULL, -- over path and body; empty once erased: no body has it
    claim        uuid        NOT NULL, -- who answers, or did
    status       integer,              -- of HTTP; NULL while it is being answered
    content_type text        NOT NULL DEFAULT '',
    answer       bytea       NOT NULL DEFAULT '',
    at           timestamptz NOT NULL DEFAULT now(), -- claimed or answered
    PRIMARY KEY (actor, key)
);
CREATE INDEX remembered_answers_oldest ON remembered_answers (at);
CREATE INDEX remembered_answers_by_path ON remembered_answers (path); -- for erasure

-- +goose Down
DROP TABLE remembered_answers;
