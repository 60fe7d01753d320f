-- What complaints are handled by: procedures, calendars, and the people of the organisation.

-- +goose Up
-- A published version never changes: running complaints go by it for years.
CREATE TABLE procedures (
    id           text        NOT NULL,
    version      integer     NOT NULL CHECK (version > 0),
    body         text        NOT NULL, -- YAML, as it was published
    sha256       bytea       NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text        NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE calendars (
    id           text        NOT NULL,
    version      integer     NOT NULL CHECK (version > 0),
    body         text        NOT NULL,
    sha256       bytea       NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text        NOT NULL,
    PRIMARY KEY (id, version)
);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd

CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON procedures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON calendars
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One organisation per procedure: its document lists departments, people and duties. The newest version is in force;
-- older ones say who held what when a decision was taken.
CREATE TABLE directories (
    organisation text        NOT NULL,
    version      integer     NOT NULL CHECK (version > 0),
    body         text        NOT NULL,
    sha256       bytea       NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text        NOT NULL,
    PRIMARY KEY (organisation, version)
);

CREATE TABLE absences (
    id         uuid        PRIMARY KEY,
    person     text        NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    entered_by text        NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    CHECK (starts_at < ends_at)
);
CREATE INDEX absences_by_end ON absences (ends_at);
CREATE INDEX absences_by_person ON absences (person, ends_at);

-- +goose Down
DROP TABLE absences;
DROP TABLE directories;
DROP TABLE calendars;
DROP TABLE procedures;
DROP FUNCTION refuse_change();
