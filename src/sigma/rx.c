/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/rx.h"

#include "lang/err_sigma.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 4096, NEST_LIMIT = 50 };

struct rx {
    pcre2_code *code;
    struct rx *next;
    uint32_t groups, names, name_size;
    PCRE2_SPTR table; /* of names: number (two bytes), name, zero */
};

struct rx_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
};

static int bad_pattern(int code, unsigned line, unsigned col, size_t at, struct err *err)
{
    PCRE2_UCHAR text[160];

    if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
        text[0] = 0;
    return err_fail_at(err, CE_SYNTAX, line, col, ERR_SIGMA_REGULAR_EXPRESSION_AT_CHARACTER_2,
                       at + 1, (const char *)text);
}

static pcre2_code *sigma_rx_compile(struct slice pattern, int *code, size_t *at)
{
    const uint32_t options =
        PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_code *compiled = NULL;

    *code = PCRE2_ERROR_NOMEMORY;
    *at = 0;
    if (context == NULL)
        return NULL;
    if (pcre2_set_parens_nest_limit(context, NEST_LIMIT) == 0 &&
        pcre2_set_max_pattern_length(context, RX_PATTERN_MAX) == 0)
        compiled = pcre2_compile(pattern.p, pattern.n, options, code, at, context);
    pcre2_compile_context_free(context);
    return compiled;
}

int rx_compile(struct arena *arena, struct slice pattern, unsigned line, unsigned col,
               struct rx **list, const struct rx **ret, struct err *err)
{
    struct rx *rx = arena_new(arena, struct rx);
    size_t at;
    int code;

    if (rx == NULL)
        return err_nomem(err);
    rx->code = sigma_rx_compile(pattern, &code, &at);
    if (rx->code == NULL)
        return bad_pattern(code, line, col, at, err);
    rx->next = *list;
    *list = rx;
    (void)pcre2_pattern_info(rx->code, PCRE2_INFO_CAPTURECOUNT, &rx->groups);
    (void)pcre2_pattern_info(rx->code, PCRE2_INFO_NAMECOUNT, &rx->names);
    (void)pcre2_pattern_info(rx->code, PCRE2_INFO_NAMEENTRYSIZE, &rx->name_size);
    (void)pcre2_pattern_info(rx->code, PCRE2_INFO_NAMETABLE, &rx->table);
    if (rx->groups >= RX_GROUPS_MAX)
        return err_fail_at(err, CE_TOO_BIG, line, col,
                           ERR_SIGMA_REGULAR_EXPRESSION_MORE_THAN_GROUPS, RX_GROUPS_MAX - 1);
    *ret = rx;
    return 0;
}

void rx_free_all(struct rx *list)
{
    for (; list != NULL; list = list->next)
        pcre2_code_free(list->code);
}

uint32_t rx_groups(const struct rx *rx)
{
    return rx->groups;
}

uint32_t rx_names(const struct rx *rx)
{
    return rx->names;
}

int rx_each_name(const struct rx *rx, int (*fn)(void *ctx, struct slice name, uint32_t group),
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

int rx_group(const struct rx *rx, struct slice name)
{
    struct find_name f = {name, -1};

    (void)rx_each_name(rx, same_name, &f);
    return f.group;
}

struct rx_scratch *rx_scratch_free(struct rx_scratch *s)
{
    if (s != NULL) {
        pcre2_match_data_free(s->data);
        pcre2_match_context_free(s->context);
        free(s);
    }
    return NULL;
}

struct rx_scratch *rx_scratch_new(void)
{
    struct rx_scratch *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->data = pcre2_match_data_create(RX_GROUPS_MAX, NULL);
    s->context = pcre2_match_context_create(NULL);
    if (s->data == NULL || s->context == NULL)
        return rx_scratch_free(s);
    (void)pcre2_set_match_limit(s->context, MATCH_LIMIT);
    (void)pcre2_set_depth_limit(s->context, DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
    return s;
}

int rx_search(struct rx_scratch *s, const struct rx *rx, struct slice text, size_t from,
              bool anchored, const size_t **ret)
{
    PCRE2_SPTR p = text.p != NULL ? text.p : (PCRE2_SPTR) "";
    int r =
        pcre2_match(rx->code, p, text.n, from, anchored ? PCRE2_ANCHORED : 0, s->data, s->context);

    if (r == PCRE2_ERROR_NOMATCH)
        return 0;
    if (r < 0)
        return r == PCRE2_ERROR_NOMEMORY ? -CE_NOMEM : -CE_TOO_BIG;
    *ret = pcre2_get_ovector_pointer(s->data);
    return 1;
}
