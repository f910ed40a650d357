/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh print lich-truc, so-truc, ban-giao, danh-ba, danh-sach-goi, and the same as canh duty print
 * SHEET: the papers of duty. Numbers of people are read one by one, each read in the audit.
 */
#include "cli/print/duty.h"
#include "cli/people/people.h"

#include "lang/msg_duty.h"
#include "lang/msg_papers.h"

enum { PERIOD_MAX = 400 };

/* Days asked about, from their beginning to the end of the last; then the plan and the facts. */
static int duty_begin(struct app *app, const struct duty_print_options *o, enum state_mode mode,
                      int64_t days, struct duty_print *d)
{
    int status;

    d->o = o;
    d->asked = (struct duty_where){.unit = o->sheet.unit, .post = o->post};
    status = paper_begin_as(app, &o->sheet, mode, &d->s);
    if (status != 0)
        return status;
    d->from = papers_day(state_now(d->s.st.s)) * TIME_DAY - ZONE_OWN * TIME_SECOND;
    d->until = d->from + days * TIME_DAY;
    status = session_time(app, "until", o->until, true, &d->until);
    if (o->until && !o->from)
        d->from = CANH_MIN(d->from, d->until - days * TIME_DAY);
    if (status == 0)
        status = session_time(app, "from", o->from, false, &d->from);
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
        session_close(&d->s.st);
    return status;
}

static int paper_roster(struct duty_print *d)
{
    const struct papers_roster request = {.load = &d->r.picture.load,
                                          .post = slice_str(d->o->post),
                                          .from = d->from,
                                          .until = d->until,
                                          .phones = d->o->phones,
                                          .masked = d->o->masked};
    struct err err = ERR_INIT;
    int r = papers_roster(&d->s.p, &request, &err);

    return r < 0 ? paper_fail(&d->s, r, &err) : 0;
}

static int paper_directory(struct duty_print *d)
{
    struct err err = ERR_INIT;
    int r = papers_directory(&d->s.p, d->o->masked, &err);

    return r < 0 ? paper_fail(&d->s, r, &err) : 0;
}

static int paper_calls(struct duty_print *d)
{
    struct err err = ERR_INIT;
    int r = papers_call_list(&d->s.p, &d->r.picture.load, d->o->masked, &err);

    return r < 0 ? paper_fail(&d->s, r, &err) : 0;
}

static int paper_log(struct duty_print *d)
{
    const struct papers_stood request = {.picture = &d->r.picture,
                                         .code = slice_str(d->o->post),
                                         .from = d->from,
                                         .until = d->until,
                                         .rows = (unsigned)d->o->rows,
                                         .blank = d->o->blank};
    struct err err = ERR_INIT;
    int r = papers_duty_log(&d->s.p, &request, &err);

    if (r == -CE_NOT_FOUND && err.code == 0)
        return app_print(d->s.st.app, MSG_DUTY_PRINT_NO_SHIFT), EX_NOINPUT;
    return r < 0 ? paper_fail(&d->s, r, &err) : 0;
}

static int paper_handover(struct duty_print *d)
{
    struct papers_stood request = {.picture = &d->r.picture,
                                   .from = d->from,
                                   .until = d->until,
                                   .blank = d->o->blank};
    struct err err = ERR_INIT;
    int r, status = duty_one_post(&d->r);

    if (status != 0)
        return status;
    request.post = d->r.post;
    r = papers_handover(&d->s.p, &request, &err);
    return r < 0 ? paper_fail(&d->s, r, &err) : 0;
}

/* A paper is a row here. */
static const struct duty_paper {
    const char *name;
    int (*make)(struct duty_print *d);
    int64_t days; /* when no end is said */
    bool reveals; /* reads contacts, and so writes to the audit */
} papers[] = {
    {"lich-truc", paper_roster, 14, false},  {"so-truc", paper_log, 1, false},
    {"ban-giao", paper_handover, 1, false},  {"danh-ba", paper_directory, 1, true},
    {"danh-sach-goi", paper_calls, 1, true},
};

static int print_paper(struct app *app, const struct duty_paper *p,
                       const struct duty_print_options *o)
{
    bool reveals = (p->reveals || o->phones) && !o->masked;
    struct duty_print d;
    int status = duty_begin(app, o, reveals ? STATE_WRITE : STATE_READ, p->days, &d);

    if (status != 0)
        return status;
    d.s.st.actor.purpose = slice_str(lang_text(app->lang, MSG_DUTY_PRINT_PURPOSE));
    d.s.p.actor = d.s.st.actor;
    status = p->make(&d);
    return paper_end(&d.s, p->name, status);
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
    return directory_or_paper(app, print_paper(app, &papers[3], values));
}

static int run_calls(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return print_paper(app, &papers[4], values);
}

static const char *const paper_names[] = {"lich-truc", "so-truc",       "ban-giao",
                                          "danh-ba",   "danh-sach-goi", NULL};

static int run_any(struct app *app, const void *values, const struct operands *operands)
{
    for (size_t i = 0; i < CANH_LEN(papers); i++) {
        if (strcmp(operands->items[0], papers[i].name) == 0)
            return print_paper(app, &papers[i], values);
    }
    return EX_USAGE; /* operand_words let nothing else pass */
}

#define POST                                                                                       \
    OPTION_TEXT("post", 'p', struct duty_print_options, post, "CODE", COMPLETE_NONE,               \
                MSG_DUTY_OPT_POST)
#define DAYS                                                                                       \
    OPTION_TEXT("from", 0, struct duty_print_options, from, "DATE", COMPLETE_NONE,                 \
                MSG_DUTY_OPT_FROM),                                                                \
        OPTION_TEXT("until", 0, struct duty_print_options, until, "DATE", COMPLETE_NONE,           \
                    MSG_DUTY_OPT_UNTIL)
#define PHONES OPTION_FLAG("phones", 0, struct duty_print_options, phones, MSG_DUTY_OPT_PHONES)
#define MASKED OPTION_FLAG("masked", 0, struct duty_print_options, masked, MSG_DUTY_OPT_MASKED)
#define BLANK  OPTION_FLAG("blank", 0, struct duty_print_options, blank, MSG_PAPERS_OPT_BLANK)
#define ROWS                                                                                       \
    OPTION_NUMBER("rows", 0, struct duty_print_options, rows, "N", 0, 200, MSG_DUTY_OPT_ROWS)
#define SHEET PAPER_OPTIONS(struct duty_print_options, sheet.)

static const struct option_spec roster_specs[] = {SHEET, POST, DAYS, PHONES, MASKED};
static const struct option_spec log_specs[] = {SHEET, POST, DAYS, BLANK, ROWS};
static const struct option_spec handover_specs[] = {SHEET, POST, DAYS, BLANK};
static const struct option_spec directory_specs[] = {SHEET, MASKED};
static const struct option_spec any_specs[] = {SHEET, POST, DAYS, PHONES, MASKED, BLANK, ROWS};
static const struct duty_print_options defaults = {.rows = 4};

#define OF(specs) VERB_OPTIONS(specs), VERB_DEFAULTS(struct duty_print_options, &defaults)

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
const struct verb verb_print_calls = {.name = "danh-sach-goi",
                                      .summary = MSG_DUTY_PRINT_CALLS_SUMMARY,
                                      .about = MSG_DUTY_PRINT_CALLS_ABOUT,
                                      OF(directory_specs),
                                      .run = run_calls};
const struct verb duty_print = {.name = "print",
                                .summary = MSG_DUTY_PRINT_SUMMARY,
                                .operands = "SHEET",
                                .min_operands = 1,
                                .max_operands = 1,
                                .operand_words = paper_names,
                                OF(any_specs),
                                .run = run_any};
