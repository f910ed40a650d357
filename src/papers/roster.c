/* SPDX-License-Identifier: Apache-2.0 */
/* Lịch trực: who is planned, for the wall. */
#include <stdlib.h>

#include "base/time.h"
#include "calendar/calendar.h"
#include "data/data.h"
#include "lang/err_papers.h"
#include "lang/msg_duty.h"
#include "lang/value.h"
#include "papers/papers_build.h"
#include "roster/shift.h"

/* A sheet of more rows is nothing that anybody hangs on a wall. */
enum { ROWS_MAX = 10000 };

/* A roster being laid out. */
struct roster_job {
    struct papers_ctx *p;
    const struct papers_roster *q;
    const struct duty_load *load;
    struct err *err;
    bool one_post; /* all rows are of one */
};

static int64_t local_day(int64_t t, int offset_s)
{
    int64_t local = t + offset_s * TIME_SECOND;

    return local / TIME_DAY - (local % TIME_DAY < 0);
}

/* “Ca 1 (07:00–19:00)” in one line or two, or the times alone. */
static struct slice shift_label(struct roster_job *d, struct slice name, int64_t from,
                                int64_t until, int offset_s)
{
    bool line = d->one_post && name.n > 0;
    struct buf text = BUF_INIT(1000);
    int end;

    if (name.n)
        buf_append_slice(&text, slice_head(name, 200));
    if (name.n)
        buf_puts(&text, line ? " (" : "\n");
    clock_write(&text, (int)(((from + offset_s * TIME_SECOND) / TIME_MINUTE) % 1440));
    buf_puts(&text, "–");
    end = (int)(((until + offset_s * TIME_SECOND) / TIME_MINUTE) % 1440);
    clock_write(&text, end == 0 ? 1440 : end);
    if (line)
        buf_putc(&text, ')');
    return papers_keep(d->p, &text);
}

/* A planned shift with the people who stand in it together. */
struct line_up {
    int64_t from, until;
    uint32_t post;
    struct slice name;
    const struct duty_shift *shifts[DUTY_AT_ONCE_MAX];
    unsigned count;
};

static int row_order(const void *a, const void *b)
{
    const struct line_up *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->post > y->post) - (x->post < y->post);
}

/* Nobody for several days is a row on each of them, cut at midnight. */
static bool add_gap(struct roster_job *d, struct line_up *rows, size_t *n,
                    const struct duty_shift *s)
{
    int64_t offset = (int64_t)d->load->plan.posts[s->post].offset_s * TIME_SECOND,
            end = CANH_MIN(s->until, d->q->until);

    for (int64_t t = CANH_MAX(s->from, d->q->from); t < end;) {
        int64_t midnight = (local_day(t, (int)(offset / TIME_SECOND)) + 1) * TIME_DAY - offset;

        if (*n == ROWS_MAX)
            return false;
        rows[*n] = (struct line_up){t, CANH_MIN(end, midnight), s->post, s->name, {s}, 1};
        ++*n;
        t = midnight;
    }
    return true;
}

static void add_shift(struct line_up *rows, size_t *n, const struct duty_shift *s)
{
    for (size_t i = *n; i-- > 0 && rows[i].post == s->post;) {
        if (rows[i].from == s->from && rows[i].until == s->until &&
            rows[i].count < DUTY_AT_ONCE_MAX) {
            rows[i].shifts[rows[i].count++] = s;
            return;
        }
    }
    rows[*n] = (struct line_up){s->from, s->until, s->post, s->name, {s}, 1};
    ++*n;
}

static bool is_asked(const struct roster_job *d, uint32_t post)
{
    return d->q->post.n == 0 || slice_eq(d->load->posts[post].code, d->q->post);
}

/* All shifts that begin in the days asked about, of every post asked about. */
static int collect_rows(struct roster_job *d, struct line_up **ret, size_t *ret_n)
{
    size_t sum = 0;

    *ret = arena_new_array(d->p->arena, ROWS_MAX + 1, struct line_up);
    if (!*ret)
        return err_nomem(d->err);
    for (uint32_t p = 0; p < d->load->asked; p++) {
        struct duty_shift *list;
        size_t n;
        int r;

        if (!is_asked(d, p))
            continue;
        r = duty_shift_list(&d->load->plan, p, d->q->from, d->q->until, d->p->arena, &list, &n,
                            d->err);
        if (r < 0)
            return r;
        for (size_t i = 0; i < n; i++) {
            bool gap = list[i].who.person == DUTY_NOBODY;

            if (sum == ROWS_MAX || (gap && !add_gap(d, *ret, &sum, &list[i])))
                return err_fail(d->err, CE_TOO_BIG, ERR_PAPERS_ROSTER_TOO_LONG, ROWS_MAX);
            if (!gap && list[i].from >= d->q->from)
                add_shift(*ret, &sum, &list[i]);
        }
    }
    qsort(*ret, sum, sizeof(**ret), row_order);
    *ret_n = sum;
    return 0;
}

/* One remark on a line of its own, unless it stands there already. */
static void write_note(struct buf *out, struct buf *text)
{
    if (slice_find(buf_slice(out), buf_slice(text)) == SIZE_MAX) {
        buf_puts(out, out->len ? "\n" : "");
        buf_append_slice(out, buf_slice(text));
    }
    buf_clear(text);
}

/* “tại nhà”, “trực thay A”, “được trực thay bởi …” */
static void write_notes(struct roster_job *d, const struct duty_shift *s, struct buf *out)
{
    const struct duty_who *w = &s->who;
    enum lang lang = d->p->lang;
    struct buf text = BUF_INIT(4096);

    if (w->presence == DUTY_ON_CALL) {
        buf_puts(&text, lang_text(lang, MSG_DUTY_ON_CALL));
        write_note(out, &text);
    }
    if (w->instead_of != DUTY_NOBODY) {
        lang_write(&text, lang, MSG_DUTY_FOR_WHOM, SLICE_ARG(d->load->names[w->instead_of]));
        write_note(out, &text);
    }
    if (w->via != DUTY_NO_POST) {
        lang_write(&text, lang, MSG_DUTY_COVERED, SLICE_ARG(d->load->posts[w->via].name));
        write_note(out, &text);
    }
    buf_done(&text);
}

static int fill_shift(struct roster_job *d, const struct line_up *row, const struct calendar *c,
                      struct print_shift *to)
{
    struct buf people = BUF_INIT(1u << 16), phones = BUF_INIT(1u << 16), notes = BUF_INIT(1u << 16);
    int offset_s = d->load->plan.posts[row->post].offset_s, r = 0;
    bool gap = row->shifts[0]->who.person == DUTY_NOBODY;

    for (unsigned i = 0; !gap && r == 0 && i < row->count; i++) {
        const struct duty_shift *s = row->shifts[i];

        buf_puts(&people, i ? "\n" : "");
        buf_append_slice(&people, d->load->names[s->who.person]);
        write_notes(d, s, &notes);
        if (d->q->phones)
            r = papers_write_phones(d->p, d->load->people[s->who.person], d->q->masked, &phones,
                                    d->err);
    }
    *to = (struct print_shift){
        .day = local_day(row->from, offset_s),
        .shift = shift_label(d, row->name, row->from, row->until, offset_s),
        .post = papers_post_name(d->p, &d->load->posts[row->post]),
        .people = papers_keep(d->p, &people),
        .phones = papers_keep(d->p, &phones),
        .note = papers_keep(d->p, &notes),
        .gap = gap,
    };
    to->day_off = calendar_is_off(c, to->day);
    return r;
}

/* Every layer of these posts and days approved, or not. */
static struct slice roster_approval(struct roster_job *d)
{
    int64_t when = 0;
    bool all = true, any = false;
    struct buf text = BUF_INIT(400);

    for (uint32_t p = 0; p < d->load->asked; p++) {
        struct state_query q = {.ref = d->load->posts[p].id, .from = d->q->from, .to = d->q->until};
        struct state_layer *rows;
        size_t n = 0;

        if (!is_asked(d, p) ||
            state_layer_list(d->p->s, &d->p->actor, &q, d->p->arena, &rows, &n, NULL) < 0)
            continue;
        for (size_t i = 0; i < n; i++) {
            any = true;
            all = all && rows[i].approved_at != 0;
            when = CANH_MAX(when, rows[i].approved_at);
        }
    }
    if (any && all) {
        lang_write(&text, d->p->lang, MSG_DUTY_APPROVED_ON);
        date_write(&text, papers_day(when));
    } else {
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_NOT_YET_APPROVED));
    }
    return papers_keep(d->p, &text);
}

static int roster_holidays(struct roster_job *d, const struct calendar **ret)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *file = folder ? data_find(folder, SLICE("holidays-vn.yaml")) : NULL;

    return calendar_parse(d->p->arena, file ? data_bytes(file) : SLICE_NULL, ret, d->err);
}

static bool is_one_post(const struct line_up *rows, size_t n)
{
    size_t i = 1;

    while (i < n && rows[i].post == rows[0].post)
        i++;
    return i >= n;
}

int papers_roster(struct papers_ctx *p, const struct papers_roster *request, struct err *err)
{
    struct roster_job d = {.p = p, .q = request, .load = request->load, .err = err};
    struct print_roster sheet = {.head = p->head,
                                 .from = papers_day(request->from),
                                 .to = papers_day(request->until - 1),
                                 .approval = roster_approval(&d)};
    const struct calendar *calendar;
    struct print_shift *shifts;
    struct line_up *rows;
    size_t n = 0;
    int r = roster_holidays(&d, &calendar);

    if (r == 0)
        r = collect_rows(&d, &rows, &n);
    if (r < 0)
        return r;
    d.one_post = n > 0 && is_one_post(rows, n);
    if (d.one_post)
        sheet.post = papers_post_name(p, &d.load->posts[rows[0].post]);
    shifts = arena_new_array(p->arena, n + 1, struct print_shift);
    if (!shifts)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = fill_shift(&d, &rows[i], calendar, &shifts[i]);
    sheet.shifts = shifts;
    sheet.count = n;
    if (r == 0)
        print_roster(&p->paper, &sheet);
    return r;
}
