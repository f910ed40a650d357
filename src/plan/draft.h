/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_DRAFT_H
#define CANH_PLAN_DRAFT_H
/*
 * From an official letter to the draft of a plan: what its head says, its clauses with their
 * numbers and the gaps between them, and obligations proposed from a library by key terms. All of
 * it is a guess, written out as YAML that plan.h reads and marked as unchecked; a person edits and
 * approves.
 *
 * Numbers known: Phần, Chương, Mục, Điều, A., I., 1., 1.1., a), –, +. Letters follow the Vietnamese
 * alphabet (a b c d đ e g h i k …). A clause's number is the way to it: I.1.a. What has no number
 * of its own: P (before the first one), C (the closing), and I.p1 (the first such after I's items).
 *
 * Pure. Everything lives in the caller's arena and borrows the paragraphs' texts.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "plan/library.h"

enum {
    DRAFT_PARAS_MAX = 20000,
    DRAFT_CLAUSES_MAX = 1000, /* PLAN_CLAUSES_MAX */
    DRAFT_GAPS_MAX = 64,
    DRAFT_LIST_MAX = 64,
    DRAFT_PROPOSALS_MAX = 1000
};

struct draft_para {
    struct slice text;
    struct slice label; /* a number made by the word processor, or empty */
    uint32_t number;    /* of the paragraph or line, from 1 */
};

struct draft_clause {
    struct slice number, label, text;
    uint32_t para;   /* number of its first paragraph */
    uint32_t parent; /* index, or UINT32_MAX */
};

struct draft_gap {
    struct slice missing, after;
};

/* A library entry that a clause brought up. */
struct draft_proposal {
    uint32_t clause, entry;
    struct slice term; /* what was found */
    bool unmarked;     /* only without tones: surely to be looked at */
};

struct draft {
    struct slice number, place, issuer, subject, end_event;
    int64_t date; /* days, or TIME_NONE */
    struct slice basis[DRAFT_LIST_MAX], recipients[DRAFT_LIST_MAX], observers[DRAFT_LIST_MAX];
    uint32_t basis_count, recipient_count, observer_count;
    struct draft_clause clauses[DRAFT_CLAUSES_MAX];
    uint32_t clause_count;
    struct draft_gap gaps[DRAFT_GAPS_MAX];
    uint32_t gap_count;
    struct draft_proposal *proposals;
    uint32_t proposal_count;
};

/*
 * Splits a letter. lines: the paragraphs are the lines of a plain text, broken anywhere, and are
 * joined first. -CE_TOO_BIG, -CE_NOMEM.
 */
CANH_MUST_USE int draft_read(struct arena *arena, const struct draft_para *paras, size_t count,
                             bool lines, struct draft **ret, struct err *err);
/* Adds the proposals. */
CANH_MUST_USE int draft_propose(struct arena *arena, struct draft *d, const struct library *lib,
                                struct err *err);
/* Writes the plan. id: the plan's name. Errors stick in out. */
void draft_put(struct buf *out, const struct draft *d, const struct library *lib, struct slice id);

#endif
