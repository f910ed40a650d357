/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The query language: whatever parses runs on a record, and a filter that holds every word of the
 * record never rules out a query that matches it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/time.h"
#include "event/keys.h"
#include "journal/filter.h"
#include "search/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_word(void *ctx, struct slice word)
{
    const struct slice *raw = ctx;
    struct slice w;
    size_t at = 0;

    while (filter_next_word(*raw, &at, &w))
        if (slice_eq_nocase(w, word))
            return true;
    return false;
}

static bool has_address(void *ctx, const struct cidr *host)
{
    const struct slice *raw = ctx;
    size_t at = 0;
    struct ip ip;

    while (filter_next_ip(*raw, &at, &ip))
        if (ip_in_net(&ip, host->address, host->bits, host->v6))
            return true;
    return false;
}

/* The query itself is the record's text: much of it matches. */
static void run(const struct query *q, struct slice raw)
{
    struct query_prune prune = {.word = has_word, .address = has_address, .ctx = &raw};
    struct keys *keys = keys_new();
    struct query_matcher *m = NULL;

    if (keys && query_intern(q, keys) == 0 && query_matcher_new(q, keys, &m, NULL) == 0 &&
        query_matches(m, raw, NULL, NULL) && !query_can_match(q, &prune))
        abort();
    m = query_matcher_free(m);
    keys = keys_free(keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(16 * 1024 * 1024);
    struct slice text = slice_of(data, size);
    struct query q;

    if (query_parse(text, 7 * 3600, &arena, &q, NULL) == 0)
        run(&q, text);
    arena_done(&arena);
    return 0;
}
