/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sigma/regex.h"

#include <pcre2.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/utf.h"
#include "lang/err_sigma.h"

/*
 * The same pattern twice: with UTF, and without, for ASCII text, which needs no validation. Each
 * is compiled by the first thread that searches with it: few of all patterns are ever needed.
 */
enum { CODE_UTF, CODE_ASCII, CODES };

struct codes {
    _Atomic(pcre2_code *) of[CODES]; /* NULL until then */
    atomic_bool utf_only;            /* the pattern means nothing without UTF */
};

struct regex {
    struct codes *codes;
    struct slice text;
    uint32_t options; /* of CODE_UTF */
    bool jit;
    uint32_t groups, names, name_size;
    PCRE2_SPTR table; /* of names: number (two bytes), name, zero */
};

struct regex_context {
    pcre2_match_context *match;
    pcre2_match_data *data;
};

static uint32_t compile_options(unsigned flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;

    if (flags & REGEX_NOCASE)
        options |= PCRE2_CASELESS;
    if (flags & REGEX_MULTILINE)
        options |= PCRE2_MULTILINE;
    if (flags & REGEX_DOTALL)
        options |= PCRE2_DOTALL;
    return options;
}

static int compile_failed(int code, size_t offset, struct err *err)
{
    char message[160] = "";

    (void)pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof(message));
    (void)err_fail(err, CE_SYNTAX, ERR_SIGMA_REGULAR_EXPRESSION_AT_CHARACTER, message, offset + 1);
    if (err != NULL)
        err->offset = offset;
    return -CE_SYNTAX;
}

static pcre2_code *regex_compile(const struct regex *r, uint32_t options, int *ret_code,
                                 size_t *ret_offset)
{
    pcre2_code *code = pcre2_compile(r->text.p, r->text.n, options, ret_code, ret_offset, NULL);

    /* without machine code the interpreter does it */
    if (code != NULL && r->jit)
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

/* Compiles what nobody has needed so far; of two threads that do so the first one's stays. */
static CANH_COLD const pcre2_code *make_code(const struct regex *r, unsigned kind)
{
    uint32_t options = r->options;
    pcre2_code *there = NULL, *code;
    size_t offset;
    int why;

    if (kind == CODE_ASCII)
        options &= ~(PCRE2_UTF | PCRE2_MATCH_INVALID_UTF);
    code = regex_compile(r, options, &why, &offset);
    if (code == NULL || atomic_compare_exchange_strong(&r->codes->of[kind], &there, code))
        return code;
    pcre2_code_free(code);
    return there;
}

static const pcre2_code *code_of(const struct regex *r, unsigned kind)
{
    const pcre2_code *code = atomic_load_explicit(&r->codes->of[kind], memory_order_acquire);

    return code ? code : make_code(r, kind);
}

/* NULL without memory. */
static const pcre2_code *code_for(const struct regex *r, bool ascii)
{
    const pcre2_code *code;

    if (!ascii || atomic_load_explicit(&r->codes->utf_only, memory_order_relaxed))
        return code_of(r, CODE_UTF);
    code = code_of(r, CODE_ASCII);
    if (code != NULL)
        return code;
    /* (*UTF), \x{100} and the like refuse to compile without UTF, which is then as it should be */
    atomic_store_explicit(&r->codes->utf_only, true, memory_order_relaxed);
    return code_of(r, CODE_UTF);
}

/* The text is copied. NULL without memory. */
static struct regex *regex_of(struct slice text, uint32_t options, bool jit)
{
    struct regex *r = calloc(1, sizeof(*r) + sizeof(struct codes) + text.n);
    uint8_t *copy;

    if (r == NULL)
        return NULL;
    r->codes = (void *)(r + 1);
    copy = (uint8_t *)(r->codes + 1);
    if (text.n)
        memcpy(copy, text.p, text.n);
    r->text = slice_of(copy, text.n);
    r->options = options;
    r->jit = jit;
    atomic_init(&r->codes->utf_only, !is_ascii(text));
    return r;
}

static int new_regex(struct slice text, uint32_t options, bool jit, struct regex **ret,
                     struct err *err)
{
    struct regex *r;
    pcre2_code *made;
    size_t offset = 0;
    int code = 0;

    if (text.n > REGEX_TEXT_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_SIGMA_REGULAR_EXPRESSION_LONGER_THAN_BYTES,
                        REGEX_TEXT_MAX);
    r = regex_of(text, options, jit);
    if (r == NULL)
        return err_nomem(err);
    made = regex_compile(r, options, &code, &offset);
    if (made == NULL) {
        free(r);
        return compile_failed(code, offset, err);
    }
    atomic_init(&r->codes->of[CODE_UTF], made);
    *ret = r;
    return 0;
}

int regex_new(struct slice text, unsigned flags, bool jit, struct regex **ret, struct err *err)
{
    return new_regex(text, compile_options(flags), jit, ret, err);
}

struct regex *regex_new_checked(struct slice text, unsigned flags, bool jit)
{
    return regex_of(text, compile_options(flags), jit);
}

int regex_new_grouped(struct slice text, struct regex **ret, struct err *err)
{
    struct regex *x = NULL;
    int r = new_regex(text, compile_options(0) | PCRE2_UCP, false, &x, err);
    const pcre2_code *code;

    if (r < 0)
        return r;
    code = code_of(x, CODE_UTF);
    (void)pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &x->groups);
    (void)pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &x->names);
    (void)pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &x->name_size);
    (void)pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &x->table);
    if (x->groups >= REGEX_GROUPS_MAX) {
        regex_free(x);
        return err_fail(err, CE_TOO_BIG, ERR_SIGMA_REGULAR_EXPRESSION_MORE_THAN_GROUPS,
                        REGEX_GROUPS_MAX - 1);
    }
    *ret = x;
    return 0;
}

struct regex *regex_free(struct regex *r)
{
    for (unsigned i = 0; r != NULL && i < CODES; i++)
        pcre2_code_free(atomic_load_explicit(&r->codes->of[i], memory_order_relaxed));
    free(r);
    return NULL;
}

struct regex_context *regex_context_new(uint32_t groups)
{
    struct regex_context *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->match = pcre2_match_context_create(NULL);
    c->data = pcre2_match_data_create(groups, NULL);
    if (c->match == NULL || c->data == NULL)
        return regex_context_free(c);
    (void)pcre2_set_match_limit(c->match, REGEX_MATCH_LIMIT);
    (void)pcre2_set_depth_limit(c->match, REGEX_DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(c->match, REGEX_HEAP_KIB);
    return c;
}

struct regex_context *regex_context_free(struct regex_context *c)
{
    if (c != NULL) {
        pcre2_match_data_free(c->data);
        pcre2_match_context_free(c->match);
        free(c);
    }
    return NULL;
}

enum regex_result regex_search(const struct regex *r, struct regex_context *c, struct slice text,
                               bool ascii)
{
    const pcre2_code *code = code_for(r, ascii);
    const uint8_t *p = text.p ? text.p : (const uint8_t *)"";
    int n = code ? pcre2_match(code, p, text.n, 0, 0, c->data, c->match) : PCRE2_ERROR_NOMEMORY;

    if (n >= 0)
        return REGEX_MATCH;
    return n == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_GAVE_UP;
}

uint32_t regex_groups(const struct regex *rx)
{
    return rx->groups;
}

uint32_t regex_names(const struct regex *rx)
{
    return rx->names;
}

int regex_each_name(const struct regex *rx, int (*fn)(void *ctx, struct slice name, uint32_t group),
                    void *ctx)
{
    for (uint32_t i = 0; i < rx->names; i++) {
        PCRE2_SPTR row = rx->table + (size_t)i * rx->name_size;
        int r = fn(ctx, slice_str((const char *)row + 2), (uint32_t)row[0] << 8 | row[1]);

        if (r != 0)
            return r;
    }
    return 0;
}

struct find_name {
    struct slice name;
    int group;
};

static int same_name(void *ctx, struct slice name, uint32_t group)
{
    struct find_name *f = ctx;

    if (!slice_eq(f->name, name))
        return 0;
    f->group = (int)group;
    return 1;
}

int regex_group(const struct regex *rx, struct slice name)
{
    struct find_name f = {name, -1};

    (void)regex_each_name(rx, same_name, &f);
    return f.group;
}

int regex_find(const struct regex *r, struct regex_context *c, struct slice text, size_t from,
               bool anchored, const size_t **ret)
{
    PCRE2_SPTR p = text.p != NULL ? text.p : (PCRE2_SPTR) "";
    const pcre2_code *code = code_of(r, CODE_UTF);
    int n = pcre2_match(code, p, text.n, from, anchored ? PCRE2_ANCHORED : 0, c->data, c->match);

    if (n == PCRE2_ERROR_NOMATCH)
        return 0;
    if (n < 0)
        return n == PCRE2_ERROR_NOMEMORY ? -CE_NOMEM : -CE_TOO_BIG;
    *ret = pcre2_get_ovector_pointer(c->data);
    return 1;
}
