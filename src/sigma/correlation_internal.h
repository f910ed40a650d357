/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_CORRELATION_INTERNAL_H
#define CANH_SIGMA_CORRELATION_INTERNAL_H
/* Between correlation.c and correlation_condition.c: one document being read. */
#include "base/attr.h"
#include "sigma/correlation.h"
#include "sigma/reader.h"

struct correlation_reader {
    struct build *b;
    struct correlation_sink sink;
    struct sigma_correlation *c;
    bool typed; /* the type is known */
};

/* Hands what failed to the sink, so that reading can go on; 0 or -CE_NOMEM. */
CANH_MUST_USE int correlation_note(struct correlation_reader *g, int r);

/* A text, or a list of at most max texts, none of them empty or there twice. */
CANH_MUST_USE int correlation_texts(struct build *b, const struct yaml_node *node, const char *key,
                                    uint32_t max, struct slice **ret, uint32_t *ret_count);
/* 0, or the refusal of what only the draft of 2.2 has, where nobody asked for that. */
CANH_MUST_USE int correlation_draft(struct build *b, const struct yaml_node *node,
                                    const char *what);
/* An unknown key of a map, with the known one that is near. */
CANH_MUST_USE int correlation_unknown_key(struct build *b, const struct yaml_node *key,
                                          const struct slice *known, size_t count);
/* The condition, and what it and the type want of each other. node: NULL when there is none. */
CANH_MUST_USE int correlation_read_condition(struct correlation_reader *g,
                                             const struct yaml_node *section,
                                             const struct yaml_node *node);

#endif
