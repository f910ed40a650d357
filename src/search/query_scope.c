/* SPDX-License-Identifier: Apache-2.0 */
/* What narrows a search: spans and points in time, sources, units. */
#include "search/query_internal.h"

#include "base/num.h"
#include "base/time.h"

/* 90s 15m 12h 7d 4w */
static int query_duration(struct query_parser *p, struct slice value, size_t at, int64_t *ret)
{
    static const struct {
        char letter;
        int64_t unit;
    } rows[] = {{'s', TIME_SECOND},
                {'m', TIME_MINUTE},
                {'h', TIME_HOUR},
                {'d', TIME_DAY},
                {'w', 7 * TIME_DAY}};
    int64_t n;

    for (size_t i = 0; value.n && i < CANH_LEN(rows); i++)
        if (value.p[value.n - 1] == (uint8_t)rows[i].letter &&
            num_range(slice_head(value, value.n - 1), 1, INT64_MAX / rows[i].unit, &n) == 0) {
            *ret = n * rows[i].unit;
            return 0;
        }
    return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_SPAN_WANTED);
}

static int query_instant(struct query_parser *p, struct slice value, size_t at, int64_t *ret)
{
    return time_parse(value, p->zone_s, ret, NULL) < 0
               ? query_fail(p, at, CE_SYNTAX, ERR_SEARCH_TIME_WANTED)
               : 0;
}

static int scope_name(struct query_parser *p, struct slice value, size_t at, struct slice *list,
                      uint32_t *count)
{
    if (*count == QUERY_SCOPES_MAX)
        return query_fail(p, at, CE_TOO_BIG, ERR_SEARCH_TOO_MANY_SCOPES);
    list[(*count)++] = value;
    return 0;
}

int query_scope(struct query_parser *p, struct slice field, size_t at)
{
    struct query *q = p->q;
    size_t value_at = p->at;
    struct slice value;
    int r = 0;

    if (!slice_is(field, "last") && !slice_is(field, "from") && !slice_is(field, "until") &&
        !slice_is(field, "source") && !slice_is(field, "unit"))
        return 0;
    if (!p->top)
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_SCOPE_INSIDE);
    if (!query_at_end(p) && p->text.p[p->at] == '"') {
        r = query_quoted(p, &value);
    } else {
        value = query_peek_word(p);
        p->at += value.n;
    }
    if (r < 0)
        return r;
    if (slice_is(field, "last"))
        r = query_duration(p, value, value_at, &q->last);
    else if (slice_is(field, "from"))
        r = query_instant(p, value, value_at, &q->from);
    else if (slice_is(field, "until"))
        r = query_instant(p, value, value_at, &q->until);
    else if (slice_is(field, "source"))
        r = scope_name(p, value, value_at, q->sources, &q->source_count);
    else
        r = scope_name(p, value, value_at, q->units, &q->unit_count);
    return r < 0 ? r : 1;
}
