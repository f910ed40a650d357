/* SPDX-License-Identifier: Apache-2.0 */
/* Obligations of a plan file: new ones, changes to those of the plan it extends, dropped ones. */
#include "base/ascii.h"
#include "lang/err_plan.h"
#include "plan/plan_internal.h"

enum { REFS_MAX = 16 };

static uint32_t find_authority(const struct plan *p, struct slice id)
{
    for (uint32_t i = 0; i < p->authority_count; i++) {
        if (slice_eq(p->authorities[i].id, id))
            return i;
    }
    return PLAN_NONE;
}

static uint32_t find_scope(const struct plan *p, struct slice id)
{
    for (uint32_t i = 0; i < p->scope_count; i++) {
        if (slice_eq(p->scopes[i].id, id))
            return i;
    }
    return PLAN_NONE;
}

static int read_scope_ref(struct plan_reader *r, const struct yaml_node *node, uint32_t *ret)
{
    const struct plan *p = r->p;

    *ret = node->kind == YAML_SCALAR ? find_scope(p, node->text) : PLAN_NONE;
    if (*ret == PLAN_NONE)
        return plan_fail_reference(r, node, ERR_PLAN_SCOPE, p->scopes, p->scope_count,
                                   sizeof(*p->scopes));
    return 0;
}

static int read_scopes(struct plan_reader *r, const struct yaml_node *map,
                       struct plan_obligation *o)
{
    struct yaml_node *list;
    uint32_t count;

    if (yaml_read_list(map, "applies-to", REFS_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    if (count == 0)
        return 0;
    o->scopes = arena_new_array(r->arena, count, uint32_t);
    if (o->scopes == NULL)
        return err_nomem(r->err);
    for (o->scope_count = 0; o->scope_count < count; o->scope_count++) {
        if (read_scope_ref(r, yaml_item(list, o->scope_count), &o->scopes[o->scope_count]) < 0)
            return -r->err->code;
    }
    return 0;
}

static int read_lead(struct plan_reader *r, const struct yaml_node *map, uint32_t *ret)
{
    const struct yaml_node *node = yaml_get(map, "lead");
    const struct plan *p = r->p;

    if (yaml_is_null(node))
        return 0;
    *ret = node->kind == YAML_SCALAR ? find_authority(p, node->text) : PLAN_NONE;
    if (*ret == PLAN_NONE)
        return plan_fail_reference(r, node, ERR_PLAN_AUTHORITY, p->authorities, p->authority_count,
                                   sizeof(*p->authorities));
    return 0;
}

static int read_by(struct plan_reader *r, const struct yaml_node *map, enum plan_by *ret)
{
    const struct yaml_node *node = yaml_get(map, "by");

    if (yaml_is_null(node))
        return 0;
    for (int i = 0; i < BY_MAX; i++) {
        if (node->kind == YAML_SCALAR && slice_is(node->text, plan_by_to_str((enum plan_by)i))) {
            *ret = (enum plan_by)i;
            return 0;
        }
    }
    return yaml_fail(node, r->err, CE_UNKNOWN, ERR_PLAN_BY_MACHINE_EITHER_OR_PERSON);
}

/* The names in a frequency must be phases of the plan or events of the catalogue. */
static int check_names(struct plan_reader *r, const struct yaml_node *node,
                       const struct frequency_rule *rule, struct slice when)
{
    const struct plan *p = r->p;
    struct slice names[] = {rule->kind == FREQ_PHASE ? rule->name : SLICE_NULL, when};
    const uint8_t *text = node->text.p;

    if (rule->kind == FREQ_WITHIN && catalogue_find(r->c, WORDS_EVENTS, rule->name) == UINT32_MAX) {
        struct slice near = catalogue_near(r->c, WORDS_EVENTS, rule->name);

        if (near.n == 0)
            return yaml_fail_inside(node, (size_t)(rule->name.p - text), r->err, CE_UNKNOWN,
                                    ERR_PLAN_NO_CALLED, ERR_ID(ERR_PLAN_EVENT), rule->name);
        return yaml_fail_inside(node, (size_t)(rule->name.p - text), r->err, CE_UNKNOWN,
                                ERR_PLAN_NO_CALLED_MEANT, ERR_ID(ERR_PLAN_EVENT), rule->name, near);
    }
    for (size_t k = 0; k < CANH_LEN(names); k++) {
        bool known = names[k].n == 0 || (k == 1 && slice_is(names[k], "heightened"));

        for (uint32_t i = 0; i < p->phase_count && !known; i++)
            known = slice_eq(p->phases[i].id, names[k]);
        if (!known)
            return yaml_fail_inside(node, (size_t)(names[k].p - text), r->err, CE_UNKNOWN,
                                    ERR_PLAN_PLAN_NO_PHASE, names[k]);
    }
    return 0;
}

static int read_every(struct plan_reader *r, const struct yaml_node *map, struct frequency *ret)
{
    const struct yaml_node *node = yaml_get(map, "every");
    struct err inner = ERR_INIT;

    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SCALAR)
        return yaml_fail(node, r->err, CE_SYNTAX, ERR_PLAN_EVERY_ONE_FREQUENCY);
    if (frequency_parse(node->text, ret, &inner) < 0)
        return yaml_fail_inside(node, inner.col - 1, r->err, (enum ce)inner.code, ERR_BASE_TEXT,
                                &inner);
    if (check_names(r, node, &ret->base, SLICE_NULL) < 0)
        return -r->err->code;
    for (unsigned i = 0; i < ret->override_count; i++) {
        if (check_names(r, node, &ret->overrides[i].rule, ret->overrides[i].when) < 0)
            return -r->err->code;
    }
    return 0;
}

static int read_proof(struct plan_reader *r, const struct yaml_node *map, struct plan_part *part)
{
    struct yaml_node *list;
    uint32_t count;

    if (yaml_read_list(map, "proof", PLAN_KINDS_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    if (count == 0)
        return 0;
    for (part->kind_count = 0; part->kind_count < count; part->kind_count++) {
        if (plan_read_word(r, yaml_item(list, part->kind_count), WORDS_EVIDENCE,
                           &part->kinds[part->kind_count]) < 0)
            return -r->err->code;
    }
    return 0;
}

static int read_needs(struct plan_reader *r, const struct yaml_node *map, struct plan_part *part)
{
    const struct yaml_node *node = yaml_get(map, "needs");

    if (yaml_is_null(node))
        return 0;
    part->needs = node->kind == YAML_SCALAR ? strength_from_str(node->text) : STRENGTH_NONE;
    if (part->needs == STRENGTH_NONE)
        return yaml_fail(node, r->err, CE_UNKNOWN, ERR_PLAN_NEEDS_DECLARED_CONFIRMED_OR_MEASURED);
    return 0;
}

/* A share of time like 99.5, in percent. */
static int read_at_least(struct plan_reader *r, const struct yaml_node *map, uint16_t *ret)
{
    const struct yaml_node *node = yaml_get(map, "at-least");
    struct slice s = node && node->kind == YAML_SCALAR ? node->text : SLICE_NULL;
    unsigned value = 0, decimals = 0;
    bool point = false, good = s.n > 0 && s.n <= 5 && s.p[0] != '.';

    if (yaml_is_null(node))
        return 0;
    for (size_t i = 0; i < s.n && good; i++) {
        if (s.p[i] == '.') {
            good = !point;
            point = true;
        } else {
            good = ascii_is_digit(s.p[i]);
            value = value * 10 + (unsigned)(s.p[i] - '0');
            decimals += point;
        }
    }
    if (decimals == 0)
        value *= 10;
    if (!good || decimals > 1 || value == 0 || value > 1000)
        return yaml_fail(node, r->err, CE_RANGE, ERR_PLAN_AT_LEAST_PERCENTAGE_UP_100);
    *ret = (uint16_t)value;
    return 0;
}

static int read_part_fields(struct plan_reader *r, const struct yaml_node *map,
                            struct plan_part *part)
{
    if (read_every(r, map, &part->every) < 0 || read_proof(r, map, part) < 0 ||
        read_needs(r, map, part) < 0 || read_at_least(r, map, &part->at_least) < 0 ||
        plan_field_span(r, map, "grace", &part->grace) < 0 ||
        yaml_read_text(map, "word", TITLE_MAX, &part->word, r->err) < 0)
        return -r->err->code;
    return 0;
}

static const struct plan_part new_part = {.every = {.base = {.kind = FREQ_MAX}},
                                          .needs = STRENGTH_DECLARED,
                                          .at_least = 1000};

static int check_part(struct plan_reader *r, const struct yaml_node *map,
                      const struct plan_part *part)
{
    enum strength best = STRENGTH_NONE;

    if (part->every.base.kind == FREQ_MAX)
        return yaml_fail(map, r->err, CE_MISSING, ERR_PLAN_EVERY_MISSING_HOW_OFTEN_THIS);
    if (part->kind_count == 0)
        return yaml_fail(map, r->err, CE_MISSING, ERR_PLAN_PROOF_MISSING_WHAT_WOULD_PROVE);
    for (uint32_t i = 0; i < part->kind_count; i++)
        best = CANH_MAX(best, r->c->evidence[part->kinds[i]].strength);
    if (best < part->needs)
        return yaml_fail(yaml_get(map, "needs") ? yaml_get(map, "needs") : map, r->err, CE_CONFLICT,
                         ERR_PLAN_NO_PROOF_LISTED_HERE_AS, strength_to_str(part->needs));
    return 0;
}

static int read_also(struct plan_reader *r, const struct yaml_node *map, struct plan_obligation *o)
{
    static const char *const keys[] = {"id",    "title",    "every", "proof", "needs",
                                       "grace", "at-least", "word",  NULL};
    struct yaml_node *list, *id;
    struct plan_part *parts;
    uint32_t count;

    if (yaml_read_list(map, "also", PLAN_PARTS_MAX - 1, &list, &count, r->err) < 0)
        return -r->err->code;
    if (list == NULL && o->parts != NULL && yaml_get(map, "also") == NULL)
        count = o->part_count - 1; /* a change that leaves the other parts alone */
    parts = arena_new_array(r->arena, count + 1, struct plan_part);
    if (parts == NULL)
        return err_nomem(r->err);
    if (list == NULL && o->parts != NULL)
        memcpy(parts, o->parts, (count + 1) * sizeof(*parts));
    else
        parts[0] = o->parts ? o->parts[0] : new_part;
    for (uint32_t i = 0; list != NULL && i < count; i++) {
        const struct yaml_node *item = yaml_item(list, i);
        struct plan_part *part = &parts[i + 1];

        *part = new_part;
        if (yaml_only_keys(item, keys, r->err) < 0 || yaml_need(item, "id", &id, r->err) < 0 ||
            yaml_name(id, &part->id, r->err) < 0 ||
            plan_field_title(r, item, "title", &part->title) < 0 ||
            read_part_fields(r, item, part) < 0 || check_part(r, item, part) < 0)
            return -r->err->code;
        for (uint32_t k = 1; k <= i; k++) {
            if (slice_eq(parts[k].id, part->id))
                return yaml_fail(id, r->err, CE_EXISTS, ERR_PLAN_THIS_PART_STANDS_HERE_TWICE);
        }
    }
    o->parts = parts;
    o->part_count = count + 1;
    return 0;
}

static int read_inherit(struct plan_reader *r, const struct yaml_node *map,
                        struct plan_obligation *o)
{
    static const char *const keys[] = {"scope", "asset-roles", "tags", "obligation", NULL};
    const struct yaml_node *node = yaml_get(map, "inherits");
    struct plan_inherit *in = &o->inherit;
    struct yaml_node *scope;

    if (node == NULL)
        return 0;
    *in = (struct plan_inherit){.scope = PLAN_NONE, .obligation = PLAN_NONE};
    if (yaml_is_null(node))
        return 0;
    if (yaml_only_keys(node, keys, r->err) < 0 || yaml_need(node, "scope", &scope, r->err) < 0 ||
        read_scope_ref(r, scope, &in->scope) < 0 ||
        plan_field_set(r, node, "asset-roles", WORDS_ASSET_ROLES, &in->asset_roles) < 0 ||
        plan_field_set(r, node, "tags", WORDS_UNIT_TAGS, &in->tags) < 0)
        return -r->err->code;
    if (in->asset_roles == 0 && in->tags == 0)
        return yaml_fail(node, r->err, CE_MISSING, ERR_PLAN_WHICH_UNIT_PROVIDES_ASSET_ROLES);
    return 0; /* the obligation is looked up when all are known: plan_check() */
}

static int read_clause(struct plan_reader *r, const struct yaml_node *map, uint32_t *ret)
{
    const struct yaml_node *node = yaml_get(map, "clause");

    if (yaml_is_null(node))
        return 0;
    *ret = node->kind == YAML_SCALAR ? plan_find_clause(r->p, node->text) : PLAN_NONE;
    if (*ret == PLAN_NONE)
        return plan_fail_reference(r, node, ERR_PLAN_CLAUSE, r->p->clauses, r->p->clause_count,
                                   sizeof(*r->p->clauses));
    return 0;
}

static int read_fields(struct plan_reader *r, const struct yaml_node *map,
                       struct plan_obligation *o)
{
    static const char *const keys[] = {"id",      "row",        "clause", "title",     "applies-to",
                                       "role",    "asset-role", "by",     "origin",    "from",
                                       "until",   "enabled",    "lead",   "chosen-by", "source",
                                       "note",    "say",        "every",  "proof",     "needs",
                                       "grace",   "at-least",   "word",   "also",      "inherits",
                                       "checked", NULL};
    struct err *err = r->err;

    if (yaml_only_keys(map, keys, err) < 0 ||
        yaml_read_text(map, "row", ID_MAX, &o->row, err) < 0 ||
        read_clause(r, map, &o->clause) < 0 || plan_field_title(r, map, "title", &o->title) < 0 ||
        read_scopes(r, map, o) < 0 || plan_field_word(r, map, "role", WORDS_ROLES, &o->role) < 0 ||
        plan_field_word(r, map, "asset-role", WORDS_ASSET_ROLES, &o->asset_role) < 0 ||
        read_by(r, map, &o->by) < 0 || plan_field_origin(r, map, &o->origin) < 0 ||
        plan_field_time(r, map, "from", false, &o->from) < 0 ||
        plan_field_time(r, map, "until", true, &o->until) < 0 ||
        yaml_read_bool(map, "enabled", &o->enabled, err) < 0 || read_lead(r, map, &o->lead) < 0)
        return -err->code;
    if (yaml_read_text(map, "chosen-by", TITLE_MAX, &o->chosen_by, err) < 0 ||
        yaml_read_text(map, "source", TITLE_MAX, &o->source, err) < 0 ||
        yaml_read_text(map, "note", TITLE_MAX, &o->note, err) < 0 ||
        plan_field_title(r, map, "say", &o->say) < 0 ||
        yaml_read_bool(map, "checked", &o->checked, err) < 0 || read_also(r, map, o) < 0 ||
        read_part_fields(r, map, &o->parts[0]) < 0 || read_inherit(r, map, o) < 0)
        return -err->code;
    return check_part(r, map, &o->parts[0]);
}

static int read_new(struct plan_reader *r, const struct yaml_node *map)
{
    struct plan_obligation *o = &r->p->obligations[r->p->obligation_count];
    struct yaml_node *id, *need;

    *o = (struct plan_obligation){.clause = PLAN_NONE,
                                  .role = PLAN_NONE,
                                  .lead = PLAN_NONE,
                                  .asset_role = PLAN_NONE,
                                  .by = BY_PERSON,
                                  .enabled = true,
                                  .checked = true,
                                  .from = INT64_MIN,
                                  .until = INT64_MAX,
                                  .chosen_by = r->p->chosen_by,
                                  .inherit = {.scope = PLAN_NONE, .obligation = PLAN_NONE}};
    if (yaml_need(map, "id", &id, r->err) < 0 || plan_read_id(r, id, &o->id) < 0)
        return -r->err->code;
    if (slice_find_byte(o->id, '/') != SIZE_MAX)
        return yaml_fail(id, r->err, CE_SYNTAX, ERR_PLAN_OBLIGATIONS_ID_NO_FOR_PARTS);
    if (plan_find_obligation(r->p, o->id) != PLAN_NONE)
        return yaml_fail(id, r->err, CE_EXISTS, ERR_PLAN_OBLIGATION_STANDS_HERE_TWICE, o->id);
    o->row = o->id;
    if (yaml_need(map, "clause", &need, r->err) < 0 || yaml_need(map, "title", &need, r->err) < 0 ||
        yaml_need(map, "applies-to", &need, r->err) < 0 ||
        yaml_need(map, "role", &need, r->err) < 0 || yaml_need(map, "lead", &need, r->err) < 0 ||
        read_fields(r, map, o) < 0)
        return -r->err->code;
    r->obligation_nodes[r->p->obligation_count++] = map;
    return 0;
}

static int find_known(struct plan_reader *r, const struct yaml_node *id, uint32_t *ret)
{
    const struct plan *p = r->p;

    *ret = id->kind == YAML_SCALAR ? plan_find_obligation(p, id->text) : PLAN_NONE;
    if (*ret == PLAN_NONE)
        return plan_fail_reference(r, id, ERR_PLAN_OBLIGATION_EXTENDED_PLAN, p->obligations,
                                   p->obligation_count, sizeof(*p->obligations));
    return 0;
}

static int read_changes(struct plan_reader *r)
{
    struct yaml_node *list, *id;
    uint32_t count, at;

    if (yaml_read_list(r->root, "change", PLAN_OBLIGATIONS_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *map = yaml_item(list, i);

        if (yaml_need(map, "id", &id, r->err) < 0 || find_known(r, id, &at) < 0)
            return -r->err->code;
        if (r->obligation_nodes[at] != NULL)
            return yaml_fail(id, r->err, CE_EXISTS, ERR_PLAN_THIS_OBLIGATION_CHANGED_TWICE);
        r->obligation_nodes[at] = map;
        if (read_fields(r, map, &r->p->obligations[at]) < 0)
            return -r->err->code;
    }
    return 0;
}

static int read_drops(struct plan_reader *r)
{
    struct plan *p = r->p;
    struct yaml_node *list;
    uint32_t count, at;

    if (yaml_read_list(r->root, "drop", PLAN_OBLIGATIONS_MAX, &list, &count, r->err) < 0)
        return -r->err->code;
    for (uint32_t i = 0; i < count; i++) {
        if (find_known(r, yaml_item(list, i), &at) < 0)
            return -r->err->code;
        p->obligation_count--;
        memmove(&p->obligations[at], &p->obligations[at + 1],
                (p->obligation_count - at) * sizeof(*p->obligations));
        for (uint32_t k = 0; k < p->obligation_count; k++) {
            uint32_t *ref = &p->obligations[k].inherit.obligation;

            if (*ref == at)
                return yaml_fail(yaml_item(list, i), r->err, CE_CONFLICT, ERR_PLAN_INHERITS_FROM,
                                 p->obligations[k].id);
            *ref -= *ref != PLAN_NONE && *ref > at;
        }
    }
    return 0;
}

int plan_read_obligations(struct plan_reader *r)
{
    struct plan *p = r->p;
    struct yaml_node *list;
    uint32_t count, had = p->obligation_count;

    if (yaml_read_list(r->root, "obligations", PLAN_OBLIGATIONS_MAX - had, &list, &count, r->err) <
        0)
        return -r->err->code;
    p->obligations = plan_grow(r, p->obligations, had, count, sizeof(*p->obligations));
    r->obligation_nodes = arena_new_array(r->arena, had + count + 1, const struct yaml_node *);
    if (p->obligations == NULL || r->obligation_nodes == NULL)
        return err_nomem(r->err);
    if (read_drops(r) < 0 || read_changes(r) < 0)
        return -r->err->code;
    for (uint32_t i = 0; i < count; i++) {
        if (read_new(r, yaml_item(list, i)) < 0)
            return -r->err->code;
    }
    return 0;
}
