/* SPDX-License-Identifier: Apache-2.0 */
#include "state/id.h"

#include "base/err.h"
#include "tap.h"

int main(void)
{
    struct state_id a = id_new(), b = id_new(), c;
    struct buf text = BUF_INIT(100);

    ok(!id_eq(a, b) && !id_is_none(a), "two new identities differ");
    id_write(&text, a);
    is_int(text.len, STATE_ID_TEXT, "the text has its length");
    ok(id_parse(buf_slice(&text), &c) == 0 && id_eq(a, c), "text and back");
    is_int(id_parse(SLICE("00112233445566778899aabbccddeef"), &c), -CE_SYNTAX, "too short");
    is_int(id_parse(SLICE("00112233445566778899aabbccddeefg"), &c), -CE_SYNTAX, "no hexadecimal");
    ok(id_eq(id_derive(a, SLICE("x")), id_derive(a, SLICE("x"))), "derived twice is the same");
    ok(!id_eq(id_derive(a, SLICE("x")), id_derive(b, SLICE("x"))), "inside another: another");
    ok(!id_eq(id_derive(a, SLICE("x")), id_derive(a, SLICE("y"))), "another name: another");
    buf_done(&text);
    return tap_done();
}
