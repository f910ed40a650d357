/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_LETTERHEAD_H
#define CANH_REPORT_LETTERHEAD_H
/*
 * The layout of official papers by kind of body (State, Party, enterprise) as data:
 * templates/layout-*.yml, documented in docs/office.md. The parser takes text; where the files lie
 * is the caller's matter. A layout that is incomplete or out of range is refused with line and
 * column.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "office/paper.h"

/* The parts of a paper, in the order of Appendix I of Decree 30/2020. */
enum element {
    EL_COUNTRY,
    EL_MOTTO,
    EL_PARENT,
    EL_ISSUER,
    EL_STAR,
    EL_NUMBER,
    EL_DATE,
    EL_URGENCY,
    EL_SCOPE,
    EL_TYPE,
    EL_SUBJECT, /* of a letter, under its number */
    EL_ABOUT,   /* of a paper with a type, under it */
    EL_TO,
    EL_TO_ONE,
    EL_TO_ITEM,
    EL_LEGAL,
    EL_BODY,
    EL_HEADING,
    EL_CC,
    EL_CC_ITEM,
    EL_AUTHORITY,
    EL_POSITION,
    EL_SIGNER,
    EL_MAX
};

enum behalf {
    BEHALF_NONE,
    BEHALF_COLLECTIVE,
    BEHALF_ACTING,
    BEHALF_DEPUTY,
    BEHALF_ORDER,
    BEHALF_DELEGATED,
    BEHALF_MAX
};

struct letter_element {
    bool there, caps;
    struct slice text; /* with {{placeholders}}; empty: the text is the paper's own */
    struct para_style style;
};

enum { HEAD_ROWS_MAX = 4, HEAD_ELEMENTS_MAX = 6, HEAD_WORDS_MAX = 32 };

/* Words of a layout, without regard to capitals and tones. */
struct head_words {
    struct slice v[HEAD_WORDS_MAX]; /* folded */
    unsigned count;
};

struct letterhead {
    struct slice name; /* government, party, enterprise … */
    struct slice title_vi, title_en;
    struct slice source, checked;
    bool confirm; /* not yet compared with the rules by a person */
    struct slice font;
    float top, bottom, left, right, number_size;
    float columns[2];
    unsigned head_rows;
    enum element head[HEAD_ROWS_MAX][2][HEAD_ELEMENTS_MAX];
    unsigned head_count[HEAD_ROWS_MAX][2];
    struct letter_element element[EL_MAX];
    struct slice behalf[BEHALF_MAX]; /* TM., KT. … */
    struct slice closing;            /* ./. */
    struct head_words alone;         /* how names begin above which no other stands */
    struct head_words breaks;        /* names break before these */
};

/* Everything lives in the arena. err has line and column. */
CANH_MUST_USE int letterhead_parse(struct arena *arena, struct slice yaml, struct letterhead **ret,
                                   struct err *err);

/* Whether a name begins with one of the layout's words for bodies that stand alone. */
bool letterhead_alone(const struct letterhead *h, struct slice name);
/*
 * Appends a name in two lines where officials break it: before a word of the layout, as evenly as
 * that goes; on one line when it is short enough for `width` mm at `size` points and need not be
 * broken.
 */
void letterhead_break(const struct letterhead *h, struct slice name, float width, float size,
                      struct buf *out);

#endif
