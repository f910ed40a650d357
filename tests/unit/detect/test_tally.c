/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/tally.h"

#include <stdio.h>

#include "base/time.h"
#include "tap.h"

static void test_counts(void)
{
    struct tally t;
    struct tally_host hosts[3];

    is_int(tally_init(&t, 3), 0, "three rules");
    tally_add(&t, 1, 500, SLICE("dc1"), false);
    tally_add(&t, 1, 100, SLICE("pc7"), false);
    tally_add(&t, 1, TIME_NONE, SLICE("pc7"), false);
    tally_add(&t, 1, 300, SLICE("ab"), false);
    tally_add(&t, 1, 300, SLICE("zz"), false);
    tally_add(&t, 1, 300, SLICE("dc1"), false);
    tally_add(&t, 2, TIME_NONE, SLICE(""), true);
    tally_add(&t, 0, 700, SLICE(""), true);
    is_int(t.alerts, 8, "alerts");
    is_int(t.rules_hit, 3, "rules");
    is_int(t.recovered, 2, "recovered ones");
    is_int(t.rules[0].recovered, 1, "of one rule");
    is_int(t.rules[1].recovered, 0, "of another");
    is_int(t.rules[0].first, 700, "the only time is the first");
    is_int(t.rules[0].last, 700, "and the last");
    is_int(t.rules[1].count, 6, "alerts of one rule");
    is_int(t.rules[1].first, 100, "first");
    is_int(t.rules[1].last, 500, "last");
    ok(t.rules[2].first == TIME_NONE, "no time known");
    is_int(t.rules[1].hosts, 4, "distinct hosts");
    is_int(tally_hosts(&t, 1, hosts, 3), 3, "the first three of them");
    is_slice(hosts[0].name, SLICE("dc1"), "most alerts first, by name");
    is_slice(hosts[1].name, SLICE("pc7"), "as many, by name");
    is_int(hosts[0].count + hosts[1].count, 4, "with their counts");
    is_slice(hosts[2].name, SLICE("ab"), "then those with fewer");
    is_int(t.hostless, 0, "each host that was named has its alerts");
    is_int(tally_hosts(&t, 2, hosts, 3), 0, "no host named");
    is_int(tally_hosts(&t, 0, hosts, 3), 0, "no host either");
    tally_done(&t);
}

/* More hosts than are kept: nothing grows, nothing is lost but the names. */
static void test_bounds(void)
{
    struct tally t;
    char name[32];
    uint64_t kept = 0;
    const uint32_t many = TALLY_PAIRS_MAX + 1000, again = 1000;

    is_int(tally_init(&t, 1), 0, "one rule");
    for (uint32_t i = 0; i < many; i++) {
        int n = snprintf(name, sizeof(name), "host-%u", i);

        tally_add(&t, 0, i, slice_of(name, (size_t)n), false);
    }
    for (uint32_t i = 0; i < again; i++) {
        int n = snprintf(name, sizeof(name), "host-%u", i);

        tally_add(&t, 0, i, slice_of(name, (size_t)n), false);
    }
    is_int(t.rules[0].count, many + again, "every alert counts");
    for (uint32_t i = t.rules[0].pairs; i != 0; i = t.pairs[i].next)
        kept += t.pairs[i].count;
    is_int(t.pairs[t.rules[0].pairs].count, 1, "no host gets what is another's");
    is_int(kept + t.hostless, many + again, "with or without its host");
    is_int(t.hostless, many - TALLY_PAIRS_MAX + 1, "whoever came first keeps its place");
    is_int(t.rules[0].hosts, TALLY_PAIRS_MAX - 1, "once each");
    ok(t.hostless > 0 && t.pair_count <= TALLY_PAIRS_MAX, "at most so many pairs are kept");
    tally_done(&t);
}

int main(void)
{
    test_counts();
    test_bounds();
    return tap_done();
}
