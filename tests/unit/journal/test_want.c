/* SPDX-License-Identifier: Apache-2.0 */
/* What is wanted of a block, written down and read again. */
#include "journal/predicate.h"

#include "base/err.h"
#include "tap.h"

static bool has_word(void *u, struct slice word)
{
    (void)u;
    return slice_is(word, "here");
}

static bool has_ip(void *u, const struct ip *ip)
{
    (void)u;
    return ip->bytes[0] == 192;
}

static int holds(struct slice term)
{
    struct predicate_ctx h = {.word = has_word, .ip = has_ip};

    return predicate_holds(term, &h);
}

static void test_terms(void)
{
    struct buf t = BUF_INIT(WANT_MAX);
    struct ip ip = {.bytes = {192, 0, 2, 1}};

    predicate_add_word(&t, SLICE("here"));
    is_int(holds(buf_slice(&t)), 1, "a word that is there");
    predicate_add_word(&t, SLICE("gone"));
    predicate_add_all(&t, 2);
    is_int(holds(buf_slice(&t)), 0, "and one that is not");
    predicate_add_ip(&t, &ip);
    predicate_add_any(&t, 2);
    is_int(holds(buf_slice(&t)), 1, "or an address");
    predicate_add_all(&t, 1);
    predicate_add_any(&t, 0);
    predicate_add_all(&t, 2);
    is_int(holds(buf_slice(&t)), 0, "any of nothing is not");
    buf_clear(&t);
    predicate_add_all(&t, 0);
    is_int(holds(buf_slice(&t)), 1, "all of nothing is");
    buf_clear(&t);
    predicate_add_word(&t, SLICE("x"));
    is_int(holds(buf_slice(&t)), 1, "a word that no filter knows may be anywhere");
    buf_done(&t);
}

static void test_bad(void)
{
    struct buf t = BUF_INIT(WANT_MAX);

    is_int(holds(SLICE("")), -CE_PEER, "no term");
    is_int(holds(SLICE("yy")), -CE_PEER, "two values");
    is_int(holds(SLICE("w\x09too")), -CE_PEER, "a word cut off");
    is_int(holds(SLICE("y&\x02\x00")), -CE_PEER, "more than there are");
    is_int(holds(SLICE("z")), -CE_PEER, "no operation");
    for (unsigned i = 0; i <= WANT_DEPTH_MAX; i++)
        predicate_add_true(&t);
    is_int(holds(buf_slice(&t)), -CE_PEER, "too deep");
    buf_done(&t);
}

int main(void)
{
    test_terms();
    test_bad();
    return tap_done();
}
