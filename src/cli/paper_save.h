/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PAPER_SAVE_H
#define CANH_CLI_PAPER_SAVE_H
/* A paper that was laid out (papers/, report/) becomes a file. */
#include "cli/app.h"
#include "lang/msg_papers.h"
#include "office/paper.h"
#include "papers/letter.h"

/* Draws a paper as PDF or ODT, in a process of its own (office/sandboxed.h). */
CANH_MUST_USE int paper_draw(struct paper *p, bool odt, struct buf *out, struct err *err);

/*
 * Draws and writes a paper: ODT when path ends so, else PDF; "-" is standard output. Says where it
 * is. 0, or the exit status of a failure that was said.
 */
CANH_MUST_USE int paper_save(struct app *app, struct paper *p, const char *path);

/* Options of every official paper, and what they ask for. */
struct letter_options {
    const char *signer, *symbol, *place, *layout;
    int behalf;
};
extern const char *const letter_behalf[];

#define LETTER_OPTIONS(type, member)                                                               \
    OPTION_TEXT("signer", 0, type, member signer, "NAME", COMPLETE_NONE, MSG_PAPERS_OPT_SIGNER),   \
        OPTION_CHOICE("behalf", 0, type, member behalf, letter_behalf, MSG_PAPERS_OPT_BEHALF),     \
        OPTION_TEXT("symbol", 0, type, member symbol, "TEXT", COMPLETE_NONE,                       \
                    MSG_PAPERS_OPT_SYMBOL),                                                        \
        OPTION_TEXT("place", 0, type, member place, "NAME", COMPLETE_NONE, MSG_PAPERS_OPT_PLACE),  \
        OPTION_TEXT("layout", 0, type, member layout, "NAME", COMPLETE_NONE,                       \
                    MSG_PAPERS_OPT_LAYOUT)

/* Of a report; the place of --place, else of the person's settings. An exit status. */
CANH_MUST_USE int letter_asked(struct app *app, struct arena *arena, const struct letter_options *o,
                               struct letter_request *ret);

#endif
