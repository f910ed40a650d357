/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/time.h"
#include "lang/err_net.h"
#include "net/tls_issue.h"

const char *tls_priorities(bool also_1_2)
{
    /* No CBC, no RSA key exchange, nothing below 128 bits: what is left of both versions is AEAD
     * with an ephemeral key exchange. */
    return also_1_2 ? "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:"
                      "+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:%SERVER_PRECEDENCE"
                    : "SECURE128:-VERS-ALL:+VERS-TLS1.3:%SERVER_PRECEDENCE";
}

static int tls_fail(struct err *err, unsigned what, int code)
{
    return err_fail(err, CE_IO, ERR_BASE_BOTH, ERR_ID(what), gnutls_strerror(code));
}

int tls_make_own(const char *const *names, int64_t now, unsigned days, struct buf *ret_cert,
                 struct buf *ret_key, struct err *err)
{
    struct tls_issue_request q = {.use = TLS_FOR_SERVER, .names = names, .now = now, .days = days};

    return tls_issue(&q, ret_cert, ret_key, err);
}

static int tls_load(struct slice pem, gnutls_x509_crt_t *ret, struct err *err)
{
    gnutls_datum_t in = {(unsigned char *)(uintptr_t)pem.p, (unsigned)pem.n};
    int r = gnutls_x509_crt_init(ret);

    if (r >= 0 && (r = gnutls_x509_crt_import(*ret, &in, GNUTLS_X509_FMT_PEM)) < 0)
        gnutls_x509_crt_deinit(*ret);
    return r < 0 ? tls_fail(err, ERR_NET_CERTIFICATE, r) : 0;
}

int tls_fingerprint(struct slice cert_pem, char ret[TLS_FINGERPRINT], struct err *err)
{
    static const char digits[] = "0123456789ABCDEF";
    gnutls_x509_crt_t crt;
    uint8_t hash[32];
    size_t size = sizeof(hash);
    int r = tls_load(cert_pem, &crt, err);

    if (r < 0)
        return r;
    r = gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, hash, &size);
    gnutls_x509_crt_deinit(crt);
    if (r < 0)
        return tls_fail(err, ERR_NET_FINGERPRINT, r);
    for (size_t i = 0; i < sizeof(hash); i++) {
        ret[3 * i] = digits[hash[i] >> 4];
        ret[3 * i + 1] = digits[hash[i] & 15];
        ret[3 * i + 2] = i + 1 < sizeof(hash) ? ':' : '\0';
    }
    return 0;
}

int tls_cert_end(struct slice cert_pem, int64_t *ret, struct err *err)
{
    gnutls_x509_crt_t crt;
    int r = tls_load(cert_pem, &crt, err);

    if (r < 0)
        return r;
    *ret = (int64_t)gnutls_x509_crt_get_expiration_time(crt) * TIME_SECOND;
    gnutls_x509_crt_deinit(crt);
    return 0;
}

bool tls_cert_covers(struct slice cert_pem, const char *const *names)
{
    gnutls_x509_crt_t crt;
    bool covers = true;

    if (tls_load(cert_pem, &crt, NULL) < 0)
        return false;
    for (; covers && *names; names++)
        covers = gnutls_x509_crt_check_hostname(crt, *names) != 0;
    gnutls_x509_crt_deinit(crt);
    return covers;
}
