/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/suppress.h"

#include "base/ascii.h"
#include "detect/alert_internal.h"
#include "lang/err_detect.h"
#include "sigma/correlation.h"
#include "yaml/fields.h"
#include "yaml/yaml.h"

enum { TEXT_MAX = 4096 };

static int read_row(const struct yaml_node *n, int64_t today, struct suppression *ret,
                    struct err *err)
{
    static const char *const keys[] = {"id",    "rule",   "entity", "field", "value",
                                       "owner", "reason", "until",  NULL};
    struct yaml_node *until, *id, *owner, *reason;
    int r = yaml_only_keys(n, keys, err);

    if (r < 0 || (r = yaml_need(n, "id", &id, err)) < 0 ||
        (r = yaml_need(n, "owner", &owner, err)) < 0 ||
        (r = yaml_need(n, "reason", &reason, err)) < 0 ||
        (r = yaml_need(n, "until", &until, err)) < 0 ||
        (r = yaml_read_text(n, "id", TEXT_MAX, &ret->id, err)) < 0 ||
        (r = yaml_read_text(n, "rule", TEXT_MAX, &ret->rule, err)) < 0 ||
        (r = yaml_read_text(n, "entity", TEXT_MAX, &ret->entity, err)) < 0 ||
        (r = yaml_read_text(n, "field", TEXT_MAX, &ret->field, err)) < 0 ||
        (r = yaml_read_text(n, "value", TEXT_MAX, &ret->value, err)) < 0 ||
        (r = yaml_read_text(n, "owner", TEXT_MAX, &ret->owner, err)) < 0 ||
        (r = yaml_read_text(n, "reason", TEXT_MAX, &ret->reason, err)) < 0 ||
        (r = yaml_read_date(n, "until", &ret->until, err)) < 0)
        return r;
    if ((ret->field.n == 0) != (ret->value.n == 0))
        return yaml_fail(n, err, CE_MISSING, ERR_DETECT_SUPPRESSION_PAIR);
    if (ret->rule.n == 0 && ret->entity.n == 0 && ret->field.n == 0)
        return yaml_fail(n, err, CE_MISSING, ERR_DETECT_SUPPRESSION_ALL);
    ret->ended = ret->until < today;
    return 0;
}

int suppressions_read(struct slice text, int64_t today, struct arena *arena,
                      struct suppressions *ret, struct err *err)
{
    struct yaml_docs docs = {0};
    const struct yaml_node *list;
    int r = yaml_parse(arena, text, &yaml_default_limits, &docs, err);

    *ret = (struct suppressions){0};
    if (r < 0 || docs.count == 0)
        return r;
    list = docs.roots[0];
    if (docs.count > 1 || list->kind != YAML_SEQ)
        return yaml_fail(list, err, CE_SYNTAX, ERR_DETECT_SUPPRESSION_LIST);
    if (list->count > SUPPRESSIONS_MAX)
        return yaml_fail(list, err, CE_TOO_BIG, ERR_DETECT_MORE_THAN_ROWS, SUPPRESSIONS_MAX);
    ret->items = arena_array(arena, (size_t)list->count + 1, sizeof(*ret->items));
    if (ret->items == NULL)
        return err_nomem(err);
    for (; ret->count < list->count && r == 0; ret->count++)
        r = read_row(list->kids[ret->count], today, &ret->items[ret->count], err);
    return r;
}

int suppressions_intern(struct suppressions *s, struct ruleset *rs)
{
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->items[i].field.n == 0)
            continue;
        s->items[i].key = ruleset_intern(rs, s->items[i].field);
        if (s->items[i].key == KEY_NONE)
            return -CE_NOMEM;
    }
    return 0;
}

/* * stands for any run of bytes. Time: at most pattern × text. */
static bool suppress_fits(struct slice pattern, struct slice text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            from = t;
        } else if (p < pattern.n && ascii_to_lower(pattern.p[p]) == ascii_to_lower(text.p[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}

static bool is_rule(const struct suppression *s, const struct sigma_rule *rule)
{
    return s->rule.n == 0 || slice_eq(s->rule, rule->id) || slice_eq(s->rule, rule->title) ||
           slice_eq(s->rule, rule->name) || slice_eq(s->rule, rule->path);
}

static bool has_value(const struct suppression *s, const struct event *e, struct buf *scratch)
{
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->fields[i].key != s->key || !value_type_has_text(e->fields[i].type))
            continue;
        buf_clear(scratch);
        field_text(&e->fields[i], scratch);
        if (scratch->err == 0 && suppress_fits(s->value, slice_head(buf_slice(scratch), TEXT_MAX)))
            return true;
    }
    return false;
}

static bool is_about(const struct suppression *s, const struct alert_entity *entity)
{
    for (uint32_t i = 0; i < entity->count; i++) {
        if (suppress_fits(s->entity, entity->parts[i]))
            return true;
    }
    return false;
}

uint32_t suppressions_find(const struct suppressions *s, const struct alert *alert,
                           struct buf *scratch)
{
    const struct alert_parts *p = s->count ? alert_parts(alert) : NULL;

    for (uint32_t i = 0; i < s->count; i++) {
        const struct suppression *x = &s->items[i];

        if (!x->ended && is_rule(x, p->rule) && (x->entity.n == 0 || is_about(x, &p->entity)) &&
            (x->field.n == 0 || has_value(x, alert->event, scratch)))
            return i;
    }
    return SUPPRESSION_NONE;
}

static bool has_group(const struct suppression *x, const struct sigma_correlation *c,
                      const struct correlation_alert *alert)
{
    bool entity = x->entity.n == 0, field = x->field.n == 0;

    for (uint32_t i = 0; i < c->group_count; i++) {
        entity |= suppress_fits(x->entity, alert->group[i]);
        field |= slice_eq(x->field, c->group_by[i]) && suppress_fits(x->value, alert->group[i]);
    }
    return entity && field;
}

uint32_t suppressions_find_correlation(const struct suppressions *s,
                                       const struct correlation_alert *alert)
{
    const struct sigma_correlation *c = ruleset_correlation(alert->generation->rules, alert->index);

    for (uint32_t i = 0; i < s->count && !alert->incomplete; i++) {
        const struct suppression *x = &s->items[i];

        if (!x->ended && is_rule(x, &c->rule) && has_group(x, c, alert))
            return i;
    }
    return SUPPRESSION_NONE;
}
