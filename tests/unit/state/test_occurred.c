/* SPDX-License-Identifier: Apache-2.0 */
#include "state/occurred.h"

#include "base/err.h"
#include "tap.h"

static void test_reading(void)
{
    struct state_occurrences rest = {SLICE("cable-cut@17 junk flood@ @4 flood@x outage@-3")};
    struct state_occurrence x;

    ok(state_occurrence_next(&rest, &x) && slice_is(x.event, "cable-cut") && x.at == 17, "first");
    ok(state_occurrence_next(&rest, &x) && slice_is(x.event, "outage") && x.at == -3,
       "what is none is passed over");
    ok(!state_occurrence_next(&rest, &x), "the end");
}

static void test_writing(void)
{
    static const struct state_occurrence all[] = {{SLICE("cable-cut"), 1700000000000000000},
                                                  {SLICE("outage"), -1}};
    struct arena arena = ARENA_INIT(1 << 20), small = ARENA_INIT(1 << 20);
    struct state_occurrence many[4000];
    struct state_occurrences x = {SLICE_NULL}, kept;

    is_int(state_occurrences_make(&arena, all, CANH_LEN(all), &x), 0, "packed");
    is_slice(x.packed, SLICE("cable-cut@1700000000000000000 outage@-1"), "as it is kept");
    ok(state_occurrences_are_valid(x), "and valid");
    kept = x;
    ok(state_occurrences_keep(&small, &kept) && kept.packed.p != x.packed.p &&
           state_occurrences_eq(kept, x),
       "a copy is equal");
    for (size_t i = 0; i < CANH_LEN(many); i++)
        many[i] = (struct state_occurrence){SLICE("an-event-of-some-length"), (int64_t)i};
    is_int(state_occurrences_make(&arena, many, CANH_LEN(many), &x), -CE_TOO_BIG, "too many");
    arena_done(&arena);
    arena_done(&small);
}

static void test_validity(void)
{
    ok(state_occurrences_are_valid((struct state_occurrences){SLICE("")}), "nothing is valid");
    ok(!state_occurrences_are_valid((struct state_occurrences){SLICE("flood@1 junk")}),
       "a word without a time is not");
    ok(!state_occurrences_are_valid((struct state_occurrences){SLICE("flood@1x")}),
       "nor a time that is no number");
    ok(!state_occurrences_are_valid((struct state_occurrences){SLICE("@1")}),
       "nor an event without a name");
}

int main(void)
{
    test_reading();
    test_writing();
    test_validity();
    return tap_done();
}
