/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_BODY_H
#define CANH_NET_BODY_H
/*
 * Small JSON bodies (RFC 8259) as the pairs that a form would give, so that a page's form and the
 * API are one act: a flat object of texts, numbers, true, false and null (an empty text). Arrays
 * and objects in it are refused; so are repeated names.
 */
#include "net/uri.h"

/* -CE_SYNTAX, -CE_ENCODING, -CE_TOO_BIG, -CE_NOMEM. */
CANH_MUST_USE int body_json_parse(struct slice raw, struct arena *arena, struct uri_pairs *ret);

#endif
