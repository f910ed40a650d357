/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_DETECTION_H
#define CANH_SIGMA_DETECTION_H
/*
 * The `detection` of a rule, or `filter` of a Sigma filter: selections and the condition over
 * them. A selection is a map (all of its lines), a list of maps and texts (one of them), or a
 * text; texts are keywords.
 */
#include "base/attr.h"
#include "sigma/build.h"

/* `rules` is a key of its own in filters and a selection's name elsewhere. */
enum detection_kind { DETECTION_OF_RULE, DETECTION_OF_FILTER };

/* parent: the document, for the place of what is missing. node: its detection, or NULL. */
CANH_MUST_USE int detection_build(struct build *b, const struct yaml_node *parent,
                                  const struct yaml_node *node, enum detection_kind kind,
                                  const struct expr **ret);

#endif
