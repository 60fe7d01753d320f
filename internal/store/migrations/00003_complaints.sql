-- The read model: what lists, inboxes and pages show. It is written in the same transaction as the record it follows from.

-- +goose Up
CREATE TABLE complaints (
    number            text        COLLATE "C" PRIMARY KEY,
    procedure         text        NOT NULL,
    procedure_version integer     NOT NULL,
    year              integer,
    serial            integer,     -- within procedure and year
    registration      uuid,        -- the submission that registered it
    -- pending: stored, not yet taken up by a workflow; live: has a record; refused: the workflow refused to register it.
    standing          text        NOT NULL CHECK (standing IN ('pending', 'live', 'refused')),
    stage             text        NOT NULL,
    stage_since       timestamptz NOT NULL,
    revision          integer     NOT NULL,
    recorded          integer     NOT NULL, -- rows of the record
    head_hash         bytea,                -- hash of the last of them
    department        text        NOT NULL,
    agent             text        NOT NULL,
    owner             text        NOT NULL,
    handler           text        NOT NULL,
    registered_by     text        NOT NULL,
    participants      text[]      NOT NULL, -- whoever has or had a part in it
    subjects          text[]      NOT NULL, -- never see it
    seen_by           text[]      NOT NULL, -- when not empty, nobody else sees it
    kind              text        NOT NULL,
    category          text        NOT NULL,
    severity          text        NOT NULL,
    channel           text        NOT NULL,
    tier              integer     NOT NULL,
    next_due          timestamptz,
    next_deadline     text        NOT NULL,
    suspended_until   timestamptz,
    open_matters      integer     NOT NULL,
    received_at       timestamptz NOT NULL,
    closed_at         timestamptz,
    outcome           text        NOT NULL,
    satisfaction      text        NOT NULL,
    state             jsonb       NOT NULL, -- complaint.Complaint
    updated_at        timestamptz NOT NULL,
    erased_at         timestamptz,
    UNIQUE (procedure, year, serial)
) WITH (fillfactor = 80);
CREATE INDEX complaints_newest ON complaints (received_at DESC, number DESC);
CREATE INDEX complaints_by_stage ON complaints (stage, received_at DESC, number DESC);
CREATE INDEX complaints_by_department ON complaints (department, received_at DESC, number DESC);
CREATE INDEX complaints_by_handler ON complaints (handler, received_at DESC, number DESC) WHERE handler <> '';
CREATE INDEX complaints_by_owner ON complaints (owner, received_at DESC, number DESC) WHERE owner <> '';
CREATE INDEX complaints_by_procedure ON complaints (procedure, received_at DESC, number DESC);
CREATE INDEX complaints_by_category ON complaints (category, received_at DESC, number DESC);
CREATE INDEX complaints_by_participant ON complaints USING gin (participants) WITH (fastupdate = off);
CREATE INDEX complaints_grave ON complaints (severity, received_at DESC, number DESC) WHERE severity <> 'normal';
CREATE INDEX complaints_escalated ON complaints (received_at DESC, number DESC) WHERE tier > 0;
CREATE INDEX complaints_due ON complaints (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX complaints_suspended ON complaints (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX complaints_with_matters ON complaints (number) WHERE open_matters > 0;
CREATE INDEX complaints_changed ON complaints (updated_at);

-- Personal data of the complainant, apart, so that it can be erased.
CREATE TABLE customers (
    number     text     COLLATE "C" PRIMARY KEY,
    name       text     NOT NULL,
    phone      text     NOT NULL,
    email      text     NOT NULL,
    address    text     NOT NULL,
    language   text     NOT NULL,
    reply_to   text     NOT NULL, -- another way to reach them, in their words
    search     tsvector NOT NULL, -- words of number, name, phone, fields: see searchtext.go
    erased_at  timestamptz,
    erased_by  text
);
CREATE INDEX customers_search ON customers USING gin (search);

CREATE TABLE clocks (
    number     text        COLLATE "C" NOT NULL,
    name       text        NOT NULL,
    round      integer     NOT NULL,
    within     text        NOT NULL,
    calendar   text        NOT NULL,
    started_at timestamptz NOT NULL,
    due_at     timestamptz NOT NULL,
    state      text        NOT NULL,
    ended_at   timestamptz,
    lapsed_at  timestamptz,
    paused_at  timestamptz,
    tier       integer     NOT NULL,
    department text        NOT NULL, -- in charge when it last changed
    handler    text        NOT NULL,
    PRIMARY KEY (number, name, round)
) WITH (fillfactor = 85);
CREATE INDEX clocks_started ON clocks (started_at);
CREATE INDEX clocks_lapsed ON clocks (lapsed_at) WHERE lapsed_at IS NOT NULL;

CREATE TABLE tasks (
    number text        COLLATE "C" NOT NULL,
    kind   text        NOT NULL,
    person text        NOT NULL, -- '' when whoever holds the role may do it
    role   text        NOT NULL,
    detail text        NOT NULL,
    due    timestamptz NOT NULL, -- the end of the year 9999 when no deadline waits for it
    since  timestamptz NOT NULL,
    PRIMARY KEY (number, kind, person, role, detail)
);
CREATE INDEX tasks_by_person ON tasks (person, due, number, kind, role, detail);
CREATE INDEX tasks_by_role ON tasks (role, due, number, kind, detail) WHERE person = '';

CREATE TABLE sides (
    number    text        COLLATE "C" NOT NULL,
    kind      text        NOT NULL,
    id        text        NOT NULL,
    state     text        NOT NULL, -- the step it waits for; "done" at its end
    person    text        NOT NULL, -- whose step that is
    due       timestamptz,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (number, kind, id)
);
CREATE INDEX sides_by_person ON sides (person, due) WHERE state <> 'done';

CREATE VIEW open_matters AS
SELECT c.number, c.procedure, c.department, c.owner, c.handler, c.subjects, c.seen_by, c.participants,
       (m ->> 'number')::integer     AS matter,
       m ->> 'kind'                  AS kind,
       (m ->> 'until')::timestamptz  AS until,
       m ->> 'by'                    AS by,
       coalesce((m ->> 'active')::boolean, false) AS active
FROM complaints c, jsonb_array_elements(c.state -> 'matters') m
WHERE c.open_matters > 0 AND NOT coalesce((m ->> 'over')::boolean, false);

-- +goose Down
DROP VIEW open_matters;
DROP TABLE sides;
DROP TABLE tasks;
DROP TABLE clocks;
DROP TABLE customers;
DROP TABLE complaints;
