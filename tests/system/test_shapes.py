#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same Windows events in every layout in which tools write them: the same rules must match.

A layout is a function from System's values and the data to the text of a file. What only some
layouts can say (two values of one name in a flat record) is left out there."""
import collections
import json
import os
import re
from xml.sax.saxutils import escape, quoteattr

from support import ROOT, canh, done, equal, folder, ok, write

SYSMON = "Microsoft-Windows-Sysmon/Operational"

RULES = """\
title: Important log cleared
logsource: {product: windows, service: system}
detection:
  s: {EventID: 104, Provider_Name: Microsoft-Windows-Eventlog, Channel: [Security, System]}
  condition: s
level: high
---
title: Other log cleared
logsource: {product: windows, service: system}
detection:
  s: {EventID: 104}
  f: {Channel: [Security, System]}
  condition: s and not f
level: high
---
title: User created
logsource: {product: windows, service: security}
detection: {s: {EventID: 4720}, condition: s}
level: high
---
title: Host of the domain controllers
logsource: {product: windows, service: security}
detection: {s: {Computer|startswith: DC}, condition: s}
level: high
---
title: Program started
logsource: {product: windows, category: process_creation}
detection:
  s: {Image|endswith: '\\a.exe', CommandLine|contains: 'say "no" &'}
  condition: s
level: high
"""


def system(event_id, channel, provider="Microsoft-Windows-Eventlog", computer="PC-1"):
    return {"EventID": event_id, "Channel": channel, "Provider": provider, "Computer": computer}


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


def head(s, attributes="#attributes"):
    return {"Provider": {attributes: {"Name": s["Provider"]}}, "EventID": s["EventID"],
            "Channel": s["Channel"], "Computer": s["Computer"]}


def xml(s, data, part="EventData"):
    values = pairs(data)
    if part == "UserData":
        values = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in data.items())
        values = f"<LogFileCleared xmlns='x'>{values}</LogFileCleared>"
    return (f"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
            f"<Provider Name={quoteattr(s['Provider'])}/><EventID>{s['EventID']}</EventID>"
            f"<Channel>{s['Channel']}</Channel><Computer>{s['Computer']}</Computer></System>"
            f"<{part}>{values}</{part}></Event>")


def pairs(data):
    return "".join(f"<Data Name={quoteattr(k)}>{escape(v)}</Data>" for k, v in data.items())


def azure(s, data):
    return {"TimeGenerated": "2026-01-01T00:00:00Z", "EventLog": s["Channel"],
            "EventID": s["EventID"], "Source": s["Provider"], "Computer": s["Computer"],
            "EventData": data}


def rendered(s, data):
    """As wevtutil /f:RenderedXml: what is said again in words is no second value."""
    words = ("<RenderingInfo Culture='en-US'><Message>m</Message><Channel>Security</Channel>"
             "<Provider>Other</Provider></RenderingInfo></Event>")
    return xml(s, data).replace("</Event>", words)


def winlog(s, data, part="event_data"):
    return {"event": {"code": str(s["EventID"]), "provider": s["Provider"]},
            "winlog": {"channel": s["Channel"], "event_id": str(s["EventID"]),
                       "provider_name": s["Provider"], "computer_name": s["Computer"],
                       part: data}}


def dotted(value, at=""):
    if not isinstance(value, dict):
        return {at: value}
    flat = {}
    for name, inner in value.items():
        flat.update(dotted(inner, f"{at}.{name}" if at else name))
    return flat


def small(name):
    return name[0].lower() + name[1:]


def wazuh(s, data):
    return {"win": {"system": {"providerName": s["Provider"], "eventID": str(s["EventID"]),
                               "channel": s["Channel"], "computer": s["Computer"]},
                    "eventdata": {small(k): v for k, v in data.items()}}}


def listed(data, name, value):
    return [{name: k, value: v} for k, v in data.items()]


def small_names(s, data):
    return {"channel": s["Channel"], "event_id": s["EventID"], "provider_name": s["Provider"],
            "computer": s["Computer"], "event_data": data}


def collector(s, data):
    return {"channel": s["Channel"], "event_id": {"id": s["EventID"], "qualifiers": 0},
            "provider": {"name": s["Provider"], "guid": "{1}"}, "computer": s["Computer"],
            "event_data": data}


def osquery(s, data):
    return {"channel": s["Channel"], "eventid": str(s["EventID"]), "provider_name": s["Provider"],
            "computer_name": s["Computer"], "data": json.dumps({"EventData": data})}


def evtxecmd(s, data):
    payload = {"EventData": {"Data": [{"@Name": k, "#text": v} for k, v in data.items()]}}
    return {"EventId": s["EventID"], "Provider": s["Provider"], "Channel": s["Channel"],
            "Computer": s["Computer"], "Payload": json.dumps(payload)}


def xmltodict(s, data):
    return {"Event": {"System": {"Provider": {"@Name": s["Provider"]},
                                 "EventID": {"@Qualifiers": "0", "#text": str(s["EventID"])},
                                 "Channel": s["Channel"], "Computer": s["Computer"]},
                      "EventData": {"Data": [{"@Name": k, "#text": v} for k, v in data.items()]}}}


def separate(s, data):
    return {"Event": {"System": {"Provider_attributes": {"Name": s["Provider"]},
                                 "EventID": s["EventID"], "Channel": s["Channel"],
                                 "Computer": s["Computer"]}, "EventData": data}}


def velociraptor(s, data):
    return {"System": {"Provider": {"Name": s["Provider"]}, "EventID": {"Value": s["EventID"]},
                       "Channel": s["Channel"], "Computer": s["Computer"]}, "EventData": data}


def winlogbeat6(s, data):
    return {"log_name": s["Channel"], "event_id": s["EventID"], "source_name": s["Provider"],
            "computer_name": s["Computer"], "event_data": data}


def flat(s, data):
    return {"Channel": s["Channel"], "EventID": s["EventID"], "Provider_Name": s["Provider"],
            "Computer": s["Computer"], "EventData": data}


def row(names, values, separator=","):
    """A table of one row as CSV, all in quotes."""
    return "\r\n".join(separator.join(f'"{v}"' for v in (str(x).replace('"', '""') for x in line))
                       for line in (names, values))


def columns(record, separator=","):
    return row(list(record), list(record.values()), separator)


def attributes(name_in, text):
    """XML turned into JSON: where the name of a Data stands, and its text."""
    def layout(s, data):
        top = head(s)
        top["Provider"] = name_in(s["Provider"])
        top["EventID"] = {text: str(s["EventID"]), **{k: "" for k in name_in("") if k != "$"}}
        return {"Event": {"System": top, "EventData": {"Data": [
            {**name_in(k), text: v} for k, v in data.items()]}}}
    return layout


def badgerfish(s, data):
    return {"Event": {"System": {"Provider": {"@Name": s["Provider"]},
                                 **{k: {"$": v} for k, v in head(s).items() if k != "Provider"}},
                      "EventData": {"Data": [{"@Name": k, "$": v} for k, v in data.items()]}}}


def snare(s):
    return "\t".join(["MSWinEventLog", "1", s["Channel"], "12", "Mon Nov 30 14:00:00 2026",
                      str(s["EventID"]), s["Provider"], "N/A", "N/A", "Success Audit",
                      s["Computer"], "Log clear", "", "text", "99"])


LAYOUTS = {
    "evtx_dump": lambda s, d: {"Event": {"System": head(s), "EventData": d}},
    "evtx_dump, user data": lambda s, d: {"Event": {"System": head(s), "UserData": {"X": d}}},
    "evtx_dump, the data first": lambda s, d: {"Event": {"EventData": d, "System": head(s)}},
    "evtx_dump, attributes apart": separate,
    "xmltodict": xmltodict,
    "EvtxECmd": evtxecmd,
    "Winlogbeat": winlog,
    "Winlogbeat, user data": lambda s, d: winlog(s, d, "user_data"),
    "Winlogbeat, dotted": lambda s, d: dotted(winlog(s, d)),
    "Winlogbeat 6": winlogbeat6,
    "Velociraptor": velociraptor,
    "data at the top": flat,
    "Wazuh": wazuh,
    "Wazuh's alerts": lambda s, d: {"data": wazuh(s, d)},
    "a search hit": lambda s, d: {"_index": "i", "_source": winlog(s, d)},
    "a search's answer": lambda s, d: {"took": 1, "hits": {"hits": [{"_source": winlog(s, d)}]}},
    "fields of a search hit": lambda s, d: {
        "_id": "i", "fields": {k: [v] for k, v in dotted(winlog(s, d)).items()}},
    "fields of a hit, as one list": lambda s, d: {"hits": {"hits": [
        {"fields": {k: [v] for k, v in dotted(winlog(s, d)).items()}}]}},
    "Splunk": lambda s, d: {"preview": False, "result": {"host": "x", "_raw": xml(s, d)}},
    "Splunk, fields extracted": lambda s, d: {"result": {
        "EventCode": str(s["EventID"]), "Channel": s["Channel"], "_raw": xml(s, d)}},
    "plaso": lambda s, d: {"data_type": "windows:evtx:record", "source_name": s["Provider"],
                           "computer_name": s["Computer"], "event_identifier": s["EventID"],
                           "message": "[1] {'x'}", "xml_string": xml(s, d)},
    "JSON in a message": lambda s, d: {"host": "x", "message": json.dumps(winlog(s, d))},
    "XML in a message": lambda s, d: {"host": {"name": "x"}, "message": xml(s, d)},
    "XML in a message, escaped": lambda s, d: json.dumps({"message": xml(s, d)}).replace(
        "<", "\\u003c").replace(">", "\\u003e"),
    "XML in a line of Docker": lambda s, d: {"log": xml(s, d) + "\n", "stream": "stdout"},
    "Fluent Bit, rendered": lambda s, d: {"Message": "m", "System": xml(s, d)},
    "golang-evtx": lambda s, d: {"Event": {"System": {
        "Provider": {"Name": s["Provider"]}, "Channel": s["Channel"], "Computer": s["Computer"],
        "EventID": {"Qualifiers": "0", "Value": str(s["EventID"])}}, "EventData": d}},
    "Splunk, as rows": lambda s, d: {"preview": False, "init_offset": 0, "messages": [],
                                     "fields": ["_time", "_raw"], "rows": [["1", xml(s, d)]]},
    "Azure's answer": lambda s, d: {"tables": [{"name": "PrimaryResult", "columns": [
        {"name": n, "type": "string"} for n in azure(s, d)], "rows": [
            [json.dumps(v) if isinstance(v, dict) else v for v in azure(s, d).values()]]}]},
    "Azure's Event": lambda s, d: azure(s, f"<DataItem type='System.XmlData'><EventData>"
                                           f"{pairs(d)}</EventData></DataItem>"),
    "Azure's WindowsEvent": lambda s, d: azure(s, d),
    "Azure's WindowsEvent, as text": lambda s, d: azure(s, json.dumps(d)),
    "Graylog": lambda s, d: {f"winlogbeat_{k.replace('.', '_')}": v
                             for k, v in dotted(winlog(s, d)).items()},
    "Graylog's answer": lambda s, d: {"messages": [{"message": {
        f"winlogbeat_{k.replace('.', '_')}": v for k, v in dotted(winlog(s, d)).items()}}]},
    "GELF": lambda s, d: {"version": "1.1", "host": "x", "short_message": xml(s, d)},
    "GELF, full": lambda s, d: {"version": "1.1", "short_message": "x", "full_message": xml(s, d)},
    "an original beside the head": lambda s, d: {
        **{k: v for k, v in winlog(s, d).items() if k != "event"},
        "winlog": {k: v for k, v in winlog(s, d)["winlog"].items() if k != "event_data"},
        "event": {"original": xml(s, d)}},
    "Chainsaw": lambda s, d: [{"name": "x", "document": {
        "kind": "evtx", "data": {"Event": {"System": head(s), "EventData": d}}}}],
    "Splunk's collector": lambda s, d: {"time": 1, "event": {
        "Event": {"System": head(s), "EventData": d}}},
    "a queue": lambda s, d: {"topic": "x", "value": {
        "Event": {"System": head(s), "EventData": d}}},
    "fast-xml-parser": attributes(lambda v: {"@_Name": v}, "#text"),
    "xml2js": attributes(lambda v: {"$": {"Name": v}}, "_"),
    "BadgerFish": badgerfish,
    "JSON in syslog": lambda s, d: "<14>Nov 30 14:00:00 x nxlog[1]: " + json.dumps(winlog(s, d)),
    "JSON in syslog, RFC 5424": lambda s, d: "<14>1 2026-11-30T14:00:00Z x nxlog - - - \ufeff"
                                             + json.dumps({"Event": {"System": head(s), "EventData": d}}),
    "a cookie in syslog": lambda s, d: "<14>Nov 30 14:00:00 x a: @cee: " + json.dumps(flat(s, d)),
    "EvtxECmd's CSV": lambda s, d: columns(evtxecmd(s, d)),
    "Kibana's CSV": lambda s, d: columns(dotted(winlog(s, d))),
    "Kibana's CSV, tabs": lambda s, d: columns(dotted(winlog(s, d)), "\t"),
    "Azure's CSV": lambda s, d: columns(azure(s, json.dumps(d)), ";"),
    "Splunk's CSV": lambda s, d: columns({"_time": "x", "_raw": xml(s, d), "host": "h"}),
    "a list of names and values": lambda s, d: flat(s, listed(d, "Name", "Value")),
    "a list of names and values, in Event": lambda s, d: {"Event": {
        "System": head(s), "EventData": listed(d, "@Name", "#text")}},
    "a list of keys and values": lambda s, d: flat(s, listed(d, "key", "value")),
    "a list of single names": lambda s, d: flat(s, [{k: v} for k, v in d.items()]),
    "Data, small": lambda s, d: flat(s, {"Data": listed(d, "name", "value")}),
    "small names": small_names,
    "small names, a list": lambda s, d: small_names(s, listed(d, "name", "value")),
    "Grafana's agents": lambda s, d: small_names(s, pairs(d)),
    "logcli of Loki": lambda s, d: {"labels": {"job": "x"}, "line": json.dumps(small_names(s, pairs(d)))},
    "a Collector's receiver": lambda s, d: collector(s, d),
    "a Collector's receiver, a list": lambda s, d: collector(s, {"data": [{k: v} for k, v in d.items()]}),
    "osquery": lambda s, d: {"name": "pack", "hostIdentifier": "x", "columns": osquery(s, d)},
    "osqueryi": osquery,
    "Telegraf": lambda s, d: {
        "name": "win_eventlog", "fields": {f"Data_{k}": v for k, v in d.items()},
        "tags": {"Channel": s["Channel"], "EventID": str(s["EventID"]), "Computer": s["Computer"],
                 "Source": s["Provider"], "host": "x"}},
    "LimaCharlie": lambda s, d: {"routing": {"event_type": "WEL"}, "event": {"EVENT": {
        "System": {**head(s, "x"), "Provider": {"Name": s["Provider"]}}, "EventData": d}}},
    "CloudWatch, a subscription": lambda s, d: {
        "messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "timestamp": 1, "message": xml(s, d)}]},
    "Splunk, the log in its source": lambda s, d: {
        "source": f"XmlWinEventLog:{s['Channel']}", "EventCode": str(s["EventID"]),
        "Computer": s["Computer"], "Provider_Name": s["Provider"], "EventData": d},
    "XML, laid out": lambda s, d: re.sub(r"(<(?:EventID|Channel|Computer)>)([^<]*)", r"\1\n  \2\n",
                                         xml(s, d)),
    "an original": lambda s, d: {"event": {"original": xml(s, d)}, "agent": {"name": "x"}},
    "XML": xml,
    "XML, user data": lambda s, d: xml(s, d, "UserData"),
    "XML, rendered": rendered,
}


def matches(text, name):
    with folder() as tmp:
        path = os.path.join(tmp, "log")
        write(os.path.join(tmp, "r.yml"), RULES)
        write(path, text)
        r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                 "--json", "-q", path)
    found = [json.loads(line) for line in r.out.splitlines()]
    return r, {a["rule"]["name"] for a in found}


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
]


def test_heads():
    for record in HEADLESS:
        r, got = matches(json.dumps(record) + "\n", "head")
        ok(r.status == 1 and "User created" in got, f"{record} is an event of Security", r.errors)
    for record in OTHERS:
        r, got = matches(json.dumps(record) + "\n", "other")
        ok(r.status == 65 and not got and "first keys" in r.errors, f"{record} is none", r.errors)
    for record in ({"EventID": 1, "Activity": "1 - x"}, {"EventID": 4720, "Activity": "4721 - x"},
                   {"EventID": 20, "Type": "SecurityEvent"}):
        r, got = matches(json.dumps(record) + "\n", "no log")
        equal((r.status, got), (0, set()), f"{record} tells no log")


def test_layouts():
    for name, layout in LAYOUTS.items():
        wrong = []
        for s, data, want in EVENTS:
            record = layout(s, data)
            text = record if isinstance(record, str) else json.dumps(record)
            r, got = matches(text + "\n", name)
            if got != want:
                wrong.append(f"{text}: {sorted(got)} instead of {sorted(want)}; {r.errors}")
        ok(not wrong, name, *wrong)


def names_of(record):
    return matches(json.dumps(record) + "\n", "")[1]


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
        r, got = matches(text + "\n", name)
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
    ok(matches(said, "")[1] == {"User created"}, "Snare in syslog")
    whole = "<14>Nov 30 14:00:00 x nxlog[1]: " + json.dumps(winlog(system(4720, "Security"), {"a": "b"}))
    for text, found in ((whole, "User created"), (whole + " and more", "User created"),
                        (whole[:-1], "Not examined fully"), (whole[:90], "Not examined fully"),
                        (whole.replace('"b"', "b"), "Not examined fully")):
        ok(counted(text + "\n")[1] == {found: 1}, f"{found}: {text}")
    ok(counted(whole.split("{")[0] + "{not} so {\n")[1] == {}, "what is no document is none")
    said = said.replace("\t", "#011")
    ok(matches(said, "")[1] == {"User created"}, "with tabs as rsyslog writes them")


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
            got = matches(head_of_it + record + "\n", "")[1]
            ok(want in got, f"{name}{', in syslog' if head_of_it else ''}", got)
    got = matches("LEEF:1.0|Microsoft|DHCP|10|4720|src=192.0.2.1\n", "")[1]
    equal(got, set(), "another product's number is no event id")


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


def times_of(zone):
    with folder() as tmp:
        write(os.path.join(tmp, "r.yml"), RULES)
        path = write(os.path.join(tmp, "log"), "".join(
            json.dumps({**NXLOG, "EventTime": f"2026-{month}-02 10:04:05"}) + "\n"
            for month in ("01", "07")))
        r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                 "--json", "-q", "--input-zone", zone, path)
    return [json.loads(line)["@timestamp"][11:16] for line in r.out.splitlines()], r


def test_zones():
    """A clock that changes in spring, and what is no zone."""
    if os.path.exists("/usr/share/zoneinfo/Europe/Berlin"):
        got, r = times_of("Europe/Berlin")
        ok(got == ["09:04", "08:04"], "winter and summer of Berlin", r)
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
        r, found = matches(text + "\n", name)
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
    test_heads()
    test_messages()
    test_rendered()
    test_snare()
    test_devices()
    test_rows()
    test_zones()
    test_unknown()
    test_answers()
    test_copies()
    test_formats()
    done()


main()
