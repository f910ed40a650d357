/* SPDX-License-Identifier: Apache-2.0 */
#include "net/body.h"

#include "base/err.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);

static int parse(const char *s, struct uri_pairs *ret)
{
    arena_clear(&arena);
    return body_json_parse(slice_str(s), &arena, ret);
}

int main(void)
{
    static const char *const bad[] = {"",
                                      "[]",
                                      "{",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{\"a\":[]}",
                                      "{\"a\":{}}",
                                      "{'a':1}",
                                      "{\"a\":1}x",
                                      "{\"a\":tru}",
                                      "{\"a\":+1}",
                                      "{\"a\":.5}",
                                      "{\"a\":\"\n\"}",
                                      "{\"a\":\"\\x\"}",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"a\":\"\\u12\"}",
                                      "{\"a\":\"\\ud800\"}",
                                      "{\"a\":\"\\udc00\"}",
                                      "{\"a\":\"\\u0000\"}",
                                      "{\"a\":\"\xff\"}",
                                      "{\"a\":\"b"};
    struct uri_pairs p;

    is_int(parse(" { \"a\" : \"\\u0110\\ud83d\\ude00\\n\" , \"n\":-1.5e3,\"t\":true,\"z\":null } ",
                 &p),
           0, "a flat object");
    is_slice(uri_pairs_get(&p, "a"), SLICE("Đ😀\n"), "its escapes");
    is_slice(uri_pairs_get(&p, "n"), SLICE("-1.5e3"), "its numbers as written");
    is_slice(uri_pairs_get(&p, "t"), SLICE("true"), "true");
    is_slice(uri_pairs_get(&p, "z"), SLICE(""), "null is empty");
    is_int(parse("{}", &p), 0, "an empty one");
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        ok(parse(bad[i], &p) < 0, "refused: %s", bad[i]);
    arena_done(&arena);
    return tap_done();
}
