/* SPDX-License-Identifier: Apache-2.0 */
/* replace_string: regular expressions over values, as Python's re.sub(). */

#include "base/ascii.h"
#include "base/num.h"
#include "base/utf.h"
#include "lang/err_sigma.h"
#include "sigma/pipeline_internal.h"

/* A group's number from "<name>" or "<1>"; the reference is cut off *rest. */
static int group_reference(const struct regex *rx, struct slice *rest)
{
    size_t end = slice_find_byte(*rest, '>');
    struct slice name;
    uint64_t n;

    if (rest->n == 0 || rest->p[0] != '<' || end == SIZE_MAX)
        return -1;
    name = slice_of(rest->p + 1, end - 1);
    *rest = slice_from(*rest, end + 1);
    if (num_u64(name, &n) == 0)
        return n <= regex_groups(rx) ? (int)n : -1;
    return regex_group(rx, name);
}

struct template_sink {
    void *ctx;
    void (*text)(void *ctx, struct slice text);
    void (*group)(void *ctx, int group);
};

/* One escape of a replacement, behind its backslash; false when it means nothing. */
static bool template_escape(struct slice *rest, const struct regex *rx,
                            const struct template_sink *to)
{
    static const char letters[] = "ntrafv", meant[] = "\n\t\r\a\f\v";
    uint8_t c = rest->p[0];
    const char *at;
    int group;

    *rest = slice_from(*rest, 1);
    if (c == 'g') {
        group = group_reference(rx, rest);
    } else if (c >= '1' && c <= '9') {
        group = c - '0';
        if (rest->n > 0 && ascii_is_digit(rest->p[0])) {
            group = group * 10 + (rest->p[0] - '0');
            *rest = slice_from(*rest, 1);
        }
    } else if (ascii_is_alnum(c)) {
        at = c != 0 ? strchr(letters, c) : NULL;
        if (at != NULL)
            to->text(to->ctx, slice_of(meant + (at - letters), 1));
        return at != NULL;
    } else {
        to->text(to->ctx, c == '\\' ? slice_of(rest->p - 1, 1) : slice_of(rest->p - 2, 2));
        return true;
    }
    if (group < 0 || (uint32_t)group > regex_groups(rx))
        return false;
    to->group(to->ctx, group);
    return true;
}

/* Python's replacement: \1, \g<1>, \g<name>, \\, \n …; false when it is not well-formed. */
static bool template_expand(struct slice text, const struct regex *rx,
                            const struct template_sink *to)
{
    for (;;) {
        size_t n = slice_find_byte(text, '\\');

        if (n != 0 && text.n > 0)
            to->text(to->ctx, slice_head(text, n));
        if (n == SIZE_MAX)
            return true;
        text = slice_from(text, n + 1);
        if (text.n == 0 || !template_escape(&text, rx, to))
            return false;
    }
}

static void ignore_text(void *ctx, struct slice text)
{
    (void)ctx, (void)text;
}

static void ignore_group(void *ctx, int group)
{
    (void)ctx, (void)group;
}

static int parse_replace(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct template_sink ignore = {NULL, ignore_text, ignore_group};
    int r;

    if ((r = load_text(l, n, "replacement", &it->regex.text)) < 0 ||
        (r = load_bool(l, n, "skip_special", &it->regex.skip_special)) < 0 ||
        (r = load_bool(l, n, "interpret_special", &it->regex.interpret)) < 0 ||
        (r = load_regex(l, yaml_get(n, "regex"), &it->regex.regex)) < 0)
        return r;
    if (!template_expand(it->regex.text, it->regex.regex, &ignore))
        return load_bad(l, yaml_get(n, "replacement"), ERR_SIGMA_ESCAPE_NONE_OR_GROUP_EXPRESSION);
    return 0;
}

struct replace_ctx {
    const struct plain *from;
    struct plain *to;
    const size_t *groups;
    struct buf special; /* text of the replacement, gathered until a group comes */
    bool literal;
};

static void flush_special(struct replace_ctx *re)
{
    if (re->literal)
        plain_write_literal(re->to, buf_slice(&re->special));
    else
        plain_write_special(re->to, buf_slice(&re->special));
    buf_clear(&re->special);
}

static void write_text(void *ctx, struct slice text)
{
    buf_append_slice(&((struct replace_ctx *)ctx)->special, text);
}

static void write_group(void *ctx, int group)
{
    struct replace_ctx *re = ctx;

    flush_special(re);
    if (re->groups[2 * group] != SIZE_MAX)
        plain_write_range(re->to, re->from, re->groups[2 * group], re->groups[2 * group + 1]);
}

static size_t char_len(struct slice text, size_t at)
{
    unsigned n = 1;

    if (at < text.n)
        (void)utf8_decode(text.p + at, text.n - at, &n);
    return n;
}

/* Every match in `from`, as re.sub() does it; 1 when there was one. */
static int replace_all(struct apply *a, const struct plain *from, struct plain *to, bool literal)
{
    struct replace_ctx re = {from, to, NULL, BUF_INIT(PLAIN_MAX), literal};
    const struct template_sink sink = {&re, write_text, write_group};
    struct slice text = buf_slice(&from->text);
    size_t at = 0, done = 0;
    int r = 0, any = 0;

    while (at <= text.n && to->text.err == 0 &&
           (r = apply_rx(a, a->item->regex.regex, text, at, false, &re.groups)) > 0) {
        size_t start = re.groups[0], end = re.groups[1];

        any = 1;
        plain_write_range(to, from, done, start);
        (void)template_expand(a->item->regex.text, a->item->regex.regex, &sink);
        flush_special(&re);
        done = end;
        at = end > start ? end : end + char_len(text, end);
        if (apply_step(a) < 0) {
            r = -CE_TOO_BIG;
            break;
        }
    }
    plain_write_range(to, from, done, text.n);
    if (re.special.err != 0 && to->text.err == 0)
        to->text.err = re.special.err;
    buf_done(&re.special);
    return r < 0 ? r : any;
}

static int replace_whole(struct apply *a, const struct expr *leaf, const struct plain *text,
                         const struct expr **ret)
{
    struct plain to = PLAIN_INIT;
    int r = replace_all(a, text, &to, false);

    if (r > 0)
        r = plain_expr(a, leaf, &to, ret);
    plain_done(&to);
    return r;
}

/* skip_special: in each piece of text between wildcards, which stay. */
static int replace_parts(struct apply *a, const struct expr *leaf, const struct plain *text,
                         const struct expr **ret)
{
    struct plain from = PLAIN_INIT, to = PLAIN_INIT;
    size_t start = 0;
    int r = 0, any = 0;

    for (size_t i = 0; r >= 0 && i <= text->text.len; i++) {
        if (i < text->text.len && text->kind.p[i] != PLAIN_WILDCARD)
            continue;
        plain_clear(&from);
        for (size_t j = start; j < i; j++) /* as it is, without escapes */
            if (text->kind.p[j] == PLAIN_TEXT)
                plain_write_range(&from, text, j, j + 1);
        if (i > start && (r = replace_all(a, &from, &to, !a->item->regex.interpret)) > 0)
            any = 1;
        plain_write_range(&to, text, i, CANH_MIN(i + 1, text->text.len));
        start = i + 1;
    }
    if (r >= 0 && any)
        r = plain_expr(a, leaf, &to, ret);
    plain_done(&from);
    plain_done(&to);
    return CANH_MIN(r, 0);
}

static int replace_item(struct apply *a, const struct expr *item, struct slice field,
                        const struct expr **ret)
{
    (void)field;
    return texts_of_item(a, item, a->item->regex.skip_special ? replace_parts : replace_whole, true,
                         ret);
}

static int apply_replace(struct apply *a, const struct transform *it)
{
    (void)it;
    return walk_items(a, replace_item);
}

const struct transform_kind replace_transforms[] = {
    {"replace_string", TRANSFORM_ITEMS, "!regex !replacement skip_special interpret_special",
     parse_replace, apply_replace},
    {NULL, 0, NULL, NULL, NULL},
};
