/* SPDX-License-Identifier: Apache-2.0 */
/* What a file of suppressions may say, and what is wrong in one is told with its place. The whole
 * way through a scan is in tests/system/test_hunt.py. */
#include "detect/suppress.h"

#include "base/buf.h"
#include "base/time.h"
#include "tap.h"

#define TAIL "  owner: an\n  reason: known\n  until: 2026-03-01\n"

static int read_text(const char *text, struct suppressions *ret, struct err *err)
{
    static struct arena arena = ARENA_INIT(16 << 20);

    *err = ERR_INIT;
    return suppressions_read(slice_str(text), days_from_date(2026, 3, 1), &arena, ret, err);
}

static void refuses(const char *text, unsigned line)
{
    struct suppressions s;
    struct err err;

    ok(read_text(text, &s, &err) < 0, "%.40s", text);
    is_int(err.line, line, "line of %.40s", text);
}

/* As many as are allowed, and one more. */
static void test_many(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct suppressions s;
    struct err err;

    for (unsigned i = 0; i < SUPPRESSIONS_MAX; i++)
        buf_puts(&text, "- id: a\n  rule: x\n" TAIL);
    is_int(read_text(buf_cstr(&text), &s, &err), 0, "as many as are allowed");
    is_int(s.count, SUPPRESSIONS_MAX, "all of them");
    buf_puts(&text, "- id: a\n  rule: x\n" TAIL);
    ok(read_text(buf_cstr(&text), &s, &err) < 0, "one more");
    buf_done(&text);
}

int main(void)
{
    struct suppressions s;
    struct err err;

    is_int(read_text("- id: a\n  rule: x\n" TAIL "- id: b\n  entity: pc1\n" TAIL, &s, &err), 0,
           "read");
    is_int(s.count, 2, "two");
    is_slice(s.items[1].entity, SLICE("pc1"), "entity");
    ok(!s.items[0].ended, "the last day is inside");
    is_int(read_text("- id: a\n  rule: x\n  owner: an\n  reason: known\n  until: 2026-02-28\n", &s,
                     &err),
           0, "an old one");
    ok(s.items[0].ended, "has ended");
    is_int(read_text("", &s, &err), 0, "none");
    is_int(s.count, 0, "none");
    refuses("id: a\n", 1);
    refuses("- id: a\n" TAIL, 1);
    refuses("- id: a\n  rule: x\n  owner: an\n  until: 2026-03-01\n", 1);
    refuses("- id: a\n  field: x\n" TAIL, 1);
    refuses("- id: a\n  rule: x\n  entitty: y\n" TAIL, 3);
    refuses("- id: a\n  rule: x\n  owner: an\n  reason: r\n  until: soon\n", 5);
    test_many();
    return tap_done();
}
