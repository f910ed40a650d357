/* SPDX-License-Identifier: Apache-2.0 */
/* What senders wrap around records: packed bodies and bombs, _bulk, OTLP, their JSON. */
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "collect/body.h"
#include "collect/bulk.h"
#include "collect/json_tree.h"
#include "collect/otlp.h"
#include "tap.h"

enum { BOMB = 64 * 1024 * 1024 };

static struct slice gzip(struct slice in, struct buf *out)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (uInt)in.n};

    buf_clear(out);
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    z.avail_out = (uInt)deflateBound(&z, in.n);
    z.next_out = buf_reserve(out, z.avail_out);
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    out->len = z.total_out;
    (void)deflateEnd(&z);
    return buf_slice(out);
}

static struct slice zstd(struct slice in, struct buf *out)
{
    size_t n = ZSTD_compressBound(in.n);
    uint8_t *to;

    buf_clear(out);
    to = buf_reserve(out, n);
    out->len = ZSTD_compress(to, n, in.p, in.n, 3);
    return buf_slice(out);
}

static int decode(const char *coding, struct slice in, struct buf *out)
{
    buf_clear(out);
    return body_decode(slice_str(coding), in, out);
}

#define OLD_FRAME                                                                                  \
    "\x27\xb5\x2f\xfd\x20\x02\x40\x00\x02"                                                         \
    "a\n\xc0\x00\x00"
#define SKIPPED_FRAME "\x5f\x2a\x4d\x18\x01\x00\x00\x00x"

static void test_body(void)
{
    struct buf packed = BUF_INIT(2 * BOMB), out = BUF_INIT(1 << 20);
    struct slice text = SLICE("{\"a\":1}\n{\"a\":2}\n"), s;
    uint8_t *zeros = calloc(1, BOMB);

    ok(decode("", text, &out) == 0 && slice_eq(buf_slice(&out), text), "not packed");
    s = gzip(text, &packed);
    ok(decode("gzip", s, &out) == 0 && slice_eq(buf_slice(&out), text), "gzip");
    is_int(decode("gzip", slice_head(s, s.n - 9), &out), -CE_TRUNCATED, "cut short");
    packed.p[s.n - 5] ^= 1;
    is_int(decode("gzip", s, &out), -CE_CORRUPT, "a wrong check sum");
    s = zstd(text, &packed);
    ok(decode("zstd", s, &out) == 0 && slice_eq(buf_slice(&out), text), "zstd");
    is_int(decode("zstd", slice_head(s, s.n - 2), &out), -CE_TRUNCATED, "cut short");
    is_int(decode("br", s, &out), -CE_UNKNOWN, "a coding that is none of these");
    is_int(decode("zstd", SLICE("nonsense"), &out), -CE_CORRUPT, "no zstd");
    is_int(decode("gzip", SLICE("nonsense"), &out), -CE_CORRUPT, "no gzip");
    is_int(decode("zstd", SLICE(OLD_FRAME), &out), -CE_CORRUPT, "a frame of zstd 0.7");
    s = zstd(text, &packed);
    buf_append_slice(&packed, SLICE(SKIPPED_FRAME));
    s = buf_slice(&packed);
    ok(decode("zstd", s, &out) == 0 && slice_eq(buf_slice(&out), text),
       "one that is to be skipped");
    buf_append_slice(&packed, SLICE(OLD_FRAME));
    is_int(decode("zstd", buf_slice(&packed), &out), -CE_CORRUPT, "an old one behind it");
    if (zeros == NULL)
        abort();
    s = gzip(slice_of(zeros, BOMB), &packed);
    is_int(decode("gzip", s, &out), -CE_TOO_BIG, "a bomb of %u bytes in gzip", (unsigned)s.n);
    s = zstd(slice_of(zeros, BOMB), &packed);
    is_int(decode("zstd", s, &out), -CE_TOO_BIG, "one of %u bytes in zstd", (unsigned)s.n);
    s = gzip(slice_of(zeros, 1 << 20), &packed);
    is_int(decode("gzip", s, &out), 0, "as much as fits");
    free(zeros);
    buf_done(&packed);
    buf_done(&out);
}

static void test_bulk(void)
{
    static const char body[] =
        "{\"create\":{\"_index\":\"logs\",\"_id\":\"\\u0061\\n\"}}\n{\"m\":1}\n"
        "{\"index\":{}}\r\n{\"m\":2}\r\n\n"
        "{\"delete\":{\"_id\":\"x\"}}\n"
        "{\"update\":{\"_id\":\"x\"}}\n{\"doc\":{}}\n"
        "{\"create\":{}}\nno object\n";
    struct arena arena = ARENA_INIT(1 << 20);
    struct bulk_reader b = {.rest = slice_str(body), .index = SLICE("of-path"), .arena = &arena};
    struct bulk_item x;

    ok(bulk_next(&b, &x) == 1 && x.op == BULK_CREATE && slice_is(x.index, "logs") &&
           slice_is(x.id, "a\n") && slice_is(x.document, "{\"m\":1}") && x.object,
       "create, with escapes in its id");
    ok(bulk_next(&b, &x) == 1 && x.op == BULK_INDEX && slice_is(x.index, "of-path") &&
           x.id.n == 0 && slice_is(x.document, "{\"m\":2}"),
       "index, the path's index, CRLF");
    ok(bulk_next(&b, &x) == 1 && x.op == BULK_DELETE && x.document.n == 0, "delete has one line");
    ok(bulk_next(&b, &x) == 1 && x.op == BULK_UPDATE && x.object, "update has two");
    ok(bulk_next(&b, &x) == 1 && !x.object, "a document that is no object");
    is_int(bulk_next(&b, &x), 0, "the end");
    b.rest = SLICE("{\"create\":{}}\n");
    is_int(bulk_next(&b, &x), -CE_TRUNCATED, "an action without its document");
    b.rest = SLICE("{\"explode\":{}}\n{}\n");
    is_int(bulk_next(&b, &x), -CE_SYNTAX, "an action that is none");
    b.rest = SLICE("{\"create\":{}, \"index\":{}}\n{}\n");
    is_int(bulk_next(&b, &x), -CE_SYNTAX, "two actions");
    arena_done(&arena);
}

static int put_record(void *u, struct slice raw, bool canonical)
{
    struct buf *out = u;

    buf_append_slice(out, raw);
    buf_puts(out, canonical ? "\n" : " as sent\n");
    return 0;
}

static void test_otlp(void)
{
    static const char json[] =
        "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"host.name\",\"value\":"
        "{\"stringValue\":\"web01\"}}]},\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":"
        "\"1700000000000000000\",\"severityText\":\"WARN\",\"body\":{\"stringValue\":\"a\\\"b\"},"
        "\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"7\"}},{\"key\":\"l\",\"value\":"
        "{\"arrayValue\":{\"values\":[{\"boolValue\":true},{\"doubleValue\":1.5}]}}}]},"
        "{\"body\":{\"stringValue\":\"{\\\"x\\\":1}\"}}]}]}]}";
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 16);

    is_int(otlp_logs_read(slice_str(json), &arena, put_record, &out), 0, "OTLP is read");
    is_str(buf_cstr(&out),
           "{\"@timestamp\":\"2023-11-14T22:13:20.000000000Z\",\"message\":\"a\\\"b\","
           "\"log.level\":\"WARN\",\"host.name\":\"web01\",\"n\":\"7\",\"l\":[true,\"1.5\"]}\n"
           "{\"x\":1} as sent\n",
           "as flat records");
    is_int(otlp_logs_read(SLICE("[]"), &arena, put_record, &out), -CE_SYNTAX, "no request");
    is_int(otlp_logs_read(SLICE("{\"resourceLogs\":3}"), &arena, put_record, &out), 0,
           "nothing in it");
    arena_done(&arena);
    buf_done(&out);
}

static int tree(const char *json)
{
    struct arena arena = ARENA_INIT(1 << 16);
    struct json_node *root;
    int r = json_tree_read(slice_str(json), &arena, &root);

    arena_done(&arena);
    return r;
}

static void test_json(void)
{
    static const char *const good[] = {"{}", "[]", " [1, -2.5e3, true ,null,\"\\ud83d\\ude00\"] ",
                                       "{\"a\":{\"b\":[{}]}}"};
    static const char *const bad[] = {"",           "{",        "[1,]",    "{\"a\"}",
                                      "{\"a\":1,}", "tru",      "\"\\x\"", "\"\n\"",
                                      "[1] 2",      "\"\xff\"", "\"\\",    "{1:2}"};
    struct buf deep = BUF_INIT(4096);

    for (size_t i = 0; i < CANH_LEN(good); i++)
        is_int(tree(good[i]), 0, "JSON: %s", good[i]);
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        is_int(tree(bad[i]), -CE_SYNTAX, "not JSON: row %u", (unsigned)i);
    for (unsigned i = 0; i < 1000; i++)
        buf_putc(&deep, '[');
    is_int(tree(buf_cstr(&deep)), -CE_DEPTH, "too deep");
    buf_done(&deep);
}

int main(void)
{
    test_body();
    test_bulk();
    test_otlp();
    test_json();
    return tap_done();
}
