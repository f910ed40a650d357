/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan review: a draft clause by clause, with what is proposed for each. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/num.h"
#include "base/width.h"
#include "calendar/frequency.h"
#include "cli/plan/plan.h"
#include "lang/msg_plan.h"
#include "plan/catalogue.h"
#include "plan/plan.h"
#include "plan/review.h"
#include "proof/plan_store.h"

enum { TEXT_COLUMNS = 78, REVIEW_BYTES = 16 << 20, ANSWER_BYTES = 400, PROPOSALS_SHOWN = 99 };

struct dialog {
    struct app *app;
    struct review r;
    struct plan names;             /* the catalogue's words alone, for plan_name() */
    size_t clauses, at;            /* how many there are; which one is shown, from 1 */
    size_t right, dropped;         /* clauses, proposals */
    size_t shown[PROPOSALS_SHOWN]; /* indexes of the proposals that are shown */
    size_t shown_count;
};

static bool is_open(const struct review_item *x)
{
    return !x->checked && x->mark == REVIEW_OPEN;
}

/* A line “key: value” below a proposal, when there is a value. */
static void write_pair(struct dialog *d, msg_id key, struct slice value)
{
    struct buf *out = &d->app->out.buf;
    struct buf text = BUF_INIT(8192);

    if (value.n == 0)
        return;
    buf_puts(&text, lang_text(d->app->lang, key));
    buf_append_slice(&text, value);
    buf_puts(out, "       ");
    text_write_wrapped(out, buf_slice(&text), 7, 9, TEXT_COLUMNS);
    buf_putc(out, '\n');
    buf_done(&text);
}

/* How often, in words; what is no frequency stays as it was written. */
static void write_every(struct dialog *d, struct slice every)
{
    struct buf text = BUF_INIT(8192);
    struct frequency f;

    if (frequency_parse(every, &f, NULL) == 0)
        frequency_describe(&text, d->app->lang, &f, plan_name, &d->names);
    write_pair(d, MSG_PLAN_REVIEW_EVERY, text.len ? buf_slice(&text) : every);
    buf_done(&text);
}

static void show_proposal(struct dialog *d, const struct review_item *x)
{
    struct buf *out = &d->app->out.buf;

    buf_printf(out, "  %2zu. ", d->shown_count);
    text_write_wrapped(out, x->text, 6, 6, TEXT_COLUMNS);
    buf_putc(out, '\n');
    write_every(d, x->every);
    write_pair(d, MSG_PLAN_REVIEW_WORD, x->word);
    write_pair(d, MSG_PLAN_REVIEW_LEAD, x->lead);
    write_pair(d, MSG_PLAN_REVIEW_WHY, x->note);
}

/* The clause and its open proposals. False: nothing of it is open. */
static bool show_clause(struct dialog *d, const struct review_item *c)
{
    struct buf *out = &d->app->out.buf;
    bool open = is_open(c);

    d->shown_count = 0;
    for (size_t i = 0; i < d->r.count; i++) {
        const struct review_item *x = &d->r.items[i];

        if (x->obligation && is_open(x) && slice_eq(x->clause, c->id) &&
            d->shown_count < PROPOSALS_SHOWN)
            d->shown[d->shown_count++] = i;
    }
    if (!open && d->shown_count == 0)
        return false;
    buf_printf(out, "\n[%zu/%zu]  ", d->at, d->clauses);
    text_write_safe(out, c->id);
    if (c->label.n > 0 && !slice_eq(c->label, c->id))
        buf_printf(out, "  (" SLICE_FMT ")", SLICE_ARG(c->label));
    buf_puts(out, "\n  ");
    text_write_wrapped(out, c->text, 2, 2, TEXT_COLUMNS);
    buf_putc(out, '\n');
    if (d->shown_count == 0)
        buf_puts(out, lang_text(d->app->lang, MSG_PLAN_REVIEW_NONE));
    for (size_t i = 0, n = d->shown_count; i < n; i++) {
        d->shown_count = i + 1;
        show_proposal(d, &d->r.items[d->shown[i]]);
    }
    buf_puts(out, lang_text(d->app->lang, MSG_PLAN_REVIEW_ASK));
    return true;
}

/* Numbers of the proposals that go, apart by blanks or commas; the others and the clause are right.
 * False when it is none of that. */
static bool read_numbers(struct dialog *d, struct slice answer)
{
    bool drop[PROPOSALS_SHOWN] = {false};

    while (answer.n > 0) {
        size_t n = 0;
        int64_t number;

        while (n < answer.n && answer.p[n] != ' ' && answer.p[n] != ',')
            n++;
        if (n > 0 && (num_range(slice_head(answer, n), 1, (int64_t)d->shown_count, &number) < 0))
            return false;
        if (n > 0)
            drop[number - 1] = true;
        answer = slice_from(answer, n + 1);
    }
    for (size_t i = 0; i < d->shown_count; i++) {
        d->r.items[d->shown[i]].mark = drop[i] ? REVIEW_DROPPED : REVIEW_RIGHT;
        d->dropped += drop[i];
    }
    return true;
}

enum answer { ANSWER_AGAIN, ANSWER_TAKEN, ANSWER_LATER, ANSWER_STOP };

static enum answer review_ask(struct dialog *d, struct review_item *c)
{
    char line[ANSWER_BYTES];
    struct slice s;

    (void)out_flush(&d->app->out);
    if (fgets(line, sizeof(line), stdin) == NULL)
        return ANSWER_STOP;
    s = slice_trim(slice_str(line));
    if (s.n == 0)
        return ANSWER_LATER;
    if (slice_is(s, "q") || slice_is(s, "t"))
        return ANSWER_STOP;
    if (slice_is(s, "y") || slice_is(s, "d") || slice_is(s, "đ"))
        s = SLICE("");
    if (!read_numbers(d, s)) {
        buf_puts(&d->app->out.buf, lang_text(d->app->lang, MSG_PLAN_REVIEW_AGAIN));
        return ANSWER_AGAIN;
    }
    c->mark = c->checked ? c->mark : REVIEW_RIGHT;
    d->right++;
    return ANSWER_TAKEN;
}

static void review_walk(struct dialog *d)
{
    for (size_t i = 0; i < d->r.count && !d->r.items[i].obligation; i++) {
        enum answer a = ANSWER_AGAIN;

        d->at = i + 1;
        while (a == ANSWER_AGAIN && show_clause(d, &d->r.items[i]))
            a = review_ask(d, &d->r.items[i]);
        if (a == ANSWER_STOP)
            return;
    }
}

static int write_back(struct dialog *d, const char *path, struct slice text)
{
    struct buf out = BUF_INIT(REVIEW_BYTES);
    struct review again;
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct err err = ERR_INIT;
    int r;

    review_write(&out, text, &d->r);
    r = out.err ? err_code(&err, out.err) : review_read(&arena, buf_slice(&out), &again, &err);
    if (r == 0)
        r = file_deliver(path, buf_slice(&out), 0644, &err);
    arena_done(&arena);
    buf_done(&out);
    return r < 0 ? app_fail(d->app, path, &err) : 0;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const char *path = operands->items[0];
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct dialog d = {.app = app};
    struct err err = ERR_INIT;
    struct slice text;
    int status = strcmp(path, "-") == 0 ? app_usage(app, MSG_PLAN_REVIEW_FILE)
                                        : session_read(app, &arena, path, &text);

    (void)values;
    if (status == 0 &&
        catalogue_parse(&arena, proof_data("catalogue.yaml"), &d.names.catalogue, &err) < 0)
        status = app_fail(app, "catalogue.yaml", &err);
    if (status == 0 && review_read(&arena, text, &d.r, &err) < 0)
        status = app_fail(app, path, &err);
    if (status == 0) {
        for (size_t i = 0; i < d.r.count; i++)
            d.clauses += !d.r.items[i].obligation;
        review_walk(&d);
        if (d.right + d.dropped > 0 || (review_open(&d.r) == 0 && d.r.draft_line))
            status = write_back(&d, path, text);
    }
    if (status == 0) {
        size_t open = review_open(&d.r);

        lang_write(&app->out.buf, app->lang, MSG_PLAN_REVIEW_DONE, d.right, d.dropped, open);
        status = open > 0 ? EXIT_FOUND : 0;
    }
    arena_done(&arena);
    return status;
}

const struct verb verb_plan_review = {
    .name = "review",
    .summary = MSG_PLAN_REVIEW_SUMMARY,
    .about = MSG_PLAN_REVIEW_ABOUT,
    .operands = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    .run = run,
};
