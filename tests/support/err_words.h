/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_ERR_WORDS_H
#define CANH_TESTS_ERR_WORDS_H
/*
 * What an error says, for results and notes of tests. Good until four calls later.
 */
#include <stdio.h>

#include "lang/error.h"

static inline const char *err_words_in(enum lang lang, const struct err *err)
{
    static char texts[4][1024];
    static unsigned next;
    struct buf out = BUF_INIT(sizeof(texts[0]));
    char *text = texts[next++ % 4];

    text[0] = 0;
    if (err->code != 0)
        error_write(&out, lang, err);
    snprintf(text, sizeof(texts[0]), "%s", buf_cstr(&out));
    buf_done(&out);
    return text;
}

static inline const char *err_words(const struct err *err)
{
    return err_words_in(LANG_EN, err);
}

#endif
