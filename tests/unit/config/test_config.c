/* SPDX-License-Identifier: Apache-2.0 */
/* canh.conf: every key read and written, every refusal with its place; the node's folders. */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "config/place.h"
#include "lang/error.h"
#include "tap.h"

static struct config c;
static struct err err;

static int parse(const char *text)
{
    err = ERR_INIT;
    config_done(&c);
    return config_init(&c, NULL) < 0 ? -1 : config_parse(&c, slice_str(text), &err);
}

/* Addresses by the keys of [listen]. */
static void test_listeners(void)
{
    struct config_address a = {.host = "::1", .port = 7};

    ok(parse("[listen]\ningest = 10.1.2.3:99\n") == 0, "an address");
    is_int(config_listener(&c, "ingest")->port, 99, "is found by its key");
    config_listen(&c, "ingest", &a);
    is_int(c.ingest.port, 7, "and another put there");
    ok(config_listener(&c, "rules") == NULL, "what is no address is not");
    config_listen(&c, "rules", &a);
    ok(c.rules.n == 0, "nor changed");
}

static void refused(const char *text, int code, unsigned line, unsigned col)
{
    struct slice t = slice_str(text);

    is_int(parse(text), -code, SLICE_FMT " is refused", SLICE_ARG(t));
    is_int(err.line, line, "in this line");
    is_int(err.col, col, "at this column");
}

/* Of what was refused. */
static void says(const char *words)
{
    struct buf text = BUF_INIT(400);

    error_write(&text, LANG_EN, &err);
    is_str(buf_cstr(&text), words, "and it says why");
    buf_done(&text);
}

static void test_values(void)
{
    ok(parse("") == 0 && c.encrypt && c.fold == TIME_HOUR && c.console.port == 8470, "presets");
    ok(parse("[listen]\r\nconsole = [::1]:99\r\n; x\n[journal]\nencrypt = no\n"
             "size = 1 GiB\nkeep-events = 12 h") == 0,
       "a file");
    ok(c.console.port == 99 && !c.encrypt && c.size == 1 << 30 && c.keep_events == 12 * TIME_HOUR,
       "what it says");
    is_str(c.console.host, "::1", "an IPv6 address");
    ok(parse("[listen]\nconsole = off\n") == 0 && c.console.port == 0, "not listened on");
}

static unsigned line_of(const char *name)
{
    return c.lines[config_key_find(slice_str(name)) - config_keys];
}

static void test_lines(void)
{
    ok(parse("# x\n[journal]\n\nkeep-events = 30 d\n[send]\nfrom = a@b\n") == 0 &&
           line_of("journal.keep-events") == 4 && line_of("send.from") == 6,
       "which line said so");
    ok(line_of("journal.size") == 0, "none did: it is the preset");
    ok(parse("") == 0 && line_of("journal.keep-events") == 0, "and none of an earlier text");
}

static void test_refusals(void)
{
    refused("[nowhere]\n", CE_UNKNOWN, 1, 1);
    refused("\n  colour = red\n", CE_UNKNOWN, 2, 3);
    refused("[send]\nlink = https://canh.example/\n", CE_UNKNOWN, 2, 1);
    says("'link' in [send] is no longer read: write 'address' in [console] instead");
    refused("[listen]\nconsole = localhost:80\n", CE_SYNTAX, 2, 11);
    refused("[listen]\nconsole = 1.2.3.4:99999\n", CE_SYNTAX, 2, 11);
    refused("[journal]\nencrypt = maybe\n", CE_SYNTAX, 2, 11);
    refused("[journal]\nsize = 1\n", CE_RANGE, 2, 8);
    refused("[journal]\nsize = 99999999999999999999 GiB\n", CE_RANGE, 2, 8);
    refused("[journal]\nencrypt = no\nencrypt = no\n", CE_CONFLICT, 3, 1);
    refused("[detect]\nrules = here\n", CE_SYNTAX, 2, 9);
    refused("[detect]\nrules\n", CE_SYNTAX, 2, 1);
}

static void site_is(const char *value, const char *url, const char *origin, const char *prefix)
{
    char text[400];

    (void)snprintf(text, sizeof(text), "[console]\naddress = %s\n", value);
    is_int(parse(text), 0, "%s is an address", value);
    is_slice(c.site.url, slice_str(url), "its whole");
    is_slice(c.site.origin, slice_str(origin), "its origin");
    is_slice(c.site.prefix, slice_str(prefix), "its prefix");
}

static void test_sites(void)
{
    static const char *const bad[] = {
        "http://canh.example/",
        "canh.example",
        "https://",
        "https:///x",
        "https://Canh.example/",
        "https://canh.example//",
        "https://canh.example/a//b",
        "https://canh.example/../x",
        "https://canh.example/./x",
        "https://canh.example/a?b",
        "https://canh.example/a#b",
        "https://canh.example/a%2fb",
        "https://u@canh.example/",
        "https://canh.example:0/",
        "https://canh.example:99999",
        "https://canh.example:/",
        "https://[::1",
        "https://[1.2.3.4]/",
        "https://canh.example/\"x",
        "/",
    };
    char text[400];

    site_is("https://canh.example", "https://canh.example", "https://canh.example", "");
    site_is("https://canh.example/", "https://canh.example", "https://canh.example", "");
    site_is("https://canh.example:443/watch/", "https://canh.example:443/watch",
            "https://canh.example", "/watch");
    site_is("https://[fd00::1]:8443/a/b-c.d", "https://[fd00::1]:8443/a/b-c.d",
            "https://[fd00::1]:8443", "/a/b-c.d");
    site_is("https://10.0.0.7", "https://10.0.0.7", "https://10.0.0.7", "");
    site_is("", "", "", "");
    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        (void)snprintf(text, sizeof(text), "[console]\naddress = %s\n", bad[i]);
        refused(text, CE_SYNTAX, 2, 11);
    }
}

static void test_proxies(void)
{
    struct buf back = BUF_INIT(200);

    is_int(parse("[console]\nproxies = 10.0.0.7  fd00::1\n"), 0, "two proxies");
    is_int((int64_t)c.proxies.count, 2, "both are there");
    config_write_value(&back, &c, config_key_find(SLICE("proxies")));
    is_slice(buf_slice(&back), SLICE("10.0.0.7 fd00::1"), "and written as they are read");
    buf_done(&back);
    refused("[console]\nproxies = 10.0.0.0/8\n", CE_SYNTAX, 2, 11);
    refused("[console]\nproxies = 10.0.0.7,10.0.0.8\n", CE_SYNTAX, 2, 11);
    refused("[console]\nproxies = 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 "
            "1.1.1.9\n",
            CE_TOO_BIG, 2, 11);
    /* nothing opens by half */
    refused("[console]\n\nsocket = /run/canh/console.sock\n", CE_MISSING, 3, 1);
    refused("[console]\naddress = https://canh.example/\nsocket-group = www-data\n", CE_MISSING, 3,
            1);
    is_int(parse("[console]\nsocket = /s\nsocket-group = g\naddress = https://a.example\n"), 0,
           "in any order");
    is_int(c.tls_oldest, CONFIG_TLS_1_3, "TLS 1.3 unless told otherwise");
    is_int(parse("[tls]\noldest = 1.2\n"), 0, "TLS 1.2");
    is_int(c.tls_oldest, CONFIG_TLS_1_2, "is told");
    refused("[tls]\noldest = 1.1\n", CE_SYNTAX, 2, 10);
}

/* What config_write() writes is read, with and without its comment signs. */
static void test_written(void)
{
    struct buf text = BUF_INIT(CONFIG_TEXT_MAX);

    config_write(&text, LANG_VI);
    is_int(parse(buf_cstr(&text)), 0, "the commented file is read");
    for (size_t i = 0; i < config_key_count; i++) {
        struct buf line = BUF_INIT(1000), back = BUF_INIT(1000);

        buf_printf(&line, "[%s]\n%s = %s", config_keys[i].section, config_keys[i].name,
                   config_keys[i].preset);
        ok(parse(buf_cstr(&line)) == 0, "%s at its preset", config_keys[i].name);
        config_write_value(&back, &c, &config_keys[i]);
        is_slice(buf_slice(&back), slice_str(config_keys[i].preset), "is written as it is read");
        ok(config_key_find(slice_str(config_keys[i].name)) != NULL, "and found by its name");
        buf_done(&line);
        buf_done(&back);
    }
    config_shift_ports(&c, 9000);
    ok(c.console.port == 9000, "ports from a base");
    buf_done(&text);
}

static void test_sections(void)
{
    struct config other;

    is_int(config_init(&other, NULL), 0, "presets");
    is_int(parse("[detect]\nfold = 2 h\n"), 0, "another key of another section");
    ok(config_same_section(&c, &other, "send"), "leaves [send] the same");
    ok(!config_same_section(&c, &other, "detect"), "and its own not");
    is_int(parse("[send]\nsms = http://127.0.0.1:1/\n"), 0, "a gateway");
    ok(!config_same_section(&c, &other, "send"), "is another [send]");
    config_done(&other);
}

/* Who took the lock is dead; a process that inherited it ends in a moment. */
static void test_inherited(const struct place *p)
{
    int status, fd = -1;
    pid_t taker = fork();

    if (taker == 0) {
        if (place_lock(p, &fd, NULL) < 0)
            _exit(1);
        if (fork() == 0)
            (void)usleep(400000);
        _exit(0);
    }
    ok(waitpid(taker, &status, 0) == taker && status == 0, "one that took it dies");
    ok(place_is_locked(p) && !place_is_held(p), "and a process of it goes on for a moment");
    is_int(place_lock(p, &fd, NULL), 0, "which is waited for");
    fd_closep(&fd);
}

static void test_place(void)
{
    char dir[] = "/tmp/canh-place-XXXXXX";
    struct place p;
    int fd = -1, again = -1;

    ok(mkdtemp(dir) != NULL, "a folder");
    is_int(place_find(dir, &p, NULL), 0, "found");
    ok(!place_is_locked(&p), "no node runs in an empty folder");
    ok(file_mkdirs(p.run, 0700, NULL) == 0 && place_lock(&p, &fd, NULL) == 0, "locked");
    ok(place_is_locked(&p), "and seen so");
    is_int(place_lock(&p, &again, NULL), -CE_BUSY, "not twice");
    ok(place_is_held(&p), "by one who lives");
    fd_closep(&fd);
    ok(!place_is_locked(&p), "free again");
    test_inherited(&p);
    (void)file_remove_tree(dir, NULL);
}

static void is_found(const char *node, const char *state, const char *what)
{
    struct buf found = BUF_INIT(PLACE_PATH);
    struct place p;

    is_int(place_find(NULL, &p, NULL), 0, "%s: a node", what);
    is_slice(slice_str(p.dir), slice_str(node), "is there");
    is_int(place_state(&found, NULL), 0, "%s: a state", what);
    is_slice(buf_slice(&found), slice_str(state), "is there");
    buf_done(&found);
}

/* The first that is said counts, for verbs of a node and of the state alike. */
static void test_order(void)
{
    static const char *const all[] = {"CANH_STATE", "CANH_DIR", "XDG_DATA_HOME", "HOME"};
    struct place p;

    setenv("CANH_STATE", "/a/node/state/", 1);
    setenv("CANH_DIR", "/another", 1);
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/x", 1);
    is_found("/a/node", "/a/node/state", "CANH_STATE of a node");
    ok(place_lone_state() == NULL, "which is none by itself");
    is_int(place_find("/given", &p, NULL), 0, "--dir");
    is_slice(slice_str(p.state), SLICE("/given/state"), "counts before both");
    setenv("CANH_STATE", "/some/where", 1);
    is_found("/another", "/some/where", "CANH_STATE of no node");
    setenv("CANH_STATE", "/state", 1);
    is_found("/another", "/state", "one with nothing above it");
    setenv("CANH_STATE", "", 1);
    is_found("/another", "/another/state", "CANH_DIR");
    setenv("CANH_DIR", "", 1);
    if (access("/etc/canh", F_OK) == 0) /* this machine's own comes before the user's */
        return;
    is_found("/data/canh", "/data/canh/state", "XDG_DATA_HOME");
    unsetenv("XDG_DATA_HOME");
    is_found("/home/x/.local/share/canh", "/home/x/.local/share/canh/state", "HOME");
    for (size_t i = 0; i < CANH_LEN(all); i++)
        unsetenv(all[i]);
    is_int(place_find(NULL, &p, NULL), -CE_MISSING, "nothing said at all");
}

int main(void)
{
    test_values();
    test_listeners();
    test_lines();
    test_refusals();
    test_sites();
    test_proxies();
    test_written();
    test_sections();
    test_place();
    test_order();
    config_done(&c);
    return tap_done();
}
