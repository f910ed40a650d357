/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sigma/regex.h"

#include <pcre2.h>
#include <stdlib.h>

#include "sigma/expr.h"

struct regex {
    pcre2_code *code;
    bool jit;
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
    (void)err_set(err, CE_SYNTAX, "regular expression: %s (at character %zu)", message, offset + 1);
    if (err != NULL)
        err->offset = offset;
    return -CE_SYNTAX;
}

int regex_new(struct slice text, unsigned flags, bool jit, struct regex **ret, struct err *err)
{
    struct regex *r;
    size_t offset = 0;
    int code = 0;

    if (text.n > REGEX_TEXT_MAX)
        return err_set(err, CE_TOO_BIG, "regular expression longer than %d bytes", REGEX_TEXT_MAX);
    r = calloc(1, sizeof(*r));
    if (r == NULL)
        return err_set(err, CE_NOMEM, "out of memory");
    r->code = pcre2_compile(text.p ? text.p : (const uint8_t *)"", text.n, compile_options(flags),
                            &code, &offset, NULL);
    if (r->code == NULL) {
        free(r);
        return compile_failed(code, offset, err);
    }
    r->jit = jit && pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
    *ret = r;
    return 0;
}

struct regex *regex_free(struct regex *r)
{
    if (r != NULL) {
        pcre2_code_free(r->code);
        free(r);
    }
    return NULL;
}

struct regex_context *regex_context_new(void)
{
    struct regex_context *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->match = pcre2_match_context_create(NULL);
    c->data = pcre2_match_data_create(1, NULL);
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

enum regex_result regex_search(const struct regex *r, struct regex_context *c, struct slice text)
{
    const uint8_t *p = text.p ? text.p : (const uint8_t *)"";
    int n = pcre2_match(r->code, p, text.n, 0, 0, c->data, c->match);

    if (n >= 0)
        return REGEX_MATCH;
    return n == PCRE2_ERROR_NOMATCH ? REGEX_NO_MATCH : REGEX_GAVE_UP;
}

static bool is_meta(uint8_t c)
{
    return strchr("^$.|?*+()[]{}\\", c) != NULL;
}

/* A quantifier behind a character that lets it be absent or repeat. */
static bool is_quantifier(struct slice s, size_t at)
{
    return at < s.n && strchr("?*+{", s.p[at]) != NULL && s.p[at] != 0;
}

/* The index behind a bracketed class or group that starts at `at`; s.n when it never ends. */
static size_t skip_nested(struct slice s, size_t at)
{
    unsigned depth = 0;
    bool in_class = false;

    for (; at < s.n; at++) {
        uint8_t c = s.p[at];

        if (c == '\\')
            at++;
        else if (in_class)
            in_class = c != ']';
        else if (c == '[')
            in_class = true;
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        if (depth == 0 && !in_class)
            return CANH_MIN(at + 1, s.n);
    }
    return s.n;
}

static bool has_alternation(struct slice s)
{
    for (size_t at = 0; at < s.n;) {
        if (s.p[at] == '|')
            return true;
        if (s.p[at] == '\\')
            at += 2;
        else if (s.p[at] == '(' || s.p[at] == '[')
            at = skip_nested(s, at);
        else
            at++;
    }
    return false;
}

static void keep_longer(struct buf *best, struct buf *run)
{
    if (run->len > best->len && run->err == 0) {
        buf_clear(best);
        buf_put_slice(best, buf_slice(run));
    }
    buf_clear(run);
}

void regex_required_text(struct slice s, struct buf *out)
{
    struct buf run = BUF_INIT(REGEX_TEXT_MAX), best = BUF_INIT(REGEX_TEXT_MAX);
    size_t at = 0;

    /* inline options may turn on extended syntax or quoting, which this look does not know */
    if (slice_find(s, SLICE("(?")) != SIZE_MAX || slice_find(s, SLICE("(*")) != SIZE_MAX ||
        slice_find(s, SLICE("\\Q")) != SIZE_MAX || has_alternation(s))
        at = s.n;
    while (at < s.n) {
        uint8_t c = s.p[at];
        size_t behind;

        if (c == '\\' && at + 1 < s.n && is_meta(s.p[at + 1])) {
            c = s.p[at + 1];
            behind = at + 2;
        } else if (!is_meta(c) && c < 0x80 && c != 0) {
            behind = at + 1;
        } else {
            /* \d, \x41, \cA …: letters that follow may belong to the escape, so stop there */
            if (c == '\\')
                break;
            keep_longer(&best, &run);
            at = c == '(' || c == '[' ? skip_nested(s, at) : at + 1;
            if (c == '{')
                while (at < s.n && s.p[at - 1] != '}')
                    at++;
            continue;
        }
        if (is_quantifier(s, behind)) {
            keep_longer(&best, &run);
            at = behind;
            continue;
        }
        buf_putc(&run, c);
        at = behind;
    }
    keep_longer(&best, &run);
    buf_put_slice(out, buf_slice(&best));
    buf_done(&run);
    buf_done(&best);
}
