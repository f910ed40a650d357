/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/find.h"

#include "tap.h"

/* Pattern text: * any run, ? one character, all else itself. */
static bool glob(const char *pattern, const char *text)
{
    struct part parts[32];
    struct pattern p = {parts, 0};

    for (const char *at = pattern; *at; at++) {
        enum part_kind kind = *at == '*' ? PART_ANY : *at == '?' ? PART_ONE : PART_TEXT;

        if (kind == PART_TEXT && p.count && parts[p.count - 1].kind == PART_TEXT)
            parts[p.count - 1].text.n++;
        else
            parts[p.count++] = (struct part){kind, slice_of(at, kind == PART_TEXT)};
    }
    return glob_match(&p, slice_str(text));
}

static void test_glob(void)
{
    ok(glob("a*b*c", "aXXbYYc") && !glob("a*b*c", "aXXcYYb"), "runs in order");
    ok(glob("*a?c", "abcaXc") && !glob("*a?c", "abcaXcd"), "the last run stands at the end");
    ok(glob("?", "\xC4\x90") && !glob("?", "ab") && !glob("?", ""), "? is one character");
    ok(glob("8???", "8123") && !glob("8???", "812") && !glob("8???", "81234"), "several ?");
    ok(glob("*a*", "\n\na\n"), "* crosses lines");
    ok(glob("a*a", "aa") && !glob("a*a", "a"), "runs do not overlap");
    ok(glob("*ab*abc", "abababc"), "the tail is found though the run before it comes early");
    ok(glob("?*", "x") && !glob("?*", ""), "at least one");
    ok(glob("*?", "\xFF"), "an invalid byte is a character");
    ok(!glob("*a*b*c*d*e", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
       "no explosion");
}

int main(void)
{
    test_glob();
    return tap_done();
}
