#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Correlations over several files: what canh scan says is what a naive reading of all events says,
byte for byte the same with one thread and two, in any order of the files."""
import json
import os
import random
import select
import subprocess

import schema
from support import CANH, ROOT, canh, done, environment, equal, folder, ok, write

BASE = """title: {0}
name: {0}
level: informational
logsource: {{product: windows, service: security}}
detection: {{s: {{EventID: {1}}}, condition: s}}
---
"""
RULE = """title: {title}
name: {title}
level: {level}
correlation: {{type: {type}, rules: [{rules}], timespan: {span}s, {more}}}
---
"""
KINDS = {"one": 1, "two": 2}
BY_USER = ["TargetUserName"]
# title, type, rules, group-by, seconds, condition (None: none), field
CORRELATIONS = [
    ("count", "event_count", ["one"], BY_USER, 20, ("gte", 4), None),
    ("count-all", "event_count", ["one", "two"], [], 2, ("gte", 6), None),
    ("few", "event_count", ["two"], BY_USER, 30, ("lt", 2), None),
    ("values", "value_count", ["one"], BY_USER, 30, ("gte", 3), "IpAddress"),
    ("sum", "value_sum", ["one", "two"], BY_USER, 20, ("gt", 20), "Size"),
    ("mean", "value_avg", ["two"], BY_USER, 20, ("lte", 2), "Size"),
    ("both", "temporal", ["one", "two"], BY_USER, 5, None, None),
    ("first-one", "temporal_ordered", ["one", "two"], ["TargetUserName", "IpAddress"], 9, None,
     None),
    ("again", "event_count", ["count"], BY_USER, 200, ("gte", 2), None),
]


def rule_text():
    text = "".join(BASE.format(name, number) for name, number in KINDS.items())
    for title, kind, rules, group, span, condition, field in CORRELATIONS:
        more = "group-by: [" + ", ".join(group) + "], " if group else ""
        if condition:
            more += "condition: {%s: %d%s}, " % (*condition, f", field: {field}" if field else "")
        more += "generate: true" if title == "again" else "generate: false"
        text += RULE.format(title=title, type=kind, rules=", ".join(rules), span=span, more=more,
                            level="high")
    return text


def make_event(rng, second):
    event = {"Channel": "Security", "EventID": rng.randint(1, 3),
             "TargetUserName": rng.choice(["an", "An", "binh", "chi", ""]),
             "IpAddress": f"192.0.2.{rng.randint(1, 4)}", "Size": rng.randint(0, 9)}
    if rng.random() < 0.05:
        del event[rng.choice(["TargetUserName", "IpAddress", "Size"])]
    if rng.random() < 0.97:
        event["@timestamp"] = f"2026-03-01T{second // 3600:02}:{second // 60 % 60:02}:" \
                              f"{second % 60:02}Z"
    return event


def make_logs(top, rng):
    """Events of each log out of order, times that many share."""
    events = []
    for name in ("b.json", "a.json", "sub/c.json"):
        at, lines = 0, []
        for _ in range(rng.randint(50, 400)):
            event = make_event(rng, rng.randint(0, 900))
            line = json.dumps(event) + "\n"
            lines.append(line)
            if "@timestamp" in event:
                events.append((event["@timestamp"], os.path.join(top, name), at, event))
            at += len(line)
        write(os.path.join(top, name), "".join(lines))
    return sorted(events, key=lambda e: (e[0], e[1].encode(), e[2]))


def seconds(stamp):
    h, m, s = stamp[11:19].split(":")
    return int(h) * 3600 + int(m) * 60 + int(s)


def number_of(kind, window, rules):
    if kind == "event_count":
        return len(window)
    if kind == "value_count":
        return len({str(e["value"]).lower() for e in window})
    if kind == "value_sum":
        return sum(e["value"] for e in window)
    if kind == "value_avg":
        return sum(e["value"] for e in window) / len(window)
    if kind == "temporal":
        return len({e["rule"] for e in window})
    at = 0
    for e in window:
        at += at < len(rules) and e["rule"] == rules[at]
    return at


def holds(number, condition, rules):
    op, limit = condition or ("gte", len(rules))
    return {"gte": number >= limit, "gt": number > limit, "lt": number < limit,
            "lte": number <= limit}[op]


def alerts_of(entries, correlation):
    """Of one group's entries: (began, from, to, count)."""
    _, kind, rules, _, span, condition, _ = correlation
    found, on = [], None
    for i, e in enumerate(entries):
        window = [x for x in entries[:i + 1] if e["time"] - x["time"] <= span]
        if not holds(number_of(kind, window, rules), condition, rules):
            on = None
        elif on is None:
            on = {"began": e, "from": window[0]["time"], "to": e["time"], "count": len(window)}
            found.append(on)
        else:
            on["to"] = e["time"]
            on["count"] += 1
    return found


def naive(events):
    streams = {name: [{"time": seconds(t), "path": p, "at": at, "event": e, "rule": name}
                      for t, p, at, e in events if e["EventID"] == number]
               for name, number in KINDS.items()}
    found = []
    for correlation in CORRELATIONS:
        title, _, rules, group, _, _, field = correlation
        taken = sorted((e for rule in rules for e in streams[rule]),
                       key=lambda e: (e["time"], e["path"].encode(), e["at"]))
        groups = {}
        for e in taken:
            if all(g in e["event"] for g in group) and (not field or field in e["event"]):
                key = tuple(e["event"][g].lower() for g in group)
                value = e["event"][field] if field else None
                groups.setdefault(key, []).append({**e, "value": value})
        streams[title] = []
        for entries in groups.values():
            shown = [entries[0]["event"][g] for g in group]
            for a in alerts_of(entries, correlation):
                began = a["began"]
                found.append((title, shown, began["time"], began["path"], began["at"], a["from"],
                              a["to"], a["count"]))
                streams[title].append({**began, "rule": title,
                                       "event": dict(zip(group, shown))})
    # count does not alert alone below again, but again generates
    return sorted(found, key=lambda f: (f[2], f[3].encode(), f[4],
                                        [c[0] for c in CORRELATIONS].index(f[0]), f[1]))


def told(text):
    alerts = [json.loads(line) for line in text.splitlines()]
    return [(a["rule"]["name"], a["canh"]["entity"], seconds(a["@timestamp"]),
             a["log"]["file"]["path"], a["log"]["offset"],
             seconds(a["canh"]["correlation"]["from"]), seconds(a["canh"]["correlation"]["to"]),
             a["canh"]["correlation"]["count"]) for a in alerts]


def check_schema(text, name):
    with open(os.path.join(ROOT, "docs", "alert.schema.json"), encoding="utf-8") as f:
        want = json.load(f)
    wrong = [e for line in text.splitlines() for e in schema.errors(json.loads(line), want)]
    equal(wrong, [], name)


def test_random():
    rng = random.Random(7)
    seen = set()
    for round_number in range(12):
        with folder() as top:
            write(os.path.join(top, "rules.yml"), rule_text())
            want = naive(make_logs(top, rng))
            logs = [os.path.join(top, n) for n in ("a.json", "b.json", "sub/c.json")]
            texts = set()
            for threads, order in ((1, logs), (2, logs), (2, logs[::-1]), (1, logs[1:] + logs[:1])):
                r = canh("scan", "--rules", os.path.join(top, "rules.yml"), "--json", "-q",
                         "-t", str(threads), *order)
                texts.add(r.text)
            equal(len(texts), 1, f"round {round_number}: one output, whatever threads and order")
            equal(told(texts.pop()), want, f"round {round_number}: {len(want)} alerts as naively")
            check_schema(r.text, "they are as docs/alert.schema.json says")
            seen |= {w[0] for w in want}
    equal(seen, {c[0] for c in CORRELATIONS}, "every correlation alerted")


def test_summary():
    with folder() as top:
        rules = os.path.join(top, "rules.yml")
        write(rules, rule_text())
        event = {"Channel": "Security", "EventID": 1, "TargetUserName": "an"}
        write(os.path.join(top, "a.json"), json.dumps(event) + "\n" + json.dumps(
            {"Channel": "Security", "EventID": 1, "@timestamp": "2026-03-01T00:00:00Z"}) + "\n")
        r = canh("scan", "--rules", rules, os.path.join(top, "a.json"))
        ok("left out, without a time: 1" in r.text, "events without a time are counted", r.text)
        ok("left out, without a field that is asked for:" in r.text,
           "and matches without a field", r.text)
        equal(r.status, 0, "nothing found")


def test_alone():
    """Which rules alert by themselves."""
    base = BASE.format("one", 1).replace("informational", "high")
    line = json.dumps({"Channel": "Security", "EventID": 1, "TargetUserName": "an",
                       "@timestamp": "2026-03-01T00:00:00Z"}) + "\n"
    text = "correlation: {type: event_count, rules: [one], timespan: 1m, condition: {gte: 2}, %s}\n"
    for more, want in (("generate: false", 0), ("generate: true", 2)):
        with folder() as top:
            write(os.path.join(top, "rules.yml"), base + "title: c\nlevel: high\n" + text % more)
            write(os.path.join(top, "a.json"), line * 2)
            r = canh("scan", "--rules", os.path.join(top, "rules.yml"), "--json", "-q",
                     os.path.join(top, "a.json"))
            names = [json.loads(x)["rule"]["name"] for x in r.text.splitlines()]
            equal(names.count("one"), want, f"{more}: the rule alone")
            equal(names.count("c"), 1, f"{more}: the correlation")



# What the specification leaves open, decided as docs/sigma.md says: (what, rules of the correlation,
# section, events as (second, number, fields), alerts wanted as (from, to, events)).
HOLES = [
    ("a range of two operators: both hold", "one",
     "type: event_count, timespan: 10s, condition: {gt: 1, lte: 2}",
     [(0, 1, {}), (1, 1, {}), (2, 1, {})], [(0, 1, 2)]),
    ("no group-by: all events are one group", "one",
     "type: event_count, timespan: 10s, condition: {gte: 2}",
     [(0, 1, {"TargetUserName": "a"}), (1, 1, {"TargetUserName": "b"})], [(0, 1, 2)]),
    ("a percentile is the nearest rank of the one that is named", "one",
     "type: value_percentile, timespan: 10s, condition: {gte: 4, field: Size, percentile: 75}",
     [(0, 1, {"Size": 1}), (1, 1, {"Size": 2}), (2, 1, {"Size": 9}), (3, 1, {"Size": 4})],
     [(0, 3, 4)]),
    ("a window is not cut at round times, and both its ends belong to it", "one",
     "type: event_count, timespan: 10s, condition: {gte: 3}",
     [(8, 1, {}), (11, 1, {}), (18, 1, {})], [(8, 18, 3)]),
    ("a second more is too old", "one",
     "type: event_count, timespan: 10s, condition: {gte: 3}",
     [(8, 1, {}), (11, 1, {}), (19, 1, {})], []),
    ("while it holds it is one alert; the next begins after an event at which it did not", "one",
     "type: event_count, timespan: 10s, condition: {gte: 2}",
     [(0, 1, {}), (1, 1, {}), (2, 1, {}), (30, 1, {}), (31, 1, {})], [(0, 2, 3), (30, 31, 2)]),
    ("an event without a field of group-by takes no part", "one",
     "type: event_count, timespan: 10s, group-by: [TargetUserName], condition: {gte: 2}",
     [(0, 1, {}), (1, 1, {}), (2, 1, {"TargetUserName": "a"})], []),
    ("several fields are counted as combinations", "one",
     "type: value_count, timespan: 10s, condition: {gte: 3, field: [TargetUserName, IpAddress]}",
     [(0, 1, {"TargetUserName": "a", "IpAddress": "1"}),
      (1, 1, {"TargetUserName": "a", "IpAddress": "2"}),
      (2, 1, {"TargetUserName": "a", "IpAddress": "1"}),
      (3, 1, {"TargetUserName": "b", "IpAddress": "1"})], [(0, 3, 4)]),
    ("a boundary between two fields is one: ab|c is not a|bc", "one",
     "type: value_count, timespan: 10s, condition: {gte: 2, field: [TargetUserName, IpAddress]}",
     [(0, 1, {"TargetUserName": "ab", "IpAddress": "c"}),
      (1, 1, {"TargetUserName": "a", "IpAddress": "bc"})], [(0, 1, 2)]),
    ("too few is seen at an event, never in silence", "one",
     "type: event_count, timespan: 10s, condition: {lt: 2}",
     [(0, 1, {}), (1, 1, {}), (30, 1, {})], [(0, 0, 1), (30, 30, 1)]),
    ("none at all is never seen", "one", "type: event_count, timespan: 10s, condition: {eq: 0}",
     [(0, 1, {}), (30, 1, {})], []),
    ("in order A B C, A C B is not", "one, two, three",
     "type: temporal_ordered, timespan: 10s", [(0, 1, {}), (1, 3, {}), (2, 2, {})], []),
    ("in order A B C, with others between", "one, two, three",
     "type: temporal_ordered, timespan: 10s",
     [(0, 1, {}), (1, 3, {}), (2, 2, {}), (3, 3, {})], [(0, 3, 4)]),
    ("names that differ are one field by an alias", "one, two",
     "type: temporal, timespan: 10s, group-by: [who], "
     "aliases: {who: {one: TargetUserName, two: SubjectUserName}}",
     [(0, 1, {"TargetUserName": "a"}), (1, 2, {"SubjectUserName": "b"}),
      (2, 2, {"SubjectUserName": "a"})], [(0, 2, 2)]),
    ("an event that two rules match is one event", "one, same",
     "type: event_count, timespan: 10s, condition: {gte: 2}", [(0, 1, {})], []),
    ("but is both of them together", "one, same", "type: temporal, timespan: 10s", [(0, 1, {})],
     [(0, 0, 1)]),
    ("a distinct value that left the window no longer counts", "one",
     "type: value_count, timespan: 10s, condition: {gte: 3, field: IpAddress}",
     [(0, 1, {"IpAddress": "1"}), (9, 1, {"IpAddress": "2"}), (15, 1, {"IpAddress": "3"})], []),
]


def test_holes():
    """One scan for each: that a clock runs backwards inside a file changes nothing either."""
    base = "".join(BASE.format(n, k) for n, k in
                   (("one", 1), ("two", 2), ("three", 3), ("same", 1)))
    for what, rules, section, events, want in HOLES:
        with folder() as top:
            write(os.path.join(top, "rules.yml"), base +
                  f"title: c\nlevel: high\ncorrelation: {{rules: [{rules}], {section}}}\n")
            lines = [json.dumps({"Channel": "Security", "EventID": number, **fields,
                                 "@timestamp": f"2026-03-01T00:00:{second:02}Z"}) + "\n"
                     for second, number, fields in events]
            write(os.path.join(top, "a.json"), "".join(lines[::-1]))
            r = canh("scan", "--rules", os.path.join(top, "rules.yml"), "--json", "-q",
                     os.path.join(top, "a.json"))
            found = [json.loads(x)["canh"] for x in r.text.splitlines()]
            equal([(seconds(c["correlation"]["from"]), seconds(c["correlation"]["to"]),
                    c["correlation"]["count"])
                   for c in found if "correlation" in c], want, what)


def test_spill():
    """What finds no room is not counted as if it had not been: the correlation is named."""
    with folder() as top:
        write(os.path.join(top, "rules.yml"), BASE.format("one", 1) +
              "title: c\nlevel: high\ncorrelation: {rules: [one], "
              "type: event_count, timespan: 1m, group-by: [TargetUserName], "
              "condition: {gte: 2}}\n")
        write(os.path.join(top, "a.json"), "".join(
            json.dumps({"Channel": "Security", "EventID": 1, "TargetUserName": f"{i}" * 450000,
                        "@timestamp": "2026-03-01T00:00:00Z"}) + "\n" for i in range(10, 23)))
        args = ("scan", "--rules", os.path.join(top, "rules.yml"), "--json", "-q",
                os.path.join(top, "a.json"))
        r = canh(*args)
        equal((r.status, r.text), (0, ""), "with room for it: nothing found")
        r = canh(*args, "--spill-max", "1")
        equal(r.status, 65, "without: not all was examined")
        found = [json.loads(x) for x in r.text.splitlines()]
        equal([(a["rule"]["id"], a["canh"]["why"], a["canh"]["entity"]) for a in found],
              [("canh:not-examined", "correlation", ["c"])], "which is said, with its name")


def stamp(second):
    return f"2020-03-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def login(user, second):
    return json.dumps({"Channel": "Security", "EventID": 1, "TargetUserName": user,
                       "@timestamp": stamp(second)}) + "\n"


def test_stream():
    """A stream that has not ended: told when it begins; what is five minutes late is left out."""
    with folder() as top:
        rules = os.path.join(top, "rules.yml")
        write(rules, BASE.format("one", 1) + "title: c\nlevel: high\ncorrelation: {rules: [one], "
              "type: event_count, timespan: 20s, group-by: [TargetUserName], "
              "condition: {gte: 3}}\n")
        with subprocess.Popen([CANH, "scan", "--rules", rules, "--json", "-"], text=True,
                              env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as p:
            p.stdin.write(login("an", 1) + login("An", 0) + login("an", 2))
            p.stdin.flush()
            line = p.stdout.readline() if select.select([p.stdout], [], [], 60)[0] else ""
            ok(p.poll() is None and told(line) == [("c", ["an"], 2, "-", len(login("an", 1)) * 2,
                                                    0, 2, 3)], "while the stream goes on", line)
            p.stdin.write(login("binh", 900) + login("binh", 599) + login("binh", 899) +
                          login("binh", 880))
            text, told_at_end = p.communicate(timeout=60)
        equal([t[:3] for t in told(text)], [("c", ["binh"], 880)],
              "one that is not late takes its place")
        ok("more than 5 minutes late in the stream: 1\n" in told_at_end, "the late one is counted",
           told_at_end)


def test_stream_as_file():
    """In the order of time a stream says what its file does."""
    rng = random.Random(11)
    with folder() as top:
        log, rules = os.path.join(top, "log.json"), os.path.join(top, "rules.yml")
        write(rules, rule_text())
        lines = sorted((json.dumps(e[3]).replace("2026-", "2020-") for e in make_logs(top, rng)),
                       key=lambda line: json.loads(line)["@timestamp"])
        write(log, "\n".join(lines) + "\n")
        args = ("scan", "--rules", rules, "--json", "-q")
        with open(log, "rb") as f:
            found = [canh(*args, log), canh(*args, "-", stdin=f.read())]
        began = [sorted((t[0], t[1], t[2], t[4], t[5]) for t in told(r.text)) for r in found]
        ok(len(began[0]) > 20, "alerts of the file", began[0])
        equal(began[1], began[0], "the same of the stream")
        check_schema(found[1].text, "in the same form")


test_random()
test_stream()
test_stream_as_file()
test_holes()
test_spill()
test_summary()
test_alone()
done()
