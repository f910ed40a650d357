/* SPDX-License-Identifier: Apache-2.0 */
/* YAML → form. */
#include "form/form.h"

#include "base/num.h"
#include "lang/err_form.h"
#include "lang/near.h"
#include "yaml/fields.h"

enum {
    TITLE_MAX_BYTES = 400,
    HINT_MAX_BYTES = 1000,
    CHOICES_MAX = 200,
    LIMITS_MAX = 16,
    KINDS_MAX = 32,
    MEMORY_NODES = 100000
};

static const char *const every_names[FORM_EVERY_MAX] = {"shift", "day",   "week",
                                                        "month", "event", "once"};
static const char *const severity_names[FORM_SEVERITY_MAX] = {"green", "yellow", "orange", "red"};
static const char *const origin_names[FORM_ORIGIN_MAX] = {"document", "law", "proposal"};

const char *field_kind_to_str(enum field_kind k)
{
    return k < FIELD_KIND_MAX ? field_types[k].name : "?";
}

const char *form_every_to_str(enum form_every e)
{
    return e < FORM_EVERY_MAX ? every_names[e] : "?";
}

const char *form_origin_to_str(enum form_origin o)
{
    return o < FORM_ORIGIN_MAX ? origin_names[o] : "?";
}

struct reader {
    struct arena *arena;
    struct form *form;
    struct err *err;
};

static int no_memory(struct reader *r)
{
    return err_nomem(r->err);
}

/* {vi: …, en: …}, or one text for both. */
static int read_text(struct reader *r, const struct yaml_node *map, const char *key, size_t max,
                     struct title *ret)
{
    static const char *const keys[] = {"vi", "en", NULL};
    const struct yaml_node *node = yaml_get(map, key);

    if (yaml_is_null(node))
        return 0;
    if (node->kind == YAML_SCALAR)
        return yaml_read_text(map, key, max, &ret->vi, r->err);
    if (yaml_only_keys(node, keys, r->err) < 0 ||
        yaml_read_text(node, "vi", max, &ret->vi, r->err) < 0 ||
        yaml_read_text(node, "en", max, &ret->en, r->err) < 0)
        return -r->err->code;
    return ret->vi.n > 0 ? 0
                         : yaml_fail(node, r->err, CE_MISSING, ERR_FORM_VIETNAMESE_TEXT_MISSING);
}

static int need_title(struct reader *r, const struct yaml_node *map, struct title *ret)
{
    if (read_text(r, map, "title", TITLE_MAX_BYTES, ret) < 0)
        return -r->err->code;
    return ret->vi.n > 0 ? 0 : yaml_fail(map, r->err, CE_MISSING, ERR_FORM_TITLE_MISSING);
}

static int need_name(struct reader *r, const struct yaml_node *map, const char *key,
                     struct slice *ret)
{
    struct yaml_node *node;

    if (yaml_need(map, key, &node, r->err) < 0)
        return -r->err->code;
    return yaml_name(node, ret, r->err);
}

/* One word of a list; *ret stays when the key is absent. */
static int read_word(struct reader *r, const struct yaml_node *map, const char *key,
                     const char *const *words, unsigned count, int *ret)
{
    const struct yaml_node *node = yaml_get(map, key);
    struct slice names[16];
    size_t near;

    if (yaml_is_null(node))
        return 0;
    for (unsigned i = 0; i < count; i++) {
        names[i] = slice_str(words[i]);
        if (node->kind == YAML_SCALAR && slice_eq(node->text, names[i])) {
            *ret = (int)i;
            return 0;
        }
    }
    near = near_find(node->text, names, count, sizeof(names[0]));
    if (near == SIZE_MAX)
        return yaml_fail(node, r->err, CE_UNKNOWN, ERR_FORM_UNKNOWN, key);
    return yaml_fail(node, r->err, CE_UNKNOWN, ERR_FORM_UNKNOWN_MEANT, key, words[near]);
}

static int read_double(struct reader *r, const struct yaml_node *map, const char *key, bool *has,
                       double *ret)
{
    const struct yaml_node *node = yaml_get(map, key);

    if (yaml_is_null(node))
        return 0;
    if (!yaml_double(node, ret))
        return yaml_fail(node, r->err, CE_SYNTAX, ERR_FORM_NUMBER_WANTED);
    *has = true;
    return 0;
}

static int parse_limit(struct reader *r, const struct yaml_node *node, struct form_limit *l)
{
    static const char *const keys[] = {"id",     "title", "min",   "max",     "severity", "origin",
                                       "source", "from",  "until", "checked", NULL};
    int severity = FORM_YELLOW, origin = FORM_PROPOSAL;

    *l = (struct form_limit){.from = INT64_MIN, .until = INT64_MAX, .checked = INT64_MIN};
    if (yaml_only_keys(node, keys, r->err) < 0 || need_name(r, node, "id", &l->id) < 0 ||
        need_title(r, node, &l->title) < 0 ||
        read_double(r, node, "min", &l->has_min, &l->min) < 0 ||
        read_double(r, node, "max", &l->has_max, &l->max) < 0 ||
        read_word(r, node, "severity", severity_names, FORM_SEVERITY_MAX, &severity) < 0 ||
        read_word(r, node, "origin", origin_names, FORM_ORIGIN_MAX, &origin) < 0 ||
        read_text(r, node, "source", HINT_MAX_BYTES, &l->source) < 0 ||
        yaml_read_date(node, "from", &l->from, r->err) < 0 ||
        yaml_read_date(node, "until", &l->until, r->err) < 0 ||
        yaml_read_date(node, "checked", &l->checked, r->err) < 0)
        return -r->err->code;
    l->severity = (enum form_severity)severity;
    l->origin = (enum form_origin)origin;
    if (!l->has_min && !l->has_max)
        return yaml_fail(node, r->err, CE_MISSING, ERR_FORM_LIMIT_NEEDS_MIN_OR_MAX);
    if (l->has_min && l->has_max && l->min > l->max)
        return yaml_fail(node, r->err, CE_CONFLICT, ERR_FORM_MIN_OVER_MAX);
    if (l->from >= l->until)
        return yaml_fail(node, r->err, CE_CONFLICT, ERR_FORM_FROM_NOT_BEFORE_UNTIL);
    if (l->origin != FORM_PROPOSAL && l->source.vi.n == 0 && l->source.en.n == 0)
        return yaml_fail(node, r->err, CE_MISSING, ERR_FORM_LIMIT_NO_PROPOSAL_NEEDS_SOURCE);
    return 0;
}

static int parse_limits(struct reader *r, const struct yaml_node *map, struct form_field *f)
{
    struct yaml_node *list = NULL;

    if (yaml_read_list(map, "limits", LIMITS_MAX, &list, &f->limit_count, r->err) < 0)
        return -r->err->code;
    if (f->limit_count == 0)
        return 0;
    if (!field_types[f->kind].limits)
        return yaml_fail(list, r->err, CE_CONFLICT, ERR_FORM_ONLY_NUMBERS_COUNTS_AND_YES);
    f->limits = arena_new_array(r->arena, f->limit_count, struct form_limit);
    if (f->limits == NULL)
        return no_memory(r);
    for (uint32_t i = 0; i < f->limit_count; i++) {
        if (parse_limit(r, yaml_item(list, i), &f->limits[i]) < 0)
            return -r->err->code;
    }
    return 0;
}

static int parse_choices(struct reader *r, const struct yaml_node *map, struct form_field *f)
{
    static const char *const keys[] = {"id", "title", NULL};
    struct yaml_node *list = NULL;

    if (yaml_read_list(map, "choices", CHOICES_MAX, &list, &f->choice_count, r->err) < 0)
        return -r->err->code;
    if (field_types[f->kind].choices != (f->choice_count > 0))
        return yaml_fail(list ? list : map, r->err, CE_CONFLICT,
                         ERR_FORM_CHOICE_NEEDS_CHOICES_AND_NOTHING);
    f->choices = arena_new_array(r->arena, CANH_MAX(f->choice_count, 1u), struct form_choice);
    if (f->choices == NULL)
        return no_memory(r);
    for (uint32_t i = 0; i < f->choice_count; i++) {
        const struct yaml_node *node = yaml_item(list, i);

        if (yaml_only_keys(node, keys, r->err) < 0 ||
            need_name(r, node, "id", &f->choices[i].id) < 0 ||
            need_title(r, node, &f->choices[i].title) < 0)
            return -r->err->code;
        for (uint32_t k = 0; k < i; k++) {
            if (slice_eq(f->choices[k].id, f->choices[i].id))
                return yaml_fail(node, r->err, CE_EXISTS, ERR_FORM_THIS_CHOICE_ALREADY);
        }
    }
    return 0;
}

static int parse_bounds(struct reader *r, const struct yaml_node *node, struct form_field *f)
{
    int64_t chars = field_types[f->kind].chars;

    if (read_double(r, node, "min", &f->has_min, &f->min) < 0 ||
        read_double(r, node, "max", &f->has_max, &f->max) < 0 ||
        yaml_read_int(node, "chars", 1, FORM_TEXT_MAX, &chars, r->err) < 0)
        return -r->err->code;
    f->text_max = (uint32_t)chars;
    if ((f->has_min || f->has_max) && !field_types[f->kind].bounds)
        return yaml_fail(node, r->err, CE_CONFLICT, ERR_FORM_ONLY_NUMBERS_AND_COUNTS_HAVE);
    if (f->has_min && f->has_max && f->min > f->max)
        return yaml_fail(node, r->err, CE_CONFLICT, ERR_FORM_MIN_OVER_MAX);
    if (f->kind == FIELD_COUNT && !f->has_min) {
        f->has_min = true;
        f->min = 0;
    }
    return 0;
}

static int parse_field(struct reader *r, const struct yaml_node *node, uint32_t group)
{
    static const char *const keys[] = {"field",       "title",       "unit",    "hint",
                                       "kind",        "required",    "nothing", "carry",
                                       "no-personal", "min",         "max",     "chars",
                                       "at-most",     "required-if", "choices", "limits",
                                       "unfinished",  "hours",       NULL};
    struct form_field *f = &r->form->fields[r->form->field_count];
    const char *kinds[FIELD_KIND_MAX];
    int kind = -1;

    for (int i = 0; i < FIELD_KIND_MAX; i++)
        kinds[i] = field_types[i].name;
    if (yaml_only_keys(node, keys, r->err) < 0 || need_name(r, node, "field", &f->id) < 0 ||
        need_title(r, node, &f->title) < 0 ||
        read_text(r, node, "unit", TITLE_MAX_BYTES, &f->unit) < 0 ||
        read_text(r, node, "hint", HINT_MAX_BYTES, &f->hint) < 0 ||
        read_word(r, node, "kind", kinds, FIELD_KIND_MAX, &kind) < 0 ||
        yaml_read_bool(node, "required", &f->required, r->err) < 0 ||
        yaml_read_bool(node, "nothing", &f->nothing, r->err) < 0 ||
        yaml_read_bool(node, "carry", &f->carry, r->err) < 0 ||
        yaml_read_bool(node, "no-personal", &f->no_personal, r->err) < 0)
        return -r->err->code;
    if (kind < 0)
        return yaml_fail(node, r->err, CE_MISSING, ERR_FORM_FIELDS_KIND_MISSING);
    if (form_field(r->form, f->id) != NULL)
        return yaml_fail(node, r->err, CE_EXISTS, ERR_FORM_FIELD_THIS_NAME_ALREADY);
    f->kind = (enum field_kind)kind;
    f->group = group;
    f->index = r->form->field_count;
    f->unfinished.field = f->index;
    if (yaml_read_text(node, "unfinished", TITLE_MAX_BYTES, &f->unfinished.text, r->err) < 0)
        return -r->err->code;
    if (f->unfinished.text.n > 0) {
        f->unfinished.kind = IF_IS;
        if (!field_types[kind].unfinished)
            return yaml_fail(node, r->err, CE_CONFLICT, ERR_FORM_ONLY_CHOICE_OR_YES_NO);
    }
    if (parse_bounds(r, node, f) < 0 || parse_choices(r, node, f) < 0 ||
        parse_limits(r, node, f) < 0)
        return -r->err->code;
    r->form->field_count++;
    return 0;
}

/* The index of a field that one of a group refers to; group UINT32_MAX: of any. */
static int form_refer(struct reader *r, const struct yaml_node *node, uint32_t group, uint32_t *ret)
{
    const struct form_field *f =
        node && node->kind == YAML_SCALAR ? form_field(r->form, node->text) : NULL;

    if (f == NULL)
        return yaml_fail(node, r->err, CE_UNKNOWN, ERR_FORM_NO_SUCH_FIELD);
    if (group != UINT32_MAX && f->group != group && r->form->groups[f->group].rows > 0)
        return yaml_fail(node, r->err, CE_CONFLICT, ERR_FORM_FIELD_ANOTHER_REPEATED_GROUP);
    *ret = f->index;
    return 0;
}

/* {field: x, is: y}, {field: x, above: 0} or {field: x, answered: yes}; group: of the field that
 * asks, or UINT32_MAX. */
static int parse_if(struct reader *r, const struct yaml_node *cond, uint32_t group,
                    struct form_if *ret)
{
    static const char *const keys[] = {"field", "is", "above", "answered", NULL};
    bool above = false;
    unsigned given;

    if (yaml_only_keys(cond, keys, r->err) < 0 ||
        form_refer(r, yaml_get(cond, "field"), group, &ret->field) < 0 ||
        yaml_read_text(cond, "is", TITLE_MAX_BYTES, &ret->text, r->err) < 0 ||
        read_double(r, cond, "above", &above, &ret->number) < 0)
        return -r->err->code;
    given = (ret->text.n > 0) + above + (yaml_get(cond, "answered") != NULL);
    if (given != 1)
        return yaml_fail(cond, r->err, CE_SYNTAX, ERR_FORM_ONE_ABOVE_ANSWERED_WANTED);
    ret->kind = above ? IF_ABOVE : ret->text.n > 0 ? IF_IS : IF_ANSWERED;
    return 0;
}

/* {from: x, until: y}: two moments. */
static int parse_hours(struct reader *r, const struct yaml_node *hours, struct form_field *f)
{
    static const char *const keys[] = {"from", "until", NULL};
    uint32_t from = 0, until = 0;

    if (yaml_only_keys(hours, keys, r->err) < 0 ||
        form_refer(r, yaml_get(hours, "from"), f->group, &from) < 0 ||
        form_refer(r, yaml_get(hours, "until"), f->group, &until) < 0)
        return -r->err->code;
    if (f->kind != FIELD_NUMBER || r->form->fields[from].kind != FIELD_MOMENT ||
        r->form->fields[until].kind != FIELD_MOMENT)
        return yaml_fail(hours, r->err, CE_CONFLICT, ERR_FORM_HOURS_BETWEEN_MOMENTS);
    f->hours_from = from + 1;
    f->hours_until = until + 1;
    return 0;
}

/* What refers to other fields, once all are known. */
static int parse_references(struct reader *r, const struct yaml_node *node, struct form_field *f)
{
    const struct yaml_node *most = yaml_get(node, "at-most"), *cond = yaml_get(node, "required-if"),
                           *hours = yaml_get(node, "hours");
    uint32_t other = 0;

    if (most != NULL) {
        if (form_refer(r, most, f->group, &other) < 0)
            return -r->err->code;
        f->at_most = other + 1;
    }
    if (hours != NULL && parse_hours(r, hours, f) < 0)
        return -r->err->code;
    return cond ? parse_if(r, cond, f->group, &f->required_if) : 0;
}

static int parse_group(struct reader *r, const struct yaml_node *node)
{
    static const char *const keys[] = {"group", "title", "hint", "rows", "fields", NULL};
    struct form_group *g = &r->form->groups[r->form->group_count];
    struct yaml_node *list = NULL;
    int64_t rows = 0;
    uint32_t count;

    g->first = r->form->field_count;
    if (yaml_only_keys(node, keys, r->err) < 0 || need_name(r, node, "group", &g->id) < 0 ||
        need_title(r, node, &g->title) < 0 ||
        read_text(r, node, "hint", HINT_MAX_BYTES, &g->hint) < 0 ||
        yaml_read_int(node, "rows", 1, FORM_ROWS_MAX, &rows, r->err) < 0 ||
        yaml_read_list(node, "fields", FORM_FIELDS_MAX - g->first, &list, &count, r->err) < 0)
        return -r->err->code;
    if (count == 0)
        return yaml_fail(node, r->err, CE_MISSING, ERR_FORM_GROUP_WITHOUT_FIELDS);
    g->rows = (uint32_t)rows;
    for (uint32_t i = 0; i < r->form->group_count; i++) {
        if (slice_eq(r->form->groups[i].id, g->id))
            return yaml_fail(node, r->err, CE_EXISTS, ERR_FORM_GROUP_THIS_NAME_ALREADY);
    }
    r->form->group_count++;
    for (uint32_t i = 0; i < count; i++) {
        if (parse_field(r, yaml_item(list, i), r->form->group_count - 1) < 0)
            return -r->err->code;
        g->count++;
    }
    return 0;
}

static int parse_groups(struct reader *r, const struct yaml_node *root)
{
    struct yaml_node *list = NULL;
    uint32_t count, at = 0;

    if (yaml_read_list(root, "groups", FORM_GROUPS_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    if (count == 0)
        return yaml_fail(root, r->err, CE_MISSING, ERR_FORM_FORM_WITHOUT_GROUPS);
    for (uint32_t i = 0; i < count; i++) {
        if (parse_group(r, yaml_item(list, i)) < 0)
            return -r->err->code;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct yaml_node *fields = yaml_get(yaml_item(list, i), "fields");

        for (uint32_t k = 0; k < r->form->groups[i].count; k++) {
            if (parse_references(r, yaml_item(fields, k), &r->form->fields[at++]) < 0)
                return -r->err->code;
        }
    }
    return 0;
}

static int parse_event(struct reader *r, const struct yaml_node *node, struct form_event *e)
{
    static const char *const keys[] = {"event", "at", "if", NULL};
    const struct yaml_node *at = yaml_get(node, "at"), *cond = yaml_get(node, "if");
    uint32_t field = 0;

    if (yaml_only_keys(node, keys, r->err) < 0 || need_name(r, node, "event", &e->event) < 0 ||
        (at && form_refer(r, at, UINT32_MAX, &field) < 0) ||
        (cond && parse_if(r, cond, UINT32_MAX, &e->when) < 0))
        return -r->err->code;
    if (at == NULL)
        return 0;
    if (field_types[r->form->fields[field].kind].minutes == 0)
        return yaml_fail(at, r->err, CE_CONFLICT, ERR_FORM_DATE_OR_MOMENT_WANTED);
    e->at = field + 1;
    return 0;
}

static int parse_events(struct reader *r, const struct yaml_node *root)
{
    struct yaml_node *list = NULL;
    struct form *f = r->form;

    if (yaml_read_list(root, "events", FORM_EVENTS_MAX, &list, &f->event_count, r->err) < 0)
        return -r->err->code;
    f->events = arena_new_array(r->arena, CANH_MAX(f->event_count, 1u), struct form_event);
    if (f->events == NULL)
        return no_memory(r);
    for (uint32_t i = 0; i < f->event_count; i++) {
        if (parse_event(r, yaml_item(list, i), &f->events[i]) < 0)
            return -r->err->code;
    }
    return 0;
}

static int parse_kinds(struct reader *r, const struct yaml_node *root)
{
    struct yaml_node *list = NULL;

    if (yaml_read_list(root, "for", KINDS_MAX, &list, &r->form->kind_count, r->err) < 0)
        return -r->err->code;
    r->form->kinds = arena_new_array(r->arena, CANH_MAX(r->form->kind_count, 1u), struct slice);
    if (r->form->kinds == NULL)
        return no_memory(r);
    for (uint32_t i = 0; i < r->form->kind_count; i++) {
        if (yaml_name(yaml_item(list, i), &r->form->kinds[i], r->err) < 0)
            return -r->err->code;
    }
    return 0;
}

static int parse_root(struct reader *r, const struct yaml_node *root)
{
    static const char *const keys[] = {"form",   "edition", "title",  "note",   "for", "every",
                                       "source", "checked", "groups", "events", NULL};
    struct form *f = r->form;
    int64_t edition = 1;
    int every = -1;

    if (yaml_only_keys(root, keys, r->err) < 0 || need_name(r, root, "form", &f->id) < 0 ||
        yaml_read_int(root, "edition", 1, 100000, &edition, r->err) < 0 ||
        need_title(r, root, &f->title) < 0 ||
        read_text(r, root, "note", HINT_MAX_BYTES, &f->note) < 0 ||
        read_word(r, root, "every", every_names, FORM_EVERY_MAX, &every) < 0 ||
        read_text(r, root, "source", HINT_MAX_BYTES, &f->source) < 0 ||
        yaml_read_date(root, "checked", &f->checked, r->err) < 0 || parse_kinds(r, root) < 0)
        return -r->err->code;
    if (every < 0)
        return yaml_fail(root, r->err, CE_MISSING, ERR_FORM_EVERY_MISSING);
    f->edition = (uint32_t)edition;
    f->every = (enum form_every)every;
    return parse_groups(r, root) < 0 ? -r->err->code : parse_events(r, root);
}

int form_parse(struct arena *arena, struct slice yaml, const struct form **ret, struct err *err)
{
    struct err local = ERR_INIT;
    struct reader r = {.arena = arena, .form = arena_new(arena, struct form), .err = &local};
    struct yaml_limits limits = yaml_default_limits;
    struct yaml_node *root = NULL;
    int code = 0;

    if (r.form == NULL)
        return err_nomem(err);
    limits.max_nodes = MEMORY_NODES;
    r.form->checked = INT64_MIN;
    r.form->fields = arena_new_array(arena, FORM_FIELDS_MAX, struct form_field);
    r.form->groups = arena_new_array(arena, FORM_GROUPS_MAX, struct form_group);
    if (r.form->fields == NULL || r.form->groups == NULL)
        code = no_memory(&r);
    if (code == 0)
        code = yaml_parse_one(arena, yaml, &limits, &root, &local);
    if (code == 0)
        code = parse_root(&r, root);
    if (code == 0)
        *ret = r.form;
    else if (err != NULL)
        *err = local;
    return code;
}

const struct form_field *form_field(const struct form *f, struct slice id)
{
    for (uint32_t i = 0; i < f->field_count; i++) {
        if (slice_eq(f->fields[i].id, id))
            return &f->fields[i];
    }
    return NULL;
}
