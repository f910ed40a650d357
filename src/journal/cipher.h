/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_CIPHER_H
#define CANH_JOURNAL_CIPHER_H
/*
 * The data key of one file, and what is done with it: pieces sealed and opened, bytes hashed.
 * libsodium; nonces are random, 24 bytes, so that no counter has to survive a crash.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "journal/key.h"
#include "journal/record.h"

enum { CIPHER_NONE = 0, CIPHER_XCHACHA20_POLY1305 = 1, FILTER_KEY_SIZE = 16 };

struct journal_cipher {
    uint8_t kind; /* CIPHER_* */
    uint8_t key[JOURNAL_KEY_SIZE];
    uint8_t filter_key[FILTER_KEY_SIZE];
};

/* A plain one: pieces are stored as they are. */
void cipher_plain(struct journal_cipher *ret);
/* A new random data key, wrapped by the master key. */
void cipher_make(const struct journal_key *master, struct slice ad, struct journal_cipher *ret,
                 uint8_t ret_wrapped[JOURNAL_WRAPPED_SIZE]);
/* Wraps a data key by another master key. */
void cipher_wrap(const struct journal_key *master, struct slice ad, const struct journal_cipher *c,
                 uint8_t ret_wrapped[JOURNAL_WRAPPED_SIZE]);
/* The data key again; false when it was wrapped by another key or for another file. */
CANH_MUST_USE bool cipher_unwrap(const struct journal_key *master, struct slice ad,
                                 const uint8_t wrapped[JOURNAL_WRAPPED_SIZE],
                                 struct journal_cipher *ret);
void cipher_wipe(struct journal_cipher *c);

/* Bytes that a piece of n takes when stored. */
size_t cipher_size(const struct journal_cipher *c, size_t n);
/* Appends the piece as stored. */
void cipher_seal(const struct journal_cipher *c, struct slice ad, struct slice piece,
                 struct buf *out);
/*
 * The piece of stored bytes: borrowed where they are plain, else appended to out. false when they
 * are not what was sealed, or memory is out (then out->err says so).
 */
CANH_MUST_USE bool cipher_open(const struct journal_cipher *c, struct slice ad, struct slice stored,
                               struct buf *out, struct slice *ret);

/* BLAKE2b-256 over two slices, one after the other. */
void journal_hash(struct slice a, struct slice b, uint8_t ret[JOURNAL_HASH_SIZE]);

#endif
