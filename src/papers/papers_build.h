/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PAPERS_PAPERS_BUILD_H
#define CANH_PAPERS_PAPERS_BUILD_H
/* What the papers of this room share. */
#include "papers/papers.h"
#include "plan/catalogue.h"

/* Into the arena; frees the buffer. */
struct slice papers_keep(struct papers_ctx *p, struct buf *text);

/* What the catalogue says of a kind of unit; lives in the arena. */
CANH_MUST_USE int papers_unit_kind(struct arena *arena, struct slice kind,
                                   const struct unit_kind **ret, struct err *err);

/* A post's name; of a unit below the paper's one with that unit before it: “VT: Trực ca”. */
struct slice papers_post_name(struct papers_ctx *p, const struct state_post *post);

bool papers_is_phone(const struct state_contact *c);
/* Appends a contact on a line of its own: as people dial it, or masked. Each value read is in the
 * audit. */
CANH_MUST_USE int papers_write_contact(struct papers_ctx *p, const struct state_contact *c,
                                       bool masked, struct buf *out, struct err *err);
/* Appends the phones of a person in the order to try them: four, and how many more there are. */
CANH_MUST_USE int papers_write_phones(struct papers_ctx *p, struct state_id person, bool masked,
                                      struct buf *out, struct err *err);

#endif
