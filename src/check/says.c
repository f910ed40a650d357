/* SPDX-License-Identifier: Apache-2.0 */
#include "check/says.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf.h"
#include "lang/msg_check.h"

enum { ARG_BYTES = 200, ARGS_MAX = 4, TOLD_MAX = 4000 };

/* kinds: of the arguments, s a text, n a number. Codes are kept: never rename. */
static const struct {
    const char *code, *kinds;
    msg_id text;
} table[SAYS_MAX] = {
    [SAYS_PAGE] = {"page", "nn", MSG_CHECK_PAGE},
    [SAYS_MAIL] = {"mail", "n", MSG_CHECK_MAIL},
    [SAYS_CONNECTED] = {"connected", "n", MSG_CHECK_CONNECTED},
    [SAYS_ADDRESSES] = {"addresses", "nn", MSG_CHECK_ADDRESSES},
    [SAYS_PINGS] = {"pings", "nnn", MSG_CHECK_PINGS},
    [SAYS_FILE] = {"file", "snn", MSG_CHECK_FILE},
    [SAYS_PLUGIN] = {"plugin", "s", MSG_CHECK_PLUGIN},
    [SAYS_OTHER_STATUS] = {"other-status", "s", MSG_CHECK_OTHER_STATUS},
    [SAYS_NO_TEXT] = {"no-text", "", MSG_CHECK_NO_TEXT},
    [SAYS_SLOW] = {"slow", "", MSG_CHECK_SLOW},
    [SAYS_CERT_ENDS] = {"cert-ends", "n", MSG_CHECK_CERT_ENDS},
    [SAYS_CERT_ENDED] = {"cert-ended", "n", MSG_CHECK_CERT_ENDED},
    [SAYS_CHAIN_ENDS] = {"chain-ends", "sn", MSG_CHECK_CHAIN_ENDS},
    [SAYS_CHAIN_ENDED] = {"chain-ended", "sn", MSG_CHECK_CHAIN_ENDED},
    [SAYS_DOWNGRADED] = {"downgraded", "", MSG_CHECK_DOWNGRADED},
    [SAYS_BARED] = {"bared", "", MSG_CHECK_BARED},
    [SAYS_OTHER_HOST] = {"other-host", "s", MSG_CHECK_OTHER_HOST},
    [SAYS_NO_ANSWER] = {"no-answer", "", MSG_CHECK_NO_ANSWER},
    [SAYS_LOST] = {"lost", "", MSG_CHECK_LOST},
    [SAYS_NOT_AMONG] = {"not-among", "s", MSG_CHECK_NOT_AMONG},
    [SAYS_TOO_OLD] = {"too-old", "s", MSG_CHECK_TOO_OLD},
    [SAYS_TOO_SMALL] = {"too-small", "s", MSG_CHECK_TOO_SMALL},
    [SAYS_FUTURE] = {"future", "", MSG_CHECK_FUTURE},
    [SAYS_NO_NAME] = {"no-name", "", MSG_CHECK_NO_NAME},
    [SAYS_NO_RESOLVER] = {"no-resolver", "", MSG_CHECK_NO_RESOLVER},
    [SAYS_REFUSED] = {"refused", "", MSG_CHECK_REFUSED},
    [SAYS_UNREACHABLE] = {"unreachable", "", MSG_CHECK_UNREACHABLE},
    [SAYS_TIMEOUT] = {"timeout", "", MSG_CHECK_TIMEOUT},
    [SAYS_UNTRUSTED] = {"untrusted", "", MSG_CHECK_UNTRUSTED},
    [SAYS_TLS] = {"tls", "", MSG_CHECK_TLS},
    [SAYS_NO_STARTTLS] = {"no-starttls", "", MSG_CHECK_NO_STARTTLS},
    [SAYS_REDIRECTS] = {"redirects", "", MSG_CHECK_REDIRECTS},
    [SAYS_NEAR] = {"near", "", MSG_CHECK_NEAR},
    [SAYS_BAD_ANSWER] = {"bad-answer", "", MSG_CHECK_BAD_ANSWER},
    [SAYS_NO_FILE] = {"no-file", "s", MSG_CHECK_NO_FILE},
    [SAYS_FAILED] = {"failed", "", MSG_CHECK_FAILED},
    [SAYS_DETAIL] = {"detail", "s", MSG_CHECK_DETAIL},
    [SAYS_UNUSABLE] = {"unusable", "s", MSG_CHECK_UNUSABLE},
    [SAYS_NO_PINGS] = {"no-pings", "", MSG_CHECK_NO_PINGS},
    [SAYS_NOT_RUN] = {"not-run", "", MSG_CHECK_NOT_RUN},
    [SAYS_PLUGIN_STATUS] = {"plugin-status", "ns", MSG_CHECK_PLUGIN_STATUS},
    [SAYS_PLUGIN_TIMEOUT] = {"plugin-timeout", "", MSG_CHECK_PLUGIN_TIMEOUT},
    [SAYS_PLUGIN_ELSEWHERE] = {"plugin-elsewhere", "", MSG_CHECK_PLUGIN_ELSEWHERE},
    [SAYS_PLUGIN_WRITABLE] = {"plugin-writable", "", MSG_CHECK_PLUGIN_WRITABLE},
    [SAYS_LOST_RESULT] = {"lost-result", "", MSG_CHECK_LOST_RESULT},
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

void says_write(struct buf *out, enum says code, const struct says_arg *args, size_t count)
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

static enum says code_of(struct slice word)
{
    for (unsigned i = SAYS_NONE + 1; i < SAYS_MAX; i++) {
        if (slice_is(word, table[i].code))
            return (enum says)i;
    }
    return SAYS_NONE;
}

/* A number as the language writes it; its point is the only one. */
static void write_number(struct buf *out, enum lang lang, struct slice number)
{
    for (size_t i = 0; i < number.n; i++)
        buf_putc(out, number.p[i] == '.' ? (uint8_t)lang_decimal_sign(lang) : number.p[i]);
}

/* The text of a code with each %s replaced by the argument in its turn. */
static void write_line(struct buf *out, enum lang lang, enum says code, struct slice *args,
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

void says_write_words(struct buf *out, enum lang lang, struct slice text)
{
    struct slice line;
    bool first = true;

    while (text.n && slice_cut(&text, '\n', &line)) {
        struct slice args[ARGS_MAX], whole = line, word;
        size_t n = 0;
        enum says code;

        (void)slice_cut(&line, '\t', &word);
        code = code_of(word);
        while (n < ARGS_MAX && line.n && slice_cut(&line, '\t', &args[n]))
            n++;
        if (!first && code != SAYS_DETAIL)
            buf_puts(out, "; ");
        first = false;
        if (code == SAYS_NONE)
            buf_append_slice(out, whole);
        else
            write_line(out, lang, code, args, n);
    }
}

struct slice says_text(struct arena *arena, enum lang lang, struct slice text)
{
    struct buf out = BUF_INIT(TOLD_MAX);
    struct slice ret;

    says_write_words(&out, lang, text);
    ret = arena_dup(arena, buf_slice(&out));
    buf_done(&out);
    return ret.p ? ret : SLICE("");
}
