/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls_peer.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "lang/err_net.h"

struct tls_server {
    gnutls_certificate_credentials_t cred;
    gnutls_priority_t priority;
    bool asks;
};

struct tls_peer {
    gnutls_session_t session;
    bool shaken, has_cert;
    uint8_t cert[TLS_PEER_HASH];
};

static int tls_peer_fail(struct err *err, int code)
{
    return err_fail(err, CE_IO, ERR_BASE_BOTH, ERR_ID(ERR_NET_CERTIFICATE), gnutls_strerror(code));
}

static gnutls_datum_t tls_peer_datum(const char *pem)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem)};
}

/* Ends the handshake for a certificate that is shown and does not verify. */
static int verify_client(gnutls_session_t session)
{
    unsigned status = 0, n = 0;

    if (gnutls_certificate_get_peers(session, &n) == NULL || n == 0)
        return 0;
    if (gnutls_certificate_verify_peers2(session, &status) < 0 || status != 0)
        return GNUTLS_E_CERTIFICATE_ERROR;
    return 0;
}

int tls_server_new(struct tls_server **ret, const struct tls_server_options *o, struct err *err)
{
    struct tls_server *s = calloc(1, sizeof(*s));
    gnutls_datum_t cert = tls_peer_datum(o->files.cert), key = tls_peer_datum(o->files.key);
    int r;

    if (s == NULL)
        return err_nomem(err);
    r = gnutls_certificate_allocate_credentials(&s->cred);
    if (r >= 0)
        r = gnutls_certificate_set_x509_key_mem(s->cred, &cert, &key, GNUTLS_X509_FMT_PEM);
    if (r >= 0 && o->authority) {
        gnutls_datum_t authority = tls_peer_datum(o->authority);

        r = gnutls_certificate_set_x509_trust_mem(s->cred, &authority, GNUTLS_X509_FMT_PEM);
        s->asks = true;
        gnutls_certificate_set_verify_function(s->cred, verify_client);
    }
    if (r >= 0)
        r = gnutls_priority_init(&s->priority, tls_priorities(o->tls_1_2), NULL);
    if (r < 0) {
        tls_server_free(s);
        return tls_peer_fail(err, r);
    }
    *ret = s;
    return 0;
}

struct tls_server *tls_server_free(struct tls_server *s)
{
    if (s == NULL)
        return NULL;
    if (s->cred)
        gnutls_certificate_free_credentials(s->cred);
    if (s->priority)
        gnutls_priority_deinit(s->priority);
    free(s);
    return NULL;
}

struct tls_peer *tls_peer_new(struct tls_server *server, int fd)
{
    struct tls_peer *p = calloc(1, sizeof(*p));

    if (p == NULL)
        return NULL;
    if (gnutls_init(&p->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0 ||
        gnutls_priority_set(p->session, server->priority) < 0 ||
        gnutls_credentials_set(p->session, GNUTLS_CRD_CERTIFICATE, server->cred) < 0)
        return tls_peer_free(p);
    gnutls_certificate_server_set_request(p->session,
                                          server->asks ? GNUTLS_CERT_REQUEST : GNUTLS_CERT_IGNORE);
    gnutls_transport_set_int(p->session, fd);
    return p;
}

struct tls_peer *tls_peer_free(struct tls_peer *p)
{
    if (p == NULL)
        return NULL;
    if (p->session) {
        if (p->shaken)
            (void)gnutls_bye(p->session, GNUTLS_SHUT_WR);
        gnutls_deinit(p->session);
    }
    free(p);
    return NULL;
}

static int code_of(ssize_t r)
{
    return r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED ? -CE_BUSY : -CE_PEER;
}

static void note_certificate(struct tls_peer *p)
{
    unsigned n = 0;
    const gnutls_datum_t *list = gnutls_certificate_get_peers(p->session, &n);

    p->has_cert = list && n > 0 &&
                  gnutls_hash_fast(GNUTLS_DIG_SHA256, list[0].data, list[0].size, p->cert) >= 0;
}

static int tls_peer_shake(struct tls_peer *p)
{
    int r;

    do
        r = gnutls_handshake(p->session);
    while (r < 0 && r != GNUTLS_E_AGAIN && r != GNUTLS_E_INTERRUPTED && !gnutls_error_is_fatal(r));
    if (r < 0)
        return code_of(r);
    p->shaken = true;
    note_certificate(p);
    return 0;
}

int tls_peer_read(struct tls_peer *p, void *to, size_t n)
{
    int r = p->shaken ? 0 : tls_peer_shake(p);
    ssize_t got;

    if (r < 0)
        return r;
    got = gnutls_record_recv(p->session, to, n);
    return got >= 0 ? (int)got : code_of(got);
}

int tls_peer_write(struct tls_peer *p, const void *from, size_t n)
{
    int r = p->shaken ? 0 : tls_peer_shake(p);
    ssize_t sent;

    if (r < 0)
        return r;
    sent = gnutls_record_send(p->session, from, n);
    return sent >= 0 ? (int)sent : code_of(sent);
}

bool tls_peer_wants_write(const struct tls_peer *p)
{
    return gnutls_record_get_direction(p->session) == 1;
}

bool tls_peer_has_more(const struct tls_peer *p)
{
    return gnutls_record_check_pending(p->session) > 0;
}

bool tls_peer_is_shaken(const struct tls_peer *p)
{
    return p->shaken;
}

bool tls_peer_certificate(const struct tls_peer *p, uint8_t ret[TLS_PEER_HASH])
{
    if (p->has_cert)
        memcpy(ret, p->cert, sizeof(p->cert));
    return p->has_cert;
}
