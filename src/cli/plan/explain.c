/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan explain: why does an obligation stand as it does at a unit? */
#include "base/time.h"
#include "cli/plan/plan.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "view/plans.h"

struct explain_options {
    const char *state, *plan, *unit, *at;
    int64_t last;
};

static const struct explain_options defaults = {.last = 5};

static const struct option_spec options[] = {
    SESSION_OPTION(struct explain_options, state),
    OPTION_TEXT("plan", 'p', struct explain_options, plan, "NAME", COMPLETE_NONE,
                MSG_PLAN_OPT_PLAN),
    OPTION_TEXT("unit", 'u', struct explain_options, unit, "CODE", COMPLETE_NONE,
                MSG_PLAN_OPT_UNIT),
    OPTION_TEXT("at", 0, struct explain_options, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_AT),
    OPTION_NUMBER("last", 'n', struct explain_options, last, "N", 1, 1000, MSG_PLAN_OPT_LAST),
};

struct explanation {
    struct app *app;
    struct proof_world *w;
    uint32_t unit, part;
    const struct status_part *p;
    const struct plan_obligation *o;
};

static void write_pair(struct app *app, msg_id key, struct slice value)
{
    if (value.n == 0)
        return;
    buf_printf(&app->out.buf, "  %s " SLICE_FMT "\n", lang_text(app->lang, key), SLICE_ARG(value));
}

static struct slice word_title(const struct catalogue *c, enum word_list list, uint32_t i,
                               enum lang lang)
{
    return title_in(&c->words[list][i].title, lang);
}

/* What the order says, whom, how often, what would prove it. */
static void write_rule(const struct explanation *x)
{
    const struct plan *plan = x->w->plan;
    const struct plan_clause *clause = &plan->clauses[x->o->clause];
    enum lang lang = x->app->lang;
    struct buf text = BUF_INIT(20000), *out = &x->app->out.buf;

    buf_printf(out, SLICE_FMT "  " SLICE_FMT "\n", SLICE_ARG(x->o->id),
               SLICE_ARG(title_in(&x->o->title, lang)));
    if (x->p->part->id.n)
        buf_printf(out, "  " SLICE_FMT "\n", SLICE_ARG(title_in(&x->p->part->title, lang)));
    buf_printf(out, "  %s " SLICE_FMT ": " SLICE_FMT "\n", lang_text(lang, MSG_PLAN_X_CLAUSE),
               SLICE_ARG(clause->number), SLICE_ARG(clause->text));
    write_pair(x->app, MSG_PLAN_X_SAY, title_in(&x->o->say, lang));
    write_pair(x->app, MSG_PLAN_X_WHO, word_title(plan->catalogue, WORDS_ROLES, x->o->role, lang));
    frequency_describe(&text, lang, &x->p->part->every, plan_name, plan);
    if (x->p->part->word.n)
        lang_write(&text, lang, MSG_PLAN_X_WORD, (int)x->p->part->word.n,
                   (const char *)x->p->part->word.p);
    if (x->o->chosen_by.n)
        lang_write(&text, lang, MSG_PLAN_X_CHOSEN, (int)x->o->chosen_by.n,
                   (const char *)x->o->chosen_by.p);
    write_pair(x->app, MSG_PLAN_X_EVERY, buf_slice(&text));
    buf_clear(&text);
    for (uint32_t i = 0; i < x->p->part->kind_count; i++) {
        uint32_t kind = x->p->part->kinds[i];

        buf_printf(&text, "%s" SLICE_FMT " (%s %s)", i ? "; " : "",
                   SLICE_ARG(word_title(plan->catalogue, WORDS_EVIDENCE, kind, lang)),
                   lang_text(lang, MSG_PLAN_X_AT_MOST),
                   view_plan_strength_word(lang, plan->catalogue->evidence[kind].strength));
        if (plan->catalogue->evidence[kind].waits.n)
            buf_puts(&text, lang_text(lang, MSG_PLAN_X_WAITS));
    }
    write_pair(x->app, MSG_PLAN_X_PROOF, buf_slice(&text));
    write_pair(x->app, MSG_PLAN_X_LEAD, title_in(&plan->authorities[x->o->lead].title, lang));
    write_pair(x->app, MSG_PLAN_X_ORIGIN, slice_str(view_plan_origin_word(lang, x->o->origin)));
    write_pair(x->app, MSG_PLAN_X_SOURCE, x->o->source);
    write_pair(x->app, MSG_PLAN_X_NOTE, x->o->note);
    buf_done(&text);
}

/* The last cells that have begun. */
struct recent {
    struct status_cell cells[1000];
    size_t count, wanted;
    int64_t now;
};

static void keep_recent(void *ctx, const struct status_cell *c)
{
    struct recent *r = ctx;

    if (c->period.from > r->now)
        return;
    if (r->count == r->wanted) {
        memmove(r->cells, r->cells + 1, (r->count - 1) * sizeof(*c));
        r->count--;
    }
    r->cells[r->count++] = *c;
}

static void write_cell(const struct explanation *x, const struct status_cell *c)
{
    enum lang lang = x->app->lang;
    struct buf *out = &x->app->out.buf;

    buf_puts(out, "\n  ");
    session_write_time(out, c->period.from);
    buf_puts(out, " – ");
    session_write_end(out, c->period.until);
    lang_write(out, lang, MSG_PLAN_X_DUE);
    session_write_end(out, c->period.due);
    buf_printf(out, "\n    %s: %s", view_plan_state_word(lang, (enum status_state)c->state),
               view_plan_reason_word(lang, (enum status_reason)c->reason));
    if (c->state == STATUS_MET)
        buf_printf(out, " (%s)", view_plan_strength_word(lang, (enum strength)c->strength));
    buf_putc(out, '\n');
    if (c->share > 0 || c->reason == REASON_BROKEN || c->reason == REASON_HOLES)
        lang_write(out, lang, MSG_PLAN_X_SHARE, c->share / 10u, c->share % 10u,
                   x->p->part->at_least / 10u, x->p->part->at_least % 10u);
    if (c->proof != PLAN_NONE) {
        buf_puts(out, "    ");
        proof_describe_record(out, lang, x->w, c->proof);
        buf_putc(out, '\n');
    }
    if (c->provider != PLAN_NONE)
        lang_write(out, lang, MSG_PLAN_X_INHERITED, (int)x->w->units[c->provider].name.n,
                   (const char *)x->w->units[c->provider].name.p);
}

static int write_cells(const struct explanation *x, int64_t last)
{
    static struct recent r; /* one verb runs once */

    r = (struct recent){.wanted = (size_t)last, .now = x->w->in.now};
    status_part_cells(x->w->status, &x->w->in, x->unit, x->part, keep_recent, &r);
    if (r.count == 0) {
        bool applies = status_applies(x->w->status, &x->w->facts[x->unit], x->p->obligation,
                                      CANH_MAX(x->w->in.now, x->w->plan->start));

        buf_puts(&x->app->out.buf,
                 lang_text(x->app->lang, applies ? MSG_PLAN_X_NOTHING : MSG_PLAN_X_NOT_ASKED));
        return EXIT_FINE;
    }
    for (size_t i = 0; i < r.count; i++)
        write_cell(x, &r.cells[i]);
    return r.cells[r.count - 1].state == STATUS_MET ? EXIT_FINE : EXIT_FOUND;
}

static int plan_explain(struct session *st, const struct explain_options *o, struct proof_world *w,
                        const char *code)
{
    struct explanation x = {.app = st->app, .w = w};
    struct err err = ERR_INIT;
    uint32_t parts;
    int status = plan_part(st->app, w, code, &x.part);

    if (status != 0)
        return status;
    x.unit = proof_find_unit_code(w, slice_str(o->unit));
    if (x.unit == PLAN_NONE) {
        app_print(st->app, MSG_PLAN_NO_UNIT, o->unit);
        return EX_NOINPUT;
    }
    if (proof_load_unit(w, x.unit, &err) < 0)
        return session_fail(st, &err);
    x.p = &status_parts(w->status, &parts)[x.part];
    x.o = &w->plan->obligations[x.p->obligation];
    write_rule(&x);
    return write_cells(&x, o->last);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct explain_options *o = values;
    struct explain_options own = *o;
    struct proof_world w;
    struct session st;
    int status;

    status = session_open(app, o->state, STATE_READ, &st);
    if (status != 0)
        return status;
    status = session_own_unit(app, &st.arena, &own.unit);
    if (status == 0 && own.unit == NULL)
        status = app_usage(app, MSG_CLI_NO_OPTION, "unit");
    if (status == 0)
        status = plan_world(&st, o->plan, o->at, 0, 0, &w);
    if (status == 0) {
        status = plan_explain(&st, &own, &w, operands->items[0]);
        proof_close(&w);
    }
    session_close(&st);
    return status;
}

const struct verb verb_plan_explain = {
    .name = "explain",
    .summary = MSG_PLAN_EXPLAIN_SUMMARY,
    .about = MSG_PLAN_EXPLAIN_ABOUT,
    .operands = "OBLIGATION[/PART]",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct explain_options, &defaults),
    .run = run,
};
