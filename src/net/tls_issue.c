/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls_issue.h"

#include <arpa/inet.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/time.h"
#include "lang/err_net.h"

/* What is being made, and who signs it. */
struct issue_job {
    const struct tls_issue_request *q;
    gnutls_x509_crt_t crt, issuer;
    gnutls_x509_privkey_t key, issuer_key;
};

static int tls_issue_fail(struct err *err, int code)
{
    return err_fail(err, CE_IO, ERR_BASE_BOTH, ERR_ID(ERR_NET_CERTIFICATE), gnutls_strerror(code));
}

static void write_pem(struct buf *out, gnutls_datum_t *pem)
{
    buf_append(out, pem->data, pem->size);
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

static int write_use(const struct issue_job *job)
{
    enum tls_use use = job->q->use;
    bool authority = use == TLS_FOR_AUTHORITY;
    int r = gnutls_x509_crt_set_basic_constraints(job->crt, authority, authority ? 0 : -1);

    if (r >= 0)
        r = gnutls_x509_crt_set_key_usage(job->crt,
                                          authority ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
                                                    : GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (r >= 0 && !authority)
        r = gnutls_x509_crt_set_key_purpose_oid(job->crt,
                                                use == TLS_FOR_SERVER ? GNUTLS_KP_TLS_WWW_SERVER
                                                                      : GNUTLS_KP_TLS_WWW_CLIENT,
                                                0);
    if (r >= 0 && use == TLS_FOR_SERVER)
        r = add_names(job->crt, job->q->names);
    return r;
}

static int write_basics(const struct issue_job *job)
{
    time_t from = (time_t)((job->q->now - TIME_HOUR) / TIME_SECOND);
    const char *name = job->q->names[0];
    uint8_t serial[16];
    int r = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

    serial[0] &= 0x7F; /* positive */
    serial[0] |= 0x40;
    if (r >= 0)
        r = gnutls_x509_crt_set_version(job->crt, 3);
    if (r >= 0)
        r = gnutls_x509_crt_set_serial(job->crt, serial, sizeof(serial));
    if (r >= 0)
        r = gnutls_x509_crt_set_dn_by_oid(job->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                          (unsigned)strlen(name));
    if (r >= 0)
        r = gnutls_x509_crt_set_activation_time(job->crt, from);
    if (r >= 0)
        r = gnutls_x509_crt_set_expiration_time(job->crt, from + (time_t)job->q->days * 86400);
    if (r >= 0)
        r = gnutls_x509_crt_set_key(job->crt, job->key);
    return r;
}

static int load_issuer(struct issue_job *job)
{
    const struct tls_files *f = job->q->issuer;
    gnutls_datum_t cert = {(unsigned char *)(uintptr_t)f->cert, (unsigned)strlen(f->cert)};
    gnutls_datum_t key = {(unsigned char *)(uintptr_t)f->key, (unsigned)strlen(f->key)};
    int r = gnutls_x509_crt_init(&job->issuer);

    if (r >= 0)
        r = gnutls_x509_crt_import(job->issuer, &cert, GNUTLS_X509_FMT_PEM);
    if (r >= 0)
        r = gnutls_x509_privkey_init(&job->issuer_key);
    if (r >= 0)
        r = gnutls_x509_privkey_import2(job->issuer_key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
    return r;
}

static int tls_issue_sign(struct issue_job *job)
{
    int r = gnutls_x509_privkey_init(&job->key);

    if (r >= 0)
        r = gnutls_x509_crt_init(&job->crt);
    if (r >= 0)
        r = gnutls_x509_privkey_generate(job->key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (r >= 0)
        r = write_basics(job);
    if (r >= 0)
        r = write_use(job);
    if (r >= 0 && job->q->issuer)
        r = load_issuer(job);
    if (r >= 0)
        r = gnutls_x509_crt_sign2(job->crt, job->issuer ? job->issuer : job->crt,
                                  job->issuer_key ? job->issuer_key : job->key, GNUTLS_DIG_SHA256,
                                  0);
    return r;
}

static void job_done(struct issue_job *job)
{
    if (job->crt)
        gnutls_x509_crt_deinit(job->crt);
    if (job->issuer)
        gnutls_x509_crt_deinit(job->issuer);
    if (job->key)
        gnutls_x509_privkey_deinit(job->key);
    if (job->issuer_key)
        gnutls_x509_privkey_deinit(job->issuer_key);
}

int tls_issue(const struct tls_issue_request *q, struct buf *ret_cert, struct buf *ret_key,
              struct err *err)
{
    struct issue_job job = {.q = q};
    gnutls_datum_t pem = {0};
    int r = tls_issue_sign(&job);

    if (r >= 0 && (r = gnutls_x509_crt_export2(job.crt, GNUTLS_X509_FMT_PEM, &pem)) >= 0)
        write_pem(ret_cert, &pem);
    if (r >= 0 && (r = gnutls_x509_privkey_export2_pkcs8(job.key, GNUTLS_X509_FMT_PEM, NULL,
                                                         GNUTLS_PKCS_PLAIN, &pem)) >= 0)
        write_pem(ret_key, &pem);
    job_done(&job);
    if (r < 0)
        return tls_issue_fail(err, r);
    return ret_cert->err < 0 || ret_key->err < 0 ? err_nomem(err) : 0;
}

int tls_cert_hash(struct slice cert_pem, uint8_t ret[32], struct err *err)
{
    gnutls_datum_t in = {(unsigned char *)(uintptr_t)cert_pem.p, (unsigned)cert_pem.n};
    gnutls_x509_crt_t crt;
    size_t size = 32;
    int r = gnutls_x509_crt_init(&crt);

    if (r < 0)
        return tls_issue_fail(err, r);
    r = gnutls_x509_crt_import(crt, &in, GNUTLS_X509_FMT_PEM);
    if (r >= 0)
        r = gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, ret, &size);
    gnutls_x509_crt_deinit(crt);
    return r < 0 ? tls_issue_fail(err, r) : 0;
}
