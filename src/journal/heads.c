/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/json_write.h"
#include "journal/care.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

static const char label[] = "canh journal head";
static const char signature_key[] = ",\"signature\":\"";

static void signing_key(const struct journal_key *k, uint8_t public_key[crypto_sign_PUBLICKEYBYTES],
                        uint8_t secret[crypto_sign_SECRETKEYBYTES])
{
    uint8_t seed[crypto_sign_SEEDBYTES];

    (void)crypto_generichash(seed, sizeof(seed), (const uint8_t *)label, sizeof(label) - 1, k->key,
                             sizeof(k->key));
    (void)crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_memzero(seed, sizeof(seed));
}

static void write_stream(struct json_write *w, const struct stream *s)
{
    json_open(w, '{');
    json_key(w, "stream");
    json_text(w, slice_str(s->name));
    json_key(w, "removed_until");
    json_u64(w, s->removed.first);
    json_key(w, "sealed");
    json_u64(w, s->sealed);
    json_hash(w, "hash", s->hash);
    json_close(w, '}');
}

static void write_signature(const struct journal_key *k, struct buf *out, size_t from)
{
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    uint8_t signature[crypto_sign_BYTES];
    char text[2 * crypto_sign_BYTES + 1];

    signing_key(k, public_key, secret);
    (void)crypto_sign_detached(signature, NULL, out->p + from, out->len - from, secret);
    sodium_memzero(secret, sizeof(secret));
    buf_puts(out, signature_key);
    buf_puts(out, sodium_bin2hex(text, sizeof(text), signature, sizeof(signature)));
    buf_puts(out, "\",\"key\":\"");
    buf_puts(out, sodium_bin2hex(text, sizeof(text), public_key, sizeof(public_key)));
    buf_putc(out, '"');
}

int journal_heads(struct journal *j, int64_t now, struct buf *out, struct err *err)
{
    struct json_write w = JSON_WRITE_INIT(out);
    char id[2 * JOURNAL_ID_SIZE + 1];
    size_t from = out->len;
    int r = j->options.read_only ? 0 : offsets_write(j, now, err);

    if (r < 0)
        return r;
    json_open(&w, '{');
    json_key(&w, "journal");
    json_text(&w, slice_str(sodium_bin2hex(id, sizeof(id), j->id, sizeof(j->id))));
    json_key(&w, "time");
    json_time(&w, now);
    json_key(&w, "streams");
    json_open(&w, '[');
    for (uint32_t i = 0; i < j->stream_count; i++)
        write_stream(&w, j->streams[i]);
    json_close(&w, ']');
    if (out->err == 0 && j->options.key_count)
        write_signature(&j->options.keys[0], out, from);
    json_close(&w, '}');
    return out->err != 0 ? err_code(err, out->err) : 0;
}

static bool is_signed_by(struct slice text, size_t at, const struct journal_key *key)
{
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    struct slice hex =
        slice_head(slice_from(text, at + sizeof(signature_key) - 1), (size_t)2 * crypto_sign_BYTES);
    uint8_t signature[crypto_sign_BYTES];
    size_t n = 0;

    signing_key(key, public_key, secret);
    sodium_memzero(secret, sizeof(secret));
    return sodium_hex2bin(signature, sizeof(signature), (const char *)hex.p, hex.n, NULL, &n,
                          NULL) == 0 &&
           n == sizeof(signature) &&
           crypto_sign_verify_detached(signature, text.p, at, public_key) == 0;
}

static int check_signature(struct slice text, const struct journal_keys *keys, struct err *err)
{
    size_t at = slice_find(text, slice_str(signature_key));

    if (at == SIZE_MAX)
        return err_fail(err, CE_MISSING, ERR_JOURNAL_HEADS_NOT_SIGNED);
    for (uint32_t i = 0; i < keys->count; i++)
        if (is_signed_by(text, at, &keys->items[i]))
            return 0;
    return err_fail(err, CE_CORRUPT, ERR_JOURNAL_HEADS_NOT_SIGNED_BY_THIS);
}

/* The hash of the block that ends before this offset. 1; 0: it is not there any more. */
static int hash_before(struct journal *j, const struct stream *s, uint64_t offset,
                       uint8_t ret[JOURNAL_HASH_SIZE], struct err *err)
{
    struct view v;
    int r;

    if (offset <= s->removed.first) {
        memcpy(ret, s->removed.hash, JOURNAL_HASH_SIZE);
        return offset == s->removed.first && offset > 0;
    }
    if (offset > s->sealed)
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_HAD_RECORDS, s->name, offset);
    view_init(&v);
    r = view_open(j, s, offset - 1, &v, err);
    if (r == 1)
        r = view_find(j, s, &v, offset - 1, err);
    memcpy(ret, v.block.hash, JOURNAL_HASH_SIZE);
    redaction_original(j, ret);
    view_done(&v);
    return r;
}

/* The stream's entry as it was written must be one that the journal's chain went through. */
static int check_stream(struct journal *j, const struct stream *s, struct slice text,
                        struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf name = BUF_INIT(256), wanted = BUF_INIT(256);
    uint8_t hash[JOURNAL_HASH_SIZE];
    struct json_write w = JSON_WRITE_INIT(&wanted);
    uint64_t sealed = 0;
    size_t at;
    int r;

    buf_printf(&name, "{\"stream\":\"%s\",", s->name);
    at = slice_find(text, buf_slice(&name));
    if (at == SIZE_MAX)
        return 0; /* the stream is younger */
    text = slice_from(text, at);
    at = slice_find(text, SLICE("\"sealed\":"));
    text = slice_from(text, at == SIZE_MAX ? text.n : at + sizeof("\"sealed\":") - 1);
    for (at = 0; at < CANH_MIN(text.n, (size_t)19) && ascii_is_digit(text.p[at]); at++)
        sealed = sealed * 10 + (text.p[at] - '0');
    r = hash_before(j, s, sealed, hash, err);
    if (r != 1)
        return r;
    json_hash(&w, "hash", hash);
    text = slice_from(text, at + 1);
    return slice_starts(text, buf_slice(&wanted))
               ? 0
               : err_fail(err, CE_CORRUPT, ERR_JOURNAL_WAS_ANOTHER_BEFORE_RECORD, s->name, sealed);
}

int journal_heads_check(struct journal *j, struct slice text, const struct journal_keys *keys,
                        struct err *err)
{
    int r = keys ? check_signature(text, keys, err) : 0;

    for (uint32_t i = 0; r == 0 && j && i < j->stream_count; i++)
        r = check_stream(j, j->streams[i], text, err);
    return r;
}
