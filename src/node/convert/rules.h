/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_CONVERT_RULES_H
#define CANH_NODE_CONVERT_RULES_H
/* An archive of rules that somebody handed in → its files of rules, tried: office/bundle_wire.h. */
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* fd: the archive, from its beginning. */
CANH_MUST_USE int rules_collect(int fd, struct buf *out, struct err *err);

#endif
