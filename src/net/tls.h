/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_TLS_H
#define CANH_NET_TLS_H
/*
 * The one TLS policy: version 1.3, and 1.2 (AEAD with forward secrecy only) where an owner asks for
 * it, for foreign senders or a reverse proxy. docs/console.md describes it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct tls_files {
    const char *cert; /* PEM, the chain; zero-terminated */
    const char *key;  /* PEM, not encrypted; zero-terminated */
};

/* GnuTLS's priority string for the policy. */
const char *tls_priorities(bool also_1_2);

enum { TLS_FINGERPRINT = 96 };

/*
 * A certificate for a machine that has none of its unit: ECDSA P-256, signed by itself, for the
 * names and addresses given (ends with NULL), from one hour ago for `days`. PEM into both buffers.
 */
CANH_MUST_USE int tls_make_own(const char *const *names, int64_t now, unsigned days,
                               struct buf *ret_cert, struct buf *ret_key, struct err *err);
/* SHA-256 of the first certificate, "AB:CD:…", as browsers show it. */
CANH_MUST_USE int tls_fingerprint(struct slice cert_pem, char ret[TLS_FINGERPRINT],
                                  struct err *err);
/* The certificate's last moment. */
CANH_MUST_USE int tls_cert_end(struct slice cert_pem, int64_t *ret, struct err *err);
/* Whether the certificate is good for each of these names and addresses (ends with NULL). */
bool tls_cert_covers(struct slice cert_pem, const char *const *names);

#endif
