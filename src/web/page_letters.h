/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_LETTERS_H
#define CANH_WEB_PAGE_LETTERS_H
/*
 * The page of one letter (page_letters.c), and what is said of it (page_letter_say.c,
 * page_letter_add.c).
 */
#include "import/letter.h"
#include "proof/plan_store.h"
#include "web/web_internal.h"

enum { CLAUSES_A_PAGE = 25 };

struct letter_page {
    struct visit *v;
    struct state_plan plan;
    struct review review;
    struct plan names; /* the catalogue's words alone, for plan_name() */
};

/* How often something may be due, to choose from; ends with NULL. */
extern const char *const letter_rhythms[];
/* How often, in words; what is no frequency stays as it was written. */
void letter_write_every(struct letter_page *p, struct page_scope *row, const char *name,
                        struct slice every);

/* The plan that the path names; -CE_NOT_FOUND: not the visitor's to write. */
CANH_MUST_USE int letter_open(struct visit *v, struct letter_page *p, struct err *err);
CANH_MUST_USE int letter_show(struct letter_page *p, struct slice message, unsigned status,
                              struct err *err);
/* Ends a route that said something of it: back to it, or the page again with why not; what was
 * typed is in it. */
CANH_MUST_USE int letter_answer(struct letter_page *p, int r, const char *rest, struct err *err);
CANH_MUST_USE int letter_goto(struct visit *v, struct state_id id, const char *rest);
/* Whether who said it can mend it. */
bool letter_is_mendable(int r);
unsigned letter_status_of(int r);

/* What came of one proposal under a letter and its id: "e.I.1.a". */
struct slice letter_given(const struct visit *v, const char *kind, struct slice id);
/* A day as plans write it: YYYY-MM-DD. */
bool letter_is_day(struct slice s);
bool letter_is_open(const struct review_item *x);
/* Whether a box of this name was sent ticked. */
bool letter_was_ticked(const struct visit *v, struct slice name, struct slice value);
/* Whether it was ticked, of a clause that was sent and could not be taken; else whether it stands.
 */
bool letter_is_ticked(struct letter_page *p, const struct review_item *x, struct slice scope);
/* The scopes that were ticked, in the order of the plan, apart by blanks. x NULL: of what is added.
 */
struct slice letter_scopes_given(struct letter_page *p, const struct review_item *x);
/* How many clauses stand before the first that is open; *ret_any: there is one. */
size_t letter_clauses_before_open(const struct letter_page *p, bool *ret_any);

/* The form that adds an obligation to a clause, where it was asked for. */
void letter_write_addition(struct letter_page *p, struct page_scope *row,
                           const struct review_item *clause);

#endif
