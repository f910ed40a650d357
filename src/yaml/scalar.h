/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_YAML_SCALAR_H
#define CANH_YAML_SCALAR_H
/*
 * The text of a scalar: quotes and escapes resolved, lines folded. From the source where it stands
 * there as it is, which is nearly always; else by libfyaml, whose mistakes are worked round.
 */
#include <libfyaml.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct scalar_reader {
    struct slice source;
    struct fy_token_iter *iter;
    struct buf text; /* scratch */
};

/* source: the whole text that is parsed, borrowed. 0 or -CE_NOMEM. */
CANH_MUST_USE int scalar_init(struct scalar_reader *r, struct slice source, size_t max_bytes);
void scalar_done(struct scalar_reader *r);

/* *ret is valid until the next call. 0, -CE_SYNTAX, or -CE_NOMEM (also over max_bytes). */
CANH_MUST_USE int scalar_text(struct scalar_reader *r, struct fy_token *token, struct slice *ret);

#endif
