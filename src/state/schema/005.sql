-- Accounts: how a person signs in. Roles are the person's grants.
CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    person BLOB NOT NULL UNIQUE REFERENCES person(id),
    login TEXT NOT NULL UNIQUE,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 2),
    password BLOB,
    second BLOB,
    password_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_unit ON account (unit, login);

-- Who is signed in, by the hash of the token; a secret that was handed out once; what failed.
CREATE TABLE session (
    token BLOB NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    account BLOB NOT NULL REFERENCES account(id),
    form BLOB NOT NULL CHECK (length(form) = 32),
    began INTEGER NOT NULL,
    made INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

CREATE TABLE invitation (
    token BLOB NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    account BLOB NOT NULL REFERENCES account(id),
    ends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
    name TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account_step (
    account BLOB NOT NULL PRIMARY KEY REFERENCES account(id),
    step INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
