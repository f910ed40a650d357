/* SPDX-License-Identifier: Apache-2.0 */
#include "host_search.h"

#include <stdio.h>

/* More at once than are told one by one. */
static void find_many(const struct search_sink *sink)
{
    for (unsigned i = 10; i < 210; i++) {
        char offset[16];
        struct slice cells[] = {SLICE("record"), SLICE("1795305600000000000"),
                                SLICE_NULL,      SLICE("00"),
                                SLICE("00"),     SLICE("one of many")};

        (void)snprintf(offset, sizeof(offset), "%u", i);
        cells[2] = slice_str(offset);
        (void)sink->row(sink->u, cells, CANH_LEN(cells));
    }
}

static int search_begin(void *u, const struct state_actor *actor, struct slice act,
                        const struct control_args *args, const struct search_sink *sink,
                        struct search_call **ret, struct err *e)
{
    const struct slice cells[] = {SLICE("record"), SLICE("1795305600000000000"),
                                  SLICE("7"),      SLICE("00"),
                                  SLICE("00"),     SLICE("sshd[7]: <b>Failed</b> password")};

    /* what was asked comes back in the text */
    const struct slice asked[] = {SLICE("record"), SLICE("1795305600000000000"),
                                  SLICE("8"),      SLICE("00"),
                                  SLICE("00"),     control_text(args, "unit")};
    const struct slice hunted[] = {SLICE("record"), SLICE("1795305600000000000"),
                                   SLICE("9"),      SLICE("00"),
                                   SLICE("00"),     control_text(args, "rule")};
    const struct slice value[] = {SLICE("value"), SLICE("2"), SLICE("<host>")};
    const struct slice bin[] = {SLICE("bin"), control_text(args, "from"), SLICE("2")};
    const struct slice summary[] = {SLICE("summary"), SLICE("2"), SLICE("3")};
    bool broken = slice_is(control_text(args, "query"), "(");

    (void)u, (void)actor, (void)act, (void)ret, (void)e;
    if (control_text(args, "step").n) {
        (void)sink->row(sink->u, bin, CANH_LEN(bin));
        (void)sink->row(sink->u, summary, CANH_LEN(summary));
    } else {
        (void)sink->row(sink->u, cells, CANH_LEN(cells));
        (void)sink->row(sink->u, cells, CANH_LEN(cells));
        if (asked[5].n)
            (void)sink->row(sink->u, asked, CANH_LEN(asked));
        if (hunted[5].n)
            (void)sink->row(sink->u, hunted, CANH_LEN(hunted));
        if (control_text(args, "count_by").n)
            (void)sink->row(sink->u, value, CANH_LEN(value));
        if (slice_is(control_text(args, "query"), "many"))
            find_many(sink);
    }
    sink->end(sink->u, broken ? -CE_SYNTAX : 0, broken ? SLICE("ngoặc chưa đóng") : SLICE_NULL);
    return 0;
}

static void search_drop(void *u, struct search_call *look)
{
    (void)u, (void)look;
}

struct search_host host_search(void)
{
    return (struct search_host){.begin = search_begin, .drop = search_drop};
}
