/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* People, grants, contacts: encrypted, masked, revealed only with a trace. */
#include "state/people.h"

#include "state/audit.h"
#include "state/internal.h"
#include "world.h"

static void phone(const char *in, const char *want)
{
    struct buf out = BUF_INIT(100);
    int r = state_phone(slice_str(in), &out);

    if (want == NULL)
        is_int(r, -CE_SYNTAX, "\"%s\" is no phone number", in);
    else
        is_slice(buf_slice(&out), slice_str(want), "\"%s\"", in);
    buf_done(&out);
}

static void test_phones(void)
{
    phone("0900000001", "+84900000001");
    phone("09.0000.0001", "+84900000001");
    phone("0900 000 001", "+84900000001");
    phone("900000001", "+84900000001"); /* a spreadsheet ate the 0 */
    phone("+84 900 000 001", "+84900000001");
    phone("84900000001", "+84900000001");
    phone("(0255) 3000000", "+842553000000");
    phone("02553000000", "+842553000000");
    phone("2553000000", "+842553000000");
    phone("113", "113");
    phone("18001000", "18001000");
    phone("+44 20 7946 0000", "+442079460000");
    phone("", NULL);
    phone("không có", NULL);
    phone("12", NULL);
    phone("0900", NULL);
    phone("400000001", NULL);
    phone("0900000001x", NULL);
    phone("1234567890123456789012", NULL);
}

static size_t reveals(struct world *w, struct state_id id)
{
    struct db_stmt *st = NULL;
    size_t n = 0;

    if (state_stmt(w->s, SQL_AUDIT_FROM, &st, NULL) < 0)
        return 999;
    db_bind_int(st, 1, 0);
    while (db_step(st, NULL) > 0)
        n += slice_is(db_text(st, 7), "reveal") && id_eq(db_id(st, 9), id);
    db_done(&st);
    return n;
}

static bool file_holds(struct world *w, const char *name, const char *text)
{
    struct buf all = BUF_INIT(64u << 20);
    char path[128];
    bool found;

    (void)snprintf(path, sizeof(path), "%s/%s", w->dir, name);
    found = file_read(path, &all, NULL) == 0 &&
            slice_find(buf_slice(&all), slice_str(text)) != SIZE_MAX;
    buf_done(&all);
    return found;
}

static void test_contact(void)
{
    struct world w;
    struct state_actor head, duty, observer;
    struct state_contact x, y, *list = NULL;
    struct buf value = BUF_INIT(1000);
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;
    size_t n = 0;

    world_open(&w);
    head = actor(w.person_a2, w.commune_a, STATE_HEAD);
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    observer = actor(STATE_ID_NONE, w.root, STATE_OBSERVER);
    x = (struct state_contact){.unit = w.commune_a,
                               .person = w.person_a,
                               .kind = STATE_CONTACT_MOBILE,
                               .position = 1,
                               .value = SLICE("0900.000.123")};
    is_int(state_contact_put(w.s, &head, &x, &err), 0, "a contact is added");
    is_int(state_contact_get(w.s, &duty, x.id, &w.arena, &y, &err), 0, "and read");
    is_slice(y.hint, SLICE("+84•••••23"), "masked");
    ok(y.value.n == 0, "without its value");
    ok(!file_holds(&w, "state.db", "900000123") && !file_holds(&w, "state.db-wal", "900000123"),
       "the number is in no file");

    is_int(reveals(&w, x.id), 0, "nobody read the value yet");
    is_int(state_contact_reveal(w.s, &duty, x.id, &value, &err), 0, "the duty officer reads it");
    is_slice(buf_slice(&value), SLICE("+84900000123"), "normalised");
    is_int(reveals(&w, x.id), 1, "and the audit knows");
    duty.purpose = SLICE("  ");
    is_int(state_contact_reveal(w.s, &duty, x.id, &value, &err), -CE_MISSING,
           "not without a purpose");
    duty.purpose = SLICE("gọi thử");
    is_int(state_contact_reveal(w.s, &observer, x.id, &value, &err), -CE_DENIED,
           "not by an observer");
    is_int(reveals(&w, x.id), 1, "what is refused reveals nothing");

    is_int(state_contact_prove(w.s, &duty, x.id, 0, SLICE("gọi thử"), &err), 0, "the call works");
    is_int(state_contact_get(w.s, &duty, x.id, &w.arena, &y, &err), 0, "get");
    is_int(y.proven_at, T0, "proven now");
    y.position = 2;
    is_int(state_contact_put(w.s, &head, &y, &err), 0, "another position");
    is_int(state_contact_get(w.s, &duty, x.id, &w.arena, &y, &err), 0, "get");
    is_int(y.proven_at, T0, "keeps value and proof");
    y.value = SLICE("0900.000.124");
    is_int(state_contact_put(w.s, &head, &y, &err), 0, "another number");
    is_int(state_contact_get(w.s, &duty, x.id, &w.arena, &y, &err), 0, "get");
    is_int(y.proven_at, 0, "is not proven");
    y.kind = STATE_CONTACT_EMAIL;
    is_int(state_contact_put(w.s, &head, &y, &err), -CE_DENIED,
           "a number does not become a mail address");
    y.value = SLICE("not an address");
    is_int(state_contact_put(w.s, &head, &y, &err), -CE_SYNTAX, "nor does any text");
    y.value = SLICE("thu@don-vi.example");
    is_int(state_contact_put(w.s, &head, &y, &err), 0, "a mail address does");
    q.ref = w.person_a;
    is_int(state_contact_list(w.s, &duty, &q, &w.arena, &list, &n, &err), 0, "by person");
    ok(n == 1 && slice_is(list[0].hint, "t•••@don-vi.example"), "the masked address");
    buf_done(&value);
    world_close(&w);
}

/* The national centre and the named officer: roles, not people; empty and unproven at first. */
static void test_role_contact(void)
{
    struct world w;
    struct state_contact x, y;
    struct buf value = BUF_INIT(100);
    struct state_actor head;
    struct err err = ERR_INIT;

    world_open(&w);
    head = actor(w.person_c, w.centre, STATE_HEAD);
    x = (struct state_contact){.unit = w.centre,
                               .label = SLICE("ncsc"),
                               .kind = STATE_CONTACT_PHONE,
                               .position = 1};
    is_int(state_contact_put(w.s, &head, &x, &err), 0, "a contact without a value");
    is_int(state_contact_find(w.s, &head, w.centre, SLICE("ncsc"), &w.arena, &y, &err), 0,
           "found by its label");
    ok(y.hint.n == 0 && y.proven_at == 0, "empty and unproven");
    is_int(state_contact_prove(w.s, &head, x.id, 0, SLICE("gọi"), &err), -CE_MISSING,
           "nothing to prove");
    is_int(state_contact_reveal(w.s, &head, x.id, &value, &err), 0, "revealing it");
    is_int(value.len, 0, "gives nothing");
    buf_done(&value);
    world_close(&w);
}

static void test_swapped_ciphertext(void)
{
    struct world w;
    struct state_contact a, b;
    struct buf value = BUF_INIT(100);
    struct state_actor head;
    struct err err = ERR_INIT;

    world_open(&w);
    head = actor(w.person_a2, w.commune_a, STATE_HEAD);
    a = (struct state_contact){.unit = w.commune_a,
                               .person = w.person_a,
                               .kind = STATE_CONTACT_MOBILE,
                               .value = SLICE("0900000001")};
    b = a;
    b.value = SLICE("0900000002");
    must(state_contact_put(w.s, &head, &a, &err), &err, "a");
    must(state_contact_put(w.s, &head, &b, &err), &err, "b");
    is_int(db_exec(w.s->db, "UPDATE contact SET value = (SELECT max(value) FROM contact)", &err), 0,
           "somebody copies one value over all");
    is_int(state_contact_reveal(w.s, &head, a.id, &value, &err) +
               state_contact_reveal(w.s, &head, b.id, &value, &err),
           -CE_CORRUPT, "the wrong one does not open");
    buf_done(&value);
    world_close(&w);
}

static void test_grants(void)
{
    struct world w;
    struct state_grant x;
    struct state_actor got, head, admin;
    struct err err = ERR_INIT;

    world_open(&w);
    head = actor(w.person_a2, w.commune_a, STATE_HEAD);
    admin = actor(w.person_c, w.commune_a, STATE_ADMIN);
    is_int(state_actor_of(w.s, w.person_a, w.commune_a, STATE_DUTY, &got, &err), -CE_DENIED,
           "no grant, no actor");
    x = (struct state_grant){.unit = w.commune_a,
                             .person = w.person_a,
                             .role = STATE_DUTY,
                             .valid_to = T0 + TIME_DAY};
    is_int(state_grant_put(w.s, &head, &x, &err), 0, "the head grants duty for a day");
    is_int(state_actor_of(w.s, w.person_a, w.commune_a, STATE_DUTY, &got, &err), 0, "now there is");
    ok(id_eq(got.unit, w.commune_a) && got.role == STATE_DUTY, "with unit and role");
    is_int(state_actor_of(w.s, w.person_a, w.commune_b, STATE_DUTY, &got, &err), -CE_DENIED,
           "not at another unit");
    is_int(state_actor_of(w.s, w.person_a, w.commune_a, STATE_HEAD, &got, &err), -CE_DENIED,
           "nor in another role");
    w.now = T0 + 2 * TIME_DAY;
    is_int(state_actor_of(w.s, w.person_a, w.commune_a, STATE_DUTY, &got, &err), -CE_DENIED,
           "nor when it ended");
    w.now = T0;
    x = (struct state_grant){.unit = w.commune_a, .person = w.person_a, .role = STATE_ADMIN};
    is_int(state_grant_put(w.s, &head, &x, &err), -CE_DENIED, "a head makes no admin");
    is_int(state_grant_put(w.s, &admin, &x, &err), 0, "an admin does");
    x = (struct state_grant){.unit = w.commune_a, .person = w.person_a2, .role = STATE_SYSADMIN};
    is_int(state_grant_put(w.s, &head, &x, &err), -CE_DENIED, "nobody grants to themself");
    x.role = STATE_SYSTEM;
    is_int(state_grant_put(w.s, &w.local, &x, &err), -CE_RANGE, "system is nobody's role");
    x = (struct state_grant){.unit = w.root, .person = w.person_b, .role = STATE_OBSERVER};
    is_int(state_grant_put(w.s, &w.local, &x, &err), 0, "a grant at the root");
    is_int(state_actor_of(w.s, w.person_b, w.commune_a, STATE_OBSERVER, &got, &err), 0,
           "holds at every unit below");
    world_close(&w);
}

static void test_rules_of_text(void)
{
    struct world w;
    struct state_person x = {.name = SLICE("Người Thử"), .code = SLICE("Z")};
    struct err err = ERR_INIT;
    static char longer[2000];

    world_open(&w);
    memset(longer, 'a', sizeof(longer) - 1);
    x.unit = w.commune_a;
    x.title = SLICE("TỐI MẬT");
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_DENIED, "classified text is refused");
    x.title = SLICE("xấu\x01");
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_ENCODING, "control characters are");
    x.title = SLICE("xấu\xff");
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_ENCODING, "so is invalid UTF-8");
    x.title = slice_str(longer);
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_TOO_BIG, "so is what is too long");
    x.title = SLICE_NULL;
    x.name = SLICE_NULL;
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_MISSING, "a name is needed");
    x.name = SLICE("Người Thử");
    x.valid_to = T0 - TIME_DAY;
    x.valid_from = T0;
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_RANGE, "nothing ends before it begins");
    x.valid_to = 0;
    is_int(state_person_put(w.s, &w.local, &x, &err), 0, "all right then");
    is_int(x.valid_to, STATE_FOREVER, "without an end");
    x.version = 0;
    x.id = STATE_ID_NONE;
    is_int(state_person_put(w.s, &w.local, &x, &err), -CE_EXISTS, "one code once in a unit");
    world_close(&w);
}

int main(void)
{
    test_phones();
    test_contact();
    test_role_contact();
    test_swapped_ciphertext();
    test_grants();
    test_rules_of_text();
    return tap_done();
}
