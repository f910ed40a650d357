/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_FORMS_H
#define CANH_RECORD_FORMS_H
/*
 * The forms there are: those that canh carries in itself and those defined in the state (a
 * province's own, or a newer edition with its own limits). Of one name the newest edition counts.
 */
#include "form/form.h"
#include "record/record.h"
#include "state/forms.h"

struct record_form {
    const struct form *form;
    struct slice yaml;
    struct state_id id; /* its row; none: not in the state yet */
    bool own;           /* one that canh carries */
};

/* -CE_NOT_FOUND, or what is wrong in a form (line and column). */
CANH_MUST_USE int record_form_find(const struct record *c, struct slice name,
                                   struct record_form *ret, struct err *err);
/* Every form by name; -CE_* when one of the state's cannot be read. */
CANH_MUST_USE int record_form_list(const struct record *c, struct record_form **ret, size_t *ret_n,
                                   struct err *err);
/*
 * Defines a form, or a new edition of one, in the state. -CE_EXISTS for an edition that is there
 * with another text (raise it), 0 when it is there with this one.
 */
CANH_MUST_USE int record_form_define(const struct record *c, struct state_id issuer,
                                     struct slice yaml, struct record_form *ret, struct err *err);
/* Looks for the form's row where its id is none, as after a transaction that was rolled back. */
CANH_MUST_USE int record_form_row(const struct record *c, struct record_form *f, struct err *err);
/* Makes the form's row when it has none; the issuer is the top unit above `unit`. */
CANH_MUST_USE int record_form_keep(const struct record *c, struct state_id unit,
                                   struct record_form *f, struct err *err);
/* Whether units of this kind fill it. */
bool record_form_asks(const struct form *f, struct slice unit_kind);

/* Appends the code of the findings that a limit of a field opens: form.<form>.<field>.<limit>. */
void record_finding_code(struct buf *out, const struct form *f, const struct form_field *field,
                         const struct form_limit *limit);
/* The answers of a submission, as the form reads them; of fields it no longer has, none. */
CANH_MUST_USE int record_form_answers(const struct record *c, const struct form *f,
                                      const struct state_submission *x, struct answers *ret,
                                      struct err *err);

#endif
