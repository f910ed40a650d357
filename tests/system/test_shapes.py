#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same Windows events in every layout in which tools write them: the same rules must match."""
import collections
import json
import os
import re

from layouts import (LAYOUTS, RULES, SYSMON, columns, head, matches, row, snare, system, winlog, xml)
from support import ROOT, canh, done, equal, folder, ok, write


SYSTEM = system(104, "System")
# what the record says, what its data say, the rules that match
EVENTS = [
    (SYSTEM, {"SubjectUserName": "an", "Channel": "Application"}, {"Other log cleared"}),
    (SYSTEM, {"Channel": "System"}, {"Important log cleared"}),
    (SYSTEM, {"Channel": "Security", "BackupPath": ""}, {"Important log cleared"}),
    (system(1108, "Security"), {"EventID": "4720", "Computer": "DC-9"}, set()),
    (system(4720, "Security", computer="DC-1"), {"EventID": "1108", "Computer": "PC-2"},
     {"User created", "Host of the domain controllers"}),
    (system(1, "Application", "Program"), {"Channel": SYSMON, "Image": r"C:\a.exe",
                                           "CommandLine": 'say "no" &'}, set()),
    (system(1, SYSMON, "Microsoft-Windows-Sysmon"),
     {"Image": r"C:\a.exe", "CommandLine": 'a.exe say "no" & <go>'}, {"Program started"}),
]


def test_layouts():
    for name, layout in LAYOUTS.items():
        wrong = []
        for s, data, want in EVENTS:
            record = layout(s, data)
            text = record if isinstance(record, str) else json.dumps(record)
            r, got = matches(text + "\n")
            if got != want:
                wrong.append(f"{text}: {sorted(got)} instead of {sorted(want)}; {r.errors}")
        ok(not wrong, name, *wrong)


def names_of(record):
    return matches(json.dumps(record) + "\n")[1]


def test_messages():
    """What a program says is not what Windows says."""
    said = xml(system(4720, "Security"), {})
    record = winlog(system(1, "Application", "Program"), {"x": "y"})
    for name in "message", "Message", "log", "msg":
        ok(names_of({**record, name: said}) == set(), f"an event told of in {name}")
    ok(names_of({"message": f"seen: {said}"}) == set(), "a text that only has an event in it")
    ok(names_of({"message": said}) == {"User created"}, "a text that is an event")
    ok(names_of({"a": 1, "event_data": json.dumps({"message": said})}) == set(),
       "a text in a text")


SAID = ("Process Create:\r\nRuleName: -\r\nUtcTime: 2026-01-02 03:04:05.123\r\nImage: C:\\a.exe\r\n"
        "CommandLine: a.exe say \"no\" & <go>\r\nUser: PC-1\\an")
POWERSHELL = {"Id": 1, "ProviderName": "Microsoft-Windows-Sysmon", "LogName": SYSMON, "RecordId": 7,
              "MachineName": "PC-1", "UserId": {"BinaryLength": 12, "Value": "S-1-5-18"},
              "Properties": [{"Value": "-"}, {"Value": "C:\\a.exe"}], "Message": SAID}
SPLUNK = (f"01/02/2026 10:04:05 AM\nLogName={SYSMON}\nEventCode=1\nEventType=4\nComputerName=PC-1\n"
          f"User=NOT_TRANSLATED\nSourceName=Microsoft-Windows-Sysmon\nRecordNumber=7\n"
          f"Message={SAID}\n".replace("\r\n", "\n"))
NXLOG = {"EventID": 1, "SourceName": "Microsoft-Windows-Sysmon", "Channel": SYSMON,
         "EventTime": "2026-01-02 10:04:05", "Message": SAID}
# by what is written: the text, when it happened
ONLY_SAID = {
    "Get-WinEvent, PowerShell 5": (
        json.dumps([{**POWERSHELL, "TimeCreated": "DATE"}], indent=4).replace(
            "DATE", r"\/Date(1767323045123)\/"), "2026-01-02T03:04:05.123000000Z"),
    "Get-WinEvent, PowerShell 7": (
        json.dumps({**POWERSHELL, "TimeCreated": "2026-01-02T10:04:05.123+07:00"}),
        "2026-01-02T03:04:05.123000000Z"),
    "Splunk, text": (SPLUNK, "2026-01-02T03:04:05.123000000Z"),
    "Splunk, text in JSON": (json.dumps({"result": {"_time": "2026-01-02 03:04:05.000 UTC",
                                                    "_raw": SPLUNK}}),
                             "2026-01-02T03:04:05.000000000Z"),
    "NXLog": (json.dumps(NXLOG), None),
    "Get-WinEvent, CSV": (columns({**POWERSHELL, "TimeCreated": "2026-01-02T10:04:05.123+07:00"}),
                          "2026-01-02T03:04:05.123000000Z"),
    "Get-WinEvent, CSV of another culture": (
        "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n" + columns(
            {"Message": SAID, "Id": 1, "ProviderName": "Microsoft-Windows-Sysmon"}, ";"),
        "2026-01-02T03:04:05.123000000Z"),
    "EvtxECmd, CSV": (columns({
        "EventRecordId": 7, "TimeCreated": "2026-01-02 03:04:05.1234567", "EventId": 1,
        "Provider": "Microsoft-Windows-Sysmon", "Channel": SYSMON, "MapDescription": "x",
        "Payload": json.dumps({"EventData": {"Data": [
            {"@Name": "Image", "#text": "C:\\a.exe"},
            {"@Name": "CommandLine", "#text": 'say "no" &'}]}})}), "2026-01-02T03:04:05.123456700Z"),
    "Azure, CSV": (columns({"TimeGenerated [UTC]": "1/2/2026, 3:04:05.123 AM", "EventID": 1,
                            "Source": "Microsoft-Windows-Sysmon", "EventLog": SYSMON,
                            "EventData": json.dumps({"Image": "C:\\a.exe",
                                                     "CommandLine": 'say "no" &'})}),
                   "2026-01-02T03:04:05.000000000Z"),
    "Event Viewer, CSV": (
        "Level,Date and Time,Source,Event ID,Task Category\r\nInformation,1/2/2026 10:04:05 AM,"
        "Microsoft-Windows-Sysmon,1,(1)," + row([SAID], [])[:-2], None),
    "Get-EventLog": (json.dumps({"EventID": 1, "Source": "Microsoft-Windows-Sysmon",
                                 "Message": SAID}), None),
    "Fluent Bit": (json.dumps({"ProviderName": "Microsoft-Windows-Sysmon", "Channel": SYSMON,
                               "EventID": 1, "TimeCreated": "2026-01-02 10:04:05 +0700",
                               "StringInserts": ["-", "C:\\a.exe"], "Message": SAID}),
                   "2026-01-02T03:04:05.000000000Z"),
}


def test_rendered():
    """Where only the message came along, its labels are the names of the data."""
    for name, (text, time) in ONLY_SAID.items():
        r, got = matches(text + "\n")
        ok(got == {"Program started"}, name, r)
        if time is not None:
            ok(json.loads(r.out.splitlines()[0]).get("@timestamp") == time, f"{name}: the time", r)
    own = {**NXLOG, "UtcTime": "2026-01-02 03:04:05.123", "Image": "C:\\b.exe", "CommandLine": "b"}
    ok(names_of(own) == set(), "a message adds nothing to data that came along")
    ok(names_of({**NXLOG, "SourceName": "Program", "Channel": "Application"}) == set(),
       "nor does a program's say what Windows' would")


def test_snare():
    """The head of a message of Snare, whose data stand in a text without lines."""
    said = "<14>Nov 30 14:00:00 x " + snare(system(4720, "Security")) + "\n"
    ok(matches(said)[1] == {"User created"}, "Snare in syslog")
    whole = "<14>Nov 30 14:00:00 x nxlog[1]: " + json.dumps(winlog(system(4720, "Security"), {"a": "b"}))
    for text, found in ((whole, "User created"), (whole + " and more", "User created"),
                        (whole[:-1], "Not examined fully"), (whole[:90], "Not examined fully"),
                        (whole.replace('"b"', "b"), "Not examined fully")):
        ok(counted(text + "\n")[1] == {found: 1}, f"{found}: {text}")
    ok(counted(whole.split("{")[0] + "{not} so {\n")[1] == {}, "what is no document is none")
    said = said.replace("\t", "#011")
    ok(matches(said)[1] == {"User created"}, "with tabs as rsyslog writes them")


VIEWER = {"de": "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie",
          "ja": "\ufeffレベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ",
          "vi": "Mức,Ngày và Giờ,Nguồn,ID Sự kiện,Thể loại Tác vụ"}


def test_viewer():
    """Event Viewer's table in any language is known by its rows; what only looks like it is none."""
    line = row([SAID], [])[:-2]
    for name, names in VIEWER.items():
        r, found = matches(f"{names}\r\n"
                           f"x,28/09/2026 10:15:30 CH,Microsoft-Windows-Sysmon,1,(1),{line}\r\n")
        ok(found == {"Program started"} and r.status == 1, name, r)
    tabs = VIEWER["vi"].replace(",", "\t")
    r, found = matches(f"{tabs}\r\n"
                       f"x\t28/09/2026 10:15:30\tMicrosoft-Windows-Sysmon\t1\t(1)\t{line}\r\n")
    ok(found == {"Program started"}, "tabs", r)
    r, found = matches(VIEWER["de"] + "\n")
    ok(r.status == 65, "names alone", r)
    for what, text in (("five values", "x,1/2/2026 1:00:00,y,1,z"), ("no id", f"x,1/2/2026 1:00:00,y,a,z,{line}"),
                       ("no time", f"x,then,y,1,z,{line}")):
        r, found = matches(f"{VIEWER['de']}\n{text}\n")
        ok(not found and r.status == 65, what, r)


TIMES = [("2026-07-19 09:58:57", "2026-07-19T09:58:57"), ("19-07-2026 09:58:57", "2026-07-19T09:58:57"),
         ("19.7.2026 9:58", "2026-07-19T09:58:00"), ("7/19/2026 9:58:57 PM", "2026-07-19T21:58:57"),
         ("03/04/2026 12:00:00 AM", "2026-03-04T00:00:00"), ("03.04.2026 10:00:00", "2026-04-03T10:00:00"),
         ("19/13/2026 10:00:00", None), ("19/7-2026 10:00:00", None), ("7/19/26 10:00:00", None),
         ("19/07/2026 24:00:00", None), ("yesterday", None)]


def summary(text):
    """What a scan says below its alerts."""
    with folder() as tmp:
        write(os.path.join(tmp, "r.yml"), RULES)
        return canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                    write(os.path.join(tmp, "log"), text)).text


def test_dates():
    """A date is read where it can be only one; an alert without a time is counted."""
    for text, want in TIMES:
        log = f"Channel,EventID,Computer,TimeCreated\nSecurity,4720,PC-1,{text}\n"
        r, _ = matches(log)
        got = {json.loads(a)["canh"].get("time_local") for a in r.out.splitlines()}
        ok(got == {want and want + ".000000000"}, f"{text} is {want}", r)
        said = summary(log)
        ok(("alerts without a time that can be read: 1" in said) == (want is None), "and told", said)


PAIRS = f'LogName={SYSMON} EventCode=1 Computer=PC-1 Image=C:\\a.exe CommandLine=a.exe say "no" & <go>'
CARRIED = {
    "pairs": PAIRS, "pairs behind a head of syslog": f"Oct  9 13:45:00 PC-1 win: {PAIRS}",
    "JSON in a container's log": "2026-10-09T13:45:00.1Z stdout F " + json.dumps(
        {"Channel": SYSMON, "EventID": 1, "Image": r"C:\a.exe", "CommandLine": 'a.exe say "no" & <go>'}),
    "no log, by its names": json.dumps({"EventID": 1, "ParentImage": "x", "Image": r"C:\a.exe",
                                        "CommandLine": 'a.exe say "no" & <go>'}),
}


def test_carried():
    for name, text in CARRIED.items():
        r, found = matches(text + "\n")
        ok(found == {"Program started"}, name, r)
    said = summary(json.dumps({"EventID": 8999, "Hostname": "x"}) + "\n")
    ok("EventID 8999 × 1" in said, "an id that tells no log is told", said)


def test_rows():
    """A value in quotes goes over lines whatever they look like, and no row is lost."""
    names = ["Channel", "EventID", "Computer", "Provider_Name", "Message"]
    rows = [["Security", "4720", "PC-1", "Microsoft-Windows-Eventlog", text] for text in (
        "plain", 'Channel,EventID,Computer\n"4624"\n1,2,3', "", "\n\nx;\"y\"\n")]
    text = "\n".join(row(names, r) if i == 0 else row(r, [])[:-2] for i, r in enumerate(rows))
    text += "\nSecurity,4720,PC-1,Microsoft-Windows-Eventlog,last\n"
    events, found, r = counted(text)
    ok(events == 5 and found["User created"] == 5, "five rows", r)
    many = text + "Security,4720,PC-1,Microsoft-Windows-Eventlog,more\n" * 100000
    events, found, r = counted(many)
    ok(events == 100005 and found["User created"] == 100005, "many rows", r)
    broken = 'Channel,EventID,Computer\nSecurity,4720,"PC-1\n' + "Security,4720,PC-2\n" * 9000
    events, found, r = counted(broken)
    ok(found["User created"] == 9001, "a quote that nothing closes hides no rows", r)
    events, found, r = counted(broken[:2000])
    ok(events == 1 and found["Not examined fully"] == 1 and "not examined fully" in r.errors,
       "nor, where it takes rows along, that there were some", r)


def times_of(zone, days=("01-02 10:04", "07-02 10:04")):
    with folder() as tmp:
        write(os.path.join(tmp, "r.yml"), RULES)
        path = write(os.path.join(tmp, "log"), "".join(
            json.dumps({**NXLOG, "EventTime": f"2026-{day}:05"}) + "\n" for day in days))
        r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                 "--json", "-q", "--input-zone", zone, path)
    return [json.loads(line)["@timestamp"][11:16] for line in r.out.splitlines()], r


def test_zones():
    """A clock that changes in spring, and what is no zone."""
    if os.path.exists("/usr/share/zoneinfo/Europe/Berlin"):
        got, r = times_of("Europe/Berlin")
        ok(got == ["09:04", "08:04"], "winter and summer of Berlin", r)
        got, r = times_of("Europe/Berlin", ("03-29 01:59", "03-29 02:30", "03-29 03:00"))
        ok(got == ["00:59", "01:30", "01:00"], "in spring: before, an hour that is left out, behind", r)
        got, r = times_of("Europe/Berlin", ("10-25 01:59", "10-25 02:30", "10-25 02:30", "10-25 03:00"))
        ok(got == ["23:59", "00:30", "00:30", "02:00"], "in autumn: an hour that comes twice is the first", r)
    for zone in "Asia/Ho_Chi_Minh", "+07", "+07:00":
        got, r = times_of(zone)
        ok(got == ["03:04", "03:04"], f"{zone}: no summer time", r)
    for zone in "Asia/Nowhere", "../../../etc/passwd", "7", "+15:00":
        ok(times_of(zone)[1].status == 64, f"{zone} is none")


UNKNOWN = {"alpha": 1, "beta": {"winlog": {"channel": "Security"}}, "gamma": [{"x": 1}], "d": "e"}


def test_unknown():
    """A named file in which nothing can be found is no clean log."""
    said = "no record in a layout that canh knows; first keys: alpha, beta, gamma, d; see canh formats"
    known = {
        "journal.json": {"__CURSOR": "s=1", "MESSAGE": "m"},
        "eve.json": {"flow_id": 1, "event_type": "dns"},
        "conn.json": {"ts": 1, "id.orig_h": "192.0.2.1"},
        "osquery.json": {"hostIdentifier": "h"}, "wazuh.json": {"manager": {"name": "x"}, "full_log": "y"},
        "trail.json": {"eventVersion": "1.08", "eventName": "x"},
        "ecs.json": {"ecs": {"version": "8.0.0"}, "message": "m"},
        "unruled.json": {"Event": {"System": {"Channel": "Nobody/Operational"}}},
        "id.json": {"Event": {"System": {"EventID": 5}}},
    }
    with folder() as tmp:
        rules = ["-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r", "r.yml")]
        os.mkdir(os.path.join(tmp, "r"))
        write(os.path.join(tmp, "r", "r.yml"), RULES)
        path = os.path.join(tmp, "unknown.json")
        write(path, (json.dumps(UNKNOWN) + "\n") * 3)
        r = canh("scan", *rules, "-q", path)
        ok(r.status == 65 and r.errors == f"{path}: {said}\n", "one line and exit status 65", r)
        hit = os.path.join(tmp, "hit.json")
        write(hit, json.dumps(LAYOUTS["evtx_dump"](system(4720, "Security"), {})) + "\n")
        r = canh("scan", *rules, "-q", "--json", path, hit)
        ok(r.status == 1 and said in r.errors, "beside an alert: the line, and 1", r)
        r = canh("scan", *rules, tmp)
        ok(r.status == 1 and said not in r.errors and "in no layout that canh knows: 1" in r.text,
           "in a folder it is counted", r)
        xml_path = os.path.join(tmp, "e.xml")
        write(xml_path, "<Event><Foo>1</Foo></Event>\n")
        r = canh("scan", *rules, "-q", xml_path)
        ok(r.status == 65 and "first keys" in r.errors, "XML that is no event of Windows", r)
        for name, record in known.items():
            path = os.path.join(tmp, name)
            write(path, json.dumps(record) + "\n")
            r = canh("scan", *rules, "-q", path)
            ok(r.status == 0 and r.errors == "", f"{name} is known", r)
        write(path, json.dumps(UNKNOWN) + "\n" + json.dumps(known["id.json"]) + "\n")
        ok(canh("scan", *rules, "-q", path).status == 0, "one known record is enough")


def counted(text):
    """Alerts by rule and events read."""
    with folder() as tmp:
        write(os.path.join(tmp, "r.yml"), RULES)
        path = write(os.path.join(tmp, "log.json"), text)
        r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                 "--json", path)
    events = re.search(r"^Events +([\d,]+)", r.errors, re.M)
    return (int(events[1].replace(",", "")),
            collections.Counter(json.loads(a)["rule"]["name"] for a in r.out.splitlines()), r)


ANSWERS = {
    "Elasticsearch": lambda rs: {
        "took": 3, "_shards": {"total": 1, "failures": [{"x": "]}"}]},
        "hits": {"total": {"value": 2}, "max_score": None,
                 "hits": [{"_index": "i", "_source": r} for r in rs], "later": [1]},
        "aggregations": {"a": {"buckets": [{"key": "}]", "hits": [{"winlog": {}}]}]}}},
    "Splunk": lambda rs: {"preview": False, "init_offset": 0, "messages": [],
                          "fields": [{"name": "x"}], "results": rs, "highlighted": {}},
    "Graylog": lambda rs: {"query": "*", "built_query": "{\"a\":[{}]}",
                           "messages": [{"message": r, "index": "g"} for r in rs], "time": 1},
    "Azure": lambda rs: {"records": rs},
    "Graph": lambda rs: {"@odata.context": "x", "value": rs},
}


def test_answers():
    """A document with many records: each is one, and what stands in one is not in another."""
    records = [winlog(s, data) for s, data, _ in EVENTS]
    want = collections.Counter(name for _, _, names in EVENTS for name in names)
    for name, answer in ANSWERS.items():
        for indent in None, 2:
            page = json.dumps(answer(records), indent=indent) + "\n"
            events, found, r = counted(page)
            ok(events == len(records) and found == want, f"{name}'s answer, indent {indent}", r)
            events, found, r = counted(page * 3)
            ok(events == 3 * len(records) and found["User created"] == 3, "three pages", r)
    many = json.dumps(ANSWERS["Elasticsearch"](records * 500))
    padded = many.replace('"aggregations": {', '"aggregations": {"p": "' + "x" * 700000 + '", ')
    for text in many, padded + "\n" + padded:
        events, found, r = counted(text)
        n = text.count('"aggregations"')
        ok(events == n * 500 * len(records) and found["User created"] == n * 500,
           f"a large answer, {len(text)} bytes", r.errors)
    events, _, r = counted(json.dumps({"hits": {"hits": []}}) + "\n")
    ok(events == 0 and r.status == 0, "an answer without records is a log without records", r)
    line = json.dumps({"event": {"code": "1"}, "winlog": {"channel": "x"}, "results": [{"a": 1}]})
    ok(counted(f"{line}\n{line}\n")[0] == 2, "a list in an event is no answer")


THREE = RULES.split("---")[2].replace("User created", "User created\nname: user_created") + """---
title: Three users
correlation: {type: event_count, rules: [user_created], group-by: [Computer], timespan: 1m,
              condition: {gte: 3}}
level: high
"""


def test_copies():
    """The same record in two files alerts once."""
    made = [json.dumps({"Event": {"System": {**head(s), "EventRecordID": i}, "EventData": data}})
            for i, (s, data, _) in enumerate(EVENTS)]
    other = made[4].replace('"EventRecordID": 4', '"EventRecordID": 44')
    unnumbered = json.dumps({"Event": {"System": head(EVENTS[4][0])}})
    with folder() as tmp:
        write(os.path.join(tmp, "r.yml"), RULES)

        def scan(*texts, options=()):
            paths = [write(os.path.join(tmp, f"{i}.json"), t + "\n") for i, t in enumerate(texts)]
            r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                     "--json", *options, *paths)
            return len(r.out.splitlines()), r

        whole = "\n".join(made)
        once, r = scan(whole)
        ok(once == 6 and "copies" not in r.errors, "one file", r)
        for threads in "1", "2":
            n, r = scan(whole, whole, options=("-t", threads))
            ok(n == once and "copies in other files: 6" in r.errors and r.status == 1,
               "a copy of it", r)
        n, r = scan(whole, whole, whole, options=("--duplicates",))
        ok(n == 3 * once and "copies in other files: 12" in r.errors, "shown when asked for", r)
        ok(scan(made[4], other)[0] == 4, "another record number is another record")
        ok(scan(made[6], made[6].replace("<go>", "<gone>"))[0] == 2, "other data, too")
        ok(scan(unnumbered, unnumbered)[0] == 4, "a record without a number is nobody's copy")
        ok(scan(f"{made[4]}\n{made[4]}")[0] == 4, "nor is one that its own file has twice")
        r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                 os.path.join(tmp, "0.json"), os.path.join(tmp, "0.json"))
        ok("alerts: 4" in r.text, "the table counts the same", r)
        ok(re.search(r"^Events +2 · copies in other files, not counted: 2", r.text, re.M),
           "and each event once", r)
        write(os.path.join(tmp, "r.yml"), THREE)
        logs = [write(os.path.join(tmp, f"{i}.json"), "".join(
            json.dumps({"Event": {"System": {**head(system(4720, "Security")), "EventRecordID": n,
                "TimeCreated": {"#attributes": {"SystemTime": f"2026-01-01T00:00:0{n}Z"}}}}}) + "\n"
            for n in numbers)) for i, numbers in enumerate(((1, 2), (1, 2), (1, 2, 3)))]
        run = ["scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"), "-q",
               "--json"]
        ok(canh(*run, *logs[:2]).status == 0, "copies do not add up to a correlation")
        ok(canh(*run, *logs).status == 1, "three records do")
        ok(canh(*run, "--duplicates", *logs[:2]).status == 1, "nor when copies are asked for")


def test_formats():
    r = canh("formats", "--json")
    rows = [json.loads(line) for line in r.out.splitlines()]
    ok(len(rows) > 20 and all({"name", "recognised", "fields", "tested"} <= set(row)
                              for row in rows), "canh formats says what is read, how it is known", r)
    ok("Winlogbeat" in canh("formats").text, "and lists the layouts of JSON")
    with open(os.path.join(ROOT, "docs", "inputs.md"), encoding="utf-8") as f:
        table = re.search(r"^\| format \|.*?\n\n", f.read(), re.M | re.S).group()
    equal(sorted(re.findall(r"^\| `([\w-]+)` \|", table, re.M)), sorted({r["name"] for r in rows}),
          "docs/inputs.md has a row for each, and for nothing else")


def test_many_fields():
    """Whatever the number of fields, those that rules mention are seen; and it is told."""
    data = {**{f"F{i}": "x" for i in range(1100)}, **EVENTS[6][1]}
    s = EVENTS[6][0]
    for name, text in (("JSON", json.dumps(LAYOUTS["evtx_dump"](s, data))), ("XML", xml(s, data)),
                       ("XML in a text", json.dumps({"_raw": xml(s, data)}))):
        r, found = matches(text + "\n")
        ok(r.status == 1 and "Program started" in found and len(found) == 2,
           f"1,100 fields of {name}", r)
        ok("not examined fully: fields" in r.errors, "are told of", r)


def test_many_events():
    """However events of XML are strung together, each is one."""
    one = [xml(s, data) for s, data, _ in EVENTS]
    want = collections.Counter(name for _, _, names in EVENTS for name in names)
    head_line = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    for name, text in (("in one line", head_line + "<Events>" + "".join(one) + "</Events>"),
                       ("in lines", "\n".join(one) + "\n"),
                       ("in lines of a document", head_line + "<Events>\r\n" + "\r\n".join(one) +
                        "\r\n</Events>\r\n"),
                       ("over lines", head_line + "<Events>" + "".join(
                           e.replace("><", ">\n  <") for e in one) + "</Events>\n")):
        events, found, r = counted(text)
        ok(events == len(one) and found == want, f"events {name}", r)
    events, found, r = counted(head_line + "<Events>" + "".join(one * 600) + "</Events>")
    ok(events == 600 * len(one) and found["User created"] == 600, "megabytes in one line", r.errors)


def main():
    test_many_events()
    test_many_fields()
    test_layouts()
    test_messages()
    test_rendered()
    test_snare()
    test_viewer()
    test_dates()
    test_carried()
    test_rows()
    test_zones()
    test_unknown()
    test_answers()
    test_copies()
    test_formats()
    done()


main()
