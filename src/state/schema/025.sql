-- What a text of a case said before somebody changed it.
CREATE TABLE case_text (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    incident BLOB NOT NULL REFERENCES "case"(id),
    person BLOB REFERENCES person(id),
    login TEXT,
    at INTEGER NOT NULL,
    field INTEGER NOT NULL,
    text TEXT
) STRICT;
CREATE INDEX case_text_case ON case_text (incident, at);
