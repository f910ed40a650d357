/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <arpa/inet.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/time.h"
#include "lang/err_net.h"

const char *tls_priorities(bool also_1_2)
{
    /* No CBC, no RSA key exchange, nothing below 128 bits: what is left of both versions is AEAD
     * with an ephemeral key exchange. */
    return also_1_2 ? "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:"
                      "+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:%SERVER_PRECEDENCE"
                    : "SECURE128:-VERS-ALL:+VERS-TLS1.3:%SERVER_PRECEDENCE";
}

static int fail(struct err *err, unsigned what, int code)
{
    return err_fail(err, CE_IO, ERR_BASE_BOTH, ERR_ID(what), gnutls_strerror(code));
}

static void put_pem(struct buf *out, gnutls_datum_t *pem)
{
    buf_put(out, pem->data, pem->size);
    (void)buf_cstr(out);
    gnutls_memset(pem->data, 0, pem->size);
    gnutls_free(pem->data);
}

static int add_names(gnutls_x509_crt_t crt, const char *const *names)
{
    int r = 0;

    for (; r >= 0 && *names; names++) {
        uint8_t address[16];
        unsigned n = inet_pton(AF_INET, *names, address) == 1    ? 4
                     : inet_pton(AF_INET6, *names, address) == 1 ? 16
                                                                 : 0;

        r = n > 0 ? gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address, n,
                                                         GNUTLS_FSAN_APPEND)
                  : gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, *names,
                                                         (unsigned)strlen(*names),
                                                         GNUTLS_FSAN_APPEND);
    }
    return r;
}

static int fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *const *names,
                int64_t now, unsigned days)
{
    time_t from = (time_t)((now - TIME_HOUR) / TIME_SECOND);
    uint8_t serial[16];
    int r = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

    serial[0] &= 0x7F; /* positive */
    serial[0] |= 0x40;
    if (r >= 0)
        r = gnutls_x509_crt_set_version(crt, 3);
    if (r >= 0)
        r = gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
    if (r >= 0)
        r = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, names[0],
                                          (unsigned)strlen(names[0]));
    if (r >= 0)
        r = gnutls_x509_crt_set_activation_time(crt, from);
    if (r >= 0)
        r = gnutls_x509_crt_set_expiration_time(crt, from + (time_t)days * 86400);
    if (r >= 0)
        r = gnutls_x509_crt_set_basic_constraints(crt, 0, -1);
    if (r >= 0)
        r = gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (r >= 0)
        r = gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (r >= 0)
        r = add_names(crt, names);
    if (r >= 0)
        r = gnutls_x509_crt_set_key(crt, key);
    if (r >= 0)
        r = gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
    return r;
}

int tls_make_own(const char *const *names, int64_t now, unsigned days, struct buf *ret_cert,
                 struct buf *ret_key, struct err *err)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t crt = NULL;
    gnutls_datum_t pem = {0};
    int r = gnutls_x509_privkey_init(&key);

    if (r >= 0)
        r = gnutls_x509_crt_init(&crt);
    if (r >= 0)
        r = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (r >= 0)
        r = fill(crt, key, names, now, days);
    if (r >= 0 && (r = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem)) >= 0)
        put_pem(ret_cert, &pem);
    if (r >= 0 && (r = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                         GNUTLS_PKCS_PLAIN, &pem)) >= 0)
        put_pem(ret_key, &pem);
    if (crt)
        gnutls_x509_crt_deinit(crt);
    if (key)
        gnutls_x509_privkey_deinit(key);
    if (r < 0)
        return fail(err, ERR_NET_CERTIFICATE, r);
    return ret_cert->err < 0 || ret_key->err < 0 ? err_nomem(err) : 0;
}

static int load(struct slice pem, gnutls_x509_crt_t *ret, struct err *err)
{
    gnutls_datum_t in = {(unsigned char *)(uintptr_t)pem.p, (unsigned)pem.n};
    int r = gnutls_x509_crt_init(ret);

    if (r >= 0 && (r = gnutls_x509_crt_import(*ret, &in, GNUTLS_X509_FMT_PEM)) < 0)
        gnutls_x509_crt_deinit(*ret);
    return r < 0 ? fail(err, ERR_NET_CERTIFICATE, r) : 0;
}

int tls_fingerprint(struct slice cert_pem, char ret[TLS_FINGERPRINT], struct err *err)
{
    static const char digits[] = "0123456789ABCDEF";
    gnutls_x509_crt_t crt;
    uint8_t hash[32];
    size_t size = sizeof(hash);
    int r = load(cert_pem, &crt, err);

    if (r < 0)
        return r;
    r = gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, hash, &size);
    gnutls_x509_crt_deinit(crt);
    if (r < 0)
        return fail(err, ERR_NET_FINGERPRINT, r);
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
    int r = load(cert_pem, &crt, err);

    if (r < 0)
        return r;
    *ret = (int64_t)gnutls_x509_crt_get_expiration_time(crt) * TIME_SECOND;
    gnutls_x509_crt_deinit(crt);
    return 0;
}
