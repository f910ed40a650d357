/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/import_path.h"

#include "base/ascii.h"
#include "base/utf.h"

static bool part_is_safe(struct slice part)
{
    if (part.n == 0 || part.n > IMPORT_PART_BYTES || part.p[0] == '.')
        return false;
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] < 0x20 || part.p[i] == 0x7F || part.p[i] == '\\' || part.p[i] == ':')
            return false;
    }
    return true;
}

bool import_safe_path(struct slice path, struct buf *ret)
{
    struct slice part;
    unsigned parts = 0;

    if (path.n == 0 || path.p[0] == '/' || !utf8_valid(path))
        return false;
    while (slice_cut(&path, '/', &part)) {
        if (slice_is(part, "."))
            continue;
        if (!part_is_safe(part) || ++parts > IMPORT_PARTS_MAX)
            return false;
        if (parts > 1)
            buf_putc(ret, '/');
        buf_append_slice(ret, part);
    }
    return parts > 0 && ret->err == 0;
}

static struct slice last_part(struct slice path)
{
    size_t at;

    while (path.n && path.p[path.n - 1] == '/')
        path.n--;
    while ((at = slice_find_byte(path, '/')) != SIZE_MAX)
        path = slice_from(path, at + 1);
    return path;
}

static bool ends_nocase(struct slice s, const char *ending)
{
    size_t n = strlen(ending);

    return s.n > n && slice_eq_nocase(slice_from(s, s.n - n), slice_str(ending));
}

enum import_kind import_kind_of(struct slice path)
{
    static const char *const licences[] = {"license", "licence", "copying", "notice"};
    struct slice name = last_part(path);

    if (ends_nocase(name, ".yml") || ends_nocase(name, ".yaml"))
        return IMPORT_RULE;
    for (size_t i = 0; i < CANH_LEN(licences); i++) {
        size_t n = strlen(licences[i]);
        bool ends = name.n == n || (name.n > n && (name.p[n] == '.' || name.p[n] == '-'));

        if (ends && slice_eq_nocase(slice_head(name, n), slice_str(licences[i])))
            return IMPORT_LICENCE;
    }
    return IMPORT_OTHER;
}

bool import_name_of(struct slice source, struct buf *ret)
{
    static const char *const endings[] = {".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2",
                                          ".tgz",    ".txz",    ".tar",     ".zip"};
    struct slice name = last_part(source);
    size_t from = ret->len;

    for (size_t i = 0; i < CANH_LEN(endings); i++) {
        if (ends_nocase(name, endings[i])) {
            name.n -= strlen(endings[i]);
            break;
        }
    }
    while (name.n && name.p[0] == '.')
        name = slice_from(name, 1);
    name = slice_head(name, IMPORT_PART_BYTES);
    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i];
        bool keep = ascii_is_alnum(c) || c == '.' || c == '_' || c == '-';

        buf_putc(ret, keep ? c : '-');
    }
    return ret->len > from && ret->err == 0;
}
