-- What the database had lost and is to be taken again, until that is done and somebody was told of it.

-- +goose Up
CREATE TABLE brought_back (
    number     text    COLLATE "C" NOT NULL,
    submission uuid    NOT NULL,
    place      integer NOT NULL, -- among the steps that came to the complaint's workflow
    beside     boolean NOT NULL, -- a step of a process beside the complaint, which tells of it by itself
    PRIMARY KEY (number, submission)
);

-- +goose Down
DROP TABLE brought_back;
