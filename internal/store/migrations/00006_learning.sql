-- What the organisation learns from: case library, spot checks, satisfaction campaigns.

-- +goose Up
CREATE TABLE cases (
    number      text        COLLATE "C" PRIMARY KEY,
    category    text        NOT NULL,
    title       text        NOT NULL,
    body        text        NOT NULL, -- written up without personal data
    drafted_by  text        NOT NULL,
    drafted_at  timestamptz NOT NULL DEFAULT now(),
    reported_at timestamptz
);
CREATE INDEX cases_newest ON cases (drafted_at DESC, number DESC);

CREATE TABLE spot_checks (
    draw       uuid        NOT NULL,
    number     text        COLLATE "C" NOT NULL,
    drawn_by   text        NOT NULL,
    drawn_at   timestamptz NOT NULL DEFAULT now(),
    finding    text        NOT NULL DEFAULT '',
    checked_by text        NOT NULL DEFAULT '',
    checked_at timestamptz,
    PRIMARY KEY (draw, number)
);
CREATE INDEX spot_checks_newest ON spot_checks (drawn_at DESC, draw, number);

CREATE TABLE campaigns (
    id         uuid        PRIMARY KEY,
    procedure  text        NOT NULL,
    name       text        NOT NULL,
    started_by text        NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    closes_at  timestamptz NOT NULL
);
CREATE TABLE campaign_answers (
    campaign     uuid NOT NULL REFERENCES campaigns,
    number       text COLLATE "C" NOT NULL, -- through which complaint the customer is known
    satisfaction text NOT NULL DEFAULT '',
    answered_at  timestamptz,
    PRIMARY KEY (campaign, number)
);

-- +goose Down
DROP TABLE campaign_answers;
DROP TABLE campaigns;
DROP TABLE spot_checks;
DROP TABLE cases;
