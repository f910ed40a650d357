#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Investigations: the timeline and its faces, which events count, suppressed alerts."""
import csv
import html.parser
import io
import json
import os
import shutil
import subprocess
import zipfile

import schema
from support import ROOT, canh, done, equal, folder, ok, skip, write

RULES = """title: Logon
id: 11111111-1111-4111-8111-111111111111
level: low
tags: [attack.t1078]
logsource: {product: windows, service: security}
detection: {s: {EventID: 4624}, condition: s}
canh: {title_vi: Đăng nhập}
---
title: Shell
name: shell
level: high
logsource: {product: windows, service: security}
detection: {s: {EventID: 4688}, condition: s}
---
title: Many
level: high
correlation: {type: event_count, rules: [shell], group-by: [SubjectUserName], timespan: 1h,
    condition: {gte: 2}, generate: true}
"""
ENCODED = "powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAApAA=="


def logon(hour, user="an", host="PC1.tinh.local"):
    return {"Channel": "Security", "EventID": 4624, "@timestamp": f"2026-03-01T{hour:02}:00:00Z",
            "Computer": host, "TargetUserName": user, "TargetDomainName": "TINH", "LogonType": 10,
            "IpAddress": "192.0.2.7"}


def shell(hour, command=ENCODED, user="an"):
    return {"Channel": "Security", "EventID": 4688, "@timestamp": f"2026-03-01T{hour:02}:30:00Z",
            "Computer": "PC2", "SubjectUserName": user, "NewProcessName": r"C:\a.exe",
            "CommandLine": command}


EVIL = "=cmd|' /C calc'!A0 \x1b[31m\u202e<script>alert(1)</script>"


def make(top):
    lines = [logon(9), shell(10), logon(7, "binh"), shell(11, EVIL)]
    untimed = dict(logon(1, "chi"))
    del untimed["@timestamp"]
    write(os.path.join(top, "rules.yml"), RULES)
    write(os.path.join(top, "a.json"), "".join(json.dumps(e) + "\n" for e in lines[:2] + [untimed]))
    write(os.path.join(top, "b.json"), "".join(json.dumps(e) + "\n" for e in lines[2:]))


def scan(top, *args, files=("b.json", "a.json")):
    return canh("scan", "--lang", "en", "--rules", os.path.join(top, "rules.yml"), *args,
                *(os.path.join(top, f) for f in files))


def hits(top, *args):
    return [json.loads(line) for line in scan(top, "--timeline", "--json", *args).text.splitlines()]


def test_order(top):
    got = [(h.get("@timestamp", "")[11:16], h["rule"]["name"]) for h in hits(top)]
    equal(got, [("07:00", "Logon"), ("09:00", "Logon"), ("10:30", "Shell"), ("11:30", "Shell"),
                ("11:30", "Many"), ("", "Logon")], "in the order of time, without a time last")
    one, two = (scan(top, "--timeline", "--json", "-q", "-t", n).text for n in ("1", "2"))
    ok(one == two, "the same with one thread and two")


def test_details(top):
    logons = [h for h in hits(top) if h["rule"]["name"] == "Logon"]
    equal(logons[1]["details"], {"user": "TINH\\an", "logon_type": "10", "address": "192.0.2.7"},
          "details of a logon")
    equal(logons[1]["words"], {"logon_type": "remote desktop"}, "in words")
    equal(hits(top)[2]["details"]["decoded"], "IEX (New-Object Net)", "base64 decoded beside")
    equal(hits(top)[4]["details"], {"SubjectUserName": "an"}, "a correlation's group")
    equal(hits(top)[4]["count"], 2, "and its events")


def test_text(top):
    r = scan(top, "--timeline", "-z", "+07:00")
    ok("2026-03-01\n14:00:00  LOW  Logon" in r.text, "a heading for the day, in the zone", r.text)
    ok("remote desktop (10)" in r.text and "decoded IEX" in r.text, "words and decoded text")
    ok("\x1b" not in r.text and "\u202e" not in r.text, "nothing that a terminal would act on")
    equal(r.status, 1, "something was found")
    r = canh("scan", "--lang", "vi", "--timeline", "--rules", os.path.join(top, "rules.yml"),
             os.path.join(top, "a.json"))
    ok("THẤP  Đăng nhập · PC1.tinh.local" in r.text, "in Vietnamese", r.text)


def test_sheets(top):
    rows = list(csv.DictReader(io.StringIO(scan(top, "--timeline", "--csv", "-q").text[1:])))
    equal([r["rule"] for r in rows], ["Logon", "Logon", "Shell", "Shell", "Many", "Logon"], "CSV")
    ok(rows[2]["decoded"] == "IEX (New-Object Net)" and rows[0]["tags"] == "attack.t1078", "columns")
    ok("\x1b" not in rows[3]["details"] and "\\u202e" in rows[3]["details"], "hostile text in CSV")
    path = os.path.join(top, "t.xlsx")
    equal(scan(top, "--xlsx", "-q", "-o", path).status, 1, "a workbook")
    with zipfile.ZipFile(path) as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
    ok(sheet.count("<row ") == 7 and "IEX (New-Object Net)" in sheet and "<f>" not in sheet,
       "has all rows and no formula", sheet[:400])


def test_timesketch(top):
    r = scan(top, "--timesketch", "-q")
    lines = [json.loads(line) for line in r.text.splitlines()]
    equal(len(lines), 5, "what has a time")
    ok(all({"message", "datetime", "timestamp_desc"} <= set(x) for x in lines), "what it asks for")
    ok("1 hits have no time" in r.errors, "the others are told", r.errors)


SHAPES = [["--json"], ["--csv"], [], ["--details"], ["--timeline"], ["--timeline", "--json"],
          ["--timeline", "--csv"], ["--timesketch"], ["--pivot"], ["--pivot", "--json"],
          ["--pivot", "--csv"]]


def run(top, verb, *args):
    verb = [verb, "-r", os.path.join(top, "rules.yml")] if verb == "scan" else verb.split()
    return canh(*verb, "-q", *args, *(os.path.join(top, f) for f in ("a.json", "b.json")))


def test_output(top):
    path = os.path.join(top, "out")
    plain = [[], ["--json"], ["--csv"]]
    verbs = {"scan": SHAPES, "logons": plain, "find EventID:4624": plain[:2], "stats": plain}
    for verb, shapes in verbs.items():
        for shape in shapes:
            name = " ".join([verb, *shape])
            shown, filed = run(top, verb, *shape), run(top, verb, *shape, "-o", path)
            ok(shown.out and filed.status == shown.status and filed.out == b"" and
               open(path, "rb").read() == shown.out, f"{name}: -o writes the same bytes", filed)
            full = run(top, verb, *shape, "-o", "/dev/full")
            ok(full.status == 74 and full.errors.count("No space") == 1,
               f"{name}: a full disk is told, once", full)
    os.unlink(path)
    for shape, name, status in ((["--csv"], "x.csv", 1), (["--json"], "x.jsonl", 1), ([], "x.txt", 1),
                                ([], "x.csv", 64), (["--csv"], "x.json", 64), (["--json"], "x.txt", 64)):
        path = os.path.join(top, name)
        r = run(top, "scan", *shape, "-o", path)
        ok(r.status == status and os.path.exists(path) == (status != 64) and
           (status != 64 or name in r.errors), f"scan {shape} -o {name}: {status}", r)
        if status != 64:
            os.unlink(path)


def test_scope(top):
    def names(*args):
        return [h["rule"]["name"] for h in hits(top, *args)]
    equal(names("--from", "2026-03-01T09:00", "--to", "2026-03-01T10:31"), ["Logon", "Shell"],
          "from is inside, to is not")
    equal(names("--from", "2026-03-01T16:00", "--zone", "+07:00"), ["Logon", "Shell", "Shell", "Many"],
          "in the zone")
    equal(names("--host", "pc1"), ["Logon"] * 3, "by host")
    equal(names("--channel", "security", "--event-id", "4688"), ["Shell", "Shell", "Many"],
          "by channel and id")
    equal(names("--last", "1h"), [], "nothing of the last hour")
    old = os.path.join(top, "a.json")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    r = scan(top, "--from", "2026-03-01")
    ok("files last written before that, not read: 1" in r.text, "an old file is not read", r.text)
    ok("events outside" not in scan(top).text, "nothing is outside without asking")
    os.utime(old)
    r = scan(top, "--from", "2026-03-01T09:00")
    ok("outside what was asked for: 2" in r.text and "without a time: 1" in r.text, "counted", r.text)
    for args in (["--from", "soon"], ["--last", "7"], ["--json", "--csv"], ["--csv", "--xlsx"]):
        equal(scan(top, *args).status, 64, " ".join(args))


SUPPRESS = """- id: quiet-an
  {0}
  owner: binh
  reason: a test
  until: {1}
"""


def quiet(top, what, until="2099-12-31"):
    path = os.path.join(top, "quiet.yml")
    write(path, SUPPRESS.format(what, until))
    return scan(top, "--suppress", path, "--json")


def test_suppress(top):
    r = quiet(top, "rule: Shell")
    alerts = [json.loads(line) for line in r.text.splitlines()]
    equal(len(alerts), 6, "all are written")
    marked = [a["rule"]["name"] for a in alerts if a["canh"].get("suppression") == "quiet-an"]
    equal(marked, ["Shell", "Shell"], "those of the rule are marked; they still correlate")
    with open(os.path.join(ROOT, "docs", "alert.schema.json"), encoding="utf-8") as f:
        shape = json.load(f)
    equal([e for a in alerts for e in schema.errors(a, shape)], [], "as the schema says")
    ok("alerts suppressed: 2" in r.errors, "and counted", r.errors)
    for what, want in (("entity: pc2", 2), ("entity: an", 3), ("rule: Many", 1),
                       ("{field: TargetUserName, value: B*H}", 1), ("rule: nothing", 0),
                       ("{rule: Shell, entity: pc1}", 0), ("{field: EventID, value: '4624'}", 3)):
        what = what.strip("{}").replace(", ", "\n  ") if what.startswith("{") else what
        equal(quiet(top, what).text.count('"suppression"'), want, what.replace("\n ", ","))
    r = quiet(top, "rule: Shell", "2020-01-01")
    ok('"suppression"' not in r.text and "ended on 2020-01-01" in r.errors, "one that has ended", r.errors)
    path = os.path.join(top, "quiet.yml")
    write(path, "- id: all\n  rule: Logon\n  owner: a\n  reason: b\n  until: 2099-01-01\n")
    r = scan(top, "--suppress", path, "--event-id", "4624")
    equal(r.status, 0, "what is suppressed is nothing found")
    write(path, "- id: all\n  owner: a\n  reason: b\n  until: 2099-01-01\n")
    r = scan(top, "--suppress", path)
    ok(r.status > 64 and "quiet.yml:1:" in r.errors, "a mistake has its place", r)


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


TAGS = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "b", "span",
        "div", "section", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect"}


def in_browser(path):
    """The page as a browser has it after it ran what it would run; None without a browser."""
    if not shutil.which("chromium"):
        return None
    r = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                        "--virtual-time-budget=2000", "file://" + path], capture_output=True,
                       text=True, timeout=120, check=False,
                       env={**os.environ, "HOME": os.path.dirname(path)})
    return r.stdout


def test_report(top):
    evil = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
    path, layer = os.path.join(top, "r.html"), os.path.join(top, "layer.json")
    write(os.path.join(top, "evil.json"), json.dumps(dict(
        shell(12, evil), Computer=evil, SubjectUserName="'\"><b onclick=1>\u202e")) + "\n")
    for language, title in (("vi", "Kết quả rà soát nhật ký"), ("en", "What the logs show")):
        r = canh("scan", "--lang", language, "-q", "--rules", os.path.join(top, "rules.yml"),
                 "--html", path, "--navigator", layer, os.path.join(top, "a.json"),
                 os.path.join(top, "b.json"), os.path.join(top, "evil.json"))
        ok(r.status == 1 and "Shell" in r.text, "the table, too", r)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        page = Page(text)
        ok(set(page.tags) <= TAGS, f"only tags of our own ({language})", set(page.tags) - TAGS)
        ok(not [a for a in page.attributes if a[0] in ("src", "href", "style") or
                a[0].startswith("on")], "nothing that loads or runs")
        ok(page.text.strip().startswith(title) and evil in page.text and "\u202e" not in text,
           "hostile names are text")
        ok(text.count('class="first"') == 3 and text.count("<rect ") >= 3, "three things and a chart")
    ok("default-src 'none'" in text, "a policy forbids the rest")
    seen = in_browser(path)
    if seen is None:
        skip("no chromium")
    else:
        ok("<title>What the logs show</title>" in seen and Page(seen).tags == page.tags,
           "nothing ran in a browser", seen[:300])
    with open(layer, encoding="utf-8") as f:
        techniques = json.load(f)["techniques"]
    equal([(t["techniqueID"], t["score"]) for t in techniques], [("T1078", 3)], "a layer")
    equal(scan(top, "--html", path, "--json").status, 64, "not together")
    os.remove(os.path.join(top, "evil.json"))


def start(second, me, parent, image, command="", hit=False, **more):
    return {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Computer": "PC3",
            "@timestamp": f"2026-03-02T08:00:{second:02}Z", "ProcessGuid": me, "ParentProcessGuid": parent,
            "Image": image, "ParentImage": r"C:\boot.exe", "ProcessId": second, "User": "an",
            "CommandLine": command + (" evil" if hit else ""), **more}


def test_tree(top):
    rule, log = os.path.join(top, "tree.yml"), os.path.join(top, "tree.json")
    write(rule, "title: Evil\nlevel: high\nlogsource: {product: windows, category: process_creation}\n"
                "detection: {s: {CommandLine|contains: evil}, condition: s}\n")
    write(log, "".join(json.dumps(e) + "\n" for e in [
        start(4, "{D}", "{C}", "d.exe"), start(1, "{A}", "{0}", "a.exe"), start(2, "{B}", "{A}", "b.exe"),
        start(3, "{C}", "{B}", r"C:\x\c.exe", "c", hit=True), start(5, "{E}", "{A}", "e.exe"),
        start(6, "{F}", "{G}", "f.exe", hit=True), start(7, "{G}", "{F}", "g.exe")]))
    rows = lines_of(canh("scan", "--tree", "-jq", "--rules", rule, log))
    equal([(x["tree"], x["depth"], os.path.basename(x["process"].replace("\\", "/")), x["hit"], x["unseen"])
           for x in rows][:5],
          [(1, 0, "boot.exe", False, True), (1, 1, "a.exe", False, False), (1, 2, "b.exe", False, False),
           (1, 3, "c.exe", True, False), (1, 4, "d.exe", False, False)],
          "from the top down to what the hit started; nothing beside")
    equal({x["process"] for x in rows if x["tree"] == 2} >= {"f.exe", "g.exe"}, True, "a circle ends")
    text = canh("scan", "--tree", "--lang", "vi", "--rules", rule, log).text
    ok("└─ 2026-03-02 08:00:03  c.exe [3]  an" in text and "! CAO Evil" in text, "for people", text)
    pids = os.path.join(top, "pids.json")
    old = {"Channel": "Security", "EventID": 4688, "Computer": "PC4", "SubjectUserName": "an"}
    write(pids, "".join(json.dumps({**old, "@timestamp": f"2026-03-02T08:00:0{s}Z", "NewProcessId": p,
                                    "ProcessId": q, "NewProcessName": n, "CommandLine": c}) + "\n"
                        for s, p, q, n, c in [(1, "0x1", "0x9", "old.exe", ""), (2, "0x1", "0x9", "new.exe", ""),
                                              (3, "0x2", "0x1", "hit.exe", "evil"),
                                              (4, "0x1", "0x9", "later.exe", "")]))
    rows = lines_of(canh("scan", "--tree", "-jq", "--rules", rule, pids))
    equal([x["process"] for x in rows], ["new.exe", "hit.exe"], "of those with the id the last before")


def test_scripts(top):
    rule, log = os.path.join(top, "script.yml"), os.path.join(top, "script.json")
    write(rule, "title: Script\nlevel: high\nlogsource: {product: windows, category: ps_script}\n"
                "detection: {s: {ScriptBlockText|contains: evil}, condition: s}\n")
    part = {"Channel": "Microsoft-Windows-PowerShell/Operational", "EventID": 4104, "Computer": "PC5",
            "@timestamp": "2026-03-02T08:00:00Z", "ScriptBlockId": "b", "MessageTotal": 4}
    write(log, "".join(json.dumps({**part, "MessageNumber": n, "ScriptBlockText": t}) + "\n"
                       for n, t in [(2, "evil two "), (4, "four"), (1, "one "), (1, "one ")]))
    hits_ = lines_of(canh("scan", "--timeline", "-jq", "--rules", rule, log))
    equal([h["details"]["script"] for h in hits_], ["one evil two […]four"], "put together")


def test_pivot(top):
    rows = [x for x in lines_of(scan(top, "--pivot", "-jq"))]
    equal([(x["list"], x["value"], x["hits"]) for x in rows],
          [("users", "an", 2), ("users", "TINH\\an", 1), ("users", "TINH\\binh", 1),
           ("users", "TINH\\chi", 1), ("hosts", "PC1.tinh.local", 3), ("hosts", "PC2", 2),
           ("addresses", "192.0.2.7", 3)], "where to look next")
    for args in (["--tree", "--timeline"], ["--tree", "--csv"], ["--pivot", "--timesketch"]):
        equal(scan(top, *args).status, 64, " ".join(args))


CHAINED = """title: one
name: one
level: low
logsource: {product: windows, service: security}
detection: {s: {EventID: 1}, condition: s}
---
title: three
name: three
level: low
correlation: {type: event_count, rules: [one], timespan: 1m, condition: {gte: 3}}
---
title: twice
level: high
correlation: {type: event_count, rules: [three], timespan: 9m, condition: {gte: 2}}
"""


def test_explain(top):
    rules = os.path.join(top, "rules.yml")
    r = canh("explain", "--lang", "en", "--rule", rules, os.path.join(top, "a.json"))
    ok("No window holds the condition. The rules below it matched 1 times." in r.text, "no window", r)
    chained = os.path.join(top, "chained.yml")
    write(chained, CHAINED)
    write(os.path.join(top, "three.json"), "".join(json.dumps(
        {"Channel": "Security", "EventID": 1, "@timestamp": f"2026-03-01T00:00:0{i}Z"}) + "\n"
        for i in range(3)))
    r = canh("explain", "--lang", "en", "--rule", chained, os.path.join(top, "three.json"))
    ok("No window holds the condition. The rules below it matched 1 times." in r.text,
       "a window of a correlation below counts as a match", r)
    both = os.path.join(top, "both.json")
    write(both, open(os.path.join(top, "a.json")).read() + open(os.path.join(top, "b.json")).read())
    r = canh("explain", "--lang", "en", "--rule", rules, both)
    ok("SubjectUserName: an" in r.text and "events: 2" in r.text and
       r.text.count(f"{both} @") == 2, "which events, in which window", r)
    alerts = [x for x in lines_of(canh("explain", "-j", "--rule", rules, both)) if "canh" in x]
    equal([a["canh"]["correlation"]["count"] for a in alerts], [2], "as JSON")


AUTH = """\
Nov 29 10:00:01 web1 sshd[10]: Failed password for an from 203.0.113.5 port 1 ssh2
Nov 29 10:00:02 web1 sshd[10]: Failed password for an from 203.0.113.5 port 1 ssh2
Nov 29 10:00:03 web1 sshd[10]: Accepted password for an from 203.0.113.5 port 1 ssh2
Nov 29 10:00:03 web1 sshd[10]: pam_unix(sshd:session): session opened for user an(uid=1) by (uid=0)
Nov 29 10:05:03 web1 sshd[10]: pam_unix(sshd:session): session closed for user an
Nov 29 10:06:00 web1 sshd[11]: Failed password for invalid user root from 203.0.113.9 port 1 ssh2
Nov 29 10:07:00 web1 sudo:       an : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id
"""


def lines_of(r):
    return [json.loads(line) for line in r.text.splitlines()]


def test_logons(top):
    auth = os.path.join(top, "auth.log")
    write(auth, AUTH)
    off = dict(logon(9), EventID=4634, **{"@timestamp": "2026-03-01T09:30:00Z"}, TargetLogonId="0x1")
    write(os.path.join(top, "w.json"), json.dumps(dict(logon(9), TargetLogonId="0x1")) + "\n" +
          json.dumps(off) + "\n")
    r = canh("logons", "--json", "-q", auth, os.path.join(top, "w.json"))
    rows = lines_of(r)
    equal([(x["user"], x["from"], x["how"], x["good"], x["failed"], x["failed_before"], x["sessions"])
           for x in rows],
          [("an", "203.0.113.5", "ssh", 1, 2, 2, 1), ("root", "203.0.113.9", "ssh", 0, 1, 0, 0),
           ("TINH\\an", "192.0.2.7", "10", 1, 0, 0, 1), ("an", "", "sudo", 1, 0, 0, 0)], "logons")
    equal(rows[2]["longest"], 1800, "half an hour")
    ok(rows[0]["local"] and not rows[2]["local"], "times without a zone are marked")
    equal(r.status, 1, "there were some")
    equal(canh("logons", "-q", os.path.join(top, "b.json"), "--event-id", "1").status, 0, "none")
    text = canh("logons", "--lang", "vi", auth).text
    ok("thất bại" in text and "203.0.113.5" in text, "a table in Vietnamese", text)
    one, two = (canh("logons", "-t", n, "--csv", "-q", auth, top).text for n in ("1", "2"))
    ok(one == two, "the same with one thread and two")


def test_find(top):
    auth, a = os.path.join(top, "auth.log"), os.path.join(top, "a.json")
    r = canh("find", "-q", "203.0.113.9", auth)
    ok(r.text.count("\n") == 1 and f"{auth}:6: " in r.text and r.status == 1, "a text", r)
    equal(lines_of(canh("find", "-jq", "user.name:an and not event.outcome:failure", auth))[0]
          ["event"]["outcome"], "success", "a query, as JSON")
    equal(canh("find", "-q", "--raw", "EventID:4624", a).text.count("\n"), 2, "records of JSON")
    equal(canh("find", "-q", "EventID:4624 and from:2026-03-01T08:00", a).text.count("\n"), 1,
          "its own times")
    equal(canh("find", "-q", "nothing-like-it", auth, a).status, 0, "nothing")
    equal(canh("find", "-q", "a and (", a).status, 64, "a mistake")
    equal(canh("find", "-q", "source:x a", a).status, 64, "no sources")
    write(os.path.join(top, "evil.log"), "Nov 29 10:00:00 h p: \x1b[31m needle\n")
    ok("\x1b" not in canh("find", "-q", "needle", os.path.join(top, "evil.log")).text,
       "nothing that a terminal would act on")


def test_stats(top):
    auth = os.path.join(top, "auth.log")
    rows = lines_of(canh("stats", "-jq", "--stack", "user.name", "--rules",
                         os.path.join(top, "rules.yml"), auth, os.path.join(top, "a.json")))
    lists = {}
    for x in rows:
        lists.setdefault(x["list"], []).append(x)
    equal([(x["file"], x["events"], x["hits"]) for x in lists["files"]],
          [(auth, 7, 0), (os.path.join(top, "a.json"), 3, 3)], "logs, one without any hit")
    equal([(x["value"], x["events"]) for x in lists["user.name"]], [("root", 1), ("an", 6)],
          "rare values first")
    equal([(x["host"], x["events"]) for x in lists["hosts"]],
          [("web1", 7), ("PC1.tinh.local", 2), ("PC2", 1)], "computers")
    equal([x["rule"] for x in lists["unused"]], ["Many"], "rules that found nothing")
    cleared = os.path.join(top, "cleared.json")
    hours = [h for h in range(24 * 4) if not 40 <= h < 60]
    write(cleared, "".join(json.dumps({
        "Channel": "Security", "EventID": 1102 if h == 60 else 4624, "Computer": "srv",
        "@timestamp": f"2026-03-{1 + h // 24:02}T{h % 24:02}:10:00Z"}) + "\n" for h in hours))
    rows = lines_of(canh("stats", "-jq", "--no-rules", cleared))
    gaps = [x for x in rows if x["list"] == "gaps"]
    ok(len(gaps) == 1 and gaps[0]["from"].startswith("2026-03-02T16:00") and
       gaps[0]["to"].startswith("2026-03-03T12:00"), "a gap", gaps)
    equal([x["log"] for x in rows if x["list"] == "cleared"], ["Security"], "a log that was cleared")
    path = os.path.join(top, "s.xlsx")
    equal(canh("stats", "-q", "--xlsx", "-o", path, auth).status, 0, "a workbook")
    with zipfile.ZipFile(path) as z:
        ok(len([n for n in z.namelist() if "worksheets/sheet" in n]) >= 5, "a sheet a table")


def test_copies(top):
    """A record that stands in several files counts once; in one file each counts."""
    events = [dict(logon(hour), EventRecordID=hour, TargetLogonId=hex(hour)) for hour in (8, 9, 10)]
    text = "".join(json.dumps(e) + "\n" for e in events)
    for name in ("log/a.json", "export/b.json", "third.json"):
        write(os.path.join(top, "copies", name), text + (text if name == "third.json" else ""))
    log, both = os.path.join(top, "copies", "log"), os.path.join(top, "copies")
    for path in (log, both):
        rows = lines_of(canh("logons", "-jq", path))
        equal([(x["user"], x["good"]) for x in rows], [("TINH\\an", 3)], "logons")
        equal(canh("find", "-q", "EventID:4624", path).text.count("\n"), 3, "find")
        rows = lines_of(canh("stats", "-jq", "--no-rules", path))
        equal([x["events"] for x in rows if x["list"] in ("kinds", "hosts", "days")], [3, 3, 3],
              "stats")
    equal(lines_of(canh("logons", "-jq", os.path.join(both, "third.json")))[0]["good"], 6,
          "twice in one file are two")


with folder() as top:
    make(top)
    test_copies(top)
    shutil.rmtree(os.path.join(top, "copies"))
    test_report(top)
    test_order(top)
    test_details(top)
    test_text(top)
    test_sheets(top)
    test_timesketch(top)
    test_output(top)
    test_scope(top)
    test_suppress(top)
    test_logons(top)
    test_find(top)
    test_stats(top)
    test_tree(top)
    test_scripts(top)
    test_pivot(top)
    test_explain(top)
done()
