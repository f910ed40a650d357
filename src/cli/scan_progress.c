/* SPDX-License-Identifier: Apache-2.0 */
/* How far a scan has come, while it runs. */
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "cli/scan.h"
#include "lang/msg_scan.h"

enum { DRAW_EVERY = 200 /* ms */ };

void scan_put_bytes(struct buf *out, enum lang lang, double v)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;

    for (; v >= 1000 && unit + 1 < CANH_LEN(units); unit++)
        v /= 1000;
    lang_put_decimal(out, lang, v, unit ? 1 : 0);
    buf_printf(out, " %s", units[unit]);
}

static void put_progress(struct scan *s, struct buf *out, int64_t now)
{
    double seconds = (double)(now - s->progress.began) / (double)TIME_SECOND;
    uint64_t bytes = atomic_load(&s->bytes_read);
    double rate = seconds > 0 ? (double)bytes / seconds : 0;
    struct buf events = BUF_INIT(64), alerts = BUF_INIT(64);

    if (s->bytes_total) {
        uint64_t part = CANH_MIN(bytes * 100 / s->bytes_total, UINT64_C(99));

        buf_printf(out, "%3" PRIu64 " %%  ", part);
    }
    scan_put_bytes(out, s->app->lang, (double)bytes);
    buf_puts(out, "  ");
    scan_put_bytes(out, s->app->lang, rate);
    buf_puts(out, "/s  ");
    lang_put_number(&events, s->app->lang, s->totals.events);
    lang_put_number(&alerts, s->app->lang, s->tally.alerts);
    lang_put(out, s->app->lang, MSG_SCAN_PROGRESS, buf_cstr(&events), buf_cstr(&alerts));
    if (s->bytes_total > bytes && rate > 0) {
        uint64_t left = (uint64_t)((double)(s->bytes_total - bytes) / rate);

        buf_puts(out, "  ");
        lang_put(out, s->app->lang, MSG_SCAN_ETA, left / 60, left % 60);
    }
    buf_done(&events);
    buf_done(&alerts);
}

void scan_progress_draw(struct scan *s, bool last)
{
    struct buf line = BUF_INIT(4096);
    int64_t now;

    if (!s->progress.on || (last && !s->app->progress_line))
        return;
    now = time_now();
    if (!last && now - s->progress.drawn < DRAW_EVERY * (TIME_SECOND / 1000))
        return;
    s->progress.drawn = now;
    buf_puts(&line, "\r");
    if (!last)
        put_progress(s, &line, now);
    buf_puts(&line, "\x1b[K");
    s->app->progress_line = !last;
    if (file_write_fd(STDERR_FILENO, "", buf_slice(&line), NULL) < 0)
        s->progress.on = false;
    buf_done(&line);
}
