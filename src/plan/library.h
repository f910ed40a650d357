/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_LIBRARY_H
#define CANH_PLAN_LIBRARY_H
/*
 * The library of obligations for drafting (plans/library.yaml): which words in a clause bring up
 * which obligation of a plan that serves as the model, and which words in a heading say whom a
 * part of the letter speaks to.
 *
 *     library: canh
 *     model: quang-ngai-2020
 *     audiences:
 *       - {id: operators, terms: [doanh nghiệp bưu chính, doanh nghiệp viễn thông]}
 *     obligations:
 *       - {like: I.1.i, audience: state, terms: [sao lưu, khôi phục + dữ liệu]}
 *
 * A term is words that must stand together; with + all of them somewhere in the clause.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "plan/plan.h"

enum { LIBRARY_TERMS_MAX = 32, LIBRARY_PIECES_MAX = 6, LIBRARY_AUDIENCES_MAX = 16 };

struct library_piece {
    struct slice key, plain; /* terms_key() */
};

struct library_term {
    struct slice text;
    struct library_piece pieces[LIBRARY_PIECES_MAX];
    uint32_t count;
};

struct library_audience {
    struct slice id;
    struct library_term *terms;
    uint32_t term_count;
};

struct library_entry {
    uint32_t obligation; /* of the model */
    uint32_t audience;   /* UINT32_MAX: any */
    struct library_term *terms;
    uint32_t term_count;
};

struct library {
    const struct plan *model;
    struct library_audience *audiences;
    uint32_t audience_count;
    struct library_entry *entries;
    uint32_t entry_count;
};

/* The name of the plan that a library is modelled on. */
CANH_MUST_USE int library_model(struct arena *arena, struct slice text, struct slice *ret,
                                struct err *err);
CANH_MUST_USE int library_parse(struct arena *arena, struct slice text, const struct plan *model,
                                const struct library **ret, struct err *err);

/* Whether a term stands in a text, given both its keys (plain.n 0: do not try without marks). */
bool library_term_in(const struct library_term *t, struct slice key, struct slice plain,
                     bool *ret_unmarked);

#endif
