/* SPDX-License-Identifier: Apache-2.0 */
#include "form/judge.h"
#include "record/fill.h"

#include "err_words.h"
#include "office/workbook.h"
#include "tap.h"

static const char yaml[] =
    "form: f\ntitle: F\nfor: [telecom]\nevery: event\n"
    "events:\n"
    "- {event: fault, at: began}\n"
    "- {event: cut, at: began, if: {field: what, is: cut}}\n"
    "- {event: theft, if: {field: hit, above: 3}}\n"
    "- {event: case, at: found, if: {field: serious, is: yes}}\n"
    "groups:\n"
    "- group: g\n"
    "  title: G\n"
    "  fields:\n"
    "  - {field: began, title: B, kind: moment}\n"
    "  - field: what\n"
    "    title: W\n"
    "    kind: choice\n"
    "    unfinished: other\n"
    "    choices: [{id: cut, title: C}, {id: other, title: O}]\n"
    "  - field: hit\n"
    "    title: H\n"
    "    kind: count\n"
    "    nothing: yes\n"
    "    limits:\n"
    "    - {id: few, title: few, max: 5, severity: orange}\n"
    "    - {id: many, title: many, max: 9, severity: red}\n"
    "    - {id: old, title: old, max: 0, severity: red, until: 2020-01-01}\n"
    "  - {field: done, title: D, kind: yes-no, unfinished: no}\n"
    "- group: rows\n"
    "  title: R\n"
    "  rows: 5\n"
    "  fields:\n"
    "  - {field: found, title: F, kind: date}\n"
    "  - {field: serious, title: S, kind: yes-no}\n"
    "  - {field: load, title: L, kind: number, limits: [{id: l, title: l, max: 80}]}\n";

static struct arena arena = ARENA_INIT(64 << 20);

/* Judges a plain table of field;row;value lines: the words, then the events. */
static void judged_is(const char *csv, bool nothing, const char *words, const char *events,
                      const char *what)
{
    const struct form *f = NULL;
    struct form_problem *p = NULL;
    struct form_judgement j = {.event_count = 0};
    struct buf out = BUF_INIT(4000);
    struct answers a;
    struct workbook *t;
    struct err err = ERR_INIT;
    uint32_t n = 0;

    arena_clear(&arena);
    if (!ok(form_parse(&arena, slice_str(yaml), &f, &err) == 0 &&
                workbook_read(&arena, slice_str(csv), NULL, &t, &err) == 0 &&
                answers_from_workbook(f, t, &arena, &a, &p, &n, &err) == 0 && n == 0,
            "%s: read %u:%u %s", what, err.line, err.col, err_words(&err)))
        return;
    a.day = 20000;
    a.nothing = nothing;
    ok(form_check(f, &a, &arena, &p, &n, &err) == 0 &&
           form_judge(f, &a, p, n, &arena, &j, &err) == 0,
       "%s: judged", what);
    for (uint32_t i = 0; i < j.field_count; i++) {
        static const char *const hows[] = {"", "open", "-"};
        const struct form_judged *x = &j.fields[i];

        buf_printf(&out, "%s" SLICE_FMT "=", i ? " " : "", SLICE_ARG(f->fields[x->field].id));
        if (x->how == FORM_JUDGED_OVER)
            buf_append_u64(&out, x->severity);
        buf_puts(&out, hows[x->how]);
    }
    is_str(buf_cstr(&out), words, "%s: fields", what);
    buf_clear(&out);
    for (uint32_t i = 0; i < j.event_count; i++)
        buf_printf(&out, "%s" SLICE_FMT "@%lld", i ? " " : "", SLICE_ARG(j.events[i].event),
                   (long long)j.events[i].at);
    is_str(buf_cstr(&out), events, "%s: events", what);
    buf_done(&out);
}

static void test_words(void)
{
    judged_is("field;row;value\nhit;;2\n", false, "began=- what=- done=- found=- serious=- load=-",
              "", "most is blank");
    judged_is("field;row;value\nhit;;none\ndone;;yes\n", false,
              "began=- what=- found=- serious=- load=-", "", "nothing occurred is an answer");
    judged_is("field;row;value\nhit;;6\ndone;;no\n", false,
              "began=- what=- hit=3 done=open found=- serious=- load=-",
              "theft@-9223372036854775808", "over a limit, and not finished");
    judged_is("field;row;value\nhit;;10\nwhat;;cut\n", false,
              "began=- hit=4 done=- found=- serious=- load=-", "theft@-9223372036854775808",
              "the worst limit counts; an old one does not");
    judged_is("field;row;value\nload;1;70\nload;3;90\n", false,
              "began=- what=- hit=- done=- found=- serious=- load=2", "", "the worst row counts");
    judged_is("field;row;value\n", true, "", "", "nothing occurred at all");
}

static void test_events(void)
{
    judged_is("field;row;value\nbegan;;07:30 02/01/1970\nwhat;;other\n", false,
              "what=open hit=- done=- found=- serious=- load=-", "fault@1890", "a fault");
    judged_is("field;row;value\nbegan;;07:30 02/01/1970\nwhat;;cut\n", false,
              "hit=- done=- found=- serious=- load=-", "fault@1890 cut@1890", "a cut is a fault");
    judged_is("field;row;value\nfound;1;02/01/1970\nserious;1;yes\nfound;2;03/01/1970\n"
              "serious;2;no\nfound;4;04/01/1970\nserious;4;yes\n",
              false, "began=- what=- hit=- done=- load=-", "case@1440 case@4320",
              "one for every row of which it holds");
}

static void test_refused(void)
{
    static const char *const bad[] = {"events: [{event: x, at: nothing}]\n",
                                      "events: [{event: x, at: n}]\n",
                                      "events: [{event: x, if: {field: n}}]\n",
                                      "events: [{at: n}]\n"};
    struct buf text = BUF_INIT(4000);
    const struct form *f;

    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        buf_clear(&text);
        buf_printf(&text,
                   "form: f\ntitle: F\nfor: [telecom]\nevery: day\n%sgroups:\n- group: g\n  title: "
                   "G\n  fields: [{field: n, title: N, kind: count}]\n",
                   bad[i]);
        ok(form_parse(&arena, buf_slice(&text), &f, NULL) < 0, "refused: %s", bad[i]);
    }
    buf_clear(&text);
    buf_puts(&text, "form: f\ntitle: F\nfor: [telecom]\nevery: day\ngroups:\n- group: g\n  title: "
                    "G\n  fields: [{field: n, title: N, kind: count, unfinished: no}]\n");
    ok(form_parse(&arena, buf_slice(&text), &f, NULL) < 0, "a count is never unfinished");
    buf_done(&text);
}

int main(void)
{
    test_words();
    test_events();
    test_refused();
    arena_done(&arena);
    return tap_done();
}
