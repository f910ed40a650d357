/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two paths can mean one file. */
#include "source/pattern.h"

#include "tap.h"

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
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct slice a = slice_str(cases[i].a), b = slice_str(cases[i].b);

        is_int(source_paths_meet(a, b), cases[i].meet, "%s and %s", cases[i].a, cases[i].b);
        is_int(source_paths_meet(b, a), cases[i].meet, "and the other way round");
    }
    return tap_done();
}
