-- SMS that came in, and what became of them.
CREATE TABLE heard (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    count INTEGER NOT NULL,
    person BLOB REFERENCES person(id),
    message BLOB REFERENCES message(id)
) STRICT;
CREATE INDEX heard_unit ON heard (unit, at);
CREATE INDEX heard_message ON heard (message) WHERE message IS NOT NULL;
-- What a rule says in Vietnamese: its title, and what to do now.
ALTER TABLE alert ADD COLUMN title_vi TEXT;
ALTER TABLE alert ADD COLUMN advice TEXT;
