/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's own authority and the certificate of its listeners, in DIR/keys: made where they are
 * missing, the listeners' anew before it ends. Senders trust ca.crt.
 */
#include <stdio.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/time.h"
#include "net/tls.h"
#include "net/tls_issue.h"
#include "node/desk/desk.h"

enum {
    PEM_MAX = 64 << 10,
    AUTHORITY_DAYS = 3650,
    LISTENER_DAYS = 397,
    RENEW_DAYS = 30,
    SENDER_DAYS = DESK_SENDER_DAYS
};

static void key_path(const struct desk *d, const char *name, struct buf *out)
{
    buf_clear(out);
    buf_printf(out, "%s/%s", d->role.place.keys, name);
}

static int write_key(const struct desk *d, const char *name, const struct buf *pem, unsigned mode,
                     struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 32);
    int r;

    key_path(d, name, &path);
    r = file_replace(buf_cstr(&path), buf_slice(pem), mode, err);
    buf_done(&path);
    return r;
}

static bool read_key(const struct desk *d, const char *name, struct buf *pem)
{
    struct buf path = BUF_INIT(PLACE_PATH + 32);
    bool there;

    key_path(d, name, &path);
    there = file_read(buf_cstr(&path), pem, NULL) == 0;
    (void)buf_cstr(pem);
    buf_done(&path);
    return there;
}

static int keys_authority(const struct desk *d, struct buf *cert, struct buf *key, struct err *err)
{
    static const char *const names[] = {"canh", NULL};
    struct tls_issue_request q = {.use = TLS_FOR_AUTHORITY,
                                  .names = names,
                                  .now = time_now(),
                                  .days = AUTHORITY_DAYS};
    int r;

    if (read_key(d, "ca.crt", cert) && read_key(d, "ca.key", key))
        return 0;
    buf_clear(cert);
    buf_clear(key);
    r = tls_issue(&q, cert, key, err);
    if (r == 0)
        r = file_mkdirs(d->role.place.keys, 0700, err);
    if (r == 0)
        r = write_key(d, "ca.key", key, 0600, err);
    if (r == 0)
        r = write_key(d, "ca.crt", cert, 0644, err);
    return r;
}

static bool still_good(struct slice cert)
{
    int64_t end;

    return tls_cert_end(cert, &end, NULL) == 0 && end > time_now() + RENEW_DAYS * TIME_DAY;
}

/* The names by which senders may reach the listeners: this machine's, and what is listened on. */
static int keys_listener(struct desk *d, const struct tls_files *issuer, struct err *err)
{
    char host[256] = "localhost";
    const struct config *c = &d->role.config;
    const char *const names[] = {host,           "localhost",        "127.0.0.1", c->ingest.host,
                                 c->syslog.host, c->syslog_tls.host, NULL};
    struct tls_issue_request q = {.use = TLS_FOR_SERVER,
                                  .names = names,
                                  .now = time_now(),
                                  .days = LISTENER_DAYS,
                                  .issuer = issuer};
    struct buf cert = BUF_INIT(PEM_MAX), key = BUF_INIT(PEM_MAX);
    int r = 0;

    (void)gethostname(host, sizeof(host) - 1);
    if (!read_key(d, "ingest.crt", &cert) || !read_key(d, "ingest.key", &key) ||
        !still_good(buf_slice(&cert))) {
        buf_clear(&cert);
        buf_clear(&key);
        r = tls_issue(&q, &cert, &key, err);
        if (r == 0)
            r = write_key(d, "ingest.key", &key, 0600, err);
        if (r == 0)
            r = write_key(d, "ingest.crt", &cert, 0644, err);
    }
    if (r == 0 && tls_cert_end(buf_slice(&cert), &d->listener_end, NULL) < 0)
        d->listener_end = TIME_NONE;
    buf_done(&cert);
    buf_done(&key);
    return r;
}

/* The authority's key stays in memory: once confined, nobody reads it from the folder. */
int desk_keys_make(struct desk *d, struct err *err)
{
    int r;

    d->authority = d->authority_key = BUF_INIT(PEM_MAX);
    r = keys_authority(d, &d->authority, &d->authority_key, err);
    if (r == 0 && tls_cert_end(buf_slice(&d->authority), &d->authority_end, NULL) < 0)
        d->authority_end = TIME_NONE;
    if (r == 0)
        r = keys_listener(d,
                          &(struct tls_files){buf_cstr(&d->authority), buf_cstr(&d->authority_key)},
                          err);
    return r;
}

/* Named at random: who the sender is says the source that has the certificate's hash. */
int desk_issue(void *u, struct buf *cert, struct buf *key, uint8_t hash[32], struct err *err)
{
    struct desk *d = u;
    const struct tls_files issuer = {buf_cstr(&d->authority), buf_cstr(&d->authority_key)};
    uint8_t random[8];
    char name[sizeof("canh sender ") + 2 * sizeof(random)] = "canh sender ";
    const char *const names[] = {name, NULL};
    struct tls_issue_request q = {.use = TLS_FOR_CLIENT,
                                  .names = names,
                                  .now = time_now(),
                                  .days = SENDER_DAYS,
                                  .issuer = &issuer};
    int r;

    randombytes_buf(random, sizeof(random));
    hex_write(name + strlen(name), random, sizeof(random));
    r = tls_issue(&q, cert, key, err);
    return r < 0 ? r : tls_cert_hash(buf_slice(cert), hash, err);
}
