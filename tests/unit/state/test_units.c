/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "state/units.h"

#include "world.h"

static void test_tree(void)
{
    static const char *const codes[] = {"TINH", "SO", "TT", "TT-1", "XA-A", "XA-B"};
    static const unsigned depths[] = {0, 1, 1, 2, 1, 1};
    struct world w;
    struct state_unit *v = NULL, x;
    struct err err = ERR_INIT;
    struct state_query q = {.below = true};
    size_t n = 0;

    world_open(&w);
    is_int(state_units_at(w.s, &w.local, 0, &w.arena, &v, &n, &err), 0, "all units");
    is_int(n, CANH_LEN(codes), "there are six");
    for (size_t i = 0; i < n && i < CANH_LEN(codes); i++) {
        is_slice(v[i].code, slice_str(codes[i]), "in tree order: %zu", i);
        is_int(v[i].depth, depths[i], "at its depth");
    }
    ok(state_unit_below(w.s, w.section, w.root, 0), "the section is below the root");
    ok(!state_unit_below(w.s, w.commune_a, w.centre, 0), "the commune is not below the centre");
    q.unit = w.centre;
    is_int(state_unit_list(w.s, &w.local, &q, &w.arena, &v, &n, &err), 0, "units below the centre");
    is_int(n, 2, "are two");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("XA-A"), &w.arena, &x, &err), 0,
           "found by code");
    ok(id_eq(x.id, w.commune_a) && slice_is(x.name, "Xã Giả Định A") && id_eq(x.parent, w.root),
       "with its name and parent");
    is_int(state_unit_drop(w.s, &w.local, x.id, x.version, &err), -CE_DENIED,
           "a unit is never deleted");
    world_close(&w);
}

static void test_history(void)
{
    struct world w;
    struct state_unit x, *v = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    world_open(&w);
    must(state_unit_get(w.s, &w.local, w.dept, &w.arena, &x, &err), &err, "get");
    is_int(state_unit_rename(w.s, &w.local, w.dept, x.version, SLICE("SO-2"), SLICE("Sở Mới"),
                             SLICE("SM"), T0 + 10 * TIME_DAY, SLICE("QĐ 1 (thử)"), &err),
           0, "a name from next week on");
    must(state_unit_get(w.s, &w.local, w.dept, &w.arena, &x, &err), &err, "get");
    is_slice(x.name, SLICE("Sở Giả Định"), "today the old name");
    is_int(state_unit_at(w.s, &w.local, w.dept, T0 + 11 * TIME_DAY, &w.arena, &x, &err), 0,
           "in two weeks");
    is_slice(x.name, SLICE("Sở Mới"), "the new name");
    is_slice(x.code, SLICE("SO-2"), "and the new code");
    is_int(state_unit_rename(w.s, &w.local, w.dept, x.version, SLICE_NULL, SLICE("Sở Khác"),
                             SLICE_NULL, T0 + 5 * TIME_DAY, SLICE_NULL, &err),
           -CE_CONFLICT, "history is not rewritten by rename");

    must(state_unit_get(w.s, &w.local, w.section, &w.arena, &x, &err), &err, "get");
    is_int(state_unit_move(w.s, &w.local, w.section, x.version, w.dept, T0 + TIME_DAY,
                           SLICE("QĐ 2 (thử)"), &err),
           0, "the section moves to the department tomorrow");
    ok(state_unit_below(w.s, w.section, w.centre, T0) &&
           !state_unit_below(w.s, w.section, w.centre, T0 + 2 * TIME_DAY) &&
           state_unit_below(w.s, w.section, w.dept, T0 + 2 * TIME_DAY),
       "the tree is as of each day");
    must(state_unit_get(w.s, &w.local, w.dept, &w.arena, &x, &err), &err, "get");
    is_int(state_unit_move(w.s, &w.local, w.dept, x.version, w.section, T0 + 3 * TIME_DAY,
                           SLICE_NULL, &err),
           -CE_CONFLICT, "no loops");
    is_int(state_units_at(w.s, &w.local, T0 - 2000 * TIME_DAY, &w.arena, &v, &n, &err), 0,
           "before everything");
    is_int(n, 0, "there was nothing");
    world_close(&w);
}

static int move(struct world *w, struct state_id unit, struct state_id parent, int64_t from)
{
    struct state_unit x;
    struct err err = ERR_INIT;

    must(state_unit_get(w->s, &w->local, unit, &w->arena, &x, &err), &err, "get");
    return state_unit_move(w->s, &w->local, unit, x.version, parent, from, SLICE_NULL, &err);
}

/* A move today may close a loop with one that was decided for later. */
static void test_loops(void)
{
    struct world w;
    struct state_unit x, *v = NULL;
    struct state_id at;
    struct err err = ERR_INIT;
    char code[16];
    size_t n = 0;
    int r = 0, depth = 1;

    world_open(&w);
    is_int(move(&w, w.section, w.commune_a, T0 + TIME_DAY), 0, "the section moves tomorrow");
    is_int(move(&w, w.centre, w.commune_b, T0 + 30 * TIME_DAY), 0, "the centre in a month");
    is_int(move(&w, w.commune_b, w.section, T0 + 2 * TIME_DAY), 0, "B comes below the section");
    is_int(move(&w, w.commune_a, w.centre, T0 + 3 * TIME_DAY), -CE_CONFLICT,
           "A not below the centre, which will be below B, which is below A's section");
    must(state_unit_get(w.s, &w.local, w.commune_a, &w.arena, &x, &err), &err, "get");
    x.parent = w.centre;
    is_int(state_unit_put(w.s, &w.local, &x, &err), -CE_CONFLICT, "nor by a correction");
    is_int(state_units_at(w.s, &w.local, T0 + 40 * TIME_DAY, &w.arena, &v, &n, &err), 0, "then");
    is_int(n, 6, "all units are still there");

    for (at = w.root; r == 0 && depth < 100; depth++) {
        (void)snprintf(code, sizeof(code), "SAU-%d", depth);
        x = (struct state_unit){.parent = at,
                                .code = slice_str(code),
                                .name = SLICE("Đơn vị sâu (thử)"),
                                .kind = SLICE("unit")};
        r = state_unit_put(w.s, &w.local, &x, &err);
        at = r == 0 ? x.id : at;
    }
    is_int(r, -CE_DEPTH, "units do not nest without end: %d levels", depth);
    is_int(state_units_at(w.s, &w.local, 0, &w.arena, &v, &n, &err), 0, "and all of them");
    is_int(n, 6 + depth - 2, "are listed");
    ok(state_unit_below(w.s, at, w.root, 0), "the last one below the root");
    world_close(&w);
}

static void test_merge(void)
{
    struct world w;
    struct state_unit x, *v = NULL;
    struct state_actor head;
    struct state_id merged;
    struct err err = ERR_INIT;
    size_t n = 0;

    world_open(&w);
    merged = world_unit(&w, "XA-AB", "Xã Giả Định AB", "commune", w.root);
    must(state_unit_get(w.s, &w.local, w.commune_a, &w.arena, &x, &err), &err, "get");
    is_int(state_unit_succeed(w.s, &w.local, w.commune_a, x.version, &w.commune_a, 1, T0,
                              SLICE_NULL, &err),
           -CE_CONFLICT, "a unit does not succeed itself");
    is_int(state_unit_succeed(w.s, &w.local, w.commune_a, x.version, &merged, 1,
                              T0 - 5000 * TIME_DAY, SLICE_NULL, &err),
           -CE_RANGE, "nor ends before it began");
    is_int(state_unit_succeed(w.s, &w.local, w.commune_a, x.version, &merged, 1, T0 + TIME_DAY,
                              SLICE("NQ (thử)"), &err),
           0, "commune A goes into AB");
    must(state_unit_get(w.s, &w.local, w.commune_b, &w.arena, &x, &err), &err, "get");
    is_int(state_unit_succeed(w.s, &w.local, w.commune_b, x.version, &merged, 1, T0 + TIME_DAY,
                              SLICE("NQ (thử)"), &err),
           0, "and so does B");
    w.now = T0 + 30 * TIME_DAY;
    is_int(state_units_at(w.s, &w.local, 0, &w.arena, &v, &n, &err), 0, "a month later");
    is_int(n, 5, "five units are left");
    is_int(state_units_at(w.s, &w.local, T0, &w.arena, &v, &n, &err), 0, "the report of before");
    is_int(n, 7, "still reads with all of them");
    is_int(state_unit_get(w.s, &w.local, w.commune_a, &w.arena, &x, &err), 0,
           "the old unit keeps its identity");
    is_slice(x.name, SLICE("Xã Giả Định A"), "and its name");
    head = actor(STATE_ID_NONE, merged, STATE_HEAD);
    ok(state_may_read(w.s, &head, w.commune_a) && state_may_write(w.s, &head, w.commune_b),
       "the successor answers for its predecessors");
    head = actor(STATE_ID_NONE, w.commune_a, STATE_HEAD);
    ok(!state_may_read(w.s, &head, merged), "not the other way round");
    world_close(&w);
}

static void test_put(void)
{
    struct world w;
    struct state_unit x;
    struct err err = ERR_INIT;
    struct state_actor admin, head;

    world_open(&w);
    must(state_unit_get(w.s, &w.local, w.commune_a, &w.arena, &x, &err), &err, "get");
    x.name = SLICE("Xã Giả Định Á");
    x.address = SLICE("Thôn Thử");
    is_int(state_unit_put(w.s, &w.local, &x, &err), 0, "a typing error is corrected in place");
    must(state_unit_at(w.s, &w.local, w.commune_a, T0 - TIME_DAY, &w.arena, &x, &err), &err, "at");
    is_slice(x.name, SLICE("Xã Giả Định Á"), "for the whole validity");
    x.code = SLICE("XA-B");
    is_int(state_unit_put(w.s, &w.local, &x, &err), -CE_EXISTS, "not to a code that is taken");
    x.code = SLICE("XA-A");
    x.parent = w.commune_a;
    is_int(state_unit_put(w.s, &w.local, &x, &err), -CE_CONFLICT, "not below itself");

    admin = actor(STATE_ID_NONE, w.centre, STATE_ADMIN);
    x = (struct state_unit){.parent = w.centre,
                            .code = SLICE("TT-2"),
                            .name = SLICE("P2"),
                            .kind = SLICE("unit")};
    is_int(state_unit_put(w.s, &admin, &x, &err), 0, "its admin adds a unit below the centre");
    x = (struct state_unit){.parent = w.root,
                            .code = SLICE("TT-3"),
                            .name = SLICE("P3"),
                            .kind = SLICE("unit")};
    is_int(state_unit_put(w.s, &admin, &x, &err), -CE_DENIED, "but not beside it");
    x.parent = STATE_ID_NONE;
    is_int(state_unit_put(w.s, &admin, &x, &err), -CE_DENIED, "nor a root");
    head = actor(STATE_ID_NONE, w.centre, STATE_HEAD);
    x.parent = w.centre;
    is_int(state_unit_put(w.s, &head, &x, &err), -CE_DENIED, "a head adds none");
    world_close(&w);
}

static void test_lead(void)
{
    struct world w;
    struct state_unit_link x;
    struct err err = ERR_INIT;
    struct state_actor coordinator, duty;

    world_open(&w);
    coordinator = actor(STATE_ID_NONE, w.dept, STATE_COORDINATOR);
    duty = actor(STATE_ID_NONE, w.dept, STATE_DUTY);
    ok(!state_may_read(w.s, &coordinator, w.commune_a), "before: not seen");
    x = (struct state_unit_link){
        .unit = w.commune_a,
        .other = w.dept,
        .kind = STATE_LINK_LEAD,
        .valid_from = T0,
        .valid_to = T0 + 10 * TIME_DAY,
        .subject = SLICE("section-1"),
    };
    is_int(state_unit_link_put(w.s, &w.local, &x, &err), 0, "the department leads the commune");
    ok(state_may_read(w.s, &coordinator, w.commune_a), "its coordinator sees it");
    ok(!state_may_write(w.s, &coordinator, w.commune_a), "but does not write for it");
    ok(!state_may_read(w.s, &duty, w.commune_a), "its duty officer does not see it");
    w.now = T0 + 11 * TIME_DAY;
    ok(!state_may_read(w.s, &coordinator, w.commune_a), "the lead ends, and so does the sight");
    x = (struct state_unit_link){.unit = w.commune_b, .other = w.dept, .kind = STATE_LINK_PARENT};
    is_int(state_unit_link_put(w.s, &w.local, &x, &err), -CE_DENIED,
           "parents are not linked by hand");
    world_close(&w);
}

static struct state *reader(struct world *w)
{
    struct state_options opt = {.dir = w->dir,
                                .mode = STATE_READ,
                                .clock = world_clock,
                                .clock_user = w};
    struct state *s = NULL;
    struct err err = ERR_INIT;

    must(state_open(&s, &opt, &err), &err, "another connection");
    return s;
}

static bool same_unit(const struct state_unit *a, const struct state_unit *b)
{
    return id_eq(a->id, b->id) && id_eq(a->parent, b->parent) && a->depth == b->depth &&
           a->version == b->version && slice_eq(a->code, b->code) && slice_eq(a->name, b->name) &&
           slice_eq(a->short_name, b->short_name) && slice_eq(a->kind, b->kind) &&
           slice_eq(a->area, b->area) && slice_eq(a->address, b->address) &&
           slice_eq(a->note, b->note) && a->valid_from == b->valid_from &&
           a->valid_to == b->valid_to;
}

/* What a connection that has looked often lists is what one lists that looks for the first time. */
static void compare_lists(struct world *w, struct state *old, int64_t at, const char *when)
{
    struct state *fresh = reader(w);
    struct state_unit *a = NULL, *b = NULL;
    size_t n = 0, m = 0;
    struct err err = ERR_INIT;
    bool same;

    must(state_units_at(old, &w->local, at, &w->arena, &a, &n, &err), &err, "one that has looked");
    must(state_units_at(fresh, &w->local, at, &w->arena, &b, &m, &err), &err, "one that has not");
    same = n == m;
    for (size_t i = 0; same && i < n; i++)
        same = same_unit(&a[i], &b[i]);
    ok(same, "%s: %zu units, %zu read anew", when, n, m);
    fresh = state_free(fresh);
}

static void compare_all(struct world *w, struct state *other, const char *when)
{
    const int64_t instants[] = {0, T0 - 2000 * TIME_DAY, T0 - 500 * TIME_DAY, T0 + 30 * TIME_DAY,
                                T0 + 400 * TIME_DAY};

    for (size_t i = 0; i < CANH_LEN(instants); i++) {
        compare_lists(w, w->s, instants[i], when);
        compare_lists(w, other, instants[i], when);
    }
}

static void test_kept(void)
{
    struct world w;
    struct err err = ERR_INIT;
    struct state_unit x;
    struct state *other;
    struct state_id id;

    world_open(&w);
    other = reader(&w);
    compare_all(&w, other, "as it was made");
    id = world_unit(&w, "MOI", "Đơn vị mới", "agency", w.root);
    compare_all(&w, other, "one more");
    must(state_unit_get(w.s, &w.local, id, &w.arena, &x, &err), &err, "get");
    x.note = SLICE("ghi chú");
    x.name = SLICE("Đơn vị mới hơn");
    must(state_unit_put(w.s, &w.local, &x, &err), &err, "put");
    compare_all(&w, other, "corrected");
    must(state_unit_move(w.s, &w.local, id, x.version, w.dept, T0 + 20 * TIME_DAY, SLICE("QĐ"),
                         &err),
         &err, "move");
    compare_all(&w, other, "moved from a day to come");
    w.now = T0 + 25 * TIME_DAY;
    compare_all(&w, other, "that day is over");
    must(state_begin(w.s, &err), &err, "begin");
    (void)world_unit(&w, "TAM", "Không bao giờ có", "agency", w.root);
    must(state_units_at(w.s, &w.local, 0, &w.arena, &(struct state_unit *){NULL}, &(size_t){0},
                        &err),
         &err, "a look within what is not written");
    state_rollback(w.s);
    (void)world_unit(&w, "SAU", "Ghi sau đó", "agency", w.root);
    compare_lists(&w, w.s, 0, "another one of the same instant, after what was rolled back");
    compare_all(&w, other, "at any time");
    other = state_free(other);
    world_close(&w);
}

int main(void)
{
    test_tree();
    test_history();
    test_loops();
    test_merge();
    test_put();
    test_lead();
    test_kept();
    return tap_done();
}
