/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_TLS_ISSUE_H
#define CANH_NET_TLS_ISSUE_H
/*
 * Certificates that a node makes: its authority, those of its listeners and of senders. ECDSA
 * P-256, valid from an hour before now, so that a clock that is a little slow takes them.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/tls.h"

enum tls_use { TLS_FOR_AUTHORITY, TLS_FOR_SERVER, TLS_FOR_CLIENT };

struct tls_issue_request {
    enum tls_use use;
    const char *const *names; /* the first is the common name; ends with NULL. Of a server: names
                                 and addresses by which it is reached */
    int64_t now;
    unsigned days;
    const struct tls_files *issuer; /* NULL: it signs itself */
};

/* PEM into both buffers, zero-terminated. */
CANH_MUST_USE int tls_issue(const struct tls_issue_request *q, struct buf *ret_cert,
                            struct buf *ret_key, struct err *err);
/* SHA-256 over the first certificate's DER, as tls_peer_certificate() gives it. */
CANH_MUST_USE int tls_cert_hash(struct slice cert_pem, uint8_t ret[32], struct err *err);

#endif
