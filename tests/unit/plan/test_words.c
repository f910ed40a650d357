/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What letters are made of, line by line: their numbers (markers.txt), the words of head and
 * clauses (words.txt), how often and until when (when.txt) in tests/golden/plan.
 */
#include "base/time.h"
#include "calendar/frequency.h"
#include "golden.h"
#include "plan/draft_text.h"
#include "plan/draft_when.h"
#include "plan/terms.h"

static struct planload load;

static void put_marker(const struct marker *m, struct slice s, struct buf *out)
{
    static const char *const kinds[] = {"none",    "annex",   "part",   "chapter", "section",
                                        "article", "upper",   "roman",  "arabic",  "dotted",
                                        "deeper",  "deepest", "letter", "small",   "word",
                                        "dash",    "plus"};

    buf_printf(out, "%s %u", kinds[m->kind], m->value);
    if (m->outer.n > 0)
        buf_printf(out, " under " SLICE_FMT, SLICE_ARG(m->outer));
    buf_printf(out, " “" SLICE_FMT "”", SLICE_ARG(m->name));
    buf_printf(out, " “" SLICE_FMT "”", SLICE_ARG(m->label));
    buf_printf(out, " “" SLICE_FMT "”", SLICE_ARG(slice_from(s, m->length)));
}

static void read_marker(struct slice words, struct buf *out)
{
    struct marker m = marker_read(words), label = marker_of_label(words);

    put_marker(&m, words, out);
    if (m.kind != label.kind || m.value != label.value || !slice_eq(m.name, label.name)) {
        buf_puts(out, ", a label: ");
        put_marker(&label, words, out);
    }
}

static void put_name(struct buf *out, const char *name, bool is)
{
    buf_printf(out, "%s%s", is && out->p[out->len - 1] != ' ' ? ", " : "", is ? name : "");
}

static void put_words(struct buf *out, const char *name, struct slice s)
{
    if (s.n == 0)
        return;
    put_name(out, name, true);
    buf_printf(out, " “" SLICE_FMT "”", SLICE_ARG(s));
}

static void read_words(struct slice words, struct buf *out)
{
    struct arena *a = &load.arena;

    put_name(out, "agency", draft_is_agency(a, words));
    put_words(out, "kind", slice_head(words, draft_kind(words)));
    put_name(out, "motto", draft_is_motto(a, words));
    put_name(out, "capitals", draft_is_capitals(words));
    put_name(out, "annex", draft_begins_annex(words));
    put_name(out, "rule", draft_is_rule(words));
    put_name(out, "date line", draft_is_date_line(words));
    put_words(out, "lead", draft_lead(a, words));
    put_words(out, "heading", draft_heading_lead(a, words));
    put_name(out, "no marks", terms_unmarked(words));
    put_words(out, "key", terms_key(a, words, false));
    put_words(out, "plain", terms_key(a, words, true));
}

static void put_when(struct buf *out, const char *name, bool found, const struct draft_when *w)
{
    static const char *const fits[] = {[WHEN_EXACT] = "",
                                       [WHEN_SPREAD] = " spread",
                                       [WHEN_TIMES] = " times",
                                       [WHEN_APART] = " apart"};

    if (!found)
        return;
    put_name(out, name, true);
    buf_printf(out, "%s%s", name[0] ? " " : "", w->every);
    buf_printf(out, "%s “" SLICE_FMT "”", fits[w->fit], SLICE_ARG(w->word));
}

static void put_day(struct buf *out, const char *name, int64_t day)
{
    unsigned month, d;
    int year;

    date_from_days(day, &year, &month, &d);
    buf_printf(out, "%s%04d-%02u-%02u", name, year, month, d);
}

/* As of a plan that begins on 1 December 2026. */
static void read_when(struct slice words, struct buf *out)
{
    int64_t start = days_from_date(2026, 12, 1), from, until;
    struct draft_when when, next, due;
    struct frequency f;
    bool found = draft_when_read(words, start, &when);

    put_when(out, "", found, &when);
    put_when(out, "then", found && draft_when_next(words, &when, &next), &next);
    if (draft_when_due(words, start, &due) && (!found || strcmp(due.every, when.every) != 0))
        put_when(out, "due", true, &due);
    if (draft_when_window(words, &from, &until)) {
        put_name(out, "from ", true);
        put_day(out, "", from);
        put_day(out, " until ", until);
    }
    ok(found == (when.every[0] != 0), "what is not found is empty");
    ok(!found || frequency_parse(slice_str(when.every), &f, NULL) == 0, "%s is a frequency",
       when.every);
}

int main(void)
{
    struct marker empty = marker_of_label(SLICE(""));

    load.arena = ARENA_INIT(64 << 20);
    golden_lines(&load, "markers.txt", read_marker);
    golden_lines(&load, "words.txt", read_words);
    golden_lines(&load, "when.txt", read_when);
    is_int(empty.kind, MARKER_NONE, "a paragraph without a label");
    arena_done(&load.arena);
    return tap_done();
}
