/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_WORDS_H
#define CANH_HUNT_WORDS_H
/*
 * Words for values that are numbers to people: logon types, status codes, the %%1833 of Windows'
 * message tables. Data in kinds/words.txt.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "hunt/label.h"
#include "lang/title.h"

struct word_row {
    struct slice value;
    struct title text;
    uint8_t label; /* LABEL_COUNT: of any */
};

struct words {
    struct word_row *rows;
    uint32_t count;
    struct arena arena;
};

CANH_MUST_USE int words_load(struct words *w, struct err *err);
void words_done(struct words *w);

/*
 * The word for a value; empty when there is none. A number that Windows writes in hexadecimal is
 * known in capitals and with leading zeros, too.
 */
struct slice words_find(const struct words *w, enum label label, struct slice value,
                        enum lang lang);
/* Appends the value as people read it: "remote desktop (10)"; several %%1833 in it, too. */
void words_write(const struct words *w, enum label label, struct slice value, enum lang lang,
                 struct buf *out);

#endif
