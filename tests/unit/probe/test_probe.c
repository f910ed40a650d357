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
    says_tell(&told, LANG_EN, buf_slice(&r.text));
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

static void test_nagios(void)
{
    char path[] = "/tmp/canh-plugin-XXXXXX", target[64];
    int fd = mkstemp(path);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

    if (f == NULL) {
        tap_skip("no temporary file");
        return;
    }
    (void)
        fputs("#!/bin/sh\ncase $1 in\n"
              "warn) printf 'DISK WARNING - 90%% \\033[31mfull|/=90%%;80;95\\nmore\\n'; exit 1;;\n"
              "env) [ -z \"$SECRET\" ] && exit 0; exit 2;;\n"
              "odd) exit 77;;\nhang) sleep 60 & sleep 60;;\nesac\n",
              f);
    (void)fchmod(fd, 0700);
    (void)fclose(f);
    (void)setenv("SECRET", "x", 1);
    (void)snprintf(target, sizeof(target), "%s warn", path);
    runs("nagios", target, "", CHECK_WARNING, "90% .[31mfull");
    (void)snprintf(target, sizeof(target), "%s env", path);
    runs("nagios", target, "", CHECK_OK, "");
    (void)snprintf(target, sizeof(target), "%s odd", path);
    runs("nagios", target, "", CHECK_NO_ANSWER, "status 77");
    (void)snprintf(target, sizeof(target), "%s hang", path);
    runs("nagios", target, "", CHECK_NO_ANSWER, "did not end in time");
    runs("nagios", "check_disk -w 80", "", CHECK_NO_ANSWER, "absolute path");
    runs("nagios", "/nonexistent/plugin", "", CHECK_NO_ANSWER, "No such file");
    (void)unlink(path);
}

int main(void)
{
    test_params();
    test_host_port();
    test_tcp();
    test_icmp();
    test_backup();
    test_nagios();
    runs("http", "ftp://127.0.0.1/", "", CHECK_NO_ANSWER, "not http");
    runs("smtp", "host:0", "", CHECK_NO_ANSWER, "name or address of a host");
    return tap_done();
}
