/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/zip_index.h"

#include "base/buf.h"
#include "tap.h"

static void put_little(struct buf *b, uint64_t v, unsigned n)
{
    for (; n--; v >>= 8)
        buf_putc(b, (uint8_t)v);
}

static void put_entry(struct buf *b, const char *name, unsigned extra)
{
    buf_puts(b, "PK\1\2");
    for (int i = 0; i < 24; i++)
        buf_putc(b, 'x');
    put_little(b, strlen(name), 2);
    put_little(b, extra, 2);
    put_little(b, 0, 2);
    for (int i = 0; i < 12; i++)
        buf_putc(b, 'y');
    buf_puts(b, name);
    for (unsigned i = 0; i < extra; i++)
        buf_putc(b, 'e');
}

static void put_end(struct buf *b, uint64_t bytes, const char *comment)
{
    buf_puts(b, "PK\5\6");
    put_little(b, 0, 8);
    put_little(b, bytes, 4);
    put_little(b, 0, 4);
    put_little(b, strlen(comment), 2);
    buf_puts(b, comment);
}

/* "name name " of a file's index, or "none". */
static void names_are(const struct buf *file, uint64_t before, const char *want, const char *what)
{
    struct buf got = BUF_INIT(1000);
    struct slice index, name;
    uint64_t at, bytes;

    if (!zip_index_find(buf_slice(file), file->len + before, &at, &bytes)) {
        buf_puts(&got, "none");
    } else {
        index = slice_of(file->p + (at - before), (size_t)bytes);
        while (zip_index_next(&index, &name)) {
            buf_append_slice(&got, name);
            buf_putc(&got, ' ');
        }
    }
    is_str(buf_cstr(&got), want, "%s", what);
    buf_done(&got);
}

static void test_plain(void)
{
    struct buf b = BUF_INIT(10000);
    size_t from, bytes;

    names_are(&b, 0, "none", "an empty file");
    put_end(&b, 0, "");
    names_are(&b, 0, "", "an archive of nothing");
    b.len = 0;
    buf_puts(&b, "members");
    from = b.len;
    put_entry(&b, "a.yml", 0);
    put_entry(&b, "folder/b.yml", 7);
    bytes = b.len - from;
    put_end(&b, bytes, "");
    names_are(&b, 0, "a.yml folder/b.yml ", "two entries");
    names_are(&b, 5000, "a.yml folder/b.yml ", "behind other bytes");
    b.len--;
    names_are(&b, 0, "none", "a cut end");
    b.len = from + bytes;
    put_end(&b, bytes, "a comment with PK\5\6 in it, and more behind than an end record has");
    names_are(&b, 0, "a.yml folder/b.yml ", "with a comment");
    b.len = from + bytes;
    put_end(&b, bytes + from + 1, "");
    names_are(&b, 0, "none", "larger than the file");
    b.p[from + 3] = 'Z';
    b.len = from + bytes;
    put_end(&b, bytes, "");
    names_are(&b, 0, "", "what is no entry ends it");
    buf_done(&b);
}

/* ZIP64's end record, its locator, and the end record that points to them. */
static void put_large_end(struct buf *b, size_t bytes)
{
    buf_puts(b, "PK\6\6");
    put_little(b, 0, 8);
    for (int i = 0; i < 28; i++)
        buf_putc(b, 'z');
    put_little(b, bytes, 8);
    put_little(b, 0, 8);
    buf_puts(b, "PK\6\7");
    put_little(b, 0, 8);
    put_little(b, 0, 8);
    put_end(b, UINT32_MAX, "");
}

static void test_large(void)
{
    struct buf b = BUF_INIT(10000);
    size_t bytes;

    put_entry(&b, "a.yml", 3);
    bytes = b.len;
    put_large_end(&b, bytes);
    names_are(&b, 0, "a.yml ", "ZIP64");
    b.p[bytes + 2] = 'x';
    names_are(&b, 0, "none", "without its record");
    b.len = 0;
    put_large_end(&b, 0);
    names_are(&b, 0, "", "ZIP64 of nothing");
    buf_done(&b);
}

/* Lengths that lie never lead outside. */
static void test_lies(void)
{
    struct buf b = BUF_INIT(10000);
    struct slice index, name;

    put_entry(&b, "a.yml", 3);
    for (size_t n = 0; n < b.len; n++) {
        index = slice_of(b.p, n);
        if (zip_index_next(&index, &name))
            ok(false, "an entry in %zu of %zu bytes", n, b.len);
    }
    index = buf_slice(&b);
    ok(zip_index_next(&index, &name) && index.n == 0, "but in all of them");
    b.len = 0;
    put_entry(&b, "", 0);
    index = buf_slice(&b);
    ok(zip_index_next(&index, &name) && name.n == 0 && index.n == 0, "an entry without a name");
    buf_done(&b);
}

int main(void)
{
    test_plain();
    test_large();
    test_lies();
    return tap_done();
}
