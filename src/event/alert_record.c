/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert_record.h"

#include <sodium.h>

#include "base/hex.h"
#include "base/json_flat.h"
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
    X("title_vi", title_vi)                                                                        \
    X("advice", advice)                                                                            \
    X("advice_vi", advice_vi)                                                                      \
    X("about", about)                                                                              \
    X("host", host)                                                                                \
    X("user", user)                                                                                \
    X("address", address)                                                                          \
    X("event", event)                                                                              \
    X("stream", stream)                                                                            \
    X("asset", asset)                                                                              \
    X("suppression", suppression)

static void write_text(struct json_write *w, const char *key, struct slice s)
{
    if (s.n == 0)
        return;
    json_key(w, key);
    json_text(w, slice_head_utf8(s, ALERT_RECORD_TEXT));
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
#define PUT(key, field) write_text(&w, key, x->field);
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

struct read_ctx {
    struct alert_record x;
    bool identified;
};

static int read_field(void *u, struct slice key, const struct json_value *v)
{
    struct read_ctx *r = u;
    struct alert_record *x = &r->x;
    int64_t n = 0;
    bool number;

#define TAKE(name, field)                                                                          \
    if (slice_is(key, name)) {                                                                     \
        x->field = v->text;                                                                        \
        return v->is_text && utf8_valid(v->text) ? 0 : -CE_SYNTAX;                                 \
    }
    ALERT_TEXTS(TAKE)
#undef TAKE
    if (slice_is(key, "id")) {
        r->identified = true;
        return v->is_text && hex_get(v->text, x->id, ALERT_ID_BYTES) ? 0 : -CE_SYNTAX;
    }
    if (slice_is(key, "history")) {
        x->history = slice_is(v->text, "true");
        return 0;
    }
    number = !v->is_text && num_i64(v->text, &n) == 0;
    if (slice_is(key, "v"))
        return number && n >= 1 ? 0 : -CE_UNKNOWN;
    if (slice_is(key, "level")) {
        x->level = number && n >= 1 && n <= 5 ? (int32_t)n : 0;
        return x->level > 0 ? 0 : -CE_RANGE;
    }
    if (slice_is(key, "start"))
        x->start = n;
    else if (slice_is(key, "time"))
        x->time = n;
    else
        return 0; /* of a later version */
    return number ? 0 : -CE_SYNTAX;
}

int alert_record_read(struct slice json, struct arena *arena, struct alert_record *ret,
                      struct err *err)
{
    struct read_ctx r = {.identified = false};
    int code;

    if (json.n > ALERT_RECORD_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_EVENT_ALERT_BYTES, json.n);
    code = json_flat_read(json, arena, read_field, &r);
    if (code < 0)
        return err_fail(err, (enum ce) - code, ERR_EVENT_ALERT_CANNOT_READ);
    if (!r.identified || r.x.level == 0 || r.x.rule.n == 0)
        return err_fail(err, CE_MISSING, ERR_EVENT_ALERT_WITHOUT_ID_RULE_OR);
    *ret = r.x;
    return 0;
}
