-- Calls of people: who is called for what, step by step, and the messages that go out for it.
CREATE TABLE call (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    alert BLOB NOT NULL UNIQUE REFERENCES alert(id),
    level INTEGER NOT NULL,
    title TEXT NOT NULL,
    state INTEGER NOT NULL,
    step INTEGER NOT NULL,
    round INTEGER NOT NULL,
    began INTEGER NOT NULL,
    due INTEGER NOT NULL,
    answered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX call_due ON call (due) WHERE state < 3;

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

CREATE TABLE awake (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    person BLOB NOT NULL REFERENCES person(id),
    start INTEGER NOT NULL, stop INTEGER NOT NULL
) STRICT;
CREATE INDEX awake_person ON awake (person, stop);
