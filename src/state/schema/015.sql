-- Who was told that a shift is not stood, when and by whom.
CREATE TABLE telling (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    start INTEGER NOT NULL,
    told BLOB NOT NULL REFERENCES person(id),
    person BLOB REFERENCES person(id),
    at INTEGER NOT NULL,
    how TEXT
) STRICT;
CREATE INDEX telling_unit ON telling (unit, at);
CREATE INDEX telling_post ON telling (post, at);
