-- What an act changed of somebody's coming shift, so that they can be told.
CREATE TABLE shift_change (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    person BLOB NOT NULL REFERENCES person(id),
    act BLOB NOT NULL CHECK (length(act) = 16),
    start INTEGER NOT NULL,
    stands INTEGER NOT NULL
) STRICT;
CREATE INDEX shift_change_start ON shift_change (start);
