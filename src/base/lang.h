/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_LANG_H
#define CANH_BASE_LANG_H
/*
 * What canh says to people, in Vietnamese and English. The texts stand in
 * lang/<language>/<area>.txt
 * (`key = text`, see tools/gen_lang.py) and are compiled into a const table: key `events` of area
 * `scan` is MSG_SCAN_EVENTS. A text that lacks in one language, or takes other arguments there,
 * does not build.
 *
 *     lang_put(out, lang, MSG_SCAN_EVENTS, count);        arguments checked by the compiler
 *     fputs(lang_text(lang, MSG_SCAN_TITLE), stdout);     a text without arguments
 *
 * A new area is a file in each language and a word in lang/meson.build.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/lang_ids.h"
#include "base/slice.h"

enum lang { LANG_VI, LANG_EN, LANG_MAX };

extern const char *const lang_table[LANG_MAX][MSG_MAX];

CANH_INLINE const char *lang_text(enum lang lang, enum msg_id id)
{
    return lang_table[lang][id];
}

/* Appends the text with its arguments. id must be written as its name, not as a variable. */
#define lang_put(out, lang, id, ...)                                                               \
    ((void)sizeof(snprintf(NULL, 0, id##_FMT, ##__VA_ARGS__)),                                     \
     lang_put_checked(out, lang, id, ##__VA_ARGS__))
void lang_put_checked(struct buf *out, enum lang lang, enum msg_id id, ...);

/* Appends a number with its thousands set apart: 1.234.567 in Vietnamese, 1,234,567 in English. */
void lang_put_number(struct buf *out, enum lang lang, uint64_t v);
/* Appends v with `digits` (0..6) decimals: 1,5 in Vietnamese, 1.5 in English. v must be finite. */
void lang_put_decimal(struct buf *out, enum lang lang, double v, unsigned digits);

/* `vi` or `en`; LANG_MAX for anything else. */
enum lang lang_from_str(struct slice s);
const char *lang_to_str(enum lang lang);
/*
 * The language of a locale, given the values of LC_ALL, LC_MESSAGES and LANG (NULL when unset): the
 * first that is set and not empty decides; vi* is Vietnamese, everything else English.
 */
enum lang lang_from_locale(const char *lc_all, const char *lc_messages, const char *lang);

#endif
