/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_BLOCK_WORDS_H
#define CANH_JOURNAL_BLOCK_WORDS_H
/*
 * The words and addresses of a block's records as hashes, each once: what its filter is made of
 * (filter.h says what they are). Pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/block.h"
#include "journal/cipher.h"

/* A word seen lately: it needs no hash. */
struct seen_word;

struct block_words {
    uint64_t *table; /* open addressing; 0 is an empty place */
    size_t size, count;
    struct seen_word *seen; /* or NULL: without memory */
    uint32_t block;         /* a number of the present one, for `seen` */
    const struct journal_cipher *cipher;
    bool failed; /* not all of them */
};

/* w is zeroed, or has the words of another block, whose memory it goes on with; to be ended with
 * block_words_done(), also when it failed. */
void block_words_of(struct block_words *w, const struct block *b, const struct journal_cipher *c);
void block_words_done(struct block_words *w);

#endif
