/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a frame: it is refused, or it is as long as it says; its body is read in any order
 * of kinds without leaving it, and what was read back together is no longer than it.
 */
#include <stdlib.h>

#include "os/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take_none(void *u, struct frame *f, struct err *err)
{
    (void)u;
    (void)f;
    (void)err;
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = 1, .max = 16, .take = take_none},
    {.type = 2, .max = FRAME_MAX, .take = take_none},
};

static void read_body(struct slice body)
{
    struct frame_reader r = frame_reader(body);
    size_t read = 0;

    for (unsigned i = 0; !r.bad && i < 1000; i++) {
        uint8_t what = frame_get_u8(&r), bytes[7];
        struct slice s;

        read += 1;
        switch (what % 4) {
        case 0:
            (void)frame_get_u32(&r);
            read += 4;
            break;
        case 1:
            (void)frame_get_i64(&r);
            read += 8;
            break;
        case 2:
            s = frame_get_text(&r, 100);
            if (s.n > 100 || (s.n && (s.p < body.p || s.p + s.n > body.p + body.n)))
                abort();
            read += 4 + s.n;
            break;
        default:
            frame_get_bytes(&r, bytes, sizeof(bytes));
            read += sizeof(bytes);
        }
    }
    if (!r.bad && read + r.rest.n != body.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame f = {.fd_count = 0};
    const struct frame_rule *rule;

    if (frame_parse(slice_of(data, size), &f, NULL) < 0)
        return 0;
    if (f.body.n + FRAME_HEAD != size)
        abort();
    rule = frame_rule_for(rules, CANH_LEN(rules), &f);
    if (rule && (rule->type != f.type || f.body.n > rule->max))
        abort();
    read_body(f.body);
    return 0;
}
