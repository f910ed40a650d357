/* SPDX-License-Identifier: Apache-2.0 */
#include "state/judged.h"

#include "base/err.h"
#include "tap.h"

static void test_reading(void)
{
    struct state_judgement rest = {SLICE("a=3 junk b=- c=7 d=open e=1")};
    struct state_judged x;

    ok(state_judged_next(&rest, &x) && slice_is(x.field, "a") && x.how == STATE_JUDGED_OVER &&
           x.severity == 3,
       "over");
    ok(state_judged_next(&rest, &x) && slice_is(x.field, "b") && x.how == STATE_JUDGED_BLANK,
       "blank, junk passed over");
    ok(state_judged_next(&rest, &x) && slice_is(x.field, "d") && x.how == STATE_JUDGED_OPEN,
       "open, an unknown severity passed over");
    ok(state_judged_next(&rest, &x) && x.severity == 1, "green");
    ok(!state_judged_next(&rest, &x), "the end");
}

static void test_writing(void)
{
    static const struct state_judged all[] = {
        {SLICE("load"), STATE_JUDGED_OVER, 4},
        {SLICE("done"), STATE_JUDGED_OPEN, 0},
        {SLICE("what"), STATE_JUDGED_BLANK, 0},
    };
    struct arena arena = ARENA_INIT(1 << 20), small = ARENA_INIT(1 << 20);
    struct state_judged many[4000];
    struct state_judgement x = {SLICE_NULL}, kept;

    is_int(state_judgement_make(&arena, all, CANH_LEN(all), &x), 0, "packed");
    is_slice(x.packed, SLICE("load=4 done=open what=-"), "as it is kept");
    ok(state_judgement_is_valid(x), "and valid");
    kept = x;
    ok(state_judgement_keep(&small, &kept) && kept.packed.p != x.packed.p &&
           state_judgement_eq(kept, x),
       "a copy is equal");
    for (size_t i = 0; i < CANH_LEN(many); i++)
        many[i] = (struct state_judged){SLICE("a-field-of-some-length"), STATE_JUDGED_OPEN, 0};
    is_int(state_judgement_make(&arena, many, CANH_LEN(many), &x), -CE_TOO_BIG, "too many");
    arena_done(&arena);
    arena_done(&small);
}

static void test_validity(void)
{
    ok(state_judgement_is_valid((struct state_judgement){SLICE("")}), "nothing is valid");
    ok(!state_judgement_is_valid((struct state_judgement){SLICE("a=3 junk")}),
       "a word without an answer is not");
    ok(!state_judgement_is_valid((struct state_judgement){SLICE("a=5")}), "nor a fifth severity");
    ok(!state_judgement_is_valid((struct state_judgement){SLICE("=3")}),
       "nor a field without a name");
}

int main(void)
{
    test_reading();
    test_writing();
    test_validity();
    return tap_done();
}
