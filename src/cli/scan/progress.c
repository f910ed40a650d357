/* SPDX-License-Identifier: Apache-2.0 */
/* How far a scan has come, while it runs. */
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "cli/scan/scan.h"
#include "lang/msg_scan.h"

enum { DRAW_EVERY = 200 /* ms */ };

void scan_write_bytes(struct buf *out, enum lang lang, double v)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;

    for (; v >= 1000 && unit + 1 < CANH_LEN(units); unit++)
        v /= 1000;
    lang_write_decimal(out, lang, v, unit ? 1 : 0);
    buf_printf(out, " %s", units[unit]);
}

static void write_progress(struct scan_view *v, struct buf *out, const struct scan_progress *p,
                           int64_t now)
{
    enum lang lang = v->app->lang;
    double seconds = (double)(now - p->began) / (double)TIME_SECOND;
    double rate = seconds > 0 ? (double)p->bytes_read / seconds : 0;
    struct buf events = BUF_INIT(64), alerts = BUF_INIT(64);

    if (v->bytes_total) {
        uint64_t part = CANH_MIN(p->bytes_read * 100 / v->bytes_total, UINT64_C(99));

        buf_printf(out, "%3" PRIu64 " %%  ", part);
    }
    scan_write_bytes(out, lang, (double)p->bytes_read);
    buf_puts(out, "  ");
    scan_write_bytes(out, lang, rate);
    buf_puts(out, "/s  ");
    lang_write_number(&events, lang, p->events);
    lang_write_number(&alerts, lang, p->alerts);
    lang_write(out, lang, MSG_SCAN_PROGRESS, buf_cstr(&events), buf_cstr(&alerts));
    if (v->bytes_total > p->bytes_read && rate > 0) {
        uint64_t left = (uint64_t)((double)(v->bytes_total - p->bytes_read) / rate);

        buf_puts(out, "  ");
        lang_write(out, lang, MSG_SCAN_ETA, left / 60, left % 60);
    }
    buf_done(&events);
    buf_done(&alerts);
}

void scan_progress_draw(struct scan_view *v, const struct scan_progress *progress)
{
    struct buf line = BUF_INIT(4096);
    int64_t now;

    if (!v->progress_on || (progress == NULL && !v->app->progress_line))
        return;
    now = time_now();
    if (progress && now - v->progress_drawn < DRAW_EVERY * (TIME_SECOND / 1000))
        return;
    v->progress_drawn = now;
    buf_puts(&line, "\r");
    if (progress)
        write_progress(v, &line, progress, now);
    buf_puts(&line, "\x1b[K");
    v->app->progress_line = progress != NULL;
    if (file_write_fd(STDERR_FILENO, "", buf_slice(&line), NULL) < 0)
        v->progress_on = false;
    buf_done(&line);
}
