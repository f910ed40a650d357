/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two paths can mean one file. */
#include "source/pattern.h"

#include <string.h>

#include "tap.h"

/* A name has 255 bytes at most: what is longer means no file. */
static void test_longest(void)
{
    char text[3 + 256];
    struct slice path = slice_of(text, sizeof(text));

    memset(text, 'a', sizeof(text));
    memcpy(text, "/v/", 3);
    ok(source_paths_meet(slice_head(path, 3 + 255), SLICE("/v/*a")), "the longest name");
    ok(source_paths_meet(SLICE("/v/*a"), slice_head(path, 3 + 255)), "and the other way round");
    ok(!source_paths_meet(path, SLICE("/v/*a")), "one byte more");
    ok(!source_paths_meet(SLICE("/v/*a"), path), "and the other way round");
}

int main(void)
{
    static const struct {
        const char *a, *b;
        bool meet;
    } cases[] = {
        {"/v/a.log", "/v/a.log", true},
        {"/v/a.log", "/v/b.log", false},
        {"/v/*.log", "/v/a.log", true},
        {"/v/*.log", "/w/a.log", false},
        {"/v/*.log", "/v/x/a.log", false},
        {"/v/a*.log", "/v/*b.log", true},
        {"/v/a*.log", "/v/b*.log", false},
        {"/v/?wice.log", "/v/twi*.log", true},
        {"/v/?wice.log", "/v/twi*.txt", false},
        {"/v/*", "/v/a", true},
        {"/v/*", "/v/.a", false},
        {"/v/.*", "/v/.a", true},
        {"/v/?", "/v/ab", false},
        {"/v/**", "/v/*", true},
        {"/v/a*", "/v/a", true},
        {"/v/a?", "/v/a", false},
        {"/v/*a*", "/v/b", false},
        {"/v/", "/v/*", false},
        {"a", "*", true},
        {"/v/*/a.log", "/v/x/a.log", true},
        {"/v/*/a.log", "/v/x/b.log", false},
        {"/v/*/*/*.log", "/v/x/y?/a*", true},
        {"/v/*/*.log", "/v/a.log", false},
        {"/v/*/a", "/v/*/a/a", false},
        {"/v/*/a", "/v/.x/a", false},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct slice a = slice_str(cases[i].a), b = slice_str(cases[i].b);

        is_int(source_paths_meet(a, b), cases[i].meet, "%s and %s", cases[i].a, cases[i].b);
        is_int(source_paths_meet(b, a), cases[i].meet, "and the other way round");
    }
    test_longest();
    return tap_done();
}
