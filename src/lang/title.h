/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_TITLE_H
#define CANH_LANG_TITLE_H
/* A text of a data file (a plan, a form, the catalogue) in both languages. */
#include "base/slice.h"
#include "lang/lang.h"

struct title {
    struct slice vi, en; /* one may be empty */
};

/* The text in a language; the other language's where it is empty. */
CANH_INLINE struct slice title_in(const struct title *t, enum lang lang)
{
    struct slice other = lang == LANG_VI ? t->en : t->vi, own = lang == LANG_VI ? t->vi : t->en;

    return own.n > 0 ? own : other;
}

/* Both of them as one argument of an error (base/err.h), which is worded later. */
#define ERR_TITLE(t) ERR_EACH((t)->vi, (t)->en)

#endif
