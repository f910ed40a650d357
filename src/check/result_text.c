/* SPDX-License-Identifier: Apache-2.0 */
#include "check/result_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf.h"
#include "lang/msg_check.h"

enum { ARG_BYTES = 200, ARGS_MAX = 4, TOLD_MAX = 4000 };

static const struct {
    const char *code, *kinds; /* kinds of its arguments */
    msg_id text;
} table[RESULT_MAX] = {
#define X(name, ...) [name] = {__VA_ARGS__},
    RESULT_TEXTS(X)
#undef X
};

static void write_text(struct buf *out, struct slice text)
{
    struct slice cut = slice_head(text, ARG_BYTES);
    unsigned len;

    for (size_t i = 0; i < cut.n; i += len) {
        uint32_t c = utf8_decode(text.p + i, text.n - i, &len);

        if (i + len > cut.n)
            break;
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c >= UTF_INVALID)
            buf_putc(out, c == '\t' || c == '\n' ? ' ' : '.');
        else
            buf_append(out, text.p + i, len);
    }
    if (cut.n < text.n)
        buf_puts(out, "…");
}

void result_text_write(struct buf *out, enum result_text code, const struct result_arg *args,
                       size_t count)
{
    if (out->len)
        buf_putc(out, '\n');
    buf_puts(out, table[code].code);
    for (size_t i = 0; i < count; i++) {
        buf_putc(out, '\t');
        if (args[i].text)
            write_text(out, slice_str(args[i].text));
        else
            buf_printf(out, "%.*f", (int)args[i].digits, args[i].number);
    }
}

static enum result_text code_of(struct slice word)
{
    for (unsigned i = RESULT_NONE + 1; i < RESULT_MAX; i++) {
        if (slice_is(word, table[i].code))
            return (enum result_text)i;
    }
    return RESULT_NONE;
}

/* A number as the language writes it; its point is the only one. */
static void write_number(struct buf *out, enum lang lang, struct slice number)
{
    for (size_t i = 0; i < number.n; i++)
        buf_putc(out, number.p[i] == '.' ? (uint8_t)lang_decimal_sign(lang) : number.p[i]);
}

/* The text of a code with each %s replaced by the argument in its turn. */
static void write_line(struct buf *out, enum lang lang, enum result_text code, struct slice *args,
                       size_t n)
{
    const char *kinds = table[code].kinds;
    struct slice text = slice_str(lang_text(lang, table[code].text));
    size_t at, i = 0;

    while ((at = slice_find(text, SLICE("%s"))) != SIZE_MAX) {
        buf_append_slice(out, slice_head(text, at));
        text = slice_from(text, at + 2);
        if (i < n && i < strlen(kinds) && kinds[i] == 'n')
            write_number(out, lang, args[i]);
        else if (i < n)
            buf_append_slice(out, args[i]);
        i++;
    }
    buf_append_slice(out, text);
}

void result_text_write_words(struct buf *out, enum lang lang, struct slice text)
{
    struct slice line;
    bool first = true;

    while (text.n && slice_cut(&text, '\n', &line)) {
        struct slice args[ARGS_MAX], whole = line, word;
        size_t n = 0;
        enum result_text code;

        (void)slice_cut(&line, '\t', &word);
        code = code_of(word);
        while (n < ARGS_MAX && line.n && slice_cut(&line, '\t', &args[n]))
            n++;
        if (!first && code != RESULT_DETAIL)
            buf_puts(out, "; ");
        first = false;
        if (code == RESULT_NONE)
            buf_append_slice(out, whole);
        else
            write_line(out, lang, code, args, n);
    }
}

struct slice result_text_words(struct arena *arena, enum lang lang, struct slice text)
{
    struct buf out = BUF_INIT(TOLD_MAX);
    struct slice ret;

    result_text_write_words(&out, lang, text);
    ret = arena_dup(arena, buf_slice(&out));
    buf_done(&out);
    return ret.p ? ret : SLICE("");
}
