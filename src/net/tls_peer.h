/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_TLS_PEER_H
#define CANH_NET_TLS_PEER_H
/*
 * The server's end of a TLS connection that is not HTTP, on a non-blocking socket in the owner's
 * loop. The handshake goes on within tls_peer_read().
 *
 * With an authority a client certificate is asked for, not demanded: one that the authority did
 * not sign, or that is out of its time, ends the handshake; without one the owner decides by other
 * means who it is.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "net/tls.h"

enum { TLS_PEER_HASH = 32 };

struct tls_server; /* certificate, authority, policy: shared by connections */
struct tls_peer;

struct tls_server_options {
    struct tls_files files;
    const char *authority; /* PEM of who signs clients; NULL: none are asked */
    bool tls_1_2;
};

CANH_MUST_USE int tls_server_new(struct tls_server **ret, const struct tls_server_options *o,
                                 struct err *err);
struct tls_server *tls_server_free(struct tls_server *s); /* returns NULL */

/* Borrows server and fd. NULL without memory. */
CANH_MUST_USE struct tls_peer *tls_peer_new(struct tls_server *server, int fd);
/* Says good-bye where that needs no waiting. Returns NULL. */
struct tls_peer *tls_peer_free(struct tls_peer *p);

/* Bytes; 0: the other side has ended properly; -CE_BUSY: nothing now, poll for reading (for
 * writing, when tls_peer_wants_write()); -CE_PEER: it is at its end. */
CANH_MUST_USE int tls_peer_read(struct tls_peer *p, void *to, size_t n);
/* The same for writing; as many as could be sent. */
CANH_MUST_USE int tls_peer_write(struct tls_peer *p, const void *from, size_t n);
bool tls_peer_wants_write(const struct tls_peer *p);
/* Bytes are there that no poll tells of. */
bool tls_peer_has_more(const struct tls_peer *p);
bool tls_peer_is_shaken(const struct tls_peer *p);
/* SHA-256 of the client's verified certificate; false: it showed none. */
bool tls_peer_certificate(const struct tls_peer *p, uint8_t ret[TLS_PEER_HASH]);

#endif
