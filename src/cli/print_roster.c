/* SPDX-License-Identifier: Apache-2.0 */
/* Lịch trực: who is planned, for the wall. */
#include <stdlib.h>

#include "calendar/calendar.h"
#include "cli/print_duty.h"
#include "data/data.h"
#include "lang/msg_duty.h"
#include "lang/value.h"

/* A sheet of more rows is nothing that anybody hangs on a wall. */
enum { ROWS_MAX = 10000 };

static int64_t local_day(int64_t t, int offset_s)
{
    int64_t local = t + offset_s * TIME_SECOND;

    return local / TIME_DAY - (local % TIME_DAY < 0);
}

/* “Ca 1 (07:00–19:00)”, or the times alone. */
static struct slice shift_label(struct duty_sheet *d, struct slice name, int64_t from,
                                int64_t until, int offset_s)
{
    struct buf text = BUF_INIT(1000);
    int end;

    if (name.n)
        buf_put_slice(&text, slice_head(name, 200));
    if (name.n)
        buf_puts(&text, "\n");
    clock_put(&text, (int)(((from + offset_s * TIME_SECOND) / TIME_MINUTE) % 1440));
    buf_puts(&text, "–");
    end = (int)(((until + offset_s * TIME_SECOND) / TIME_MINUTE) % 1440);
    clock_put(&text, end == 0 ? 1440 : end);
    return sheet_keep(d, &text);
}

/* -- lịch trực ------------------------------------------------------------------------------- */

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
static bool add_gap(struct duty_sheet *d, struct line_up *rows, size_t *n,
                    const struct duty_shift *s)
{
    int64_t offset = sheet_offset(d, s->post) * TIME_SECOND, end = CANH_MIN(s->until, d->until);

    for (int64_t t = CANH_MAX(s->from, d->from); t < end;) {
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

/* All shifts that begin in the days asked about, of every post asked about. */
static int gather_rows(struct duty_sheet *d, struct line_up **ret, size_t *ret_n)
{
    struct duty_run *r = &d->r;
    struct err err = ERR_INIT;
    size_t sum = 0;

    *ret = sheet_room(d, ROWS_MAX, sizeof(**ret));
    if (!*ret)
        return sheet_no_memory(d);
    for (uint32_t p = 0; p < r->load.asked; p++) {
        struct duty_shift *list;
        size_t n;

        if (!duty_is_asked(r, p))
            continue;
        if (duty_shift_list(&r->load.plan, p, d->from, d->until, &d->s.st.arena, &list, &n, &err) <
            0)
            return ledger_fail(&d->s.st, &err);
        for (size_t i = 0; i < n; i++) {
            bool gap = list[i].who.person == DUTY_NOBODY;

            if (sum == ROWS_MAX || (gap && !add_gap(d, *ret, &sum, &list[i])))
                return app_usage(d->s.st.app, MSG_DUTY_PRINT_TOO_LONG, (unsigned)ROWS_MAX);
            if (!gap && list[i].from >= d->from)
                add_shift(*ret, &sum, &list[i]);
        }
    }
    qsort(*ret, sum, sizeof(**ret), row_order);
    *ret_n = sum;
    return 0;
}

/* One remark on a line of its own, unless it stands there already. */
static void put_note(struct buf *out, struct buf *text)
{
    if (slice_find(buf_slice(out), buf_slice(text)) == SIZE_MAX) {
        buf_puts(out, out->len ? "\n" : "");
        buf_put_slice(out, buf_slice(text));
    }
    buf_clear(text);
}

/* “tại nhà”, “trực thay A”, “được trực thay bởi …” */
static void put_notes(struct duty_sheet *d, const struct duty_shift *s, struct buf *out)
{
    const struct duty_who *w = &s->who;
    enum lang lang = d->s.st.app->lang;
    struct buf text = BUF_INIT(4096);

    if (w->presence == DUTY_ON_CALL) {
        buf_puts(&text, lang_text(lang, MSG_DUTY_ON_CALL));
        put_note(out, &text);
    }
    if (w->instead_of != DUTY_NOBODY) {
        lang_put(&text, lang, MSG_DUTY_FOR_WHOM, SLICE_ARG(d->r.load.names[w->instead_of]));
        put_note(out, &text);
    }
    if (w->via != DUTY_NO_POST) {
        lang_put(&text, lang, MSG_DUTY_COVERED, SLICE_ARG(d->r.load.posts[w->via].name));
        put_note(out, &text);
    }
    buf_done(&text);
}

static int fill_shift(struct duty_sheet *d, const struct line_up *row, const struct calendar *c,
                      struct print_shift *to)
{
    struct buf people = BUF_INIT(1u << 16), phones = BUF_INIT(1u << 16), notes = BUF_INIT(1u << 16);
    int offset_s = sheet_offset(d, row->post), status = 0;
    bool gap = row->shifts[0]->who.person == DUTY_NOBODY;

    for (unsigned i = 0; !gap && status == 0 && i < row->count; i++) {
        const struct duty_shift *s = row->shifts[i];

        buf_puts(&people, i ? "\n" : "");
        buf_put_slice(&people, d->r.load.names[s->who.person]);
        put_notes(d, s, &notes);
        if (d->o->phones)
            status = sheet_phones(d, d->r.load.people[s->who.person], &phones);
    }
    *to = (struct print_shift){
        .day = local_day(row->from, offset_s),
        .shift = shift_label(d, row->name, row->from, row->until, offset_s),
        .post = d->r.load.posts[row->post].name,
        .people = sheet_keep(d, &people),
        .phones = sheet_keep(d, &phones),
        .note = sheet_keep(d, &notes),
        .gap = gap,
    };
    to->day_off = calendar_is_off(c, to->day);
    return status;
}

/* Every layer of these posts and days approved, or not. */
static struct slice approval(struct duty_sheet *d)
{
    int64_t when = 0;
    bool all = true, any = false;
    struct buf text = BUF_INIT(400);

    for (uint32_t p = 0; p < d->r.load.asked; p++) {
        struct state_query q = {.ref = d->r.load.posts[p].id, .from = d->from, .to = d->until};
        struct state_layer *rows;
        size_t n = 0;

        if (!duty_is_asked(&d->r, p) ||
            state_layer_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, NULL) < 0)
            continue;
        for (size_t i = 0; i < n; i++) {
            any = true;
            all = all && rows[i].approved_at != 0;
            when = CANH_MAX(when, rows[i].approved_at);
        }
    }
    if (any && all) {
        lang_put(&text, d->s.st.app->lang, MSG_DUTY_APPROVED_ON);
        date_put(&text, papers_day(when));
    } else {
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_NOT_YET_APPROVED));
    }
    return sheet_keep(d, &text);
}

static int holidays(struct duty_sheet *d, const struct calendar **ret)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *file = folder ? data_find(folder, SLICE("holidays-vn.yaml")) : NULL;
    struct err err = ERR_INIT;

    if (calendar_parse(&d->s.st.arena, file ? data_bytes(file) : SLICE_NULL, ret, &err) < 0)
        return app_fail(d->s.st.app, "holidays-vn.yaml", &err);
    return 0;
}

int sheet_roster(struct duty_sheet *d)
{
    struct print_roster sheet = {.head = d->s.head,
                                 .from = papers_day(d->from),
                                 .to = papers_day(d->until - 1),
                                 .approval = approval(d)};
    const struct calendar *calendar;
    struct print_shift *shifts;
    struct line_up *rows;
    size_t n = 0;
    int status = holidays(d, &calendar);

    if (status == 0)
        status = gather_rows(d, &rows, &n);
    if (status != 0)
        return status;
    shifts = sheet_room(d, n, sizeof(*shifts));
    if (!shifts)
        return sheet_no_memory(d);
    for (size_t i = 0; status == 0 && i < n; i++)
        status = fill_shift(d, &rows[i], calendar, &shifts[i]);
    sheet.shifts = shifts;
    sheet.count = n;
    if (status == 0)
        print_roster(&d->s.paper, &sheet);
    return status;
}
