/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MODIFIER_MODIFIER_H
#define CANH_SIGMA_MODIFIER_MODIFIER_H
/*
 * The modifiers of specification 2.1 (Sigma Modifiers appendix) as a set: `field|mod|mod`. Their
 * meaning here does not depend on their order; orders that would mean something else, and
 * combinations that mean nothing, are refused.
 *
 * A modifier is its line in MODIFIERS and a `const struct modifier modifier_NAME` in one of the
 * files here, which holds everything that differs: how rules write it, what it goes with, what it
 * makes of a value. One that compares otherwise than as text has a struct comparison beside it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "sigma/pattern.h"

/*
 * Each: its bit is MOD_<first>, its row modifier_<second>. In the order in which they work on text:
 * what rewrites a value first stands first.
 */
#define MODIFIERS(X)                                                                               \
    X(CONTAINS, contains)                                                                          \
    X(STARTSWITH, startswith)                                                                      \
    X(ENDSWITH, endswith)                                                                          \
    X(ALL, all)                                                                                    \
    X(CASED, cased)                                                                                \
    X(NEQ, neq)                                                                                    \
    X(WINDASH, windash)                                                                            \
    X(EXPAND, expand)                                                                              \
    X(UTF16LE, utf16le)                                                                            \
    X(UTF16BE, utf16be)                                                                            \
    X(UTF16, utf16)                                                                                \
    X(BASE64, base64)                                                                              \
    X(BASE64OFFSET, base64offset)                                                                  \
    X(RE, re)                                                                                      \
    X(RE_NOCASE, re_nocase)                                                                        \
    X(RE_MULTILINE, re_multiline)                                                                  \
    X(RE_DOTALL, re_dotall)                                                                        \
    X(CIDR, cidr)                                                                                  \
    X(EXISTS, exists)                                                                              \
    X(FIELDREF, fieldref)                                                                          \
    X(LT, lt)                                                                                      \
    X(LTE, lte)                                                                                    \
    X(GT, gt)                                                                                      \
    X(GTE, gte)                                                                                    \
    X(MINUTE, minute)                                                                              \
    X(HOUR, hour)                                                                                  \
    X(DAY, day)                                                                                    \
    X(WEEK, week)                                                                                  \
    X(MONTH, month)                                                                                \
    X(YEAR, year)

enum modifier_number {
#define X(NAME, row) MOD_NUMBER_##NAME,
    MODIFIERS(X)
#undef X
        MODIFIER_COUNT
};

enum modifier_bit {
#define X(NAME, row) MOD_##NAME = 1 << MOD_NUMBER_##NAME,
    MODIFIERS(X)
#undef X

        MODS_POSITION = MOD_CONTAINS | MOD_STARTSWITH | MOD_ENDSWITH,
    MODS_UTF16 = MOD_UTF16LE | MOD_UTF16BE | MOD_UTF16,
    MODS_BASE64 = MOD_BASE64 | MOD_BASE64OFFSET,
    MODS_RE_FLAGS = MOD_RE_NOCASE | MOD_RE_MULTILINE | MOD_RE_DOTALL,
    MODS_COMPARE = MOD_LT | MOD_LTE | MOD_GT | MOD_GTE,
    MODS_TIME = MOD_MINUTE | MOD_HOUR | MOD_DAY | MOD_WEEK | MOD_MONTH | MOD_YEAR,
    /* What makes of a value something other than text; at most one. */
    MODS_KIND = MOD_RE | MOD_CIDR | MOD_EXISTS | MOD_FIELDREF | MODS_COMPARE | MODS_TIME,
    /* What only text can have. */
    MODS_TEXT = MODS_POSITION | MODS_UTF16 | MODS_BASE64 | MOD_CASED | MOD_WINDASH,
};

struct item;

/* A set of modifiers, and the text that says why it does not go with this one. */
struct modifier_rule {
    uint32_t mods;
    unsigned why;
};

struct modifier {
    struct slice names[2]; /* as rules write it, the usual name first */
    uint32_t bit;
    bool keyword; /* a keyword, which has no field, can have it too */

    struct modifier_rule group;     /* two of which never go together */
    struct modifier_rule before[2]; /* must stand before these, which would work on its result */
    struct modifier_rule with;      /* of MODS_KIND: all that it goes with */
    struct modifier_rule without;   /* the opposite */
    struct modifier_rule needs;     /* one of these; why: a text whose argument is the name */

    /* On which sides a value may go on. */
    enum pattern_open open;
    /* Makes of text one or several other ones, each of which goes on with item_rewrite(). */
    int (*rewrite)(struct item *item, const struct pattern *p);

    /* Of MODS_KIND: pushes the atom that one value of the rule means. */
    int (*parse)(struct item *item, struct slice text);
    bool takes_null;    /* parse() itself says what null is to it */
    unsigned one_value; /* the text that refuses a list of values, or 0 */
};

/* The modifier with the lowest bit of a set that is not empty. */
const struct modifier *modifier_of(uint32_t mods);

/* The one of a set that has a parse(): what it makes of a value is no text. NULL: none. */
const struct modifier *modifier_kind(uint32_t mods);

/* Its name, as rules write it; "?" for the empty set. */
const char *modifier_name(uint32_t mods);

/*
 * Reads "field|mod|mod". The field may be empty (keywords). On failure err has the message and, as
 * offset, the byte in key where the wrong modifier begins.
 */
CANH_MUST_USE int modifier_parse(struct slice key, struct slice *ret_field, uint32_t *ret_mods,
                                 struct err *err);

#define X(NAME, row) extern const struct modifier modifier_##row;
MODIFIERS(X)
#undef X

#endif
