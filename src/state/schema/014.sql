-- A call names what it is for: an alert, or another matter. Both tables are made anew. Who read a case.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE call_before AS SELECT * FROM call;
CREATE TABLE message_before AS SELECT * FROM message;
DROP TABLE message;
DROP TABLE call;
CREATE TABLE call (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    matter INTEGER NOT NULL,
    thing BLOB NOT NULL UNIQUE,
    level INTEGER NOT NULL,
    title TEXT NOT NULL,
    state INTEGER NOT NULL,
    step INTEGER NOT NULL,
    round INTEGER NOT NULL,
    began INTEGER NOT NULL,
    due INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    answerer BLOB REFERENCES person(id)
) STRICT;
CREATE INDEX call_due ON call (due) WHERE state < 3;
CREATE INDEX call_matter ON call (matter, began) WHERE matter > 1 AND state < 4;
INSERT INTO call SELECT id, version, created, changed, unit, 1, alert, level, title, state, step, round,
    began, due, answered_at, NULL FROM call_before;
CREATE TABLE message (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    call BLOB NOT NULL REFERENCES call(id),
    person BLOB REFERENCES person(id),
    contact BLOB REFERENCES contact(id),
    channel INTEGER NOT NULL,
    level INTEGER NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    count INTEGER NOT NULL,
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    due INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    reason TEXT,
    carrier BLOB REFERENCES message(id)
) STRICT;
CREATE INDEX message_call ON message (call, created);
CREATE INDEX message_due ON message (due) WHERE state = 1;
CREATE INDEX message_handed ON message (state) WHERE state = 2;
CREATE INDEX message_carrier ON message (carrier) WHERE carrier IS NOT NULL;
CREATE INDEX message_person ON message (person, channel, created);
CREATE INDEX message_code ON message (code, created);
INSERT INTO message SELECT * FROM message_before;
DROP TABLE message_before;
DROP TABLE call_before;

CREATE TABLE case_reading (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    incident BLOB NOT NULL REFERENCES "case"(id),
    person BLOB REFERENCES person(id),
    login TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX case_reading_case ON case_reading (incident, at);
