/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_MARKER_H
#define CANH_PLAN_MARKER_H
/*
 * How Vietnamese documents number their parts: the marker at the beginning of a paragraph.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* From the outermost to the innermost. */
enum marker_kind {
    MARKER_NONE,
    MARKER_ANNEX,   /* PHỤ LỤC, PHỤ LỤC I */
    MARKER_PART,    /* Phần I, Phần thứ nhất */
    MARKER_CHAPTER, /* Chương I */
    MARKER_SECTION, /* Mục 1 */
    MARKER_ARTICLE, /* Điều 1 */
    MARKER_UPPER,   /* A. */
    MARKER_ROMAN,   /* I. */
    MARKER_ARABIC,  /* 1. 1) 1/ 1 . 1- (1); I.1. A.1 */
    MARKER_DOTTED,  /* 1.1. I.1.1 */
    MARKER_DEEPER,  /* 1.1.1. */
    MARKER_DEEPEST, /* 1.1.1.1. */
    MARKER_LETTER,  /* a) a. a/ (a) */
    MARKER_SMALL,   /* i) (ii) */
    MARKER_WORD,    /* Một là, Thứ nhất, */
    MARKER_DASH,    /* - – */
    MARKER_PLUS,    /* + * • */
    MARKER_KIND_MAX
};

struct marker {
    enum marker_kind kind;
    struct slice label; /* as printed: "1.", "đ)" */
    struct slice name;  /* for a clause number: "1", "đ", "I" */
    struct slice outer; /* what stands before the last part of a label like I.1. or 1.1.1: "I" */
    unsigned value;     /* its place in the sequence, from 1; dashes: 0 */
    size_t length;      /* of the marker with the blanks after it */
};

/* The marker that s begins with; kind MARKER_NONE when it has none. */
struct marker marker_read(struct slice s);
/* A label made by a word processor ("1.", "a)", "-"). */
struct marker marker_of_label(struct slice label);
/* The name of the n-th of a kind: 4 → "d" after "c", "4", "IV". Returns the length, at most 16; no
 * zero need stand behind it. */
size_t marker_name(enum marker_kind kind, unsigned n, char to[16]);

#endif
