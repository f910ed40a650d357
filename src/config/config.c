/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config_web.h"

#include <arpa/inet.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf.h"
#include "lang/err_config.h"
#include "lang/msg_config.h"

enum { VALUE_MAX = 4096 };

struct config_unit {
    const char *name;
    int64_t factor;
};

/* The first one that divides a value is how it is written. */
static const struct config_unit sizes[] = {{"GiB", INT64_C(1) << 30},
                                           {"MiB", 1 << 20},
                                           {"KiB", 1 << 10},
                                           {"", 1}};
static const struct config_unit spans[] = {{"d", TIME_DAY},
                                           {"h", TIME_HOUR},
                                           {"min", TIME_MINUTE},
                                           {"s", TIME_SECOND}};

static void *field_of(struct config *c, const struct config_key *key)
{
    return (uint8_t *)c + key->offset;
}

static const void *field_in(const struct config *c, const struct config_key *key)
{
    return (const uint8_t *)c + key->offset;
}

static int read_amount(const struct config_key *key, const struct config_unit *units, size_t n,
                       struct slice value, int64_t *ret, struct err *err)
{
    size_t digits = 0;
    struct slice unit;
    int64_t v;

    while (digits < value.n && ascii_is_digit(value.p[digits]))
        digits++;
    unit = slice_trim(slice_from(value, digits));
    for (size_t i = 0; i < n; i++) {
        if (!slice_eq_nocase(unit, slice_str(units[i].name)))
            continue;
        if (num_range(slice_head(value, digits), 0, INT64_MAX, &v) < 0 ||
            __builtin_mul_overflow(v, units[i].factor, &v) || v < key->min || v > key->max)
            return err_fail(err, CE_RANGE, ERR_CONFIG_OUT_RANGE, key->name, value);
        *ret = v;
        return 0;
    }
    return err_fail(err, CE_SYNTAX, ERR_CONFIG_NOT_LIKE, key->name, value, key->preset);
}

static int read_address(const struct config_key *key, struct slice value,
                        struct config_address *ret, struct err *err)
{
    struct config_address a = {.port = 0};
    size_t colon = value.n;
    struct slice host;
    struct ip ip;
    int64_t port;

    if (slice_is(value, "off")) {
        *ret = a;
        return 0;
    }
    while (colon > 0 && value.p[colon - 1] != ':')
        colon--;
    host = slice_head(value, colon ? colon - 1 : 0);
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = slice_of(host.p + 1, host.n - 2);
    if (colon == 0 || host.n >= sizeof(a.host) || ip_parse(host, &ip) < 0 ||
        num_range(slice_from(value, colon), 1, 65535, &port) < 0)
        return err_fail(err, CE_SYNTAX, ERR_CONFIG_NEITHER_IP_PORT_NOR_OFF, key->name, value);
    memcpy(a.host, host.p, host.n);
    a.port = (uint16_t)port;
    *ret = a;
    return 0;
}

static int read_choice(const struct config_key *key, struct slice value, int *ret, struct err *err)
{
    for (int i = 0; key->choices[i]; i++) {
        if (slice_is(value, key->choices[i])) {
            *ret = i;
            return 0;
        }
    }
    return err_fail(err, CE_SYNTAX, ERR_CONFIG_NOT_AMONG_VALUES, key->name, value);
}

static int read_text(struct config *c, const struct config_key *key, struct slice value,
                     struct slice *ret, struct err *err)
{
    if (key->kind == CONFIG_PATH && value.n && value.p[0] != '/')
        return err_fail(err, CE_SYNTAX, ERR_CONFIG_ABSOLUTE_PATH_WANTED, key->name);
    *ret = arena_dup(&c->arena, value);
    return ret->p ? 0 : err_nomem(err);
}

static int read_value(struct config *c, const struct config_key *key, struct slice value,
                      struct err *err)
{
    void *to = field_of(c, key);

    switch (key->kind) {
    case CONFIG_FLAG:
        *(bool *)to = slice_is(value, "yes");
        return slice_is(value, "yes") || slice_is(value, "no")
                   ? 0
                   : err_fail(err, CE_SYNTAX, ERR_CONFIG_YES_OR_NO_WANTED, key->name);
    case CONFIG_CHOICE:
        return read_choice(key, value, to, err);
    case CONFIG_TEXT:
    case CONFIG_PATH:
        return read_text(c, key, value, to, err);
    case CONFIG_SIZE:
        return read_amount(key, sizes, CANH_LEN(sizes), value, to, err);
    case CONFIG_SPAN:
        return read_amount(key, spans, CANH_LEN(spans), value, to, err);
    case CONFIG_ADDRESS:
        return read_address(key, value, to, err);
    case CONFIG_SITE:
        return config_read_site(c, key, value, to, err);
    case CONFIG_HOSTS:
        return config_read_hosts(key, value, to, err);
    }
    return err_fail(err, CE_BUG, ERR_BASE_BOTH, key->name, ERR_KIND(CE_BUG));
}

int config_init(struct config *c, struct err *err)
{
    int r = 0;

    *c = (struct config){.arena = ARENA_INIT(4 * CONFIG_TEXT_MAX)};
    for (size_t i = 0; i < config_key_count && r == 0; i++)
        r = read_value(c, &config_keys[i], slice_str(config_keys[i].preset), err);
    if (r < 0)
        config_done(c);
    return r;
}

void config_done(struct config *c)
{
    arena_done(&c->arena);
}

static const struct config_key *key_in(struct slice section, struct slice name)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (slice_is(section, config_keys[i].section) && slice_is(name, config_keys[i].name))
            return &config_keys[i];
    return NULL;
}

/* Keys of earlier versions, and what is written now. */
static const struct {
    const char *section, *name, *now_section, *now_name;
} gone_keys[] = {
    {"send", "link", "console", "address"},
};

static int refuse_key(struct slice section, struct slice name, struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(gone_keys); i++)
        if (slice_is(section, gone_keys[i].section) && slice_is(name, gone_keys[i].name))
            return err_fail(err, CE_UNKNOWN, ERR_CONFIG_KEY_GONE, name, section,
                            gone_keys[i].now_name, gone_keys[i].now_section);
    return err_fail(err, CE_UNKNOWN, ERR_CONFIG_NO_KEY, name, section);
}

static bool section_is_known(struct slice section)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (slice_is(section, config_keys[i].section))
            return true;
    return false;
}

struct config_reader {
    struct config *c;
    struct slice section;
    uint64_t seen; /* keys given, by row */
    unsigned line;
};

static unsigned config_column(struct slice line, struct slice part)
{
    return (unsigned)(part.p - line.p) + 1;
}

static int read_section(struct config_reader *r, struct slice line, struct slice text,
                        struct err *err)
{
    r->section = slice_trim(slice_of(text.p + 1, text.n >= 2 ? text.n - 2 : 0));
    if (text.p[text.n - 1] != ']' || !section_is_known(r->section))
        return err_fail_at(err, CE_UNKNOWN, r->line, config_column(line, text),
                           ERR_CONFIG_NO_SECTION, text);
    return 0;
}

/* Where the error of a failure stands; the code. */
static int place_err(struct err *err, int code, unsigned line, unsigned col)
{
    if (code < 0 && err) {
        err->line = line;
        err->col = col;
    }
    return code;
}

static int read_key(struct config_reader *r, struct slice line, struct slice text, struct err *err)
{
    size_t eq = slice_find_byte(text, '=');
    struct slice name, value;
    const struct config_key *key;
    int code;

    if (eq == SIZE_MAX)
        return err_fail_at(err, CE_SYNTAX, r->line, config_column(line, text),
                           ERR_CONFIG_NEITHER_SECTION_NOR_KEY_VALUE);
    name = slice_trim(slice_head(text, eq));
    value = slice_trim(slice_from(text, eq + 1));
    key = key_in(r->section, name);
    if (key == NULL)
        return place_err(err, refuse_key(r->section, name, err), r->line,
                         config_column(line, text));
    if (r->seen & UINT64_C(1) << (key - config_keys))
        return err_fail_at(err, CE_CONFLICT, r->line, config_column(line, text),
                           ERR_CONFIG_GIVEN_TWICE, key->name);
    r->seen |= UINT64_C(1) << (key - config_keys);
    r->c->lines[key - config_keys] = r->line;
    if (value.n > VALUE_MAX)
        return err_fail_at(err, CE_TOO_BIG, r->line, config_column(line, text), ERR_CONFIG_TOO_LONG,
                           key->name);
    code = read_value(r->c, key, value, err);
    return place_err(err, code, r->line, config_column(line, value.n ? value : text));
}

_Static_assert(sizeof(((struct config_reader *)0)->seen) * 8 >= CONFIG_KEYS_MAX, "a bit a key");

int config_parse(struct config *c, struct slice text, struct err *err)
{
    struct config_reader r = {.c = c};
    struct slice line;
    int code = 0;

    if (text.n > CONFIG_TEXT_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_CONFIG_LARGER_THAN_BYTES, CONFIG_TEXT_MAX);
    while (code == 0 && slice_cut(&text, '\n', &line)) {
        struct slice t = slice_trim(line);

        r.line++;
        if (memchr(line.p ? line.p : (const uint8_t *)"", 0, line.n))
            return err_fail_at(err, CE_ENCODING, r.line, 1, ERR_CONFIG_ZERO_BYTE);
        if (t.n == 0 || t.p[0] == '#' || t.p[0] == ';')
            continue;
        code = t.p[0] == '[' ? read_section(&r, line, t, err) : read_key(&r, line, t, err);
    }
    return code == 0 ? config_web_check(c, err) : code;
}

int config_load(struct config *c, const char *path, bool optional, struct err *err)
{
    struct buf text = BUF_INIT(CONFIG_TEXT_MAX);
    struct err why = ERR_INIT;
    int r = config_init(c, err);

    if (r < 0)
        return r;
    r = file_read(path, &text, &why);
    if (r == -CE_NOT_FOUND || (r < 0 && why.sys == 2)) {
        r = optional ? 0 : r;
    } else if (r == 0) {
        r = config_parse(c, buf_slice(&text), &why);
    }
    if (r < 0) {
        if (err)
            *err = why;
        config_done(c);
    }
    buf_done(&text);
    return r;
}

bool config_has_gateway(const struct config *c)
{
    return c->sms.n || c->sms_inbox.n || c->smtp.n || c->webhook.n;
}

bool config_same_section(const struct config *a, const struct config *b, const char *section)
{
    struct buf one = BUF_INIT(CONFIG_TEXT_MAX), other = BUF_INIT(CONFIG_TEXT_MAX);
    bool same = true;

    for (size_t i = 0; i < config_key_count && same; i++) {
        if (strcmp(config_keys[i].section, section) != 0)
            continue;
        buf_clear(&one);
        buf_clear(&other);
        config_write_value(&one, a, &config_keys[i]);
        config_write_value(&other, b, &config_keys[i]);
        same = slice_eq(buf_slice(&one), buf_slice(&other));
    }
    buf_done(&one);
    buf_done(&other);
    return same;
}

void config_shift_ports(struct config *c, uint16_t base)
{
    uint16_t at = base;

    for (size_t i = 0; i < config_key_count; i++) {
        struct config_address *a = field_of(c, &config_keys[i]);

        if (config_keys[i].kind == CONFIG_ADDRESS && a->port)
            a->port = at++;
    }
}

static const struct config_key *listener_key(const char *name)
{
    for (size_t i = 0; i < config_key_count; i++)
        if (config_keys[i].kind == CONFIG_ADDRESS && strcmp(config_keys[i].name, name) == 0)
            return &config_keys[i];
    return NULL;
}

const struct config_address *config_listener(const struct config *c, const char *name)
{
    const struct config_key *key = listener_key(name);

    return key ? field_in(c, key) : NULL;
}

void config_listen(struct config *c, const char *name, const struct config_address *a)
{
    const struct config_key *key = listener_key(name);

    if (key)
        memcpy(field_of(c, key), a, sizeof(*a));
}

const struct config_key *config_key_find(struct slice name)
{
    size_t dot = slice_find_byte(name, '.');

    for (size_t i = 0; i < config_key_count; i++) {
        if (dot == SIZE_MAX && slice_is(name, config_keys[i].name))
            return &config_keys[i];
    }
    return dot == SIZE_MAX ? NULL : key_in(slice_head(name, dot), slice_from(name, dot + 1));
}

static void write_amount(struct buf *out, const struct config_unit *units, size_t n, int64_t v)
{
    size_t i = 0;

    while (i + 1 < n && v % units[i].factor)
        i++;
    buf_append_i64(out, v / units[i].factor);
    buf_printf(out, "%s%s", units[i].name[0] ? " " : "", units[i].name);
}

void config_write_address(struct buf *out, const struct config_address *a)
{
    bool v6 = slice_find_byte(slice_str(a->host), ':') != SIZE_MAX;

    if (a->port == 0)
        buf_putc(out, '-');
    else
        buf_printf(out, "%s%s%s:%u", v6 ? "[" : "", a->host, v6 ? "]" : "", a->port);
}

void config_write_value(struct buf *out, const struct config *c, const struct config_key *key)
{
    const void *v = field_in(c, key);

    switch (key->kind) {
    case CONFIG_FLAG:
        buf_puts(out, *(const bool *)v ? "yes" : "no");
        break;
    case CONFIG_CHOICE:
        buf_puts(out, key->choices[*(const int *)v]);
        break;
    case CONFIG_TEXT:
    case CONFIG_PATH:
        buf_append_slice(out, *(const struct slice *)v);
        break;
    case CONFIG_SIZE:
        write_amount(out, sizes, CANH_LEN(sizes), *(const int64_t *)v);
        break;
    case CONFIG_SPAN:
        write_amount(out, spans, CANH_LEN(spans), *(const int64_t *)v);
        break;
    case CONFIG_ADDRESS:
        if (((const struct config_address *)v)->port)
            config_write_address(out, v);
        else
            buf_puts(out, "off");
        break;
    case CONFIG_SITE:
        buf_append_slice(out, ((const struct config_site *)v)->url);
        break;
    case CONFIG_HOSTS:
        config_write_hosts(out, v);
    }
}

void config_write(struct buf *out, enum lang lang)
{
    const char *section = "";

    buf_printf(out, "# %s\n", lang_text(lang, MSG_CONFIG_HEAD));
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *k = &config_keys[i];

        if (strcmp(section, k->section) != 0)
            buf_printf(out, "\n[%s]\n", k->section);
        section = k->section;
        buf_printf(out, "# %s\n#%s =%s%s\n", lang_text(lang, k->help), k->name,
                   k->preset[0] ? " " : "", k->preset);
    }
}
