/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RULESET_PACK_WORDS_H
#define CANH_SIGMA_RULESET_PACK_WORDS_H
/*
 * What writer and reader of a packed ruleset have in common. All numbers are varints but those
 * that are said to be so many bytes; what is the same is written once and has a number:
 *
 *     texts        bytes of all, how many; each: bytes, text, a zero. Number 0: the empty text
 *     operands     how many; each: op, cased, how rare its text is, what its op needs;
 *                  the texts of a pattern are folded, unless it is cased
 *     atoms        how many; each: operand, field, the other field of a comparison of two
 *     expressions  how many; each: op, item, name; the atom, or how many kids, and these, which
 *                  stand before it
 *     rules        how many; each: texts, line, level, status, content's hash (8), tags
 *     variants     how many; each: rule, route, condition, mapping
 *     asked        how many; each: the name of a field that a condition asks for
 *     counts       in the order of packed_counts
 */
#include <stddef.h>

#include "sigma/rule.h"
#include "sigma/ruleset.h"

static const size_t packed_texts[] = {
    offsetof(struct sigma_rule, path),
    offsetof(struct sigma_rule, title),
    offsetof(struct sigma_rule, id),
    offsetof(struct sigma_rule, name),
    offsetof(struct sigma_rule, description),
    offsetof(struct sigma_rule, author),
    offsetof(struct sigma_rule, date),
    offsetof(struct sigma_rule, modified),
    offsetof(struct sigma_rule, title_vi),
    offsetof(struct sigma_rule, meaning_vi),
    offsetof(struct sigma_rule, advice),
    offsetof(struct sigma_rule, advice_vi),
    offsetof(struct sigma_rule, logsource.category),
    offsetof(struct sigma_rule, logsource.product),
    offsetof(struct sigma_rule, logsource.service),
};

static const size_t packed_counts[] = {
    offsetof(struct ruleset_counts, rules),       offsetof(struct ruleset_counts, refused),
    offsetof(struct ruleset_counts, unreached),   offsetof(struct ruleset_counts, filters),
    offsetof(struct ruleset_counts, below_level), offsetof(struct ruleset_counts, by_status),
    offsetof(struct ruleset_counts, repeated),
};

#endif
