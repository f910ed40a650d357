-- Sources of events, alerts as the desk sees them, and how far the journal has been taken in.
CREATE TABLE source (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    asset BLOB REFERENCES asset(id),
    code TEXT NOT NULL,
    name TEXT,
    kind TEXT NOT NULL,
    paths TEXT,
    address TEXT,
    key_hash BLOB,
    product TEXT, service TEXT,
    zone INTEGER NOT NULL,
    back INTEGER NOT NULL,
    rhythm INTEGER NOT NULL,
    valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;
CREATE INDEX source_asset ON source (asset);

CREATE TABLE suppression (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL,
    rule TEXT, field TEXT, value TEXT,
    reason TEXT NOT NULL,
    owner BLOB REFERENCES person(id),
    start INTEGER NOT NULL, stop INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;

CREATE TABLE alert (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    asset BLOB REFERENCES asset(id),
    source BLOB REFERENCES source(id),
    code TEXT NOT NULL,
    rule TEXT NOT NULL,
    title TEXT NOT NULL,
    level INTEGER NOT NULL,
    state INTEGER NOT NULL,
    about TEXT,
    host TEXT, user TEXT, address TEXT,
    start INTEGER NOT NULL,
    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
    count INTEGER NOT NULL,
    event TEXT,
    stream TEXT,
    history INTEGER NOT NULL,
    suppression BLOB REFERENCES suppression(id),
    seen_at INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;
CREATE INDEX alert_unit ON alert (unit, first_seen);
CREATE INDEX alert_source ON alert (source, first_seen);

CREATE TABLE alert_ack (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    alert BLOB NOT NULL REFERENCES alert(id),
    person BLOB REFERENCES person(id),
    login TEXT,
    at INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    note TEXT
) STRICT;
CREATE INDEX alert_ack_alert ON alert_ack (alert, at);

CREATE TABLE consumed (
    consumer TEXT NOT NULL PRIMARY KEY,
    "offset" INTEGER NOT NULL
) STRICT;
