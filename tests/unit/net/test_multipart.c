/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Uploads as browsers send them, and as nobody should. */
#include "net/multipart.h"

#include "base/buf.h"
#include "base/err.h"
#include "tap.h"

#define HEAD "Content-Disposition: form-data; "
#define TYPE "multipart/form-data; boundary=----WebKitFormBoundary7MA4"
#define LINE "------WebKitFormBoundary7MA4"

static struct arena arena = ARENA_INIT(4 << 20);
static struct multipart m;

static int parse(const char *type, struct slice body)
{
    m = (struct multipart){.file = SLICE_NULL};
    return multipart_parse(slice_str(type), body, &arena, &m);
}

static void accepted(void)
{
    static const char body[] = LINE "\r\n" HEAD "name=\"csrf\"\r\n\r\nsecret\r\n" LINE "\r\n" HEAD
                                    "name=\"file\"; filename=\"C:\\nhật ký\\a;b.log\"\r\n"
                                    "Content-Type: application/octet-stream\r\n\r\n"
                                    "\0line\r\n--------\r\n--x\r\n\r\n" LINE "--\r\n";

    is_int(parse(TYPE, slice_of(body, sizeof(body) - 1)), 0, "a form with a file");
    ok(slice_is(uri_pairs_get(&m.fields, "csrf"), "secret"), "its field");
    ok(slice_is(m.file_field, "file"), "the field of the file");
    ok(slice_is(m.file_name, "a;b.log"), "its name without folders");
    is_int((int)m.file.n, (int)sizeof("\0line\r\n--------\r\n--x\r\n") - 1,
           "its bytes, also what looks like a boundary");
    is_int(parse("multipart/form-data; boundary=\"a b\"",
                 SLICE("--a b\r\n" HEAD "name=x\r\n\r\n\r\n--a b--")),
           0, "a boundary in quotes, an empty field, no line at the end");
    ok(uri_pairs_get(&m.fields, "x").p != NULL && m.file_field.p == NULL, "and no file");
}

static void refused(void)
{
    static const struct {
        const char *type, *body, *what;
        int code;
    } rows[] = {
        {"multipart/form-data", "--b--", "no boundary", -CE_SYNTAX},
        {"multipart/form-data; boundary=b", "", "nothing", -CE_SYNTAX},
        {"multipart/form-data; boundary=b", "--b\r\n" HEAD "name=a\r\n\r\nx", "no end", -CE_SYNTAX},
        {"multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--", "no name", -CE_SYNTAX},
        {"multipart/form-data; boundary=b", "--b\r\n" HEAD "name=a\r\n\r\n\xff\r\n--b--",
         "no UTF-8", -CE_ENCODING},
        {"multipart/form-data; boundary=b",
         "--b\r\n" HEAD "name=a\r\n\r\n1\r\n--b\r\n" HEAD "name=a\r\n\r\n2\r\n--b--",
         "a name twice", -CE_SYNTAX},
        {"multipart/form-data; boundary=b",
         "--b\r\n" HEAD "name=a; filename=x\r\n\r\n1\r\n--b\r\n" HEAD
         "name=b; filename=y\r\n\r\n2\r\n--b--",
         "two files", -CE_TOO_BIG},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(parse(rows[i].type, slice_str(rows[i].body)), rows[i].code, "%s", rows[i].what);
}

static void many(void)
{
    struct buf b = BUF_INIT(1 << 20);

    for (int i = 0; i < MULTIPART_PARTS_MAX + 1; i++)
        buf_printf(&b, "--b\r\n" HEAD "name=f%d\r\n\r\nx\r\n", i);
    buf_puts(&b, "--b--");
    is_int(parse("multipart/form-data; boundary=b", buf_slice(&b)), -CE_TOO_BIG, "too many fields");
    buf_done(&b);
}

int main(void)
{
    accepted();
    refused();
    many();
    arena_done(&arena);
    return tap_done();
}
