/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/scope.h"

#include "base/time.h"

#define ZONE_MAX (14 * TIME_HOUR)

bool scope_is_all(const struct scan_scope *s)
{
    return s->from == TIME_NONE && s->until == TIME_NONE && s->hosts.count == 0 &&
           s->channels.count == 0 && s->event_ids.count == 0;
}

bool scope_is_before(const struct scan_scope *s, int64_t modified)
{
    return s->from != TIME_NONE && modified != TIME_NONE && modified < s->from - ZONE_MAX;
}

static struct slice text_of(const struct event *e, uint32_t key, struct buf *scratch)
{
    const struct field *f = alert_field(e, key);

    buf_clear(scratch);
    if (f)
        field_text(f, scratch);
    return buf_slice(scratch);
}

static bool is_host(struct slice host, struct slice asked)
{
    return slice_eq_nocase(host, asked) || (host.n > asked.n && host.p[asked.n] == '.' &&
                                            slice_eq_nocase(slice_head(host, asked.n), asked));
}

static bool has_host(const struct scope_list *list, struct slice host)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_host(host, slice_str(list->items[i])))
            return true;
    }
    return false;
}

static bool has_word(const struct scope_list *list, struct slice word)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (slice_eq_nocase(word, slice_str(list->items[i])))
            return true;
    }
    return false;
}

/* By the first of two names that the event has. */
static bool list_fits(const struct scope_list *list, const struct event *e, const uint32_t keys[2],
                      bool (*has)(const struct scope_list *list, struct slice text),
                      struct buf *scratch)
{
    struct slice text;

    if (list->count == 0)
        return true;
    text = text_of(e, keys[0], scratch);
    if (text.n == 0 && keys[1] != KEY_NONE)
        text = text_of(e, keys[1], scratch);
    return text.n && has(list, text);
}

enum scope_verdict scope_judge(const struct scan_scope *s, const struct origin *origin,
                               const struct event *e, struct buf *scratch)
{
    static const uint32_t host[] = {KEY_COMPUTER, KEY_HOST}, id[] = {KEY_EVENT_ID, KEY_NONE},
                          channel[] = {KEY_CHANNEL, KEY_PROGRAM};
    bool local;

    if (s->from != TIME_NONE || s->until != TIME_NONE) {
        int64_t t = origin_time(origin, e, &local);

        if (t == TIME_NONE)
            return SCOPE_TIMELESS;
        if ((s->from != TIME_NONE && t < s->from) || (s->until != TIME_NONE && t >= s->until))
            return SCOPE_OUT;
    }
    return list_fits(&s->event_ids, e, id, has_word, scratch) &&
                   list_fits(&s->channels, e, channel, has_word, scratch) &&
                   list_fits(&s->hosts, e, host, has_host, scratch)
               ? SCOPE_IN
               : SCOPE_OUT;
}
