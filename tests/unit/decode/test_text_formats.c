/* SPDX-License-Identifier: Apache-2.0 */
/* One line or a few of each text format, and what senders try to pass for fields. */
#include "base/buf.h"
#include "text_lines.h"

/* Readable bytes behind a text, which ends before them. */
#define DECODE_PADDED                                                                              \
    "\0                                                                                          " \
    "  "                                                                                           \
    "                                               "

static void test_web(void)
{
    text_check(
        &format_access,
        "203.0.113.91 - lan [16/Nov/2026:16:19:20 +0700] \"POST /a b?x=1 HTTP/1.1\" 200 8073 "
        "\"-\" \"Dal\\\" src=6.6.6.6\"",
        "source.ip=203.0.113.91|user.name=lan|http.request.method=POST|url.path=/a b|"
        "url.query=x=1|http.response.status_code=200|@timestamp=2026-11-16T09:19:20Z|"
        "http.request.referrer=|user_agent.original=Dal\\\" src=6.6.6.6|event.module=access");
    text_check(&format_access,
               "www.a.example:443 2001:db8::1 - - [16/Nov/2026:16:19:20 +0700] \"\\x03\" 400 0",
               "url.domain=www.a.example|source.ip=2001:db8::1|url.original=\\x03");
    text_check(&format_access,
               "203.0.113.7 198.51.100.1 a b [16/Nov/2026:16:19:20 +0700] \"GET / HTTP/1.1\" 200 0",
               "source.ip=203.0.113.7|url.domain=");
    text_check(
        &format_access,
        "192.0.2.1:443 203.0.113.7 - - [16/Nov/2026:16:19:20 +0700] \"GET / HTTP/1.1\" 200 0",
        "source.ip=203.0.113.7|url.domain=192.0.2.1");
    text_check(&format_apache_error,
               "[Sat Jun 01 02:17:42 2013] [error] [client 192.168.33.1] File does not exist: "
               "/x/[client 192.168.0.1] user root not found",
               "source.ip=192.168.33.1|user.name=|event.outcome=|log.level=error");
    text_check(
        &format_nginx_error,
        "2026/11/12 16:37:00 [error] 21#21: *16 limiting requests, excess: 5.4 by zone \"d\", "
        "client: 2001:db8::99, server: , request: \"GET /x HTTP/1.1\", host: \"c\", referrer: "
        "\"https://c/?a=/, client: 192.0.2.66\"",
        "source.ip=2001:db8::99|http.request.referrer=https://c/?a=/, client: 192.0.2.66|"
        "url.path=/x|process.pid=21");
    text_check(
        &format_w3c,
        "#Fields: date time c-ip cs-uri-stem sc-status\n"
        "2026-11-12 01:00:01 203.0.113.94 /a 404",
        "source.ip=203.0.113.94|url.path=/a|@timestamp=2026-11-12T01:00:01Z|c-ip=203.0.113.94");
}

/* Rows that look like another log's lines are those of the names above them, however many. */
static void test_named(void)
{
    struct buf log = BUF_INIT(64 * 1024);
    struct decode_sample sample = {.begins = true};
    bool more;

    buf_puts(&log, "#Fields: date time s-ip cs-method\n");
    for (unsigned i = 10; i < 60; i++)
        buf_printf(&log, "2026-11-12 01:00:%u 192.0.2.1 GET\n", i);
    sample.bytes = buf_slice(&log);
    ok(format_find(&sample, &more) == &format_w3c, "the log of a web server");
    buf_clear(&log);
    buf_puts(&log, "TimeCreated,EventID,Channel,Computer\n");
    for (unsigned i = 10; i < 60; i++)
        buf_printf(&log, "2026-11-12 01:00:%u,4625,Security,pc\n", i);
    sample.bytes = buf_slice(&log);
    ok(format_find(&sample, &more) == &format_csv, "columns of events");
    buf_clear(&log);
    buf_puts(&log, "\"Id\";\"LogName\";\"Machine \"\"Name\"\"\" ;\"Level\"\r\n1;Security;pc;4\r\n");
    sample.bytes = buf_slice(&log);
    ok(format_find(&sample, &more) == &format_csv, "names in quotes");
    buf_clear(&log);
    for (unsigned i = 10; i < 60; i++)
        buf_printf(
            &log,
            "{\"EventTime\":\"2026-11-12 01:00:%u\",\"EventID\":4625,\"Channel\":\"Security\","
            "\"Message\":\"x\"}\n",
            i);
    sample.bytes = buf_slice(&log);
    ok(format_find(&sample, &more) == format_by_name(SLICE("json")),
       "members of JSON are no columns");
    buf_clear(&log);
    buf_puts(&log, "#Remark: none\n");
    for (unsigned i = 10; i < 60; i++)
        buf_printf(&log, "Nov 12 01:00:%u h sshd[1]: x\n", i);
    sample.bytes = buf_slice(&log);
    ok(format_find(&sample, &more) == &format_syslog, "a comment names nothing");
    buf_done(&log);
}

/* A record that was kept with the names of its columns. */
static void test_kept_with_names(void)
{
    static const char text[] =
        "#Fields: date time c-ip\n2026-11-12 01:00:01 203.0.113.94\n" DECODE_PADDED;
    struct decode_block block = {.text = slice_of(text, strlen(text)), .single = true};
    struct text_log log;

    text_open(&log, &format_w3c, "#Fields: c-ip s-ip\n203.0.113.1 192.0.2.1", NULL, NULL);
    decoder_open(log.decoder, &block);
    ok(text_next(&log), "an event");
    is_slice(text_get(&log, "source.ip"), SLICE("203.0.113.94"), "read by the names before it");
    is_slice(log.event.raw, SLICE("2026-11-12 01:00:01 203.0.113.94"), "which are no part of it");
    ok(!text_next(&log), "and no other");
    text_close(&log);
}

#define IIS_ROW "2026-11-12 01:00:01 192.0.2.1 GET /a.asp id=1 443 - 203.0.113.94 Mozilla/5.0+(x) "
#define IIS_FOUND                                                                                  \
    "source.ip=203.0.113.94|destination.port=443|url.path=/a.asp|http.response.status_code=404|"   \
    "event.module=w3c|columns=assumed|time-taken=15"

/* Rows that came without names: only those that fit what IIS writes by default, to every column. */
static void test_iis_rows(void)
{
    static const char *const others[] = {
        IIS_ROW "404 0 2",
        IIS_ROW "- 404 0 2 15 1",
        IIS_ROW "- 404 0 2 x",
        "2026-11-12 01:00:01 192.0.2.1 GET a.asp id=1 443 - 203.0.113.94 x 404 0 2 15",
        "2026-11-12 01:00:01 web01 GET /a.asp id=1 443 - 203.0.113.94 x 404 0 2 15",
        "2026-11-12 01:00:01 192.0.2.1 Get /a.asp id=1 443 - 203.0.113.94 x 404 0 2 15",
        "2026-11-12 01:00:01 192.0.2.1 GET /a.asp id=1 443 - 203.0.113.94 x - 4040 0 2 15"};
    struct decode_sample sample = {.bytes = SLICE(IIS_ROW "404 0 2 15\n"), .begins = true};
    struct text_log log;
    bool more;

    ok(format_find(&sample, &more) == &format_w3c, "rows alone are known");
    text_check(&format_w3c, IIS_ROW "- 404 0 2 15",
               IIS_FOUND "|cs(Referer)=|@timestamp=2026-11-12T01:00:01Z");
    text_check(&format_w3c, IIS_ROW "404 0 2 15", IIS_FOUND);
    text_check(&format_syslog, "<13>" IIS_ROW "404 0 2 15", IIS_FOUND);
    text_check(&format_syslog, "<13>Nov 12 08:00:02 web01 iis: " IIS_ROW "- 404 0 2 15",
               IIS_FOUND "|host.hostname=web01|process.name=iis");
    text_check(&format_w3c, "#Fields: date time c-ip\n" IIS_ROW "404 0 2 15",
               "source.ip=192.0.2.1|url.path=|columns=");
    for (size_t i = 0; i < CANH_LEN(others); i++) {
        text_open(&log, &format_syslog, others[i], NULL, NULL);
        ok(text_next(&log), "an event");
        is_slice(text_get(&log, "event.module"), SLICE("syslog"), "not of IIS: %s", others[i]);
        text_close(&log);
    }
}

/* nginx cuts a line at 2,047 bytes: then what the message quotes may be all that is left. */
static void test_nginx_cut(void)
{
    static const char head[] = "2026/11/12 16:37:00 [error] 1#1: *1 user \"";
    static const char tail[] = "\": password mismatch, client: 203.0.113.7, server: s";
    struct buf line = BUF_INIT(4096);

    for (size_t n = 2046; n <= 2047; n++) {
        buf_clear(&line);
        buf_puts(&line, head);
        while (line.len < n - (sizeof(tail) - 1))
            buf_putc(&line, 'a');
        buf_puts(&line, tail);
        text_check(&format_nginx_error, buf_cstr(&line),
                   n == 2046 ? "source.ip=203.0.113.7|event.outcome=failure"
                             : "source.ip=|event.outcome=failure");
    }
    buf_done(&line);
}

static void test_devices(void)
{
    text_check(&format_pairs,
               "date=2026-06-16 time=16:22:34 devname=FW user=\"a\\\" srcip=6.6.6.6\" "
               "srcip=192.0.2.1 status=failed",
               "user.name=a\\\" srcip=6.6.6.6|source.ip=192.0.2.1|event.outcome=failure|"
               "host.hostname=FW|@timestamp=2026-06-16T16:22:34");
    text_check(&format_cef, "CEF:0|V|P|1|9|N|5|src=192.0.2.1 msg=a src\\=6.6.6.6 request=/x?y\\=1",
               "source.ip=192.0.2.1|msg=a src=6.6.6.6|event.code=9|url.query=y=1");
    text_check(
        &format_syslog,
        "Nov 12 08:00:01 c kernel: [1.2] [UFW BLOCK] IN=eth0 OUT= SRC=203.0.113.1 "
        "DST=192.0.2.1 PROTO=TCP SPT=1 DPT=22 SYN",
        "source.ip=203.0.113.1|destination.port=22|network.transport=tcp|event.action=denied");
    text_check(
        &format_syslog,
        "Nov 12 08:00:01 fw filterlog: 53,,,1,em0,match,block,in,4,0x0,,64,420,0,none,6,tcp,"
        "460,10.0.2.2,10.0.2.15,53742,22,420",
        "source.ip=10.0.2.2|destination.ip=10.0.2.15|destination.port=22|event.action=denied");
    text_check(&format_syslog,
               "Nov 12 08:00:01 fw filterlog: 53,,,1,em0,match,block,in,4,0x0,,64,420,0,none,6,tcp,"
               "460,10.0.2.2,10.0.2.15,53742,22,420,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,",
               "source.ip=10.0.2.2|destination.ip=10.0.2.15|destination.port=22");
    text_check(&format_syslog,
               "Nov 12 08:00:01 gw system,error,critical login failure for user x from 6.6.6.6 via "
               "ssh from 192.0.2.7 via ssh",
               "user.name=x from 6.6.6.6 via ssh|source.ip=192.0.2.7|event.outcome=failure");
    text_check(&format_syslog,
               "Nov 12 08:00:01 fw %ASA-6-605004: Login denied from 203.0.113.7/3000 to "
               "outside:192.0.2.1/ssh for user \"admin\"",
               "source.ip=203.0.113.7|destination.ip=192.0.2.1|user.name=admin|"
               "event.outcome=failure");
    text_check(&format_syslog,
               "Nov 12 08:00:01 fw %ASA-6-605005: Login permitted from 203.0.113.7/3000 to "
               "outside:192.0.2.1/ssh for user \"admin\"",
               "source.ip=203.0.113.7|destination.ip=192.0.2.1|user.name=admin|"
               "event.outcome=success");
    text_check(&format_syslog,
               "Nov 12 08:00:01 v openvpn[9]: 203.0.113.7:5123 [an] Peer Connection Initiated with "
               "[AF_INET]203.0.113.7:5123",
               "source.ip=203.0.113.7|user.name=an|event.action=vpn_login|event.outcome=success");
}

static void test_mail(void)
{
    text_check(&format_syslog,
               "Nov 12 08:00:01 m postfix/qmgr[2]: 4A2B3C4D5E: from=<\"a@b\"@example.net>, size=4, "
               "nrcpt=1 (queue active)",
               "mail.from=\"a@b\"@example.net|mail.from_domain=example.net");
    text_check(&format_syslog,
               "Nov 12 00:11:05 m dovecot: imap-login: Login aborted: x (auth failed, 3 attempts): "
               "user=<v>, rip=6.6.6.6>, method=PLAIN, rip=203.0.113.57, lip=192.0.2.25",
               "user.name=v>, rip=6.6.6.6|source.ip=203.0.113.57|event.count=3|"
               "event.outcome=failure");
    text_check(
        &format_syslog,
        "Nov 12 07:00:09 m postfix/submission/smtpd[9]: warning: unknown[203.0.113.55]: SASL "
        "LOGIN authentication failed: UGFz, sasl_username=a@b",
        "source.ip=203.0.113.55|source.domain=|user.name=a@b|event.outcome=failure");
    text_check(
        &format_exim,
        "2013-01-04 17:03:46 login authenticator failed for h ([192.168.2.33]) [24.106.174.74]:"
        " 535 Incorrect authentication data (set_id=b)",
        "source.ip=24.106.174.74|user.name=b|event.outcome=failure");
}

/* The prefix does not say which of its words is what, and the client chooses some of them. */
static void test_postgresql_client(void)
{
    static const struct {
        const char *prefix, *user, *expected;
    } rows[] = {
        {"[7755] a@d 203.0.113.7 ", "a", "source.ip=203.0.113.7|process.pid=7755"},
        {"[7755] 203.0.113.7 a@d ", "a", "source.ip=203.0.113.7|process.pid=7755"},
        {"[7755] 2001:db8::7 a@d ", "a", "source.ip=2001:db8::7|process.pid=7755"},
        {"[7755] a@d 2001:db8::7(512) ", "a", "source.ip=2001:db8::7|source.port=512"},
        {"2001:db8::7(512):a@d:[7755]:", "a", "source.ip=2001:db8::7|process.pid=7755|user.name=a"},
        {"[7755]: [3-1] user=a,db=d,app=psql,client=203.0.113.7 ", "a",
         "source.ip=203.0.113.7|user.name=a|process.pid=7755"},
        {"[7755] a@d host.example(512) ", "a", "source.domain=host.example|source.port=512"},
        {"[7755] a@d host.example 203.0.113.7 ", "a", "source.ip=203.0.113.7|source.domain="},
        {"[7755] a@d 203.0.113.7 198.51.100.1 ", "a", "source.ip="},
        {"[7755] 198.51.100.1 a@d ", "198.51.100.1 a", "source.ip=|event.outcome=failure"},
        {"[7755] 198.51.100.1(1) a@d 203.0.113.7(512) ", "198.51.100.1(1) a", "source.ip="},
        {"[7755] a@d local(512x) ", "a", "source.ip=|source.domain=|source.port="},
        {"[7755] 203.0.113.7(512) d.x(9) ", "a", "source.ip=203.0.113.7|source.port=512"},
        {"[7755] 203.0.113.7 d.x(9) ", "a", "source.ip=203.0.113.7|source.port="},
        {"[7755] a@d client=2001:db8::7 ", "a", "source.ip=2001:db8::7|process.pid=7755"},
        {"[7755] a@d client=2001:db8::7(512): ", "a", "source.ip=2001:db8::7|source.port=512"},
        {"[7755] user=a,app=psql 15.1,client=[local] ", "a", "source.ip=|source.domain="},
        {"[7755] user=a,db=d.x,client=[local] ", "a", "source.ip=|source.domain="},
        {"[7755] user=a,db=6.6.6.6,client=2001:db8::7 ", "a", "source.ip=2001:db8::7"},
        {"[7755] x\" 198.51.100.1 a@d ", "x\" 198.51.100.1 a", "source.ip="},
    };
    char line[256];

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        (void)snprintf(line, sizeof(line),
                       "2026-11-12 08:24:02 UTC%s%sFATAL:  password authentication failed for user "
                       "\"%s\"",
                       rows[i].prefix[0] == '[' ? " " : ":", rows[i].prefix, rows[i].user);
        text_check(&format_postgresql, line, rows[i].expected);
    }
}

static void test_databases(void)
{
    struct text_log log;

    text_open(&log, &format_postgresql,
              "2026-11-12 08:24:02.304 +07 [7755] a@d FATAL:  password authentication failed for "
              "user \"a\"\n2026-11-12 08:24:02.304 +07 [7755] a@d DETAIL:  b\n\tc\n"
              "2026-11-12 08:24:03 +07 [7756] LOG:  d\n",
              NULL, NULL);
    ok(text_next(&log), "a message with what belongs to it");
    is_slice(text_get(&log, "user.name"), SLICE("a"), "the user");
    is_slice(text_get(&log, "event.outcome"), SLICE("failure"), "failed");
    ok(text_next(&log), "the next message");
    is_slice(text_get(&log, "process.pid"), SLICE("7756"), "of another process");
    ok(!text_next(&log), "no third");
    text_close(&log);
    text_check(&format_mariadb,
               "2021-11-09  5:13:11 8 [Warning] Access denied for user 'x'@'172.17.0.1' (using "
               "password: YES)",
               "user.name=x|source.ip=172.17.0.1|event.outcome=failure");
}

static void test_audit(void)
{
    struct text_log log;

    text_open(
        &log, &format_auditd,
        "type=SYSCALL msg=audit(1794470645.130:501): success=yes ppid=900 pid=901 uid=33 "
        "comm=\"curl\" exe=\"/usr/bin/curl\"\n"
        "type=SYSCALL msg=audit(1794470645.131:502): pid=911 exe=\"/usr/bin/kill\"\n"
        "type=EXECVE msg=audit(1794470645.130:501): argc=2 a0=\"curl\" a1[0]=2F74 a1[1]=6D70\n"
        "type=EXECVE msg=audit(1794470645.131:502): argc=2 a0=\"kill\" a1=\"3005\"\n",
        NULL, NULL);
    ok(text_next(&log), "the first event");
    is_slice(text_get(&log, "audit.serial"), SLICE("501"), "its serial");
    is_slice(text_get(&log, "process.command_line"), SLICE("curl /tmp"), "pieces of hexadecimal");
    is_slice(text_get(&log, "process.pid"), SLICE("901"), "nothing of the other");
    ok(text_next(&log), "the second");
    is_slice(text_get(&log, "process.command_line"), SLICE("kill 3005"),
             "quoted is no hexadecimal");
    ok(!text_next(&log), "no third");
    text_close(&log);
    text_check(&format_auditd,
               "node=d.example type=USER_LOGIN msg=audit(1794470645.400:530): pid=88 msg='op=login "
               "acct=28756E6B6E6F776E207573657229 addr=203.0.113.70 res=failed'",
               "host.hostname=d.example|user.name=(unknown user)|source.ip=203.0.113.70|"
               "event.outcome=failure");
}

static void test_records(void)
{
    text_check(
        &format_journal,
        "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1794470645000000\n_HOSTNAME=j\n"
        "SYSLOG_IDENTIFIER=sshd\nMESSAGE=Failed password for a from 192.0.2.1 port 5 ssh2\n\n",
        "host.hostname=j|source.ip=192.0.2.1|event.outcome=failure|"
        "@timestamp=2026-11-12T08:04:05.000000Z");
    text_check(
        &format_journal_json,
        "{\"MESSAGE\":\"Failed password for \\u0061 from 192.0.2.1 port 5 "
        "ssh2\",\"__CURSOR\":\"s=1\","
        "\"_HOSTNAME\":\"j\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"X\":[\"a\",\"b\"],\"LONG\":null,"
        "\"__REALTIME_TIMESTAMP\":\"1794470645000000\",\"Y\":[27,91,98]}\n",
        "host.hostname=j|user.name=a|source.ip=192.0.2.1|event.outcome=failure|event.module="
        "journal|"
        "X=a|Y=\x1B[b|@timestamp=2026-11-12T08:04:05.000000Z");
    text_check(&format_xml,
               "<Event><System><Provider Name='T N'/><EventID>1000</EventID>"
               "<Channel>Application</Channel></System><EventData><Data>c:\\a?b=1&c=2</Data>"
               "<Data Name='X'>a &amp; b &#x1F600; <c</Data></EventData></Event>",
               "EventID=1000|Channel=Application|Provider_Name=T N|Data=c:\\a?b=1&c=2|"
               "X=a & b \xF0\x9F\x98\x80 <c");
    text_check(&format_xml,
               "<Event><System><EventID>1</EventID><Channel>Application</Channel></System>"
               "<UserData><X><System><Channel>a</Channel></System><UserData/><Computer>b</Computer>"
               "</X></UserData><System><EventID>4720</EventID></System></Event>",
               "EventID=1|Channel=Application");
    text_check(&format_xml,
               "<Event><System><EventID>1</EventID></System><EventData><Data Name='A'/>"
               "<ComplexData Name='B'>x</ComplexData><Data Name='C'></Data></EventData></Event>",
               "EventID=1|A=|B=x|C=");
    text_check(&format_xml,
               "<?xml version=\"1.0\" encoding=\"utf-8\"?><Events xmlns='urn:a'><Event><System>"
               "<EventID>7</EventID></System></Event></Events>",
               "EventID=7");
    text_check(
        &format_csv,
        "\"Message\",\"Id\",\"ProviderName\",\"LogName\"\n\"a \"\"b\"\"\n c\",\"4624\",\"P\","
        "\"Security\"",
        "EventID=4624|Provider_Name=P|Channel=Security|message=a \"b\"\n c");
}

/* An entry with as much in MESSAGE, behind many fields, and an array of as many bytes. */
static void check_long_entry(size_t message, size_t bytes, bool lost)
{
    struct buf line = BUF_INIT(4 << 20);
    struct text_log log;

    buf_puts(&line, "{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"1794470645000000\"");
    for (unsigned i = 0; i < 60; i++)
        buf_printf(&line, ",\"F%u\":\"v%u\"", i, i);
    buf_puts(&line, ",\"MESSAGE\":\"");
    for (size_t i = 0; i < message; i++)
        buf_putc(&line, 'm');
    buf_puts(&line, "\",\"BYTES\":[65");
    for (size_t i = 1; i < bytes; i++)
        buf_puts(&line, ",66");
    buf_puts(&line, "]}\n");
    text_open(&log, &format_journal_json, buf_cstr(&line), NULL, NULL);
    ok(text_next(&log), "%zu characters, %zu bytes", message, bytes);
    is_slice(text_get(&log, "F59"), SLICE("v59"), "its fields");
    is_int((int64_t)text_get(&log, "message").n, (int64_t)message, "its message");
    is_int((int64_t)text_get(&log, "BYTES").n, lost ? (int64_t)bytes - 1 : (int64_t)bytes, "bytes");
    is_int(!!(log.event.flags & EVENT_FIELDS_LOST), lost, "what is cut is told");
    text_close(&log);
    buf_done(&line);
}

static void test_long_entries(void)
{
    check_long_entry(700000, 1, false);
    check_long_entry(1, 65536, false);
    check_long_entry(1, 65537, true);
}

static void test_changes(void)
{
    struct text_log log;

    text_open(&log, &format_syslog,
              "Nov 12 08:00:01 a b[1]: x\nno log line at all\n"
              "type=USER_LOGIN msg=audit(1794470645.400:530): pid=88 uid=0\n",
              "2026-12-01T00:00:00Z", NULL);
    ok(text_next(&log), "of its format");
    ok(text_next(&log), "of none");
    is_slice(text_get(&log, "message"), SLICE("no log line at all"), "is text");
    ok(text_next(&log), "of another");
    is_slice(text_get(&log, "event.module"), SLICE("auditd"), "is read as that");
    text_close(&log);
}

/* As many columns as may be; of more the record says that some are lost. */
static void check_columns(unsigned columns, bool lost)
{
    struct buf table = BUF_INIT(1 << 20);
    struct text_log log;

    buf_puts(&table, "Id,ProviderName,LogName");
    for (unsigned i = 0; i < columns; i++)
        buf_printf(&table, ",c%u", i);
    buf_puts(&table, "\n4624,P,Security");
    for (unsigned i = 0; i < columns; i++)
        buf_printf(&table, ",v%u", i);
    buf_putc(&table, '\n');
    text_open(&log, &format_csv, buf_cstr(&table), NULL, NULL);
    ok(text_next(&log), "%u columns", columns);
    is_slice(text_get(&log, "c390"), SLICE("v390"), "are read");
    is_int(!!(log.event.flags & EVENT_FIELDS_LOST), lost, "what is not is told");
    text_close(&log);
    buf_done(&table);
}

/* A quote that nothing closes takes what follows along, but not without an end. */
static void check_open_quote(unsigned lines, unsigned events, bool lost)
{
    struct buf table = BUF_INIT(1 << 20);
    struct text_log log;
    unsigned found = 0;

    buf_puts(&table, "Id,LogName,MachineName\n1,Security,\"pc\n");
    for (unsigned i = 0; i < lines; i++)
        buf_puts(&table, "2,Security,pc\n");
    text_open(&log, &format_csv, buf_cstr(&table), NULL, NULL);
    ok(text_next(&log), "the row of the quote");
    is_int(!!(log.event.flags & EVENT_FIELDS_LOST), lost, "says that something is missing");
    for (found = 1; text_next(&log); found++)
        continue;
    is_int(found, events, "of %u rows", lines + 1);
    text_close(&log);
    buf_done(&table);
}

int main(void)
{
    check_open_quote(4000, 1, true);
    check_open_quote(4200, 4201, true);
    check_columns(400, false);
    check_columns(2000, true);
    test_web();
    test_named();
    test_iis_rows();
    test_kept_with_names();
    test_nginx_cut();
    test_devices();
    test_mail();
    test_postgresql_client();
    test_databases();
    test_audit();
    test_records();
    test_long_entries();
    test_changes();
    return tap_done();
}
