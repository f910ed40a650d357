/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_DRAFT_H
#define CANH_PLAN_DRAFT_H
/*
 * From an official letter to the draft of a plan: what its head says, its clauses with their
 * numbers and the gaps between them, and obligations proposed from a library by key terms. All of
 * it is a guess, written out as YAML that plan.h reads and marked as unchecked; a person edits and
 * approves.
 *
 * Numbers known: marker.h. Letters follow the Vietnamese alphabet (a b c d đ e g h i k …). A
 * clause's number is the way to it: I.1.a. What has no number of its own: P (before the first one),
 * C (the closing), I.p1 (the first such after I's items), PL (an annex). A number counts as left
 * out only where no text without a number stands beside it.
 *
 * Letterhead and signatures stand in tables without borders or in two columns of text; tables of
 * tasks (what, who, until when) become a clause a row (draft_layout.c).
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
#include "plan/draft_when.h"
#include "plan/library.h"

enum {
    DRAFT_PARAS_MAX = 20000,
    DRAFT_CLAUSES_MAX = 1000, /* PLAN_CLAUSES_MAX */
    DRAFT_GAPS_MAX = 64,
    DRAFT_LIST_MAX = 64,
    DRAFT_NAME_MAX = 1500, /* bytes of an item of the head */
    DRAFT_LEADS_MAX = 60,  /* a plan names 64 authorities; the others are in the clauses' texts */
    DRAFT_PROPOSALS_MAX = 1000
};

/* What a row of a table of tasks says in its columns. */
struct draft_task {
    struct slice what, who, with, due;
};

struct draft_para {
    struct slice text;             /* line breaks inside are \n */
    struct slice label;            /* a number made by the word processor, or empty */
    uint32_t number;               /* of the paragraph or line, from 1 */
    uint32_t table, row, col;      /* of a cell, from 1; else 0 */
    uint32_t rows;                 /* that a cell stands in, where it is merged downwards */
    const struct draft_task *task; /* set by draft_read() itself */
};

struct draft_clause {
    struct slice number, label, text;
    uint32_t para;                 /* number of its first paragraph */
    uint32_t parent;               /* index, or UINT32_MAX */
    const struct draft_task *task; /* a row of a table of tasks, or NULL */
    struct slice who; /* who leads, in the letter's own words: a column of tasks, “Sở … chủ trì” */
    uint32_t lead; /* the first clause with the same lead; UINT32_MAX: none */
};

struct draft_gap {
    struct slice missing, after;
};

/* A library entry that a clause brought up; or one without, where the letter itself says a time or
 * who is to do it. */
struct draft_proposal {
    uint32_t clause;
    uint32_t entry;         /* UINT32_MAX: none */
    struct slice term;      /* what was found */
    bool unmarked;          /* only without tones: surely to be looked at */
    struct draft_when when; /* the letter's own frequency or date; every empty: the library's */
    int64_t from, until;    /* days that the clause names for it, inclusive; TIME_NONE: none */
};

struct draft {
    struct slice number, place, issuer, end_event;
    struct slice kind; /* KẾ HOẠCH, CHỈ THỊ …: of letters that have a kind; else empty */
    struct slice subject;              /* V/v …; of a kind what stands below it */
    int64_t date;                      /* days, or TIME_NONE */
    int64_t window_from, window_until; /* days that the letter names, or TIME_NONE */
    struct slice basis[DRAFT_LIST_MAX], recipients[DRAFT_LIST_MAX], observers[DRAFT_LIST_MAX];
    uint32_t basis_count, recipient_count, observer_count;
    struct slice *other; /* of head and end, what none of these is; nothing of a letter is lost */
    uint32_t other_count;
    struct draft_clause clauses[DRAFT_CLAUSES_MAX];
    uint32_t clause_count;
    struct draft_gap gaps[DRAFT_GAPS_MAX];
    uint32_t gap_count, more_gaps; /* more_: beyond what is kept; said in what is written */
    struct draft_proposal *proposals;
    uint32_t proposal_count, more_proposals;
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
void draft_write(struct buf *out, const struct draft *d, const struct library *lib,
                 struct slice id);

#endif
