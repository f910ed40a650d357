/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_KEY_H
#define CANH_JOURNAL_KEY_H
/*
 * Encryption at rest. A master key wraps one data key a file (segment or tail); data keys encrypt
 * (XChaCha20-Poly1305). A lost master key is lost data: it is printed once, for a safe.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum {
    JOURNAL_KEY_SIZE = 32,
    JOURNAL_KEY_ID_SIZE = 16,
    JOURNAL_WRAPPED_SIZE = 24 + 32 + 16, /* nonce, key, tag */
    JOURNAL_KEYS_MAX = 16,
    JOURNAL_SEAL_EXTRA = 24 + 16, /* what encryption adds: nonce and tag */
};

struct journal_key {
    uint8_t id[JOURNAL_KEY_ID_SIZE]; /* BLAKE2b of the key */
    uint8_t key[JOURNAL_KEY_SIZE];
};

/* A new random key. */
void journal_key_make(struct journal_key *ret);
void journal_key_wipe(struct journal_key *k);
/*
 * As text for key file and paper, one line: "canh-journal-1 " and groups of base 32 with a check
 * sum, so that a mistyped group is noticed. parse: -CE_SYNTAX says what is wrong.
 */
void journal_key_print(const struct journal_key *k, struct buf *out);
CANH_MUST_USE int journal_key_parse(struct slice text, struct journal_key *ret, struct err *err);

/* A node's keys: the one that wraps what is written from now on, then earlier ones, which open what
 * was written before. */
struct journal_keys {
    struct journal_key items[JOURNAL_KEYS_MAX];
    uint32_t count;
};
/* A key a line; err.line is the line that is none. */
CANH_MUST_USE int journal_keys_parse(struct slice text, struct journal_keys *ret, struct err *err);
void journal_keys_print(const struct journal_keys *k, struct buf *out);
void journal_keys_wipe(struct journal_keys *k);

#endif
