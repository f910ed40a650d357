/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "view/units.h"

#include <stdlib.h>

#include "base/map.h"
#include "lang/collate.h"
#include "lang/msg_list.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"
#include "state/assets.h"
#include "state/people.h"
#include "state/units.h"

struct units_ctx {
    const struct view_ctx *c;
    const struct view_query *q;
    struct state_unit *units;
    size_t unit_count;
    struct map places; /* of units by their id */
    struct slice find; /* folded */
    const struct catalogue *words;
    struct viet *order;
    struct table *t;
};

/* Every word that is looked for occurs somewhere in the texts. */
static bool is_found(const struct units_ctx *x, const struct slice *texts, size_t n)
{
    struct slice rest = x->find, word;
    bool found = true;

    while (found && slice_cut(&rest, ' ', &word)) {
        found = false;
        for (size_t i = 0; i < n && !found; i++)
            found = viet_contains(texts[i], word);
    }
    return found;
}

static bool is_valid(const struct units_ctx *x, int64_t from, int64_t to)
{
    return from <= x->c->at && (to == 0 || x->c->at < to);
}

/* Where a unit stands in the tree; unit_count: nowhere. */
static size_t find_unit(const struct units_ctx *x, struct state_id unit)
{
    uint32_t at;

    return map_get(&x->places, id_slice(&unit), &at) ? at : x->unit_count;
}

static struct slice code_of(const struct units_ctx *x, struct state_id unit)
{
    size_t i = find_unit(x, unit);

    return i < x->unit_count ? x->units[i].code : SLICE_NULL;
}

/* The catalogue's word in the reader's language. */
static struct slice word_of(const struct units_ctx *x, enum word_list list, struct slice id)
{
    uint32_t at = catalogue_find(x->words, list, id);
    const struct word *w = at == UINT32_MAX ? NULL : &x->words->words[list][at];

    return w == NULL ? id : x->c->lang == LANG_VI ? w->title.vi : w->title.en;
}

static int open_ctx(struct units_ctx *x, struct err *err)
{
    struct buf folded = BUF_INIT(4096);
    int r;

    viet_fold(x->q->find, &folded);
    x->find = arena_dup(x->c->arena, buf_slice(&folded));
    buf_done(&folded);
    r = proof_catalogue(x->c->state, &x->words, err);
    if (r == 0)
        r = viet_new(&x->order, err);
    if (r == 0)
        r = state_units_at(x->c->state, x->c->actor, x->c->at, x->c->arena, &x->units,
                           &x->unit_count, err);
    map_init(&x->places, x->unit_count);
    for (size_t i = 0; r == 0 && i < x->unit_count; i++)
        r = map_put(&x->places, id_slice(&x->units[i].id), (uint32_t)i) < 0 ? err_nomem(err) : 0;
    return r;
}

static int close_ctx(struct units_ctx *x, int r, struct err *err)
{
    viet_free(x->order);
    map_done(&x->places);
    return view_end(x->t, r, err);
}

static const struct table_column unit_columns[] = {
    {.key = "code", .title = MSG_LIST_CODE},
    {.key = "above", .title = MSG_LIST_ABOVE, .rank = 1},
    {.key = "kind", .title = MSG_LIST_KIND, .kind = TABLE_WORD, .rank = 2},
    {.key = "since", .title = MSG_LIST_SINCE, .kind = TABLE_TIME, .rank = 4},
    {.key = "until", .title = MSG_LIST_UNTIL, .kind = TABLE_TIME, .rank = 3},
    {.key = "name", .title = MSG_LIST_NAME, .width = 24, .wrap = true},
};

static void write_unit(const struct units_ctx *x, const struct state_unit *u)
{
    const struct slice texts[] = {u->code, u->name, u->short_name, u->area};

    if (!is_found(x, texts, CANH_LEN(texts)))
        return;
    table_text(x->t, u->code);
    table_text(x->t, code_of(x, u->parent));
    table_word_text(x->t, u->kind, word_of(x, WORDS_UNIT_KINDS, u->kind));
    view_write_since(x->c, x->t, u->valid_from);
    view_write_end(x->c, x->t, u->valid_to);
    table_text(x->t, u->name);
    table_row_end(x->t);
}

int view_units(const struct view_ctx *c, const struct view_query *q, struct table *ret,
               struct err *err)
{
    struct units_ctx x = {.c = c, .q = q, .t = ret};
    size_t from = 0, n;
    int r;

    VIEW_BEGIN(c, ret, "units", unit_columns);
    r = open_ctx(&x, err);
    n = id_is_none(q->unit) ? x.unit_count : state_units_run(x.units, x.unit_count, q->unit, &from);
    for (size_t i = from; r == 0 && i < from + n; i++)
        write_unit(&x, &x.units[i]);
    return close_ctx(&x, r, err);
}

static const struct table_column person_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 1},
    {.key = "code", .title = MSG_LIST_CODE, .rank = 2},
    {.key = "name", .title = MSG_LIST_PERSON, .width = 20},
    {.key = "title", .title = MSG_LIST_POSITION},
    {.key = "roles", .title = MSG_LIST_ROLES, .kind = TABLE_WORD, .wrap = true},
    {.key = "skills", .title = MSG_LIST_SKILLS, .rank = 3},
};

static const msg_id role_words[STATE_ROLE_MAX] = {
    [STATE_OBSERVER] = MSG_LIST_ROLE_OBSERVER,
    [STATE_OFFICIAL] = MSG_LIST_ROLE_OFFICIAL,
    [STATE_DUTY] = MSG_LIST_ROLE_DUTY,
    [STATE_SYSADMIN] = MSG_LIST_ROLE_SYSADMIN,
    [STATE_HEAD] = MSG_LIST_ROLE_HEAD,
    [STATE_RESPONDER] = MSG_LIST_ROLE_RESPONDER,
    [STATE_COORDINATOR] = MSG_LIST_ROLE_COORDINATOR,
    [STATE_ADMIN] = MSG_LIST_ROLE_ADMIN,
};

const char *view_role_text(enum lang lang, int32_t role)
{
    return role > STATE_ROLE_NONE && role < STATE_SYSTEM ? lang_text(lang, role_words[role]) : "";
}

/* Several words as one cell: keys with blanks between, texts with commas. */
struct words {
    struct buf keys, texts;
};

static void words_add(struct words *w, struct slice key, struct slice text)
{
    buf_puts(&w->keys, w->keys.len ? " " : "");
    buf_append_slice(&w->keys, key);
    buf_puts(&w->texts, w->texts.len ? ", " : "");
    buf_append_slice(&w->texts, text);
}

static void words_done(struct words *w)
{
    buf_done(&w->keys);
    buf_done(&w->texts);
}

/* By person, a person's own as they were. */
static int compare_grants(const void *a, const void *b)
{
    const struct state_grant *p = a, *q = b;
    int by_person = id_cmp(p->person, q->person);

    if (by_person)
        return by_person;
    return p->valid_from != q->valid_from
               ? (p->valid_from > q->valid_from) - (p->valid_from < q->valid_from)
               : id_cmp(p->id, q->id);
}

static size_t first_grant(const struct state_person *p, const struct state_grant *grants, size_t n)
{
    size_t lo = 0, hi = n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (id_cmp(grants[mid].person, p->id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The grants stand by person. */
static void add_roles(const struct units_ctx *x, const struct state_person *p,
                      const struct state_grant *grants, size_t n, struct words *to)
{
    for (size_t i = first_grant(p, grants, n); i < n && id_eq(grants[i].person, p->id); i++) {
        const struct state_grant *k = &grants[i];

        if (is_valid(x, k->valid_from, k->valid_to) && k->role > STATE_ROLE_NONE &&
            k->role < STATE_ROLE_MAX)
            words_add(to, slice_str(state_role_to_str((enum state_role)k->role)),
                      slice_str(lang_text(x->c->lang, role_words[k->role])));
    }
}

static int compare_people(const void *a, const void *b, void *ctx)
{
    const struct state_person *p = a, *q = b;
    const struct units_ctx *x = ctx;
    size_t i = find_unit(x, p->unit), k = find_unit(x, q->unit);

    return i != k ? (i > k) - (i < k) : viet_cmp_name(x->order, p->name, q->name);
}

static void link_person(const struct units_ctx *x, struct state_id id)
{
    struct buf href = BUF_INIT(64);

    buf_puts(&href, "/people/");
    id_write(&href, id);
    if (x->c->links)
        table_link(x->t, buf_slice(&href));
    buf_done(&href);
}

static void write_person(const struct units_ctx *x, const struct state_person *p,
                         const struct state_grant *grants, size_t n)
{
    struct words roles = {BUF_INIT(1000), BUF_INIT(1000)};

    add_roles(x, p, grants, n, &roles);
    const struct slice texts[] = {
        p->name, p->code, p->title, p->skills, buf_slice(&roles.keys), buf_slice(&roles.texts)};

    if (is_valid(x, p->valid_from, p->valid_to) && is_found(x, texts, CANH_LEN(texts))) {
        table_text(x->t, code_of(x, p->unit));
        table_text(x->t, p->code);
        table_text(x->t, p->name);
        link_person(x, p->id);
        table_text(x->t, p->title);
        table_word_text(x->t, buf_slice(&roles.keys), buf_slice(&roles.texts));
        table_text(x->t, p->skills);
        table_row_end(x->t);
    }
    words_done(&roles);
}

/* The registers take the unit that is asked for with all below it. */
static struct state_query units_below(const struct view_query *q)
{
    return (struct state_query){.unit = q->unit, .below = !id_is_none(q->unit)};
}

int view_people(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err)
{
    struct units_ctx x = {.c = c, .q = q, .t = ret};
    struct state_query asked = units_below(q);
    struct state_person *people = NULL;
    struct state_grant *grants = NULL;
    size_t n = 0, grant_count = 0;
    int r;

    VIEW_BEGIN(c, ret, "people", person_columns);
    r = open_ctx(&x, err);
    if (r == 0)
        r = state_person_list(c->state, c->actor, &asked, c->arena, &people, &n, err);
    if (r == 0)
        r = state_grant_list(c->state, c->actor, &asked, c->arena, &grants, &grant_count, err);
    if (r == 0 && n > 0)
        qsort_r(people, n, sizeof(*people), compare_people, &x);
    if (r == 0 && grant_count > 0)
        qsort(grants, grant_count, sizeof(*grants), compare_grants);
    for (size_t i = 0; r == 0 && i < n; i++)
        write_person(&x, &people[i], grants, grant_count);
    return close_ctx(&x, r, err);
}

static const struct table_column asset_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 1},
    {.key = "code", .title = MSG_LIST_CODE},
    {.key = "kind", .title = MSG_LIST_KIND, .kind = TABLE_WORD, .rank = 3},
    {.key = "roles", .title = MSG_LIST_ASSET_ROLES, .kind = TABLE_WORD, .wrap = true},
    {.key = "level", .title = MSG_LIST_LEVEL, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "exposure", .title = MSG_LIST_EXPOSURE, .kind = TABLE_WORD, .rank = 4},
    {.key = "provider", .title = MSG_LIST_PROVIDER, .rank = 5},
    {.key = "name", .title = MSG_LIST_ASSET, .width = 20},
};

static const struct view_word exposures[] = {{"internet", MSG_LIST_INTERNET},
                                             {"intranet", MSG_LIST_INTRANET},
                                             {"none", MSG_LIST_NOTHING}};

static void write_asset(const struct units_ctx *x, const struct state_asset *a)
{
    struct words roles = {BUF_INIT(4000), BUF_INIT(4000)};
    struct slice rest = a->roles, role;

    while (slice_cut(&rest, ' ', &role))
        words_add(&roles, role, word_of(x, WORDS_ASSET_ROLES, role));
    const struct slice texts[] = {a->code,   a->name,     a->kind,  a->roles,
                                  a->system, a->provider, a->place, buf_slice(&roles.texts)};

    if (is_valid(x, a->valid_from, a->valid_to) && is_found(x, texts, CANH_LEN(texts))) {
        table_text(x->t, code_of(x, a->unit));
        table_text(x->t, a->code);
        table_word_text(x->t, a->kind, word_of(x, WORDS_ASSET_KINDS, a->kind));
        table_word_text(x->t, buf_slice(&roles.keys), buf_slice(&roles.texts));
        if (a->level > 0)
            table_number(x->t, a->level);
        else
            table_nothing(x->t);
        view_write_key(x->t, a->exposure, exposures, CANH_LEN(exposures));
        table_text(x->t, a->provider);
        table_text(x->t, a->name);
        table_row_end(x->t);
    }
    words_done(&roles);
}

static int compare_assets(const void *a, const void *b, void *ctx)
{
    const struct state_asset *p = a, *q = b;
    const struct units_ctx *x = ctx;
    size_t i = find_unit(x, p->unit), k = find_unit(x, q->unit);

    return i != k ? (i > k) - (i < k) : viet_cmp(x->order, p->code, q->code);
}

int view_assets(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err)
{
    struct units_ctx x = {.c = c, .q = q, .t = ret};
    struct state_query asked = units_below(q);
    struct state_asset *assets = NULL;
    size_t n = 0;
    int r;

    VIEW_BEGIN(c, ret, "assets", asset_columns);
    r = open_ctx(&x, err);
    if (r == 0)
        r = state_asset_list(c->state, c->actor, &asked, c->arena, &assets, &n, err);
    if (r == 0 && n > 0)
        qsort_r(assets, n, sizeof(*assets), compare_assets, &x);
    for (size_t i = 0; r == 0 && i < n; i++)
        write_asset(&x, &assets[i]);
    return close_ctx(&x, r, err);
}
