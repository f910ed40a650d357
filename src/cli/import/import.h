/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_IMPORT_IMPORT_H
#define CANH_CLI_IMPORT_IMPORT_H
/*
 * canh import: a kind of list is a subverb, a row of the table in import.c; what kinds share.
 */
#include "cli/app.h"
#include "cli/session.h"
#include "import/import.h"
#include "lang/msg_lists.h"
#include "lang/msg_plan.h"
#include "office/workbook.h"
#include "plan/catalogue.h"

/* What every kind of list takes. */
struct list_options {
    const char *state, *unit, *sheet, *template;
    const char *post, *layer; /* of a roster */
    struct option_list shifts, columns;
    int64_t year;
    bool apply, demo, json;
};

#define LIST_OPTIONS(type, member)                                                                 \
    SESSION_OPTION(type, member state),                                                            \
        OPTION_TEXT("sheet", 0, type, member sheet, "NAME", COMPLETE_NONE, MSG_LISTS_OPT_SHEET),   \
        OPTION_FLAG("apply", 'a', type, member apply, MSG_LISTS_OPT_APPLY),                        \
        OPTION_FLAG("json", 'j', type, member json, MSG_PLAN_OPT_JSON)

/* A table that was read, and the sheet of it that is meant; or the bytes of a calendar. */
struct list_file {
    struct arena arena;
    const char *path;
    const struct sheet *sheet; /* never NULL once open; empty with a calendar */
    struct slice calendar;
};

/* Reads path; sheet NULL: the first one that holds a list of the kind. A roster may be a calendar.
 * Close with list_close() in any case. */
CANH_MUST_USE int list_open(struct app *app, const char *path, const char *sheet,
                            enum import_kind kind, struct list_file *ret);
void list_close(struct list_file *f);

/* Shows what was, or would be, done, and says what is wrong where. */
void list_show(struct app *app, const struct list_file *f, const struct import_report *rep,
               bool json);
/* Whether a person at the terminal says yes to writing what was previewed. */
bool list_agreed(struct app *app, const struct list_file *f, const struct import_report *rep);
/* Writes an empty list to fill in: XLSX, or CSV when path ends so; "-" is standard output. */
CANH_MUST_USE int list_template(struct app *app, enum import_kind kind, const char *path);

/* Words of the catalogue, kinds of units or of assets, as words of a list. */
CANH_MUST_USE int list_words(struct app *app, enum word_list list, struct arena *arena,
                             struct import_word **ret, size_t *ret_n);

/* Times of shifts as given: "Ca 1=07:00-15:00", "=07:00-07:00" for turns without a shift. */
CANH_MUST_USE int list_shifts(struct app *app, const struct option_list *given, struct arena *arena,
                              struct import_options *to);

/* Columns that are posts of their own: "Lãnh đạo trực=LD". */
CANH_MUST_USE int list_columns(struct app *app, const struct option_list *given,
                               struct arena *arena, struct import_options *to);

extern const struct verb verb_import;

#endif
