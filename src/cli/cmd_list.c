/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* canh list: the registers of units, people and assets, searched without regard to tones. */
#include <stdlib.h>

#include "cli/ledger.h"
#include "cli/tabular.h"
#include "lang/collate.h"
#include "lang/msg_list.h"
#include "lang/msg_plan.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"
#include "state/assets.h"

struct list_options {
    const char *state, *unit, *find, *at;
    bool json;
};

struct listing {
    struct ledger l;
    struct state_unit unit; /* id none: all */
    struct state_unit *units;
    size_t unit_count;
    int64_t at;
    struct slice find; /* words, folded */
    const struct catalogue *words;
    struct viet *viet;
    struct tabular out;
};

typedef int list_fn(struct listing *x, struct err *err);

/* Every word that is looked for occurs somewhere in the texts. */
static bool is_found(const struct listing *x, const struct slice *texts, size_t n)
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

static bool is_valid(const struct listing *x, int64_t from, int64_t to)
{
    return from <= x->at && (to == 0 || x->at < to);
}

static struct slice code_of(const struct listing *x, struct state_id unit)
{
    for (size_t i = 0; i < x->unit_count; i++)
        if (id_eq(x->units[i].id, unit))
            return x->units[i].code;
    return SLICE_NULL;
}

static struct state_query asked(const struct listing *x)
{
    return (struct state_query){.unit = x->unit.id, .below = !id_is_none(x->unit.id)};
}

/* A word of the catalogue in the reader's language; a program reads its id. */
static struct slice word_in(const struct listing *x, enum word_list list, struct slice id)
{
    uint32_t at = catalogue_find(x->words, list, id);

    if (at != UINT32_MAX && !x->out.json) {
        const struct word *w = &x->words->words[list][at];

        return x->l.app->lang == LANG_VI ? w->title.vi : w->title.en;
    }
    return id;
}

/* Where a unit stands in the tree. */
static size_t rank_of(const struct listing *x, struct state_id unit)
{
    size_t i = 0;

    while (i < x->unit_count && !id_eq(x->units[i].id, unit))
        i++;
    return i;
}

/* -- units ------------------------------------------------------------------------------------ */

static const struct tabular_column units_columns[] = {
    {"code", MSG_LIST_CODE, false},   {"above", MSG_LIST_ABOVE, false},
    {"kind", MSG_LIST_KIND, false},   {"since", MSG_LIST_SINCE, false},
    {"until", MSG_LIST_UNTIL, false}, {"name", MSG_LIST_NAME, false},
};

static int list_units(struct listing *x, struct err *err)
{
    struct tabular *g = &x->out;

    (void)err;
    for (size_t i = 0; i < x->unit_count; i++) {
        const struct state_unit *u = &x->units[i];
        const struct slice texts[] = {u->code, u->name, u->short_name, u->area};

        if (!is_found(x, texts, CANH_LEN(texts)) ||
            (!id_is_none(x->unit.id) && !state_unit_below(x->l.s, u->id, x->unit.id, x->at)))
            continue;
        tabular_text(g, u->code);
        tabular_text(g, code_of(x, u->parent));
        tabular_text(g, word_in(x, WORDS_UNIT_KINDS, u->kind));
        tabular_time(g, u->valid_from);
        tabular_time(g, u->valid_to);
        tabular_text(g, u->name);
        tabular_row(g);
    }
    return 0;
}

/* -- people ----------------------------------------------------------------------------------- */

static const struct tabular_column people_columns[] = {
    {"unit", MSG_LIST_UNIT, false},   {"code", MSG_LIST_CODE, false},
    {"name", MSG_LIST_PERSON, false}, {"title", MSG_LIST_POSITION, false},
    {"roles", MSG_LIST_ROLES, false}, {"skills", MSG_LIST_SKILLS, false},
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

/* A person's roles, one after the other: codes where a program reads, words where a person does. */
static struct slice roles_of(struct listing *x, const struct state_person *p,
                             const struct state_grant *grants, size_t n)
{
    struct buf text = BUF_INIT(1000);
    struct slice ret;

    for (size_t i = 0; i < n; i++) {
        const struct state_grant *k = &grants[i];

        if (!id_eq(k->person, p->id) || !is_valid(x, k->valid_from, k->valid_to) ||
            k->role <= STATE_ROLE_NONE || k->role >= STATE_ROLE_MAX)
            continue;
        buf_puts(&text, text.len == 0 ? "" : x->out.json ? " " : ", ");
        buf_puts(&text, x->out.json ? state_role_to_str((enum state_role)k->role)
                                    : lang_text(x->l.app->lang, role_words[k->role]));
    }
    ret = arena_dup(&x->l.arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

/* By unit in the order of the tree, then by name. */
static int compare_people(const void *a, const void *b, void *ctx)
{
    const struct state_person *p = a, *q = b;
    const struct listing *x = ctx;
    size_t i = rank_of(x, p->unit), k = rank_of(x, q->unit);

    return i != k ? (i > k) - (i < k) : viet_cmp_name(x->viet, p->name, q->name);
}

static void put_person(struct listing *x, const struct state_person *p, struct slice roles)
{
    tabular_text(&x->out, code_of(x, p->unit));
    tabular_text(&x->out, p->code);
    tabular_text(&x->out, p->name);
    tabular_text(&x->out, p->title);
    tabular_text(&x->out, roles);
    tabular_text(&x->out, p->skills);
    tabular_row(&x->out);
}

static int list_people(struct listing *x, struct err *err)
{
    struct state_query q = asked(x);
    struct state_person *people = NULL;
    struct state_grant *grants = NULL;
    size_t n = 0, grant_count = 0;
    int r = state_person_list(x->l.s, &x->l.actor, &q, &x->l.arena, &people, &n, err);

    if (r == 0)
        r = state_grant_list(x->l.s, &x->l.actor, &q, &x->l.arena, &grants, &grant_count, err);
    if (r < 0)
        return r;
    if (n > 0)
        qsort_r(people, n, sizeof(*people), compare_people, x);
    for (size_t i = 0; i < n; i++) {
        struct slice roles = roles_of(x, &people[i], grants, grant_count);
        const struct slice texts[] = {people[i].name, people[i].code, people[i].title,
                                      people[i].skills, roles};

        if (is_valid(x, people[i].valid_from, people[i].valid_to) &&
            is_found(x, texts, CANH_LEN(texts)))
            put_person(x, &people[i], roles);
    }
    return 0;
}

/* -- assets ----------------------------------------------------------------------------------- */

static const struct tabular_column assets_columns[] = {
    {"unit", MSG_LIST_UNIT, false},         {"code", MSG_LIST_CODE, false},
    {"kind", MSG_LIST_KIND, false},         {"roles", MSG_LIST_ASSET_ROLES, false},
    {"level", MSG_LIST_LEVEL, true},        {"exposure", MSG_LIST_EXPOSURE, false},
    {"provider", MSG_LIST_PROVIDER, false}, {"name", MSG_LIST_ASSET, false},
};

static struct slice exposure_in(const struct listing *x, struct slice id)
{
    static const struct {
        const char *id;
        msg_id text;
    } words[] = {{"internet", MSG_LIST_INTERNET},
                 {"intranet", MSG_LIST_INTRANET},
                 {"none", MSG_LIST_NOTHING}};

    for (size_t i = 0; i < CANH_LEN(words) && !x->out.json; i++)
        if (slice_is(id, words[i].id))
            return slice_str(lang_text(x->l.app->lang, words[i].text));
    return id;
}

/* Each of the roles in words. */
static struct slice uses_of(struct listing *x, const struct state_asset *a)
{
    struct slice rest = a->roles, role, ret;
    struct buf text = BUF_INIT(4000);

    while (slice_cut(&rest, ' ', &role)) {
        buf_puts(&text, text.len == 0 ? "" : x->out.json ? " " : ", ");
        buf_put_slice(&text, word_in(x, WORDS_ASSET_ROLES, role));
    }
    ret = arena_dup(&x->l.arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

static void put_asset(struct listing *x, const struct state_asset *a)
{
    struct tabular *g = &x->out;
    struct slice uses = uses_of(x, a);
    const struct slice texts[] = {a->code,   a->name,     a->kind,  a->roles,
                                  a->system, a->provider, a->place, uses};

    if (!is_valid(x, a->valid_from, a->valid_to) || !is_found(x, texts, CANH_LEN(texts)))
        return;
    tabular_text(g, code_of(x, a->unit));
    tabular_text(g, a->code);
    tabular_text(g, a->kind);
    tabular_text(g, uses);
    if (a->level > 0)
        tabular_number(g, a->level);
    else
        tabular_none(g);
    tabular_text(g, exposure_in(x, a->exposure));
    tabular_text(g, a->provider);
    tabular_text(g, a->name);
    tabular_row(g);
}

/* By unit in the order of the tree, then by code. */
static int compare_assets(const void *a, const void *b, void *ctx)
{
    const struct state_asset *p = a, *q = b;
    const struct listing *x = ctx;
    size_t i = rank_of(x, p->unit), k = rank_of(x, q->unit);

    return i != k ? (i > k) - (i < k) : viet_cmp(x->viet, p->code, q->code);
}

static int list_assets(struct listing *x, struct err *err)
{
    struct state_query q = asked(x);
    struct state_asset *assets = NULL;
    size_t n = 0;
    int r = state_asset_list(x->l.s, &x->l.actor, &q, &x->l.arena, &assets, &n, err);

    if (r < 0)
        return r;
    if (n > 0)
        qsort_r(assets, n, sizeof(*assets), compare_assets, x);
    for (size_t i = 0; i < n; i++)
        put_asset(x, &assets[i]);
    return 0;
}

/* -- all of them ------------------------------------------------------------------------------ */

static int open_listing(struct app *app, const struct list_options *o, struct listing *x)
{
    int status = ledger_open(app, o->state, STATE_READ, &x->l);

    if (status != 0)
        return status;
    x->at = state_now(x->l.s);
    if (o->unit != NULL)
        status = ledger_unit(&x->l, o->unit, &x->unit);
    if (status == 0)
        status = ledger_time(app, "at", o->at, false, &x->at);
    if (status != 0)
        ledger_close(&x->l);
    return status;
}

static int run(struct app *app, const struct list_options *o, const struct tabular_column *columns,
               unsigned count, list_fn *list)
{
    struct buf find = BUF_INIT(4096);
    struct listing x = {.unit = {.id = STATE_ID_NONE}};
    struct err err = ERR_INIT;
    int status = open_listing(app, o, &x), r;

    if (status != 0)
        return status;
    if (o->find != NULL)
        viet_fold(slice_str(o->find), &find);
    x.find = buf_slice(&find);
    tabular_init(&x.out, app, columns, count, o->json);
    r = catalogue_parse(&x.l.arena, proof_data("catalogue.yaml"), &x.words, &err);
    if (r == 0)
        r = viet_new(&x.viet, &err);
    if (r == 0)
        r = state_units_at(x.l.s, &x.l.actor, x.at, &x.l.arena, &x.units, &x.unit_count, &err);
    if (r == 0)
        r = list(&x, &err);
    tabular_done(&x.out);
    if (r < 0)
        status = ledger_fail(&x.l, &err);
    viet_free(x.viet);
    ledger_close(&x.l);
    buf_done(&find);
    return status;
}

#define LIST(what)                                                                                 \
    static int run_##what(struct app *app, const void *values, const struct operands *operands)    \
    {                                                                                              \
        (void)operands;                                                                            \
        return run(app, values, what##_columns, CANH_LEN(what##_columns), list_##what);            \
    }

LIST(units)
LIST(people)
LIST(assets)

static const struct option_spec specs[] = {
    LEDGER_OPTION(struct list_options),
    OPTION_TEXT("unit", 'u', struct list_options, unit, "CODE", COMPLETE_NONE, MSG_LIST_OPT_UNIT),
    OPTION_TEXT("find", 'f', struct list_options, find, "TEXT", COMPLETE_NONE, MSG_LIST_OPT_FIND),
    OPTION_TEXT("at", 0, struct list_options, at, "TIME", COMPLETE_NONE, MSG_LIST_OPT_AT),
    OPTION_FLAG("json", 'j', struct list_options, json, MSG_PLAN_OPT_JSON),
};

#define VERB(word, text)                                                                           \
    {                                                                                              \
        .name = #word, .summary = (text), VERB_OPTIONS(specs),                                     \
        .options_size = sizeof(struct list_options), .run = run_##word                             \
    }

static const struct verb verb_units = VERB(units, MSG_LIST_UNITS);
static const struct verb verb_people = VERB(people, MSG_LIST_PEOPLE);
static const struct verb verb_assets = VERB(assets, MSG_LIST_ASSETS);
static const struct verb *const subs[] = {&verb_units, &verb_people, &verb_assets, NULL};

const struct verb verb_lists = {.name = "list",
                                .summary = MSG_LIST_SUMMARY,
                                .about = MSG_LIST_ABOUT,
                                .subs = subs};
