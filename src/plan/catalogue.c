/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/catalogue.h"

#include "lang/err_plan.h"
#include "lang/near.h"
#include "yaml/fields.h"

enum { TITLE_MAX = 1000, FIELDS_MAX = 64 };

static const struct {
    const char *key;
    unsigned text; /* what a word of it is called */
    uint32_t max;
} lists[WORDS_MAX] = {
    [WORDS_UNIT_KINDS] = {"unit-kinds", ERR_PLAN_KIND_OF_UNIT, CATALOGUE_SET_MAX},
    [WORDS_UNIT_TAGS] = {"unit-tags", ERR_PLAN_TAG_OF_UNITS, CATALOGUE_SET_MAX},
    [WORDS_ROLES] = {"roles", ERR_PLAN_ROLE, CATALOGUE_WORDS_MAX},
    [WORDS_ASSET_KINDS] = {"asset-kinds", ERR_PLAN_KIND_OF_ASSETS, CATALOGUE_SET_MAX},
    [WORDS_ASSET_ROLES] = {"asset-roles", ERR_PLAN_ROLE_OF_ASSETS, CATALOGUE_SET_MAX},
    [WORDS_EVENTS] = {"events", ERR_PLAN_EVENT, CATALOGUE_WORDS_MAX},
    [WORDS_EVIDENCE] = {"evidence", ERR_PLAN_KIND_OF_EVIDENCE, CATALOGUE_WORDS_MAX},
};

static const char *const from_names[FROM_MAX] = {
    "plan",   "duty",  "directory", "notice", "request", "order",
    "review", "probe", "form",      "file",   "check",   "case",
};

static const char *const strength_names[] = {"none", "declared", "confirmed", "measured"};
static const char *const method_names[] = {NULL, "examine", "interview", "test"};

static const struct unit_kind plain_unit = {.layout = SLICE_INIT("government"),
                                            .daily = SLICE_INIT("agency-daily")};

unsigned word_list_text(enum word_list list)
{
    return lists[list].text;
}

const char *strength_to_str(enum strength s)
{
    return strength_names[s];
}

static int find_name(const char *const *names, int count, struct slice s)
{
    for (int i = 0; i < count; i++) {
        if (names[i] && slice_is(s, names[i]))
            return i;
    }
    return -1;
}

enum strength strength_from_str(struct slice s)
{
    int i = find_name(strength_names, CANH_LEN(strength_names), s);

    return i < 0 ? STRENGTH_NONE : (enum strength)i;
}

const char *evidence_from_to_str(enum evidence_from from)
{
    return from_names[from];
}

uint32_t catalogue_find(const struct catalogue *c, enum word_list list, struct slice id)
{
    for (uint32_t i = 0; i < c->count[list]; i++) {
        if (slice_eq(c->words[list][i].id, id))
            return i;
    }
    return UINT32_MAX;
}

const struct unit_kind *catalogue_unit_kind(const struct catalogue *c, struct slice id)
{
    uint32_t at = catalogue_find(c, WORDS_UNIT_KINDS, id);

    return at == UINT32_MAX ? &plain_unit : &c->unit_kinds[at];
}

struct slice catalogue_near(const struct catalogue *c, enum word_list list, struct slice id)
{
    size_t i = near_find(id, c->words[list], c->count[list], sizeof(struct word));

    return i == SIZE_MAX ? SLICE_NULL : c->words[list][i].id;
}

/* One of a few names under a key; absent leaves *ret. */
static int read_choice(const struct yaml_node *map, const char *key, const char *const *names,
                       int count, int *ret, struct err *err)
{
    const struct yaml_node *value = yaml_get(map, key);
    int i = value && value->kind == YAML_SCALAR ? find_name(names, count, value->text) : -1;

    if (value == NULL)
        return yaml_fail(map, err, CE_MISSING, ERR_PLAN_MISSING, key);
    if (i < 0)
        return yaml_fail(value, err, CE_UNKNOWN, ERR_PLAN_UNKNOWN, key,
                         slice_head(value->text, 60));
    *ret = i;
    return 0;
}

/* Which fields of a form a kind of evidence is about. */
static int read_fields(struct arena *arena, const struct yaml_node *map, struct evidence_kind *k,
                       struct err *err)
{
    struct yaml_node *list = NULL;

    if (yaml_read_list(map, "fields", FIELDS_MAX, &list, &k->field_count, err) < 0)
        return -err->code;
    if (k->field_count == 0)
        return 0;
    if (k->from != FROM_FORM)
        return yaml_fail(list, err, CE_CONFLICT, ERR_PLAN_ONLY_FORMS_HAVE_FIELDS);
    k->fields = arena_new_array(arena, k->field_count, struct slice);
    if (k->fields == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < k->field_count; i++) {
        if (yaml_name(yaml_item(list, i), &k->fields[i], err) < 0)
            return -err->code;
    }
    return 0;
}

static int read_evidence(struct arena *arena, const struct yaml_node *map, struct evidence_kind *k,
                         struct err *err)
{
    static const char *const by[] = {"person", "machine"};
    struct yaml_node *lasts = yaml_get(map, "lasts");
    int from = 0, strength = 0, method = 0, machine = 0;
    struct err inner = ERR_INIT;

    if (read_choice(map, "from", from_names, FROM_MAX, &from, err) < 0 ||
        read_choice(map, "strength", strength_names, 4, &strength, err) < 0 ||
        read_choice(map, "method", method_names, 4, &method, err) < 0 ||
        read_choice(map, "by", by, 2, &machine, err) < 0 ||
        yaml_read_text(map, "what", TITLE_MAX, &k->what, err) < 0 ||
        yaml_read_text(map, "waits", TITLE_MAX, &k->waits, err) < 0 ||
        yaml_read_bool(map, "stands", &k->stands, err) < 0)
        return -err->code;
    if (lasts && lasts->kind != YAML_SCALAR)
        return yaml_fail(lasts, err, CE_SYNTAX, ERR_PLAN_LASTS_LENGTH_TIME_LIKE_30D);
    if (lasts && span_parse(lasts->text, &k->lasts, &inner) < 0)
        return yaml_fail_inside(lasts, inner.col - 1, err, CE_SYNTAX, ERR_BASE_TEXT, &inner);
    k->from = (enum evidence_from)from;
    k->strength = (enum strength)strength;
    k->method = (uint8_t)method;
    k->machine = machine != 0;
    return read_fields(arena, map, k, err);
}

static int read_unit_kind(const struct yaml_node *map, const struct word *w, struct unit_kind *k,
                          struct err *err)
{
    struct slice layout = SLICE_NULL, daily = SLICE_NULL;

    if (yaml_read_text(map, "brief-vi", TITLE_MAX, &k->brief.vi, err) < 0 ||
        yaml_read_text(map, "brief-en", TITLE_MAX, &k->brief.en, err) < 0 ||
        yaml_read_text(map, "layout", TITLE_MAX, &layout, err) < 0 ||
        yaml_read_text(map, "daily", TITLE_MAX, &daily, err) < 0)
        return -err->code;
    if (k->brief.vi.n == 0 || k->brief.en.n == 0)
        k->brief = w->title;
    k->layout = layout.n ? layout : plain_unit.layout;
    k->daily = daily.n ? daily : plain_unit.daily;
    return 0;
}

/* What words of some lists have beside their titles, by the same index. */
struct kinds {
    struct evidence_kind *evidence;
    struct unit_kind *units;
};

static int read_word(struct arena *arena, const struct catalogue *c, enum word_list list,
                     uint32_t i, const struct yaml_node *map, const struct kinds *kinds,
                     struct err *err)
{
    static const char *const plain[] = {"id", "vi", "en", "also", NULL};
    static const char *const units[] = {"id",       "vi",     "en",    "also", "brief-vi",
                                        "brief-en", "layout", "daily", NULL};
    static const char *const evidence[] = {"id",     "vi",     "en",       "from",  "what",
                                           "by",     "method", "strength", "lasts", "waits",
                                           "stands", "fields", NULL};
    struct word *w = &c->words[list][i];
    struct yaml_node *id;

    if (yaml_only_keys(map,
                       kinds->evidence ? evidence
                       : kinds->units  ? units
                                       : plain,
                       err) < 0 ||
        yaml_need(map, "id", &id, err) < 0 || yaml_name(id, &w->id, err) < 0 ||
        yaml_read_text(map, "vi", TITLE_MAX, &w->title.vi, err) < 0 ||
        yaml_read_text(map, "en", TITLE_MAX, &w->title.en, err) < 0 ||
        (list != WORDS_EVIDENCE && yaml_read_text(map, "also", TITLE_MAX, &w->also, err) < 0))
        return -err->code;
    if (w->title.vi.n == 0 || w->title.en.n == 0)
        return yaml_fail(map, err, CE_MISSING, ERR_PLAN_VI_AND_EN_BOTH_WANTED);
    for (uint32_t k = 0; k < i; k++) {
        if (slice_eq(c->words[list][k].id, w->id))
            return yaml_fail(id, err, CE_EXISTS, ERR_PLAN_STANDS_HERE_TWICE,
                             ERR_ID(lists[list].text), w->id);
    }
    if (kinds->units)
        return read_unit_kind(map, w, &kinds->units[i], err);
    return kinds->evidence ? read_evidence(arena, map, &kinds->evidence[i], err) : 0;
}

static int read_list(struct arena *arena, struct catalogue *c, enum word_list list,
                     const struct yaml_node *root, struct err *err)
{
    struct kinds kinds = {.evidence = NULL};
    struct yaml_node *node;
    uint32_t count;

    if (yaml_read_list(root, lists[list].key, lists[list].max, &node, &count, err) < 0)
        return -err->code;
    c->words[list] = arena_new_array(arena, count + 1, struct word);
    if (list == WORDS_EVIDENCE)
        c->evidence = kinds.evidence = arena_new_array(arena, count + 1, struct evidence_kind);
    if (list == WORDS_UNIT_KINDS)
        c->unit_kinds = kinds.units = arena_new_array(arena, count + 1, struct unit_kind);
    if (c->words[list] == NULL || (list == WORDS_EVIDENCE && kinds.evidence == NULL) ||
        (list == WORDS_UNIT_KINDS && kinds.units == NULL))
        return err_nomem(err);
    for (uint32_t i = 0; i < count; i++, c->count[list]++) {
        if (read_word(arena, c, list, i, yaml_item(node, i), &kinds, err) < 0)
            return -err->code;
    }
    return 0;
}

int catalogue_parse(struct arena *arena, struct slice text, const struct catalogue **ret,
                    struct err *err)
{
    static const char *const keys[] = {"catalogue", "unit-kinds",  "unit-tags",
                                       "roles",     "asset-kinds", "asset-roles",
                                       "events",    "evidence",    NULL};
    struct catalogue *c = arena_new(arena, struct catalogue);
    struct err here = ERR_INIT, *e = err ? err : &here;
    struct yaml_node *root = NULL;
    int r;

    if (c == NULL)
        return err_nomem(err);
    r = yaml_parse_one(arena, text, &yaml_default_limits, &root, e);
    if (r < 0)
        return r;
    r = yaml_only_keys(root, keys, e);
    for (int list = 0; list < WORDS_MAX && r == 0; list++)
        r = read_list(arena, c, (enum word_list)list, root, e);
    if (r == 0)
        *ret = c;
    return r;
}
