-- Which complaints hang together. The complaint that was linked has it in its state as well; the other one, whose workflow knows nothing of it, only here.

-- +goose Up
CREATE TABLE relations (
    number   text        COLLATE "C" NOT NULL, -- was linked
    target   text        COLLATE "C" NOT NULL, -- to this one
    relation text        NOT NULL,             -- what number is to target
    since    timestamptz NOT NULL,
    PRIMARY KEY (number, target, relation)
);
CREATE INDEX relations_of_target ON relations (target);
INSERT INTO relations
SELECT number, data #>> '{step,facts,link,number}', data #>> '{step,facts,link,relation}', at
FROM record WHERE kind = 'step_taken' AND data #>> '{step,name}' = 'link'
ON CONFLICT DO NOTHING;

-- +goose Down
DROP TABLE relations;
