/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_WORDING_H
#define CANH_REPORT_WORDING_H
/*
 * The fixed words of a paper as data: the files of templates/ that are no layouts (docs/office.md).
 * Text with
 * {{placeholders}}; an item of a list that is a placeholder alone becomes one item for each of the
 * value's; a body item {table: name} is drawn by the caller.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "report/official.h"
#include "report/template.h"

enum wording_kind { WORD_TEXT, WORD_HEADING, WORD_TABLE };

struct wording_item {
    enum wording_kind kind;
    struct slice text; /* of WORD_TABLE its name */
};

enum { WORDING_ITEMS_MAX = 300 };

struct wording {
    struct slice id;
    struct slice title; /* for people to choose by */
    struct slice source, checked;
    bool confirm;               /* not yet compared with its source by a person */
    struct slice type, subject; /* type empty: a letter */
    struct slice urgency, scope;
    struct slice *to, *legal, *cc;
    uint32_t to_count, legal_count, cc_count;
    struct wording_item *body;
    uint32_t body_count;
};

CANH_MUST_USE int wording_parse(struct arena *arena, struct slice yaml, struct wording **ret,
                                struct err *err);

/* Draws a table of the body; called in its place. */
struct wording_table {
    const char *name;
    void (*draw)(struct paper *p, void *user);
    void *user;
};

/*
 * Writes the whole paper: head, body, end. What `o` leaves empty (type, subject, urgency, scope,
 * to, cc) comes from the wording. The layout's closing (“./.”) follows the last paragraph.
 * Placeholders without a value stay visible.
 */
void wording_write(struct paper *p, const struct wording *w, const struct official *o,
                   const struct template_value *values, size_t value_count,
                   const struct wording_table *tables, size_t table_count);

/* The body's paragraphs filled in, in the paper's arena, for papers that people sign. */
struct slice *wording_paragraphs(struct paper *p, const struct wording *w,
                                 const struct template_value *values, size_t value_count,
                                 size_t *ret_count);

#endif
