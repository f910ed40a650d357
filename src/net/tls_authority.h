/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_TLS_AUTHORITY_H
#define CANH_NET_TLS_AUTHORITY_H
/*
 * A node's own authority: ca.crt, which senders trust, and ca.key beside it (ECDSA P-256, ten
 * years).
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum { TLS_PEM_MAX = 64 << 10 };

/*
 * Reads both from the folder, zero-terminated, into buffers of TLS_PEM_MAX; makes both where one is
 * missing, which *ret_made says. What is there and cannot be read is an error and stays.
 */
CANH_MUST_USE int tls_authority(const char *folder, struct buf *ret_cert, struct buf *ret_key,
                                bool *ret_made, struct err *err);

#endif
