#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which event of which log a record is, where that is not said in so many words; what has names of
such events and is none; devices' pairs, requests and records of clouds in the forms in which they are
kept."""
import json

from layouts import SYSMON, matches
from support import done, equal, ok

# An event of a log that the record does not name, and what has the same names and is no event.
HEADLESS = [
    {"EventID": 4720, "Activity": "4720 - A user account was created."},
    {"EventID": 4720, "Type": "SecurityEvent"},
    {"EventID": "4720", "EventSourceName": "Microsoft-Windows-Security-Auditing"},
    {"Id": 4720, "ProviderName": "Microsoft-Windows-Security-Auditing"},
    {"EventId": 4720, "Provider": "Microsoft-Windows-Security-Auditing"},
    {"eventID": 4720, "channel": "Security"},
]
OTHERS = [
    {"Id": 4720, "Name": "x", "channel": "Security"},
    {"event": {"code": "4720"}, "channel": "Security"},
    {"Id": "3f2a-11", "Name": "x"},
    {"event_id": "3f2a-11", "user": "an", "channel": "Security"},
    {"EventID": "2026-11-30T07:00:00Z"},
    {"eventid": "cowrie.login.failed", "channel": "Security"},
    {"EventID": 99999999999999, "user": "an"},
    {"RuleTitle": "User created", "Channel": "Security", "EventID": 4720, "Provider": "x", "ecs": {"version": "8"}},
]


def test_heads():
    for record in HEADLESS:
        r, got = matches(json.dumps(record) + "\n")
        ok(r.status == 1 and "User created" in got, f"{record} is an event of Security", r.errors)
    for record in OTHERS:
        r, got = matches(json.dumps(record) + "\n")
        ok(r.status == 65 and not got and "first keys" in r.errors, f"{record} is none", r.errors)
    for record in ({"EventID": 1, "Activity": "1 - x"}, {"EventID": 20, "Activity": "4721 - x"},
                   {"EventID": 20, "Type": "SecurityEvent"}):
        r, got = matches(json.dumps(record) + "\n")
        equal((r.status, got), (0, set()), f"{record} tells no log")


def test_findings():
    """What another tool found is no log, also as a table."""
    table = 'Timestamp,Channel,EventID,Computer,{}\n2026-11-30,Security,4720,PC,x\n'
    for column, status in (("RuleTitle", 65), ("Title", 1)):
        r = matches(table.format(column))[0]
        equal(r.status, status, f"a table with {column}")


def test_devices():
    """Events of Windows in the pairs of devices, with their data where they have them."""
    said = ("A user account was created.  Subject:  Account Name:  admin  New Account:  Security ID:  S-1-5-21-1"
            "  Account Name:  new")
    started = (r"A new process has been created.  Process Information:  New Process Name: C:\a.exe"
               "  Process Command Line: a.exe say \"no\" &  Token Elevation Type indicates the type of token.")
    audit = "Microsoft-Windows-Security-Auditing"
    for name, record, want in (
            ("LEEF", f"LEEF:1.0|Microsoft|Windows|10|4720|resource=PC\tapplication={audit}\tmessage={said}",
             "User created"),
            ("LEEF 2.0", f"LEEF:2.0|Microsoft|Windows|10|4720|^|resource=PC^application={audit}", "User created"),
            ("LEEF, a process", f"LEEF:1.0|Microsoft|Windows|10|4688|application={audit}\tmessage={started}",
             "Program started"),
            ("WinCollect", f"AgentDevice=WindowsLog\tAgentLogFile=Security\tSource={audit}\tEventID=4720"
                           f"\tEventIDCode=4720\tMessage={said}", "User created"),
            ("WinCollect, a process", f"AgentDevice=WindowsLog\tAgentLogFile=Security\tSource={audit}"
                                      f"\tEventIDCode=4688\tMessage={started}", "Program started"),
            ("CEF", "CEF:0|Microsoft|Microsoft Windows||Security:4720|x|Low|cat=Security duser=new",
             "User created"),
            ("CEF, a process", f"CEF:0|Microsoft|Microsoft Windows||{audit}:4688|x|Low|cat=Security "
                               r'dproc=C:\\a.exe cs4=a.exe say "no" &', "Program started")):
        for head_of_it in ("", "<13>Nov 30 14:00:00 PC "):
            got = matches(head_of_it + record + "\n")[1]
            ok(want in got, f"{name}{', in syslog' if head_of_it else ''}", got)
    got = matches("LEEF:1.0|Microsoft|DHCP|10|4720|src=192.0.2.1\n")[1]
    equal(got, set(), "another product's number is no event id")


WEB = """\
title: Traversal
logsource: {category: webserver}
detection: {s: {cs-method: GET, cs-uri-query|contains: '/etc/passwd', sc-status: 200}, condition: s}
level: high
"""
LINE = '203.0.113.9 - - [30/Nov/2026:14:00:00 +0700] "GET /?f=/etc/passwd HTTP/1.1" 200 12 "-" "x"'
W3C = "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status\n"
ELASTIC = {"event": {"dataset": "nginx.access"}, "url": {"original": "/?f=/etc/passwd"},
           "http": {"request": {"method": "GET"}, "response": {"status_code": 200}}}


def test_web():
    for name, text in (
            ("combined", LINE),
            ("in a bucket of S3", '79a5 bucket [30/Nov/2026:07:00:00 +0000] 203.0.113.9 79a5 3E57 REST.GET.OBJECT k '
                                  '"GET /b/?f=/etc/passwd HTTP/1.1" 200 - 113 - 7 - "-" "x" -'),
            ("IIS", W3C + "2026-11-30 07:00:00 203.0.113.9 GET / f=/etc/passwd 200"),
            ("CloudFront", W3C + "2026-11-30\t07:00:00\t203.0.113.9\tGET\t/\tf=/etc/passwd\t200"),
            ("nginx as JSON", json.dumps({"remote_addr": "203.0.113.9", "request_method": "GET",
                                          "request_uri": "/?f=/etc/passwd", "status": "200"})),
            ("nginx as JSON, the request", json.dumps({
                "remote_addr": "203.0.113.9", "request": "GET /?f=/etc/passwd HTTP/1.1", "status": 200})),
            ("Elastic's data set", json.dumps(ELASTIC))):
        r, got = matches(text + "\n", WEB)
        equal(got, {"Traversal"}, name)
    for name, record in (
            ("another data set", {**ELASTIC, "event": {"dataset": "endpoint.events"}}),
            ("words", {"remote_addr": "203.0.113.9", "request": "GET it from /etc/passwd", "status": 200}),
            ("no method", {"remote_addr": "203.0.113.9", "request": "get /etc/passwd HTTP/1.1", "status": 200}),
            ("one word", {"remote_addr": "203.0.113.9", "request": "/etc/passwd", "status": 200})):
        equal(matches(json.dumps(record) + "\n", WEB)[1], set(), f"{name}: no request")


CLOUD = """\
title: aws
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: StopLogging}, condition: s}
---
title: activity
logsource: {product: azure, service: activitylogs}
detection: {s: {operationName: A/DELETE}, condition: s}
---
title: sign-in
logsource: {product: azure, service: signinlogs}
detection: {s: {ResultType: 50126}, condition: s}
---
title: audit
logsource: {product: azure, service: auditlogs}
detection: {s: {properties.message: Add user}, condition: s}
---
title: m365
logsource: {product: m365, service: audit}
detection: {s: {Operation: New-InboxRule}, condition: s}
---
title: gcp
logsource: {product: gcp, service: gcp.audit}
detection: {s: {gcp.audit.method_name: x.delete}, condition: s}
---
title: okta
logsource: {product: okta, service: okta}
detection: {s: {eventType: user.account.lock}, condition: s}
---
title: kubernetes
logsource: {product: kubernetes, service: audit}
detection: {s: {verb: delete}, condition: s}
"""
TRAIL = {"eventVersion": "1.08", "eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging",
         "awsRegion": "x", "eventID": "0f0f"}
AUDIT = {"Operation": "New-InboxRule", "Workload": "Exchange", "Id": "0f0f"}
POD = {"kind": "Event", "auditID": "x", "verb": "delete"}


def test_clouds():
    for want, name, record in (
            ("aws", "a file", {"Records": [TRAIL]}),
            ("aws", "lookup-events", {"Events": [{"EventId": "0f", "CloudTrailEvent": json.dumps(TRAIL)}]}),
            ("aws", "EventBridge", {"detail-type": "AWS API Call via CloudTrail", "detail": TRAIL}),
            ("activity", "an export", {"records": [{"operationName": "A/DELETE", "resourceId": "/x"}]}),
            ("activity", "a table", {"OperationNameValue": "A/DELETE", "CategoryValue": "Administrative"}),
            ("sign-in", "an export", {"records": [{
                "operationName": "Sign-in activity", "category": "SignInLogs", "resultType": "50126"}]}),
            ("sign-in", "a table", {"OperationName": "Sign-in activity", "Category": "SignInLogs",
                                    "ResultType": "50126"}),
            ("audit", "a table", {"OperationName": "Add user", "LoggedByService": "Core Directory"}),
            ("m365", "the activity API", AUDIT),
            ("m365", "a search", {"RecordType": 1, "AuditData": json.dumps(AUDIT)}),
            ("m365", "a table", {"Operation": "New-InboxRule", "OfficeWorkload": "Exchange"}),
            ("gcp", "an entry", {"protoPayload": {"methodName": "x.delete"}, "logName": "x"}),
            ("okta", "the system log", {"eventType": "user.account.lock", "outcome": {"result": "FAILURE"}}),
            ("kubernetes", "a line", POD),
            ("kubernetes", "a webhook", {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [POD]})):
        r, got = matches(json.dumps(record) + "\n", CLOUD)
        equal(got, {want}, f"{want}, {name}")


def main():
    test_heads()
    test_findings()
    test_devices()
    test_web()
    test_clouds()
    done()


main()
