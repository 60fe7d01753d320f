-- Up to which version of an organisation's directory what people had by an earlier one has moved on. What there is already counts
-- as followed: whoever left before is replaced with the next step or rung.

-- +goose Up
CREATE TABLE followed_directories (
    organisation text    PRIMARY KEY,
    version      integer NOT NULL
);
INSERT INTO followed_directories (organisation, version) SELECT organisation, max(version) FROM directories GROUP BY organisation;

-- +goose Down
DROP TABLE followed_directories;
