/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_FILTER_H
#define CANH_JOURNAL_FILTER_H
/*
 * Which words the records of a block may have, so that a search need not open the others: a
 * blocked Bloom filter, keyed, so that it tells nothing to who lacks the segment's key. It may say
 * yes wrongly, never no.
 *
 * A word is a longest run of A–Z a–z 0–9 _, of 2 to 128 bytes, in lower case. Besides, every
 * Internet address as ip_parse() reads it, whatever its spelling. A record with a backslash is also
 * read as if it were JSON text, with its escapes resolved, up to three times. Runs that touch a
 * byte above 0x7F are no words. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/slice.h"
#include "journal/block.h"
#include "journal/cipher.h"

enum {
    FILTER_LINE = 64, /* bytes; the last two check the others */
    FILTER_WORD_MIN = 2,
    FILTER_WORD_MAX = 128,
};

struct block_words;

/*
 * Appends the filter of a block's records. Nothing is appended where none can be made (a record
 * has characters that fold to ASCII, or NUL bytes): such a block may hold everything. w: memory
 * (block_words.h).
 */
void filter_write(struct block_words *w, const struct block *b, const struct journal_cipher *c,
                  struct buf *out);

/* The hash of a word, or of an address, under a segment's key. */
uint64_t filter_word(const struct journal_cipher *c, struct slice word);
uint64_t filter_ip(const struct journal_cipher *c, const struct ip *ip);
/* Offset of the line that decides about a hash, in a filter of this size (more than 0). */
size_t filter_line(size_t filter_size, uint64_t hash);
/* Whether the block may hold it. A damaged line may hold everything. */
bool filter_may_hold(const uint8_t line[FILTER_LINE], uint64_t hash);

/* Finds the next word of text from *at on (byte positions); false when there is none. */
bool filter_next_word(struct slice text, size_t *at, struct slice *ret);
/* The same for Internet addresses, whatever stands around them: 192.0.2.7:443, [2001:db8::7]. */
bool filter_next_ip(struct slice text, size_t *at, struct ip *ret);

#endif
