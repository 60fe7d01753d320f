-- What of a complaint's record its workflow is known to have, and when it is to ring next: by this what the workflow lost is
-- found and brought to it again.

-- +goose Up
CREATE TABLE confirmations (
    number     text        COLLATE "C" PRIMARY KEY,
    recorded   integer     NOT NULL, -- rows of the record after the last write
    submission uuid,                 -- that the last write answers: its workflow has the write once it has answered
    ask_after  timestamptz,          -- from then on the workflow is asked whether it has the last write; null once it is known to
    next_rung  timestamptz,          -- when the next rung is due, if any is
    over       boolean     NOT NULL  -- nothing can happen to it any more
) WITH (fillfactor = 70);
CREATE INDEX confirmations_to_ask ON confirmations (ask_after) WHERE ask_after IS NOT NULL;
CREATE INDEX confirmations_by_rung ON confirmations (next_rung) WHERE next_rung IS NOT NULL;

-- What was recorded before is asked for once.
INSERT INTO confirmations (number, recorded, ask_after, over)
SELECT number, recorded, now(), coalesce((state ->> 'ended')::boolean, false) FROM complaints WHERE standing = 'live';

-- +goose Down
DROP TABLE confirmations;
