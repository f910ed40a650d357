/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pack.h"

#include <stdlib.h>
#include <zip.h>

#include "lang/err_office.h"

enum {
    END_SIZE = 22, /* end of central directory record, APPNOTE 4.3.16 */
    END_COMMENT_MAX = 65535,
    RATIO_FREE = 1 << 20, /* parts up to here may have any ratio */
    PIECE = 64 * 1024
};

struct pack {
    zip_t *zip;
    struct pack_limits limits;
    size_t unpacked;
};

static unsigned pack_get16(const uint8_t *p)
{
    return (unsigned)p[0] | (unsigned)p[1] << 8;
}

/*
 * The most entries any end record claims, before libzip believes one of them; ZIP64 packages, which
 * no office program writes below 4 GiB, count as too many.
 */
static uint32_t claimed_entries(struct slice bytes)
{
    size_t from = bytes.n > END_SIZE + END_COMMENT_MAX ? bytes.n - END_SIZE - END_COMMENT_MAX : 0;
    uint32_t most = 0;

    for (size_t i = from; i + END_SIZE <= bytes.n; i++) {
        if (memcmp(bytes.p + i, "PK\5\6", 4) == 0) {
            unsigned count = pack_get16(bytes.p + i + 10);

            most = CANH_MAX(most, count == 0xFFFF ? UINT32_MAX : count);
        } else if (memcmp(bytes.p + i, "PK\6\7", 4) == 0) {
            most = UINT32_MAX;
        }
    }
    return most;
}

static int open_zip(struct pack *p, struct slice bytes, struct err *err)
{
    zip_error_t error;
    zip_source_t *source;
    int r = 0;

    zip_error_init(&error);
    source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    p->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (p->zip == NULL) {
        zip_source_free(source);
        r = zip_error_code_zip(&error) == ZIP_ER_MEMORY
                ? err_nomem(err)
                : err_fail(err, CE_CORRUPT, ERR_OFFICE_ZIP_DAMAGED, zip_error_strerror(&error));
    }
    zip_error_fini(&error);
    return r;
}

int pack_open(struct pack **ret, struct slice bytes, const struct pack_limits *limits,
              struct err *err)
{
    struct pack *p;
    int r;

    if (bytes.n > limits->max_bytes)
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_BIG, (uint64_t)(limits->max_bytes >> 20));
    if (claimed_entries(bytes) > limits->max_entries)
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_ZIP_ENTRIES, limits->max_entries);
    p = calloc(1, sizeof(*p));
    if (p == NULL)
        return err_nomem(err);
    p->limits = *limits;
    r = open_zip(p, bytes, err);
    if (r < 0) {
        free(p);
        return r;
    }
    *ret = p;
    return 0;
}

struct pack *pack_free(struct pack *p)
{
    if (p != NULL) {
        zip_discard(p->zip);
        free(p);
    }
    return NULL;
}

size_t pack_parts(const struct pack *p)
{
    zip_int64_t n = zip_get_num_entries(p->zip, 0);

    return n > 0 ? (size_t)n : 0;
}

const char *pack_part_name(const struct pack *p, size_t i)
{
    return zip_get_name(p->zip, i, ZIP_FL_ENC_RAW);
}

bool pack_has(const struct pack *p, const char *part)
{
    return zip_name_locate(p->zip, part, ZIP_FL_NOCASE) >= 0;
}

bool pack_has_prefix(const struct pack *p, const char *prefix)
{
    for (size_t i = 0; i < pack_parts(p); i++) {
        const char *name = pack_part_name(p, i);

        if (name != NULL &&
            slice_eq_nocase(slice_head(slice_str(name), strlen(prefix)), slice_str(prefix)))
            return true;
    }
    return false;
}

/* Checks what the directory says of the part; what it then unpacks to is counted while reading. */
static int check_part(const zip_stat_t *st, const char *part, struct err *err)
{
    if ((st->valid & ZIP_STAT_ENCRYPTION_METHOD) && st->encryption_method != ZIP_EM_NONE)
        return err_fail(err, CE_DENIED, ERR_OFFICE_FILE_ENCRYPTED);
    if (!(st->valid & ZIP_STAT_COMP_SIZE) || !(st->valid & ZIP_STAT_COMP_METHOD))
        return err_fail(err, CE_CORRUPT, ERR_OFFICE_ZIP_PART, part);
    if (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE)
        return err_fail(err, CE_UNKNOWN, ERR_OFFICE_ZIP_PART, part);
    return 0;
}

static int check_growth(struct pack *p, uint64_t packed, uint64_t part_size, size_t n,
                        const char *part, struct err *err)
{
    p->unpacked += n;
    if (p->unpacked > p->limits.max_unpacked ||
        (part_size > RATIO_FREE && part_size / p->limits.max_ratio > packed))
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_ZIP_BOMB, part);
    return 0;
}

typedef int (*piece_fn)(void *user, struct slice piece, bool last, struct err *err);

static int read_open(struct pack *p, zip_file_t *file, const zip_stat_t *st, const char *part,
                     piece_fn fn, void *user, struct err *err)
{
    uint8_t piece[PIECE];
    uint64_t size = 0;

    for (;;) {
        zip_int64_t n = zip_fread(file, piece, sizeof(piece));
        int r;

        if (n < 0)
            return err_fail(err, CE_CORRUPT, ERR_OFFICE_ZIP_PART, part);
        size += (uint64_t)n;
        r = check_growth(p, st->comp_size, size, (size_t)n, part, err);
        if (r == 0)
            r = fn(user, slice_of(piece, (size_t)n), n == 0, err);
        if (r < 0 || n == 0)
            return r;
    }
}

static int read_part(struct pack *p, const char *part, piece_fn fn, void *user, struct err *err)
{
    zip_int64_t index = zip_name_locate(p->zip, part, ZIP_FL_NOCASE);
    zip_stat_t st;
    zip_file_t *file;
    int r;

    if (index < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_OFFICE_ZIP_MISSING, part);
    if (zip_stat_index(p->zip, (zip_uint64_t)index, 0, &st) < 0)
        return err_fail(err, CE_CORRUPT, ERR_OFFICE_ZIP_PART, part);
    r = check_part(&st, part, err);
    if (r < 0)
        return r;
    file = zip_fopen_index(p->zip, (zip_uint64_t)index, 0);
    if (file == NULL)
        return err_fail(err, CE_CORRUPT, ERR_OFFICE_ZIP_PART, part);
    r = read_open(p, file, &st, part, fn, user, err);
    (void)zip_fclose(file);
    return r;
}

static int feed_xml(void *user, struct slice piece, bool last, struct err *err)
{
    return xml_feed(user, piece, last, err);
}

int pack_xml(struct pack *p, const char *part, const struct xml_sink *sink, void *user,
             struct err *err)
{
    struct xml *x = xml_new(part, sink, user);
    int r;

    if (x == NULL)
        return err_nomem(err);
    r = read_part(p, part, feed_xml, x, err);
    xml_free(x);
    return r;
}

/* UTF-16 name of the stream that holds an encrypted package ([MS-OFFCRYPTO] 1.3.1). */
static bool has_encrypted_package(struct slice bytes)
{
    static const uint8_t name[] = {'E', 0, 'n', 0, 'c', 0, 'r', 0, 'y', 0, 'p', 0, 't', 0,
                                   'e', 0, 'd', 0, 'P', 0, 'a', 0, 'c', 0, 'k', 0, 'a', 0};

    return slice_find(bytes, slice_of(name, sizeof(name))) != SIZE_MAX;
}

static bool looks_html(struct slice bytes)
{
    struct slice s = slice_trim(slice_head(bytes, 512));

    if (slice_starts(s, SLICE("\xEF\xBB\xBF")))
        s = slice_trim(slice_from(s, 3));
    return slice_eq_nocase(slice_head(s, 5), SLICE("<html")) ||
           slice_eq_nocase(slice_head(s, 9), SLICE("<!doctype")) ||
           slice_eq_nocase(slice_head(s, 5), SLICE("<?xml")) ||
           slice_eq_nocase(slice_head(s, 6), SLICE("<table"));
}

enum file_kind file_kind(struct slice bytes)
{
    static const struct {
        const char *magic;
        unsigned n;
        enum file_kind kind;
    } rows[] = {
        {"PK\3\4", 4, FILE_ZIP}, {"PK\5\6", 4, FILE_ZIP},    {"%PDF-", 5, FILE_PDF},
        {"{\\rtf", 5, FILE_RTF}, {"\x89PNG", 4, FILE_IMAGE}, {"\xFF\xD8\xFF", 3, FILE_IMAGE},
        {"GIF8", 4, FILE_IMAGE}, {"Rar!", 4, FILE_RAR_7Z},   {"7z\xBC\xAF\x27\x1C", 6, FILE_RAR_7Z},
    };

    if (slice_starts(bytes, SLICE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
        return has_encrypted_package(bytes) ? FILE_ENCRYPTED : FILE_OLE;
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (slice_starts(bytes, slice_of(rows[i].magic, rows[i].n)))
            return rows[i].kind;
    }
    return looks_html(bytes) ? FILE_HTML : FILE_OTHER;
}

/* Applies one path segment to the path in `to`; false when it cannot. */
static bool pack_step(struct slice segment, char *to, size_t size, size_t *len)
{
    if (segment.n == 0 || slice_is(segment, "."))
        return true;
    if (slice_is(segment, "..")) {
        if (*len == 0)
            return false;
        while (*len > 0 && to[--*len] != '/')
            ;
        return true;
    }
    if (*len + segment.n + 2 > size || memchr(segment.p, 0, segment.n) != NULL)
        return false;
    if (*len > 0)
        to[(*len)++] = '/';
    memcpy(to + *len, segment.p, segment.n);
    *len += segment.n;
    return true;
}

bool pack_resolve(const char *part, struct slice target, char *to, size_t size)
{
    struct slice folder = slice_str(part), rest, segment;
    size_t len = 0;

    while (folder.n > 0 && folder.p[folder.n - 1] != '/')
        folder.n--;
    rest = target.n > 0 && target.p[0] == '/' ? SLICE_NULL : folder;
    for (int pass = 0; pass < 2; pass++, rest = target) {
        while (slice_cut(&rest, '/', &segment)) {
            if (!pack_step(segment, to, size, &len))
                return false;
        }
    }
    to[len] = 0;
    return len > 0;
}
