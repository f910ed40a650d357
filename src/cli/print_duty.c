/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh print lich-truc, so-truc, ban-giao, danh-ba, and the same as canh duty print SHEET: the
 * papers of duty. Numbers of people are read one by one, each read in the audit.
 */
#include <stdlib.h>

#include "calendar/calendar.h"
#include "cli/duty.h"
#include "cli/duty_items.h"
#include "cli/printing.h"
#include "data/data.h"
#include "form/value.h"
#include "form/viet.h"

struct duty_sheet_options {
    struct sheet_options sheet;
    const char *post, *from, *until;
    int64_t rows;
    bool phones, masked, blank;
};

/* A sheet being made of a unit's duty. */
struct duty_sheet {
    struct sheet_work s;
    struct duty_run r;
    struct duty_options asked;
    const struct duty_sheet_options *o;
    int64_t from, until;
};

enum { PERIOD_MAX = 400, PHONES_MAX = 4 };

static struct slice keep(struct duty_sheet *d, struct buf *text)
{
    struct slice s = arena_dup(&d->s.st.arena, buf_slice(text));

    buf_done(text);
    return s;
}

static struct slice word(const struct duty_sheet *d, enum msg_id id)
{
    return slice_str(lang_text(d->s.st.app->lang, id));
}

static void *room(struct duty_sheet *d, size_t n, size_t size)
{
    return arena_array(&d->s.st.arena, n + 1, size);
}

static int no_memory(struct duty_sheet *d)
{
    app_say(d->s.st.app, MSG_CLI_NO_MEMORY);
    return EX_OSERR;
}

/* Who signs for the unit: whoever holds the role of its head, when there is one. */
static struct slice head_of(struct duty_sheet *d)
{
    struct state_query q = {.unit = d->s.unit.id};
    struct state_grant *rows;
    struct slice name = SLICE_NULL;
    size_t n;

    if (state_grant_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, NULL) < 0)
        return name;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].role == STATE_HEAD && rows[i].valid_from <= d->r.now &&
            rows[i].valid_to > d->r.now)
            name = duty_name(&d->r, rows[i].person);
    }
    return name;
}

/* Days asked about, from their beginning to the end of the last; then the plan and the facts. */
static int begin(struct app *app, const struct duty_sheet_options *o, enum state_mode mode,
                 int64_t days, struct duty_sheet *d)
{
    int status;

    d->o = o;
    d->asked = (struct duty_options){.unit = o->sheet.unit, .post = o->post};
    status = sheet_begin_as(app, &o->sheet, mode, &d->s);
    if (status != 0)
        return status;
    d->from = papers_day(state_now(d->s.st.s)) * TIME_DAY - PAPERS_ZONE * TIME_SECOND;
    d->until = d->from + days * TIME_DAY;
    status = ledger_time(app, "until", o->until, true, &d->until);
    if (o->until && !o->from)
        d->from = CANH_MIN(d->from, d->until - days * TIME_DAY);
    if (status == 0)
        status = ledger_time(app, "from", o->from, false, &d->from);
    if (o->from && !o->until)
        d->until = d->from + days * TIME_DAY;
    if (status == 0 && (d->until <= d->from || d->until - d->from > PERIOD_MAX * TIME_DAY))
        status = app_usage(app, MSG_DUTY_EMPTY_TIME);
    if (status == 0)
        status = duty_run_in(&d->r, &d->s.st, &d->asked, TIME_DAY);
    d->r.from = d->from;
    d->r.until = d->until + 2 * TIME_DAY;
    if (status == 0)
        status = duty_run_again(&d->r);
    if (status != 0)
        ledger_close(&d->s.st);
    else
        d->s.head.right_name = head_of(d);
    return status;
}

static int offset_of(const struct duty_sheet *d, uint32_t post)
{
    return d->r.load.plan.posts[post].offset_s;
}

static int64_t local_minutes(int64_t t, int offset_s)
{
    return t == 0 ? PRINT_NEVER : (t + offset_s * TIME_SECOND) / TIME_MINUTE;
}

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

    if (name.n)
        buf_put_slice(&text, slice_head(name, 200));
    if (name.n)
        buf_puts(&text, "\n");
    clock_put(&text, (int)(((from + offset_s * TIME_SECOND) / TIME_MINUTE) % 1440));
    buf_puts(&text, "–");
    clock_put(&text, (int)(((until + offset_s * TIME_SECOND) / TIME_MINUTE) % 1440));
    return keep(d, &text);
}

/* -- contacts -------------------------------------------------------------------------------- */

static bool is_phone(const struct state_contact *c)
{
    return c->kind == STATE_CONTACT_MOBILE || c->kind == STATE_CONTACT_PHONE;
}

/* The value as people dial it, or the hint when values are not wanted. */
static int put_value(struct duty_sheet *d, const struct state_contact *c, struct buf *out)
{
    struct buf value = BUF_INIT(4096);
    struct err err = ERR_INIT;
    int r = 0;

    if (c->hint.n == 0)
        return 0;
    if (out->len)
        buf_putc(out, '\n');
    if (d->o->masked) {
        buf_put_slice(out, c->hint);
        return 0;
    }
    r = state_contact_reveal(d->s.st.s, &d->s.st.actor, c->id, &value, &err);
    if (r == 0 && is_phone(c) && value.len > 0 && value.p[0] == '+')
        phone_put(out, buf_slice(&value));
    else if (r == 0)
        buf_put_slice(out, buf_slice(&value));
    buf_done(&value);
    return r < 0 ? ledger_fail(&d->s.st, &err) : 0;
}

/* Phones of a person in the order to try them. */
static int phones_of(struct duty_sheet *d, struct state_id person, struct buf *out)
{
    struct state_query q = {.ref = person};
    struct state_contact *rows;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n, put = 0;

    if (state_contact_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; status == 0 && i < n && put < PHONES_MAX; i++) {
        if (!is_phone(&rows[i]) || rows[i].hint.n == 0)
            continue;
        status = put_value(d, &rows[i], out);
        put++;
    }
    return status;
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

    *ret = room(d, DUTY_SHIFTS_MAX / 10, sizeof(**ret));
    if (!*ret)
        return no_memory(d);
    for (uint32_t p = 0; p < r->load.asked; p++) {
        struct duty_shift *list;
        size_t n;

        if (!duty_is_asked(r, p))
            continue;
        if (duty_shift_list(&r->load.plan, p, d->from, d->until, &d->s.st.arena, &list, &n, &err) <
            0)
            return ledger_fail(&d->s.st, &err);
        for (size_t i = 0; i < n && sum < DUTY_SHIFTS_MAX / 10; i++) {
            if (list[i].from >= d->from || list[i].who.person == DUTY_NOBODY)
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
    int offset_s = offset_of(d, row->post), status = 0;
    bool gap = row->shifts[0]->who.person == DUTY_NOBODY;
    int64_t from = CANH_MAX(row->from, d->from);

    for (unsigned i = 0; !gap && status == 0 && i < row->count; i++) {
        const struct duty_shift *s = row->shifts[i];

        buf_puts(&people, i ? "\n" : "");
        buf_put_slice(&people, d->r.load.names[s->who.person]);
        put_notes(d, s, &notes);
        if (d->o->phones)
            status = phones_of(d, d->r.load.people[s->who.person], &phones);
    }
    *to = (struct print_shift){
        .day = local_day(from, offset_s),
        .shift = shift_label(d, row->name, from, CANH_MIN(row->until, d->until), offset_s),
        .post = d->r.load.posts[row->post].name,
        .people = keep(d, &people),
        .phones = keep(d, &phones),
        .note = keep(d, &notes),
        .gap = gap,
    };
    if (!gap)
        to->shift = shift_label(d, row->name, row->from, row->until, offset_s);
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
    return keep(d, &text);
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

static int make_roster(struct duty_sheet *d)
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
    shifts = room(d, n, sizeof(*shifts));
    if (!shifts)
        return no_memory(d);
    for (size_t i = 0; status == 0 && i < n; i++)
        status = fill_shift(d, &rows[i], calendar, &shifts[i]);
    sheet.shifts = shifts;
    sheet.count = n;
    if (status == 0)
        print_roster(&d->s.paper, &sheet);
    return status;
}

/* -- sổ trực --------------------------------------------------------------------------------- */

static int fill_log(struct duty_sheet *d, const struct duty_fact *fact, struct print_log *log)
{
    struct state_query q = {.ref = fact->row.id};
    int offset_s = offset_of(d, fact->post);
    struct print_entry *entries;
    struct state_line *rows;
    struct err err = ERR_INIT;
    size_t n;

    if (state_line_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    entries = room(d, n, sizeof(*entries));
    if (!entries)
        return no_memory(d);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct print_entry){.at = local_minutes(rows[i].at, offset_s),
                                          .what = rows[i].what,
                                          .source = rows[i].source,
                                          .action = rows[i].action,
                                          .result = rows[i].result,
                                          .corrects = !id_is_none(rows[i].corrects),
                                          .backfilled = rows[i].backfilled};
    *log = (struct print_log){.head = d->s.head,
                              .post = d->r.load.posts[fact->post].name,
                              .person = duty_name(&d->r, fact->row.actual),
                              .checked_in = local_minutes(fact->row.in_at, offset_s),
                              .checked_out = local_minutes(fact->row.out_at, offset_s),
                              .entries = entries,
                              .count = n,
                              .empty_rows = (unsigned)d->o->rows};
    log->head.left_title = word(d, MSG_DUTY_PRINT_ON_DUTY);
    log->head.left_name = log->person;
    return 0;
}

static struct slice span_of(struct duty_sheet *d, const struct duty_fact *fact)
{
    struct buf text = BUF_INIT(400);

    duty_put_span(&text, fact->row.start, fact->row.stop, offset_of(d, fact->post));
    if (fact->row.backfilled)
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_BACKFILLED));
    if (fact->row.clock_back)
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_CLOCK_MARK));
    return keep(d, &text);
}

/* A form for the pen. */
static void blank_log(struct duty_sheet *d)
{
    struct print_log log = {.head = d->s.head,
                            .checked_in = PRINT_NEVER,
                            .checked_out = PRINT_NEVER,
                            .empty_rows = (unsigned)CANH_MAX(d->o->rows, 14)};

    log.head.left_title = word(d, MSG_DUTY_PRINT_ON_DUTY);
    log.head.day = PRINT_NEVER;
    for (uint32_t p = 0; p < d->r.load.asked; p++) {
        if (duty_is_asked(&d->r, p) && d->o->post)
            log.post = d->r.load.posts[p].name;
    }
    print_log(&d->s.paper, &log);
}

static int make_log(struct duty_sheet *d)
{
    unsigned made = 0;
    int status = 0;

    for (size_t i = 0; !d->o->blank && status == 0 && i < d->r.facts.count; i++) {
        const struct duty_fact *fact = &d->r.facts.items[i];
        struct print_log log;

        if (!duty_is_asked(&d->r, fact->post) || fact->row.start >= d->until ||
            fact->row.stop <= d->from || fact->row.in_at == 0)
            continue;
        status = fill_log(d, fact, &log);
        if (status != 0)
            break;
        log.shift = span_of(d, fact);
        if (made++ > 0)
            paper_page(&d->s.paper.body);
        print_log(&d->s.paper, &log);
    }
    if (status == 0 && made == 0 && !d->o->blank)
        return app_say(d->s.st.app, MSG_DUTY_PRINT_NO_SHIFT), EX_NOINPUT;
    if (status == 0 && made == 0)
        blank_log(d);
    return status;
}

/* -- bàn giao -------------------------------------------------------------------------------- */

/* Texts of the items of some kinds. */
static const struct slice *lines_of(struct duty_sheet *d, const struct duty_items *items,
                                    unsigned kinds, size_t *ret_n)
{
    struct slice *lines = room(d, items->count, sizeof(*lines));

    *ret_n = 0;
    for (size_t i = 0; lines && i < items->count; i++) {
        struct buf text = BUF_INIT(64 * 1024);

        if (!(kinds & 1u << items->items[i].kind))
            continue;
        if (items->items[i].kind == DUTY_ITEM_NOTE || items->items[i].kind == DUTY_ITEM_SHIFT)
            duty_item_text(&text, d->s.st.app->lang, &items->items[i], offset_of(d, d->r.post));
        else
            duty_item_say(&text, d->s.st.app->lang, &items->items[i], offset_of(d, d->r.post));
        lines[(*ret_n)++] = keep(d, &text);
    }
    return lines;
}

#define KIND(k) (1u << DUTY_ITEM_##k)

static void fill_items(struct duty_sheet *d, const struct duty_items *items, struct slice note,
                       struct print_handover *h)
{
    struct duty_items rest = *items;
    const struct duty_item x = {.kind = DUTY_ITEM_SHIFT, .title = note};

    if (note.n && duty_items_add(&rest, &x, NULL) < 0)
        rest = *items;
    h->cases = lines_of(d, items, KIND(REQUEST) | KIND(ORDER), &h->case_count);
    h->red_checks = lines_of(d, items, KIND(FINDING) | KIND(OVERDUE), &h->red_check_count);
    h->silent = lines_of(d, items, KIND(OUTAGE), &h->silent_count);
    h->changes = lines_of(d, items, KIND(PLANNED) | KIND(GAP), &h->change_count);
    h->kit = lines_of(d, items, KIND(NOTE), &h->kit_count);
    h->notes = lines_of(d, &rest, KIND(SHIFT), &h->note_count);
}

/* Who can be reached in the shift to come: whoever stands at the post then. */
static void fill_contacts(struct duty_sheet *d, int64_t at, struct print_handover *h)
{
    struct slice *lines = room(d, DUTY_AT_ONCE_MAX, sizeof(*lines));
    struct duty_on on;

    duty_at(&d->r.load.plan, d->r.post, at, &on);
    for (unsigned i = 0; lines && i < on.count; i++) {
        struct buf text = BUF_INIT(64 * 1024);
        struct duty_on one = on;

        one.count = 1;
        one.who[0] = on.who[i];
        duty_put_people(&text, &one, &d->r.names, &d->r.words);
        lines[h->contact_count++] = keep(d, &text);
    }
    h->contacts = lines;
}

static struct slice remark_of(struct duty_sheet *d, const struct state_handover *x)
{
    struct buf text = BUF_INIT(64 * 1024);

    if (x->objection.n)
        lang_put(&text, d->s.st.app->lang, MSG_DUTY_OBJECTED, SLICE_ARG(duty_name(&d->r, x->taker)),
                 SLICE_ARG(x->objection));
    if (x->objection.n && x->taker_at)
        buf_puts(&text, "\n");
    if (x->objection.n && x->taker_at)
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_PRINT_TAKEN_AFTER));
    if (!x->taker_at && !x->objection.n)
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_PRINT_NOT_TAKEN));
    return keep(d, &text);
}

/* The newest handover at the post; version 0 when there is none in these days. */
static int newest(struct duty_sheet *d, struct state_handover *ret)
{
    struct state_query q = {.ref = d->r.load.posts[d->r.post].id, .from = 0, .to = d->until};
    struct state_handover *rows;
    struct err err = ERR_INIT;
    size_t n;

    *ret = (struct state_handover){.version = 0};
    if (state_handover_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].at < d->until)
            *ret = rows[i];
    }
    return 0;
}

static int fill_handover(struct duty_sheet *d, const struct state_handover *x,
                         struct print_handover *h)
{
    struct duty_items items = {.arena = &d->s.st.arena};
    struct buf text = BUF_INIT(400);
    struct state_shift shift;
    struct err err = ERR_INIT;

    if (duty_items_read(x->items, &items, &err) < 0 ||
        state_shift_get(d->s.st.s, &d->s.st.actor, x->from_shift, &d->s.st.arena, &shift, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    duty_put_span(&text, shift.start, shift.stop, offset_of(d, d->r.post));
    h->shift = keep(d, &text);
    h->at = local_minutes(x->taker_at ? x->taker_at : x->giver_at, offset_of(d, d->r.post));
    h->head.left_name = duty_name(&d->r, x->giver);
    h->head.right_name = id_is_none(x->taker) ? SLICE("") : duty_name(&d->r, x->taker);
    h->remark = remark_of(d, x);
    fill_items(d, &items, x->note, h);
    fill_contacts(d, shift.stop, h);
    return 0;
}

static int make_handover(struct duty_sheet *d)
{
    struct print_handover h = {.head = d->s.head, .at = PRINT_NEVER, .blank = d->o->blank};
    struct duty_items items = {.arena = &d->s.st.arena};
    struct state_handover x = {.version = 0};
    struct err err = ERR_INIT;
    int status = duty_one_post(&d->r);

    h.head.left_title = word(d, MSG_DUTY_PRINT_GIVER);
    h.head.right_title = word(d, MSG_DUTY_PRINT_TAKER);
    h.head.right_name = SLICE("");
    if (status != 0)
        return status;
    h.post = d->r.load.posts[d->r.post].name;
    if (!d->o->blank) {
        h.weather = SLICE("……"); /* for the pen: nobody has said that there is none */
        status = newest(d, &x);
    }
    if (status == 0 && x.version)
        status = fill_handover(d, &x, &h);
    if (status == 0 && !x.version && !d->o->blank) {
        d->r.from = d->r.now;
        if (duty_open_items(&d->r, &items, &err) < 0)
            return ledger_fail(&d->s.st, &err);
        fill_items(d, &items, SLICE_NULL, &h);
        h.remark = SLICE("……");
    }
    if (status == 0)
        print_handover(&d->s.paper, &h);
    return status;
}

/* -- danh bạ --------------------------------------------------------------------------------- */

struct directory {
    struct duty_sheet *d;
    struct viet *viet;
    struct print_contact *items;
    size_t count, max;
};

/* One person, or one role of the unit, with all ways to reach them. */
static int put_contact(struct directory *dir, const struct state_contact *rows, size_t n,
                       struct slice group, struct slice name, struct slice role)
{
    struct duty_sheet *d = dir->d;
    struct print_contact *to = &dir->items[dir->count];
    struct buf phones = BUF_INIT(64 * 1024), mail = BUF_INIT(64 * 1024);
    int64_t proven = 0;
    int status = 0;

    if (dir->count == dir->max)
        return 0;
    for (size_t i = 0; status == 0 && i < n; i++) {
        status = put_value(d, &rows[i], is_phone(&rows[i]) ? &phones : &mail);
        proven = CANH_MAX(proven, rows[i].proven_at);
    }
    *to = (struct print_contact){.group = group,
                                 .name = name,
                                 .role = role,
                                 .phones = keep(d, &phones),
                                 .mail = keep(d, &mail),
                                 .proven = proven ? papers_day(proven) : PRINT_NEVER};
    dir->count++;
    return status;
}

static int put_person(struct directory *dir, const struct state_person *p, struct slice group)
{
    struct state_query q = {.ref = p->id};
    struct duty_sheet *d = dir->d;
    struct state_contact *rows;
    struct err err = ERR_INIT;
    size_t n;

    if (p->valid_from > d->r.now || p->valid_to <= d->r.now)
        return 0;
    if (state_contact_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    return n ? put_contact(dir, rows, n, group, p->name, p->title) : 0;
}

/* Roles without a person: NCSC, the named officer …; empty until somebody fills them in. */
static int put_roles(struct directory *dir, struct state_id unit, struct slice group)
{
    struct state_query q = {.unit = unit};
    struct duty_sheet *d = dir->d;
    struct state_contact *rows;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n;

    if (state_contact_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (id_is_none(rows[i].person))
            status = put_contact(dir, &rows[i], 1, group, rows[i].label, SLICE(""));
    }
    return status;
}

static int put_unit(struct directory *dir, const struct state_unit *u)
{
    struct state_query q = {.unit = u->id};
    struct duty_sheet *d = dir->d;
    struct state_person *rows;
    struct err err = ERR_INIT;
    int status = put_roles(dir, u->id, u->name);
    size_t n;

    if (status == 0 &&
        state_person_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        status = ledger_fail(&d->s.st, &err);
    for (size_t i = 1; status == 0 && i < n; i++) {
        struct state_person x = rows[i];
        size_t k = i;

        for (; k > 0 && viet_cmp_name(dir->viet, rows[k - 1].name, x.name) > 0; k--)
            rows[k] = rows[k - 1];
        rows[k] = x;
    }
    for (size_t i = 0; status == 0 && i < n; i++)
        status = put_person(dir, &rows[i], u->name);
    return status;
}

static int make_directory(struct duty_sheet *d)
{
    struct directory dir = {.d = d, .max = 5000};
    struct print_directory sheet = {.head = d->s.head};
    struct state_unit *units;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n;

    dir.items = room(d, dir.max, sizeof(*dir.items));
    if (!dir.items)
        return no_memory(d);
    if (state_units_at(d->s.st.s, &d->s.st.actor, d->r.now, &d->s.st.arena, &units, &n, &err) < 0 ||
        viet_new(&dir.viet, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (id_eq(units[i].id, d->s.unit.id) ||
            state_unit_below(d->s.st.s, units[i].id, d->s.unit.id, d->r.now))
            status = put_unit(&dir, &units[i]);
    }
    (void)viet_free(dir.viet);
    sheet.contacts = dir.items;
    sheet.count = dir.count;
    if (status == 0)
        print_directory(&d->s.paper, &sheet);
    return status;
}

/* -- verbs ----------------------------------------------------------------------------------- */

/* A sheet is a row here. */
static const struct duty_paper {
    const char *name;
    int (*make)(struct duty_sheet *d);
    int64_t days; /* when no end is said */
    bool reveals; /* reads contacts, and so writes to the audit */
} papers[] = {
    {"lich-truc", make_roster, 14, false},
    {"so-truc", make_log, 1, false},
    {"ban-giao", make_handover, 1, false},
    {"danh-ba", make_directory, 1, true},
};

static int print_paper(struct app *app, const struct duty_paper *p,
                       const struct duty_sheet_options *o)
{
    bool reveals = (p->reveals || o->phones) && !o->masked;
    struct duty_sheet d;
    int status = begin(app, o, reveals ? STATE_WRITE : STATE_READ, p->days, &d);

    if (status != 0)
        return status;
    d.s.st.actor.purpose = word(&d, MSG_DUTY_PRINT_PURPOSE);
    status = p->make(&d);
    return sheet_end(&d.s, p->name, status);
}

static int run_roster(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return print_paper(app, &papers[0], values);
}

static int run_log(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return print_paper(app, &papers[1], values);
}

static int run_handover(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return print_paper(app, &papers[2], values);
}

static int run_directory(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return print_paper(app, &papers[3], values);
}

static const char *const paper_names[] = {"lich-truc", "so-truc", "ban-giao", "danh-ba", NULL};

static int run_any(struct app *app, const void *values, const struct operands *operands)
{
    for (size_t i = 0; i < CANH_LEN(papers); i++) {
        if (strcmp(operands->items[0], papers[i].name) == 0)
            return print_paper(app, &papers[i], values);
    }
    return EX_USAGE; /* operand_words let nothing else pass */
}

#define POST                                                                                       \
    OPTION_TEXT("post", 'p', struct duty_sheet_options, post, "CODE", COMPLETE_NONE,               \
                MSG_DUTY_OPT_POST)
#define DAYS                                                                                       \
    OPTION_TEXT("from", 0, struct duty_sheet_options, from, "DATE", COMPLETE_NONE,                 \
                MSG_DUTY_OPT_FROM),                                                                \
        OPTION_TEXT("until", 0, struct duty_sheet_options, until, "DATE", COMPLETE_NONE,           \
                    MSG_DUTY_OPT_UNTIL)
#define PHONES OPTION_FLAG("phones", 0, struct duty_sheet_options, phones, MSG_DUTY_OPT_PHONES)
#define MASKED OPTION_FLAG("masked", 0, struct duty_sheet_options, masked, MSG_DUTY_OPT_MASKED)
#define BLANK  OPTION_FLAG("blank", 0, struct duty_sheet_options, blank, MSG_PAPERS_OPT_BLANK)
#define ROWS                                                                                       \
    OPTION_NUMBER("rows", 0, struct duty_sheet_options, rows, "N", 0, 200, MSG_DUTY_OPT_ROWS)
#define SHEET SHEET_OPTIONS(struct duty_sheet_options, sheet.)

static const struct option_spec roster_specs[] = {SHEET, POST, DAYS, PHONES, MASKED};
static const struct option_spec log_specs[] = {SHEET, POST, DAYS, BLANK, ROWS};
static const struct option_spec handover_specs[] = {SHEET, POST, DAYS, BLANK};
static const struct option_spec directory_specs[] = {SHEET, MASKED};
static const struct option_spec any_specs[] = {SHEET, POST, DAYS, PHONES, MASKED, BLANK, ROWS};
static const struct duty_sheet_options defaults = {.rows = 4};

#define OF(specs) VERB_OPTIONS(specs), VERB_DEFAULTS(struct duty_sheet_options, &defaults)

const struct verb verb_print_roster = {.name = "lich-truc",
                                       .summary = MSG_DUTY_PRINT_ROSTER_SUMMARY,
                                       .about = MSG_DUTY_PRINT_ROSTER_ABOUT,
                                       OF(roster_specs),
                                       .run = run_roster};
const struct verb verb_print_log = {.name = "so-truc",
                                    .summary = MSG_DUTY_PRINT_LOG_SUMMARY,
                                    OF(log_specs),
                                    .run = run_log};
const struct verb verb_print_handover = {.name = "ban-giao",
                                         .summary = MSG_DUTY_PRINT_HAND_SUMMARY,
                                         .about = MSG_DUTY_PRINT_HAND_ABOUT,
                                         OF(handover_specs),
                                         .run = run_handover};
const struct verb verb_print_directory = {.name = "danh-ba",
                                          .summary = MSG_DUTY_PRINT_DIR_SUMMARY,
                                          .about = MSG_DUTY_PRINT_DIR_ABOUT,
                                          OF(directory_specs),
                                          .run = run_directory};
const struct verb duty_print = {.name = "print",
                                .summary = MSG_DUTY_PRINT_SUMMARY,
                                .operands = "SHEET",
                                .min_operands = 1,
                                .max_operands = 1,
                                .operand_words = paper_names,
                                OF(any_specs),
                                .run = run_any};
