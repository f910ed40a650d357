/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_FORM_PAGE_H
#define CANH_WEB_FORM_PAGE_H
/*
 * A form on a page: opened by the path (and, of what happened earlier, by ?of=SUBMISSION), filled
 * with what was typed, read from a table or known, and shown. Between form_page.c,
 * form_page_send.c, form_page_upload.c and page_forms.c.
 */
#include "record/known.h"
#include "record/send.h"
#include "web/web_internal.h"

enum { FORM_PAGE_ROWS = 8 }; /* of a repeated group, on a page */

/* One place of a form: what was typed, or is known, and what is wrong with it. */
struct place {
    struct slice typed, problem;
    bool nothing;
    bool overtaken; /* somebody else has changed it meanwhile: what stands is shown */
};

struct form_page {
    struct visit *v;
    struct record rec;
    struct record_form form;
    struct state_id unit; /* whose it is */
    struct state_id of;   /* what it corrects, of what happened; none: a new one */
    bool theirs;          /* another unit's: to be read only */
    struct record_period period;
    struct record_known known;
    struct state_id base; /* what stood when it was begun, also while what is sent is refused */
    struct place *places; /* by field, then row from 0 */
    struct slice whole;   /* what is wrong with it as a whole; else empty */
};

struct record form_page_record(struct visit *v);
/* -CE_NOT_FOUND: no such form, or not one of the unit's. */
CANH_MUST_USE int form_page_open(struct form_page *s, struct visit *v, struct err *err);
struct place *form_page_place(struct form_page *s, uint32_t field, uint32_t row);
/* What stands, else what is carried over from the period before. */
void form_page_fill_known(struct form_page *s);
/*
 * What was typed while somebody else sent another one, beside what stands now: where nothing was
 * typed (it is what base had, or what was carried over) what stands is taken, elsewhere what was
 * typed is kept.
 */
CANH_MUST_USE int form_page_set_beside(struct form_page *s, struct state_id base, struct err *err);
/* An answer as a field of the page takes it; into its place. */
void form_page_set_answer(struct form_page *s, const struct answer *a);
/* Ends a route: the form, with a message above. */
CANH_MUST_USE int form_page_show(struct form_page *s, struct slice message, unsigned status,
                                 struct err *err);

/* What the list shows of a form, too. */
void form_page_write_head(struct visit *v, struct page_scope *p, const struct form *f);
void form_page_write_period(struct visit *v, struct page_scope *p, const struct form *f,
                            const struct record_period *period);
void form_page_write_standing(struct visit *v, struct page_scope *p,
                              const struct state_submission *x);
/* The words of an error, in the arena. */
struct slice form_page_words(struct visit *v, const struct err *err);
/* Of a submission: canh's word for how an entry could not be taken; 0: it was. */
msg_id form_page_refusal(enum record_outcome o);

#endif
