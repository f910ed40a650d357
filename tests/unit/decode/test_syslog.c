/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/syslog.h"

#include "text_lines.h"

static void check(const char *line, const char *want)
{
    text_check(&format_syslog, line, want);
}

static void test_heads(void)
{
    check("Nov 12 08:00:01 web sshd[4410]: hello",
          "@timestamp=2026-11-12T08:00:01|host.hostname=web|process.name=sshd|process.pid=4410|"
          "message=hello");
    check("Nov 12 08:00:01 [web] sshd[4410]: hello", "host.hostname=web|process.name=sshd");
    check("Nov 12 08:00:01 [sshd] hello", "host.hostname=|process.name=sshd|message=hello");
    check("<134>Nov 12 08:30:00 NSSWEB: ACCEPT,x",
          "host.hostname=|process.name=NSSWEB|message=ACCEPT,x|event.facility=16|event.severity=6");
    check("<12>Low on space", "message=Low on space|host.hostname=|@timestamp=");
    check("2026-11-12T03:11:00.000100+07:00 a cron[1]: x",
          "@timestamp=2026-11-11T20:11:00.000100Z|host.hostname=a|process.name=cron");
    check("Mar  9 14:05:11 2026 SW-2 %%10WEB/4/X: y",
          "@timestamp=2026-03-09T14:05:11|host.hostname=SW-2|message=%%10WEB/4/X: y");
    check("<131>137: *Nov 12 11:48:01.737: %LINK-3-UPDOWN: up",
          "event.sequence=137|clock.synchronised=false|@timestamp=2026-11-12T11:48:01.737|"
          "host.hostname=|message=%LINK-3-UPDOWN: up");
    check("<188>23: sw01: Nov 12 2026 22:11:43.398 ICT: %SYS-5-X: y",
          "host.hostname=sw01|@timestamp=2026-11-12T22:11:43.398|message=%SYS-5-X: y");
    check("Nov 12 08:00:01 relay Nov 12 08:00:00 web su[7]: x",
          "host.hostname=web|process.name=su|@timestamp=2026-11-12T08:00:00|message=x");
    check("Nov 12 08:00:01 relay <38>Nov 12 08:00:00 web su[7]: x", "host.hostname=web|message=x");
    check("Jun 19 04:09:11 combo syslogd 1.4.1: restart.",
          "host.hostname=combo|process.name=syslogd 1.4.1|message=restart.");
    check("Nov 12 08:03:00 app java[8]: a#012#011b", "message=a\n\tb");
    check("Nov 12 08:03:00 app last message repeated 3 times", "process.name=|host.hostname=app");
}

static void test_years(void)
{
    static const char *const want[] = {"2026-12-31T23:59:58", "2027-01-01T00:00:03"};
    struct text_log log;

    text_open(&log, &format_syslog, "Dec 31 23:59:58 a b[9]: x\nJan  1 00:00:03 a b[9]: y\n",
              "2027-01-02T07:31:00Z", NULL);
    for (size_t i = 0; i < CANH_LEN(want); i++) {
        ok(text_next(&log), "a line");
        is_slice(text_get(&log, "@timestamp"), slice_str(want[i]), "the year turns");
    }
    text_close(&log);
    text_open(&log, &format_syslog, "Feb 29 00:00:07 a b[9]: x", "2025-06-10T00:00:00Z", NULL);
    ok(text_next(&log) && log.event.flags & EVENT_TIME_LOCAL, "a local time");
    is_slice(text_get(&log, "@timestamp"), SLICE("2024-02-29T00:00:07"), "the last leap year");
    text_close(&log);
    text_open(&log, &format_syslog, "<38>Jan  1 00:00:00 a b[9]: x", NULL, "2026-12-31T16:59:58Z");
    ok(text_next(&log), "a line");
    is_slice(text_get(&log, "@timestamp"), SLICE("2027-01-01T00:00:00"), "a clock ahead");
    text_close(&log);
}

static void test_5424(void)
{
    static const char *const bad[] = {
        "",
        "<1>1",
        "<1>2 ",
        "<1>4a ",
        "<101>1000 2018-11-22",
        "<1>1 - host\nname - - - -",
        "<101>125 2003-09-29T22:99:16Z - - - - -",
        "<101>128 2003-09-29T22:09:01.Z - - - - -",
        "<29>1 2006-01-02T15:04:05Z+07:00 - - - - -",
        "<101>12 2018-02-29T22:14:16+01:00 - - - - -",
        "<1>1 - -   - - -",
        "<1>1 - - - - - []",
        "<165>3 - a b - c [d e=\"1\"][f][d g=\"l\"]",
        "<29>3 - hn S - - [meta escape=\"]\"] x",
        "<29>6 - hn S - - [meta escape=\"a\"\"] x",
        "<1>10 -- - - - -",
        "<1>1 - - - - - -\n\t<2>1 - - - - - -",
    };
    struct syslog_head head;
    struct fields f;

    if (fields_init(&f, NULL) < 0)
        abort();
    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        fields_begin(&f);
        ok(syslog_read_5424(&f, slice_str(bad[i]), &head) < 0, "refused: %.40s", bad[i]);
    }
    fields_begin(&f);
    is_int(syslog_read_5424(&f, SLICE("<1>100 - h - - - -"), &head), 0, "no message");
    is_int(head.message.n, 0, "is empty");
    fields_done(&f);
    check("<29>1 2026-11-12T20:12:53.0+07:00 nas Dv - ID9 [t@3 d=\"so\\\\t\" g=\"a \\\" b \\]\"]"
          "[meta sequenceId=\"10\"] Doc",
          "@timestamp=2026-11-12T13:12:53.0Z|host.hostname=nas|process.name=Dv|sd.t@3.d=so\\t|"
          "sd.t@3.g=a \" b ]|sd.meta.sequenceId=10|message=Doc|log.syslog.msgid=ID9");
    /* years that no time can say: the rest is read all the same, and the event has no time */
    check(
        "<38>1 1601-01-01T00:00:00Z h sshd 7 - - Failed password for root from 203.0.113.9 port 2",
        "@timestamp=|host.hostname=h|process.name=sshd|user.name=root|source.ip=203.0.113.9");
    check(
        "<38>1 9999-12-31T23:59:59Z h sshd 7 - - Failed password for root from 203.0.113.9 port 2",
        "@timestamp=|host.hostname=h|process.name=sshd|user.name=root|source.ip=203.0.113.9");
    check("<14>1 2026-11-12T08:00:00Z h3 app - - [e@1 k=\"v\"] [no SD] text",
          "message=[no SD] text");
    check("<14>1 2026-11-12T08:00:00Z h5 app - - [x@32473 k=", "host.hostname=h5|sd.x@32473.k=");
}

static void test_ssh(void)
{
    check("Nov 12 08:00:01 a sshd[1]: Failed password for invalid user lan from 192.0.2.7 port 5 "
          "ssh2",
          "user.name=lan|source.ip=192.0.2.7|source.port=5|event.outcome=failure|"
          "event.category=authentication|event.action=ssh_login");
    check("Nov 12 08:00:01 a sshd[1]: Failed password for invalid user x from 6.6.6.6 port 1 ssh2 "
          "from 192.0.2.7 port 5 ssh2",
          "user.name=x from 6.6.6.6 port 1 ssh2|source.ip=192.0.2.7");
    check(
        "Nov 12 08:00:01 a sshd-session[1]: Accepted publickey for lan from 192.0.2.7 port 5 ssh2: "
        "RSA SHA256:abc",
        "user.name=lan|event.outcome=success");
    check("Nov 12 08:00:01 a sshd[1]: message repeated 4 times: [ Failed password for lan from "
          "fe80::1%eth0 port 5 ssh2]",
          "user.name=lan|source.ip=fe80::1|event.count=4|event.outcome=failure");
    check("Nov 12 08:00:01 a sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 "
          "euid=0 tty=ssh ruser= rhost=192.0.2.7  user=lan rhost=6.6.6.6",
          "user.name=lan rhost=6.6.6.6|source.ip=192.0.2.7|event.outcome=");
    check("Nov 12 08:00:01 a vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 "
          "euid=0 tty=ftp ruser=x rhost=6.6.6.6 rhost=192.0.2.7  user=x rhost=6.6.6.6",
          "user.name=x rhost=6.6.6.6|source.ip=192.0.2.7|event.outcome=failure");
    check("Nov 12 08:00:01 a sshd[1]: drop connection #0 from [203.0.113.9]:40122 on "
          "[192.0.2.10]:22 penalty: failed authentication",
          "source.ip=203.0.113.9|destination.port=22|user.name=");
}

static void test_others(void)
{
    check("Nov 12 08:00:01 a sudo:   lan : TTY=pts/0 ; PWD=/home/lan ; USER=root ; COMMAND=/bin/sh "
          "-c x ; "
          "TTY=y",
          "user.name=lan|user.target.name=root|process.command_line=/bin/sh -c x ; TTY=y|"
          "process.working_directory=/home/lan|event.outcome=success");
    check("Nov 12 08:00:01 a sudo:   lan : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; "
          "COMMAND=/bin/su",
          "user.name=lan|event.outcome=failure|process.command_line=/bin/su");
    check("Nov 12 08:00:01 a /usr/sbin/CRON[7]: (root) CMD (/bin/x (a))",
          "user.name=root|process.command_line=/bin/x (a)");
    check("Nov 12 08:00:01 a unheard[7]: some text", "message=some text|user.name=");
}

static void test_bounds(void)
{
    struct decode_limits limits = {.max_record = 100, .max_fields = 1024, .max_depth = 8};
    struct decoder *d = decoder_new(&format_syslog, NULL, &limits);
    struct cutter *c = cutter_new(&format_syslog, &limits, NULL);
    struct decode_block block;
    struct decode_fault fault;
    struct event e;
    char text[70000];
    struct err err;
    size_t taken;

    memset(text, 'a', sizeof(text));
    is_int(cutter_cut(c, slice_of(text, 90), false, &block, &taken, &err), 0, "waits for more");
    is_int(taken, 0, "takes nothing");
    is_int(cutter_cut(c, slice_of(text, sizeof(text)), false, &block, &taken, &err), 1, "too long");
    ok(block.cut && block.text.n == 100, "the start of it");
    decoder_open(d, &block);
    ok(decoder_next(d, &e, &fault) == 1 && e.flags & EVENT_TRUNCATED, "marked");
    is_int(decoder_next(d, &e, &fault), 0, "one event");
    text[10] = '\n';
    is_int(cutter_cut(c, slice_of(text, 20), true, &block, &taken, &err), 0, "its rest is dropped");
    is_int(taken, 11, "to the line's end");
    decoder_free(d);
    cutter_free(c);
}

int main(void)
{
    test_heads();
    test_years();
    test_5424();
    test_ssh();
    test_others();
    test_bounds();
    return tap_done();
}
