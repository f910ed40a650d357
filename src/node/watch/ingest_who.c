/* SPDX-License-Identifier: Apache-2.0 */
/* Who sends to the ingest port: the key that a request bears. */
#include <sodium.h>

#include "node/watch/ingest.h"

enum { CREDENTIALS_MAX = 512 };

/* id and secret out of what a scheme carries. */
static bool split_credentials(struct slice s, uint8_t id[16], struct slice *secret)
{
    size_t n;

    if (s.n < 34 || (s.p[32] != ':' && s.p[32] != '.'))
        return false;
    *secret = slice_from(s, 33);
    return sodium_hex2bin(id, 16, (const char *)s.p, 32, NULL, &n, NULL) == 0 && n == 16;
}

/* Authorization: ApiKey or Basic (base64 of ID:SECRET), Bearer (ID.SECRET, or the same base64). */
static bool credentials_of(struct slice header, uint8_t text[CREDENTIALS_MAX], uint8_t id[16],
                           struct slice *secret)
{
    size_t blank = slice_find_byte(header, ' '), n = 0;
    struct slice scheme = slice_head(header, blank == SIZE_MAX ? 0 : blank);
    struct slice rest = slice_trim(slice_from(header, CANH_MIN(scheme.n + 1, header.n)));

    if (slice_eq_nocase(scheme, SLICE("Bearer")) && split_credentials(rest, id, secret))
        return true;
    if (!slice_eq_nocase(scheme, SLICE("ApiKey")) && !slice_eq_nocase(scheme, SLICE("Basic")) &&
        !slice_eq_nocase(scheme, SLICE("Bearer")))
        return false;
    if (sodium_base642bin(text, CREDENTIALS_MAX, (const char *)rest.p, rest.n, "=", &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
        return false;
    return split_credentials(slice_of(text, n), id, secret);
}

const struct snapshot_source *ingest_who(struct http_exchange *x)
{
    const struct ingest_server *s = x->owner;
    uint8_t text[CREDENTIALS_MAX], id[16], hash[SNAPSHOT_CERT_AT];
    struct slice secret;

    if (!credentials_of(http_header(x, "Authorization"), text, id, &secret))
        return NULL;
    (void)crypto_generichash(hash, sizeof(hash), secret.p, secret.n, NULL, 0);
    for (uint32_t i = 0; i < s->watch->snapshot.source_count; i++) {
        const struct snapshot_source *y = &s->watch->snapshot.sources[i];

        if (memcmp(y->id, id, 16) == 0)
            return slice_is(y->transport, "http") && y->key_hash.n >= sizeof(hash) &&
                           sodium_memcmp(y->key_hash.p, hash, sizeof(hash)) == 0
                       ? y
                       : NULL;
    }
    return NULL;
}
