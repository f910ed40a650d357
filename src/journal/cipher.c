/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/cipher.h"

#include <sodium.h>

enum {
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_SIZE = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

static const uint8_t filter_label[] = "canh journal filter";

static void set_filter_key(struct journal_cipher *c)
{
    (void)crypto_generichash(c->filter_key, sizeof(c->filter_key), filter_label,
                             sizeof(filter_label) - 1, c->key, sizeof(c->key));
}

void cipher_plain(struct journal_cipher *ret)
{
    *ret = (struct journal_cipher){.kind = CIPHER_NONE};
    set_filter_key(ret);
}

static void journal_cipher_seal(const uint8_t key[JOURNAL_KEY_SIZE], struct slice ad,
                                struct slice piece, uint8_t *to)
{
    randombytes_buf(to, NONCE_SIZE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(to + NONCE_SIZE, NULL, piece.p, piece.n, ad.p,
                                                     ad.n, NULL, to, key);
}

static bool open_piece(const uint8_t key[JOURNAL_KEY_SIZE], struct slice ad, struct slice stored,
                       uint8_t *to)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(to, NULL, NULL, stored.p + NONCE_SIZE,
                                                      stored.n - NONCE_SIZE, ad.p, ad.n, stored.p,
                                                      key) == 0;
}

void cipher_wrap(const struct journal_key *master, struct slice ad, const struct journal_cipher *c,
                 uint8_t ret_wrapped[JOURNAL_WRAPPED_SIZE])
{
    journal_cipher_seal(master->key, ad, slice_of(c->key, sizeof(c->key)), ret_wrapped);
}

void cipher_make(const struct journal_key *master, struct slice ad, struct journal_cipher *ret,
                 uint8_t ret_wrapped[JOURNAL_WRAPPED_SIZE])
{
    *ret = (struct journal_cipher){.kind = CIPHER_XCHACHA20_POLY1305};
    randombytes_buf(ret->key, sizeof(ret->key));
    set_filter_key(ret);
    cipher_wrap(master, ad, ret, ret_wrapped);
}

bool cipher_unwrap(const struct journal_key *master, struct slice ad,
                   const uint8_t wrapped[JOURNAL_WRAPPED_SIZE], struct journal_cipher *ret)
{
    *ret = (struct journal_cipher){.kind = CIPHER_XCHACHA20_POLY1305};
    if (!open_piece(master->key, ad, slice_of(wrapped, JOURNAL_WRAPPED_SIZE), ret->key))
        return false;
    set_filter_key(ret);
    return true;
}

void cipher_wipe(struct journal_cipher *c)
{
    sodium_memzero(c, sizeof(*c));
}

size_t cipher_size(const struct journal_cipher *c, size_t n)
{
    return c->kind == CIPHER_NONE ? n : n + JOURNAL_SEAL_EXTRA;
}

void cipher_seal(const struct journal_cipher *c, struct slice ad, struct slice piece,
                 struct buf *out)
{
    uint8_t *to;

    if (c->kind == CIPHER_NONE) {
        buf_append_slice(out, piece);
        return;
    }
    to = buf_reserve(out, piece.n + JOURNAL_SEAL_EXTRA);
    if (to == NULL)
        return;
    journal_cipher_seal(c->key, ad, piece, to);
    out->len += piece.n + JOURNAL_SEAL_EXTRA;
}

bool cipher_open(const struct journal_cipher *c, struct slice ad, struct slice stored,
                 struct buf *out, struct slice *ret)
{
    uint8_t *to;
    size_t n;

    if (c->kind == CIPHER_NONE) {
        *ret = stored;
        return true;
    }
    if (stored.n < JOURNAL_SEAL_EXTRA)
        return false;
    n = stored.n - JOURNAL_SEAL_EXTRA;
    to = buf_reserve(out, n);
    if (to == NULL && n > 0)
        return false;
    if (!open_piece(c->key, ad, stored, to))
        return false;
    out->len += n;
    *ret = slice_of(to, n);
    return true;
}

void journal_hash(struct slice a, struct slice b, uint8_t ret[JOURNAL_HASH_SIZE])
{
    crypto_generichash_state state;

    (void)crypto_generichash_init(&state, NULL, 0, JOURNAL_HASH_SIZE);
    (void)crypto_generichash_update(&state, a.p, a.n);
    (void)crypto_generichash_update(&state, b.p, b.n);
    (void)crypto_generichash_final(&state, ret, JOURNAL_HASH_SIZE);
}
