/* SPDX-License-Identifier: Apache-2.0 */
/* A plan file from the top: document, window, phases, lists; then obligations and the checks. */
#include "plan/plan.h"

#include "base/num.h"
#include "base/time.h"
#include "calendar/zone.h"
#include "lang/err_plan.h"
#include "lang/near.h"
#include "lang/zone.h"
#include "plan/plan_internal.h"

/* Reads a list of texts under a key; absent leaves what was there. */
static int read_texts(struct plan_reader *r, const struct yaml_node *map, const char *key,
                      struct slice **ret, uint32_t *ret_count)
{
    struct yaml_node *list;
    uint32_t count;

    if (yaml_read_list(map, key, PLAN_LIST_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    if (list == NULL)
        return 0;
    *ret = arena_new_array(r->arena, count + 1, struct slice);
    if (*ret == NULL)
        return err_nomem(r->err);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *item = yaml_item(list, i);

        if (item->kind != YAML_SCALAR || item->text.n > TITLE_MAX)
            return yaml_fail(item, r->err, CE_SYNTAX, ERR_PLAN_TEXT_WANTED_AT_MOST_BYTES,
                             TITLE_MAX);
        (*ret)[i] = item->text;
    }
    *ret_count = count;
    return 0;
}

static int read_document(struct plan_reader *r)
{
    static const char *const keys[] = {"number", "date",  "issuer",     "subject",   "signed",
                                       "note",   "basis", "recipients", "observers", NULL};
    const struct yaml_node *map = yaml_get(r->root, "document");
    struct plan_document *d = &r->p->document;
    struct err *err = r->err;

    if (yaml_is_null(map))
        return 0;
    if (yaml_only_keys(map, keys, err) < 0 ||
        yaml_read_text(map, "number", TITLE_MAX, &d->number, err) < 0 ||
        yaml_read_date(map, "date", &d->date, err) < 0 ||
        yaml_read_text(map, "date", TITLE_MAX, &d->date_text, err) < 0 ||
        yaml_read_text(map, "issuer", TITLE_MAX, &d->issuer, err) < 0 ||
        yaml_read_text(map, "subject", TITLE_MAX, &d->subject, err) < 0 ||
        yaml_read_text(map, "note", TITLE_MAX, &d->note, err) < 0 ||
        plan_field_time(r, map, "signed", false, &d->signed_at) < 0 ||
        read_texts(r, map, "basis", &d->basis, &d->basis_count) < 0 ||
        read_texts(r, map, "recipients", &d->recipients, &d->recipient_count) < 0 ||
        read_texts(r, map, "observers", &d->observers, &d->observer_count) < 0)
        return -err->code;
    return 0;
}

static int read_window(struct plan_reader *r)
{
    static const char *const keys[] = {"start", "end", "end-event", "source", NULL};
    const struct yaml_node *map = yaml_get(r->root, "window");
    struct plan *p = r->p;

    if (yaml_is_null(map))
        return 0;
    if (yaml_only_keys(map, keys, r->err) < 0 ||
        plan_field_time(r, map, "start", false, &p->start) < 0)
        return -r->err->code;
    if (slice_is(yaml_get_text(map, "end"), "unknown"))
        p->end = INT64_MAX;
    else if (plan_field_time(r, map, "end", true, &p->end) < 0)
        return -r->err->code;
    if (plan_field_title(r, map, "end-event", &p->end_event) < 0 ||
        yaml_read_text(map, "source", TITLE_MAX, &p->window_source, r->err) < 0)
        return -r->err->code;
    if (p->start == TIME_NONE)
        return yaml_fail(map, r->err, CE_MISSING, ERR_PLAN_START_MISSING);
    if (p->end <= p->start)
        return yaml_fail(yaml_get(map, "end"), r->err, CE_RANGE, ERR_PLAN_END_NOT_AFTER_START);
    if (p->end == INT64_MAX && p->end_event.vi.n == 0)
        return yaml_fail(map, r->err, CE_MISSING, ERR_PLAN_WINDOW_ENDS_ON_DATE_OR);
    return 0;
}

static int read_shifts(struct plan_reader *r)
{
    struct yaml_node *list;
    struct plan *p = r->p;
    uint32_t count;

    if (yaml_read_list(r->root, "shifts", WINDOW_SHIFTS_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *item = yaml_item(list, i);
        struct slice s = item->kind == YAML_SCALAR ? item->text : SLICE_NULL;
        int64_t h, m;

        if (s.n != 5 || s.p[2] != ':' || num_range(slice_head(s, 2), 0, 23, &h) < 0 ||
            num_range(slice_from(s, 3), 0, 59, &m) < 0)
            return yaml_fail(item, r->err, CE_SYNTAX, ERR_PLAN_TIME_LIKE_07_30_WANTED);
        p->shifts[i] = (uint16_t)(h * 60 + m);
        if (i > 0 && p->shifts[i] <= p->shifts[i - 1])
            return yaml_fail(item, r->err, CE_RANGE, ERR_PLAN_SHIFTS_ORDER_TIME);
    }
    if (list != NULL)
        p->shift_count = count;
    return 0;
}

/* start, end, start+3d, end-7d, or a date. */
static int read_bound(struct plan_reader *r, const struct yaml_node *node, bool whole, int64_t *ret)
{
    struct slice s = node->kind == YAML_SCALAR ? node->text : SLICE_NULL, rest;
    struct err inner = ERR_INIT;
    struct span span = {0};
    int64_t base;

    if (slice_starts(s, SLICE("start"))) {
        base = r->p->start;
        rest = slice_from(s, 5);
    } else if (slice_starts(s, SLICE("end"))) {
        base = r->p->end;
        rest = slice_from(s, 3);
    } else {
        return plan_read_time(r, node, whole, ret);
    }
    if (rest.n > 0 && ((rest.p[0] != '+' && rest.p[0] != '-') ||
                       span_parse(slice_from(rest, 1), &span, &inner) < 0 || span.workdays))
        return yaml_fail(node, r->err, CE_SYNTAX, ERR_PLAN_START_END_START_3D_END);
    *ret = base == INT64_MAX ? base : base + (rest.n && rest.p[0] == '-' ? -span.ns : span.ns);
    return 0;
}

static int read_phase(struct plan_reader *r, const struct yaml_node *map, uint32_t i)
{
    static const char *const keys[] = {"id", "name", "from", "until", NULL};
    struct plan_phase *f = &r->p->phases[i];
    struct yaml_node *id, *from, *until;

    if (yaml_only_keys(map, keys, r->err) < 0 || yaml_need(map, "id", &id, r->err) < 0 ||
        yaml_name(id, &f->id, r->err) < 0 || plan_field_title(r, map, "name", &f->title) < 0 ||
        yaml_need(map, "from", &from, r->err) < 0 || yaml_need(map, "until", &until, r->err) < 0 ||
        read_bound(r, from, false, &f->from) < 0 || read_bound(r, until, true, &f->until) < 0)
        return -r->err->code;
    if (slice_is(f->id, "heightened"))
        return yaml_fail(id, r->err, CE_CONFLICT, ERR_PLAN_HEIGHTENED_NO_PHASE_ORDERED_BY);
    if (f->from != INT64_MAX && f->from >= f->until)
        return yaml_fail(until, r->err, CE_RANGE, ERR_PLAN_PHASE_ENDS_BEFORE_BEGINS);
    if (i > 0 && f->from < r->p->phases[i - 1].until && r->p->phases[i - 1].from != INT64_MAX)
        return yaml_fail(from, r->err, CE_CONFLICT, ERR_PLAN_PHASE_OVERLAPS_ONE_BEFORE);
    for (uint32_t k = 0; k < i; k++) {
        if (slice_eq(r->p->phases[k].id, f->id))
            return yaml_fail(id, r->err, CE_EXISTS, ERR_PLAN_PHASE_STANDS_HERE_TWICE);
    }
    return 0;
}

static int read_phases(struct plan_reader *r)
{
    struct yaml_node *list;
    uint32_t count;

    if (yaml_read_list(r->root, "phases", WINDOW_PHASES_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    if (list == NULL)
        return 0;
    r->p->phases = arena_new_array(r->arena, count + 1, struct plan_phase);
    if (r->p->phases == NULL)
        return err_nomem(r->err);
    for (r->p->phase_count = 0; r->p->phase_count < count; r->p->phase_count++) {
        if (read_phase(r, yaml_item(list, r->p->phase_count), r->p->phase_count) < 0)
            return -r->err->code;
    }
    return 0;
}

/* Lists whose entries replace the ones of the same id that were there, or add. */

static int read_authority(struct plan_reader *r, const struct yaml_node *map, void *to)
{
    static const char *const keys[] = {"id", "name", "unit", NULL};
    struct plan_authority *a = to;

    if (yaml_only_keys(map, keys, r->err) < 0 || plan_field_title(r, map, "name", &a->title) < 0 ||
        yaml_read_text(map, "unit", ID_MAX, &a->unit, r->err) < 0)
        return -r->err->code;
    return 0;
}

static int read_contact(struct plan_reader *r, const struct yaml_node *map, void *to)
{
    static const char *const keys[] = {"id", "name", NULL};
    struct plan_contact *c = to;

    if (yaml_only_keys(map, keys, r->err) < 0 || plan_field_title(r, map, "name", &c->title) < 0)
        return -r->err->code;
    return 0;
}

static int read_gap(struct plan_reader *r, const struct yaml_node *map, void *to)
{
    static const char *const keys[] = {"id", "after", "say", NULL};
    struct plan_gap *g = to;

    if (yaml_only_keys(map, keys, r->err) < 0 || plan_field_title(r, map, "say", &g->title) < 0 ||
        yaml_read_text(map, "after", ID_MAX, &g->after, r->err) < 0)
        return -r->err->code;
    return 0;
}

static int read_scope(struct plan_reader *r, const struct yaml_node *map, void *to)
{
    static const char *const keys[] = {"id",          "name",   "kinds",   "tags",
                                       "asset-roles", "origin", "enabled", "from",
                                       "until",       "source", NULL};
    struct plan_scope *s = to;

    if (s->title.vi.p == NULL && s->until == 0) { /* a new one */
        s->enabled = true;
        s->from = INT64_MIN;
        s->until = INT64_MAX;
    }
    if (yaml_only_keys(map, keys, r->err) < 0 || plan_field_title(r, map, "name", &s->title) < 0 ||
        plan_field_set(r, map, "kinds", WORDS_UNIT_KINDS, &s->kinds) < 0 ||
        plan_field_set(r, map, "tags", WORDS_UNIT_TAGS, &s->tags) < 0 ||
        plan_field_set(r, map, "asset-roles", WORDS_ASSET_ROLES, &s->asset_roles) < 0 ||
        plan_field_origin(r, map, &s->origin) < 0 ||
        yaml_read_bool(map, "enabled", &s->enabled, r->err) < 0 ||
        plan_field_time(r, map, "from", false, &s->from) < 0 ||
        plan_field_time(r, map, "until", true, &s->until) < 0 ||
        yaml_read_text(map, "source", TITLE_MAX, &s->source, r->err) < 0)
        return -r->err->code;
    return 0;
}

/* Which entry an id names, or `count` when it is new. */
static size_t find_id(const void *base, size_t count, size_t stride, struct slice id)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_eq(*(const struct slice *)(const void *)((const uint8_t *)base + i * stride), id))
            return i;
    }
    return count;
}

struct entry_list {
    const char *key;
    size_t size;
    int (*take)(struct plan_reader *, const struct yaml_node *, void *);
};

static int read_entries(struct plan_reader *r, const struct entry_list *l, void **array,
                        uint32_t *count)
{
    struct yaml_node *list, *id;
    uint32_t n, had = *count;
    struct slice text;

    if (yaml_read_list(r->root, l->key, PLAN_LIST_MAX, &list, &n, r->err) < 0)
        return -r->err->code;
    if (n == 0)
        return 0;
    *array = plan_grow(r, *array, had, n, l->size);
    if (*array == NULL)
        return err_nomem(r->err);
    for (uint32_t i = 0; i < n; i++) {
        const struct yaml_node *map = yaml_item(list, i);
        size_t at;
        uint8_t *to;

        if (yaml_need(map, "id", &id, r->err) < 0 || plan_read_id(r, id, &text) < 0)
            return -r->err->code;
        at = find_id(*array, *count, l->size, text);
        if (at >= had && at < *count)
            return yaml_fail(id, r->err, CE_EXISTS, ERR_PLAN_STANDS_HERE_TWICE_2, text);
        to = (uint8_t *)*array + at * l->size;
        *(struct slice *)(void *)to = text;
        if (l->take(r, map, to) < 0)
            return -r->err->code;
        *count += at == *count;
        if (*count > PLAN_LIST_MAX)
            return yaml_fail(id, r->err, CE_TOO_BIG, ERR_PLAN_AT_MOST, PLAN_LIST_MAX, l->key);
    }
    return 0;
}

static int read_lists(struct plan_reader *r)
{
    static const struct entry_list lists[] = {
        {"authorities", sizeof(struct plan_authority), read_authority},
        {"contacts", sizeof(struct plan_contact), read_contact},
        {"gaps", sizeof(struct plan_gap), read_gap},
        {"scopes", sizeof(struct plan_scope), read_scope},
    };
    struct plan *p = r->p;
    void *arrays[] = {p->authorities, p->contacts, p->gaps, p->scopes};
    uint32_t *counts[] = {&p->authority_count, &p->contact_count, &p->gap_count, &p->scope_count};

    for (size_t i = 0; i < CANH_LEN(lists); i++) {
        if (read_entries(r, &lists[i], &arrays[i], counts[i]) < 0)
            return -r->err->code;
    }
    p->authorities = arrays[0];
    p->contacts = arrays[1];
    p->gaps = arrays[2];
    p->scopes = arrays[3];
    return 0;
}

struct title plan_clause_title(const struct plan_clause *c)
{
    bool titled = c->title.vi.n > 0 || c->title.en.n > 0;

    return titled ? c->title : (struct title){.vi = c->text, .en = c->text};
}

static int read_clause(struct plan_reader *r, const struct yaml_node *map)
{
    static const char *const keys[] = {"number", "label", "title", "text", "note", "checked", NULL};
    struct plan_clause *c = &r->p->clauses[r->p->clause_count];
    struct yaml_node *number, *text;

    c->checked = true;
    if (yaml_only_keys(map, keys, r->err) < 0 || yaml_need(map, "number", &number, r->err) < 0 ||
        plan_read_id(r, number, &c->number) < 0 || yaml_need(map, "text", &text, r->err) < 0 ||
        yaml_read_text(map, "text", PLAN_TEXT_MAX, &c->text, r->err) < 0 ||
        yaml_read_text(map, "label", ID_MAX, &c->label, r->err) < 0 ||
        plan_field_title(r, map, "title", &c->title) < 0 ||
        yaml_read_text(map, "note", TITLE_MAX, &c->note, r->err) < 0 ||
        yaml_read_bool(map, "checked", &c->checked, r->err) < 0)
        return -r->err->code;
    if (plan_find_clause(r->p, c->number) != PLAN_NONE)
        return yaml_fail(number, r->err, CE_EXISTS, ERR_PLAN_CLAUSE_STANDS_HERE_TWICE, c->number);
    r->clause_nodes[r->p->clause_count++] = map;
    return 0;
}

static int read_clauses(struct plan_reader *r)
{
    struct plan *p = r->p;
    struct yaml_node *list;
    uint32_t n;

    if (yaml_read_list(r->root, "clauses", PLAN_CLAUSES_MAX - p->clause_count, &list, &n, r->err) <
        0)
        return -r->err->code;
    p->clauses = plan_grow(r, p->clauses, p->clause_count, n, sizeof(*p->clauses));
    r->clause_nodes = arena_new_array(r->arena, p->clause_count + n + 1, const struct yaml_node *);
    if (p->clauses == NULL || r->clause_nodes == NULL)
        return err_nomem(r->err);
    for (uint32_t i = 0; i < n; i++) {
        if (read_clause(r, yaml_item(list, i)) < 0)
            return -r->err->code;
    }
    return 0;
}

static int read_head(struct plan_reader *r)
{
    const struct yaml_node *zone = yaml_get(r->root, "zone");
    struct plan *p = r->p;
    struct yaml_node *id;

    if (yaml_need(r->root, "plan", &id, r->err) < 0 || yaml_name(id, &p->id, r->err) < 0 ||
        plan_field_title(r, r->root, "title", &p->title) < 0 ||
        yaml_read_bool(r->root, "draft", &p->draft, r->err) < 0 ||
        yaml_read_text(r->root, "holidays", ID_MAX, &p->holidays, r->err) < 0 ||
        yaml_read_text(r->root, "zone", ID_MAX, &p->zone, r->err) < 0 ||
        yaml_read_text(r->root, "chosen-by", TITLE_MAX, &p->chosen_by, r->err) < 0 ||
        (zone && zone_parse(zone, &p->offset_s, r->err) < 0))
        return -r->err->code;
    return 0;
}

static int read_base(struct plan_reader *r, const struct plan_source *source)
{
    const struct yaml_node *node = yaml_get(r->root, "extends");
    const struct plan *base = NULL;
    struct err inner = ERR_INIT;
    struct slice name;

    if (yaml_is_null(node))
        return 0;
    if (yaml_name(node, &name, r->err) < 0)
        return -r->err->code;
    if (source->load == NULL)
        return yaml_fail(node, r->err, CE_NOT_FOUND, ERR_PLAN_NO_PLAN_EXTEND_CAN_FOUND);
    if (source->depth >= PLAN_EXTENDS_MAX)
        return yaml_fail(node, r->err, CE_DEPTH, ERR_PLAN_MORE_THAN_PLANS_EXTEND_ONE,
                         PLAN_EXTENDS_MAX);
    if (source->load(source->load_ctx, name, source->depth + 1, &base, &inner) < 0)
        return yaml_fail(node, r->err, (enum ce)CANH_MAX(inner.code, 1),
                         ERR_PLAN_PLAN_THIS_ONE_EXTENDS, name, &inner);
    *r->p = *base;
    r->p->extends = name;
    return 0;
}

static int read_plan(struct plan_reader *r, const struct plan_source *source)
{
    static const char *const keys[] = {"plan",      "extends", "draft",    "title",
                                       "document",  "zone",    "holidays", "window",
                                       "chosen-by", "phases",  "shifts",   "authorities",
                                       "contacts",  "gaps",    "scopes",   "obligations",
                                       "clauses",   "change",  "drop",     NULL};
    if (yaml_only_keys(r->root, keys, r->err) < 0 || read_base(r, source) < 0 || read_head(r) < 0 ||
        read_document(r) < 0 || read_window(r) < 0)
        return -r->err->code;
    if (r->p->start == TIME_NONE)
        return yaml_fail(r->root, r->err, CE_MISSING, ERR_PLAN_WINDOW_MISSING);
    if (read_phases(r) < 0 || read_shifts(r) < 0 || read_lists(r) < 0 || read_clauses(r) < 0 ||
        plan_read_obligations(r) < 0)
        return -r->err->code;
    return plan_check(r);
}

int plan_parse(struct arena *arena, const struct plan_source *source, const struct plan **ret,
               struct err *err)
{
    struct err here = ERR_INIT;
    struct plan_reader r = {.arena = arena, .c = source->catalogue, .err = err ? err : &here};
    struct yaml_node *root = NULL;
    int n;

    r.p = arena_new(arena, struct plan);
    if (r.p == NULL)
        return err_nomem(err);
    n = yaml_parse_one(arena, source->text, &yaml_default_limits, &root, r.err);
    if (n < 0)
        return n;
    r.root = root;
    r.p->catalogue = source->catalogue;
    r.p->offset_s = ZONE_OWN;
    r.p->zone = ZONE_OWN_NAME;
    r.p->start = r.p->document.date = r.p->document.signed_at = TIME_NONE;
    r.p->end = INT64_MAX;
    n = read_plan(&r, source);
    if (n == 0)
        *ret = r.p;
    return n;
}
