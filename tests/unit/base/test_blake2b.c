/* SPDX-License-Identifier: Apache-2.0 */
#include "base/blake2b.h"

#include <sodium.h>

#include "tap.h"

static bool same(struct slice s, size_t step)
{
    uint8_t ours[BLAKE2B_BYTES], theirs[BLAKE2B_BYTES];
    struct blake2b b;

    blake2b_init(&b);
    for (size_t at = 0; at < s.n; at += step)
        blake2b_update(&b, slice_head(slice_from(s, at), step));
    blake2b_final(&b, ours);
    return crypto_generichash_blake2b(theirs, sizeof(theirs), s.p, s.n, NULL, 0) == 0 &&
           memcmp(ours, theirs, sizeof(ours)) == 0;
}

int main(void)
{
    static uint8_t text[1000];
    bool whole = true, parts = true;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t n = 0; n <= sizeof(text); n++) {
        whole &= same(slice_of(text, n), n + 1);
        parts &= same(slice_of(text, n), n % 150 + 1);
    }
    ok(whole, "the same as libsodium for every length");
    ok(parts, "and in parts");
    return tap_done();
}
