/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Every entity, every role: what lies outside the scope is neither seen nor written. */
#include "lang/error.h"
#include "rows.h"
#include "state/scope.h"

static int count_row(void *u, const void *row)
{
    (void)row;
    (*(size_t *)u)++;
    return 0;
}

static size_t count(struct world *w, const struct state_actor *a, const struct entity *e,
                    const struct state_query *q)
{
    size_t n = 0;
    struct err err = ERR_INIT;
    int r = entity_each(w->s, a, e, q, count_row, &n, &err);

    return r < 0 ? 0 : n;
}

static bool reads(const struct entity *e, enum state_role role)
{
    return e->readers & 1u << role;
}

/* A stranger: same role, the other commune. */
static void stranger(struct world *w, struct rows *rows, const struct entity *e,
                     enum state_role role)
{
    struct state_actor a = actor(w->person_b, w->commune_b, role);
    _Alignas(16) uint8_t row[ROW_MAX], copy[ROW_MAX];
    const struct row_head *h = rows_at(rows, e->id);
    struct state_query q = {.unit = w->commune_a};
    struct err err = ERR_INIT;
    const char *name = e->name, *who = state_role_to_str(role);
    bool open = e->flags & ENT_OPEN;
    int r;

    r = entity_get(w->s, &a, e, h->id, &w->arena, row, &err);
    if (open && reads(e, role))
        is_int(r, 0, "%s: %s of another unit may be read by %s", "open", name, who);
    else
        is_int(r, -CE_DENIED, "get %s by a stranger who is %s", name, who);
    if (!open && e->unit != COLUMN_NONE) {
        is_int(count(w, &a, e, &q), 0, "list %s of that unit by %s", name, who);
        is_int(count(w, &a, e, NULL), e->id == E_PERSON && reads(e, role),
               "list %s of everything by %s: only one's own", name, who);
    }
    memcpy(copy, h, e->size);
    r = entity_write(w->s, &a, e, copy, &err);
    ok(r == -CE_DENIED, "change %s by %s: %s", name, who, error_kind(LANG_EN, r));
    memcpy(copy, h, e->size);
    ((struct row_head *)(void *)copy)->version = 0;
    ((struct row_head *)(void *)copy)->id = STATE_ID_NONE;
    r = entity_write(w->s, &a, e, copy, &err);
    ok(r == -CE_DENIED, "add %s for that unit by %s: %s", name, who, error_kind(LANG_EN, r));
    r = entity_drop(w->s, &a, e, h->id, h->version, &err);
    ok(r == -CE_DENIED, "drop %s by %s: %s", name, who, error_kind(LANG_EN, r));
}

/* At home: who may write can, who may not cannot, and an observer never. */
static void at_home(struct world *w, struct rows *rows, const struct entity *e,
                    enum state_role role)
{
    struct state_actor a = actor(w->person_a, w->commune_a, role);
    _Alignas(16) uint8_t row[ROW_MAX];
    const struct row_head *h = rows_at(rows, e->id);
    struct err err = ERR_INIT;
    int r = entity_get(w->s, &a, e, h->id, &w->arena, row, &err);

    is_int(r, reads(e, role) ? 0 : -CE_DENIED, "get %s at home by %s", e->name,
           state_role_to_str(role));
    if (e->writers & 1u << role)
        return;
    memcpy(row, h, e->size);
    is_int(entity_write(w->s, &a, e, row, &err), -CE_DENIED, "change %s at home by %s", e->name,
           state_role_to_str(role));
    is_int(entity_drop(w->s, &a, e, h->id, h->version, &err), -CE_DENIED, "drop %s at home by %s",
           e->name, state_role_to_str(role));
}

/* The row still is as it was. */
static void unchanged(struct world *w, struct rows *rows, const struct entity *e)
{
    struct state_actor sys = state_actor_system();
    _Alignas(16) uint8_t row[ROW_MAX];
    const struct row_head *h = rows_at(rows, e->id), *now = (void *)row;
    struct err err = ERR_INIT;

    must(entity_get(w->s, &sys, e, h->id, &w->arena, row, &err), &err, e->name);
    is_int(now->version, h->version, "%s is unchanged after all that", e->name);
}

static void test_crossing(void)
{
    static struct rows rows;
    struct world w;

    world_open(&w);
    rows_fill(&w, &rows);
    for (unsigned i = 1; i < E_MAX; i++) {
        for (int role = STATE_ROLE_NONE; role < STATE_ROLE_MAX; role++) {
            /* SYSTEM is bound by its unit like everybody else. */
            stranger(&w, &rows, entities[i], (enum state_role)role);
            at_home(&w, &rows, entities[i], (enum state_role)role);
        }
        unchanged(&w, &rows, entities[i]);
        arena_clear(&w.arena);
    }
    world_close(&w);
}

static void test_whole_store(void)
{
    static struct rows rows;
    struct world w;
    struct state_post post;
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows);
    for (int role = STATE_OBSERVER; role < STATE_ADMIN; role++) {
        struct state_actor a = actor(w.person_a, STATE_ID_NONE, (enum state_role)role);

        is_int(state_post_get(w.s, &a, ((struct row_head *)rows_at(&rows, E_POST))->id, &w.arena,
                              &post, &err),
               -CE_DENIED, "%s without a unit sees nothing",
               state_role_to_str((enum state_role)role));
    }
    world_close(&w);
}

/* What a lead authority's coordinator sees and writes of the unit it leads. */
static void test_led(void)
{
    static struct rows rows;
    struct world w;
    struct state_actor a;
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows); /* the department leads commune A */
    a = actor(STATE_ID_NONE, w.dept, STATE_COORDINATOR);
    for (unsigned i = 1; i < E_MAX; i++) {
        const struct entity *e = entities[i];
        _Alignas(16) uint8_t row[ROW_MAX];
        const struct row_head *h = rows_at(&rows, e->id);
        bool writes = (e->writers & 1u << STATE_COORDINATOR) && (e->flags & ENT_LED);
        int r = entity_get(w.s, &a, e, h->id, &w.arena, row, &err);

        is_int(r, reads(e, STATE_COORDINATOR) ? 0 : -CE_DENIED, "its coordinator reads %s",
               e->name);
        memcpy(row, h, e->size);
        r = entity_write(w.s, &a, e, row, &err);
        if (!writes)
            is_int(r, -CE_DENIED, "but does not write %s", e->name);
        else if (e == &submission_entity)
            is_int(r, -CE_DENIED, "a draft is its unit's alone");
        else if (!(e->flags & ENT_APPEND))
            is_int(r, 0, "and writes %s", e->name);
        arena_clear(&w.arena);
    }
    a = actor(STATE_ID_NONE, w.dept, STATE_OBSERVER);
    is_int(count(&w, &a, &shift_entity, NULL), 0, "an observer of the department sees no shift");
    world_close(&w);
}

/* Things may not be tied to things of other units. */
static void test_ties(void)
{
    static struct rows rows;
    struct world w;
    struct state_actor b;
    struct err err = ERR_INIT;
    struct state_layer layer = {.code = SLICE("X"), .kind = STATE_LAYER_TABLE};
    struct state_leave leave = {.start = T0, .stop = T0 + TIME_DAY, .kind = SLICE("leave")};
    struct state_contact contact = {.kind = STATE_CONTACT_MOBILE, .value = SLICE("0900000002")};

    world_open(&w);
    rows_fill(&w, &rows);
    b = actor(w.person_b, w.commune_b, STATE_ADMIN);
    layer.unit = w.commune_b;
    layer.post = ((struct row_head *)rows_at(&rows, E_POST))->id;
    is_int(state_layer_put(w.s, &b, &layer, &err), -CE_DENIED, "a layer for another unit's post");
    leave.unit = w.commune_b;
    leave.person = w.person_a;
    is_int(state_leave_put(w.s, &b, &leave, &err), -CE_DENIED, "leave for another unit's person");
    contact.unit = w.commune_b;
    contact.person = w.person_a;
    is_int(state_contact_put(w.s, &b, &contact, &err), -CE_DENIED,
           "a contact for another unit's person");
    leave.person = id_new();
    is_int(state_leave_put(w.s, &b, &leave, &err), -CE_MISSING, "leave for nobody");
    world_close(&w);
}

/* What a head approved, nobody below changes or drops; who may approve, may. */
static void seal(struct world *w, struct rows *rows, enum entity_id id, enum state_role role,
                 int64_t *approved_at, int64_t *end)
{
    struct state_actor sys = state_actor_system();
    struct state_actor low = actor(w->person_a, w->commune_a, role);
    struct state_actor head = actor(w->person_a, w->commune_a, STATE_HEAD);
    const struct entity *e = entities[id];
    struct row_head *h = rows_at(rows, id);
    struct err err = ERR_INIT;

    *approved_at = 0;
    must(entity_write(w->s, &sys, e, h, &err), &err, e->name);
    *end += TIME_HOUR;
    is_int(entity_write(w->s, &low, e, h, &err), 0, "%s is changed by %s", e->name,
           state_role_to_str(role));
    *approved_at = w->now;
    must(entity_write(w->s, &sys, e, h, &err), &err, "approval");
    *end += TIME_DAY;
    is_int(entity_write(w->s, &low, e, h, &err), -CE_DENIED, "but no longer once it is approved");
    if (e->flags & ENT_DROP)
        is_int(entity_drop(w->s, &low, e, h->id, h->version, &err), -CE_DENIED, "nor dropped");
    is_int(entity_write(w->s, &head, e, h, &err), 0, "its head still may");
}

static void test_seals(void)
{
    static struct rows rows;
    struct world w;
    struct state_exemption *x = rows_at(&rows, E_EXEMPTION);
    struct state_exception *c = rows_at(&rows, E_EXCEPTION);
    struct state_leave *leave = rows_at(&rows, E_LEAVE);
    struct state_override *over = rows_at(&rows, E_OVERRIDE);
    struct state_layer *layer = rows_at(&rows, E_LAYER);
    struct state_actor head, sys = state_actor_system();
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows);
    head = actor(w.person_a, w.commune_a, STATE_HEAD);
    seal(&w, &rows, E_LEAVE, STATE_DUTY, &leave->approved_at, &leave->stop);
    seal(&w, &rows, E_OVERRIDE, STATE_SYSADMIN, &over->approved_at, &over->stop);
    seal(&w, &rows, E_EXCEPTION, STATE_SYSADMIN, &c->approved_at, &c->stop);
    layer->valid_to = w.now + TIME_DAY;
    seal(&w, &rows, E_LAYER, STATE_SYSADMIN, &layer->approved_at, &layer->valid_to);
    x->approved_at = w.now;
    must(state_exemption_put(w.s, &sys, x, &err), &err, "exemption");
    x->stop += 1000 * TIME_DAY;
    is_int(state_exemption_put(w.s, &head, x, &err), -CE_DENIED,
           "a unit does not prolong the exemption that it was given");
    x->stop -= 1000 * TIME_DAY;
    *c = (struct state_exception){.unit = c->unit,
                                  .finding = c->finding,
                                  .reason = SLICE("tự duyệt"),
                                  .stop = w.now + TIME_DAY,
                                  .asked_by = w.person_a2,
                                  .approved_by = w.person_a,
                                  .approved_at = w.now};
    is_int(state_exception_put(w.s, &head, c, &err), -CE_DENIED,
           "nobody approves in the name of another who is said to have asked");
    world_close(&w);
}

/* The scope follows the tree: above sees below, never the other way round. */
static void test_tree_scope(void)
{
    struct world w;
    struct state_actor centre, section, province;
    struct state_asset x = {.code = SLICE("S"), .name = SLICE("Máy thử"), .kind = SLICE("server")};
    struct state_asset got;
    struct state_query q = {.below = true};
    struct err err = ERR_INIT;

    world_open(&w);
    centre = actor(w.person_c, w.centre, STATE_SYSADMIN);
    section = actor(w.person_c, w.section, STATE_SYSADMIN);
    province = actor(w.person_c, w.root, STATE_OBSERVER);
    x.unit = w.section;
    is_int(state_asset_put(w.s, &centre, &x, &err), 0, "the centre adds an asset of its section");
    is_int(state_asset_get(w.s, &section, x.id, &w.arena, &got, &err), 0, "the section reads it");
    is_int(count(&w, &province, &asset_entity, NULL), 1, "an observer of the root sees it");
    q.unit = w.centre;
    is_int(count(&w, &province, &asset_entity, &q), 1, "below the centre there is one");
    q.below = false;
    is_int(count(&w, &province, &asset_entity, &q), 0, "at the centre itself none");
    x.version = 0;
    x.id = STATE_ID_NONE;
    x.code = SLICE("S2");
    x.unit = w.centre;
    is_int(state_asset_put(w.s, &section, &x, &err), -CE_DENIED, "the section adds none above it");
    x.unit = w.section;
    is_int(state_asset_put(w.s, &province, &x, &err), -CE_DENIED,
           "and an observer adds none at all");
    world_close(&w);
}

/* All units that a department leads are seen by its coordinator, not only the first. */
static void test_several_led(void)
{
    struct world w;
    struct state_actor a;
    struct state_asset x;
    struct err err = ERR_INIT;
    const struct {
        const char *code;
        bool led;
    } rows[] = {{"A", true}, {"B", true}, {"C", false}};
    struct state_id units[3];

    world_open(&w);
    units[0] = w.commune_a;
    units[1] = w.commune_b;
    units[2] = w.centre;
    a = actor(STATE_ID_NONE, w.dept, STATE_COORDINATOR);
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct state_unit_link link = {.unit = units[i],
                                       .other = w.dept,
                                       .kind = STATE_LINK_LEAD,
                                       .valid_from = T0};

        if (rows[i].led)
            must(state_unit_link_put(w.s, &w.local, &link, &err), &err, "link");
    }
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        x = (struct state_asset){.unit = units[i],
                                 .code = slice_str(rows[i].code),
                                 .name = SLICE("Máy thử"),
                                 .kind = SLICE("server")};
        must(state_asset_put(w.s, &w.local, &x, &err), &err, "asset");
        is_int(state_asset_get(w.s, &a, x.id, &w.arena, &x, &err), rows[i].led ? 0 : -CE_DENIED,
               "unit %s", rows[i].code);
    }
    world_close(&w);
}

/* Whether `to` can be reached from `from`, by trying every edge again and again. */
static bool reaches(const struct scope *sc, uint32_t from, uint32_t to)
{
    bool seen[400] = {false}, more = true;

    seen[from] = true;
    while (more) {
        more = false;
        for (uint32_t i = 0; i < sc->down_count; i++) {
            if (seen[sc->down[i].from] && !seen[sc->down[i].to])
                more = seen[sc->down[i].to] = true;
        }
    }
    return seen[to];
}

/* Chains, stars, loops and whatever else edges can make: what is below is what can be reached. */
static void below_is(uint32_t units, struct scope_edge *edges, uint32_t count, const char *what)
{
    struct scope sc = {.count = units, .down = edges, .down_count = count};
    struct err err = ERR_INIT;
    uint32_t wrong = 0;

    for (uint32_t from = 0; from < units; from++) {
        uint64_t bits[7] = {0};

        if (scope_below(&sc, from, bits, &err) < 0)
            wrong++;
        for (uint32_t to = 0; to < units; to++)
            wrong += (bits[to / 64] >> (to % 64) & 1) != reaches(&sc, from, to);
    }
    is_int(wrong, 0, "%s", what);
}

static void test_below(void)
{
    enum { UNITS = 300 };
    struct scope_edge edges[2 * UNITS];
    uint32_t n = 0, random = 12345;

    for (uint32_t i = 1; i < UNITS; i++)
        edges[i - 1] = (struct scope_edge){0, i};
    below_is(UNITS, edges, UNITS - 1, "a star");
    for (uint32_t i = 1; i < UNITS; i++)
        edges[i - 1] = (struct scope_edge){i - 1, i};
    below_is(UNITS, edges, UNITS - 1, "a chain");
    edges[UNITS - 1] = (struct scope_edge){UNITS - 1, 0};
    below_is(UNITS, edges, UNITS, "a loop");
    for (uint32_t i = 0; i < UNITS; i++) {
        for (random = random * 1103515245 + 12345; random >> 30 == 0 && n < 2 * UNITS;
             random = random * 1103515245 + 12345)
            edges[n++] = (struct scope_edge){i, (random >> 8) % UNITS};
    }
    below_is(UNITS, edges, n, "any edges");
    below_is(1, edges, 0, "one unit alone");
}

static bool sees(struct world *w, struct state_id from, enum state_role role, struct state_id unit)
{
    struct state_actor a = actor(STATE_ID_NONE, from, role);
    struct scope_view view;
    struct err err = ERR_INIT;

    return scope_view(w->s, &a, &view, &err) == 0 && scope_sees(&view, unit);
}

/* What begins later counts from then on, and not before. */
static void test_later(void)
{
    struct world w;
    struct state_unit x;
    struct state_unit_link link = {.kind = STATE_LINK_LEAD, .valid_from = T0 + 10 * TIME_DAY};
    struct err err = ERR_INIT;

    world_empty(&w);
    link.other = world_unit(&w, "SO-A", "Sở A", "department", STATE_ID_NONE);
    ok(sees(&w, link.other, STATE_OBSERVER, link.other), "the only unit of a store sees itself");
    link.unit = world_unit(&w, "XA-A", "Xã A", "commune", STATE_ID_NONE);
    must(state_unit_link_put(w.s, &w.local, &link, &err), &err, "link");
    ok(!sees(&w, link.other, STATE_COORDINATOR, link.unit), "a lead that begins later is none");
    w.now += 9 * TIME_DAY;
    ok(!sees(&w, link.other, STATE_COORDINATOR, link.unit), "nor a day before");
    w.now += TIME_DAY;
    ok(sees(&w, link.other, STATE_COORDINATOR, link.unit), "from its first moment on it counts");
    world_close(&w);

    world_open(&w);
    must(state_unit_get(w.s, &w.local, w.section, &w.arena, &x, &err), &err, "get");
    must(state_unit_move(w.s, &w.local, w.section, x.version, w.dept, T0 + 10 * TIME_DAY,
                         SLICE("QĐ 1"), &err),
         &err, "move");
    ok(sees(&w, w.centre, STATE_OBSERVER, w.section) &&
           !sees(&w, w.dept, STATE_OBSERVER, w.section),
       "until it moves a unit is below its parent");
    w.now += 10 * TIME_DAY;
    ok(!sees(&w, w.centre, STATE_OBSERVER, w.section) &&
           sees(&w, w.dept, STATE_OBSERVER, w.section),
       "then below the other one");
    world_close(&w);
}

/* Nobody's role sees nothing, whatever its unit; and what is looked at twice is the same. */
static void test_views(void)
{
    struct world w;
    struct err err = ERR_INIT;

    world_open(&w);
    ok(!sees(&w, w.root, STATE_ROLE_NONE, w.commune_a), "no role");
    ok(!sees(&w, w.root, STATE_ROLE_MAX, w.commune_a), "none that there is");
    must(state_read_begin(w.s, &err), &err, "look");
    for (int i = 0; i < 3; i++)
        ok(sees(&w, w.root, STATE_OBSERVER, w.commune_a) &&
               !sees(&w, w.commune_b, STATE_OBSERVER, w.commune_a),
           "while one looks");
    state_read_end(w.s);
    for (int round = 0; round < 2; round++)
        for (int role = STATE_ROLE_NONE + 1; role < STATE_ROLE_MAX; role++)
            ok(sees(&w, w.centre, (enum state_role)role, w.section) &&
                   !sees(&w, w.section, (enum state_role)role, w.centre),
               "more views than are remembered");
    world_close(&w);
}

int main(void)
{
    test_crossing();
    test_whole_store();
    test_led();
    test_ties();
    test_seals();
    test_tree_scope();
    test_several_led();
    test_below();
    test_later();
    test_views();
    return tap_done();
}
