# SPDX-License-Identifier: Apache-2.0
"""Layouts in which tools write events of Windows, and rules to try them with.

A layout is a function from System's values and the data to the text of a file. What only some
layouts can say (two values of one name in a flat record) is left out there."""
import json
import os
import re
from xml.sax.saxutils import escape, quoteattr

from support import ROOT, canh, folder, write

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


def matches(text, rules=RULES):
    """The result of a scan and the titles of the rules that matched."""
    with folder() as tmp:
        path = os.path.join(tmp, "log")
        write(os.path.join(tmp, "r.yml"), rules)
        write(path, text)
        r = canh("scan", "-m", os.path.join(ROOT, "mappings"), "-r", os.path.join(tmp, "r.yml"),
                 "--json", "-q", path)
    found = [json.loads(line) for line in r.out.splitlines()]
    return r, {a["rule"]["name"] for a in found}
