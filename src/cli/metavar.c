/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/metavar.h"

#include <string.h>

#include "base/slice.h"
#include "lang/msg_cli.h"

static const struct {
    const char *word;
    msg_id text;
} metavars[] = {
    {"FILE", MSG_CLI_WORD_FILE},
    {"DIR", MSG_CLI_WORD_DIR},
    {"FOLDER", MSG_CLI_WORD_FOLDER},
    {"CODE", MSG_CLI_WORD_CODE},
    {"NAME", MSG_CLI_WORD_NAME},
    {"TEXT", MSG_CLI_WORD_TEXT},
    {"TIME", MSG_CLI_WORD_TIME},
    {"SPAN", MSG_CLI_WORD_SPAN},
    {"DATE", MSG_CLI_WORD_DATE},
    {"KIND", MSG_CLI_WORD_KIND},
    {"FIELD", MSG_CLI_WORD_FIELD},
    {"YEAR", MSG_CLI_WORD_YEAR},
    {"MONTH", MSG_CLI_WORD_MONTH},
    {"SEQ", MSG_CLI_WORD_SEQ},
    {"HASH", MSG_CLI_WORD_HASH},
    {"PORT", MSG_CLI_WORD_PORT},
    {"PATH", MSG_CLI_WORD_PATH},
    {"MINUTES", MSG_CLI_WORD_MINUTES},
    {"DAYS", MSG_CLI_WORD_DAYS},
    {"ALERT", MSG_CLI_WORD_ALERT},
    {"ADDRESS", MSG_CLI_WORD_ADDRESS},
    {"NUMBER", MSG_CLI_WORD_NUMBER},
    {"FORM", MSG_CLI_WORD_FORM},
    {"QUERY", MSG_CLI_WORD_QUERY},
    {"WORD", MSG_CLI_WORD_WORD},
    {"EVENT", MSG_CLI_WORD_EVENT},
    {"OBLIGATION", MSG_CLI_WORD_OBLIGATION},
    {"PART", MSG_CLI_WORD_PART},
    {"LOGIN", MSG_CLI_WORD_LOGIN},
    {"SHEET", MSG_CLI_WORD_SHEET},
    {"TARGET", MSG_CLI_WORD_TARGET},
    {"OUTAGE", MSG_CLI_WORD_OUTAGE},
    {"OFFSET", MSG_CLI_WORD_OFFSET},
    {"KEY", MSG_CLI_WORD_KEY},
    {"LOG", MSG_CLI_WORD_LOG},
    {"ARCHIVE", MSG_CLI_WORD_ARCHIVE},
    {"VALUE", MSG_CLI_WORD_VALUE},
    {"ZONE", MSG_CLI_WORD_ZONE},
    {"HOURS", MSG_CLI_WORD_HOURS},
    {"CLASS", MSG_CLI_WORD_CLASS},
    {"RULE", MSG_CLI_WORD_RULE},
    {"HEADING", MSG_CLI_WORD_HEADING},
    {"POST", MSG_CLI_WORD_POST},
};

static size_t count_capitals(const char *s)
{
    size_t n = 0;

    while (s[n] >= 'A' && s[n] <= 'Z')
        n++;
    return n;
}

static void write_one(struct buf *out, enum lang lang, struct slice word)
{
    for (size_t i = 0; i < CANH_LEN(metavars); i++) {
        if (slice_is(word, metavars[i].word)) {
            buf_puts(out, lang_text(lang, metavars[i].text));
            return;
        }
    }
    buf_append_slice(out, word);
}

void metavar_write(struct buf *out, enum lang lang, const char *words)
{
    while (*words) {
        size_t n = count_capitals(words);

        if (n > 0)
            write_one(out, lang, slice_of(words, n));
        else
            buf_putc(out, *words);
        words += n > 0 ? n : 1;
    }
}
