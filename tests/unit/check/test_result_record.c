/* SPDX-License-Identifier: Apache-2.0 */
/* Results of checks as they stand in the journal. */
#include "check/result_record.h"

#include <math.h>
#include <string.h>

#include "err_words.h"
#include "tap.h"

static void test_round(void)
{
    struct result_record x = {.check = {1, 2, 0xAB},
                              .outcome = CHECK_WARNING,
                              .at = INT64_C(1795972666924564614),
                              .took = 752040,
                              .value = 12.5,
                              .text = SLICE("slow\n\"quoted\"\tẫ"),
                              .station = SLICE("hub-1")};
    struct arena arena = ARENA_INIT(1 << 16);
    struct buf out = BUF_INIT(RESULT_RECORD_MAX);
    struct result_record y = {.outcome = CHECK_OK};
    struct err err = ERR_INIT;

    result_record_write(&out, &x);
    is_int(result_record_read(buf_slice(&out), &arena, &y, &err), 0, "what was written is read %s",
           err_words(&err));
    ok(memcmp(x.check, y.check, sizeof(x.check)) == 0, "the check");
    is_int(y.outcome, CHECK_WARNING, "the outcome");
    is_int(y.at, x.at, "when, to the nanosecond");
    is_int(y.took, x.took, "how long");
    ok(fabs(y.value - 12.5) < 1e-9, "the value");
    is_slice(y.text, x.text, "what it says");
    is_slice(y.station, x.station, "from where");
    buf_done(&out);
    arena_done(&arena);
}

#define ID "\"check\":\"000102030405060708090a0b0c0d0e0f\""

static void test_refusals(void)
{
    static const struct {
        const char *json;
        int code;
    } rows[] = {
        {"{" ID ",\"v\":1,\"outcome\":1,\"at\":5,\"took\":0,\"later\":[]}", -CE_SYNTAX},
        {"{" ID ",\"v\":9,\"outcome\":1,\"at\":5,\"later\":true}", 0},
        {"{" ID ",\"outcome\":5,\"at\":5}", -CE_RANGE},
        {"{" ID ",\"outcome\":0,\"at\":5}", -CE_RANGE},
        {"{" ID ",\"outcome\":1}", -CE_MISSING},
        {"{\"outcome\":1,\"at\":5}", -CE_MISSING},
        {"{" ID ",\"at\":5}", -CE_MISSING},
        {"{" ID ",\"outcome\":1,\"at\":5,\"took\":-1}", -CE_MISSING},
        {"{\"check\":\"00\",\"outcome\":1,\"at\":5}", -CE_SYNTAX},
        {"{" ID ",\"outcome\":1,\"at\":5,\"text\":\"\xFF\"}", -CE_SYNTAX},
        {"[1]", -CE_SYNTAX},
        {"", -CE_SYNTAX},
    };
    struct arena arena = ARENA_INIT(1 << 16);
    struct result_record x;

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(result_record_read(slice_str(rows[i].json), &arena, &x, NULL), rows[i].code, "%s",
               rows[i].json);
    arena_done(&arena);
}

int main(void)
{
    test_round();
    test_refusals();
    return tap_done();
}
