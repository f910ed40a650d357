/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RULESET_PACK_H
#define CANH_SIGMA_RULESET_PACK_H
/*
 * What rules and mappings have become, as bytes: the rules' metadata and, for each mapping that
 * leads events to them, route and condition. Who has these needs neither read nor map the rules
 * again. What is not in them: rules' own conditions, how their values are written and where they
 * stand, what was wrong with rules, what mappings know.
 *
 *     ruleset_compile(rs, &err); ruleset_pack(rs, &bytes);
 *     …
 *     rs = ruleset_new(&options); ruleset_unpack(rs, bytes); ruleset_compile(rs, &err);
 *
 * Reading is bounded by the bytes that are there and checks all that memory and time depend on: of
 * any bytes it makes rules, if not those that were packed.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "sigma/ruleset.h"

/* Raised when the bytes change, or what they mean. */
enum { RULESET_PACK_FORM = 6 };

/* Appends a compiled ruleset. False: it has what cannot be packed (correlations), or out->err. */
CANH_MUST_USE bool ruleset_pack(const struct ruleset *rs, struct buf *out);

/*
 * Instead of adding rules and mappings to a new ruleset; packed may go. 0; or -CE_NOMEM, -CE_SYNTAX
 * for bytes that are none of ruleset_pack(), and the ruleset is as it was.
 */
CANH_MUST_USE int ruleset_unpack(struct ruleset *rs, struct slice packed);

#endif
