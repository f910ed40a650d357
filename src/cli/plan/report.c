/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan report: the province on one page, and the official report, from the same records. */
#include <stdlib.h>

#include "base/time.h"
#include "cli/paper_save.h"
#include "cli/plan/plan.h"
#include "lang/collate.h"
#include "lang/msg_papers.h"
#include "lang/msg_plan.h"
#include "lang/msg_report.h"
#include "lang/value.h"
#include "overview/overview.h"
#include "papers/papers.h"
#include "report/picture.h"

struct report_options {
    const char *state, *plan, *at, *output, *to, *from;
    struct letter_options letter;
    struct option_list say;
};

static const char *const report_words[] = {"picture", "official", NULL};

static const struct option_spec options[] = {
    SESSION_OPTION(struct report_options, state),
    OPTION_TEXT("plan", 'p', struct report_options, plan, "NAME", COMPLETE_NONE, MSG_PLAN_OPT_PLAN),
    OPTION_TEXT("at", 0, struct report_options, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_AT),
    OPTION_TEXT("output", 'o', struct report_options, output, "FILE|-", COMPLETE_FILE,
                MSG_PAPERS_OPT_OUTPUT),
    OPTION_LIST("say", 's', struct report_options, say, "TEXT", COMPLETE_NONE, MSG_PAPERS_OPT_SAY),
    OPTION_TEXT("to", 0, struct report_options, to, "NAME", COMPLETE_NONE, MSG_PAPERS_OPT_TO),
    OPTION_TEXT("from", 0, struct report_options, from, "DATE", COMPLETE_NONE, MSG_PAPERS_OPT_FROM),
    LETTER_OPTIONS(struct report_options, letter.),
};

/* What both papers are made of. */
struct report {
    struct session st;
    const struct report_options *o;
    struct proof_world w;
    struct overview pic;
    struct status_count total;
    struct slice sentences[3];
    struct buf name; /* of the file */
};

/* tong-quan-2026-11-22 or what the person said. */
static const char *file_name(struct report *r, const char *kind, const char *ending)
{
    struct civil c;

    if (r->o->output != NULL)
        return r->o->output;
    time_to_civil(r->w.in.now, ZONE_OWN, &c);
    r->name.len = 0;
    buf_printf(&r->name, "%s-%04d-%02u-%02u%s", kind, c.year, c.month, c.day, ending);
    return buf_cstr(&r->name);
}

static int write_picture(struct report *r)
{
    struct err err = ERR_INIT;
    struct paper p;

    paper_init(&p, &r->st.arena);
    if (picture_build(&p, &r->pic, r->st.app->lang, &err) < 0)
        return app_fail(r->st.app, NULL, &err);
    return paper_save(r->st.app, &p, file_name(r, "tong-quan", ".pdf"));
}

static struct slice report_keep(struct report *r, struct buf *text)
{
    struct slice s = arena_dup(&r->st.arena, buf_slice(text));

    buf_done(text);
    return s;
}

/* Of nothing there is no share. */
static struct slice report_percent(struct report *r, uint16_t share)
{
    struct buf text = BUF_INIT(40);

    if (status_count_total(&r->total) == 0)
        return SLICE("–");
    lang_write_decimal(&text, LANG_VI, share / 10.0, share % 10 ? 1 : 0);
    buf_puts(&text, "\xC2\xA0%"); /* not at the beginning of a line */
    return report_keep(r, &text);
}

static struct slice report_number(struct report *r, uint64_t v)
{
    struct buf text = BUF_INIT(40);

    lang_write_number(&text, LANG_VI, v);
    return report_keep(r, &text);
}

static struct slice report_moment(struct report *r, int64_t t, bool with_time)
{
    struct buf text = BUF_INIT(80);
    struct civil c;

    time_to_civil(t, ZONE_OWN, &c);
    if (with_time)
        lang_write(&text, LANG_VI, MSG_PAPERS_HOURS, c.hour, c.minute);
    buf_printf(&text, "%02u/%02u/%04d", c.day, c.month, c.year);
    return report_keep(r, &text);
}

static struct slice report_recipient(const struct report *r)
{
    return r->o->to ? slice_str(r->o->to) : SLICE("UBND tỉnh");
}

/* “UBND tỉnh” and “Ủy ban nhân dân tỉnh” are one. */
static void write_folded(struct buf *out, struct slice name)
{
    struct buf folded = BUF_INIT(4096);
    struct slice rest;

    viet_fold(name, &folded);
    rest = buf_slice(&folded);
    if (slice_starts(rest, SLICE("ubnd"))) {
        buf_puts(out, "uy ban nhan dan");
        rest = slice_from(rest, 4);
    }
    buf_append_slice(out, rest);
    buf_done(&folded);
}

/* Whoever gets the report, and whoever stands above who writes it, is not asked by it. */
static bool may_ask(struct report *r, const struct overview_station *x)
{
    struct buf to = BUF_INIT(4096), name = BUF_INIT(4096);
    bool above = !id_eq(x->unit, r->w.row.unit) &&
                 state_unit_below(r->st.s, r->w.row.unit, x->unit, r->w.in.now),
         same;

    write_folded(&to, report_recipient(r));
    write_folded(&name, x->name);
    same = slice_eq(buf_slice(&to), buf_slice(&name));
    buf_done(&to);
    buf_done(&name);
    return !above && !same;
}

/* Names of the silent units that may be asked; how many there are. */
static size_t write_silent(struct report *r, struct buf *out)
{
    enum { SHOWN = 12 };
    size_t n = 0;

    for (size_t i = 0; i < r->pic.silent_count; i++) {
        const struct overview_station *x = &r->pic.silent[i];

        if (!may_ask(r, x))
            continue;
        if (n < SHOWN)
            buf_printf(out, "%s" SLICE_FMT, n ? ", " : "", SLICE_ARG(x->name));
        else if (n == SHOWN)
            buf_puts(out, ", …");
        n++;
    }
    return n;
}

/* “Đang gián đoạn: Cổng thư (Viễn thông Mẫu, từ 07:30 01/12/2026); …” */
static void write_outages(struct report *r, struct buf *out)
{
    enum { SHOWN = 8 };
    const struct overview *p = &r->pic;

    if (p->outage_count == 0)
        return;
    lang_write(out, LANG_VI, MSG_PAPERS_OUTAGES, p->outage_count);
    for (size_t i = 0; i < CANH_MIN(p->outage_count, (size_t)SHOWN); i++) {
        buf_printf(out, "%s" SLICE_FMT " (" SLICE_FMT "%s", i ? "; " : "",
                   SLICE_ARG(p->outages[i].name), SLICE_ARG(p->outages[i].unit),
                   lang_text(LANG_VI, MSG_PAPERS_SINCE));
        moment_write(out, p->outages[i].since);
        buf_putc(out, ')');
    }
    buf_puts(out, p->outage_count > SHOWN ? "; …. " : ". ");
}

/* What operators said in their newest daily forms: sites that are out, cables that are cut. */
static void write_operators(struct report *r, struct buf *out)
{
    const struct overview *p = &r->pic;
    size_t n = 0;

    for (size_t i = 0; i < p->operator_count; i++) {
        const struct overview_operator *x = &p->operators[i];

        if (x->cuts.value <= 0 && x->outages.value <= 0)
            continue;
        buf_puts(out, n++ ? "; " : lang_text(LANG_VI, MSG_PAPERS_OPERATORS));
        lang_write(out, LANG_VI, MSG_PAPERS_OPERATOR, SLICE_ARG(x->name),
                   CANH_MAX(x->cuts.value, 0), CANH_MAX(x->outages.value, 0));
        moment_write(out, x->reported);
        buf_putc(out, ')');
    }
    buf_puts(out, n ? ". " : "");
}

/* What is open now, and what the coordinator says of it. */
static struct slice report_events(struct report *r)
{
    const struct overview *p = &r->pic;
    struct buf text = BUF_INIT(16384);

    lang_write(&text, LANG_VI, MSG_PAPERS_EVENTS, p->incidents[OVERVIEW_RED],
               p->incidents[OVERVIEW_ORANGE], p->incidents[OVERVIEW_YELLOW],
               p->incidents[OVERVIEW_GREEN], p->cases[OVERVIEW_RED], p->cases[OVERVIEW_ORANGE],
               p->cases[OVERVIEW_YELLOW], p->cases[OVERVIEW_GREEN], p->request_count,
               p->posts_covered, p->posts_required);
    buf_putc(&text, ' ');
    write_outages(r, &text);
    write_operators(r, &text);
    while (text.len && text.p[text.len - 1] == ' ')
        text.len--;
    for (size_t i = 0; i < p->sentence_count; i++) {
        buf_putc(&text, ' ');
        buf_append_slice(&text, p->sentences[i]);
    }
    return report_keep(r, &text);
}

/* Only what follows from the figures; the rest is for the person who signs. */
static struct slice report_proposals(struct report *r)
{
    struct buf text = BUF_INIT(16384), names = BUF_INIT(16384);
    uint32_t late = r->total.states[STATUS_NOT_MET] + r->total.states[STATUS_OVERDUE];
    size_t n = write_silent(r, &names);

    if (n)
        lang_write(&text, LANG_VI, MSG_PAPERS_ASK_SILENT, n, SLICE_ARG(buf_slice(&names)));
    if (late)
        lang_write(&text, LANG_VI, MSG_PAPERS_ASK_LATE, late);
    if (r->total.states[STATUS_UNKNOWN])
        lang_write(&text, LANG_VI, MSG_PAPERS_ASK_UNKNOWN, r->total.states[STATUS_UNKNOWN]);
    if (text.len == 0)
        buf_puts(&text, lang_text(LANG_VI, MSG_PAPERS_ASK_NOTHING));
    while (text.len && text.p[text.len - 1] == ' ')
        text.len--;
    buf_done(&names);
    return report_keep(r, &text);
}

static void draw_cell(struct paper_table *t, struct slice text, const struct para_style *style)
{
    (void)paper_cell_text(t, style, text);
}

/* Every clause: how many duties, and how they stand. */
static void draw_clauses(struct paper *p, void *user)
{
    static const float widths[] = {13, 57, 15, 15, 15, 15, 15, 15};
    static const msg_id heads[] = {
        MSG_REPORT_PIC_CLAUSE,   MSG_PAPERS_WHAT,     MSG_REPORT_PIC_PROVED,
        MSG_REPORT_PIC_DECLARED, MSG_PAPERS_PROMISED, MSG_REPORT_PIC_UNKNOWN,
        MSG_REPORT_PIC_NOT_MET,  MSG_PAPERS_OPEN,
    };
    static const struct para_style head = {.size = 10, .bold = true, .align = PAPER_CENTER};
    static const struct para_style plain = {.size = 10};
    static const struct para_style centre = {.size = 10, .align = PAPER_CENTER};
    struct report *r = user;
    struct paper_table *t = paper_table(&p->body, CANH_LEN(widths), widths, true);

    (void)paper_row(t, 0);
    for (size_t i = 0; i < CANH_LEN(heads); i++)
        draw_cell(t, slice_str(lang_text(LANG_VI, heads[i])), &head);
    for (size_t i = 0; i < r->pic.clause_count; i++) {
        const struct overview_clause *c = &r->pic.clauses[i];
        const uint32_t counts[] = {
            c->proved, c->declared, c->promised, c->unknown, c->not_met + c->overdue, c->open};

        (void)paper_row(t, 0);
        draw_cell(t, c->number, &centre);
        draw_cell(t, c->title.n > 110 ? papers_cut(&r->st.arena, c->title, 90) : c->title, &plain);
        for (size_t k = 0; k < CANH_LEN(counts); k++)
            draw_cell(t, report_number(r, counts[k]), &centre);
    }
}

/* “Phương án … (văn bản số 12/KH-UBND ngày 20/12/2026 của UBND tỉnh)”; a number that is left blank
 * (“/STTTT”) is not named. */
static struct slice report_basis(struct report *r)
{
    const struct plan_document *d = &r->w.plan->document;
    struct buf text = BUF_INIT(4096);
    unsigned month, day;
    int year;

    buf_append_slice(&text, title_in(&r->w.plan->title, LANG_VI));
    if (d->issuer.n == 0)
        return report_keep(r, &text);
    buf_puts(&text, " (văn bản");
    if (d->number.n > 0 && d->number.p[0] != '/')
        buf_printf(&text, " số " SLICE_FMT, SLICE_ARG(d->number));
    if (d->date != TIME_NONE) {
        date_from_days(d->date, &year, &month, &day);
        buf_printf(&text, " ngày %02u/%02u/%d", day, month, year);
    }
    buf_printf(&text, " của " SLICE_FMT ")", SLICE_ARG(d->issuer));
    return report_keep(r, &text);
}

static int fill_official(struct report *r, struct official *o, struct state_unit *issuer)
{
    struct session *st = &r->st;
    const struct letter_ctx c = {st->s, &st->actor, &st->arena, issuer};
    struct letter_request q;
    struct err err = ERR_INIT;
    int status = letter_asked(st->app, &st->arena, &r->o->letter, &q);

    if (status != 0)
        return status;
    if (state_unit_get(st->s, &st->actor, r->w.row.unit, &st->arena, issuer, &err) < 0)
        return session_fail(st, &err);
    if (papers_letter(&c, &q, o, &err) < 0) {
        status = session_fail(st, &err);
        return err.code == CE_UNKNOWN ? EX_USAGE : status; /* --layout */
    }
    o->days = papers_day(r->w.in.now);
    return 0;
}

/* “từ ngày … đến ngày …”; of a plan that has not begun when it will. */
static struct slice report_span(struct report *r, int64_t from)
{
    struct slice begin = report_moment(r, from, false), end = report_moment(r, r->w.in.now, false);
    struct buf text = BUF_INIT(400);

    if (from > r->w.in.now)
        lang_write(&text, LANG_VI, MSG_PAPERS_BEFORE_PLAN, SLICE_ARG(begin), SLICE_ARG(end));
    else
        lang_write(&text, LANG_VI, MSG_PAPERS_SPAN, SLICE_ARG(begin), SLICE_ARG(end));
    return report_keep(r, &text);
}

static struct slice report_standing(struct report *r)
{
    const struct status_shares s = status_share(&r->total);
    const struct slice of[] = {report_percent(r, s.proved), report_percent(r, s.declared),
                               report_percent(r, s.not_yet), report_percent(r, s.unknown),
                               report_percent(r, s.missed)};
    uint32_t due = status_count_total(&r->total);
    struct buf text = BUF_INIT(2000);

    if (due == 0)
        buf_puts(&text, lang_text(LANG_VI, MSG_PAPERS_NONE_DUE));
    else
        lang_write(&text, LANG_VI, MSG_PAPERS_STANDING, due, SLICE_ARG(of[0]), SLICE_ARG(of[1]),
                   SLICE_ARG(of[2]), SLICE_ARG(of[3]), SLICE_ARG(of[4]));
    return report_keep(r, &text);
}

/* What the letter's words have places for, in the order in which official_values() fills them. */
static const char *const official_names[] = {
    "plan",  "to",       "basis",  "issuer",    "span", "units_reporting",
    "units", "standing", "events", "proposals", "now",  "department",
};
enum { OFFICIAL_VALUES = CANH_LEN(official_names) };

static void official_values(struct report *r, struct slice issuer, int64_t from,
                            struct slice v[OFFICIAL_VALUES])
{
    const struct slice all[OFFICIAL_VALUES] = {
        title_in(&r->w.plan->title, LANG_VI),
        report_recipient(r),
        report_basis(r),
        issuer,
        report_span(r, from),
        report_number(r, r->pic.units_reporting),
        report_number(r, r->pic.units),
        report_standing(r),
        report_events(r),
        report_proposals(r),
        report_moment(r, r->w.in.now, true),
        SLICE("CNTT"),
    };

    memcpy(v, all, sizeof(all));
}

static int build_official(struct report *r, struct paper *p)
{
    const struct wording_table tables[] = {{"clauses", draw_clauses, r}};
    struct template_value values[OFFICIAL_VALUES + 1] = {[OFFICIAL_VALUES] = {.name = "cc"}};
    struct slice v[OFFICIAL_VALUES];
    struct wording *wording = NULL;
    struct state_unit issuer;
    struct official o;
    int64_t from = r->w.plan->start;
    struct err err = ERR_INIT;
    int status = papers_wording(&r->st.arena, "bao-cao-ke-hoach", &wording, &err) < 0
                     ? session_fail(&r->st, &err)
                     : 0;

    if (status == 0)
        status = fill_official(r, &o, &issuer);
    if (status == 0)
        status = session_time(r->st.app, "from", r->o->from, false, &from);
    if (status != 0)
        return status;
    official_values(r, issuer.name, from, v);
    for (size_t i = 0; i < OFFICIAL_VALUES; i++)
        values[i] = (struct template_value){.name = official_names[i], .items = &v[i], .count = 1};
    paper_init(p, &r->st.arena);
    p->created = r->w.in.now / TIME_SECOND;
    p->banner = session_banner(&r->st);
    wording_write(p, wording, &o, values, CANH_LEN(values), tables, CANH_LEN(tables));
    return 0;
}

/* Without a name both: ODT to be edited and numbered, PDF to be read. */
static int write_official(struct report *r)
{
    struct paper p;
    int status = build_official(r, &p);

    if (status == 0)
        status = paper_save(r->st.app, &p, file_name(r, "bao-cao", ".odt"));
    if (status == 0 && r->o->output == NULL)
        status = paper_save(r->st.app, &p, file_name(r, "bao-cao", ".pdf"));
    return status;
}

/* An official report is written in Vietnamese whatever the reader speaks: the clauses, too. */
static int report_compute(struct report *r, enum lang lang)
{
    struct overview_ctx c = {.state = r->st.s,
                             .actor = &r->st.actor,
                             .arena = &r->st.arena,
                             .lang = lang,
                             .zone = ZONE_OWN,
                             .banner = session_banner(&r->st)};
    struct err err = ERR_INIT;

    return overview_compute(&c, &r->w, &r->pic, &r->total, &err) < 0 ? session_fail(&r->st, &err)
                                                                     : 0;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    bool official = operands->count > 0 && strcmp(operands->items[0], "official") == 0;
    struct report r = {.o = values, .name = BUF_INIT(200)};
    int status;

    if (r.o->say.count > CANH_LEN(r.sentences))
        return app_usage(app, MSG_PAPERS_TOO_MUCH_SAID, (unsigned)CANH_LEN(r.sentences));
    status = session_open(app, r.o->state, STATE_READ, &r.st);
    if (status != 0)
        return status;
    status = plan_world(&r.st, r.o->plan, r.o->at, 0, 0, &r.w);
    if (status == 0) {
        status = report_compute(&r, official ? LANG_VI : app->lang);
        for (uint32_t i = 0; i < r.o->say.count; i++)
            r.sentences[i] = slice_str(r.o->say.items[i]);
        r.pic.sentences = r.sentences;
        r.pic.sentence_count = r.o->say.count;
        r.pic.signer = r.o->letter.signer ? slice_str(r.o->letter.signer) : SLICE_NULL;
        if (status == 0)
            status = official ? write_official(&r) : write_picture(&r);
        proof_close(&r.w);
    }
    buf_done(&r.name);
    session_close(&r.st);
    return status;
}

const struct verb verb_plan_report = {
    .name = "report",
    .summary = MSG_PAPERS_REPORT_SUMMARY,
    .about = MSG_PAPERS_REPORT_ABOUT,
    .operands = "[picture|official]",
    .max_operands = 1,
    .operand_words = report_words,
    VERB_OPTIONS(options),
    .options_size = sizeof(struct report_options),
    .run = run,
};
