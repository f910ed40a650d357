-- The first schema. Instants are nanoseconds since 1970 UTC; 9223372036854775807 is "no end yet".
-- Identities are 16 random bytes. Numbered values are the enums of the headers of this room.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (name, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    at INTEGER NOT NULL,
    received INTEGER NOT NULL,
    clock_back INTEGER NOT NULL,
    person BLOB,
    unit BLOB,
    role INTEGER NOT NULL,
    action TEXT NOT NULL,
    thing TEXT NOT NULL,
    "row" BLOB,
    version INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    content TEXT,
    content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_row ON audit ("row", seq);

-- Units ---------------------------------------------------------------------------------------

CREATE TABLE unit (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    kind TEXT NOT NULL,
    area TEXT, address TEXT, note TEXT,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    CHECK (valid_from < valid_to)
) STRICT;

CREATE TABLE unit_name (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL, name TEXT NOT NULL, short_name TEXT,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    source TEXT,
    CHECK (valid_from < valid_to)
) STRICT;
CREATE INDEX unit_name_unit ON unit_name (unit, valid_from);
CREATE INDEX unit_name_code ON unit_name (code, valid_from);

CREATE TABLE unit_link (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    other BLOB NOT NULL REFERENCES unit(id),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    subject TEXT, source TEXT,
    CHECK (valid_from < valid_to),
    CHECK (unit <> other)
) STRICT;
CREATE INDEX unit_link_unit ON unit_link (unit, kind, valid_from);

-- People --------------------------------------------------------------------------------------

CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL, name TEXT NOT NULL, title TEXT, skills TEXT,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    UNIQUE (unit, code),
    CHECK (valid_from < valid_to)
) STRICT;

CREATE TABLE "grant" (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    person BLOB NOT NULL REFERENCES person(id),
    role INTEGER NOT NULL CHECK (role BETWEEN 1 AND 8),
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    source TEXT,
    CHECK (valid_from < valid_to)
) STRICT;
CREATE INDEX grant_unit ON "grant" (unit, valid_from);
CREATE INDEX grant_person ON "grant" (person, valid_from);

CREATE TABLE contact (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    person BLOB REFERENCES person(id),
    label TEXT,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
    position INTEGER NOT NULL,
    hint TEXT,
    value BLOB,
    proven_at INTEGER NOT NULL,
    proven_how TEXT,
    proven_by BLOB REFERENCES person(id)
) STRICT;
CREATE INDEX contact_unit ON contact (unit, label, position);
CREATE INDEX contact_person ON contact (person, position);

CREATE TABLE leave (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    person BLOB NOT NULL REFERENCES person(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    CHECK (start < stop)
) STRICT;
CREATE INDEX leave_unit ON leave (unit, start);
CREATE INDEX leave_person ON leave (person, start);

-- Assets --------------------------------------------------------------------------------------

CREATE TABLE asset_role (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    code TEXT NOT NULL UNIQUE, name_vi TEXT NOT NULL, name_en TEXT NOT NULL, source TEXT
) STRICT;

CREATE TABLE asset (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, roles TEXT, system TEXT,
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    exposure TEXT,
    owner BLOB REFERENCES person(id),
    provider TEXT, place TEXT, note TEXT,
    node BLOB,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    UNIQUE (unit, code),
    CHECK (valid_from < valid_to)
) STRICT;

-- Duty ----------------------------------------------------------------------------------------

CREATE TABLE post (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    presence INTEGER NOT NULL CHECK (presence BETWEEN 1 AND 2),
    hours TEXT NOT NULL,
    people INTEGER NOT NULL CHECK (people BETWEEN 1 AND 1000),
    zone TEXT NOT NULL,
    mark_minutes INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    note TEXT,
    invented INTEGER NOT NULL,
    UNIQUE (unit, code),
    CHECK (valid_from < valid_to)
) STRICT;

CREATE TABLE coverage (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    other BLOB NOT NULL REFERENCES unit(id),
    other_post BLOB NOT NULL REFERENCES post(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    hours TEXT,
    presence INTEGER NOT NULL CHECK (presence BETWEEN 1 AND 2),
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
    asked_by BLOB REFERENCES person(id),
    accepted_by BLOB REFERENCES person(id),
    asked_at INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    note TEXT,
    CHECK (start < stop),
    CHECK (post <> other_post)
) STRICT;
CREATE INDEX coverage_unit ON coverage (unit, start);
CREATE INDEX coverage_other ON coverage (other, start);
CREATE INDEX coverage_post ON coverage (post, start);
CREATE INDEX coverage_other_post ON coverage (other_post);

CREATE TABLE layer (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    code TEXT NOT NULL, name TEXT,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 2),
    position INTEGER NOT NULL,
    rule TEXT, zone TEXT,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    source TEXT,
    UNIQUE (post, code),
    CHECK (valid_from < valid_to)
) STRICT;
CREATE INDEX layer_unit ON layer (unit, valid_from);

CREATE TABLE turn (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    layer BLOB NOT NULL REFERENCES layer(id),
    person BLOB REFERENCES person(id),
    position INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    CHECK (valid_from < valid_to)
) STRICT;
CREATE INDEX turn_unit ON turn (unit, position);
CREATE INDEX turn_layer ON turn (layer, position);
CREATE INDEX turn_person ON turn (person);

CREATE TABLE roster (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    layer BLOB NOT NULL REFERENCES layer(id),
    person BLOB NOT NULL REFERENCES person(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    shift TEXT,
    position INTEGER NOT NULL,
    CHECK (start < stop)
) STRICT;
CREATE INDEX roster_unit ON roster (unit, start);
CREATE INDEX roster_layer ON roster (layer, start);
CREATE INDEX roster_person ON roster (person, start);

CREATE TABLE swap (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    person BLOB NOT NULL REFERENCES person(id),
    other BLOB NOT NULL REFERENCES person(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    back_start INTEGER NOT NULL,
    back_stop INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
    reason TEXT,
    agreed_by BLOB REFERENCES person(id),
    approved_by BLOB REFERENCES person(id),
    agreed_at INTEGER NOT NULL,
    approved_at INTEGER NOT NULL,
    CHECK (start < stop),
    CHECK (person <> other)
) STRICT;
CREATE INDEX swap_unit ON swap (unit, start);
CREATE INDEX swap_post ON swap (post, start);

CREATE TABLE override (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
    person BLOB NOT NULL REFERENCES person(id),
    other BLOB REFERENCES person(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    reason TEXT NOT NULL,
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    CHECK (start < stop)
) STRICT;
CREATE INDEX override_unit ON override (unit, start);
CREATE INDEX override_post ON override (post, start);

CREATE TABLE shift (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    planned BLOB REFERENCES person(id),
    actual BLOB REFERENCES person(id),
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),
    presence INTEGER NOT NULL CHECK (presence BETWEEN 1 AND 2),
    in_at INTEGER NOT NULL,
    out_at INTEGER NOT NULL,
    in_received INTEGER NOT NULL,
    out_received INTEGER NOT NULL,
    in_how TEXT,
    backfilled INTEGER NOT NULL,
    clock_back INTEGER NOT NULL,
    note TEXT,
    CHECK (start < stop)
) STRICT;
CREATE INDEX shift_unit ON shift (unit, start);
CREATE INDEX shift_post ON shift (post, start);

CREATE TABLE mark (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    shift BLOB NOT NULL REFERENCES shift(id),
    person BLOB REFERENCES person(id),
    at INTEGER NOT NULL,
    how TEXT
) STRICT;
CREATE INDEX mark_unit ON mark (unit, at);
CREATE INDEX mark_shift ON mark (shift, at);

CREATE TABLE line (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    shift BLOB NOT NULL REFERENCES shift(id),
    person BLOB REFERENCES person(id),
    at INTEGER NOT NULL,
    what TEXT NOT NULL, source TEXT, action TEXT, result TEXT,
    corrects BLOB REFERENCES line(id),
    backfilled INTEGER NOT NULL
) STRICT;
CREATE INDEX line_unit ON line (unit, at);
CREATE INDEX line_shift ON line (shift, at);

CREATE TABLE handover (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    post BLOB NOT NULL REFERENCES post(id),
    from_shift BLOB NOT NULL REFERENCES shift(id),
    to_shift BLOB REFERENCES shift(id),
    at INTEGER NOT NULL,
    items TEXT, note TEXT,
    giver BLOB REFERENCES person(id),
    taker BLOB REFERENCES person(id),
    giver_at INTEGER NOT NULL,
    taker_at INTEGER NOT NULL,
    backfilled INTEGER NOT NULL
) STRICT;
CREATE INDEX handover_unit ON handover (unit, at);
CREATE INDEX handover_post ON handover (post, at);

-- Plans ---------------------------------------------------------------------------------------

CREATE TABLE plan (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL UNIQUE,
    number TEXT, title TEXT NOT NULL, basis TEXT,
    issued INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    stop_event TEXT,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
    yaml TEXT,
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    CHECK (start < stop)
) STRICT;
CREATE INDEX plan_unit ON plan (unit, start);

CREATE TABLE clause (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    plan BLOB NOT NULL REFERENCES plan(id),
    number TEXT NOT NULL, text TEXT, note TEXT,
    position INTEGER NOT NULL,
    UNIQUE (plan, number)
) STRICT;
CREATE INDEX clause_unit ON clause (unit, position);
CREATE INDEX clause_plan ON clause (plan, position);

CREATE TABLE phase (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    plan BLOB NOT NULL REFERENCES plan(id),
    code TEXT NOT NULL, name TEXT,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    UNIQUE (plan, code),
    CHECK (start < stop)
) STRICT;
CREATE INDEX phase_unit ON phase (unit, start);

CREATE TABLE obligation (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    plan BLOB NOT NULL REFERENCES plan(id),
    clause BLOB REFERENCES clause(id),
    code TEXT NOT NULL, title TEXT NOT NULL,
    applies TEXT, who TEXT, word TEXT, frequency TEXT, chosen_by TEXT, proof TEXT, lead TEXT,
    origin TEXT, inherits TEXT,
    grace INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    position INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    UNIQUE (plan, code),
    CHECK (start < stop)
) STRICT;
CREATE INDEX obligation_unit ON obligation (unit, position);
CREATE INDEX obligation_plan ON obligation (plan, position);

CREATE TABLE assignment (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    plan BLOB NOT NULL REFERENCES plan(id),
    given_at INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL,
    accepted_by BLOB REFERENCES person(id),
    deputy BLOB REFERENCES person(id),
    confirmed_at INTEGER NOT NULL,
    note TEXT,
    UNIQUE (plan, unit)
) STRICT;
CREATE INDEX assignment_unit ON assignment (unit, given_at);

CREATE TABLE exemption (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    obligation BLOB NOT NULL REFERENCES obligation(id),
    reason TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    CHECK (start < stop)
) STRICT;
CREATE INDEX exemption_unit ON exemption (unit, start);
CREATE INDEX exemption_obligation ON exemption (obligation, start);

CREATE TABLE task (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    obligation BLOB NOT NULL REFERENCES obligation(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
    reason TEXT,
    promised INTEGER NOT NULL,
    person BLOB REFERENCES person(id),
    approved_by BLOB REFERENCES person(id),
    CHECK (start < stop)
) STRICT;
CREATE INDEX task_unit ON task (unit, start);
CREATE UNIQUE INDEX task_obligation ON task (obligation, unit, start);

CREATE TABLE status (
    unit BLOB NOT NULL REFERENCES unit(id),
    obligation BLOB NOT NULL REFERENCES obligation(id),
    computed INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (unit, obligation)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_obligation ON status (obligation);

-- Evidence ------------------------------------------------------------------------------------

CREATE TABLE evidence (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    asset BLOB REFERENCES asset(id),
    kind TEXT NOT NULL, title TEXT, name TEXT, type TEXT,
    sha256 BLOB CHECK (sha256 IS NULL OR length(sha256) = 32),
    size INTEGER NOT NULL,
    method INTEGER NOT NULL CHECK (method BETWEEN 1 AND 3),
    strength INTEGER NOT NULL CHECK (strength BETWEEN 1 AND 3),
    collected INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    origin TEXT,
    source BLOB,
    text TEXT, marking TEXT,
    retain_until INTEGER NOT NULL,
    signer BLOB REFERENCES person(id),
    revises BLOB REFERENCES evidence(id)
) STRICT;
CREATE INDEX evidence_unit ON evidence (unit, collected);
CREATE INDEX evidence_asset ON evidence (asset, collected);
CREATE INDEX evidence_sha256 ON evidence (sha256);

CREATE TABLE proof (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    obligation BLOB NOT NULL REFERENCES obligation(id),
    evidence BLOB NOT NULL REFERENCES evidence(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    collected INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    verdict INTEGER NOT NULL CHECK (verdict BETWEEN 1 AND 3),
    strength INTEGER NOT NULL CHECK (strength BETWEEN 1 AND 3),
    CHECK (start < stop)
) STRICT;
-- Covers every column that the bulk reader wants: it never touches the table.
CREATE INDEX proof_unit ON proof
    (unit, obligation, start, stop, collected, expires, verdict, strength, evidence);
CREATE INDEX proof_obligation ON proof (obligation, start);
CREATE INDEX proof_evidence ON proof (evidence);

-- Checks --------------------------------------------------------------------------------------

CREATE TABLE "check" (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    asset BLOB REFERENCES asset(id),
    code TEXT NOT NULL, name TEXT, kind TEXT NOT NULL, target TEXT NOT NULL, params TEXT,
    every INTEGER NOT NULL,
    timeout INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    UNIQUE (unit, code),
    CHECK (valid_from < valid_to)
) STRICT;
CREATE INDEX check_asset ON "check" (asset);

CREATE TABLE result (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    "check" BLOB NOT NULL REFERENCES "check"(id),
    at INTEGER NOT NULL,
    outcome INTEGER NOT NULL CHECK (outcome BETWEEN 1 AND 4),
    value REAL NOT NULL,
    text TEXT,
    raw_hash BLOB,
    seen_from TEXT,
    took INTEGER NOT NULL
) STRICT;
CREATE INDEX result_unit ON result (unit, at);
CREATE INDEX result_check ON result ("check", at);

CREATE TABLE outage (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    "check" BLOB REFERENCES "check"(id),
    asset BLOB REFERENCES asset(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    seen_from TEXT, cause TEXT, note TEXT,
    planned INTEGER NOT NULL,
    person BLOB REFERENCES person(id),
    CHECK (start <= stop)
) STRICT;
CREATE INDEX outage_unit ON outage (unit, start);
CREATE INDEX outage_check ON outage ("check", start);

CREATE TABLE finding (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    asset BLOB REFERENCES asset(id),
    code TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, detail TEXT,
    severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 4),
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    due INTEGER NOT NULL,
    count INTEGER NOT NULL,
    source BLOB,
    proof BLOB REFERENCES evidence(id),
    fixed_at INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;
CREATE INDEX finding_asset ON finding (asset, first_seen);

CREATE TABLE exception (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    finding BLOB NOT NULL REFERENCES finding(id),
    reason TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    asked_by BLOB REFERENCES person(id),
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    CHECK (start < stop)
) STRICT;
CREATE INDEX exception_unit ON exception (unit, start);
CREATE INDEX exception_finding ON exception (finding, start);

-- Forms ---------------------------------------------------------------------------------------

CREATE TABLE form (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    name TEXT NOT NULL,
    edition INTEGER NOT NULL,
    title TEXT NOT NULL, kinds TEXT, yaml TEXT,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL,
    UNIQUE (name, edition),
    CHECK (valid_from < valid_to)
) STRICT;
CREATE INDEX form_unit ON form (unit, valid_from);

CREATE TABLE submission (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    form BLOB NOT NULL REFERENCES form(id),
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
    person BLOB REFERENCES person(id),
    sent_at INTEGER NOT NULL,
    how TEXT,
    "nothing" INTEGER NOT NULL,
    backfilled INTEGER NOT NULL,
    revises BLOB REFERENCES submission(id),
    approved_by BLOB REFERENCES person(id),
    approved_at INTEGER NOT NULL,
    note TEXT,
    CHECK (start < stop)
) STRICT;
CREATE INDEX submission_unit ON submission (unit, start);
CREATE INDEX submission_form ON submission (form, unit, start);

CREATE TABLE value (
    submission BLOB NOT NULL REFERENCES submission(id),
    field TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
    number REAL NOT NULL,
    number_i INTEGER NOT NULL,
    text TEXT,
    PRIMARY KEY (submission, field, "row")
) STRICT, WITHOUT ROWID;

-- Requests, notices, reviews, orders ----------------------------------------------------------

CREATE TABLE request (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    other BLOB NOT NULL REFERENCES unit(id),
    number TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 2),
    clause TEXT, title TEXT NOT NULL, text TEXT,
    opened INTEGER NOT NULL,
    due INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),
    asker BLOB REFERENCES person(id),
    owner BLOB REFERENCES person(id),
    accepted_at INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL,
    rating INTEGER NOT NULL CHECK (rating BETWEEN 0 AND 5)
) STRICT;
CREATE INDEX request_unit ON request (unit, opened);
CREATE INDEX request_other ON request (other, opened);

CREATE TABLE note (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    other BLOB NOT NULL REFERENCES unit(id),
    request BLOB NOT NULL REFERENCES request(id),
    person BLOB REFERENCES person(id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE INDEX note_unit ON note (unit, at);
CREATE INDEX note_request ON note (request, at);

CREATE TABLE notice (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL, title TEXT NOT NULL, text TEXT, clause TEXT, audience TEXT,
    issued INTEGER NOT NULL,
    due INTEGER NOT NULL,
    attest INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;

CREATE TABLE delivery (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    notice BLOB NOT NULL REFERENCES notice(id),
    sent_at INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    token_hash BLOB UNIQUE CHECK (token_hash IS NULL OR length(token_hash) = 32),
    sheet BLOB REFERENCES evidence(id),
    UNIQUE (notice, unit)
) STRICT;
CREATE INDEX delivery_unit ON delivery (unit, sent_at);

CREATE TABLE ack (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    delivery BLOB NOT NULL REFERENCES delivery(id),
    person BLOB REFERENCES person(id),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 2),
    at INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count > 0),
    how TEXT,
    backfilled INTEGER NOT NULL
) STRICT;
CREATE INDEX ack_unit ON ack (unit, at);
CREATE INDEX ack_delivery ON ack (delivery, at);
-- A person counts once.
CREATE UNIQUE INDEX ack_person ON ack (delivery, person, kind) WHERE person IS NOT NULL;

CREATE TABLE campaign (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    code TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, clause TEXT, questions TEXT,
    start INTEGER NOT NULL,
    due INTEGER NOT NULL,
    lasts INTEGER NOT NULL,
    invented INTEGER NOT NULL,
    UNIQUE (unit, code)
) STRICT;

CREATE TABLE review (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    campaign BLOB NOT NULL REFERENCES campaign(id),
    asset BLOB REFERENCES asset(id),
    state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
    signer BLOB REFERENCES person(id),
    signed_at INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    result TEXT,
    evidence BLOB REFERENCES evidence(id),
    backfilled INTEGER NOT NULL
) STRICT;
CREATE INDEX review_unit ON review (unit, signed_at);
CREATE INDEX review_campaign ON review (campaign, unit);

CREATE TABLE "order" (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    unit BLOB NOT NULL REFERENCES unit(id),
    number TEXT NOT NULL, authority TEXT NOT NULL, basis TEXT,
    received INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),
    done_at INTEGER NOT NULL,
    person BLOB REFERENCES person(id),
    UNIQUE (unit, number)
) STRICT;

-- The roles that the order names (I.4, I.5, I.6); the list is data. -----------------------------

INSERT INTO asset_role (id, version, created, changed, code, name_vi, name_en, source) VALUES
    (x'c0000000000000000000000000000001', 1, 0, 0, 'official-mail', 'Thư điện tử công vụ', 'Official mail', 'I.6'),
    (x'c0000000000000000000000000000002', 1, 0, 0, 'portal', 'Cổng thông tin điện tử', 'Web portal', 'I.6'),
    (x'c0000000000000000000000000000003', 1, 0, 0, 'one-stop', 'Một cửa điện tử', 'One-stop services', 'I.6'),
    (x'c0000000000000000000000000000004', 1, 0, 0, 'data-centre', 'Trung tâm dữ liệu', 'Data centre', 'I.6'),
    (x'c0000000000000000000000000000005', 1, 0, 0, 'core-network', 'Hệ thống mạng trung tâm', 'Core network', 'I.5'),
    (x'c0000000000000000000000000000006', 1, 0, 0, 'server', 'Hệ thống máy chủ', 'Servers', 'I.5'),
    (x'c0000000000000000000000000000007', 1, 0, 0, 'database', 'Cơ sở dữ liệu', 'Databases', 'I.5'),
    (x'c0000000000000000000000000000008', 1, 0, 0, 'users', 'Người dùng', 'Users', 'I.5'),
    (x'c0000000000000000000000000000009', 1, 0, 0, 'firewall', 'Hệ thống tường lửa', 'Firewall', 'I.4'),
    (x'c000000000000000000000000000000a', 1, 0, 0, 'ids', 'Hệ thống phát hiện xâm nhập', 'Intrusion detection', 'I.4'),
    (x'c000000000000000000000000000000b', 1, 0, 0, 'anti-malware', 'Hệ thống phòng chống mã độc', 'Anti-malware', 'I.4'),
    (x'c000000000000000000000000000000c', 1, 0, 0, 'server-os', 'Hệ điều hành máy chủ', 'Server operating system', 'I.4'),
    (x'c000000000000000000000000000000d', 1, 0, 0, 'application', 'Ứng dụng, dịch vụ', 'Applications and services', 'I.4'),
    (x'c000000000000000000000000000000e', 1, 0, 0, 'pc', 'Máy tính cá nhân', 'Personal computers', 'I.1');
