/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/lang.h"

#include <stdarg.h>
#include <string.h>

/* Everything but its texts that a language has of its own; its name also begins its locales. */
static const struct {
    char thousands, decimal;
} languages[LANG_MAX] = {
    [LANG_VI] = {'.', ','},
    [LANG_EN] = {',', '.'},
};

const char *const lang_names[LANG_MAX + 1] = {[LANG_VI] = "vi", [LANG_EN] = "en"};

void lang_write_checked(struct buf *out, enum lang lang, msg_id id, ...)
{
    va_list ap;
    uint8_t *to;
    int n;

    /* the table's formats were compared with each other when it was made, and the English one with
     * the arguments by lang_write() */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    va_start(ap, id);
    n = vsnprintf(NULL, 0, lang_text(lang, id), ap);
    va_end(ap);
    to = n < 0 ? NULL : buf_reserve(out, (size_t)n + 1);
    if (to == NULL)
        return;
    va_start(ap, id);
    (void)vsnprintf((char *)to, (size_t)n + 1, lang_text(lang, id), ap);
    va_end(ap);
#pragma GCC diagnostic pop
    out->len += (size_t)n;
}

char lang_decimal_sign(enum lang lang)
{
    return languages[lang].decimal;
}

void lang_write_number(struct buf *out, enum lang lang, uint64_t v)
{
    char text[32];
    int n = snprintf(text, sizeof(text), "%" PRIu64, v);

    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buf_putc(out, (uint8_t)languages[lang].thousands);
        buf_putc(out, (uint8_t)text[i]);
    }
}

void lang_write_decimal(struct buf *out, enum lang lang, double v, unsigned digits)
{
    char text[352];
    int n = snprintf(text, sizeof(text), "%.*f", (int)CANH_MIN(digits, 6u), v);

    for (int i = 0; i < n; i++)
        buf_putc(out, (uint8_t)(text[i] == '.' ? languages[lang].decimal : text[i]));
}

void lang_write_bytes(struct buf *out, enum lang lang, uint64_t n)
{
    static const char *const names[] = {"kB", "MB", "GB", "TB"};
    double v = (double)n / 1000;
    unsigned i = 0;

    for (; v >= 1000 && i + 1 < CANH_LEN(names); i++)
        v /= 1000;
    lang_write_decimal(out, lang, v, v < 10);
    buf_printf(out, " %s", names[i]);
}

enum lang lang_from_str(struct slice s)
{
    for (int i = 0; i < LANG_MAX; i++) {
        if (slice_is(s, lang_names[i]))
            return (enum lang)i;
    }
    return LANG_MAX;
}

const char *lang_to_str(enum lang lang)
{
    return lang_names[lang];
}

/* vi, vi_VN.UTF-8, vi@…: a language, and perhaps a country, a character set, a variant. */
static bool is_locale_of(struct slice locale, const char *name)
{
    size_t n = strlen(name);

    return slice_starts(locale, slice_str(name)) &&
           (locale.n == n || memchr("_.@-", locale.p[n], 4) != NULL);
}

enum lang lang_from_locale(const char *lc_all, const char *lc_messages, const char *lang)
{
    const char *const order[] = {lc_all, lc_messages, lang};

    for (size_t i = 0; i < CANH_LEN(order); i++) {
        struct slice s = slice_str(order[i]);

        for (int l = 0; s.n > 0 && l < LANG_MAX; l++)
            if (is_locale_of(s, lang_names[l]))
                return (enum lang)l;
        if (s.n > 0)
            return LANG_EN;
    }
    return LANG_EN;
}
