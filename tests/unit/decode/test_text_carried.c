/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that others carry: in a container's log, behind a head of syslog, as pairs. */
#include "base/buf.h"
#include "text_lines.h"

#define CRI "2026-10-09T13:45:00.123456789Z "
#define HTTP(client)                                                                               \
    client " [09/Oct/2026:13:45:00.123] fe be/s1 0/0/1/2/3 401 212 - - ---- 1/1/0/0/0 0/0 "        \
           "{a.example|x} \"GET /a?x=1 HTTP/1.1\""

static void test_containers(void)
{
    struct buf line = BUF_INIT(1 << 20);

    text_check(&format_cri,
               CRI "stdout F Oct  9 13:44:59 srv sshd[12]: Failed password for root from 192.0.2.5 "
                   "port 22 ssh2",
               "source.ip=192.0.2.5|event.outcome=failure|process.name=sshd|host.hostname=srv|"
               "event.module=syslog|stream=stdout|@timestamp=2026-10-09T13:44:59");
    text_check(&format_cri,
               CRI "stderr F:x 192.0.2.5 - - [09/Oct/2026:20:45:00 +0700] \"GET / HTTP/1.1\" 200 1",
               "event.module=access|source.ip=192.0.2.5|stream=stderr|"
               "@timestamp=2026-10-09T13:45:00Z");
    text_check(
        &format_cri, CRI "stdout F began to listen",
        "message=began to listen|event.module=cri|@timestamp=2026-10-09T13:45:00.123456789Z");
    text_check(&format_cri, CRI "stdout P {\"a\":", "message={\"a\":|stream=stdout");
    text_check(&format_cri, CRI "stdout F " CRI "stdout F x",
               "message=" CRI "stdout F x|event.module=cri");
    text_check(&format_cri, CRI "stdout F ", "message=|event.module=cri");
    text_check(&format_cri, CRI "stdout F", "message=|event.module=cri");
    text_check(&format_syslog, CRI "stdout X a", "host.hostname=stdout");
    text_check(&format_syslog, CRI "std F a", "host.hostname=std");
    text_check(&format_syslog, CRI "stdout F2 a", "host.hostname=stdout");
    for (int i = 0; i < 10000; i++)
        buf_puts(&line, CRI "stdout F ");
    text_check(&format_cri, buf_cstr(&line), "event.module=cri");
    buf_done(&line);
}

/* The messages of all records, a blank behind each. */
static void parts_are(const char *lines, const char *want, const char *what)
{
    struct buf got = BUF_INIT(1 << 20);
    struct text_log log;

    text_open(&log, &format_cri, lines, NULL, NULL);
    while (text_next(&log)) {
        buf_append_slice(&got, text_get(&log, "message"));
        buf_printf(&got, "/" SLICE_FMT " ", SLICE_ARG(text_get(&log, "stream")));
    }
    is_str(buf_cstr(&got), want, "%s", what);
    text_close(&log);
    buf_done(&got);
}

static void test_parts(void)
{
    text_check(&format_cri,
               CRI "stdout P Oct  9 13:44:59 srv sshd[12]: Failed pass\n" CRI
                   "stdout P word for root from 192.0.2.5\n" CRI "stdout F  port 22 ssh2\n",
               "source.ip=192.0.2.5|event.outcome=failure|process.name=sshd|event.module=syslog|"
               "stream=stdout");
    text_check(&format_cri, CRI "stdout P:x {\"user\":{\"na\n" CRI "stdout F:x me\":\"root\"}}\n",
               "stream=stdout|event.module=cri|@timestamp=2026-10-09T13:45:00.123456789Z");
    parts_are(CRI "stdout P a\n" CRI "stdout P  b\n" CRI "stdout F c\n" CRI "stdout F d\n",
              "a bc/stdout d/stdout ", "parts are one line");
    parts_are(CRI "stdout P a\r\n" CRI "stdout F b\r\n", "ab/stdout ", "whatever ends them");
    parts_are(CRI "stdout P a\n" CRI "stderr F x\n" CRI "stdout F b\n",
              "a/stdout x/stderr b/stdout ", "what another stream wrote between is kept");
    parts_are(CRI "stdout P a\n" CRI "stderr P x\n" CRI "stderr F y\n", "a/stdout xy/stderr ",
              "and is joined by itself");
    parts_are(CRI "stdout P a\n" CRI "stderr F x", "a/stdout x/stderr ", "also at the end");
    parts_are(CRI "stdout P a\n" CRI "stdout P b\n", "ab/stdout ", "the end is not there");
    parts_are(CRI "stdout P a\n" CRI "stdout P b", "ab/stdout ", "nor its line's");
    parts_are(CRI "stdout P a\nelse\n" CRI "stdout F b\n", "a/stdout else/ b/stdout ",
              "what is no such line");
    parts_are(CRI "stdout F Px P\n" CRI "stdout F a\n", "Px P/stdout a/stdout ", "no part");
}

static void test_haproxy(void)
{
    text_check(&format_syslog, "Oct  9 13:45:01 lb haproxy[123]: " HTTP("192.0.2.5:51234"),
               "source.ip=192.0.2.5|source.port=51234|url.original=/a?x=1|url.query=x=1|"
               "http.request.method=GET|http.response.status_code=401|event.outcome=failure|"
               "http.response.body.bytes=212|event.module=access|host.hostname=lb|"
               "process.name=haproxy|@timestamp=2026-10-09T13:45:01|user.name=");
    text_check(&format_access, HTTP("2001:db8::5:443"),
               "source.ip=2001:db8::5|source.port=443|event.module=access|"
               "@timestamp=2026-10-09T13:45:00.123");
    text_check(&format_access, "Oct  9 13:45:01 lb haproxy[123]: " HTTP("192.0.2.5:51234"),
               "source.ip=192.0.2.5|event.module=access|host.hostname=lb");
    text_check(&format_syslog,
               "Oct  9 13:45:01 lb haproxy[1]: 192.0.2.5:5 [09/Oct/2026:13:45:00.1] fe be/s "
               "0/0/1 212 -- 1/1/0/0/0 0/0",
               "event.module=syslog|http.response.status_code=");
    text_check(&format_syslog,
               "Oct  9 13:45:01 lb haproxy[1]: 192.0.2.5:5 [09/Oct/2026:13:45:00.1] fe fe/<NOSRV> "
               "-1/-1/-1/-1/0 -1 0 - - CR-- 1/1/0/0/0 0/0 \"<BADREQ>\"",
               "event.module=access|url.original=<BADREQ>|http.response.status_code=");
}

static void test_pairs(void)
{
    text_check(&format_pairs,
               "LogName=Security EventCode=4688 ComputerName=dc1 TimeCreated=2026-01-02T03:04:05Z "
               "NewProcessName=C:\\Program Files\\x y.exe CommandLine=\"x /a=\\\"b\\\" c\" Empty= "
               "Last=a b",
               "NewProcessName=C:\\Program Files\\x y.exe|CommandLine=x /a=\\\"b\\\" c|Empty=|"
               "Last=a b|@timestamp=2026-01-02T03:04:05Z");
    text_check(&format_pairs,
               "Channel=a\tEventID=1\tUtcTime=2026-01-02 03:04:05.1\tImage=C:\\a b\t",
               "Image=C:\\a b|@timestamp=2026-01-02T03:04:05.1Z");
    text_check(&format_pairs, "LogName=a x=1 Image=C:\\a b", "Image=C:\\a");
    text_check(&format_pairs, "EventID=1 x=1 Image=C:\\a b", "Image=C:\\a");
}

int main(void)
{
    test_containers();
    test_parts();
    test_haproxy();
    test_pairs();
    return tap_done();
}
