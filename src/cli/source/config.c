/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source/config.h"

#include <stdio.h>
#include <unistd.h>

#include <sodium.h>

#include "base/num.h"
#include "cli/node/node.h"
#include "config/config.h"
#include "data/data.h"
#include "lang/msg_node.h"
#include "source/source.h"

enum { CONFIG_MAX = 16 * 1024, VALUES_MAX = 16 };

/* What stands for ${name}. */
struct config_value {
    const char *name;
    struct buf text;
};

struct config_values {
    struct config_value items[VALUES_MAX];
    size_t count;
};

static struct buf *value_new(struct config_values *v, const char *name)
{
    struct config_value *x = &v->items[v->count++];

    x->name = name;
    x->text = BUF_INIT(PLACE_PATH + 256);
    return &x->text;
}

static void values_done(struct config_values *v)
{
    for (size_t i = 0; i < v->count; i++) {
        sodium_memzero(v->items[i].text.p, v->items[i].text.cap);
        buf_done(&v->items[i].text);
    }
}

/* How others reach this machine: an address that it listens on by name, else its host name. */
static void write_host(struct buf *out, const struct config_address *a)
{
    char name[256] = "localhost";

    if (strcmp(a->host, "0.0.0.0") != 0 && strcmp(a->host, "::") != 0) {
        buf_puts(out, a->host);
        return;
    }
    (void)gethostname(name, sizeof(name) - 1);
    buf_puts(out, name);
}

static void write_base64(struct buf *out, struct slice id, struct slice secret)
{
    char plain[256], coded[400];
    size_t n = id.n + 1 + secret.n;

    if (n >= sizeof(plain))
        return;
    memcpy(plain, id.p, id.n);
    plain[id.n] = ':';
    memcpy(plain + id.n + 1, secret.p, secret.n);
    (void)sodium_bin2base64(coded, sizeof(coded), (const uint8_t *)plain, n,
                            sodium_base64_VARIANT_ORIGINAL);
    buf_puts(out, coded);
    sodium_memzero(plain, sizeof(plain));
}

static void fill_values(struct config_values *v, const struct config *c, const struct place *place,
                        struct slice id, struct slice secret)
{
    bool v6 = strchr(c->ingest.host, ':') != NULL;
    struct buf *url;

    write_host(value_new(v, "host"), &c->ingest);
    buf_append_u64(value_new(v, "port"), c->ingest.port);
    write_host(value_new(v, "syslog_host"), &c->syslog);
    buf_append_u64(value_new(v, "syslog_port"), c->syslog.port);
    buf_append_u64(value_new(v, "syslog_tls_port"), c->syslog_tls.port);
    write_host(value_new(v, "lumberjack_host"), &c->lumberjack);
    buf_append_u64(value_new(v, "lumberjack_port"), c->lumberjack.port);
    buf_append_slice(value_new(v, "id"), id);
    buf_append_slice(value_new(v, "secret"), secret);
    write_base64(value_new(v, "apikey"), id, secret);
    buf_printf(value_new(v, "ca"), "%s/ca.crt", place->keys);
    url = value_new(v, "url");
    buf_puts(url, v6 ? "https://[" : "https://");
    write_host(url, &c->ingest);
    buf_printf(url, v6 ? "]:%u" : ":%u", (unsigned)c->ingest.port);
}

static const struct buf *value_of(const struct config_values *v, struct slice name)
{
    for (size_t i = 0; i < v->count; i++)
        if (slice_is(name, v->items[i].name))
            return &v->items[i].text;
    return NULL;
}

static void config_expand(struct buf *out, struct slice text, const struct config_values *v)
{
    for (size_t i = 0; i < text.n; i++) {
        struct slice rest = slice_from(text, i);
        size_t end = slice_starts(rest, SLICE("${")) ? slice_find_byte(rest, '}') : SIZE_MAX;
        const struct buf *value =
            end == SIZE_MAX ? NULL : value_of(v, slice_of(rest.p + 2, end - 2));

        if (value) {
            buf_append_slice(out, buf_slice(value));
            i += end;
        } else {
            buf_putc(out, (char)text.p[i]);
        }
    }
}

static struct slice template_of(struct slice kind)
{
    const struct data_folder *folder = data_folder("shippers");
    struct buf name = BUF_INIT(100);
    struct slice text = SLICE_NULL;

    buf_append_slice(&name, kind);
    buf_puts(&name, ".conf");
    for (size_t i = 0; folder && i < folder->count; i++)
        if (slice_is(buf_slice(&name), folder->files[i].name))
            text = data_bytes(&folder->files[i]);
    buf_done(&name);
    return text;
}

static struct slice config_cell(const struct control_act *act, const struct slice *cells, size_t n,
                                const char *key)
{
    for (size_t i = 0; i < act->column_count && i < n; i++)
        if (strcmp(act->columns[i].key, key) == 0)
            return cells[i];
    return SLICE_NULL;
}

/* What a template's sender is to reach, where only this machine can. */
static void print_local(struct app *app, struct slice template, const struct config *c,
                        const struct place *place)
{
    const struct {
        const char *value, *key;
        const struct config_address *at;
    } rows[] = {{"${url}", "listen.ingest", &c->ingest},
                {"${host}", "listen.ingest", &c->ingest},
                {"${syslog_host}", "listen.syslog", &c->syslog},
                {"${lumberjack_host}", "listen.lumberjack", &c->lumberjack}};

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        const char *host = rows[i].at->host;

        if (slice_find(template, slice_str(rows[i].value)) == SIZE_MAX ||
            (strncmp(host, "127.", 4) != 0 && strcmp(host, "::1") != 0))
            continue;
        buf_putc(&app->out.buf, '\n');
        lang_write(&app->out.buf, app->lang, MSG_NODE_SOURCE_LOCAL, rows[i].key, host, place->conf);
        return;
    }
}

/* Of a source whose events were written before it was registered. */
static bool is_read_again(struct slice kind)
{
    const struct source_kind *k = source_kind_find(kind);

    return k != NULL && (k->paths || (k->folders && k->folders[0]));
}

static void print_text(struct app *app, const struct control_act *act, const struct slice *cells,
                       size_t n, bool from_end, struct slice config)
{
    struct slice key = config_cell(act, cells, n, "key");
    struct buf *out = &app->out.buf;

    lang_write(out, app->lang, MSG_NODE_SOURCE_ADDED, SLICE_ARG(config_cell(act, cells, n, "code")),
               SLICE_ARG(config_cell(act, cells, n, "kind")),
               SLICE_ARG(config_cell(act, cells, n, "id")));
    if (from_end)
        lang_write(out, app->lang, MSG_NODE_SOURCE_FROM_END);
    if (key.n)
        lang_write(out, app->lang, MSG_NODE_SOURCE_KEY);
    if (config.n) {
        buf_putc(out, '\n');
        buf_append_slice(out, config);
    }
    if (config_cell(act, cells, n, "certificate").n) {
        buf_putc(out, '\n');
        buf_append_slice(out, config_cell(act, cells, n, "certificate"));
        buf_append_slice(out, config_cell(act, cells, n, "certificate_key"));
    }
}

/* As `node_listeners` tells of an address. */
static int take_listener(void *u, const struct slice *cells, size_t n)
{
    struct config_address a;
    char name[40];
    int64_t port;

    if (n != 3 || cells[0].n >= sizeof(name) || cells[1].n >= sizeof(a.host) ||
        num_range(cells[2], 0, UINT16_MAX, &port) < 0)
        return 0;
    (void)snprintf(name, sizeof(name), SLICE_FMT, SLICE_ARG(cells[0]));
    (void)snprintf(a.host, sizeof(a.host), SLICE_FMT, SLICE_ARG(cells[1]));
    a.port = (uint16_t)port;
    config_listen(u, name, &a);
    return 0;
}

/* canh.conf, with the addresses of the node that runs. */
static int load_config(struct app *app, const struct place *place, struct config *c,
                       struct err *err)
{
    struct control_args none = {.count = 0};
    int r = config_load(c, place->conf, true, err);

    if (r == 0 && place_is_locked(place))
        (void)!node_ask(app, place, NODE_AS_PERSON, "node_listeners", &none, take_listener, c,
                        NULL);
    return r;
}

int source_print_added(void *u, const struct control_act *act, const struct slice *cells, size_t n)
{
    struct source_print *p = u;
    struct config_values values = {.count = 0};
    struct buf config = BUF_INIT(CONFIG_MAX);
    struct err err = ERR_INIT;
    struct place place;
    struct config c;
    struct slice template = template_of(config_cell(act, cells, n, "kind"));
    int r = place_find(p->dir, &place, &err);

    if (r == 0)
        r = load_config(p->app, &place, &c, &err);
    if (r < 0)
        return r;
    fill_values(&values, &c, &place, config_cell(act, cells, n, "id"),
                config_cell(act, cells, n, "key"));
    config_expand(&config, template, &values);
    if (p->json) {
        view_json_source_added(&p->app->out.buf, act, cells, n, buf_slice(&config));
    } else {
        print_text(p->app, act, cells, n,
                   !p->back && is_read_again(config_cell(act, cells, n, "kind")),
                   buf_slice(&config));
        if (slice_find(template, SLICE("${ca}")) != SIZE_MAX)
            lang_write(&p->app->out.buf, p->app->lang, MSG_NODE_SOURCE_CA, place.keys);
        print_local(p->app, template, &c, &place);
    }
    values_done(&values);
    buf_done(&config);
    config_done(&c);
    return out_settle(&p->app->out) ? 0 : -CE_IO;
}
