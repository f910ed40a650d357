-- Cases: what happened, what was done about it, what is still to be done.
CREATE TABLE "case" (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    number TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    class TEXT NOT NULL,
    level INTEGER NOT NULL,
    state INTEGER NOT NULL,
    tlp INTEGER NOT NULL,
    t0 INTEGER NOT NULL,
    t0_data INTEGER NOT NULL,
    system TEXT, system_level INTEGER NOT NULL,
    what TEXT, cause TEXT, remedy TEXT, support TEXT,
    owner BLOB REFERENCES person(id),
    opened INTEGER NOT NULL,
    closed_at INTEGER NOT NULL, closed_recorded INTEGER NOT NULL,
    merged BLOB REFERENCES "case"(id)
) STRICT;
CREATE INDEX case_unit ON "case" (unit, opened);
CREATE INDEX case_state ON "case" (state, opened DESC, id);

CREATE TABLE case_line (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    incident BLOB NOT NULL REFERENCES "case"(id),
    person BLOB REFERENCES person(id),
    login TEXT,
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    what TEXT,
    value TEXT,
    text TEXT,
    source TEXT,
    alert BLOB REFERENCES alert(id),
    evidence BLOB REFERENCES evidence(id)
) STRICT;
CREATE INDEX case_line_case ON case_line (incident, at);
CREATE INDEX case_line_alert ON case_line (alert) WHERE alert IS NOT NULL;

CREATE TABLE case_task (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    incident BLOB NOT NULL REFERENCES "case"(id),
    text TEXT NOT NULL,
    owner BLOB REFERENCES person(id),
    due INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    result TEXT
) STRICT;
CREATE INDEX case_task_case ON case_task (incident, created);
