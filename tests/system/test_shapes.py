#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same Windows events in every layout in which tools write them: the same rules must match.

A layout is a function from System's values and the data to the text of a file. What only some
layouts can say (two values of one name in a flat record) is left out there."""
import json
import os
from xml.sax.saxutils import escape, quoteattr

from support import ROOT, canh, done, folder, ok, write

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
    values = "".join(f"<Data Name={quoteattr(k)}>{escape(v)}</Data>" for k, v in data.items())
    if part == "UserData":
        values = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in data.items())
        values = f"<LogFileCleared xmlns='x'>{values}</LogFileCleared>"
    return (f"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
            f"<Provider Name={quoteattr(s['Provider'])}/><EventID>{s['EventID']}</EventID>"
            f"<Channel>{s['Channel']}</Channel><Computer>{s['Computer']}</Computer></System>"
            f"<{part}>{values}</{part}></Event>")


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


def main():
    test_layouts()
    done()


main()
