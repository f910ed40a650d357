/* SPDX-License-Identifier: Apache-2.0 */
/* Which value is shown beside what a rule asks for. */
#include "sigma/explain.h"

#include "decode/json/json.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);

/* What explain shows of field f = "x" in an event: "value (of N)", "absent", "null" or "group". */
static void shown_is(const char *event, const char *field, const char *want)
{
    const struct part part = {PART_TEXT, SLICE("x")};
    const struct atom atom = {.op = ATOM_PATTERN, .field = slice_str(field), .pattern = {&part, 1}};
    const struct expr expr = {.op = EXPR_ATOM, .atom = &atom};
    struct keys *keys = keys_new();
    struct json_decoder *d;
    const struct verdict *v = NULL;
    struct buf got = BUF_INIT(1000);
    uint8_t padded[1000] = {0};
    struct event e;

    memcpy(padded, event, strlen(event));
    if (keys_intern(keys, atom.field) == KEY_NONE ||
        (d = json_decoder_new(keys, &decode_default_limits)) == NULL ||
        json_decode(d, slice_of(padded, strlen(event)), &e, NULL) < 0 ||
        explain_expr(&arena, &expr, &e, keys, VIEW_CONDITION, &v) < 0) {
        ok(false, "no verdict");
        return;
    }
    if (!v->present)
        buf_puts(&got, "absent");
    else if (v->group || v->null)
        buf_puts(&got, v->group ? "group" : "null");
    else
        buf_append_slice(&got, v->value);
    buf_printf(&got, " (of %u)%s", v->values, v->holds ? ", holds" : "");
    is_str(buf_cstr(&got), want, "%s", event);
    buf_done(&got);
    (void)json_decoder_free(d);
    (void)keys_free(keys);
}

int main(void)
{
    shown_is("{\"a\":\"y\"}", "a", "y (of 1)");
    shown_is("{\"a\":[\"y\",\"x\"]}", "a", "x (of 2), holds");
    shown_is("{\"a\":[\"y\",\"z\"]}", "a", "y (of 2)");
    shown_is("{\"b\":1}", "a", "absent (of 0)");
    shown_is("{\"a\":null}", "a", "null (of 1)");
    shown_is("{\"a\":{\"b\":1}}", "a", "group (of 0)");
    shown_is("{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{\"Qualifiers\":0},"
             "\"#text\":12},\"Channel\":\"c\"}}}",
             "EventID", "12 (of 1)");
    arena_done(&arena);
    return tap_done();
}
