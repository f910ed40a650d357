/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MODIFIER_H
#define CANH_SIGMA_MODIFIER_H
/*
 * The modifiers of specification 2.1 (Sigma Modifiers appendix) as a set: `field|mod|mod`. Their
 * meaning here does not depend on their order; orders that would mean something else, and
 * combinations that mean nothing, are refused.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum modifier {
    MOD_CONTAINS = 1 << 0,
    MOD_STARTSWITH = 1 << 1,
    MOD_ENDSWITH = 1 << 2,
    MOD_ALL = 1 << 3,
    MOD_CASED = 1 << 4,
    MOD_NEQ = 1 << 5,
    MOD_WINDASH = 1 << 6,
    MOD_EXPAND = 1 << 7,
    MOD_BASE64 = 1 << 8,
    MOD_BASE64OFFSET = 1 << 9,
    MOD_UTF16LE = 1 << 10,
    MOD_UTF16BE = 1 << 11,
    MOD_UTF16 = 1 << 12,
    MOD_RE = 1 << 13,
    MOD_RE_NOCASE = 1 << 14,
    MOD_RE_MULTILINE = 1 << 15,
    MOD_RE_DOTALL = 1 << 16,
    MOD_CIDR = 1 << 17,
    MOD_EXISTS = 1 << 18,
    MOD_FIELDREF = 1 << 19,
    MOD_LT = 1 << 20,
    MOD_LTE = 1 << 21,
    MOD_GT = 1 << 22,
    MOD_GTE = 1 << 23,
    MOD_MINUTE = 1 << 24,
    MOD_HOUR = 1 << 25,
    MOD_DAY = 1 << 26,
    MOD_WEEK = 1 << 27,
    MOD_MONTH = 1 << 28,
    MOD_YEAR = 1 << 29,

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

/*
 * Reads "field|mod|mod". The field may be empty (keywords). On failure err has the message and, as
 * offset, the byte in key where the wrong modifier begins.
 */
CANH_MUST_USE int modifier_parse(struct slice key, struct slice *ret_field, uint32_t *ret_mods,
                                 struct err *err);

/* The name of the lowest modifier in the set, as rules write it. */
const char *modifier_name(uint32_t mods);

#endif
