/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_BINXML_PLAN_H
#define CANH_DECODE_BINXML_PLAN_H
/*
 * Plans: the JSON of a program for values of given types. Which elements are there, what is an
 * object and which members join depends on the values' types alone, so the general writer
 * (binxml_json.c) is run once with marks in place of values; what it wrote becomes constant pieces
 * with slots between them. Where more than types decides, or a plan cannot go on, the general
 * writer writes all.
 */
#include "decode/evtx/binxml.h"
#include "decode/evtx/binxml_write.h"

enum {
    BX_PLANS_MAX = 8,          /* of one program */
    BX_PLAN_SLOTS_MAX = 512,   /* and values */
    BX_PLAN_BYTES_MAX = 65536, /* of its pieces */
    BX_PIECE_ROOM = 32,        /* can be read from any piece's beginning */
    BX_JOINING = 16,           /* nested programs remembered */
};

/* What a recording has for a value, instead of its JSON: zero, which no JSON has, enum bx_mark, and
 * the operation. */
enum { BX_MARK_BYTES = 4 };

enum bx_mark {
    MARK_VALUE, /* a value that is no array and no BinXML */
    MARK_TEXT,  /* what the source says */
    MARK_ARRAY,
    MARK_NESTED, /* stands for the name of a member that the nested fragment writes */
};

enum bx_slot_kind {
    SLOT_STRING, /* the inside of a string */
    SLOT_PUT,    /* of fixed size */
    SLOT_SID,    /* if it is one; else no plan will do */
    SLOT_VALUE,
    SLOT_TEXT,
    SLOT_ARRAY,
    SLOT_NESTED,
    SLOT_END,
};

/* A piece and what stands behind it. */
struct bx_slot {
    uint32_t at, n; /* of the piece in the plan's text */
    uint16_t index; /* of the value */
    uint16_t op;
    uint8_t kind;
    bx_put *put;
};

/* How a field is added. */
enum bx_step_kind {
    STEP_STRING,
    STEP_PUT,  /* of fixed size */
    STEP_TIME, /* the same, of the record's own time */
    STEP_VALUE,
    STEP_TEXT, /* what the source says */
    STEP_ARRAY,
    STEP_NESTED,
    STEP_EMPTY,
};

struct bx_step {
    uint16_t key[2];
    uint16_t index; /* of the value */
    uint16_t op;
    uint8_t kind;
    uint8_t type; /* STEP_PUT, STEP_EMPTY: enum value_type */
    bx_put *put;
};

struct bx_tape {
    struct bx_step steps[BX_PLAN_SLOTS_MAX];
    uint32_t count;
    bool vetoed; /* not only types decide, or there are too many */
};

/*
 * What a value has to be, compared as its descriptor is written: its type and whether it is empty
 * (but for strings) or, where only certain sizes are possible, its size.
 */
struct bx_wanted {
    uint32_t *is, *where; /* its bits, and which of them count */
    uint32_t *some;       /* the highest bit: it is not empty */
};

enum bx_plan_state { PLAN_UNTRIED, PLAN_READY, PLAN_NEVER };

struct bx_plan {
    struct bx_plan *next;
    struct bx_wanted wanted; /* of each value */
    uint32_t count;          /* of the values */
    uint8_t json;            /* enum bx_plan_state */
    bool fields;             /* the steps are all */
    uint32_t step_count;
    const struct bx_step *steps;
    const struct bx_slot *slots;
    struct slice text;
    size_t room; /* for all but strings' texts and what is no SLOT_PUT */
    const struct bx_program
        *joining[BX_JOINING]; /* nested, with names that are none of the text's */
};

/* Finds the frame's plan; it is made when it is wanted for the second time. */
void bx_plan_find(struct bx *b, struct bx_frame *f);

/* Adds the fields; the frame has a plan that has them. 0 or negative. */
CANH_MUST_USE int bx_plan_fields(struct bx *b, const struct bx_frame *f, unsigned depth);
/* Notes how a frame's fields are added. False: there is no plan for such. */
CANH_MUST_USE bool bx_tape(struct bx *b, const struct bx_frame *f, struct bx_tape *tape);
/* Opens what operation `at` has as its value, and adds its fields. */
CANH_MUST_USE int bx_run_nested(struct bx *b, const struct bx_frame *f, uint32_t at,
                                const struct bx_value *v, unsigned depth);
CANH_MUST_USE int bx_add_array(struct bx *b, const uint16_t key[2], const struct bx_value *v);

/* Makes the plan's JSON where it was not tried. False: there is none. */
CANH_MUST_USE bool bx_plan_json(struct bx *b, const struct bx_frame *f);
/* Appends the record, "name":value in braces. False: it cannot, and what it has written is rubbish.
 */
CANH_MUST_USE bool bx_plan_write(struct bx_writer *w, const struct bx_frame *f);

/* The general writer, for the fragment of a slot: a member of an object that has others. */
CANH_MUST_USE int bx_write_fragment(struct bx_writer *w, const struct bx_frame *f, unsigned depth);
/* Appends an array, or what a source says. */
void bx_write_array(struct bx_writer *w, const struct bx_value *v);
void bx_write_source(struct bx_writer *w, const struct bx_frame *f, const struct bx_op *op);
/* Appends the record with marks. False: there are no plans for such. */
CANH_MUST_USE bool bx_record(struct bx *b, const struct bx_frame *f, struct buf *out);

#endif
