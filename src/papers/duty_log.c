/* SPDX-License-Identifier: Apache-2.0 */
/* Sổ trực: what was done in each shift. */
#include "base/time.h"
#include "lang/msg_duty.h"
#include "papers/stood.h"
#include "roster/span_text.h"
#include "state/clock.h"

struct slice stood_name(const struct stood_job *d, struct state_id person)
{
    struct slice name;

    if (id_is_none(person))
        return SLICE("–");
    name = duty_person_name(d->p->s, &d->q->picture->load, person, d->p->arena);
    return name.n ? name : SLICE("?");
}

static int fill_log(struct stood_job *d, const struct duty_fact *fact, struct print_log *log)
{
    struct state_query q = {.ref = fact->row.id};
    int offset_s = stood_offset(d, fact->post);
    struct print_entry *entries;
    struct state_line *rows;
    size_t n;
    int r = state_line_list(d->p->s, &d->p->actor, &q, d->p->arena, &rows, &n, d->err);

    if (r < 0)
        return r;
    entries = arena_new_array(d->p->arena, n + 1, struct print_entry);
    if (entries == NULL)
        return err_nomem(d->err);
    for (size_t i = 0; i < n; i++)
        entries[i] = (struct print_entry){.at = stood_minutes(rows[i].at, offset_s),
                                          .what = rows[i].what,
                                          .source = rows[i].source,
                                          .action = rows[i].action,
                                          .result = rows[i].result,
                                          .corrects = !id_is_none(rows[i].corrects),
                                          .backfilled = rows[i].backfilled,
                                          .clock = papers_clock(d->p, rows[i].at) ||
                                                   papers_clock(d->p, rows[i].created)};
    *log =
        (struct print_log){.head = d->p->head,
                           .post = papers_post_name(d->p, &d->q->picture->load.posts[fact->post]),
                           .person = stood_name(d, fact->row.actual),
                           .checked_in = stood_minutes(fact->row.in_at, offset_s),
                           .checked_out = stood_minutes(fact->row.out_at, offset_s),
                           .entries = entries,
                           .count = n,
                           .empty_rows = (unsigned)d->q->rows};
    log->head.left_title = stood_word(d, MSG_DUTY_PRINT_ON_DUTY);
    log->head.left_name = log->person;
    if (fact->row.out_at)
        log->head.day = papers_day(fact->row.out_at);
    return 0;
}

/* Who entered it; a paper's readers do not know what “root” is. */
static struct slice hand_of(const struct stood_job *d, const struct duty_fact *fact)
{
    struct slice hand = fact->row.entered_by;

    return slice_is(hand, "root") ? slice_str(lang_text(d->p->lang, MSG_DUTY_HAND_ROOT)) : hand;
}

static struct slice span_of(struct stood_job *d, const struct duty_fact *fact)
{
    struct buf text = BUF_INIT(400);

    duty_span_write(&text, fact->row.start, fact->row.stop, stood_offset(d, fact->post));
    if (fact->row.backfilled)
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_BACKFILLED));
    if (fact->row.entered_by.n)
        lang_write(&text, d->p->lang, MSG_DUTY_ENTERED_BY, SLICE_ARG(hand_of(d, fact)));
    if (*state_clock_word(d->p->s, fact->row.in_received, fact->row.clock_back))
        buf_puts(&text, lang_text(d->p->lang, MSG_DUTY_CLOCK_MARK));
    return papers_keep(d->p, &text);
}

/* A form for the pen. */
static void blank_log(struct stood_job *d)
{
    struct print_log log = {.head = d->p->head,
                            .checked_in = PRINT_NEVER,
                            .checked_out = PRINT_NEVER,
                            .empty_rows = CANH_MAX(d->q->rows, 14u)};

    log.head.left_title = stood_word(d, MSG_DUTY_PRINT_ON_DUTY);
    log.head.day = PRINT_NEVER;
    log.head.footer = PAPERS_BLANK_FOOTER;
    for (uint32_t i = 0; i < d->q->picture->load.asked; i++) {
        if (d->q->code.n && slice_eq(d->q->picture->load.posts[i].code, d->q->code))
            log.post = papers_post_name(d->p, &d->q->picture->load.posts[i]);
    }
    print_log(&d->p->paper, &log);
}

/* Whether the shift was taken, and lies in the days asked about. */
static bool is_meant(const struct stood_job *d, const struct duty_fact *fact)
{
    const struct duty_load *l = &d->q->picture->load;
    bool asked = fact->post < l->asked &&
                 (d->q->code.n == 0 || slice_eq(l->posts[fact->post].code, d->q->code));

    return asked && fact->row.in_at != 0 && fact->row.start < d->q->until &&
           fact->row.stop > d->q->from;
}

int papers_duty_log(struct papers_ctx *p, const struct papers_stood *request, struct err *err)
{
    struct stood_job d = {.p = p, .q = request, .err = err};
    const struct duty_facts *facts = &request->picture->facts;
    unsigned made = 0;
    int r = 0;

    for (size_t i = 0; !request->blank && r == 0 && i < facts->count; i++) {
        struct print_log log;

        if (!is_meant(&d, &facts->items[i]))
            continue;
        r = fill_log(&d, &facts->items[i], &log);
        if (r < 0)
            break;
        log.shift = span_of(&d, &facts->items[i]);
        if (made++ > 0)
            paper_page(&p->paper.body);
        print_log(&p->paper, &log);
    }
    if (r == 0 && made == 0 && !request->blank)
        return -CE_NOT_FOUND;
    if (r == 0 && made == 0)
        blank_log(&d);
    return r;
}
