/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The chain: whole after everything the room does, broken by anything else. */
#include "err_words.h"
#include "rows.h"

static struct rows rows;

static struct state_audit_report verify(struct world *w, int want, const char *what)
{
    struct state_audit_report rep;
    struct err err = ERR_INIT;
    int r = state_audit_verify(w->s, NULL, &rep, &err);

    if (!ok(r == want, "%s: %s", what, error_kind(LANG_EN, r)))
        tap_note("%s", err_words(&err));
    return rep;
}

/* What somebody with the file and a SQL tool does; -1 when the database refuses. */
static void tamper(struct world *w, const char *sql)
{
    struct err err = ERR_INIT;

    must(db_exec(w->s->db, sql, &err), &err, sql);
}

static void test_whole(void)
{
    struct world w;
    struct state_audit_report rep;
    struct state_roster *r = rows_at(&rows, E_ROSTER);
    struct err err = ERR_INIT;

    world_open(&w);
    verify(&w, 0, "a young chain holds");
    rows_fill(&w, &rows);
    rep = verify(&w, 0, "one of everything");
    ok(rep.entries > 60 && rep.rows > 50 && rep.changed == 0 && rep.broken_at == 0,
       "entries and rows are counted");
    is_int(state_roster_drop(w.s, &w.local, r->id, r->version, &err), 0, "a dropped row");
    verify(&w, 0, "is accounted for");
    world_reopen(&w, STATE_READ);
    verify(&w, 0, "a reader may verify");
    world_close(&w);
}

/* Entries of version 1, which say nothing of the machine, and of version 2 are one chain. */
static void test_versions(void)
{
    static const char *const cases[] = {"login = 'ai'",  "account = 'ai'", "uid = 0",   /* of 1 */
                                        "uid = uid + 1", "host = 'x'",     "uid = -1"}; /* of 2 */
    const struct state_identity none = {.uid = -1};
    struct state_audit_head first = {.seq = 0};
    struct state_audit_report rep;
    struct state_identity here;
    struct err err = ERR_INIT;
    struct world w;
    char sql[100];

    world_open(&w);
    here = w.s->identity;
    ok(here.uid == (int64_t)getuid() && here.host[0] != 0, "who is at the machine");
    w.s->identity = none;
    (void)world_unit(&w, "CU", "Đơn vị cũ", "authority", w.root);
    must(state_audit_head(w.s, &first, &err), &err, "head");
    w.s->identity = here;
    rows_fill(&w, &rows);
    rep = verify(&w, 0, "both versions");
    ok(rep.nameless > 0 && rep.nameless < rep.entries, "are counted apart (%lld of %lld)",
       (long long)rep.nameless, (long long)rep.entries);
    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        int64_t seq = first.seq + (i < 3 ? 0 : 5);

        (void)snprintf(sql, sizeof(sql), "UPDATE audit SET %s WHERE seq = %lld", cases[i],
                       (long long)seq);
        tamper(&w, "SAVEPOINT x");
        tamper(&w, sql);
        rep = verify(&w, -CE_CORRUPT, sql);
        ok(rep.broken_at == seq, "breaks there");
        tamper(&w, "ROLLBACK TO x");
        tamper(&w, "RELEASE x");
    }
    verify(&w, 0, "as it was");
    world_close(&w);
}

static struct identity_texts texts(int64_t uid, const char *login, const char *sudo,
                                   const char *account)
{
    return (struct identity_texts){uid, slice_str(login), slice_str(sudo), slice_str(account)};
}

static void test_hands(void)
{
    static const struct {
        struct {
            int64_t uid;
            const char *login, *sudo, *account;
        } a, b;
        bool same;
        const char *what;
    } cases[] = {
        {{1000, "an", "", ""}, {1000, "an", "", ""}, true, "one user"},
        {{1000, "an", "", ""}, {1001, "binh", "", ""}, false, "two users"},
        {{1000, "an", "", ""}, {0, "an", "an", ""}, true, "the same one through sudo"},
        {{0, "root", "an", ""}, {0, "root", "binh", ""}, false, "two through sudo"},
        {{998, "", "", "an"}, {998, "", "", "binh"}, false, "two accounts of one console"},
        {{998, "", "", "an"}, {998, "", "", "an"}, true, "one account"},
        {{998, "", "", "an"}, {1000, "an", "", ""}, false, "an account and a user"},
        {{1000, "", "", ""}, {1000, "", "", ""}, true, "one user without a name"},
        {{-1, "", "", ""}, {1000, "an", "", ""}, true, "not recorded"},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct identity_texts a =
            texts(cases[i].a.uid, cases[i].a.login, cases[i].a.sudo, cases[i].a.account);
        struct identity_texts b =
            texts(cases[i].b.uid, cases[i].b.login, cases[i].b.sudo, cases[i].b.account);

        ok(identity_same(&a, &b) == cases[i].same && identity_same(&b, &a) == cases[i].same, "%s",
           cases[i].what);
    }
}

static void test_tampering(void)
{
    static const struct {
        const char *sql, *what;
    } cases[] = {
        {"UPDATE audit SET at = at + 1 WHERE seq = 5", "a time moved"},
        {"UPDATE audit SET person = x'000102030405060708090a0b0c0d0e0f' WHERE seq = 5",
         "another person"},
        {"UPDATE audit SET content = replace(content, 'XA-A', 'XA-Z') WHERE content LIKE '%XA-A%'",
         "content changed"},
        {"DELETE FROM audit WHERE seq = 7", "an entry cut out"},
        {"UPDATE audit SET purpose = 'khác' WHERE seq = 3", "another purpose"},
        {"UPDATE audit SET seq = seq + 1000 WHERE seq > 20", "a gap"},
        {"UPDATE audit SET seq = 9999 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6;"
         "UPDATE audit SET seq = 6 WHERE seq = 9999",
         "two entries in the other order"},
        {"DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
         "the last entry cut off, its row still there"},
        {"DELETE FROM audit WHERE seq > 10", "the tail cut off, its rows still there"},
        {"UPDATE post SET name = 'Đổi tên'", "a row changed beside the room"},
        {"UPDATE line SET what = 'Sửa lại'", "a log line rewritten"},
        {"UPDATE mark SET created = created - 1000", "a received time moved"},
        {"UPDATE handover SET taker_at = 5", "a signature put in"},
        {"DELETE FROM proof", "a proof deleted"},
        {"UPDATE person SET version = 7", "a version moved"},
        {"INSERT INTO clause (id, version, created, changed, unit, plan, number, position)"
         " SELECT x'00000000000000000000000000000bad', 1, 1, 1, unit, id, 'II.9', 1 FROM plan",
         "a row put in"},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct world w;

        world_open(&w);
        rows_fill(&w, &rows);
        tamper(&w, cases[i].sql);
        verify(&w, -CE_CORRUPT, cases[i].what);
        world_close(&w);
    }
}

static void test_values(void)
{
    struct world w;
    struct state_submission x;
    struct state_value v[] = {
        {.field = SLICE("sites_down"), .kind = STATE_VALUE_NUMBER, .number = 3},
        {.field = SLICE("note"), .kind = STATE_VALUE_NOTHING},
    };
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows);
    x = *(struct state_submission *)rows_at(&rows, E_SUBMISSION);
    x.state = STATE_SUBMISSION_SENT;
    is_int(state_submission_put_all(w.s, &w.local, &x, v, CANH_LEN(v), &err), 0, "values sent");
    verify(&w, 0, "the chain knows them");
    tamper(&w, "UPDATE value SET number = 0 WHERE field = 'sites_down'");
    verify(&w, -CE_CORRUPT, "a value changed beside the room");
    world_close(&w);
}

static void test_head(void)
{
    struct world w;
    struct state_audit_head head, later;
    struct state_audit_report rep;
    struct err err = ERR_INIT;

    world_open(&w);
    is_int(state_audit_head(w.s, &head, &err), 0, "the head, printed");
    world_unit(&w, "X", "Đơn vị thử", "agency", w.root);
    is_int(state_audit_head(w.s, &later, &err), 0, "a later head");
    ok(later.seq > head.seq, "is later");
    is_int(state_audit_verify(w.s, &head, &rep, &err), 0, "the old head is in the chain");
    is_int(state_audit_verify(w.s, &later, &rep, &err), 0, "and so is the new one");
    later.hash[0] ^= 1;
    is_int(state_audit_verify(w.s, &later, &rep, &err), -CE_CORRUPT, "a forged one is not");
    later.hash[0] ^= 1;
    tamper(&w, "PRAGMA foreign_keys = OFF");
    tamper(&w, "DELETE FROM unit_link WHERE unit IN (SELECT unit FROM unit_name WHERE code = 'X')");
    tamper(&w, "DELETE FROM unit WHERE id IN (SELECT unit FROM unit_name WHERE code = 'X')");
    tamper(&w, "DELETE FROM unit_name WHERE code = 'X'");
    tamper(&w, "DELETE FROM audit WHERE seq > 27");
    tamper(&w, "DELETE FROM audit WHERE seq > (SELECT max(seq) - 1 FROM audit)");
    ok(state_audit_verify(w.s, &later, &rep, &err) == -CE_CORRUPT, "a tail cut off is seen");
    world_close(&w);
}

static void test_erase(void)
{
    struct world w;
    struct state_actor head;
    struct state_audit_report rep;
    struct err err = ERR_INIT;
    int64_t n = 0;

    world_open(&w);
    head = actor(w.person_a, w.commune_a, STATE_HEAD);
    w.now = T0 + 400 * TIME_DAY;
    world_unit(&w, "X", "Đơn vị thử", "agency", w.root);
    is_int(state_audit_erase(w.s, &head, T0 + TIME_DAY, &n, &err), -CE_DENIED,
           "a head erases none");
    is_int(state_audit_erase(w.s, &w.local, T0 + TIME_DAY, &n, &err), 0, "retention does");
    ok(n > 10, "the old content is gone");
    rep = verify(&w, 0, "and the chain still holds");
    is_int(rep.erased, n, "what was erased is counted");
    world_close(&w);
}

static void test_clock(void)
{
    struct world w;
    struct db_stmt *st = NULL;
    int64_t received = 0, seq = 0, flagged = 0;
    bool sorted = true;

    world_open(&w);
    w.now = T0 - 10 * TIME_DAY;
    world_unit(&w, "X", "Đơn vị thử", "agency", w.root);
    w.now = T0 + TIME_DAY;
    world_unit(&w, "Y", "Đơn vị thử", "agency", w.root);
    verify(&w, 0, "a clock set back breaks nothing");
    if (state_stmt(w.s, SQL_AUDIT_FROM, &st, NULL) == 0) {
        db_bind_int(st, 1, 0);
        while (db_step(st, NULL) > 0) {
            sorted = sorted && db_int(st, 0) == seq + 1 && db_int(st, 2) >= received;
            seq = db_int(st, 0);
            received = db_int(st, 2);
            flagged += db_int(st, 3);
            if (db_int(st, 3))
                is_int(db_int(st, 1), T0 - 10 * TIME_DAY, "the wall time is as it was read");
        }
    }
    db_done(&st);
    ok(sorted, "sequence and received never decrease");
    is_int(flagged, 3, "the entries of that time are flagged");
    world_close(&w);
}

static int count_entry(void *u, const struct state_audit_entry *x)
{
    struct {
        size_t n;
        struct state_id unit;
        bool strange;
    } *c = u;

    c->n++;
    c->strange = c->strange || !id_eq(x->unit, c->unit);
    return 0;
}

/* The journal's heads under the audit: the newest is found, whoever may. */
static void test_journal(void)
{
    const struct state_actor system = state_actor_system();
    struct buf out = BUF_INIT(1000);
    struct state_actor head;
    struct err err = ERR_INIT;
    struct world w;
    int64_t at = 0;

    world_open(&w);
    head = actor(w.person_a, w.commune_a, STATE_HEAD);
    is_int(state_audit_journal_get(w.s, &w.local, &out, &at, &err), 0, "none yet");
    is_int(state_audit_journal_put(w.s, &head, SLICE("{}"), &err), -CE_DENIED, "nobody writes one");
    is_int(state_audit_journal_put(w.s, &w.local, SLICE("{}"), &err), -CE_DENIED,
           "nor the machine's administrator");
    must(state_audit_journal_put(w.s, &system, SLICE("{\"a\":1}"), &err), &err, "first");
    w.now += TIME_DAY;
    must(state_audit_journal_put(w.s, &system, SLICE("{\"a\":2}"), &err), &err, "second");
    is_int(state_audit_journal_get(w.s, &w.local, &out, &at, &err), 1, "found");
    ok(slice_is(buf_slice(&out), "{\"a\":2}") && at == w.now, "the newest, and when");
    is_int(state_audit_journal_get(w.s, &head, &out, &at, &err), -CE_DENIED, "not for everybody");
    is_int(state_audit_verify(w.s, NULL, &(struct state_audit_report){0}, &err), 0, "in the chain");
    buf_done(&out);
    world_close(&w);
}

static void test_reading(void)
{
    struct world w;
    struct {
        size_t n;
        struct state_id unit;
        bool strange;
    } c = {0};
    struct state_actor head, duty;
    struct err err = ERR_INIT;

    world_open(&w);
    head = actor(w.person_b, w.commune_b, STATE_HEAD);
    duty = actor(w.person_b, w.commune_b, STATE_DUTY);
    c.unit = w.commune_b;
    is_int(state_audit_each(w.s, &head, 0, count_entry, &c, &err), 0, "a head reads the audit");
    ok(c.n > 0 && !c.strange, "of the own unit only");
    is_int(state_audit_each(w.s, &duty, 0, count_entry, &c, &err), -CE_DENIED,
           "an officer does not");
    is_int(state_audit_add(w.s, &head, "print", "danh-ba", w.commune_b, SLICE("3 trang"), &err), 0,
           "other rooms add entries of their own");
    verify(&w, 0, "into the same chain");
    world_close(&w);
}

int main(void)
{
    test_whole();
    test_versions();
    test_hands();
    test_tampering();
    test_values();
    test_head();
    test_erase();
    test_clock();
    test_reading();
    test_journal();
    return tap_done();
}
