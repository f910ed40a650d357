-- What members of a response team say of themselves: that they cannot come, and until when.
CREATE TABLE availability (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    person BLOB NOT NULL REFERENCES person(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL CHECK (stop > start),
    away INTEGER NOT NULL,
    note TEXT
) STRICT;
CREATE INDEX availability_unit ON availability (unit, start);
CREATE INDEX availability_person ON availability (person, start);
