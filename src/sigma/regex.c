/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sigma/regex.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/utf.h"
#include "lang/err_sigma.h"

struct regex {
    pcre2_code *code;
    pcre2_code *ascii; /* the same without UTF, for ASCII text: no validation; NULL: none */
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

static pcre2_code *regex_compile(struct slice text, uint32_t options, bool jit, int *ret_code,
                                 size_t *ret_offset)
{
    pcre2_code *code = pcre2_compile(text.p ? text.p : (const uint8_t *)"", text.n, options,
                                     ret_code, ret_offset, NULL);

    /* without machine code the interpreter does it */
    if (code != NULL && jit)
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

static int new_regex(struct slice text, uint32_t options, bool jit, struct regex **ret,
                     struct err *err)
{
    struct regex *r;
    size_t offset = 0;
    int code = 0;

    if (text.n > REGEX_TEXT_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_SIGMA_REGULAR_EXPRESSION_LONGER_THAN_BYTES,
                        REGEX_TEXT_MAX);
    r = calloc(1, sizeof(*r));
    if (r == NULL)
        return err_nomem(err);
    r->code = regex_compile(text, options, jit, &code, &offset);
    if (r->code == NULL) {
        free(r);
        return compile_failed(code, offset, err);
    }
    *ret = r;
    return 0;
}

int regex_new(struct slice text, unsigned flags, bool jit, struct regex **ret, struct err *err)
{
    const uint32_t options = compile_options(flags);
    int code, r = new_regex(text, options, jit, ret, err);
    size_t offset;

    /* (*UTF), \x{100} and the like refuse to compile without UTF, which is then as it should be */
    if (r == 0 && is_ascii(text))
        (*ret)->ascii = regex_compile(text, options & ~(PCRE2_UTF | PCRE2_MATCH_INVALID_UTF), jit,
                                      &code, &offset);
    return r;
}

int regex_new_grouped(struct slice text, struct regex **ret, struct err *err)
{
    struct regex *x = NULL;
    int r = new_regex(text, compile_options(0) | PCRE2_UCP, false, &x, err);

    if (r < 0)
        return r;
    (void)pcre2_pattern_info(x->code, PCRE2_INFO_CAPTURECOUNT, &x->groups);
    (void)pcre2_pattern_info(x->code, PCRE2_INFO_NAMECOUNT, &x->names);
    (void)pcre2_pattern_info(x->code, PCRE2_INFO_NAMEENTRYSIZE, &x->name_size);
    (void)pcre2_pattern_info(x->code, PCRE2_INFO_NAMETABLE, &x->table);
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
    if (r != NULL) {
        pcre2_code_free(r->code);
        pcre2_code_free(r->ascii);
        free(r);
    }
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
    const pcre2_code *code = ascii && r->ascii ? r->ascii : r->code;
    const uint8_t *p = text.p ? text.p : (const uint8_t *)"";
    int n = pcre2_match(code, p, text.n, 0, 0, c->data, c->match);

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
    int n = pcre2_match(r->code, p, text.n, from, anchored ? PCRE2_ANCHORED : 0, c->data, c->match);

    if (n == PCRE2_ERROR_NOMATCH)
        return 0;
    if (n < 0)
        return n == PCRE2_ERROR_NOMEMORY ? -CE_NOMEM : -CE_TOO_BIG;
    *ret = pcre2_get_ovector_pointer(c->data);
    return 1;
}
