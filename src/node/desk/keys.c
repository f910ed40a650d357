/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's own authority and the certificate of its listeners, in DIR/keys: made where they are
 * missing, the listeners' anew before it ends and when they are to be reached by another name.
 */
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/time.h"
#include "net/tls.h"
#include "net/tls_authority.h"
#include "net/tls_issue.h"
#include "node/desk/desk.h"

enum {
    LISTENER_DAYS = 397,
    RENEW_DAYS = 30,
    SENDER_DAYS = DESK_SENDER_DAYS,
    NAMES_MAX = 64,
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

/* Of a certificate in DIR/keys. */
static void note_certificate(struct desk *d, enum desk_certificate which, const char *name,
                             struct slice pem)
{
    struct admin_certificate *c = &d->certificates[which];

    (void)snprintf(c->file, sizeof(c->file), "%.4000s/%s", d->role.place.keys, name);
    admin_certificate_read(c, pem);
}

/* The names and addresses by which senders may reach the listeners. */
struct reach {
    char text[NAMES_MAX][256];
    const char *names[NAMES_MAX + 1];
    size_t count;
};

static void reach_add(struct reach *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->names[i], name) == 0)
            return;
    if (r->count == NAMES_MAX)
        return;
    (void)snprintf(r->text[r->count], sizeof(r->text[0]), "%s", name);
    r->names[r->count] = r->text[r->count];
    r->count++;
}

/* Those that somebody else may reach. */
static void reach_add_machine(struct reach *r)
{
    struct ifaddrs *all = NULL;
    char text[NI_MAXHOST];

    if (getifaddrs(&all) < 0)
        return;
    for (const struct ifaddrs *x = all; x; x = x->ifa_next) {
        const struct sockaddr *a = x->ifa_addr;
        bool v6 = a && a->sa_family == AF_INET6;

        if (a == NULL || (x->ifa_flags & IFF_LOOPBACK) || !(v6 || a->sa_family == AF_INET) ||
            (v6 &&
             IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr)))
            continue;
        if (getnameinfo(a, v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in), text,
                        sizeof(text), NULL, 0, NI_NUMERICHOST) == 0)
            reach_add(r, text);
    }
    freeifaddrs(all);
}

static void reach_find(const struct config *c, struct reach *ret)
{
    const struct config_address *const listens[] = {&c->ingest, &c->syslog_tls, &c->lumberjack};
    char host[256] = "localhost";
    bool everywhere = false;

    ret->count = 0;
    (void)gethostname(host, sizeof(host) - 1);
    reach_add(ret, host);
    reach_add(ret, "localhost");
    reach_add(ret, "127.0.0.1");
    for (size_t i = 0; i < CANH_LEN(listens); i++) {
        bool any = strcmp(listens[i]->host, "0.0.0.0") == 0 || strcmp(listens[i]->host, "::") == 0;

        everywhere = everywhere || (any && listens[i]->port);
        if (!any && listens[i]->port)
            reach_add(ret, listens[i]->host);
    }
    if (everywhere)
        reach_add_machine(ret);
    ret->names[ret->count] = NULL;
}

static bool still_good(struct slice cert, const struct reach *reach)
{
    int64_t end;

    return tls_cert_end(cert, &end, NULL) == 0 && end > time_now() + RENEW_DAYS * TIME_DAY &&
           tls_cert_covers(cert, reach->names);
}

static int keys_listener(struct desk *d, const struct tls_files *issuer, struct err *err)
{
    struct reach reach;
    struct tls_issue_request q = {.use = TLS_FOR_SERVER,
                                  .names = reach.names,
                                  .now = time_now(),
                                  .days = LISTENER_DAYS,
                                  .issuer = issuer};
    struct buf cert = BUF_INIT(TLS_PEM_MAX), key = BUF_INIT(TLS_PEM_MAX);
    int r = 0;

    reach_find(&d->role.config, &reach);
    if (!read_key(d, "ingest.crt", &cert) || !read_key(d, "ingest.key", &key) ||
        !still_good(buf_slice(&cert), &reach)) {
        buf_clear(&cert);
        buf_clear(&key);
        r = tls_issue(&q, &cert, &key, err);
        if (r == 0)
            r = write_key(d, "ingest.key", &key, 0600, err);
        if (r == 0)
            r = write_key(d, "ingest.crt", &cert, 0644, err);
    }
    if (r == 0)
        note_certificate(d, DESK_CERTIFICATE_INGEST, "ingest.crt", buf_slice(&cert));
    buf_done(&cert);
    buf_done(&key);
    return r;
}

/* The authority's key stays in memory: once confined, nobody reads it from the folder. */
int desk_keys_make(struct desk *d, struct err *err)
{
    bool made;
    int r;

    d->authority = d->authority_key = BUF_INIT(TLS_PEM_MAX);
    r = tls_authority(d->role.place.keys, &d->authority, &d->authority_key, &made, err);
    if (r == 0)
        note_certificate(d, DESK_CERTIFICATE_CA, "ca.crt", buf_slice(&d->authority));
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
