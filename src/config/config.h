/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONFIG_CONFIG_H
#define CANH_CONFIG_CONFIG_H
/*
 * canh.conf:
 *
 *     # comment
 *     [listen]
 *     console = 127.0.0.1:8470
 *
 * UTF-8; one `key = value` a line, in a section; a value runs to the end of the line, without the
 * blanks around it; no quotes, no continuation, no comment behind a value. A key or section that
 * is not known, or given twice, is an error with its line and column.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/ip.h"
#include "lang/lang.h"

enum {
    CONFIG_TEXT_MAX = 64 * 1024,
    CONFIG_HOST_MAX = 64,
    CONFIG_KEYS_MAX = 64,
    CONFIG_HOSTS_MAX = 8
};

/* port 0: not listened on. */
struct config_address {
    char host[CONFIG_HOST_MAX]; /* an IP address */
    uint16_t port;
};

/* Where people open the console: https://canh.example/watch. Parts of one text, all empty: it is
 * not told. */
struct config_site {
    struct slice url;    /* without a slash at its end */
    struct slice origin; /* https://canh.example, without the usual port */
    struct slice prefix; /* /watch, what every path begins with; or empty */
};

struct config_hosts {
    struct ip items[CONFIG_HOSTS_MAX];
    size_t count;
};

enum config_tls { CONFIG_TLS_1_3, CONFIG_TLS_1_2 };
enum config_sandbox { CONFIG_REQUIRE, CONFIG_DEGRADE };

struct config {
    /* [node] */
    int sandbox; /* enum config_sandbox */
    /* [listen] */
    struct config_address console, ingest, syslog, syslog_tls, lumberjack;
    /* [tls] empty: those that canh init made */
    struct slice certificate, key;
    int tls_oldest; /* enum config_tls: that the console accepts */
    /* [console] behind a reverse proxy */
    struct config_site site;
    struct slice socket; /* a path: plain HTTP for a proxy on this machine; empty: none */
    struct slice
        socket_group; /* who may connect to it besides this user; empty: the user's group */
    struct config_hosts proxies; /* who is believed for whom they ask */
    /* [detect] */
    struct slice rules; /* a folder, besides those that canh carries */
    int level;          /* enum rule_level, by name */
    int64_t fold;       /* nanoseconds in which repeats are one alert */
    /* [journal] */
    bool encrypt;
    int64_t keep_events, keep_alerts; /* nanoseconds */
    int64_t keep_least;               /* events younger than this never go, whatever is full */
    int64_t size;                     /* bytes of all events */
    /* [ingest] */
    struct slice elasticsearch; /* the version that shippers are told; empty: by who asks */
    /* [send] how people are reached; empty: not that way */
    struct slice smtp, smtp_user, smtp_key, from; /* URL, login, file with the password, sender */
    struct slice sms, sms_key;                    /* URL, file with the bearer token */
    struct slice sms_inbox;                       /* URL of what the gateway received */
    struct slice webhook, webhook_key;            /* URL, file with the key of the signature */
    bool marks;                                   /* SMS with Vietnamese marks */
    /* [limits] */
    int64_t record; /* bytes of one record */

    struct arena arena;              /* of the texts */
    unsigned lines[CONFIG_KEYS_MAX]; /* where a key stands, by row of config_keys; 0: its preset */
};

enum config_kind {
    CONFIG_FLAG,    /* yes, no */
    CONFIG_CHOICE,  /* one of choices: int */
    CONFIG_TEXT,    /* struct slice */
    CONFIG_PATH,    /* the same, absolute */
    CONFIG_SIZE,    /* bytes: 4096, 64 KiB, 4 MiB, 20 GiB */
    CONFIG_SPAN,    /* 90 s, 15 min, 12 h, 90 d */
    CONFIG_ADDRESS, /* IP:PORT, [IPv6]:PORT, off */
    CONFIG_SITE,    /* https://HOST[:PORT][/PATH]: struct config_site */
    CONFIG_HOSTS,   /* IP IP …: struct config_hosts */
};

struct config_key {
    const char *section, *name;
    enum config_kind kind;
    size_t offset;
    const char *preset; /* as it would be written */
    int64_t min, max;
    const char *const *choices;
    msg_id help;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* Every key's preset. config_done() frees. */
CANH_MUST_USE int config_init(struct config *c, struct err *err);
void config_done(struct config *c);
/* Over the presets, what the text says. Stops at the first error: err has line and column. */
CANH_MUST_USE int config_parse(struct config *c, struct slice text, struct err *err);
/* config_init(), then the file; one that is not there is fine when `optional`. */
CANH_MUST_USE int config_load(struct config *c, const char *path, bool optional, struct err *err);
/* Whether anything can be sent to people, or received from them, at all. */
bool config_has_gateway(const struct config *c);
/* Whether both have the same value for every key of the section. */
bool config_same_section(const struct config *a, const struct config *b, const char *section);
/* Other ports, for tests: the first address listens on `base`, the next one on base + 1 … */
void config_shift_ports(struct config *c, uint16_t base);

/* The address that the key NAME of [listen] gives, or NULL: there is no such key. */
const struct config_address *config_listener(const struct config *c, const char *name);
/* Puts another one there; without such a key nothing is done. */
void config_listen(struct config *c, const char *name, const struct config_address *a);

/* The row by name or section.name, or NULL. */
const struct config_key *config_key_find(struct slice name);
/* Appends the value as it would be written. */
void config_write_value(struct buf *out, const struct config *c, const struct config_key *key);
/* Appends a whole file: every key with its text, commented out at its preset. */
void config_write(struct buf *out, enum lang lang);
/* Appends ADDRESS as IP:PORT, or "-" when it is off. */
void config_write_address(struct buf *out, const struct config_address *a);

#endif
