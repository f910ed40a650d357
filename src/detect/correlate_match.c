/* SPDX-License-Identifier: Apache-2.0 */
/* Matches of one event → what correlations need of them, on a worker's thread. */
#include <math.h>
#include <string.h>

#include "base/fold.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"
#include "detect/correlate_internal.h"

enum { TEXT_MAX = 1024 * 1024 };

void correlate_scratch_init(struct correlate_scratch *s)
{
    *s = (struct correlate_scratch){BUF_INIT(TEXT_MAX), BUF_INIT(2 * TEXT_MAX)};
}

void correlate_scratch_done(struct correlate_scratch *s)
{
    buf_done(&s->text);
    buf_done(&s->folded);
}

static struct slice correlate_match_folded(struct slice text, struct buf *room)
{
    uint8_t *to;

    buf_clear(room);
    to = buf_reserve(room, fold_max(text.n));
    return to ? slice_of(to, fold_text(text, to)) : text;
}

/* Each value alone, as its length is no text. */
uint64_t correlate_hash(struct slice values, struct buf *room)
{
    uint64_t hash = hash_seed();
    struct slice value;

    while (correlate_next_value(&values, &value))
        hash = hash_slice(correlate_match_folded(value, room), hash_u64(hash, hash));
    return hash;
}

int correlate_compare(struct slice a, struct slice b, struct buf *fold_a, struct buf *fold_b)
{
    struct slice x, y;
    bool more, other;

    for (;;) {
        int order;

        more = correlate_next_value(&a, &x);
        other = correlate_next_value(&b, &y);
        if (!more || !other)
            return (int)more - (int)other;
        order = slice_cmp(correlate_match_folded(x, fold_a), correlate_match_folded(y, fold_b));
        if (order)
            return order;
    }
}

bool correlate_next_value(struct slice *values, struct slice *ret)
{
    uint32_t n;

    if (values->n < sizeof(n))
        return false;
    memcpy(&n, values->p, sizeof(n));
    *values = slice_from(*values, sizeof(n));
    *ret = slice_head(*values, n);
    *values = slice_from(*values, ret->n);
    return true;
}

bool correlate_pick_values(const struct sigma_correlation *below, struct slice all,
                           const uint32_t *at, uint32_t count, struct buf *to)
{
    struct slice values[CORRELATION_FIELDS_MAX];

    for (uint32_t i = 0; i < below->group_count; i++) {
        if (!correlate_next_value(&all, &values[i]))
            return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n;

        if (at[i] == UINT32_MAX)
            return false;
        n = (uint32_t)values[at[i]].n;
        buf_append(to, &n, sizeof(n));
        buf_append_slice(to, values[at[i]]);
    }
    return to->err == 0;
}

/* The first value that one of the names has in the event, as conditions see it. */
static const struct field *find_field(const struct event *e, const struct plan_field *names)
{
    for (uint32_t i = 0; i < names->count; i++) {
        for (uint32_t k = 0; k < e->count; k++) {
            if (e->fields[k].type <= VALUE_BOOL &&
                event_has_value(e, k, names->keys[i], VIEW_CONDITION))
                return &e->fields[k];
        }
    }
    return NULL;
}

/* Appends the values, each with its length before it. False when one is absent or very large. */
static bool write_values(const struct event *e, const struct plan_field *fields, uint32_t count,
                         struct buf *text)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct field *f = find_field(e, &fields[i]);
        size_t at = text->len;
        uint32_t n = 0;

        if (f == NULL)
            return false;
        buf_append(text, &n, sizeof(n));
        field_text(f, text);
        if (text->err)
            return false;
        n = (uint32_t)(text->len - at - sizeof(n));
        memcpy(text->p + at, &n, sizeof(n));
    }
    return true;
}

static bool find_number(struct buf *text, size_t at, double *ret)
{
    struct slice values = slice_from(buf_slice(text), at), value;
    bool fine = correlate_next_value(&values, &value) && num_double(slice_trim(value), ret) == 0;

    text->len = at; /* a number needs no text */
    return fine;
}

/* What one leg takes of the event. False: it can take nothing. */
static bool make_item(const struct generation *g, struct correlate_scratch *s,
                      const struct event *e, const struct plan_leg *leg,
                      struct correlate_item *item)
{
    const struct sigma_correlation *c = ruleset_correlation(g->rules, leg->correlation);

    buf_clear(&s->text);
    if (!write_values(e, leg->group, c->group_count, &s->text))
        return false;
    item->group_n = (uint32_t)s->text.len;
    item->group = correlate_hash(buf_slice(&s->text), &s->folded);
    if (!write_values(e, leg->values, c->field_count, &s->text))
        return false;
    item->number = 0;
    if (correlate_numeric(c->type) && !find_number(&s->text, item->group_n, &item->number))
        return false;
    item->value_n = (uint32_t)(s->text.len - item->group_n);
    if (item->value_n)
        item->value = correlate_hash(slice_from(buf_slice(&s->text), item->group_n), &s->folded);
    return true;
}

void correlate_match(const struct generation *g, struct correlate_scratch *s,
                     struct correlate_counts *counts, const struct alert *alert,
                     const struct match_result *found, struct buf *out)
{
    const struct correlation_plan *plan = ruleset_plan(g->rules);
    struct correlate_item item;
    bool asked = false;

    memset(&item, 0, sizeof(item)); /* the padding, too: it is written as it is */
    item.time = alert->time;
    item.offset = alert->event->offset;
    item.local = alert->local;
    for (uint32_t i = 0; i < found->count; i++) {
        uint32_t rule = found->rules[i];

        for (uint32_t k = plan->leg_from[rule]; k < plan->leg_from[rule + 1]; k++) {
            asked = true;
            item.part = k;
            if (alert->time == TIME_NONE)
                continue;
            if (!make_item(g, s, alert->event, &plan->legs[k], &item)) {
                counts->fieldless++;
                continue;
            }
            buf_append(out, &item, sizeof(item));
            buf_append_slice(out, buf_slice(&s->text));
        }
    }
    counts->timeless += asked && alert->time == TIME_NONE;
}
