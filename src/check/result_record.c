/* SPDX-License-Identifier: Apache-2.0 */
#include "check/result_record.h"

#include "base/hex.h"
#include "base/json_flat.h"
#include "base/json_write.h"
#include "base/num.h"
#include "base/utf.h"
#include "lang/err_check.h"

enum { DECIMALS = 6, STATION_MAX = 255 };

void result_record_write(struct buf *out, const struct result_record *x)
{
    struct json_write w = JSON_WRITE_INIT(out);
    char id[2 * CHECK_ID_BYTES];

    hex_write(id, x->check, CHECK_ID_BYTES);
    json_open(&w, '{');
    json_key(&w, "v");
    json_u64(&w, RESULT_RECORD_VERSION);
    json_key(&w, "check");
    json_text(&w, slice_of((const uint8_t *)id, sizeof(id)));
    json_key(&w, "outcome");
    json_u64(&w, x->outcome);
    json_key(&w, "at");
    json_i64(&w, x->at);
    json_key(&w, "took");
    json_i64(&w, x->took);
    json_key(&w, "value");
    json_decimal(&w, x->value, DECIMALS);
    json_optional(&w, "text", x->text);
    json_optional(&w, "station", x->station);
    json_close(&w, '}');
}

struct record_reader {
    struct result_record x;
    bool identified, timed;
};

static int read_text(const struct json_value *v, size_t max, struct slice *ret)
{
    *ret = v->text;
    return v->is_text && v->text.n <= max && utf8_valid(v->text) ? 0 : -CE_SYNTAX;
}

static int read_number(struct record_reader *r, struct slice key, struct slice text)
{
    int64_t n = 0;

    if (slice_is(key, "value"))
        return num_double(text, &r->x.value) < 0 ? -CE_SYNTAX : 0;
    if (num_i64(text, &n) < 0)
        return 0; /* of a newer format */
    if (slice_is(key, "v"))
        return n >= 1 ? 0 : -CE_UNKNOWN;
    if (slice_is(key, "outcome")) {
        r->x.outcome = (enum check_outcome)n;
        return n >= CHECK_OK && n <= CHECK_NO_ANSWER ? 0 : -CE_RANGE;
    }
    if (slice_is(key, "at")) {
        r->x.at = n;
        r->timed = true;
    }
    if (slice_is(key, "took"))
        r->x.took = n;
    return 0;
}

static int read_field(void *u, struct slice key, const struct json_value *v)
{
    struct record_reader *r = u;

    if (slice_is(key, "check")) {
        r->identified = true;
        return hex_get(v->text, r->x.check, CHECK_ID_BYTES) ? 0 : -CE_SYNTAX;
    }
    if (slice_is(key, "text"))
        return read_text(v, CHECK_TEXT_MAX, &r->x.text);
    if (slice_is(key, "station"))
        return read_text(v, STATION_MAX, &r->x.station);
    return v->is_text ? 0 : read_number(r, key, v->text);
}

int result_record_read(struct slice json, struct arena *arena, struct result_record *ret,
                       struct err *err)
{
    struct record_reader r = {.identified = false};
    int code;

    if (json.n > RESULT_RECORD_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_CHECK_RECORD_BYTES, json.n);
    code = json_flat_read(json, arena, read_field, &r);
    if (code < 0)
        return err_fail(err, (enum ce) - code, ERR_CHECK_RECORD_CANNOT_READ);
    if (!r.identified || !r.timed || r.x.outcome == 0 || r.x.took < 0)
        return err_fail(err, CE_MISSING, ERR_CHECK_RECORD_INCOMPLETE);
    *ret = r.x;
    return 0;
}
