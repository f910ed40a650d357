/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_LISTING_H
#define CANH_CLI_LISTING_H
/*
 * What every verb that lists has: --json, --csv, -o FILE, and how a table comes out: for people on
 * the terminal's columns, as JSON lines, as CSV, or into a file whose name says its format (.xlsx,
 * .csv, .html, .json).
 */
#include "cli/session.h"
#include "lang/msg_table.h"
#include "table/table.h"
#include "view/view.h"

/* An identity is known by its first digits, this many at least. */
enum { LISTING_ID_MIN = 4 };

struct listing_options {
    bool json, csv;
    const char *output; /* NULL: none */
};

/* Of a struct of options that has a member of struct listing_options. */
#define LISTING_OPTIONS(type, member)                                                              \
    OPTION_FLAG("json", 'j', type, member.json, MSG_TABLE_OPT_JSON),                               \
        OPTION_FLAG("csv", 0, type, member.csv, MSG_TABLE_OPT_CSV),                                \
        OPTION_TEXT("output", 'o', type, member.output, "FILE", COMPLETE_FILE,                     \
                    MSG_TABLE_OPT_OUTPUT)

/* Whether people read it on the terminal: then a verb may print headings and notes between. */
CANH_INLINE bool listing_is_plain(const struct listing_options *o)
{
    return !o->json && !o->csv && o->output == NULL;
}

/* Says what does not go together, before anything is read; an exit status. */
CANH_MUST_USE int listing_check(struct app *app, const struct listing_options *o);
/* Prints one table, or several after each other (sheets of one workbook). An exit status; what went
 * wrong was said. */
CANH_MUST_USE int listing_print(struct app *app, const struct table *t,
                                const struct listing_options *o);
CANH_MUST_USE int listing_print_all(struct app *app, const struct table *const *tables,
                                    size_t count, const struct listing_options *o);

/* The state as views read it, at an instant. */
struct view_ctx listing_ctx(struct session *l, int64_t at);
/* For views of what is not in the state: language and zone alone. */
struct view_ctx listing_face(const struct app *app);

/* Breaks the lines that stand in app->out from `from` on, prose around a listing, at the width of
 * the terminal, if it is one. */
void listing_wrap(struct app *app, size_t from);

/* Prints “title: text”, of one thing shown line by line; nothing where the text is empty. */
void listing_line(struct app *app, msg_id title, struct slice text);

#endif
