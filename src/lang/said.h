/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_SAID_H
#define CANH_LANG_SAID_H
/*
 * Words of canh's own that are kept where people's words are: the title of a matter, the name of
 * what a drill stages, what a case takes from its alert. Kept is which words and their arguments;
 * they are put into the reader's language when they are shown. What people wrote, and rows from
 * before, have no such words in them and are shown as they are.
 *
 *     said_begin(&title, SAID_READY);
 *     said_text(&title, post->name);
 *     said_moment(&title, shift->from);
 *     said_end(&title);
 *     …
 *     said_write(out, lang, x->title);      or said_in(lang, x->title, arena)
 *
 * Kept as 0x1E word {0x1F kind value} 0x1D, anywhere in a text; other control characters than these
 * runs are not kept by the state, and people's texts have none. Doors to people (templates, tables,
 * papers, messages, control) put them into words; who cuts or compares texts does it before.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "lang/title.h"

/* Which words. The names that they are kept by stand in said.c and never change. */
enum said {
    SAID_EACH,        /* a text that is given in every language: said_each() */
    SAID_READY,       /* post, moment */
    SAID_CHANGE_ON,   /* moment, post */
    SAID_CHANGE_OFF,  /* moment, post */
    SAID_CHANGE_MANY, /* number, moment, post */
    SAID_HANDOVER,    /* moment, post */
    SAID_TEST_CALL,
    SAID_BY_SMS,
    SAID_SMS_TITLE,
    SAID_TEAM_ASKED, /* who, number of the request */
    SAID_DRILL,      /* the mark before what a drill stages */
    SAID_DRILL_SSH,
    SAID_DRILL_RANSOM,
    SAID_DRILL_PORTAL,
    SAID_DRILL_CABLE,
    SAID_DRILL_SHIFT,
    SAID_DRILL_OVER,
    SAID_DRILL_REMEDY,
    SAID_SCAN_EVIDENCE,
    SAID_CONFIRMATION,
    SAID_SIGNED_SHEET,
    SAID_TESTED, /* how a contact was proven */
    SAID_MAX
};

enum { SAID_ARGUMENTS = 4 /* at most */ };

void said_begin(struct buf *out, enum said words);
/* Arguments, in the order of the words. A text with such words in it is taken in every language. */
void said_text(struct buf *out, struct slice s);
void said_each(struct buf *out, const struct title *t, size_t most);
void said_number(struct buf *out, int64_t n);
/* An instant; people read hour and day in ZONE_OWN. */
void said_moment(struct buf *out, int64_t at);
void said_end(struct buf *out);

/* Words without arguments; constant. */
struct slice said_words(enum said words);
/* A text that a rule or a document has in both languages; of each at most so many bytes. */
enum { SAID_SHORT = 400 /* a column of 1,000 bytes takes both */, SAID_LONG = 16000 };
void said_title(struct buf *out, const struct title *t, size_t most);
/* A kept text, of each language at most so many bytes: for a text that it becomes a part of. */
void said_head(struct buf *out, struct slice s, size_t most);

/* How long the run is that s begins with; 0: it begins with none, or with a broken one. */
size_t said_run(struct slice s);
/* Whether there is any such run. */
CANH_INLINE bool said_is(struct slice s)
{
    return slice_find_byte(s, 0x1e) != SIZE_MAX;
}

/* Appends s with its runs put into words. Unknown words are their arguments. */
void said_write(struct buf *out, enum lang lang, struct slice s);
/* The same; s itself where there is no run. Without memory s too. */
struct slice said_in(enum lang lang, struct slice s, struct arena *arena);
/* Whether a text reads so in any language: what a form hands back unchanged. */
bool said_same(struct slice kept, struct slice given);

#endif
