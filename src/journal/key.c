/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/key.h"

#include "lang/err_journal.h"

#include <sodium.h>

#define KEY_PREFIX "canh-journal-1"

/* Without the letters that are taken for digits (Crockford). */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { CHECK_SIZE = 3, TEXT_SIZE = JOURNAL_KEY_SIZE + CHECK_SIZE, GROUP_SIZE = 7 };

static void set_id(struct journal_key *k)
{
    (void)crypto_generichash(k->id, sizeof(k->id), k->key, sizeof(k->key),
                             (const uint8_t *)KEY_PREFIX, sizeof(KEY_PREFIX) - 1);
}

void journal_key_make(struct journal_key *ret)
{
    randombytes_buf(ret->key, sizeof(ret->key));
    set_id(ret);
}

void journal_key_wipe(struct journal_key *k)
{
    sodium_memzero(k, sizeof(*k));
}

/* The key and the check sum behind it: 35 bytes are 56 letters. */
static void with_check(const struct journal_key *k, uint8_t ret[TEXT_SIZE])
{
    uint8_t sum[crypto_generichash_BYTES];

    memcpy(ret, k->key, JOURNAL_KEY_SIZE);
    (void)crypto_generichash(sum, sizeof(sum), k->key, sizeof(k->key), NULL, 0);
    memcpy(ret + JOURNAL_KEY_SIZE, sum, CHECK_SIZE);
    sodium_memzero(sum, sizeof(sum));
}

void journal_key_print(const struct journal_key *k, struct buf *out)
{
    uint8_t bytes[TEXT_SIZE];
    uint32_t bits = 0;
    unsigned have = 0, letters = 0;

    with_check(k, bytes);
    buf_puts(out, KEY_PREFIX);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bits = bits << 8 | bytes[i];
        for (have += 8; have >= 5; have -= 5) {
            if (letters++ % GROUP_SIZE == 0)
                buf_putc(out, ' ');
            buf_putc(out, (uint8_t)alphabet[bits >> (have - 5) & 31]);
        }
    }
    buf_putc(out, '\n');
    sodium_memzero(bytes, sizeof(bytes));
}

static int letter_value(uint8_t c)
{
    const char *at;

    if (c >= 'a' && c <= 'z')
        c = (uint8_t)(c - 'a' + 'A');
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

static int parse_letters(struct slice text, uint8_t ret[TEXT_SIZE], struct err *err)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        int v;

        if (text.p[i] == ' ' || text.p[i] == '-')
            continue;
        v = letter_value(text.p[i]);
        if (v < 0)
            return err_fail(err, CE_SYNTAX, ERR_JOURNAL_LETTER_KEY_NONE_KEYS_HAVE, i + 1);
        bits = bits << 5 | (uint32_t)v;
        have += 5;
        if (have < 8)
            continue;
        have -= 8;
        if (n == TEXT_SIZE)
            return err_fail(err, CE_SYNTAX, ERR_JOURNAL_KEY_TOO_LONG);
        ret[n++] = (uint8_t)(bits >> have);
    }
    return n == TEXT_SIZE ? 0 : err_fail(err, CE_SYNTAX, ERR_JOURNAL_KEY_TOO_SHORT);
}

int journal_key_parse(struct slice text, struct journal_key *ret, struct err *err)
{
    uint8_t bytes[TEXT_SIZE], again[TEXT_SIZE];
    int r;

    text = slice_trim(text);
    if (!slice_starts(text, SLICE(KEY_PREFIX " ")))
        return err_fail(err, CE_SYNTAX, ERR_JOURNAL_KEY_BEGINS, KEY_PREFIX);
    r = parse_letters(slice_from(text, sizeof(KEY_PREFIX)), bytes, err);
    if (r == 0) {
        memcpy(ret->key, bytes, JOURNAL_KEY_SIZE);
        set_id(ret);
        with_check(ret, again);
        if (memcmp(bytes, again, TEXT_SIZE) != 0)
            r = err_fail(err, CE_SYNTAX, ERR_JOURNAL_KEY_MISTYPED_LETTER);
    }
    sodium_memzero(bytes, sizeof(bytes));
    sodium_memzero(again, sizeof(again));
    return r;
}

int journal_keys_parse(struct slice text, struct journal_keys *ret, struct err *err)
{
    struct slice line;
    unsigned number = 0;
    int r = 0;

    ret->count = 0;
    while (r == 0 && slice_cut(&text, '\n', &line)) {
        number++;
        if (slice_trim(line).n == 0)
            continue;
        if (ret->count == JOURNAL_KEYS_MAX)
            return err_fail(err, CE_TOO_BIG, ERR_JOURNAL_TOO_MANY_KEYS, JOURNAL_KEYS_MAX);
        r = journal_key_parse(slice_trim(line), &ret->items[ret->count], err);
        ret->count += r == 0;
    }
    if (r < 0 && err)
        err->line = number;
    if (r == 0 && ret->count == 0)
        return err_fail(err, CE_SYNTAX, ERR_JOURNAL_KEY_BEGINS, KEY_PREFIX);
    return r;
}

void journal_keys_print(const struct journal_keys *k, struct buf *out)
{
    for (uint32_t i = 0; i < k->count; i++)
        journal_key_print(&k->items[i], out);
}

void journal_keys_wipe(struct journal_keys *k)
{
    sodium_memzero(k, sizeof(*k));
}
