/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a search asks keep for (journal/predicate.h), and as a record whose names are
 * masked: both end, and something is left of the record.
 */
#include <stdlib.h>
#include <string.h>

#include "journal/predicate.h"
#include "search/mask.h"
#include "search/record_decoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool yes_word(void *u, struct slice word)
{
    (void)u;
    return word.n % 2;
}

static bool yes_ip(void *u, const struct ip *ip)
{
    (void)u;
    return ip->v6;
}

static void try_mask(struct slice raw)
{
    struct keys *keys = keys_new();
    struct mask *m = keys ? mask_new(keys, 7) : NULL;
    struct record_decoder d;
    struct buf once = BUF_INIT(1 << 24);

    if (m == NULL)
        abort();
    record_decoder_init(&d, keys, 1 << 20);
    buf_append_slice(&once, mask_text(m, raw,
                                      record_decode(&d, record_format(raw),
                                                    &(struct journal_record){.raw = raw})));
    if (raw.n && once.len == 0)
        abort();
    record_decoder_done(&d);
    m = mask_free(m);
    keys = keys_free(keys);
    buf_done(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct predicate_ctx h = {.word = yes_word, .ip = yes_ip};
    struct slice bytes = slice_of(data, size);

    (void)!predicate_holds(bytes, &h);
    if (size <= 1 << 16)
        try_mask(bytes);
    return 0;
}
