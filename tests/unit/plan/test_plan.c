/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

#include "base/time.h"
#include "err_words.h"
#include "planload.h"

#define HEAD                                                                                       \
    "plan: t\n"                                                                                    \
    "title: {vi: Thử, en: Test}\n"                                                               \
    "window: {start: 2020-10-05, end: 2020-10-22}\n"                                               \
    "phases: [{id: peak, from: end-3d, until: end}]\n"                                             \
    "authorities: [{id: lead}, {id: other}]\n"                                                     \
    "scopes: [{id: all}, {id: communes, kinds: [commune]}]\n"                                      \
    "clauses: [{number: I.1, label: \"1.\", text: a clause}]\n"

/* One obligation in flow style; x adds keys, or replaces by standing later is not allowed. */
#define OBLIGATION(id, x)                                                                          \
    "  - {id: " id ", clause: I.1, title: {vi: a, en: b}, applies-to: all, role: sysadmin, "       \
    "lead: lead, " x "}\n"
/* One whose title stands in one language only. */
#define UNTITLED(id)                                                                               \
    "  - {id: " id                                                                                 \
    ", clause: I.1, title: {vi: a}, applies-to: all, role: sysadmin, lead: lead, " GOOD "}\n"
#define GOOD "every: daily@07:30, proof: probe.service"

static struct planload load;

static int parse(const char *text, const struct plan **ret, struct err *err)
{
    struct plan_source source = {.text = slice_str(text), .catalogue = load.catalogue};

    return plan_parse(&load.arena, &source, ret, err);
}

static void refuses(const char *text, unsigned line, unsigned col, const char *part)
{
    const struct plan *p = NULL;
    struct err err = ERR_INIT;

    ok(parse(text, &p, &err) < 0 && p == NULL, "refused: %s", err_words(&err));
    is_int(err.line * 10000 + err.col, line * 10000 + col, "at %u:%u", line, col);
    ok(slice_find(slice_str(err_words(&err)), slice_str(part)) != SIZE_MAX, "it says: %s", part);
}

static void test_refused(void)
{
    refuses("plan: t\n", 1, 1, "window is missing");
    refuses("plan: t\ntitle: {vi: a, en: {}}\nwindow: {start: 2020-10-05, end: 2020-10-22}\n", 2,
            20, "en must be one text");
    refuses("plan: t\nwindow: {start: 2020-10-05, end: 2020-10-04}\n", 2, 34,
            "not after the start");
    refuses("plan: t\nwindow: {start: 2020-10-05, ende: 2020-10-04}\n", 2, 29, "is end meant?");
    refuses("plan: t\nwindow: {start: 2020-10-05}\n", 2, 9, "end-event");
    refuses("plan: T!\n", 1, 7, "a name of");
    refuses("plan: t\nwindow: {start: 2020-10-05, end: 2020-10-22}\n"
            "phases: [{id: z, from: end-3d, until: end-3d}]\n",
            3, 39, "before");
    refuses(HEAD "obligations:\n  - {id: z!}\n", 9, 10, "letters");
    refuses(HEAD "obligations:\n" UNTITLED("a") OBLIGATION("b", GOOD), 9, 5, "vi and en");
    refuses(HEAD "obligations:\n" OBLIGATION("a", GOOD) UNTITLED("b"), 10, 5, "vi and en");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: dayly@07:30, proof: probe.service"), 9,
            101, "daily");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: daily@27:30, proof: probe.service"), 9,
            107, "a time hh:mm");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: \"daily@27:30\", proof: probe.service"),
            9, 108, "a time hh:mm");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: daily, proof: probe.servce"), 9, 115,
            "no kind of evidence is called \"probe.servce\"; is probe.service meant?");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: phase(peek), proof: probe.service"), 9,
            107, "no phase \"peek\"");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: 'within(1h, inciden)', proof: duty.log"),
            9, 113, "is incident meant?");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "proof: duty.log"), 9, 5, "every is missing");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: daily"), 9, 5, "proof is missing");
    refuses(HEAD "obligations:\n" OBLIGATION("x", "every: daily, proof: duty.log, needs: measured"),
            9, 132, "no proof listed here is as strong as measured");
    refuses(HEAD "obligations:\n" OBLIGATION("x", GOOD) OBLIGATION("x", GOOD), 10, 10,
            "x stands here twice");
    refuses(HEAD "obligations:\n  - {id: x, clause: I.2}\n", 9, 5, "title is missing");
    refuses(HEAD "obligations:\n  - {id: x, clause: I.2, title: t, applies-to: all, role: s, "
                 "lead: l, every: daily, proof: duty.log}\n",
            9, 21, "no clause is called \"I.2\"");
    refuses(HEAD
            "obligations:\n" OBLIGATION("x", GOOD ", inherits: {scope: comunes, tags: [hosted]}"),
            9, 154, "is communes meant?");
    refuses(HEAD "obligations:\n" OBLIGATION("x", GOOD ", inherits: {scope: communes}"), 9, 146,
            "which unit provides it");
    refuses(HEAD "change: [{id: x}]\n", 8, 15, "no obligation of the extended plan");
    refuses(HEAD
            "obligations:\n" OBLIGATION("x", GOOD ", also: [{id: a, " GOOD "}, {id: a, " GOOD "}]"),
            9, 199, "this part stands here twice");
    refuses(HEAD "gaps: [{id: I.1, say: x}]\n", 8, 7, "yet stands among the clauses");
    refuses("extends: other\nplan: t\n", 1, 10, "no plan to extend");
}

#define INHERITS(o) GOOD ", inherits: {scope: communes, tags: [hosted], obligation: " o "}"

static void test_loops(void)
{
    const struct plan *p = NULL;
    struct err err = ERR_INIT;

    ok(parse(HEAD "obligations:\n" OBLIGATION("aZ0.z-9_y", GOOD), &p, &err) == 0,
       "letters, digits and marks of an id %s", err_words(&err));
    ok(parse(HEAD "obligations:\n" OBLIGATION("x", GOOD ", inherits: null"), &p, &err) == 0 &&
           p->obligations[0].inherit.scope == PLAN_NONE,
       "nothing that is inherited %s", err_words(&err));

    refuses(HEAD "obligations:\n" OBLIGATION("a", INHERITS("b")) OBLIGATION("b", INHERITS("c"))
                OBLIGATION("c", INHERITS("a")),
            9, 5, "from itself");
    refuses(HEAD "obligations:\n" OBLIGATION("a", INHERITS("nobody")), 9, 192, "no obligation");
    refuses(HEAD "obligations:\n" OBLIGATION("a", GOOD ", inherits: {scope: communes, tags: "
                                                       "[hosted]}")
                OBLIGATION("b", INHERITS("nobody")),
            10, 192, "no obligation");
    ok(parse(HEAD "obligations:\n" OBLIGATION("a", INHERITS("b")) OBLIGATION("b", INHERITS("b")),
             &p, &err) == 0,
       "a chain that ends is fine %s", err_words(&err));
    ok(p && p->obligations[0].inherit.obligation == 1 && p->obligations[1].inherit.obligation == 1,
       "and is resolved");
}

static int load_self(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                     struct err *err)
{
    struct plan_source source = {.text = SLICE("plan: self\nextends: self\n"),
                                 .load = load_self,
                                 .load_ctx = ctx,
                                 .depth = depth,
                                 .catalogue = load.catalogue};

    (void)id;
    return plan_parse(&load.arena, &source, ret, err);
}

static int load_base(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                     struct err *err)
{
    (void)ctx;
    (void)depth;
    if (slice_is(id, "chain"))
        return parse(HEAD "obligations:\n" OBLIGATION("a", INHERITS("d")) OBLIGATION("b", GOOD)
                         OBLIGATION("c", GOOD) OBLIGATION("d", GOOD) OBLIGATION("e", GOOD),
                     ret, err);
    return slice_is(id, "base") ? parse(HEAD "obligations:\n" OBLIGATION("a", GOOD ", word: often")
                                            OBLIGATION("b", GOOD) OBLIGATION("c", INHERITS("b")),
                                        ret, err)
                                : err_code(err, CE_NOT_FOUND);
}

static void test_extends(void)
{
    struct plan_source source = {.catalogue = load.catalogue, .load = load_base};
    const struct plan *p = NULL;
    struct err err = ERR_INIT;

    source.text = SLICE("plan: child\nextends: base\ntitle: {vi: Con, en: Child}\n"
                        "scopes: [{id: communes, kinds: [agency]}]\n"
                        "change: [{id: b, lead: other, every: weekly(mon)}]\ndrop: [a]\n"
                        "obligations:\n" OBLIGATION("d", GOOD));
    ok(plan_parse(&load.arena, &source, &p, &err) == 0, "a plan extends another %u:%u %s", err.line,
       err.col, err_words(&err));
    if (p == NULL)
        return;
    is_int(p->obligation_count, 3, "one dropped, one added");
    is_slice(p->obligations[0].id, SLICE("b"), "b is first");
    is_slice(p->authorities[p->obligations[0].lead].id, SLICE("other"), "its lead is changed");
    is_int(p->obligations[0].parts[0].every.base.kind, FREQ_WEEKLY, "and its frequency");
    is_int(p->obligations[1].inherit.obligation, 0, "references follow");
    is_slice(p->title.en, SLICE("Child"), "the title is its own");
    is_int(p->clause_count, 1, "clauses are inherited");
    source.text = SLICE("plan: child\nextends: base\ndrop: [b]\n");
    is_int(plan_parse(&load.arena, &source, &p, &err), -CE_CONFLICT, "b is needed: %s",
           err_words(&err));
    source.text = SLICE("plan: child\nextends: chain\ndrop: [d]\n");
    is_int(plan_parse(&load.arena, &source, &p, &err), -CE_CONFLICT, "by the first one, too: %s",
           err_words(&err));
    source.text = SLICE("plan: child\nextends: chain\ndrop: [e, c, b]\n");
    ok(plan_parse(&load.arena, &source, &p, &err) == 0 && p->obligation_count == 2 &&
           p->obligations[0].inherit.obligation == 1,
       "what is left is found at its new place: %s", err_words(&err));
    is_slice(p->obligations[1].id, SLICE("d"), "it is the right one");
    source.text = SLICE("plan: child\nextends: nobody\n");
    is_int(plan_parse(&load.arena, &source, &p, &err), -CE_NOT_FOUND, "%s", err_words(&err));
    source.text = SLICE("plan: child\nextends: self\n");
    source.load = load_self;
    is_int(plan_parse(&load.arena, &source, &p, &err), -CE_DEPTH, "%s", err_words(&err));
}

static void test_window(void)
{
    struct window_part phases[4];
    const struct plan *p = NULL;
    struct err err = ERR_INIT;
    struct window w;

    ok(parse("plan: t\ntitle: x\nwindow: {start: 2020-10-05, end: unknown, end-event: Đại hội}\n"
             "shifts: [\"07:30\", \"19:30\"]\n"
             "phases: [{id: prepare, from: start, until: start+3d}, {id: peak, from: end-3d, "
             "until: end}]\n",
             &p, &err) == 0,
       "a window with an open end %s", err_words(&err));
    if (p == NULL)
        return;
    plan_window(p, NULL, 3, phases, &w);
    ok(w.end == INT64_MAX && w.phases[1].from == INT64_MAX, "the peak is not known yet");
    ok(w.start == days_from_date(2020, 10, 5) * TIME_DAY - 7 * TIME_HOUR, "midnight in Vietnam");
    ok(w.phases[0].until == w.start + 3 * TIME_DAY && w.shift_count == 2, "phases and shifts");
}

static void test_clause_title(void)
{
    struct plan_clause c = {.text = SLICE("a clause")};

    is_slice(plan_clause_title(&c).vi, SLICE("a clause"), "without a title its text");
    is_slice(plan_clause_title(&c).en, SLICE("a clause"), "in both languages");
    c.title.en = SLICE("A title");
    is_slice(plan_clause_title(&c).en, SLICE("A title"), "else its title");
    c.title = (struct title){.vi = SLICE("Một mục")};
    is_slice(plan_clause_title(&c).vi, SLICE("Một mục"), "in either language");
}

/* What is counted of a plan: rows of the table, who can prove, what nobody checked. */
static void test_count(void)
{
    const struct plan *p = NULL;
    struct plan_count count;
    struct err err = ERR_INIT;

    ok(parse("plan: t\ntitle: x\nwindow: {start: 2020-10-05, end: 2020-10-22}\n"
             "authorities: [{id: lead}]\nscopes: [{id: all}]\n"
             "clauses:\n  - {number: I.1, text: a, checked: no}\n  - {number: I.2, text: b}\n"
             "  - {number: I.3, text: c, checked: no}\n"
             "obligations:\n" OBLIGATION("a", "row: x, every: daily, proof: probe.service")
                 OBLIGATION("b", "row: y, every: daily, proof: duty.log, checked: no")
                     OBLIGATION("c", "row: x, every: daily, proof: check.baseline, also: [{id: w, "
                                     "every: weekly, proof: duty.log}]"),
             &p, &err) == 0,
       "a plan to be counted %u:%u %s", err.line, err.col, err_words(&err));
    if (p == NULL)
        return;
    plan_count(p, &count);
    is_int(count.obligations, 3, "obligations");
    is_int(count.rows, 2, "rows, the same one twice");
    is_int(count.parts, 4, "parts");
    is_int(count.unchecked, 3, "two clauses and an obligation that nobody checked");
    is_int(count.waiting, 1, "one of which a part cannot be proven yet");
    is_int(count.by[BY_MACHINE] + count.by[BY_EITHER] + count.by[BY_PERSON], 3, "each by somebody");
}

static void test_names(void)
{
    const struct plan *p = NULL;
    struct err err = ERR_INIT;

    int r = parse("plan: t\ntitle: x\nwindow: {start: 2020-10-05, end: 2020-10-22}\n"
                  "phases: [{id: one, from: start, until: start+3d, name: {vi: Một, en: One}}, "
                  "{id: two, from: start+3d, until: end, name: {vi: Hai, en: Two}}]\n"
                  "authorities: [{id: lead}]\nscopes: [{id: all}]\n"
                  "clauses: [{number: I.1, text: a}]\nobligations:\n" OBLIGATION(
                      "a", "every: daily, proof: probe.service"),
                  &p, &err);

    if (!ok(r == 0, "a plan with phases %u:%u %s", err.line, err.col, err_words(&err)))
        return;
    is_slice(title_in(plan_name(p, false, SLICE("two")), LANG_EN), SLICE("Two"), "a phase");
    is_slice(title_in(plan_name(p, false, SLICE("one")), LANG_VI), SLICE("Một"), "the other");
    ok(plan_name(p, false, SLICE("difficulty")) == NULL, "an event is no phase");
    ok(title_in(plan_name(p, true, SLICE("difficulty")), LANG_EN).n > 0, "an event");
    ok(plan_name(p, true, SLICE("two")) == NULL, "a phase is no event");
}

/* Words of the catalogue by their ids; what it does not know is what most units are. */
static void test_words(void)
{
    const struct catalogue *c = load.catalogue;
    const struct unit_kind *other = catalogue_unit_kind(c, SLICE("no such kind"));

    is_int(catalogue_find(c, WORDS_UNIT_KINDS, SLICE("party")), 0, "the first kind");
    is_int(catalogue_find(c, WORDS_UNIT_KINDS, SLICE("no such kind")), UINT32_MAX, "none");
    ok(catalogue_unit_kind(c, SLICE("party")) == &c->unit_kinds[0], "the first kind's own");
    is_slice(other->layout, SLICE("government"), "another kind's papers");
    is_slice(other->daily, SLICE("agency-daily"), "and form");
    for (int i = STRENGTH_NONE; i <= STRENGTH_MEASURED; i++)
        is_int(strength_from_str(slice_str(strength_to_str((enum strength)i))), i, "strength %d",
               i);
    is_int(strength_from_str(SLICE("other")), STRENGTH_NONE, "no strength");
}

int main(void)
{
    if (!planload_catalogue(&load))
        return tap_done();
    test_refused();
    test_loops();
    test_extends();
    test_window();
    test_clause_title();
    test_count();
    test_names();
    test_words();
    arena_done(&load.arena);
    return tap_done();
}
