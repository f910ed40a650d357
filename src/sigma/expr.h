/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_EXPR_H
#define CANH_SIGMA_EXPR_H
/*
 * What a rule means, once selections, modifiers and condition are resolved: a boolean expression
 * over atoms. Two-valued: an atom over a field that is absent is false (but for ATOM_NULL, which
 * is then true), and NOT turns it round. The compiled engine and the naive oracle both start
 * here.
 *
 * Everything lives in the arena of the rule.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* A value is cut at its wildcards before modifiers add theirs. */
enum part_kind {
    PART_TEXT, /* these bytes (UTF-8) */
    PART_ANY,  /* *: any run of characters, newlines too */
    PART_ONE,  /* ?: exactly one character */
};

struct part {
    enum part_kind kind;
    struct slice text;
};

/* Matches a whole value. "contains" has PART_ANY at both ends, "startswith" at the end, …
 * No two PART_ANY and no two PART_TEXT stand side by side; no PART_TEXT is empty. */
struct pattern {
    const struct part *parts;
    uint32_t count; /* 0 matches the empty value only */
};

/*
 * How an atom compares: its op is ATOM_<first>, its row comparison_<second> (comparison.h).
 *
 * PATTERN    text against pattern; numbers and booleans by their text
 * NUMBER     equals number, compared as numbers: 4688 = "4688" = 4688.0
 * LT … GTE   value < number; text values are parsed; not a number → false
 * REGEX      unanchored search; flags in regex.flags
 * CIDR       value is an address inside the network
 * NULL       absent, or JSON null in every occurrence
 * EXISTS     present, be it null or empty
 * FIELDREF   compared with other field's value, both present
 * TIMEPART   a part of the timestamp in the value equals number
 */
#define ATOM_OPS(X)                                                                                \
    X(PATTERN, pattern)                                                                            \
    X(NUMBER, number)                                                                              \
    X(LT, lt)                                                                                      \
    X(LTE, lte)                                                                                    \
    X(GT, gt)                                                                                      \
    X(GTE, gte)                                                                                    \
    X(REGEX, regex)                                                                                \
    X(CIDR, cidr)                                                                                  \
    X(NULL, null)                                                                                  \
    X(EXISTS, exists)                                                                              \
    X(FIELDREF, fieldref)                                                                          \
    X(TIMEPART, timepart)

enum atom_op {
#define X(OP, row) ATOM_##OP,
    ATOM_OPS(X)
#undef X
};

enum fieldref_kind { FIELDREF_EQ, FIELDREF_STARTS, FIELDREF_ENDS, FIELDREF_CONTAINS };

enum time_part {
    TIME_PART_MINUTE,
    TIME_PART_HOUR,
    TIME_PART_DAY,
    TIME_PART_WEEK,
    TIME_PART_MONTH,
    TIME_PART_YEAR
};

enum regex_flag { REGEX_NOCASE = 1, REGEX_MULTILINE = 2, REGEX_DOTALL = 4 };

struct cidr {
    uint8_t address[16]; /* network order; IPv4 in the first four bytes */
    uint8_t bits;
    bool v6;
};

struct atom {
    enum atom_op op : 8;
    bool cased;         /* PATTERN, FIELDREF: case-sensitive */
    bool folded;        /* PATTERN: its texts are, or cased */
    uint8_t rarity;     /* PATTERN of one text: background.h's, where it is known; or 0 */
    uint32_t same;      /* as others with this number, but for fields and place; 0: unknown */
    struct slice field; /* empty: keyword, searched in every value of the event */
    unsigned line, col; /* of the value in its rule */
    union {
        struct pattern pattern;
        double number; /* NUMBER, LT … GTE */
        struct {
            struct slice text;
            unsigned flags; /* enum regex_flag */
        } regex;
        struct cidr cidr;
        struct {
            struct slice other;
            enum fieldref_kind kind;
        } ref;
        struct {
            enum time_part part;
            int64_t value;
        } time;
    };
};

enum expr_op { EXPR_FALSE, EXPR_TRUE, EXPR_ATOM, EXPR_NOT, EXPR_AND, EXPR_OR };

/* There are a hundred thousand of them, so its parts lie close together. */
struct expr {
    enum expr_op op : 8;
    bool item;      /* a detection item: one field, or keywords, with its values */
    uint32_t count; /* children of NOT (1), AND, OR; else 0 */
    union {
        const struct expr **kids;
        const struct atom *atom; /* of EXPR_ATOM */
    };
    struct slice name; /* the selection this came from, for explain; or empty */
    unsigned line, col;
};

#endif
