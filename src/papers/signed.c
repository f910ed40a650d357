/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets that people sign: a form that was sent, a commitment, a notice that was read. */
#include "base/time.h"
#include "lang/err_papers.h"
#include "lang/msg_papers.h"
#include "papers/papers_build.h"
#include "proof/proof.h"
#include "record/forms.h"
#include "state/forms.h"

enum { PEOPLE_MAX = 5000 };

/* What was sent for the day, with what is missing or over its limit. */
static int load_answers(struct papers_ctx *p, const struct record *c, struct state_id form,
                        int64_t day, struct print_form *sheet, struct answers *answers,
                        struct err *err)
{
    struct state_submission sub;
    struct state_person who;
    struct form_problem *problems = NULL;
    int r = -CE_NOT_FOUND;

    if (!id_is_none(form))
        r = state_submission_last(p->s, &p->actor, form, p->unit.id, day, day + TIME_DAY, p->arena,
                                  &sub, err);
    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_MISSING, ERR_PAPERS_NOT_SENT, p->unit.code);
    if (r == 0)
        r = record_form_answers(c, sheet->form, &sub, answers, err);
    if (r == 0)
        r = form_check(sheet->form, answers, p->arena, &problems, &sheet->problem_count, err);
    if (r == 0)
        r = form_problems_word(sheet->form, problems, sheet->problem_count, p->lang, p->arena, err);
    if (r < 0)
        return r;
    sheet->answers = answers;
    sheet->problems = problems;
    sheet->entered = papers_minutes(sub.sent_at);
    sheet->backfilled = sub.backfilled;
    sheet->clock = papers_clock(p, sub.sent_at);
    if (!id_is_none(sub.person) &&
        state_person_get(p->s, &p->actor, sub.person, p->arena, &who, NULL) == 0)
        sheet->entered_by = who.name;
    return 0;
}

int papers_form(struct papers_ctx *p, const struct papers_form *request, struct err *err)
{
    const struct record c = {
        .s = p->s, .actor = p->actor, .arena = p->arena, .zone = ZONE_OWN, .lang = p->lang};
    struct print_form sheet = {.head = p->head, .entered = PRINT_NEVER};
    struct answers *answers = arena_new(p->arena, struct answers);
    const struct unit_kind *kind = NULL;
    struct slice name = request->form;
    struct record_form form;
    int r = answers ? 0 : err_nomem(err);

    if (r == 0 && name.n == 0) {
        r = papers_unit_kind(p->arena, p->unit.kind, &kind, err);
        name = kind ? kind->daily : name;
    }
    if (r == 0)
        r = record_form_find(&c, name, &form, err);
    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_NOT_FOUND, ERR_PAPERS_NO_FORM, slice_head(name, 100));
    if (r < 0)
        return r;
    sheet.form = form.form;
    if (request->blank) {
        sheet.head.day = PRINT_NEVER;
        sheet.head.footer = PAPERS_BLANK_FOOTER;
    } else {
        r = load_answers(p, &c, form.id, request->day, &sheet, answers, err);
    }
    if (r == 0)
        print_form(&p->paper, &sheet);
    return r;
}

struct signers {
    struct papers_ctx *p;
    struct print_signer *v;
    size_t n;
    int64_t now;
    struct err *err;
};

static int add_signer(void *u, const struct state_person *x)
{
    struct signers *l = u;

    if (x->valid_from > l->now || x->valid_to <= l->now)
        return 0;
    if (l->n == PEOPLE_MAX)
        return err_fail(l->err, CE_TOO_BIG, ERR_PAPERS_TOO_MANY_PEOPLE, PEOPLE_MAX);
    l->v[l->n++] = (struct print_signer){.name = arena_dup(l->p->arena, x->name),
                                         .position = arena_dup(l->p->arena, x->title),
                                         .signed_on = PRINT_NEVER};
    return 0;
}

/* The plan's title, or what the reader fills in when there is none. */
static struct slice plan_title(struct papers_ctx *p, struct slice plan)
{
    struct proof_world w;
    const struct proof_options opt = {.plan = plan};
    struct slice title = SLICE("……");

    if (proof_open(p->arena, p->s, &p->actor, &opt, &w, NULL) == 0) {
        title = title_in(&w.plan->title, LANG_VI);
        proof_close(&w);
    }
    return title;
}

int papers_commitment(struct papers_ctx *p, struct slice plan, unsigned rows, struct err *err)
{
    struct print_commitment sheet = {.head = p->head, .empty_rows = rows};
    struct signers l = {.p = p,
                        .v = arena_new_array(p->arena, PEOPLE_MAX, struct print_signer),
                        .now = state_now(p->s),
                        .err = err};
    struct state_query q = {.unit = p->unit.id};
    struct wording *w = NULL;
    int r = l.v ? papers_wording(p->arena, "cam-ket", &w, err) : err_nomem(err);

    if (r == 0)
        r = state_person_each(p->s, &p->actor, &q, add_signer, &l, err);
    if (r < 0)
        return r;
    struct slice texts[] = {p->unit.name, plan_title(p, plan)};
    const struct template_value v[] = {{"unit", &texts[0], 1}, {"plan", &texts[1], 1}};

    sheet.title = w->title;
    sheet.head.day = PRINT_NEVER; /* of the day when the last one signs */
    sheet.text = wording_paragraphs(&p->paper, w, v, CANH_LEN(v), &sheet.text_count);
    sheet.people = l.v;
    sheet.count = l.n;
    print_commitment(&p->paper, &sheet);
    return 0;
}

/* Its lines that are not blank; to: NULL, or room for them all. */
static size_t signed_paragraphs(struct slice text, struct slice *to)
{
    struct slice line;
    size_t n = 0;

    while (slice_cut(&text, '\n', &line)) {
        line = slice_trim(line);
        if (line.n > 0 && to)
            to[n] = line;
        n += line.n > 0;
    }
    return n;
}

int papers_notice(struct papers_ctx *p, const struct state_notice *notice, unsigned rows,
                  struct err *err)
{
    struct slice *lines =
        arena_new_array(p->arena, signed_paragraphs(notice->text, NULL) + 1, struct slice);
    struct print_commitment c = {.head = p->head,
                                 .title = notice->title,
                                 .text = lines,
                                 .empty_rows = rows};
    struct buf below = BUF_INIT(64 * 1024);
    struct state_unit issuer;
    int r = lines ? state_unit_get(p->s, &p->actor, notice->unit, p->arena, &issuer, err)
                  : err_nomem(err);

    if (r < 0)
        return r;
    lang_write(&below, p->lang, MSG_PAPERS_NOTICE_OF, SLICE_ARG(notice->code),
               SLICE_ARG(issuer.name));
    c.below = papers_keep(p, &below);
    c.head.day = PRINT_NEVER; /* of the day when the last one signs */
    c.head.left_title = SLICE_NULL;
    c.text_count = signed_paragraphs(notice->text, lines);
    print_commitment(&p->paper, &c);
    return 0;
}
