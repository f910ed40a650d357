/* SPDX-License-Identifier: Apache-2.0 */
/* The web console in the desk's loop, with the machine's own certificate where the unit has none.
 */
#include <errno.h>
#include <stdio.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "net/http.h"
#include "node/desk/desk.h"
#include "node/desk/search.h"
#include "web/web.h"

#define LISTEN_EVERY (10 * TIME_SECOND)

enum { PEM_MAX = 64 << 10, CERT_DAYS = 825 };

static void console_turn(struct desk *d)
{
    struct err err = ERR_INIT;
    int64_t wait;

    desk_web_run(d->web);
    wait = desk_web_wait(d->web) * (TIME_SECOND / 1000);
    if (loop_timer_set(d->web_timer, wait, 0, &err) < 0)
        role_log_err(&d->role, "console", &err);
}

static void turn_due(void *u)
{
    struct desk *d = u;

    if (d->web)
        console_turn(d);
}

/* Who listens is told within this turn of the loop. */
static void console_due(void *u)
{
    struct desk *d = u;

    d->web_turn.fn = turn_due;
    d->web_turn.u = d;
    loop_soon(d->role.loop, &d->web_turn);
}

static void on_ready(void *u, int fd, uint32_t events)
{
    (void)fd, (void)events;
    console_turn(u);
}

static void on_timer(void *u, struct loop_timer *t)
{
    (void)t;
    console_turn(u);
}

static void sources_changed(void *u)
{
    struct err err = ERR_INIT;
    struct desk *d = u;

    if (desk_publish(d, &err) < 0)
        role_log_err(&d->role, "suppressions cannot be handed out", &err);
}

/* DIR/keys/console.crt and console.key; made here when neither is there. */
static int own_certificate(struct desk *d, struct buf *cert, struct buf *key, struct err *err)
{
    const char *const names[] = {"localhost", d->role.config.console.host, NULL};
    struct buf crt = BUF_INIT(PLACE_PATH + 32), pem = BUF_INIT(PLACE_PATH + 32);
    int r;

    buf_printf(&crt, "%s/console.crt", d->role.place.keys);
    buf_printf(&pem, "%s/console.key", d->role.place.keys);
    r = file_read(buf_cstr(&crt), cert, err);
    if (r == 0)
        r = file_read(buf_cstr(&pem), key, err);
    if (r < 0 && err->sys == ENOENT && cert->len == 0) {
        buf_clear(cert);
        r = tls_make_own(names, time_now(), CERT_DAYS, cert, key, err);
        if (r == 0)
            r = file_mkdirs(d->role.place.keys, 0700, err);
        if (r == 0)
            r = file_replace(buf_cstr(&pem), buf_slice(key), 0600, err);
        if (r == 0)
            r = file_replace(buf_cstr(&crt), buf_slice(cert), 0644, err);
    }
    buf_done(&crt);
    buf_done(&pem);
    return r;
}

static int read_named(struct slice path, struct buf *out, struct err *err)
{
    struct buf name = BUF_INIT(PLACE_PATH);
    int r;

    buf_append_slice(&name, path);
    r = name.err ? err_nomem(err) : file_read(buf_cstr(&name), out, err);
    buf_done(&name);
    return r;
}

/* What canh.conf names, else the machine's own. */
static int console_certificate(struct desk *d, struct buf *cert, struct buf *key, struct err *err)
{
    struct admin_certificate *told = &d->certificates[DESK_CERTIFICATE_CONSOLE];
    const struct config *c = &d->role.config;
    int r;

    (void)snprintf(told->file, sizeof(told->file), "%.4000s/console.crt", d->role.place.keys);
    if (c->certificate.n == 0 && c->key.n == 0)
        return own_certificate(d, cert, key, err);
    (void)snprintf(told->file, sizeof(told->file), SLICE_FMT, SLICE_ARG(c->certificate));
    r = read_named(c->certificate, cert, err);
    return r < 0 ? r : read_named(c->key, key, err);
}

static void console_forget(struct desk *d)
{
    if (d->console_key.p)
        sodium_memzero(d->console_key.p, d->console_key.cap);
    buf_done(&d->console_key);
    buf_done(&d->console_certificate);
}

/* The console itself, which nobody reaches yet. */
static int console_new(struct desk *d, struct err *err)
{
    const struct config_site *site = &d->role.config.site;
    const struct desk_web_options opt = {.state = d->s,
                                         .site = {site->url, site->origin, site->prefix},
                                         .first_link = d->first_link,
                                         .sources_changed = sources_changed,
                                         .scan = desk_scan,
                                         .read = desk_read_file,
                                         .search = desk_search_host(d),
                                         .doctor = desk_doctor,
                                         .node = desk_tell,
                                         .rules_put = desk_rules_put,
                                         .reload = desk_reload,
                                         .scratch = d->role.place.run,
                                         .issue = desk_issue,
                                         .due = console_due,
                                         .wrote = desk_go_on,
                                         .u = d};
    int r;

    (void)snprintf(d->first_link, sizeof(d->first_link), "%.4000s/first-link", d->role.place.run);
    r = desk_web_new(&d->web, &opt, err);
    if (r == 0)
        r = loop_add(d->role.loop, desk_web_fd(d->web), EPOLLIN, on_ready, d, err);
    return r < 0 ? r : loop_timer_add(d->role.loop, 0, 0, on_timer, d, &d->web_timer, err);
}

static int console_listen(struct desk *d, struct err *err)
{
    const struct tls_files tls = {buf_cstr(&d->console_certificate), buf_cstr(&d->console_key)};
    const struct config *c = &d->role.config;
    struct desk_web_listener at = {.tls = &tls,
                                   .tls_1_2 = c->tls_oldest == CONFIG_TLS_1_2,
                                   .proxies = c->proxies.items,
                                   .proxy_count = c->proxies.count};
    uint16_t port = c->console.port;
    int r = http_listen(c->console.host, &port, &at.fd, err);

    d->console_deaf = r < 0;
    return r < 0 ? r : desk_web_serve(d->web, &at, err);
}

/* All else that a desk does goes on without a console. */
static void listen_again(void *u, struct loop_timer *t)
{
    struct err err = ERR_INIT;
    struct desk *d = u;

    if (console_listen(d, &err) < 0) {
        if (!d->console_deaf)
            role_log_err(&d->role, "console", &err);
        d->console_deaf = true;
        return;
    }
    role_log(&d->role, "the console's port is free: it is listened on");
    role_deaf(&d->role, WIRE_SOCKETS, 0);
    console_forget(d);
    loop_timer_drop(d->role.loop, t);
}

static int open_port(struct desk *d, struct err *err)
{
    int r;

    d->console_certificate = d->console_key = BUF_INIT(PEM_MAX);
    r = console_certificate(d, &d->console_certificate, &d->console_key, err);
    if (r == 0) {
        admin_certificate_read(&d->certificates[DESK_CERTIFICATE_CONSOLE],
                               buf_slice(&d->console_certificate));
        r = console_listen(d, err);
    }
    if (r < 0 && d->console_deaf) {
        role_deaf(&d->role, WIRE_SOCKETS, err->sys ? err->sys : EADDRINUSE);
        *err = ERR_INIT;
        return loop_timer_add(d->role.loop, LISTEN_EVERY, LISTEN_EVERY, listen_again, d, NULL, err);
    }
    console_forget(d);
    return r;
}

void desk_console_socket(void *u, int fd)
{
    const struct desk_web_listener at = {.fd = fd, .proxied = true};
    struct err err = ERR_INIT;
    struct desk *d = u;

    if (d->web == NULL || d->socket_served) {
        fd_closep(&fd);
        return;
    }
    d->socket_served = desk_web_serve(d->web, &at, &err) == 0;
    if (!d->socket_served)
        role_log_err(&d->role, "the console's socket", &err);
}

int desk_console_open(struct desk *d, struct err *err)
{
    const struct config *c = &d->role.config;
    int r;

    if (c->console.port == 0 && c->socket.n == 0)
        return 0;
    r = console_new(d, err);
    if (r < 0)
        return r;
    return c->console.port > 0 ? open_port(d, err) : 0;
}

void desk_console_close(struct desk *d)
{
    console_forget(d);
    if (d->web == NULL)
        return;
    loop_drop(d->role.loop, desk_web_fd(d->web));
    if (d->web_timer)
        loop_timer_drop(d->role.loop, d->web_timer);
    d->web_timer = NULL;
    d->web = desk_web_free(d->web);
}
