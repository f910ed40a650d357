/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_PHRASE_H
#define CANH_LANG_PHRASE_H
/*
 * Rooms say what is wrong in English sentences (struct err). lang/en/error.txt lists those
 * sentences with {1}, {2} … where something stands that only the moment knows, lang/vi/error.txt
 * the same in Vietnamese; there {=1} means that what stood there is itself a phrase of the list.
 */
#include "base/err.h"
#include "lang/lang.h"

/*
 * Appends what err says in the language. A sentence that the list does not have stands as it is,
 * in Vietnamese behind what kind of error it is (unless its letters are Vietnamese already: some
 * rooms are told the language). Errors stick in out.
 */
void phrase_put(struct buf *out, enum lang lang, const struct err *err);

#endif
