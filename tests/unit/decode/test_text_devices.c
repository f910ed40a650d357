/* SPDX-License-Identifier: Apache-2.0 */
/* Events of Windows in what connectors and collectors make of them, and lines that senders put
 * together: what is read of them is what a rule for Windows asks. */
#include "text_lines.h"

static const char *const names[] = {
    "CommandLine",    "IpAddress",       "LogonType",      "Message",
    "NewProcessName", "SubjectUserName", "TargetUserName", "columns",
};

#define CEF(id)                                                                                    \
    "CEF:0|Microsoft|Microsoft Windows|10|Microsoft-Windows-Security-Auditing:" id "|N|5|"

static void test_connector(void)
{
    text_check(&format_cef, CEF("4688") "cat=Security dvchost=pc msg=m dproc=a.exe cs4=a -b",
               "EventID=4688|Provider_Name=Microsoft-Windows-Security-Auditing|Channel=Security|"
               "Computer=pc|Message=m|NewProcessName=a.exe|CommandLine=a -b|TargetUserName=");
    text_check(&format_cef,
               CEF("4688") "cat=Security destinationProcessName=a.exe duser=u src=192.0.2.1",
               "NewProcessName=a.exe|TargetUserName=|IpAddress=");
    text_check(&format_cef, CEF("4688") "dproc=a.exe destinationProcessName=b.exe",
               "NewProcessName=a.exe");
    text_check(&format_cef, CEF("4624") "duser=u src=192.0.2.1 cn1=3 suser=s dproc=a.exe",
               "TargetUserName=u|IpAddress=192.0.2.1|LogonType=3|SubjectUserName=|NewProcessName=");
    text_check(&format_cef, CEF("4625") "duser=u src=192.0.2.1 cn1=3",
               "TargetUserName=u|IpAddress=192.0.2.1|LogonType=3");
    text_check(&format_cef, CEF("4738") "duser=u suser=s src=192.0.2.1",
               "TargetUserName=u|SubjectUserName=s|IpAddress=");
    text_check(&format_cef, CEF("46") "duser=u dproc=a.exe",
               "EventID=46|TargetUserName=|NewProcessName=");
}

/* Of several keys of one name the first counts, and no other. */
static void test_once(void)
{
    struct text_log log;
    unsigned count = 0;

    text_open(&log, &format_cef, CEF("4688") "dproc=a.exe destinationProcessName=b.exe", NULL,
              NULL);
    ok(text_next(&log), "an event");
    for (uint32_t i = 0; i < log.event.count; i++)
        count += slice_is(log.event.names[i], "NewProcessName");
    is_int(count, 1, "one name of the process");
    text_close(&log);
}

#define LEEF "LEEF:1.0|Microsoft|Windows|10|4625|"

static void test_leef(void)
{
    text_check(
        &format_leef,
        LEEF "application=Microsoft-Windows-Security-Auditing\tresource=pc\tmessage=m",
        "EventID=4625|Provider_Name=Microsoft-Windows-Security-Auditing|Computer=pc|Message=m");
    text_check(
        &format_syslog,
        "Nov 12 08:00:01 h AgentDevice=WindowsLog\tAgentLogFile=Security\tSource=P\tComputer=pc\t"
        "EventID=4624\tEventIDCode=4624\tRecordNumber=7\tMessage=m",
        "EventID=4624|Provider_Name=P|Channel=Security|Computer=pc|EventRecordID=7|Message=m");
    text_check(
        &format_leef,
        "AgentDevice=WindowsLog\tAgentLogFile=Security\t"
        "Source=Microsoft-Windows-Security-Auditing\tEventIDCode=4688\tMessage=A new process "
        "has been created.  Process Information:  New Process Name: C:\\a.exe  Process "
        "Command Line: a -b",
        "NewProcessName=C:\\a.exe|CommandLine=a -b|Channel=Security");
    text_check(&format_leef, "LEEF:1.0|V|P|1|7|devTime=1794470645130\tdevTime=2026-01-01T00:00:00Z",
               "@timestamp=2026-11-12T08:04:05.130Z");
    text_check(&format_leef, "LEEF:1.0|V|P|1|7|seen=2026-01-01T00:00:00Z", "@timestamp=");
    text_check(&format_leef, "LEEF:2.0|V|P|1|7|x|ax=1xb=2", "a=|ax=|b=2");
    text_check(&format_leef, "LEEF:2.0|V|P|1|7|x5E|a=1^b=2", "a=1|b=2");
    text_check(&format_leef,
               "LEEF:2.0|V|P|1|7|x7F|a=1\x7F"
               "b=2",
               "a=1|b=2");
    text_check(&format_leef, "LEEF:2.0|V|P|1|7|x80|a=1\tb=2", "a=1|b=2");
    text_check(&format_leef, "LEEF:2.0|V|P|1|7|x00|a=1\tb=2", "a=1|b=2");
    text_check(&format_leef, "LEEF:2.0|V|P|1|7|x5G|a=1\tb=2", "a=1|b=2");
    text_check(&format_syslog, "Nov 12 08:00:01 h LEEF:3.0|V|P|1|7|src=192.0.2.1",
               "deviceVendor=|source.ip=");
    text_check(&format_syslog, "Nov 12 08:00:01 h LEEF:1-0|V|P|1|7|src=192.0.2.1",
               "deviceVendor=|source.ip=");
    text_check(&format_syslog, "Nov 12 08:00:01 h LEEF:1.0 V|P|1|7|src=192.0.2.1",
               "deviceVendor=|source.ip=");
}

/* What stands inside of a value is a value, whatever it looks like. */
static void test_inside(void)
{
#define DEVICE "CEF:0|V|P|1|9|N|5|src=192.0.2.1"
    text_check(&format_syslog,
               "<13>Nov 12 08:00:01 h "
               "MSWinEventLog\t1\tSecurity\t7\tx\t4625\tP\tu\tUser\tFailure\tpc\tL\t\t" DEVICE,
               "deviceVendor=|source.ip=|event.module=syslog");
    text_check(&format_syslog, "Nov 12 08:00:01 h {\"a\":1} " DEVICE, "deviceVendor=|source.ip=");
    text_check(&format_syslog, "Nov 12 08:00:01 h app[1]: {\"a\":1} x=1 y=2 z=3", "x=");
    text_check(&format_syslog,
               "Nov 12 08:00:01 h unheard[1]: Failed password for root from 192.0.2.1 port 1 ssh2",
               "source.ip=|user.name=");
    text_check(
        &format_syslog,
        "Nov 12 08:00:01 h a/unheard[1]: Failed password for root from 192.0.2.1 port 1 ssh2",
        "source.ip=|user.name=");
}

/* What a line leaves out is not made up of what stands around it. */
static void test_left_out(void)
{
    text_check(&format_syslog,
               "Nov 12 08:00:01 h su[1]: pam_unix(su:auth): authentication failure; logname=lan "
               "euid=0 tty=pts/1 ruser=lan rhost=  user=root",
               "user.id=|user.name=root");
    text_check(&format_syslog,
               "Nov 12 08:00:01 h dovecot: imap-login: Disconnected (auth failed, 2 attempts): "
               "user=<a>, method=PLAIN, rip=, lip=192.0.2.1",
               "source.ip=|source.domain=|destination.ip=192.0.2.1|user.name=a");
    text_check(
        &format_syslog,
        "Nov 12 08:00:01 h dovecot: imap-login: Login: user=<a>, method=PLAIN, rip=192.0.2.2, "
        "lip=192.0.2.1, session=<x>, TLS",
        "user.name=a|source.ip=192.0.2.2");
    text_check(&format_syslog, "Nov 12 08:00:01 h dovecot: auth: pam(a,): unknown user",
               "user.name=a|source.ip=|source.domain=");
}

#define ROW "2026-11-12 01:00:01 192.0.2.1 GET /a - 443 - 203.0.113.9 curl - 404 0 2 15"

/* A row of IIS without the names of its columns, with and without a header before it. */
static void test_row(void)
{
#define READ                                                                                       \
    "columns=assumed|event.module=w3c|source.ip=203.0.113.9|url.path=/"                            \
    "a|@timestamp=2026-11-12T01:00:01Z"
    text_check(&format_w3c, ROW, READ "|message=" ROW);
    text_check(&format_syslog, ROW, READ "|message=" ROW);
    text_check(&format_syslog, "<13>" ROW, READ "|message=<13>" ROW);
    text_check(&format_syslog, "Nov 12 08:00:01 h iis[1]: " ROW,
               "columns=assumed|event.module=w3c|source.ip=203.0.113.9|url.path=/a|message=" ROW
               "|host.hostname=h");
    text_check(&format_syslog, "a>" ROW, "columns=|source.ip=");
    text_check(&format_w3c, "#Fields: date time c-ip\n2026-11-12 01:00:01 192.0.2.1",
               "columns=|source.ip=192.0.2.1|event.module=w3c");
    text_check(&format_syslog, "#Fields: date time c-ip",
               "event.module=|message=#Fields: date time c-ip");
    text_check(&format_w3c, ROW " 16", "columns=|source.ip=");
}

/* Cisco's header with and without the number that counts its lines. */
static void test_cisco(void)
{
#define SAYS "%SYS-5-CONFIG_I: Configured from console"
    text_check(&format_syslog, "<189>137: *Nov 12 08:00:01.678: " SAYS,
               "event.sequence=137|message=" SAYS);
    text_check(&format_syslog, "<189>: *Nov 12 08:00:01.678: " SAYS,
               "event.sequence=|message=" SAYS);
}

/* NX-OS: a year first, and no number before it. */
static void test_nexus(void)
{
    text_check(&format_syslog, "<189>: 2025 Nov 12 08:00:01 UTC: " SAYS,
               "@timestamp=2025-11-12T08:00:01Z|event.sequence=|message=" SAYS);
    text_check(&format_syslog, "<189>: 2025 Nov  2 08:00:01.123 +07:00: " SAYS,
               "@timestamp=2025-11-02T01:00:01.123Z|message=" SAYS);
    text_check(&format_syslog, "2025 Nov 12 08:00:01 sw01 " SAYS,
               "@timestamp=2025-11-12T08:00:01|host.hostname=sw01|message=" SAYS);
    text_check(&format_syslog, "<189>2025 Nov 12 08:00:01 2026 " SAYS,
               "@timestamp=2025-11-12T08:00:01|host.hostname=2026");
    text_check(&format_syslog, "<189>1969 Nov 12 08:00:01 sw01 " SAYS, "@timestamp=");
    text_check(&format_syslog, "<189>2200 Nov 12 08:00:01 sw01 " SAYS, "@timestamp=");
    text_check(&format_syslog, "<189>2025Nov 12 08:00:01 sw01 " SAYS, "@timestamp=");
}

int main(void)
{
    text_keys = keys_new();
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (text_keys == NULL || keys_intern(text_keys, slice_str(names[i])) == KEY_NONE)
            abort();
    }
    test_connector();
    test_once();
    test_leef();
    test_inside();
    test_left_out();
    test_row();
    test_cisco();
    test_nexus();
    (void)keys_free(text_keys);
    return tap_done();
}
