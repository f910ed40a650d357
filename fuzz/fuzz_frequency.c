/* SPDX-License-Identifier: Apache-2.0 */
/* A frequency text: parses or not; canonical form parses to itself; periods lie end to end. */
#include <stdlib.h>

#include "base/time.h"
#include "calendar/calendar.h"
#include "calendar/period.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_canonical(const struct frequency *f)
{
    struct buf once = BUF_INIT(4096), twice = BUF_INIT(4096), words = BUF_INIT(65536);
    struct frequency again;

    frequency_write(&once, f);
    if (frequency_parse(buf_slice(&once), &again, NULL) < 0)
        abort();
    frequency_write(&twice, &again);
    if (!slice_eq(buf_slice(&once), buf_slice(&twice)))
        abort();
    for (int lang = 0; lang < LANG_MAX; lang++)
        frequency_describe(&words, (enum lang)lang, f, NULL, NULL);
    (void)frequency_write_rrule(&words, f, 3);
    buf_done(&once);
    buf_done(&twice);
    buf_done(&words);
}

static void check_periods(const struct frequency *f)
{
    static const struct window_part phases[] = {{SLICE("a"), 0, 3 * TIME_DAY},
                                                {SLICE("peak"), 3 * TIME_DAY, 30 * TIME_DAY}};
    static const struct window_part heightened[] = {{SLICE(""), TIME_DAY, 5 * TIME_DAY}};
    const struct window w = {.offset_s = 7 * 3600,
                             .start = 0,
                             .end = 400 * TIME_DAY,
                             .phases = phases,
                             .phase_count = 2,
                             .heightened = heightened,
                             .heightened_count = 1};
    struct period p = {.until = INT64_MIN}, last = {.until = INT64_MIN};

    for (int i = 0; i < 3000 && period_after(f, &w, p.until, &p); i++) {
        if (p.from >= p.until || p.from < last.until || p.until > w.end ||
            (p.due != TIME_NONE && (p.due <= p.from || p.due > p.until)))
            abort();
        last = p;
    }
    (void)period_of_event(f, &w, TIME_DAY, &p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct frequency f;

    if (frequency_parse(slice_of(data, size), &f, &err) < 0) {
        if (err.col == 0 || err.col > size + 1)
            abort();
        return 0;
    }
    check_canonical(&f);
    check_periods(&f);
    return 0;
}
