/* SPDX-License-Identifier: Apache-2.0 */
/* A calendar of another program: read or not; every span is one of an event, in order, in bounds.
 */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/time.h"
#include "calendar/ical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A name is read as a rule, so that both readers are met. */
static int read_zone(void *u, struct arena *arena, struct slice name, struct zone *ret)
{
    (void)u;
    return zone_read(arena, name, ret);
}

static void check(const struct ical *cal, int64_t until)
{
    for (size_t i = 0; i < cal->span_count; i++) {
        const struct ical_span *s = &cal->spans[i];

        if (s->event >= cal->event_count || s->stop <= s->start || s->start >= until ||
            s->stop - s->start > 367 * TIME_DAY)
            abort();
        if (i > 0 &&
            (s[-1].event > s->event || (s[-1].event == s->event && s[-1].start >= s->start)))
            abort();
    }
    for (size_t i = 0; i < cal->note_count; i++) {
        if (err_words(&cal->notes[i].what)[0] == 0)
            abort();
    }
    if (cal->errors > 0 && cal->note_count == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ical_options opt = {.until = days_from_date(2028, 1, 1) * TIME_DAY,
                                     .zone = read_zone};
    struct arena arena = ARENA_INIT(64u << 20);
    struct err err = ERR_INIT;
    struct slice rule;
    struct ical cal;

    if (ical_read(&arena, slice_of(data, size), &opt, &cal, &err) == 0)
        check(&cal, opt.until);
    else if (err.code == 0 || err_words(&err)[0] == 0)
        abort();
    if (zone_rule_of_file(slice_of(data, size), &rule) == 0 &&
        (rule.p < data || rule.p + rule.n > data + size))
        abort();
    arena_done(&arena);
    return 0;
}
