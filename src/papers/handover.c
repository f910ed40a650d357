/* SPDX-License-Identifier: Apache-2.0 */
/* Biên bản bàn giao: what one who goes hands to one who comes. */
#include "base/time.h"
#include "duty/item_text.h"
#include "lang/msg_duty.h"
#include "papers/stood.h"
#include "proof/overdue.h"
#include "roster/span_text.h"

/* Texts of the items of some kinds. */
static const struct slice *lines_of(struct stood_job *d, const struct duty_items *items,
                                    unsigned kinds, size_t *ret_n)
{
    struct slice *lines = arena_new_array(d->p->arena, items->count + 1, struct slice);

    *ret_n = 0;
    for (size_t i = 0; lines && i < items->count; i++) {
        struct buf text = BUF_INIT(64 * 1024);

        if (!(kinds & 1u << items->items[i].kind))
            continue;
        if (items->items[i].kind == DUTY_ITEM_NOTE || items->items[i].kind == DUTY_ITEM_SHIFT)
            duty_item_text(&text, d->p->lang, &items->items[i], stood_offset(d, d->q->post));
        else
            duty_item_describe(&text, d->p->lang, &items->items[i], stood_offset(d, d->q->post));
        lines[(*ret_n)++] = papers_keep(d->p, &text);
    }
    return lines;
}

#define KIND(k) (1u << DUTY_ITEM_##k)

/* What was said of weather and power. */
static struct slice weather_of(struct stood_job *d, const struct duty_items *items)
{
    struct buf text = BUF_INIT(64 * 1024);
    size_t n;
    const struct slice *lines = lines_of(d, items, KIND(WEATHER) | KIND(POWER), &n);

    for (size_t i = 0; lines && i < n; i++) {
        buf_puts(&text, i ? "\n" : "");
        buf_append_slice(&text, lines[i]);
    }
    return papers_keep(d->p, &text);
}

static void fill_items(struct stood_job *d, const struct duty_items *items, struct slice note,
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
static void fill_contacts(struct stood_job *d, int64_t at, struct print_handover *h)
{
    struct slice *lines = arena_new_array(d->p->arena, DUTY_AT_ONCE_MAX, struct slice);
    struct duty_names names = duty_load_names(&d->q->picture->load);
    const struct duty_ics words = {.on_call = stood_word(d, MSG_DUTY_ON_CALL),
                                   .via = stood_word(d, MSG_DUTY_VIA),
                                   .now = state_now(d->p->s)};
    struct duty_on on;

    duty_at(&d->q->picture->load.plan, d->q->post, at, &on);
    for (unsigned i = 0; lines && i < on.count; i++) {
        struct buf text = BUF_INIT(64 * 1024);
        struct duty_on one = on;

        one.count = 1;
        one.who[0] = on.who[i];
        duty_write_people(&text, &one, &names, &words);
        lines[h->contact_count++] = papers_keep(d->p, &text);
    }
    h->contacts = lines;
}

static struct slice remark_of(struct stood_job *d, const struct state_handover *x)
{
    struct buf text = BUF_INIT(64 * 1024);

    if (x->objection.n)
        lang_write(&text, d->p->lang, MSG_DUTY_OBJECTED, SLICE_ARG(stood_name(d, x->taker)),
                   SLICE_ARG(x->objection));
    if (x->objection.n && x->taker_at)
        buf_puts(&text, "\n");
    if (x->objection.n && x->taker_at)
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_PRINT_TAKEN_AFTER));
    if (x->one_hand) {
        buf_puts(&text, text.len ? "\n" : "");
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_PRINT_ONE_HAND));
    }
    if (papers_clock(d->p, x->giver_at) || papers_clock(d->p, x->taker_at)) {
        buf_puts(&text, text.len ? "\n" : "");
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_PRINT_CLOCK));
    }
    if (!x->taker_at && !x->objection.n)
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_PRINT_NOT_TAKEN));
    return papers_keep(d->p, &text);
}

/* The newest handover at the post; version 0 when there is none in these days. */
static int handover_newest(struct stood_job *d, struct state_handover *ret)
{
    struct state_query q = {.ref = d->q->picture->load.posts[d->q->post].id,
                            .from = 0,
                            .to = d->q->until};
    struct state_handover *rows;
    size_t n;
    int r = state_handover_list(d->p->s, &d->p->actor, &q, d->p->arena, &rows, &n, d->err);

    *ret = (struct state_handover){.version = 0};
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (rows[i].at < d->q->until)
            *ret = rows[i];
    }
    return r;
}

static int fill_handover(struct stood_job *d, const struct state_handover *x,
                         struct print_handover *h)
{
    struct duty_items items = {.arena = d->p->arena};
    struct buf text = BUF_INIT(400);
    struct state_shift shift;
    int r = duty_items_read(x->items, &items, d->err);

    if (r == 0)
        r = state_shift_get(d->p->s, &d->p->actor, x->from_shift, d->p->arena, &shift, d->err);
    if (r < 0)
        return r;
    duty_span_write(&text, shift.start, shift.stop, stood_offset(d, d->q->post));
    h->shift = papers_keep(d->p, &text);
    h->at = stood_minutes(x->taker_at ? x->taker_at : x->giver_at, stood_offset(d, d->q->post));
    h->head.day = papers_day(x->taker_at ? x->taker_at : x->giver_at);
    h->head.left_name = stood_name(d, x->giver);
    h->head.right_name = id_is_none(x->taker) ? SLICE("") : stood_name(d, x->taker);
    h->remark = remark_of(d, x);
    h->weather = stood_word(d, MSG_DUTY_PRINT_NOT_SAID);
    fill_items(d, &items, x->note, h);
    fill_contacts(d, shift.stop, h);
    return 0;
}

/* Nobody has handed over: what would be. */
static int fill_open(struct stood_job *d, struct slice for_the_pen[1], struct print_handover *h)
{
    const struct act_ctx now = {.s = d->p->s, .arena = d->p->arena};
    struct duty_items items = {.arena = d->p->arena};
    int r = proof_open_items(&now, &d->p->actor, &d->q->picture->load, d->q->post, &items, d->err);

    if (r < 0)
        return r;
    fill_items(d, &items, SLICE_NULL, h);
    h->kit = h->contacts = h->notes = for_the_pen; /* nobody has said that there is none */
    h->kit_count = h->contact_count = h->note_count = 1;
    h->remark = for_the_pen[0];
    return 0;
}

int papers_handover(struct papers_ctx *p, const struct papers_stood *request, struct err *err)
{
    struct slice for_the_pen[] = {SLICE("……")};
    struct stood_job d = {.p = p, .q = request, .err = err};
    struct print_handover h = {.head = p->head, .at = PRINT_NEVER, .blank = request->blank};
    struct state_handover x = {.version = 0};
    int r = 0;

    h.head.left_title = stood_word(&d, MSG_DUTY_PRINT_GIVER);
    h.head.right_title = stood_word(&d, MSG_DUTY_PRINT_TAKER);
    h.head.right_name = SLICE("");
    h.post = papers_post_name(p, &request->picture->load.posts[request->post]);
    h.head.day = PRINT_NEVER;
    if (request->blank) {
        h.head.footer = PAPERS_BLANK_FOOTER;
    } else {
        h.weather = for_the_pen[0];
        r = handover_newest(&d, &x);
    }
    if (r == 0 && x.version)
        r = fill_handover(&d, &x, &h);
    else if (r == 0 && !request->blank)
        r = fill_open(&d, for_the_pen, &h);
    if (r == 0)
        print_handover(&p->paper, &h);
    return r;
}
