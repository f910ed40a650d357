-- Work that was announced: what an asset says meanwhile is kept, marked, and sent to nobody.
CREATE TABLE maintenance (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL,
    asset BLOB REFERENCES asset(id),
    reason TEXT NOT NULL,
    owner BLOB REFERENCES person(id),
    start INTEGER NOT NULL, stop INTEGER NOT NULL,
    repeat TEXT,
    until INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;
ALTER TABLE alert ADD COLUMN maintenance BLOB REFERENCES maintenance(id);
