/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "probe/probe.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "err_words.h"
#include "probe/address.h"
#include "probe/probe_run.h"
#include "tap.h"

static void runs(const char *kind, const char *target, const char *params,
                 enum check_outcome outcome, const char *says)
{
    struct check_spec spec = {slice_str(kind), slice_str(target), slice_str(params),
                              2 * TIME_SECOND};
    struct check_result r;

    struct buf told = BUF_INIT(4000);

    probe_execute(&spec, &r);
    result_text_write_words(&told, LANG_EN, buf_slice(&r.text));
    if (!ok(r.outcome == outcome && slice_find(buf_slice(&told), slice_str(says)) != SIZE_MAX,
            "%s %.60s: %s", kind, target, check_outcome_to_str(outcome)))
        tap_note("%s: " SLICE_FMT, check_outcome_to_str(r.outcome), SLICE_ARG(buf_slice(&told)));
    check_result_done(&r);
    buf_done(&told);
}

static void refused(const char *kind, const char *target, const char *params, const char *why)
{
    struct check_spec spec = {slice_str(kind), slice_str(target), slice_str(params), TIME_SECOND};
    struct err err = ERR_INIT;

    ok(check_validate(&spec, &err) < 0 && strstr(err_words(&err), why) != NULL, "refused: %s", why);
}

static void test_params(void)
{
    struct check_spec good = {SLICE("http"), SLICE("http://x/"),
                              SLICE("contains=\"two words\"\nstatus=204"), TIME_SECOND};
    const struct check_spec hosts[] = {
        {SLICE("tcp"), SLICE("[2001:db8::1]:25"), SLICE(""), TIME_SECOND},
        {SLICE("smtp"), SLICE("thu.ví-dụ.example"), SLICE(""), TIME_SECOND},
        {SLICE("icmp"), SLICE("fe80::1%eth0"), SLICE(""), TIME_SECOND},
        {SLICE("dns"), SLICE("_dmarc.vi-du.example"), SLICE(""), TIME_SECOND}};
    struct err err = ERR_INIT;

    is_int(check_validate(&good, &err), 0, "quoted values and several lines");
    refused("gopher", "x", "", "unknown kind");
    refused("http", "", "", "target empty");
    refused("http", "http://x/", "colour=red", "unknown parameter \"colour\"");
    refused("http", "http://x/", "slow-ms=fast", "must be a number");
    refused("http", "http://x/", "contains=\"open", "name=value");
    refused("http", "http://x/", "contains", "name=value");
    refused("tcp", "user:word@host:22", "", "host:port");
    refused("tcp", "host", "", "host:port");
    refused("smtp", "user@mail.example", "", "host:port");
    refused("imap", "mail.example:0", "", "host:port");
    refused("icmp", "host/path", "", "name or address of a host");
    refused("dns", "a name", "", "name or address of a host");
    for (size_t i = 0; i < CANH_LEN(hosts); i++)
        is_int(check_validate(&hosts[i], &err), 0, "a host");
}

static void test_host_port(void)
{
    char host[256];
    unsigned port = 0;

    ok(check_host_port("[2001:db8::1]:25", 0, host, &port) == 0 && port == 25 &&
           strcmp(host, "2001:db8::1") == 0,
       "an IPv6 address with a port");
    ok(check_host_port("mail.example", 143, host, &port) == 0 && port == 143, "the default port");
    ok(check_host_port("host", 0, host, &port) < 0, "no port at all");
    ok(check_host_port("host:65536", 0, host, &port) < 0, "a port too large");
    ok(check_host_port("-host:1", 0, host, &port) < 0, "a name like an option");
    ok(check_host_port("[::1", 1, host, &port) < 0, "an open bracket");
}

static void test_tcp(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(a);
    char target[64];

    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 5) < 0 ||
        getsockname(fd, (struct sockaddr *)&a, &n) < 0) {
        tap_skip("no loopback");
        return;
    }
    (void)snprintf(target, sizeof(target), "127.0.0.1:%u", ntohs(a.sin_port));
    runs("tcp", target, "", CHECK_OK, "connected");
    runs("tcp", target, "contains=hello", CHECK_CRITICAL, "is not there");
    (void)close(fd);
    runs("tcp", target, "", CHECK_CRITICAL, "refused");
    runs("tcp", "127.0.0.1", "", CHECK_NO_ANSWER, "host:port");
    runs("dns", "localhost", "address=127.0.0.1", CHECK_OK, "addresses");
    runs("dns", "localhost", "address=192.0.2.1", CHECK_CRITICAL, "not among");
}

static void test_icmp(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

    if (fd < 0) {
        runs("icmp", "127.0.0.1", "count=1", CHECK_NO_ANSWER, "may not ping");
        tap_skip("this user may not ping");
        return;
    }
    (void)close(fd);
    runs("icmp", "127.0.0.1", "count=2", CHECK_OK, "2 of 2");
}

static void test_backup(void)
{
    char folder[] = "/tmp/canh-check-XXXXXX", path[128], target[128];
    struct timespec old[2] = {{.tv_sec = time(NULL) - 30 * 3600},
                              {.tv_sec = time(NULL) - 30 * 3600}};
    FILE *f;

    if (mkdtemp(folder) == NULL) {
        tap_skip("no temporary folder");
        return;
    }
    (void)snprintf(target, sizeof(target), "%s/dump-*.sql", folder);
    (void)snprintf(path, sizeof(path), "%s/dump-1.sql", folder);
    runs("backup-file", target, "", CHECK_CRITICAL, "no file like");
    f = fopen(path, "w");
    (void)fputs("0123456789", f);
    (void)fclose(f);
    runs("backup-file", target, "", CHECK_OK, "10 bytes");
    runs("backup-file", target, "min-bytes=11", CHECK_CRITICAL, "smaller");
    (void)utimensat(AT_FDCWD, path, old, 0);
    runs("backup-file", target, "max-age-hours=29", CHECK_CRITICAL, "older");
    runs("backup-file", target, "max-age-hours=31", CHECK_OK, "30.0 hours");
    (void)unlink(path);
    (void)mkdir(path, 0700);
    runs("backup-file", target, "", CHECK_CRITICAL, "no file like");
    (void)rmdir(path);
    (void)rmdir(folder);
}

static void write_plugin(const char *path)
{
    FILE *f = fopen(path, "w");

    if (f == NULL)
        return;
    (void)
        fputs("#!/bin/sh\ncase $1 in\n"
              "warn) printf 'DISK WARNING - 90%% \\033[31mfull|/=90%%;80;95\\nmore\\n'; exit 1;;\n"
              "env) [ -z \"$SECRET\" ] && exit 0; exit 2;;\n"
              "odd) exit 77;;\nhang) sleep 60 & sleep 60;;\nesac\n",
              f);
    (void)fclose(f);
    (void)chmod(path, 0700);
}

static void runs_plugin(const char *path, const char *word, enum check_outcome outcome,
                        const char *says)
{
    char target[100];

    (void)snprintf(target, sizeof(target), "%s %s", path, word);
    runs("nagios", target, "", outcome, says);
}

static int admits(const char *kind, const char *target)
{
    struct err err = ERR_INIT;

    return probe_admit(check_kind_find(slice_str(kind)), slice_str(target), &err);
}

static void test_nagios(void)
{
    char folder[] = "/tmp/canh-plugin-XXXXXX", path[64], link[64];

    if (mkdtemp(folder) == NULL) {
        tap_skip("no temporary folder");
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/plugin", folder);
    write_plugin(path);
    (void)setenv("SECRET", "x", 1);
    runs_plugin(path, "env", CHECK_NO_ANSWER, "in no configured folder");
    runs("nagios", "/usr/bin/touch /tmp/canh-never", "", CHECK_NO_ANSWER,
         "in no configured folder");
    (void)setenv("CANH_PLUGINS", folder, 1);
    if (getuid() == 0) {
        runs_plugin(path, "warn", CHECK_WARNING, "90% .[31mfull");
        runs_plugin(path, "env", CHECK_OK, "");
        runs_plugin(path, "odd", CHECK_NO_ANSWER, "status 77");
        runs_plugin(path, "hang", CHECK_NO_ANSWER, "did not end in time");
        (void)snprintf(link, sizeof(link), "%s/link", folder);
        ok(symlink("/usr/bin/touch", link) == 0, "a link in the folder");
        runs_plugin(link, "/tmp/canh-never", CHECK_NO_ANSWER, "in no configured folder");
        (void)unlink(link);
        (void)chmod(path, 0722);
        runs_plugin(path, "env", CHECK_NO_ANSWER, "besides root");
        (void)chmod(path, 0700);
        (void)chmod(folder, 0777);
        runs_plugin(path, "env", CHECK_NO_ANSWER, "besides root");
    } else {
        runs_plugin(path, "env", CHECK_NO_ANSWER, "besides root");
    }
    runs("nagios", "check_disk -w 80", "", CHECK_NO_ANSWER, "whole path");
    runs("nagios", "/nonexistent/plugin", "", CHECK_NO_ANSWER, "in no configured folder");
    (void)snprintf(link, sizeof(link), "%s/none", folder);
    runs("nagios", link, "", CHECK_NO_ANSWER, "No such file");
    is_int(admits("nagios", link), 0, "a plugin that comes later may be added");
    is_int(admits("nagios", path), 0, "as one that is there");
    is_int(admits("nagios", "/bin/sh -c x"), -CE_DENIED, "not one that would never run");
    is_int(admits("nagios", "/nonexistent/plugin"), -CE_DENIED, "there or not");
    is_int(admits("backup-file", "/bin/sh"), 0, "what starts nothing may lie anywhere");
    (void)unsetenv("CANH_PLUGINS");
    (void)unlink(path);
    (void)rmdir(folder);
}

static void test_hosts(void)
{
    static const struct {
        const char *host, *ascii; /* NULL: refused */
    } cases[] = {
        {"Example.VN", "example.vn"},
        {"bóng-đá.example", "xn--bng--8na8hpj.example"},
        {"faß.example", "xn--fa-hia.example"},
        {"_dmarc.vi-du.example", "_dmarc.vi-du.example"},
        {"192.0.2.7", "192.0.2.7"},
        {"2001:db8::1", "2001:db8::1"},
        {"[::1]", "[::1]"},
        {"fe80::1%eth0", "fe80::1%eth0"},
        {"example.vn.", "example.vn."},
        {"a..b", NULL},
        {".", NULL},
        {"-a.vn", NULL},
        {"a-.vn", NULL},
        {"300.1.1.1", NULL},
        {"1.2.3", NULL},
        {"a b", NULL},
        {"xn--\xff", NULL},
        {"a\xe2\x80\x8b.vn", "a.vn"}, /* a blank that nobody sees goes (UTS 46) */
        {"::1%", "::1%"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.vn", NULL},
    };
    char ascii[CHECK_HOST_MAX];

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        int r = check_host_ascii(cases[i].host, ascii);

        if (!ok(cases[i].ascii ? r == 0 && strcmp(ascii, cases[i].ascii) == 0 : r < 0, "host %s",
                cases[i].host))
            tap_note("%d %s", r, r == 0 ? ascii : "");
    }
}

static void test_targets(void)
{
    struct check_spec idn = {SLICE("http"), SLICE("https://bóng-đá.example:8443/a?b#c"), SLICE(""),
                             TIME_SECOND};
    struct err err = ERR_INIT;

    is_int(check_validate(&idn, &err), 0, "a URL with a name of another script");
    refused("http", "http://", "", "begins with http");
    refused("http", "http:///path", "", "begins with http");
    refused("http", "http://a b/", "", "without blanks");
    refused("http", "http://x/a\nb", "", "without blanks");
    refused("http", "http://x:0/", "", "begins with http");
    refused("http", "http://x:99999/", "", "begins with http");
    refused("http", "http://x:/", "", "begins with http");
    refused("http", "http://[::1/", "", "begins with http");
    refused("http", "http://256.1.1.1/", "", "begins with http");
    refused("tcp", "a..b:25", "", "host:port");
    refused("backup-file", "backup.tar", "", "whole path");
    refused("backup-file", "/var/*/x", "", "last part");
    refused("backup-file", "/var/backups/", "", "whole path");
    refused("nagios", "/usr/lib/../bin/sh -c x", "", "whole path");
    refused("nagios", "sh -c x", "", "whole path");
}

/* What a page of the Internet may not lead to. */
static void test_near(void)
{
    static const struct {
        const char *address;
        bool near;
    } cases[] = {
        {"127.0.0.1", true},         {"10.1.2.3", true},
        {"172.31.255.255", true},    {"172.32.0.1", false},
        {"192.168.0.1", true},       {"169.254.169.254", true},
        {"100.64.0.1", true},        {"8.8.8.8", false},
        {"0.0.0.0", true},           {"::1", true},
        {"fe80::1", true},           {"fd00::1", true},
        {"2001:db8::1", false},      {"::ffff:10.0.0.1", true},
        {"::ffff:8.8.8.8", false},   {"64:ff9b::10.0.0.1", true},
        {"64:ff9b::8.8.8.8", false}, {"64:ff9b:1::8.8.8.8", true},
        {"2002:a00:1::1", true},     {"2002:808:808::1", false},
        {"::10.0.0.1", true},        {"fec0::1", true},
        {"ff02::1", true},           {"224.0.0.1", true},
        {"255.255.255.255", true},   {"192.0.0.8", true},
        {"198.19.0.1", true},        {"2606:4700::1", false},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        union {
            struct sockaddr any;
            struct sockaddr_in v4;
            struct sockaddr_in6 v6;
        } a = {.any.sa_family = strchr(cases[i].address, ':') ? AF_INET6 : AF_INET};

        (void)inet_pton(a.any.sa_family, cases[i].address,
                        a.any.sa_family == AF_INET ? (void *)&a.v4.sin_addr
                                                   : (void *)&a.v6.sin6_addr);
        ok(address_is_near(&a.any) == cases[i].near, "%s is %s", cases[i].address,
           cases[i].near ? "near" : "far");
    }
}

int main(void)
{
    test_params();
    test_host_port();
    test_tcp();
    test_icmp();
    test_backup();
    test_nagios();
    test_hosts();
    test_targets();
    test_near();
    runs("http", "ftp://127.0.0.1/", "", CHECK_NO_ANSWER, "begins with http");
    runs("smtp", "host:0", "", CHECK_NO_ANSWER, "name or address of a host");
    return tap_done();
}
