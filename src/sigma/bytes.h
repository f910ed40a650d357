/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_BYTES_H
#define CANH_SIGMA_BYTES_H
/*
 * What the engine does with every byte of a value or a record: folding, searching, sieving. Written
 * once (bytes_hot.h) and compiled for several processors; bytes_best() takes the newest that this
 * machine has. All of them give the same results.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

/* Bytes behind a destination that may be overwritten, and behind a searched text that are read. */
enum { BYTES_SLACK = 64 };

/*
 * Which places of a text may begin one of a few grams: for each of the gram's bytes and each of
 * its two halves, a bit for every bucket of grams that allows it there ("Teddy", from Hyperscan).
 */
enum { PREFILTER_WIDTH = 4, PREFILTER_BUCKETS = 8 };

struct prefilter {
    uint8_t low[PREFILTER_WIDTH][16], high[PREFILTER_WIDTH][16];
    unsigned width; /* how many of the places are looked at: 2, or PREFILTER_WIDTH */
    /*
     * Paired, of width 2: of what passes, only pairs of bytes that these tell, by the lower half
     * of the first one. Bytes in them have bit 0x20 set, whatever the text; firsts are ASCII, or 0.
     */
    bool paired;
    uint8_t first[16], second[16];
};

/* One place that passed, and the buckets it passed for. True ends the search. */
typedef bool prefilter_fn(void *ctx, const uint8_t *at, unsigned buckets);

struct bytes {
    /*
     * Folds ASCII to `to` (n + BYTES_SLACK bytes) and tells how many bytes came out. False where
     * text is not ASCII, or an escape stands for more than one ASCII character.
     */
    bool (*fold_plain)(struct slice s, uint8_t *to);
    bool (*fold_json)(struct slice s, uint8_t *to, size_t *ret_n);
    bool (*fold_utf16)(struct slice s, uint8_t *to);
    bool (*same)(const uint8_t *a, const uint8_t *b, size_t n);
    /* True when needle stands somewhere in s, behind which BYTES_SLACK bytes can be read. */
    bool (*find)(struct slice s, struct slice needle);
    /*
     * Calls pass for every place of s that the prefilter lets through until it returns true, and
     * returns that; reads BYTES_SLACK + PREFILTER_WIDTH - 1 bytes behind s. *ret_leads, otherwise:
     * among s and the PREFILTER_WIDTH - 1 bytes behind it some may begin one of the two characters
     * beyond ASCII that fold to ASCII (U+017F and U+212A).
     */
    bool (*scan)(const struct prefilter *f, struct slice s, prefilter_fn *pass, void *ctx,
                 bool *ret_leads);
};

/* How many levels this machine can run, from 1; and the operations of a level below that. */
unsigned bytes_levels(void);
const struct bytes *bytes_level(unsigned level);

const struct bytes *bytes_best(void);

extern const struct bytes bytes_base, bytes_v3, bytes_v4;

#endif
