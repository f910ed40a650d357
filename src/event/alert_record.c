/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert_record.h"

#include <sodium.h>

#include "base/json_write.h"
#include "base/num.h"
#include "base/utf.h"
#include "lang/err_event.h"

static void hash_part(crypto_generichash_state *h, struct slice s)
{
    uint8_t n[8];

    for (unsigned i = 0; i < 8; i++)
        n[i] = (uint8_t)((uint64_t)s.n >> (8 * i));
    (void)crypto_generichash_update(h, n, sizeof(n));
    if (s.n)
        (void)crypto_generichash_update(h, s.p, s.n);
}

static void hash_number(crypto_generichash_state *h, uint64_t v)
{
    uint8_t n[8];

    for (unsigned i = 0; i < 8; i++)
        n[i] = (uint8_t)(v >> (8 * i));
    (void)crypto_generichash_update(h, n, sizeof(n));
}

void event_id(const uint8_t source[16], struct slice base, uint64_t at, uint8_t ret[16])
{
    crypto_generichash_state h;

    (void)crypto_generichash_init(&h, NULL, 0, 16);
    hash_part(&h, slice_of(source, 16));
    hash_part(&h, base);
    hash_number(&h, at);
    (void)crypto_generichash_final(&h, ret, 16);
}

/* The texts by name; id, numbers and flags stand apart. */
#define ALERT_TEXTS(X)                                                                             \
    X("rule", rule)                                                                                \
    X("title", title)                                                                              \
    X("about", about)                                                                              \
    X("host", host)                                                                                \
    X("user", user)                                                                                \
    X("address", address)                                                                          \
    X("event", event)                                                                              \
    X("stream", stream)                                                                            \
    X("asset", asset)                                                                              \
    X("suppression", suppression)

/* At most ALERT_RECORD_TEXT bytes, cut before a character. */
static struct slice text_cut(struct slice s)
{
    size_t n = CANH_MIN(s.n, (size_t)ALERT_RECORD_TEXT);

    if (n < s.n)
        while (n > 0 && (s.p[n] & 0xC0) == 0x80)
            n--;
    return slice_head(s, n);
}

static void put_text(struct json_write *w, const char *key, struct slice s)
{
    if (s.n == 0)
        return;
    json_key(w, key);
    json_text(w, text_cut(s));
}

void alert_record_write(struct buf *out, const struct alert_record *x)
{
    struct json_write w = JSON_WRITE_INIT(out);
    char id[2 * ALERT_ID_BYTES + 1];

    json_open(&w, '{');
    json_key(&w, "v");
    json_u64(&w, ALERT_RECORD_VERSION);
    json_key(&w, "id");
    json_text(&w, slice_str(sodium_bin2hex(id, sizeof(id), x->id, ALERT_ID_BYTES)));
#define PUT(key, field) put_text(&w, key, x->field);
    ALERT_TEXTS(PUT)
#undef PUT
    json_key(&w, "level");
    json_i64(&w, x->level);
    json_key(&w, "start");
    json_i64(&w, x->start);
    json_key(&w, "time");
    json_i64(&w, x->time);
    json_key(&w, "history");
    json_bool(&w, x->history);
    json_close(&w, '}');
}

/* -- reading --------------------------------------------------------------------------------- */

struct alert_reader {
    struct slice rest;
    struct arena *arena;
};

static void skip_blanks(struct alert_reader *r)
{
    while (r->rest.n && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t' || r->rest.p[0] == '\n' ||
                         r->rest.p[0] == '\r'))
        r->rest = slice_from(r->rest, 1);
}

static bool take(struct alert_reader *r, uint8_t c)
{
    skip_blanks(r);
    if (r->rest.n == 0 || r->rest.p[0] != c)
        return false;
    r->rest = slice_from(r->rest, 1);
    return true;
}

static bool hex4(struct slice s, uint32_t *ret)
{
    uint64_t v;

    if (s.n < 4 || num_hex(slice_head(s, 4), &v) < 0)
        return false;
    *ret = (uint32_t)v;
    return true;
}

/* The character of an escape that begins at s (behind the backslash); its length, or 0. */
static size_t unescape(struct slice s, uint32_t *ret)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = s.n && s.p[0] ? strchr(from, s.p[0]) : NULL;
    uint32_t high, low;

    if (at) {
        *ret = (uint8_t)to[at - from];
        return 1;
    }
    if (s.n == 0 || s.p[0] != 'u' || !hex4(slice_from(s, 1), &high))
        return 0;
    *ret = high;
    if (high < 0xD800 || high > 0xDFFF)
        return 5;
    if (high < 0xDC00 && s.n >= 11 && s.p[5] == '\\' && s.p[6] == 'u' &&
        hex4(slice_from(s, 7), &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return 11;
    }
    *ret = 0xFFFD;
    return 5;
}

static size_t encode(uint32_t c, uint8_t *to)
{
    if (c < 0x80) {
        to[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (uint8_t)(0xC0 | c >> 6);
        to[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (uint8_t)(0xE0 | c >> 12);
        to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | c >> 18);
    to[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

/* A string; its text in the arena (no longer than it is written). */
static int read_string(struct alert_reader *r, struct slice *ret)
{
    struct slice s = r->rest;
    uint8_t *to;
    size_t n = 0, i = 0;

    to = arena_alloc(r->arena, s.n + 1);
    if (to == NULL)
        return -CE_TOO_BIG;
    while (i < s.n && s.p[i] != '"') {
        uint32_t c;
        size_t k;

        if (s.p[i] < 0x20)
            return -CE_SYNTAX;
        if (s.p[i] != '\\') {
            to[n++] = s.p[i++];
            continue;
        }
        k = unescape(slice_from(s, i + 1), &c);
        if (k == 0)
            return -CE_SYNTAX;
        n += encode(c, to + n);
        i += 1 + k;
    }
    if (i >= s.n)
        return -CE_SYNTAX;
    r->rest = slice_from(s, i + 1);
    *ret = slice_of(to, n);
    return 0;
}

struct alert_value {
    bool is_text;
    struct slice text; /* of a string; else the number or word as it stands */
};

static int read_value(struct alert_reader *r, struct alert_value *ret)
{
    size_t n = 0;

    ret->is_text = take(r, '"');
    if (ret->is_text)
        return read_string(r, &ret->text);
    while (n < r->rest.n && r->rest.p[n] > 0x20 && r->rest.p[n] != ',' && r->rest.p[n] != '}' &&
           r->rest.p[n] != '{' && r->rest.p[n] != '[')
        n++;
    ret->text = slice_head(r->rest, n);
    r->rest = slice_from(r->rest, n);
    return n ? 0 : -CE_SYNTAX;
}

static int read_id(struct slice s, uint8_t to[ALERT_ID_BYTES])
{
    for (size_t i = 0; i < ALERT_ID_BYTES; i++) {
        uint64_t v;

        if (s.n != 2 * ALERT_ID_BYTES || num_hex(slice_of(s.p + 2 * i, 2), &v) < 0)
            return -CE_SYNTAX;
        to[i] = (uint8_t)v;
    }
    return 0;
}

static int take_field(struct alert_record *x, struct slice key, const struct alert_value *v,
                      unsigned *seen)
{
    int64_t n = 0;

#define TAKE(name, field)                                                                          \
    if (slice_is(key, name)) {                                                                     \
        x->field = v->text;                                                                        \
        return v->is_text && utf8_valid(v->text) ? 0 : -CE_SYNTAX;                                 \
    }
    ALERT_TEXTS(TAKE)
#undef TAKE
    if (slice_is(key, "id")) {
        *seen |= 1;
        return v->is_text ? read_id(v->text, x->id) : -CE_SYNTAX;
    }
    if (slice_is(key, "history")) {
        x->history = slice_is(v->text, "true");
        return 0;
    }
    if (v->is_text || num_i64(v->text, &n) < 0)
        n = -1;
    if (slice_is(key, "v"))
        return n >= 1 ? 0 : -CE_UNKNOWN;
    if (slice_is(key, "level")) {
        x->level = (int32_t)n;
        return n >= 1 && n <= 5 ? 0 : -CE_RANGE;
    }
    if (slice_is(key, "start"))
        x->start = n;
    if (slice_is(key, "time"))
        x->time = n;
    return 0;
}

int alert_record_read(struct slice json, struct arena *arena, struct alert_record *ret,
                      struct err *err)
{
    struct alert_reader r = {.rest = json, .arena = arena};
    struct alert_record x = {.level = 0};
    unsigned seen = 0;
    bool first = true;
    int code = 0;

    if (json.n > ALERT_RECORD_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_EVENT_ALERT_BYTES, json.n);
    if (!take(&r, '{'))
        return err_fail(err, CE_SYNTAX, ERR_EVENT_ALERT_NO_JSON_OBJECT);
    while (code == 0 && !take(&r, '}')) {
        struct alert_value v = {.is_text = false};
        struct slice key;

        code = (first || take(&r, ',')) && take(&r, '"') ? read_string(&r, &key) : -CE_SYNTAX;
        first = false;
        if (code == 0)
            code = take(&r, ':') ? read_value(&r, &v) : -CE_SYNTAX;
        if (code == 0)
            code = take_field(&x, key, &v, &seen);
    }
    skip_blanks(&r);
    if (code == 0 && r.rest.n)
        code = -CE_SYNTAX;
    if (code < 0)
        return err_fail(err, (enum ce) - code, ERR_EVENT_ALERT_CANNOT_READ);
    if (!seen || x.level == 0 || x.rule.n == 0)
        return err_fail(err, CE_MISSING, ERR_EVENT_ALERT_WITHOUT_ID_RULE_OR);
    *ret = x;
    return 0;
}
