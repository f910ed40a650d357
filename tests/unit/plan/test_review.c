/* SPDX-License-Identifier: Apache-2.0 */
/* A draft gone through: what is open, and the text with what was said of it. */
#include "plan/review.h"

#include "err_words.h"
#include "tap.h"

static const char draft[] = "# by hand\n"
                            "plan: t\n"
                            "draft: yes\n"
                            "clauses:\n"
                            "  - number: I\n"
                            "    label: \"1.\"\n"
                            "    text: first\n"
                            "    checked: no\n"
                            "  - {number: II, text: second, checked: false}\n"
                            "  - {number: III, text: third, checked: yes}\n"
                            "# margin\n"
                            "obligations:\n"
                            "  - id: a # remark\n"
                            "    clause: I\n"
                            "    title: {vi: Một, en: One}\n"
                            "    every: daily\n"
                            "    word: hằng ngày\n"
                            "    lead: x\n"
                            "    note: n\n"
                            "    checked: no\n"
                            "  - {id: b, clause: II, title: Two, checked: no}\n"
                            "authorities: [{id: x, name: {vi: Sở Mẫu, en: Office}}]\n"
                            "zone: UTC\n";

static struct arena arena;

static bool read(const char *text, struct review *r)
{
    struct err err = ERR_INIT;

    return ok(review_read(&arena, slice_str(text), r, &err) == 0, "the draft is read: %s",
              err_words(&err));
}

static void gives(const struct review *r, const char *text, const char *want, const char *what)
{
    struct buf out = BUF_INIT(1 << 16);

    review_write(&out, slice_str(text), r);
    is_slice(buf_slice(&out), slice_str(want), "%s", what);
    buf_done(&out);
}

static void test_read(void)
{
    struct review r;
    const struct review_item *x;

    if (!read(draft, &r))
        return;
    is_int((long)r.count, 5, "three clauses, two obligations");
    is_int((long)review_open(&r), 4, "four are open");
    is_int(r.draft_line, 3, "the line that says it is a draft");
    x = &r.items[0];
    ok(!x->obligation && !x->checked, "a clause that nobody checked");
    is_slice(x->id, SLICE("I"), "its number");
    is_slice(x->clause, SLICE("I"), "again");
    is_slice(x->label, SLICE("1."), "its label");
    is_slice(x->text, SLICE("first"), "its text");
    ok(x->first == 5 && x->last == 8, "its lines: %u to %u", x->first, x->last);
    ok(x->checked_line == 8 && x->checked_col == 14, "where it says so");
    ok(r.items[1].first == 9 && r.items[1].last == 9, "a clause in one line");
    ok(r.items[2].checked && r.items[2].checked_line == 0, "one that was checked");
    ok(r.items[2].last == 11, "the last goes on to the next key: %u", r.items[2].last);
    x = &r.items[3];
    ok(x->obligation, "an obligation");
    is_slice(x->id, SLICE("a"), "its id");
    is_slice(x->clause, SLICE("I"), "its clause");
    is_slice(x->text, SLICE("Một"), "its title");
    is_slice(x->every, SLICE("daily"), "how often");
    is_slice(x->word, SLICE("hằng ngày"), "the letter's word");
    is_slice(x->lead, SLICE("Sở Mẫu"), "who leads, by name");
    is_slice(x->note, SLICE("n"), "its note");
    is_slice(r.items[4].text, SLICE("Two"), "a title in one language");
    ok(r.items[4].first == 21 && r.items[4].last == 21, "the last one's lines: %u to %u",
       r.items[4].first, r.items[4].last);
    gives(&r, draft, draft, "nothing said, nothing changed");
}

static void test_marks(void)
{
    static const char some[] = "draft: yes\nclauses:\n  - {number: I, checked: no} # mine\n"
                               "  - number: II\n    checked: \"no\"\n"
                               "obligations:\n  - {id: a, checked: no}\n# kept\n"
                               "  - id: b\n    checked: no\nzone: UTC\n";
    struct review r;

    if (!read(some, &r))
        return;
    is_int((long)r.count, 4, "four");
    r.items[0].mark = REVIEW_RIGHT;
    gives(&r, some,
          "draft: yes\nclauses:\n  - {number: I, checked: yes} # mine\n"
          "  - number: II\n    checked: \"no\"\n"
          "obligations:\n  - {id: a, checked: no}\n# kept\n"
          "  - id: b\n    checked: no\nzone: UTC\n",
          "one clause is right");
    r.items[3].mark = REVIEW_RIGHT;
    r.items[2].mark = REVIEW_DROPPED;
    gives(&r, some,
          "draft: yes\nclauses:\n  - {number: I, checked: yes} # mine\n"
          "  - number: II\n    checked: \"no\"\n"
          "obligations:\n# kept\n"
          "  - id: b\n    checked: yes\nzone: UTC\n",
          "an obligation is dropped, another right");
    is_int((long)review_open(&r), 1, "one is open");
    r.items[1].checked = true;
    is_int((long)review_open(&r), 0, "none is");
    r.items[3].mark = REVIEW_DROPPED;
    gives(&r, some,
          "clauses:\n  - {number: I, checked: yes} # mine\n  - number: II\n    checked: \"no\"\n"
          "# kept\nzone: UTC\n",
          "all is said: no draft; no obligation is left");
}

/* Lists that stand first and last, an obligation alone, words of other lengths. */
static void test_edges(void)
{
    static const char some[] = "\nclauses:\n  - {number: I, checked: false} # mine\n"
                               "authorities:\n  - {id: w, name: Other}\n  - {id: u}\n"
                               "  - {id: x, name: Office}\n"
                               "obligations:\n  - {id: a, lead: x, checked: no}\n\n";
    static const char alone[] = "obligations:\n  - {id: a, checked: no}\n";
    struct review r;

    if (read(some, &r) && is_int((long)r.count, 2, "a clause, an obligation")) {
        ok(r.items[0].first == 3 && r.items[0].last == 3, "the first list");
        is_slice(r.items[1].lead, SLICE("Office"), "who leads is the one of that id");
        ok(r.items[1].first == 9 && r.items[1].last == 11, "the last goes on to the end: %u",
           r.items[1].last);
        r.items[0].mark = REVIEW_RIGHT;
        r.items[1].mark = REVIEW_DROPPED;
        gives(&r, some,
              "\nclauses:\n  - {number: I, checked: yes} # mine\n"
              "authorities:\n  - {id: w, name: Other}\n  - {id: u}\n"
              "  - {id: x, name: Office}\n",
              "a longer word gives way as a whole");
    }
    if (read(alone, &r) && is_int((long)r.count, 1, "one obligation alone")) {
        r.items[0].mark = REVIEW_DROPPED;
        gives(&r, alone, "", "nothing is left of it, and no list");
    }
}

static const char changing[] =
    "window:\n"
    "  start: 2026-12-01 # from the letter\n"
    "  end: unknown\n"
    "scopes:\n"
    "  - {id: all, name: {vi: Mọi đơn vị, en: All}}\n"
    "  - {id: one, name: Một}\n"
    "clauses: [{number: I, text: t}]\n"
    "obligations:\n"
    "  - id: a\n"
    "    clause: I\n"
    "    title: {vi: \"Ẫ, \\\"ỗ\\\" ữ\", en: \"One, two\"}\n"
    "    applies-to: [all, one]\n"
    "    every: \"daily@10:00,16:00\" # as they say\n"
    "    checked: no\n"
    "  - {id: b, clause: I, title: Two, every: daily, applies-to: [all], checked: no}\n"
    "  - id: c\n"
    "    clause: I\n"
    "    title: \"over\n"
    "      lines\"\n"
    "    every: weekly\n"
    "    checked: no\n";

/* What a person says instead of what was proposed; all else stays, letter by letter. */
static void test_changes(void)
{
    struct review r;

    if (!read(changing, &r))
        return;
    is_slice(r.start, SLICE("2026-12-01"), "the window's beginning");
    is_int((long)r.scope_count, 2, "scopes to choose from");
    is_slice(r.scopes[0].name, SLICE("Mọi đơn vị"), "and their names");
    is_slice(r.scopes[1].name, SLICE("Một"), "of one language, too");
    is_slice(r.items[1].scopes, SLICE("all one"), "those of an obligation");
    is_slice(r.end, SLICE(""), "an end that is not known");
    r.said_start = SLICE("2026-12-05");
    r.said_end = SLICE("2027-01-31");
    r.items[1].mark = r.items[2].mark = REVIEW_RIGHT;
    r.items[1].said[REVIEW_TITLE] = SLICE("Mới \"<ẫ>\" \\");
    r.items[1].said[REVIEW_EVERY] = SLICE("weekly(fri)@16:00");
    r.items[1].said[REVIEW_SCOPES] = SLICE("one all");
    r.items[2].said[REVIEW_TITLE] = SLICE("Hai");
    r.items[2].said[REVIEW_EVERY] = SLICE("monthly(10,25)");
    r.items[2].said[REVIEW_SCOPES] = SLICE("one");
    ok(review_has_places(&r), "all of it has a place");
    gives(&r, changing,
          "window:\n"
          "  start: 2026-12-05 # from the letter\n"
          "  end: 2027-01-31\n"
          "scopes:\n"
          "  - {id: all, name: {vi: Mọi đơn vị, en: All}}\n"
          "  - {id: one, name: Một}\n"
          "clauses: [{number: I, text: t}]\n"
          "obligations:\n"
          "  - id: a\n"
          "    clause: I\n"
          "    title: {vi: \"Mới \\\"<ẫ>\\\" \\\\\", en: \"Mới \\\"<ẫ>\\\" \\\\\"}\n"
          "    applies-to: [one, all]\n"
          "    every: \"weekly(fri)@16:00\" # as they say\n"
          "    checked: yes\n"
          "  - {id: b, clause: I, title: \"Hai\", every: \"monthly(10,25)\", applies-to: [one], "
          "checked: yes}\n"
          "  - id: c\n"
          "    clause: I\n"
          "    title: \"over\n"
          "      lines\"\n"
          "    every: weekly\n"
          "    checked: no\n",
          "what was said stands in its places");
    r.items[3].mark = REVIEW_RIGHT;
    r.items[3].said[REVIEW_TITLE] = SLICE("x");
    ok(!review_has_places(&r), "a value over several lines has to be changed in the file");
}

/* As people write YAML by hand. */
static const char by_hand[] = "clauses: [{number: I, text: Ẫ, checked: no}]\n"
                              "obligations:\n"
                              "  - id: a\n"
                              "    title: Báo cáo, C# 1#2 # remark\n"
                              "    every: 'daily'\n"
                              "    checked: no\n"
                              "  - {id: b, title: 'Sở ''Mẫu''', every: &often daily, checked: no}\n"
                              "  - id: c\n"
                              "    title:\n"
                              "      vi: Một\n"
                              "      en: |\n"
                              "        One\n"
                              "    every: *often\n"
                              "    checked: no\n";

static void test_by_hand(void)
{
    struct review r;

    if (!read(by_hand, &r))
        return;
    for (size_t i = 0; i < r.count; i++)
        r.items[i].mark = REVIEW_RIGHT;
    r.items[1].said[REVIEW_TITLE] = r.items[2].said[REVIEW_TITLE] = SLICE("x");
    r.items[1].said[REVIEW_EVERY] = SLICE("weekly");
    ok(review_has_places(&r), "commas, marks and single quotes are known");
    gives(&r, by_hand,
          "clauses: [{number: I, text: Ẫ, checked: yes}]\n"
          "obligations:\n"
          "  - id: a\n"
          "    title: \"x\" # remark\n"
          "    every: \"weekly\"\n"
          "    checked: yes\n"
          "  - {id: b, title: \"x\", every: &often daily, checked: yes}\n"
          "  - id: c\n"
          "    title:\n"
          "      vi: Một\n"
          "      en: |\n"
          "        One\n"
          "    every: *often\n"
          "    checked: yes\n",
          "and give way as a whole");
    r.items[3].said[REVIEW_TITLE] = SLICE("x");
    ok(!review_has_places(&r), "not one language of two");
    r.items[3].said[REVIEW_TITLE] = SLICE_NULL;
    r.items[3].said[REVIEW_EVERY] = SLICE("weekly");
    ok(!review_has_places(&r), "not what another one says, too");
}

/* Values of nothing, and of one that does not say what is to be changed. */
static void test_empty_values(void)
{
    static const char some[] = "obligations: [{id: a, title: \"\", every: '', checked: no}]\n";
    struct review r;

    if (!read(some, &r))
        return;
    r.items[0].mark = REVIEW_RIGHT;
    r.items[0].said[REVIEW_TITLE] = r.items[0].said[REVIEW_EVERY] = SLICE("x");
    ok(review_has_places(&r), "empty quotes are a place");
    gives(&r, some, "obligations: [{id: a, title: \"x\", every: \"x\", checked: yes}]\n",
          "which gives way");
    r.items[0].said[REVIEW_SCOPES] = SLICE("all");
    ok(!review_has_places(&r), "what is not said has none");
    if (!read("obligations:\n  - id: a\n    title: over\n      lines\n    checked: no\n", &r))
        return;
    r.items[0].mark = REVIEW_RIGHT;
    r.items[0].said[REVIEW_TITLE] = SLICE("x");
    ok(!review_has_places(&r), "nor has what goes on in the next line");
}

/* Several on one line. */
static void test_crowded(void)
{
    static const char some[] =
        "obligations: [{id: a, title: {vi: b, en: c}, every: d, applies-to: [e], checked: no},"
        " {id: f, title: {vi: g, en: h}, every: i, applies-to: [j], checked: no}]\n";
    struct buf out = BUF_INIT(1 << 16);
    struct review r;

    if (!read(some, &r))
        return;
    for (size_t i = 0; i < r.count; i++) {
        r.items[i].mark = REVIEW_RIGHT;
        for (unsigned k = 0; k < REVIEW_FIELD_MAX; k++)
            r.items[i].said[k] = SLICE("x");
    }
    review_write(&out, SLICE(some), &r);
    is_int(out.err, -CE_TOO_BIG, "more changes of one line than are kept are an error");
    buf_done(&out);
    for (size_t i = 0; i < r.count; i++)
        for (unsigned k = 0; k < REVIEW_FIELD_MAX; k++)
            r.items[i].said[k] = SLICE_NULL;
    gives(&r, some,
          "obligations: [{id: a, title: {vi: b, en: c}, every: d, applies-to: [e], checked: yes},"
          " {id: f, title: {vi: g, en: h}, every: i, applies-to: [j], checked: yes}]\n",
          "all of them are right");
    ok(review_has_places(&r), "which may be said");
    for (unsigned i = 0; i < 2; i++) {
        r.items[i].mark = REVIEW_OPEN;
        r.items[1 - i].mark = REVIEW_DROPPED;
        gives(&r, some, some, "one does not go with the others");
        ok(!review_has_places(&r), "but has to go in the file");
    }
}

static void adds(const char *text, const struct review_addition *x, const char *want,
                 const char *what)
{
    struct buf out = BUF_INIT(1 << 16);
    struct review r;
    bool added = read(text, &r) && review_add(&out, slice_str(text), &r, x);

    ok(added == (want != NULL), "%s", what);
    is_slice(buf_slice(&out), slice_str(want ? want : ""), "%s: the text", what);
    buf_done(&out);
}

static void test_added(void)
{
    const struct review_addition x = {.clause = SLICE("II"),
                                      .title = SLICE("Kiểm tra \"phòng máy\" \\"),
                                      .every = SLICE("at-end"),
                                      .role = SLICE("duty-officer"),
                                      .scopes = SLICE("all it"),
                                      .proof = SLICE("file.minutes"),
                                      .until = SLICE("2026-12-20"),
                                      .chosen_by = SLICE("Người soạn")};
#define ADDED(id) ADDED_AT("  ", id)
#define ADDED_AT(in, id)                                                                            \
    in "- id: \"" id "\"\n" in "  clause: \"II\"\n" in "  checked: yes\n" in                        \
       "  chosen-by: \"Người soạn\"\n" in "  title: {vi: \"Kiểm tra \\\"phòng máy\\\" \\\\\", " \
       "en: \"Kiểm tra \\\"phòng máy\\\" \\\\\"}\n" in "  applies-to: [\"all\", \"it\"]\n" in       \
       "  role: \"duty-officer\"\n" in "  lead: lead\n" in "  by: person\n" in                      \
       "  until: \"2026-12-20\"\n" in "  every: \"at-end\"\n" in "  proof: [\"file.minutes\"]\n"

    adds(
        "clauses:\n  - number: II\n    text: t\nobligations:\n  - id: II.a\n    clause: II\n"
        "# end\n",
        &x,
        "clauses:\n  - number: II\n    text: t\nobligations:\n  - id: II.a\n    clause: II\n" ADDED(
            "II.b") "# end\n",
        "behind the last obligation, before a remark, under the next free name");
    adds("clauses:\n  - number: II\n    text: t\n\nzone: UTC\n", &x,
         "clauses:\n  - number: II\n    text: t\nobligations:\n" ADDED("II.a") "\nzone: UTC\n",
         "the first of all");
    adds("obligations:\n- id: II.a\n  clause: II\n", &x,
         "obligations:\n- id: II.a\n  clause: II\n" ADDED_AT("", "II.b"),
         "behind the only one, as far to the left");
    adds("obligations: [{id: a, clause: II}]\n", &x, NULL, "not into brackets");
    adds("plan: t\n", &x, NULL, "nor where there is no clause");
}

/* The names of a clause's obligations: a to z, then with a number, and no more than there are. */
static void test_names(void)
{
    const struct review_addition x = {.clause = SLICE("I"), .title = SLICE("t")};
    struct buf text = BUF_INIT(1 << 16), out = BUF_INIT(1 << 16);

    buf_puts(&text, "obligations:\n");
    for (unsigned n = 0; n < 11 * 26; n++) {
        struct buf want = BUF_INIT(100);
        struct review r;

        buf_printf(&want, "- id: \"I.%c", (int)('a' + n % 26));
        if (n >= 26)
            buf_printf(&want, "%u", n / 26 - 1);
        buf_puts(&want, "\"\n");
        buf_clear(&out);
        if (n > 0 && n % 13 == 0)
            ok(read(buf_cstr(&text), &r) && review_add(&out, buf_slice(&text), &r, &x) &&
                   slice_find(buf_slice(&out), buf_slice(&want)) != SIZE_MAX,
               "after %u: %s", n, buf_cstr(&want));
        buf_append_slice(&text, buf_slice(&want));
        buf_done(&want);
        arena_clear(&arena);
    }
    adds(buf_cstr(&text), &x, NULL, "all names are taken");
    buf_done(&text);
    buf_done(&out);
}

static void test_others(void)
{
    struct err err = ERR_INIT;
    struct review r;

    if (read("plan: t\ndraft: no\n", &r))
        ok(r.count == 0 && r.draft_line == 0, "no draft, no lists");
    if (read("clauses: text\nobligations: {a: b}\ndraft: true\n", &r))
        ok(r.count == 0 && r.draft_line == 3, "lists that are none");
    if (read("- a\n", &r))
        is_int((long)r.count, 0, "no map");
    if (read("", &r))
        is_int((long)r.count, 0, "nothing at all");
    if (read("\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nplan: t\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
             &r))
        is_int((long)r.count, 0, "hardly anything");
    ok(review_read(&arena, SLICE("a: [\n"), &r, &err) < 0, "broken: %s", err_words(&err));
}

int main(void)
{
    arena = ARENA_INIT(1 << 22);
    test_read();
    test_marks();
    test_edges();
    test_changes();
    test_by_hand();
    test_crowded();
    test_empty_values();
    test_added();
    test_names();
    test_others();
    arena_done(&arena);
    return tap_done();
}
