/* SPDX-License-Identifier: Apache-2.0 */
/* Sổ trực and biên bản bàn giao: what was done on duty. */
#include "cli/duty/items.h"
#include "cli/print/duty.h"
#include "lang/msg_duty.h"

static int fill_log(struct duty_sheet *d, const struct duty_fact *fact, struct print_log *log)
{
    struct state_query q = {.ref = fact->row.id};
    int offset_s = sheet_offset(d, fact->post);
    struct print_entry *entries;
    struct state_line *rows;
    struct err err = ERR_INIT;
    size_t n;

    if (state_line_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return session_fail(&d->s.st, &err);
    entries = sheet_room(d, n, sizeof(*entries));
    if (!entries)
        return sheet_no_memory(d);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct print_entry){.at = sheet_minutes(rows[i].at, offset_s),
                                          .what = rows[i].what,
                                          .source = rows[i].source,
                                          .action = rows[i].action,
                                          .result = rows[i].result,
                                          .corrects = !id_is_none(rows[i].corrects),
                                          .backfilled = rows[i].backfilled};
    *log = (struct print_log){.head = d->s.p.head,
                              .post = d->r.picture.load.posts[fact->post].name,
                              .person = duty_name(&d->r, fact->row.actual),
                              .checked_in = sheet_minutes(fact->row.in_at, offset_s),
                              .checked_out = sheet_minutes(fact->row.out_at, offset_s),
                              .entries = entries,
                              .count = n,
                              .empty_rows = (unsigned)d->o->rows};
    log->head.left_title = sheet_word(d, MSG_DUTY_PRINT_ON_DUTY);
    log->head.left_name = log->person;
    if (fact->row.out_at)
        log->head.day = papers_day(fact->row.out_at);
    return 0;
}

static struct slice span_of(struct duty_sheet *d, const struct duty_fact *fact)
{
    struct buf text = BUF_INIT(400);

    duty_put_span(&text, fact->row.start, fact->row.stop, sheet_offset(d, fact->post));
    if (fact->row.backfilled)
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_BACKFILLED));
    if (fact->row.clock_back)
        buf_puts(&text, lang_text(d->s.st.app->lang, MSG_DUTY_CLOCK_MARK));
    return sheet_keep(d, &text);
}

/* A form for the pen. */
static void blank_log(struct duty_sheet *d)
{
    struct print_log log = {.head = d->s.p.head,
                            .checked_in = PRINT_NEVER,
                            .checked_out = PRINT_NEVER,
                            .empty_rows = (unsigned)CANH_MAX(d->o->rows, 14)};

    log.head.left_title = sheet_word(d, MSG_DUTY_PRINT_ON_DUTY);
    log.head.day = PRINT_NEVER;
    log.head.footer = PAPERS_BLANK_FOOTER;
    for (uint32_t p = 0; p < d->r.picture.load.asked; p++) {
        if (duty_is_asked(&d->r, p) && d->o->post)
            log.post = d->r.picture.load.posts[p].name;
    }
    print_log(&d->s.p.paper, &log);
}

int sheet_log(struct duty_sheet *d)
{
    unsigned made = 0;
    int status = 0;

    for (size_t i = 0; !d->o->blank && status == 0 && i < d->r.picture.facts.count; i++) {
        const struct duty_fact *fact = &d->r.picture.facts.items[i];
        struct print_log log;

        if (!duty_is_asked(&d->r, fact->post) || fact->row.start >= d->until ||
            fact->row.stop <= d->from || fact->row.in_at == 0)
            continue;
        status = fill_log(d, fact, &log);
        if (status != 0)
            break;
        log.shift = span_of(d, fact);
        if (made++ > 0)
            paper_page(&d->s.p.paper.body);
        print_log(&d->s.p.paper, &log);
    }
    if (status == 0 && made == 0 && !d->o->blank)
        return app_say(d->s.st.app, MSG_DUTY_PRINT_NO_SHIFT), EX_NOINPUT;
    if (status == 0 && made == 0)
        blank_log(d);
    return status;
}

/* Texts of the items of some kinds. */
static const struct slice *lines_of(struct duty_sheet *d, const struct duty_items *items,
                                    unsigned kinds, size_t *ret_n)
{
    struct slice *lines = sheet_room(d, items->count, sizeof(*lines));

    *ret_n = 0;
    for (size_t i = 0; lines && i < items->count; i++) {
        struct buf text = BUF_INIT(64 * 1024);

        if (!(kinds & 1u << items->items[i].kind))
            continue;
        if (items->items[i].kind == DUTY_ITEM_NOTE || items->items[i].kind == DUTY_ITEM_SHIFT)
            duty_item_text(&text, d->s.st.app->lang, &items->items[i], sheet_offset(d, d->r.post));
        else
            duty_item_say(&text, d->s.st.app->lang, &items->items[i], sheet_offset(d, d->r.post));
        lines[(*ret_n)++] = sheet_keep(d, &text);
    }
    return lines;
}

#define KIND(k) (1u << DUTY_ITEM_##k)

/* What was said of weather and power. */
static struct slice weather_of(struct duty_sheet *d, const struct duty_items *items)
{
    struct buf text = BUF_INIT(64 * 1024);
    size_t n;
    const struct slice *lines = lines_of(d, items, KIND(WEATHER) | KIND(POWER), &n);

    for (size_t i = 0; lines && i < n; i++) {
        buf_puts(&text, i ? "\n" : "");
        buf_put_slice(&text, lines[i]);
    }
    return sheet_keep(d, &text);
}

static void fill_items(struct duty_sheet *d, const struct duty_items *items, struct slice note,
                       struct print_handover *h)
{
    struct slice weather = weather_of(d, items);
    struct duty_items rest = *items;
    const struct duty_item x = {.kind = DUTY_ITEM_SHIFT, .title = note};

    if (note.n && duty_items_add(&rest, &x, NULL) < 0)
        rest = *items;
    h->cases = lines_of(d, items, KIND(REQUEST) | KIND(ORDER), &h->case_count);
    h->red_checks = lines_of(d, items, KIND(FINDING) | KIND(OVERDUE), &h->red_check_count);
    h->silent = lines_of(d, items, KIND(OUTAGE), &h->silent_count);
    h->changes = lines_of(d, items, KIND(PLANNED) | KIND(GAP), &h->change_count);
    h->kit = lines_of(d, items, KIND(NOTE), &h->kit_count);
    if (weather.n)
        h->weather = weather;
    h->notes = lines_of(d, &rest, KIND(SHIFT), &h->note_count);
}

/* Who can be reached in the shift to come: whoever stands at the post then. */
static void fill_contacts(struct duty_sheet *d, int64_t at, struct print_handover *h)
{
    struct slice *lines = sheet_room(d, DUTY_AT_ONCE_MAX, sizeof(*lines));
    struct duty_on on;

    duty_at(&d->r.picture.load.plan, d->r.post, at, &on);
    for (unsigned i = 0; lines && i < on.count; i++) {
        struct buf text = BUF_INIT(64 * 1024);
        struct duty_on one = on;

        one.count = 1;
        one.who[0] = on.who[i];
        duty_put_people(&text, &one, &d->r.names, &d->r.words);
        lines[h->contact_count++] = sheet_keep(d, &text);
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
    return sheet_keep(d, &text);
}

/* The newest handover at the post; version 0 when there is none in these days. */
static int newest(struct duty_sheet *d, struct state_handover *ret)
{
    struct state_query q = {.ref = d->r.picture.load.posts[d->r.post].id,
                            .from = 0,
                            .to = d->until};
    struct state_handover *rows;
    struct err err = ERR_INIT;
    size_t n;

    *ret = (struct state_handover){.version = 0};
    if (state_handover_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return session_fail(&d->s.st, &err);
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
        return session_fail(&d->s.st, &err);
    duty_put_span(&text, shift.start, shift.stop, sheet_offset(d, d->r.post));
    h->shift = sheet_keep(d, &text);
    h->at = sheet_minutes(x->taker_at ? x->taker_at : x->giver_at, sheet_offset(d, d->r.post));
    h->head.day = papers_day(x->taker_at ? x->taker_at : x->giver_at);
    h->head.left_name = duty_name(&d->r, x->giver);
    h->head.right_name = id_is_none(x->taker) ? SLICE("") : duty_name(&d->r, x->taker);
    h->remark = remark_of(d, x);
    h->weather = sheet_word(d, MSG_DUTY_PRINT_NOT_SAID);
    fill_items(d, &items, x->note, h);
    fill_contacts(d, shift.stop, h);
    return 0;
}

int sheet_handover(struct duty_sheet *d)
{
    static const struct slice for_the_pen = {.p = (const uint8_t *)"……", .n = sizeof("……") - 1};
    struct print_handover h = {.head = d->s.p.head, .at = PRINT_NEVER, .blank = d->o->blank};
    struct duty_items items = {.arena = &d->s.st.arena};
    struct state_handover x = {.version = 0};
    struct err err = ERR_INIT;
    int status = duty_one_post(&d->r);

    h.head.left_title = sheet_word(d, MSG_DUTY_PRINT_GIVER);
    h.head.right_title = sheet_word(d, MSG_DUTY_PRINT_TAKER);
    h.head.right_name = SLICE("");
    if (status != 0)
        return status;
    h.post = d->r.picture.load.posts[d->r.post].name;
    h.head.day = PRINT_NEVER;
    if (d->o->blank) {
        h.head.footer = PAPERS_BLANK_FOOTER;
    } else {
        h.weather = for_the_pen;
        status = newest(d, &x);
    }
    if (status == 0 && x.version)
        status = fill_handover(d, &x, &h);
    if (status == 0 && !x.version && !d->o->blank) {
        d->r.from = d->r.now;
        if (duty_open_items(&d->r, &items, &err) < 0)
            return session_fail(&d->s.st, &err);
        fill_items(d, &items, SLICE_NULL, &h);
        h.kit = h.contacts = h.notes = &for_the_pen; /* nobody has said that there is none */
        h.kit_count = h.contact_count = h.note_count = 1;
        h.remark = for_the_pen;
    }
    if (status == 0)
        print_handover(&d->s.p.paper, &h);
    return status;
}
