-- Files of terms that a unit keeps instead of those that canh carries.
CREATE TABLE setting (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    name TEXT NOT NULL,
    yaml TEXT NOT NULL,
    source TEXT,
    UNIQUE (unit, name)
) STRICT;
