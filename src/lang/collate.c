/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/collate.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf.h"

struct viet {
    UCollator *full;  /* all levels, identical texts only are equal */
    UCollator *names; /* letters and tones, not case */
};

/* UTF-16 copy of s on the heap, bad bytes as U+FFFD; NULL when out of memory or over 1 GiB. */
static UChar *to_utf16(struct slice s, int32_t *ret_len)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar *to;

    if (s.n > (size_t)1 << 29)
        return NULL;
    to = malloc((s.n + 1) * sizeof(*to));
    if (to == NULL)
        return NULL;
    u_strFromUTF8WithSub(to, (int32_t)s.n + 1, ret_len, s.n ? (const char *)s.p : "", (int32_t)s.n,
                         UTF_REPLACEMENT, NULL, &status);
    if (U_FAILURE(status)) {
        free(to);
        return NULL;
    }
    return to;
}

/* s normalised, on the heap; NULL as above. */
static UChar *collate_normalised(const UNormalizer2 *norm, struct slice s, int32_t *ret_len)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0, cap;
    UChar *in = to_utf16(s, &n), *out = NULL;

    if (in == NULL)
        return NULL;
    for (cap = n + n / 2 + 16;; cap = *ret_len) {
        free(out);
        out = malloc((size_t)cap * sizeof(*out));
        if (out == NULL)
            break;
        status = U_ZERO_ERROR;
        *ret_len = unorm2_normalize(norm, in, n, out, cap, &status);
        if (status != U_BUFFER_OVERFLOW_ERROR)
            break;
    }
    free(in);
    if (out != NULL && U_FAILURE(status)) {
        free(out);
        out = NULL;
    }
    return out;
}

static void write_char(struct buf *out, UChar32 c)
{
    uint8_t bytes[4];

    if (U_IS_SURROGATE(c))
        c = (UChar32)UTF_REPLACEMENT;
    buf_append(out, bytes, utf8_encode((uint32_t)c, bytes));
}

bool viet_is_nfc(struct slice s)
{
    unsigned len;

    if (is_ascii(s))
        return true;
    for (size_t i = 0; i < s.n; i += len) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &len);

        /* Latin with Vietnamese letters and general punctuation holds nothing to compose */
        if (c >= 0x300 && !(c >= 0x1E00 && c < 0x1F00) && !(c >= 0x2010 && c < 0x2100))
            return false;
    }
    return true;
}

void viet_nfc(struct slice s, struct buf *out)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0;
    UChar *u;

    if (viet_is_nfc(s)) {
        buf_append_slice(out, s);
        return;
    }
    u = collate_normalised(unorm2_getNFCInstance(&status), s, &n);
    if (u == NULL) {
        out->err = -CE_NOMEM;
        return;
    }
    for (int32_t i = 0; i < n;) {
        UChar32 c;

        U16_NEXT(u, i, n, c);
        write_char(out, c);
    }
    free(u);
}

static bool is_blank(UChar32 c)
{
    return u_isUWhiteSpace(c) || c == 0xFEFF || c == 0x200B || u_iscntrl(c);
}

static UChar32 fold_one(UChar32 c)
{
    c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    return c == 0x111 || c == 0xF0 ? 'd' : c; /* neither đ nor the ð typed for it decomposes */
}

static void collate_fold(struct slice s, bool words_only, struct buf *out)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0;
    UChar *u = collate_normalised(unorm2_getNFKDInstance(&status), s, &n);
    size_t start = out->len;
    bool gap = false;

    if (u == NULL) {
        out->err = -CE_NOMEM;
        return;
    }
    for (int32_t i = 0; i < n;) {
        UChar32 c;

        U16_NEXT(u, i, n, c);
        if (u_charType(c) == U_NON_SPACING_MARK)
            continue;
        if (words_only ? !u_isalnum(c) : is_blank(c)) {
            gap = true;
            continue;
        }
        if (gap && out->len > start)
            buf_putc(out, ' ');
        gap = false;
        write_char(out, fold_one(c));
    }
    free(u);
}

void viet_fold(struct slice s, struct buf *out)
{
    collate_fold(s, false, out);
}

void viet_key(struct slice s, struct buf *out)
{
    collate_fold(s, true, out);
}

void viet_upper(struct slice s, struct buf *out)
{
    unsigned len;

    for (size_t i = 0; i < s.n; i += len) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &len);

        if (c >= UTF_INVALID)
            buf_append(out, s.p + i, len);
        else
            write_char(out, u_toupper((UChar32)c));
    }
}

bool viet_same(struct slice a, struct slice b)
{
    struct buf ka = BUF_INIT(SIZE_MAX), kb = BUF_INIT(SIZE_MAX);
    bool same;

    viet_key(a, &ka);
    viet_key(b, &kb);
    same = ka.err == 0 && kb.err == 0 && slice_eq(buf_slice(&ka), buf_slice(&kb));
    buf_done(&ka);
    buf_done(&kb);
    return same;
}

bool viet_contains(struct slice s, struct slice needle)
{
    struct buf a = BUF_INIT(SIZE_MAX), b = BUF_INIT(SIZE_MAX);
    bool found;

    viet_fold(s, &a);
    viet_fold(needle, &b);
    found = a.err == 0 && b.err == 0 && slice_find(buf_slice(&a), buf_slice(&b)) != SIZE_MAX;
    buf_done(&a);
    buf_done(&b);
    return found;
}

int viet_new(struct viet **ret, struct err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    struct viet *v = calloc(1, sizeof(*v));

    if (v == NULL)
        return err_nomem(err);
    v->full = ucol_open("vi", &status);
    v->names = U_FAILURE(status) ? NULL : ucol_open("vi", &status);
    if (U_FAILURE(status)) {
        viet_free(v);
        return err_fail(err, CE_IO, ERR_BASE_BOTH, "ICU", u_errorName(status));
    }
    ucol_setStrength(v->full, UCOL_IDENTICAL);
    ucol_setStrength(v->names, UCOL_SECONDARY);
    *ret = v;
    return 0;
}

struct viet *viet_free(struct viet *v)
{
    if (v != NULL) {
        if (v->full != NULL)
            ucol_close(v->full);
        if (v->names != NULL)
            ucol_close(v->names);
        free(v);
    }
    return NULL;
}

static int lang_collate(const UCollator *c, struct slice a, struct slice b)
{
    UErrorCode status = U_ZERO_ERROR;
    UCollationResult r;

    if (a.n > INT32_MAX || b.n > INT32_MAX)
        return slice_cmp(a, b);
    r = ucol_strcollUTF8(c, a.n ? (const char *)a.p : "", (int32_t)a.n,
                         b.n ? (const char *)b.p : "", (int32_t)b.n, &status);
    return U_FAILURE(status) ? slice_cmp(a, b) : (int)r;
}

int viet_cmp(struct viet *v, struct slice a, struct slice b)
{
    int r = lang_collate(v->full, a, b);

    return r != 0 ? r : slice_cmp(a, b);
}

struct name_parts {
    struct slice family, middle, given;
};

static struct name_parts name_parts(struct slice name)
{
    struct slice s = slice_trim(name);
    size_t first = slice_find_byte(s, ' '), last = s.n;

    while (last > 0 && s.p[last - 1] != ' ')
        last--;
    if (last == 0)
        return (struct name_parts){.given = s};
    return (struct name_parts){.family = slice_head(s, first),
                               .middle = slice_trim(slice_of(s.p + first, last - first)),
                               .given = slice_from(s, last)};
}

int viet_cmp_name(struct viet *v, struct slice a, struct slice b)
{
    struct name_parts x = name_parts(a), y = name_parts(b);
    int r = lang_collate(v->names, x.given, y.given);

    if (r == 0)
        r = lang_collate(v->names, x.middle, y.middle);
    if (r == 0)
        r = lang_collate(v->names, x.family, y.family);
    return r != 0 ? r : viet_cmp(v, a, b);
}

struct slice viet_given_name(struct slice name)
{
    return name_parts(name).given;
}
