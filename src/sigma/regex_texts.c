/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf.h"
#include "sigma/find.h"
#include "sigma/regex.h"

static bool is_meta(uint8_t c)
{
    return c != 0 && strchr("^$.|?*+()[]{}\\", c) != NULL;
}

/* A quantifier that lets what is before it be absent or repeat. */
static bool is_quantifier(struct slice s, size_t at)
{
    return at < s.n && s.p[at] != 0 && strchr("?*+{", s.p[at]) != NULL;
}

/* The index behind a bracketed class or group that starts at `at`; s.n when it never ends. */
static size_t skip_nested(struct slice s, size_t at)
{
    unsigned depth = 0;
    bool in_class = false;

    for (; at < s.n; at++) {
        uint8_t c = s.p[at];

        if (c == '\\') {
            at++;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
            /* a bracket that comes first stands for itself */
            at += at + 1 < s.n && s.p[at + 1] == '^';
            at += at + 1 < s.n && s.p[at + 1] == ']';
        } else if (c == '(') {
            depth++;
        } else if (c == ')') {
            depth--;
        }
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

/* Options inside a pattern that change how the rest is to be read, and verbs. */
static bool reads_differently(struct slice s)
{
    if (slice_find(s, SLICE("(*")) != SIZE_MAX || slice_find(s, SLICE("\\Q")) != SIZE_MAX ||
        slice_find(s, SLICE("[[")) != SIZE_MAX)
        return true;
    for (size_t at = 0; at + 2 < s.n; at++) {
        if (s.p[at] != '(' || s.p[at + 1] != '?')
            continue;
        /* (?i) and (?i: are fine, case does not matter here; x makes blanks and # comments */
        for (size_t k = at + 2; k < s.n && s.p[k] != ')' && s.p[k] != ':'; k++) {
            if (s.p[k] == 'x')
                return true;
            if (strchr("imsn-^", s.p[k]) == NULL)
                break;
        }
    }
    return false;
}

static void end_run(struct buf *out, struct buf *run)
{
    if (run->len > 0) {
        if (out->len > 0)
            buf_putc(out, 0);
        buf_append_slice(out, buf_slice(run));
    }
    buf_clear(run);
}

/*
 * One step at `at`: 1 and the character when it stands for itself, 0 when something else is
 * skipped, -1 when the rest cannot be read. *ret_next is the index behind it.
 */
static int read_literal(struct slice s, size_t at, uint8_t *ret_c, size_t *ret_next)
{
    uint8_t c = s.p[at];

    *ret_next = at + 1;
    *ret_c = c;
    if (c == '\\') {
        if (at + 1 == s.n)
            return -1;
        *ret_next = at + 2;
        *ret_c = s.p[at + 1];
        if (is_meta(*ret_c) || strchr("/\"'`%&-_~!@#:;<>=, ", *ret_c) != NULL)
            return *ret_c == 0 ? -1 : 1;
        /* classes of one letter; others (\x41, \cA …) may take letters along */
        return strchr("dDwWsSbBhHvVRAzZ", *ret_c) != NULL ? 0 : -1;
    }
    if (c == '(' || c == '[') {
        *ret_next = skip_nested(s, at);
        return 0;
    }
    if (c == '{') {
        while (*ret_next < s.n && s.p[*ret_next - 1] != '}')
            ++*ret_next;
        return 0;
    }
    return !is_meta(c) && c < 0x80 && c != 0;
}

void regex_required_texts(struct slice s, struct buf *out)
{
    struct buf run = BUF_INIT(REGEX_TEXT_MAX);
    size_t next;

    if (reads_differently(s) || has_alternation(s))
        s.n = 0;
    for (size_t at = 0; at < s.n; at = next) {
        uint8_t c;
        int literal = read_literal(s, at, &c, &next);

        if (literal < 0)
            break;
        if (literal == 0 || is_quantifier(s, next)) {
            /* x+ stands at least once; x* and x? may be absent, and so may x{0,2} */
            if (literal == 1 && s.p[next] == '+')
                buf_putc(&run, c);
            end_run(out, &run);
        } else {
            buf_putc(&run, c);
        }
    }
    end_run(out, &run);
    buf_done(&run);
}

bool regex_is_texts(struct slice s, struct buf *out)
{
    struct buf run = BUF_INIT(REGEX_TEXT_MAX);
    bool only_texts = s.n > 0;
    size_t next;

    for (size_t at = 0; at < s.n && only_texts; at = next) {
        uint8_t c;

        if (slice_starts(slice_from(s, at), SLICE(".*"))) {
            next = at + 2 + (at + 2 < s.n && s.p[at + 2] == '?');
            only_texts = !is_quantifier(s, next);
            end_run(out, &run);
            continue;
        }
        only_texts = read_literal(s, at, &c, &next) == 1 && !is_quantifier(s, next);
        buf_putc(&run, c);
    }
    end_run(out, &run);
    buf_done(&run);
    return only_texts && out->len > 0 && out->err == 0;
}

int regex_texts_pattern(struct arena *arena, struct slice texts, struct pattern *ret)
{
    struct part *parts = arena_new_array(arena, 2 * texts.n + 3, struct part);
    struct slice text;
    uint32_t n = 0;

    if (parts == NULL)
        return -CE_NOMEM;
    parts[n++].kind = PART_ANY;
    while (texts.n && slice_cut(&texts, 0, &text)) {
        parts[n++] = (struct part){PART_TEXT, text};
        parts[n++].kind = PART_ANY;
    }
    *ret = (struct pattern){parts, n};
    return 0;
}

/* Without REGEX_DOTALL . stops at a line's end. */
bool regex_texts_match(const struct pattern *texts, unsigned flags, struct slice text)
{
    struct slice line;

    if (flags & REGEX_DOTALL)
        return glob_match(texts, text);
    while (slice_cut(&text, '\n', &line)) {
        if (glob_match(texts, line))
            return true;
    }
    return false;
}
