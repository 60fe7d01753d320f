-- What comes round by itself: spot checks and campaigns of a period are drawn once, and the drawn customers are asked.

-- +goose Up
CREATE TABLE spot_check_draws (
    draw          uuid        PRIMARY KEY, -- of a period's own draw: always the same, so that the period is drawn once
    procedure     text        NOT NULL,
    received_from timestamptz NOT NULL,
    received_to   timestamptz NOT NULL
);

ALTER TABLE campaigns ADD COLUMN kind text NOT NULL DEFAULT ''; -- which of the procedure's campaigns; empty: started by hand
ALTER TABLE campaign_answers
    ADD COLUMN asked_at timestamptz, -- when a message with a link was queued; NULL: there was no address
    ADD COLUMN words    text NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN campaign uuid REFERENCES campaigns; -- whose question a "rate" link answers; NULL: a callback's

-- +goose Down
ALTER TABLE links DROP COLUMN campaign;
ALTER TABLE campaign_answers DROP COLUMN words, DROP COLUMN asked_at;
ALTER TABLE campaigns DROP COLUMN kind;
DROP TABLE spot_check_draws;
