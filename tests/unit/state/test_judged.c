/* SPDX-License-Identifier: Apache-2.0 */
#include "state/judged.h"

#include "tap.h"

static void test_reading(void)
{
    struct slice rest = SLICE("a=3 junk b=- c=7 d=open e=1");
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
    struct buf out = BUF_INIT(200);

    for (size_t i = 0; i < CANH_LEN(all); i++)
        state_judged_append(&out, &all[i]);
    is_str(buf_cstr(&out), "load=4 done=open what=-", "as it is kept");
    ok(state_judged_is_valid(buf_slice(&out)), "and valid");
    buf_done(&out);
}

static void test_validity(void)
{
    ok(state_judged_is_valid(SLICE("")), "nothing is valid");
    ok(!state_judged_is_valid(SLICE("a=3 junk")), "a word without an answer is not");
    ok(!state_judged_is_valid(SLICE("a=5")), "nor a fifth severity");
    ok(!state_judged_is_valid(SLICE("=3")), "nor a field without a name");
}

int main(void)
{
    test_reading();
    test_writing();
    test_validity();
    return tap_done();
}
