/* SPDX-License-Identifier: Apache-2.0 */
#include "check/check.h"

#include <string.h>

#include "check/target.h"
#include "lang/msg_probe.h"

/*
 * Parameters with a number as fallback take numbers. Certificates: days they must still hold to be
 * without a warning, and without an alarm.
 */
static const struct check_param http_params[] = {
    {"status", "200"},  {"contains", NULL},  {"cert-warn-days", "21"},
    {"cert-days", "7"}, {"slow-ms", "5000"}, {"redirect-to", NULL},
    {"ca", NULL},       {NULL, NULL},
};
static const struct check_param mail_params[] = {
    {"tls", "required"}, {"cert-warn-days", "21"}, {"cert-days", "7"}, {"ca", NULL}, {NULL, NULL},
};
static const struct check_param tcp_params[] = {
    {"contains", NULL},
    {"slow-ms", "5000"},
    {NULL, NULL},
};
static const struct check_param dns_params[] = {
    {"address", NULL},
    {NULL, NULL},
};
static const struct check_param icmp_params[] = {
    {"count", "3"},
    {"slow-ms", "1000"},
    {NULL, NULL},
};
static const struct check_param backup_params[] = {
    {"max-age-hours", "26"},
    {"min-bytes", "1"},
    {NULL, NULL},
};
static const struct check_param nagios_params[] = {
    {NULL, NULL},
};

/* Reached over the network, looked at every few minutes. */
#define OFTEN .every_minutes = 5, .timeout_seconds = 10

const struct check_kind check_kinds[] = {
    {.name = "http",
     .params = http_params,
     .target = target_url,
     .prefixes = {{"http://", true}, {"https://", true}},
     .login = true,
     .proves = {"service", "tls"},
     OFTEN},
    {.name = "smtp",
     .params = mail_params,
     .target = target_host,
     .port = true,
     .ports = {{25, "smtp"}, {465, "smtps"}, {587, "smtp"}},
     .prefixes = {{"smtp://", false}},
     .login = true,
     .proves = {"service", "tls"},
     OFTEN},
    {.name = "imap",
     .params = mail_params,
     .target = target_host,
     .port = true,
     .ports = {{143, "imap"}, {993, "imaps"}},
     .prefixes = {{"imap://", false}},
     .login = true,
     .proves = {"service", "tls"},
     OFTEN},
    {.name = "tcp",
     .params = tcp_params,
     .target = target_host,
     .port = true,
     .prefixes = {{"tcp://", false}},
     .any_port = true,
     .login = true,
     .proves = {"service"},
     OFTEN},
    {.name = "dns",
     .params = dns_params,
     .target = target_host,
     .prefixes = {{"dns:", false}},
     .login = true,
     .proves = {"service"},
     OFTEN},
    {.name = "icmp",
     .params = icmp_params,
     .target = target_host,
     .prefixes = {{"icmp:", false}, {"ping:", false}},
     .login = true,
     .proves = {"service"},
     OFTEN},
    {.name = "backup-file",
     .word = MSG_PROBE_KIND_BACKUP,
     .params = backup_params,
     .target = target_path,
     .reach = CHECK_REACHES_FOLDER,
     .prefixes = {{"file:", false}, {"/", true}},
     .proves = {"backup"},
     .every_minutes = 6 * 60,
     .timeout_seconds = 30},
    {.name = "nagios",
     .word = MSG_PROBE_KIND_NAGIOS,
     .params = nagios_params,
     .target = target_command,
     .reach = CHECK_REACHES_PROGRAM,
     .prefixes = {{"nagios:", false}},
     .proves = {"service"},
     .every_minutes = 5,
     .timeout_seconds = 60},
    {.name = NULL},
};

const struct check_kind *check_kind_find(struct slice name)
{
    const struct check_kind *k = check_kinds;

    while (k->name != NULL && !slice_is(name, k->name))
        k++;
    return k->name ? k : NULL;
}

static const struct check_kind *by_prefix(struct slice text, struct slice *ret_target)
{
    for (const struct check_kind *k = check_kinds; k->name; k++) {
        for (size_t i = 0; i < CHECK_PREFIXES && k->prefixes[i].text; i++) {
            struct slice s = slice_str(k->prefixes[i].text);

            if (!slice_starts(text, s))
                continue;
            *ret_target = k->prefixes[i].keep ? text : slice_from(text, s.n);
            return k;
        }
    }
    return NULL;
}

/* host:port, of a port that a kind is known by; else of any. */
static const struct check_kind *by_port(struct slice text)
{
    const struct check_kind *any = NULL;
    size_t colon = slice_find_byte(text, ':');

    if (colon == SIZE_MAX || colon + 1 >= text.n)
        return NULL;
    for (const struct check_kind *k = check_kinds; k->name; k++) {
        for (size_t i = 0; i < CHECK_PORTS && k->ports[i].port; i++) {
            struct buf end = BUF_INIT(16);
            bool same;

            buf_printf(&end, ":%u", k->ports[i].port);
            same = slice_ends(text, buf_slice(&end));
            buf_done(&end);
            if (same)
                return k;
        }
        any = any == NULL && k->any_port ? k : any;
    }
    return any;
}

const struct check_kind *check_kind_guess(struct slice text, struct slice *ret_target)
{
    const struct check_kind *k;

    *ret_target = text;
    k = by_prefix(text, ret_target);
    return k ? k : by_port(text);
}

bool check_kind_proves(struct slice name, const char *what)
{
    const struct check_kind *k = check_kind_find(name);

    for (size_t i = 0; k && i < CHECK_PROVES && k->proves[i]; i++) {
        if (strcmp(k->proves[i], what) == 0)
            return true;
    }
    return false;
}

bool check_has_login(const struct check_kind *kind, struct slice target)
{
    size_t scheme = slice_find(target, SLICE("://")), at;

    if (!kind->login)
        return false;
    if (scheme != SIZE_MAX)
        target = slice_from(target, scheme + 3);
    at = slice_find_byte(target, '@');
    return at != SIZE_MAX && at < slice_find_byte(target, '/');
}
