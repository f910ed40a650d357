/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_KINDS_H
#define CANH_VIEW_KINDS_H
/* Keys of the catalogue (kinds of evidence, of reviews) in the reader's words. */
#include "plan/catalogue.h"
#include "view/view.h"

/* In the view's arena. */
CANH_MUST_USE int view_catalogue(const struct view_ctx *c, const struct catalogue **ret,
                                 struct err *err);
/* A cell of a kind of evidence or of an event: programs read the key, people what the catalogue
 * calls it; one that it does not know stands as it is. from: what the key lacks before its dot
 * (“review”), or NULL. */
void view_write_evidence_kind(const struct view_ctx *c, struct table *t,
                              const struct catalogue *words, const char *from, struct slice key);

#endif
