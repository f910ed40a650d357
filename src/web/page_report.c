/* SPDX-License-Identifier: Apache-2.0 */
/* "Báo cáo": the page of the province with three sentences by the coordinator, drafted from its
 * figures, changed by a person, printed and signed by a person. Nothing is sent. */
#include "base/time.h"
#include "lang/msg_console.h"
#include "web/page_province.h"

enum { SENTENCES = 3, SENTENCE_MAX = 1000 };

static const char *const names[SENTENCES] = {"say1", "say2", "say3"};

static void report_draft(struct visit *v, const struct overview *o, unsigned i, struct buf *out)
{
    uint64_t cases = (uint64_t)o->incidents[OVERVIEW_GREEN] + o->incidents[OVERVIEW_YELLOW] +
                     o->incidents[OVERVIEW_ORANGE] + o->incidents[OVERVIEW_RED];

    switch (i) {
    case 0:
        lang_write(out, v->lang, MSG_CONSOLE_REPORT_DUTY, (uint64_t)o->posts_covered,
                   (uint64_t)o->posts_required, (uint64_t)o->units_reporting, (uint64_t)o->units);
        break;
    case 1:
        lang_write(out, v->lang, MSG_CONSOLE_REPORT_CASES, cases,
                   (uint64_t)o->incidents[OVERVIEW_RED], (uint64_t)o->outage_count);
        break;
    default:
        lang_write(out, v->lang, MSG_CONSOLE_REPORT_WAITS, (uint64_t)o->request_count,
                   (uint64_t)o->silent_count);
        break;
    }
}

static void write_sentences(struct visit *v, const struct overview *o, bool drafted)
{
    for (unsigned i = 0; i < SENTENCES; i++) {
        struct page_scope *row = page_add(v->page, "sentences");
        struct buf text = BUF_INIT(4 * SENTENCE_MAX);

        if (drafted)
            report_draft(v, o, i, &text);
        else
            buf_append_slice(&text, slice_head(visit_given(v, names[i]),
                                               CANH_MIN(visit_given(v, names[i]).n,
                                                        (size_t)4 * SENTENCE_MAX)));
        page_set_text(row, "say_name", names[i]);
        page_set_i64(row, "say_number", i + 1);
        page_set_buf(row, "say", &text);
    }
}

static void write_draft(struct visit *v, const struct overview *o)
{
    write_sentences(v, o, true);
}

static void write_final(struct visit *v, const struct overview *o)
{
    write_sentences(v, o, false);
}

static int report_show(struct visit *v, bool drafted, struct err *err)
{
    int64_t at = 0;
    int r = picture_write(v, drafted ? write_draft : write_final, &at, err);

    if (r < 0)
        return r;
    page_set_flag(v->page, "drafted", drafted);
    page_set_flag(v->page, "final", !drafted);
    page_set_when(v->page, "now", at, 0);
    return visit_page(v, "report", err);
}

int page_report(struct visit *v, struct err *err)
{
    return report_show(v, true, err);
}

int post_report(struct visit *v, struct err *err)
{
    return report_show(v, false, err);
}
