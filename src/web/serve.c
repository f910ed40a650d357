/* SPDX-License-Identifier: Apache-2.0 */
/* The console in its owner's loop: what it is made of, and its servers. */
#include "web/web.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "data/data.h"
#include "lang/err_web.h"
#include "web/page_cache.h"
#include "web/picture.h"
#include "web/web_internal.h"

enum {
    TEMPLATES_MAX = 128,
    SITE_ROOM = 16 << 10,
    REPLY_MAX = 17 << 20, /* a file that was handed in goes out */
};

static int read_templates(struct desk_web *w, struct err *err)
{
    const struct data_folder *folder = data_folder("console");
    struct template_file files[TEMPLATES_MAX];
    size_t n = 0;

    for (size_t i = 0; folder && i < folder->count && n < CANH_LEN(files); i++) {
        struct slice name = slice_str(folder->files[i].name);

        if (slice_ends(name, SLICE(".html")))
            files[n++] =
                (struct template_file){slice_head(name, name.n - 5), data_bytes(&folder->files[i])};
    }
    return template_set_new(&w->templates, files, n, w->site.prefix, err);
}

static int make_routes(struct desk_web *w, struct err *err)
{
    w->routes = calloc(desk_route_count, sizeof(*w->routes));
    if (w->routes == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < desk_route_count; i++)
        w->routes[i] = (struct http_route){desk_routes[i].method, desk_routes[i].pattern,
                                           desk_routes[i].who, desk_routes[i].body_max, web_run};
    return 0;
}

static int poll_add(struct desk_web *w, int fd, struct err *err)
{
    struct epoll_event e = {.events = EPOLLIN};

    if (fd < 0 || epoll_ctl(w->poll_fd, EPOLL_CTL_ADD, fd, &e) == 0)
        return 0;
    return err_fail_sys(err, errno, ERR_BASE_TEXT, "epoll");
}

static int poll_open(struct desk_web *w, struct err *err)
{
    w->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (w->poll_fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_TEXT, "epoll");
    return poll_add(w, lane_pool_fd(w->aparts), err);
}

/* What the owner has: borrowed, or as it was asked for. */
static int take_options(struct desk_web *w, const struct desk_web_options *opt, struct err *err)
{
    w->poll_fd = -1;
    w->state = opt->state;
    w->secure = opt->site.url.n > 0;
    w->arena = ARENA_INIT(SITE_ROOM);
    w->site.url = arena_dup(&w->arena, opt->site.url);
    w->site.origin = arena_dup(&w->arena, opt->site.origin);
    w->site.prefix = arena_dup(&w->arena, opt->site.prefix);
    w->first_link = opt->first_link;
    w->sources_changed = opt->sources_changed;
    w->scan = opt->scan;
    w->read = opt->read;
    w->doctor = opt->doctor;
    w->node = opt->node;
    w->rules_put = opt->rules_put;
    w->reload = opt->reload;
    w->issue = opt->issue;
    w->scratch = opt->scratch;
    w->search = opt->search;
    w->due = opt->due;
    w->wrote = opt->wrote;
    w->u = opt->u;
    return w->site.url.p && w->site.origin.p && w->site.prefix.p ? 0 : err_nomem(err);
}

static void on_due(void *owner)
{
    struct desk_web *w = owner;

    if (w->due && !w->runs)
        w->due(w->u);
}

int desk_web_new(struct desk_web **ret, const struct desk_web_options *opt, struct err *err)
{
    struct desk_web *w = calloc(1, sizeof(*w));
    int r;

    if (w == NULL)
        return err_nomem(err);
    w->kept = page_cache_new();
    w->pictures = pictures_new();
    w->imports = imports_new();
    w->matrices = matrices_new();
    r = take_options(w, opt, err);
    if (r == 0)
        r = w->kept && w->pictures && w->imports && w->matrices ? make_routes(w, err)
                                                                : err_nomem(err);
    if (r == 0)
        r = read_templates(w, err);
    if (r == 0)
        r = live_new(&w->live, w, opt->streams, err);
    w->owner = (struct http_owner){.owner = w,
                                   .routes = w->routes,
                                   .route_count = desk_route_count,
                                   .prefix = (const char *)w->site.prefix.p,
                                   .enter = web_enter,
                                   .refuse = web_refuse,
                                   .leave = web_leave,
                                   .due = on_due};
    if (r == 0)
        r = lane_pool_new(&w->aparts, w, err);
    if (r == 0)
        r = poll_open(w, err);
    if (r < 0)
        w = desk_web_free(w);
    else
        *ret = w;
    return r;
}

int desk_web_serve(struct desk_web *w, const struct desk_web_listener *at, struct err *err)
{
    const struct http_options http = {.limits.reply_max = REPLY_MAX,
                                      .listen_fd = at->fd,
                                      .tls = at->tls,
                                      .tls_1_2 = at->tls_1_2,
                                      .proxied = at->proxied,
                                      .proxies = at->proxies,
                                      .proxy_count = at->proxy_count,
                                      .owner = &w->owner};
    struct http_server **server = &w->servers[w->server_count];
    int r;

    canh_assert(w->server_count < DESK_WEB_LISTENERS);
    r = http_server_new(server, &http, err);
    if (r < 0) {
        (void)close(at->fd);
        return r;
    }
    w->server_count++;
    w->secure = w->secure || at->tls;
    return poll_add(w, http_server_fd(*server), err);
}

struct desk_web *desk_web_free(struct desk_web *w)
{
    if (w == NULL)
        return NULL;
    w->aparts = lane_pool_free(w->aparts); /* whose visits are the servers' */
    for (size_t i = 0; i < w->server_count; i++)
        w->servers[i] = http_server_free(w->servers[i]);
    fd_closep(&w->poll_fd);
    w->live = live_free(w->live);
    w->kept = page_cache_free(w->kept);
    w->pictures = pictures_free(w->pictures);
    w->imports = imports_free(w->imports);
    w->matrices = matrices_free(w->matrices);
    w->templates = template_set_free(w->templates);
    arena_done(&w->arena);
    free(w->routes);
    free(w);
    return NULL;
}

int desk_web_fd(const struct desk_web *w)
{
    return w->poll_fd;
}

int desk_web_wait(struct desk_web *w)
{
    int wait = INT_MAX;

    for (size_t i = 0; i < w->server_count; i++)
        wait = CANH_MIN(wait, http_server_wait(w->servers[i]));
    return wait;
}

bool desk_web_writes(const struct desk_web *w)
{
    return lane_writes(w->aparts);
}

uint64_t desk_web_held(const struct desk_web *w)
{
    return lane_held(w->aparts);
}

void desk_web_run(struct desk_web *w)
{
    w->runs = true;
    lane_pool_run(w->aparts);
    live_tick(w->live);
    for (size_t i = 0; i < w->server_count; i++)
        http_server_run(w->servers[i]);
    pictures_tick(w);
    w->runs = false;
}

void desk_web_changed(struct desk_web *w, const char *what, struct state_id unit,
                      struct state_id row)
{
    live_changed(w->live, what, unit, row);
}
