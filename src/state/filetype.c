/* SPDX-License-Identifier: Apache-2.0 */
#include "state/filetype.h"

#include <stdbool.h>

#include "base/attr.h"
#include "base/utf.h"

enum { NAME_MAX_BYTES = 200 };

static const struct {
    uint8_t at, n;
    const char *bytes;
    const char *type; /* NULL: refused */
} magics[] = {
    {0, 5, "%PDF-", "application/pdf"},
    {0, 8, "\x89PNG\r\n\x1a\n", "image/png"},
    {0, 3, "\xff\xd8\xff", "image/jpeg"},
    {8, 4, "WEBP", "image/webp"},
    {4, 8, "ftypheic", "image/heic"},
    {4, 8, "ftypheix", "image/heic"},
    {4, 8, "ftypmif1", "image/heic"},
    {0, 4, "II*\0", "image/tiff"},
    {0, 4, "MM\0*", "image/tiff"},
    {0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-cfb"},
    {0, 8, "ElfFile\0", "application/x-evtx"},
    {0, 2, "\x1f\x8b", "application/gzip"},
    {0, 4, "\x28\xb5\x2f\xfd", "application/zstd"},
    {0, 2, "MZ", NULL},
    {0, 4,
     "\x7f"
     "ELF",
     NULL},
    {0, 4, "\xca\xfe\xba\xbe", NULL},
    {0, 4, "\xcf\xfa\xed\xfe", NULL},
    {0, 2, "#!", NULL},
};

/* A zip by its first member: what office programs write, or a plain archive. */
static const char *zip_type(struct slice head)
{
    static const char odf[] = "application/vnd.oasis.opendocument.";
    struct slice name, content;
    size_t n, extra;

    if (head.n < 30)
        return NULL;
    n = (size_t)head.p[26] | (size_t)head.p[27] << 8;
    extra = (size_t)head.p[28] | (size_t)head.p[29] << 8;
    name = slice_head(slice_from(head, 30), n);
    content = slice_from(head, 30 + n + extra);
    if (slice_is(name, "mimetype") && slice_starts(content, slice_of(odf, sizeof(odf) - 1)))
        return "application/vnd.oasis.opendocument";
    if (slice_is(name, "[Content_Types].xml") || slice_starts(name, SLICE("_rels/")) ||
        slice_starts(name, SLICE("docProps/")))
        return "application/vnd.openxmlformats-officedocument";
    return "application/zip";
}

/* Text, allowing one character cut off at the end of the head. */
static bool is_text(struct slice head)
{
    size_t bad = 0;

    if (slice_starts(head, SLICE("\xff\xfe")) || slice_starts(head, SLICE("\xfe\xff")))
        return head.n >= 2; /* UTF-16 with its mark, as spreadsheets write it */
    for (size_t at = 0; at < head.n;) {
        unsigned len;
        uint32_t c = utf8_decode(head.p + at, head.n - at, &len);

        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f')
            return false;
        if (c >= UTF_INVALID && ++bad && head.n - at > 3)
            return false;
        at += len;
    }
    return bad <= 3;
}

const char *filetype_of(struct slice head)
{
    for (size_t i = 0; i < CANH_LEN(magics); i++)
        if (head.n >= (size_t)magics[i].at + magics[i].n &&
            memcmp(head.p + magics[i].at, magics[i].bytes, magics[i].n) == 0)
            return magics[i].type;
    if (slice_starts(head, SLICE("PK\3\4")))
        return zip_type(head);
    if (head.n == 0)
        return NULL;
    return is_text(head) ? "text/plain" : NULL;
}

enum filetype_class filetype_class(const char *type)
{
    static const struct {
        struct slice begins;
        enum filetype_class class;
    } rows[] = {
        {SLICE_INIT("text/"), FILETYPE_TEXT},
        {SLICE_INIT("application/pdf"), FILETYPE_PDF},
        {SLICE_INIT("application/vnd."), FILETYPE_OFFICE},
        {SLICE_INIT("application/x-cfb"), FILETYPE_OLD_OFFICE},
        {SLICE_INIT("application/x-evtx"), FILETYPE_LOG},
        {SLICE_INIT("image/"), FILETYPE_PICTURE},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        if (slice_starts(slice_str(type), rows[i].begins))
            return rows[i].class;
    return FILETYPE_ARCHIVE;
}

/* Characters that change what is seen: controls, direction marks, what cannot be seen at all. */
static bool is_tricky(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           c >= UTF_INVALID;
}

void filename_clean(struct buf *out, struct slice given)
{
    size_t start = out->len;

    for (size_t i = given.n; i-- > 0;) {
        if (given.p[i] == '/' || given.p[i] == '\\') {
            given = slice_from(given, i + 1);
            break;
        }
    }
    for (size_t at = 0; at < given.n;) {
        unsigned len;
        uint32_t c = utf8_decode(given.p + at, given.n - at, &len);

        if (out->len - start + len > NAME_MAX_BYTES)
            break;
        if (is_tricky(c))
            buf_putc(out, '_');
        else
            buf_append(out, given.p + at, len);
        at += len;
    }
    if (out->len == start)
        buf_puts(out, "-");
}
