/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_LANG_H
#define CANH_LANG_LANG_H
/*
 * What canh says to people, in Vietnamese and English. The texts stand in
 * lang/<language>/<area>.txt
 * (`key = text`, see tools/gen_lang.py) and are compiled into const tables: key `events` of area
 * `scan` is MSG_SCAN_EVENTS of the generated "lang/msg_scan.h". A text that lacks in one language,
 * or takes other arguments there, does not build.
 *
 *     lang_write(out, lang, MSG_SCAN_EVENTS, count);        arguments checked by the compiler
 *     fputs(lang_text(lang, MSG_SCAN_TITLE), stdout);     a text without arguments
 *
 * A new area is a file in each language and a word in lang/meson.build. Errors: lang/error.h.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

enum lang { LANG_VI, LANG_EN, LANG_MAX };
/* As options take them; ends with NULL. */
extern const char *const lang_names[LANG_MAX + 1];

/* A text: 1024 × its area's number + its own. */
typedef unsigned msg_id;
enum { MSG_NONE /* empty */, LANG_AREA_SIZE = 1024 };

struct lang_area {
    const char *const *text[LANG_MAX];
    unsigned count;
};
extern const struct lang_area lang_areas[];
extern const unsigned lang_area_count;

/* The text; empty where id names none. */
CANH_INLINE const char *lang_text(enum lang lang, msg_id id)
{
    const struct lang_area *a = &lang_areas[id / LANG_AREA_SIZE];

    return id / LANG_AREA_SIZE < lang_area_count && id % LANG_AREA_SIZE < a->count
               ? a->text[lang][id % LANG_AREA_SIZE]
               : "";
}

/* Appends the text with its arguments. id must be written as its name, not as a variable. */
#define lang_write(out, lang, id, ...)                                                             \
    ((void)sizeof(snprintf(NULL, 0, id##_FMT, ##__VA_ARGS__)),                                     \
     lang_write_checked(out, lang, id, ##__VA_ARGS__))
void lang_write_checked(struct buf *out, enum lang lang, msg_id id, ...);

/* Appends a number with its thousands set apart: 1.234.567 in Vietnamese, 1,234,567 in English. */
void lang_write_number(struct buf *out, enum lang lang, uint64_t v);
/* Appends v with `digits` (0..6) decimals: 1,5 in Vietnamese, 1.5 in English. v must be finite. */
void lang_write_decimal(struct buf *out, enum lang lang, double v, unsigned digits);
/* Appends an amount of bytes: 1,5 GB in Vietnamese, 1.5 GB in English. */
void lang_write_bytes(struct buf *out, enum lang lang, uint64_t n);
/* What stands before decimals. */
char lang_decimal_sign(enum lang lang);

/* `vi` or `en`; LANG_MAX for anything else. */
enum lang lang_from_str(struct slice s);
const char *lang_to_str(enum lang lang);
/*
 * The language of a locale, given the values of LC_ALL, LC_MESSAGES and LANG (NULL when unset): the
 * first that is set and not empty decides; vi* is Vietnamese, everything else English.
 */
enum lang lang_from_locale(const char *lc_all, const char *lc_messages, const char *lang);

#endif
