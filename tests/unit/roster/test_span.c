/* SPDX-License-Identifier: Apache-2.0 */
/* Times and spans of duty as people read them: a day ends at 24:00. */
#include "roster/span_text.h"

#include "base/time.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static void test_spans(void)
{
    static const struct {
        const char *from, *until, *want;
    } spans[] = {
        {"2026-11-23 07:00", "2026-11-23 19:30", "23/11/2026 07:00–19:30"},
        {"2026-11-23 19:00", "2026-11-24 00:00", "23/11/2026 19:00–24:00"},
        {"2026-11-23 00:00", "2026-11-23 00:01", "23/11/2026 00:00–00:01"},
        {"2026-11-23 19:00", "2026-11-24 07:00", "23/11/2026 19:00–07:00 24/11"},
        {"2026-11-23 07:00", "2026-12-23 07:00", "23/11/2026 07:00–07:00 23/12"},
        {"2026-12-31 19:00", "2027-01-01 00:00", "31/12/2026 19:00–24:00"},
        {"2026-12-31 19:00", "2027-01-01 07:00", "31/12/2026 19:00–07:00 01/01/2027"},
        {"2026-11-23 07:00", "2027-11-23 07:00", "23/11/2026 07:00–07:00 23/11/2027"},
    };
    struct buf out = BUF_INIT(200);

    for (size_t i = 0; i < CANH_LEN(spans); i++) {
        buf_clear(&out);
        duty_span_write(&out, at(spans[i].from), at(spans[i].until), ZONE);
        is_str(buf_cstr(&out), spans[i].want, "from %s until %s", spans[i].from, spans[i].until);
    }
    buf_done(&out);
}

static void test_times(void)
{
    struct buf out = BUF_INIT(200);

    duty_time_write(&out, at("2026-11-03 07:05"), ZONE);
    buf_puts(&out, "; ");
    duty_end_write(&out, at("2026-11-04 00:00"), ZONE);
    buf_puts(&out, "; ");
    duty_end_write(&out, at("2026-11-04 00:01"), ZONE);
    buf_puts(&out, "; ");
    duty_end_write(&out, at("2026-11-04 00:00"), 0);
    is_str(buf_cstr(&out), "03/11/2026 07:05; 03/11/2026 24:00; 04/11/2026 00:01; 03/11/2026 17:00",
           "a beginning, and ends");
    buf_done(&out);
}

int main(void)
{
    test_spans();
    test_times();
    return tap_done();
}
