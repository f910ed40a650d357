/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped plans: complete, and word for word the document's. */
#include "base/time.h"
#include "planload.h"

/* Every run of blanks and line breaks as one blank. */
static struct slice squeeze(struct arena *a, struct slice s)
{
    uint8_t *p = arena_alloc(a, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; p != NULL && i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r';

        if (!blank)
            p[n++] = s.p[i];
        else if (n > 0 && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    return slice_of(p, n);
}

static void test_counts(const struct plan *p)
{
    struct plan_count c;

    plan_count(p, &c);
    is_int(c.rows, 54, "54 rows");
    is_int(c.obligations, 69, "69 obligations");
    is_int(c.by[BY_MACHINE], 24, "24 by machine");
    is_int(c.by[BY_EITHER], 17, "17 by machine or person");
    is_int(c.by[BY_PERSON], 28, "28 by person");
    is_int(c.unchecked, 0, "nothing left to be checked");
    ok(c.obligations - c.waiting >= 60, "%u of them from canh's own records",
       c.obligations - c.waiting);
    tap_note("%u parts, %u obligations wait for checks", c.parts, c.waiting);
}

static void test_numbers(const struct plan *p)
{
    static const char *const numbers[] = {"P",    "I",    "I.1",  "I.2",  "I.3",  "I.4",  "I.5",
                                          "I.6",  "I.8",  "I.C",  "II",   "II.1", "II.2", "II.3",
                                          "II.4", "II.5", "II.6", "II.7", "C"};
    bool same = p->clause_count == CANH_LEN(numbers);

    for (size_t i = 0; i < CANH_LEN(numbers) && same; i++)
        same = slice_is(p->clauses[i].number, numbers[i]);
    ok(same, "the clauses stand in the document's order under its numbers");
    is_int(p->gap_count, 1, "one gap");
    is_slice(p->gaps[0].missing, SLICE("I.7"), "there is no I.7");
    is_slice(p->gaps[0].after, SLICE("I.6"), "after I.6");
}

static void test_words(const struct plan *p)
{
    int strangers = 0;

    for (uint32_t i = 0; i < p->obligation_count; i++) {
        const struct plan_obligation *o = &p->obligations[i];
        struct slice word = o->parts[0].word, text = p->clauses[o->clause].text;
        bool found = word.n == 0;

        for (size_t at = 0; at + word.n <= text.n && !found; at++) {
            found = memcmp(text.p + at, word.p, word.n) == 0 ||
                    slice_eq_nocase(slice_of(text.p + at, word.n), word);
        }
        if (!found) {
            tap_note(SLICE_FMT ": \"" SLICE_FMT "\"", SLICE_ARG(o->id), SLICE_ARG(word));
            strangers++;
        }
    }
    is_int(strangers, 0, "every frequency word stands in its clause");
}

static void test_text(struct planload *l, const struct plan *p)
{
    struct buf text = BUF_INIT(1 << 20);
    struct slice whole;
    char path[4096];
    int missing = 0;

    (void)snprintf(path, sizeof(path), "%s/../directive.txt",
                   tap_data_dir() ? tap_data_dir() : ".");
    if (tap_data_dir() == NULL || file_read(path, &text, NULL) < 0) {
        tap_skip("the document itself is not here");
        return;
    }
    whole = squeeze(&l->arena, buf_slice(&text));
    for (uint32_t i = 0; i < p->clause_count; i++) {
        struct slice clause = squeeze(&l->arena, p->clauses[i].text);

        if (slice_find(whole, clause) == SIZE_MAX) {
            tap_note("not word for word: " SLICE_FMT, SLICE_ARG(p->clauses[i].number));
            missing++;
        }
    }
    is_int(missing, 0, "all %u clauses stand in the document word for word", p->clause_count);
    buf_done(&text);
}

static void test_rules(const struct plan *p)
{
    const struct plan_obligation *o = &p->obligations[plan_find_obligation(p, SLICE("I.2.d"))];
    const struct plan_scope *own = NULL;

    is_int(o->origin, ORIGIN_LAW, "I.2.d is a later law");
    ok(o->from > p->end, "and not in force in 2020");
    for (uint32_t i = 0; i < p->scope_count; i++) {
        if (slice_is(p->scopes[i].id, "operators-own-it"))
            own = &p->scopes[i];
    }
    ok(own && own->origin == ORIGIN_PROPOSAL && !own->enabled,
       "section I for operators is a proposal, off");
    o = &p->obligations[plan_find_obligation(p, SLICE("I.1.i"))];
    ok(o->inherit.scope != PLAN_NONE && &p->obligations[o->inherit.obligation] == o,
       "who uses the data centre inherits its backup");
    is_int(o->part_count, 3, "backup has three parts");
    o = &p->obligations[plan_find_obligation(p, SLICE("II.4.d"))];
    ok(slice_starts(o->say.vi, SLICE("canh không giám sát nội dung")), "II.4.d says so");
    is_int(p->contact_count, 2, "two roles to reach, no contacts");
}

static void test_today(struct planload *l)
{
    const struct plan *p = planload_plan(l, "today-2026");
    int leads = 0;

    if (p == NULL)
        return;
    test_counts(p);
    test_numbers(p);
    for (uint32_t i = 0; i < p->obligation_count; i++)
        leads += slice_is(p->authorities[p->obligations[i].lead].id, "so-tttt");
    is_int(leads, 0, "nothing is led by a department that is gone");
    for (uint32_t i = 0; i < p->scope_count; i++) {
        uint32_t district = catalogue_find(p->catalogue, WORDS_UNIT_KINDS, SLICE("district"));

        ok(!(p->scopes[i].kinds >> district & 1), SLICE_FMT " knows no districts",
           SLICE_ARG(p->scopes[i].id));
    }
    ok(p->obligations[plan_find_obligation(p, SLICE("I.2.d"))].from <= p->start,
       "I.2.d is in force");
}

int main(void)
{
    struct planload l;
    const struct plan *p;

    if (!planload_catalogue(&l))
        return tap_done();
    p = planload_plan(&l, "quang-ngai-2020");
    if (p != NULL) {
        test_counts(p);
        test_numbers(p);
        test_words(p);
        test_text(&l, p);
        test_rules(p);
    }
    test_today(&l);
    arena_done(&l.arena);
    return tap_done();
}
