#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh search and canh journal: the same query of a node that runs and of its folder once it does
not; a Sigma rule over what was recorded; whether the journal is whole, also when it is not."""
import json
import os
import shutil
import subprocess
import threading

from node import Node, have_programs, wait_for
from support import CANH, done, equal, folder, ok, skip, write

COUNT, FOREIGN, EVERYTHING = 40, 3, -1
written = {"lines": COUNT + FOREIGN}
UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị\nOTHER;Đơn vị khác;commune\n"
LINE = ('{{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\\\a\\\\{0}.exe",'
        '"User":"LAB\\\\svc-{1}","CommandLine":"{0} --run","IpAddress":"192.0.2.{1}"}}\n')
RULE = """title: Evil tool
id: 5f0a1d2c-0000-4000-8000-000000000001
status: test
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|startswith: evil
    condition: selection
level: high
"""
QUERIES = (
    ("", EVERYTHING), ("evil", 1), ("EVI*", 1), ("Image:*\\evil.exe", 1), ("192.0.2.7", 1),
    ("IpAddress:192.0.2.0/29", 8), ("user:LAB\\svc-3", 1), ("not evil last:1h", EVERYTHING),
    ("good or evil", COUNT), ("last:1h EventID:>1", 0), ("nothing-of-it", 0),
)


def searched(node, query):
    return len(node.rows("search", *([query] if query else []), "--purpose", "test"))


def compare(node, when):
    for query, want in QUERIES:
        if want == EVERYTHING:
            want = written["lines"] - (1 if query.startswith("not") else 0)
        equal(searched(node, query), want, f"{when}: {query or 'everything'}")
    r = node.canh("search", "(evil", "--purpose", "test")
    ok(r.returncode > 1 and "1:1" in r.stderr, f"{when}: what is wrong with a query, and where",
       r.stderr)
    r = node.canh("search", "evil")
    ok(r.returncode > 1 and "purpose" in r.stderr,
       f"{when}: events need a purpose", r.stderr)


def asked(node, top, when, case):
    """What a query is asked besides records; names of people only for a case."""
    rule = os.path.join(top, "rule.yml")
    write(rule, RULE)
    equal(len(node.rows("search", "--rule", rule, "--purpose", "test")), 1,
          f"{when}: a Sigma rule over what was recorded")
    bins = node.rows("search", "good", "--histogram", "1d", "--purpose", "x")
    equal(sum(b["count"] for b in bins), COUNT - 1, f"{when}: a histogram")
    row = node.rows("search", "evil", "--purpose", "x")[0]["raw"]
    ok("svc-7" not in row and "192.0.2.7" not in row and "evil --run" in row,
       f"{when}: accounts and addresses are masked without a case", row)
    values = [c["value"] for c in node.rows("search", "--count-by", "User", "--purpose", "x")]
    ok(len(values) == COUNT and not any("svc" in v for v in values), f"{when}: in counts, too",
       values)
    ok(node.canh("search", "evil", "--case", "2026-999").returncode > 1,
       f"{when}: a case must be one")
    case = case or node.rows("case", "open", "--title", "x", "--level", "low")[0]["number"]
    row = node.rows("search", "evil", "--case", case)[0]["raw"]
    ok("svc-7" in row and "192.0.2.7" in row, f"{when}: and are seen for a case", row)
    counts = node.rows("search", "IpAddress:192.0.2.0/30", "--count-by", "User", "--case", case)
    equal(sorted(c["value"] for c in counts), [f"LAB\\svc-{i}" for i in range(4)],
          f"{when}: the values of a field are counted")
    return case


def add(path, text):
    with open(path, "a", encoding="utf-8") as f:
        f.write(text)
    written["lines"] += 1


def scoped(node, log, other):
    """An answer holds nothing of a unit that was not asked for."""
    theirs = node.rows("search", "--unit", "OTHER", "--purpose", "x")
    equal([r["raw"] for r in theirs], [f"of another unit, number {i}" for i in range(FOREIGN)],
          "only the records of one unit")
    equal(node.rows("search", "evil", "--unit", "OTHER", "--purpose", "x"), [],
          "a query finds nothing outside of it")
    equal(len(node.rows("search", "source:OTHER/S1 unit:OTHER", "--purpose", "x")), FOREIGN,
          "sources and units by name")
    equal(node.rows("search", "--count-by", "User", "--unit", "OTHER", "--purpose", "x"), [],
          "nor do counts")
    ok(node.canh("search", "--unit", "NOBODY", "--purpose", "x").returncode > 1, "no such unit")
    seen = []
    tail = threading.Thread(target=lambda: seen.extend(node.rows(
        "tail", "--events", "--unit", "OTHER", "--purpose", "x", "--limit", "1")))
    tail.start()
    while tail.is_alive():  # it begins at the end of what is there
        add(log, "tail of ours\n")
        add(other, "tail of theirs\n")
        tail.join(0.3)
    equal([r["raw"] for r in seen], ["tail of theirs"], "tail, too")


def around(node, other):
    """The alert is the reason, and its unit and source are what is seen."""
    add(other, "Nov 29 12:00:00 web01 sshd[1]: Failed password for root from 203.0.113.7 port 9 ssh2\n")
    alert = (wait_for(lambda: node.rows("alert", "list")) or [{"id": "0000"}])[0]["id"]
    seen = [r["raw"] for r in node.rows("search", "--around", alert, "--after", "1h")]
    ok(any("Failed password for [user " in raw for raw in seen), "events around an alert", seen)
    ok(not any("svc-" in raw or "--run" in raw for raw in seen), "of its unit alone")
    equal(len(node.rows("search", "unit,", "--around", alert, "--before", "1h")), FOREIGN,
          "and a query narrows them")


def audited(node):
    raw = node.canh("journal", "cat", "--stream", "audit", check=0)
    looks = [json.loads(line) for line in raw.stdout.splitlines()]
    ok(any(x["query"] == "evil" and x["purpose"] == "test" and x["units"] == "all" and
           x["who"] == f"uid {os.geteuid()}" for x in looks), "who looked, at what, and why", looks)
    ok(any(x.get("case") for x in looks), "for which case")
    ok(any(x.get("purpose", "").startswith("alert ") and len(x["units"]) == 1 for x in looks),
       "around which alert, of which unit")


def copied(node, top, case):
    """cat and export of a node that runs: what it gives, masked without a case."""
    def records(*args):
        return node.canh("journal", "cat", *args, "--from", "3", "--until", "5", check=0).stdout
    equal([json.loads(line)["User"] for line in records("--case", case).splitlines()],
          ["LAB\\svc-3", "LAB\\svc-4"], "journal cat while the node runs")
    ok("svc-3" not in records("--purpose", "x"), "which masks without a case")
    ok(node.canh("journal", "cat").returncode > 1, "and needs a purpose")
    r = node.canh("journal", "cat", "--stream", "audit", "--purpose", "x")
    ok(r.returncode > 1 and "belongs to no unit" in r.stderr, "what is no unit's is shown to nobody", r.stderr)
    copy = os.path.join(top, "running.zst")
    node.canh("journal", "export", copy, "--purpose", "x", check=0)
    if shutil.which("zstdcat"):
        out = subprocess.run(["zstdcat", copy], capture_output=True, check=True, text=True).stdout
        ok(out.count("--run") == COUNT and "svc-3" not in out, "journal export, too", out[:400])
    ok(node.canh("journal", "export", copy, "--purpose", "x").returncode > 1,
       "which replaces no file")


def whole(node, top):
    """Whether a journal in use is whole, and is still the one that it was."""
    r = node.canh("journal", "verify", check=0)
    ok("0 problems" in r.stdout and "agree" in r.stdout, "journal verify while the node runs", r)
    heads = os.path.join(top, "running-heads")
    write(heads, node.canh("journal", "heads", check=0).stdout)
    node.canh("journal", "check", heads, check=0)
    with open(heads, encoding="utf-8") as f:
        text = f.read()
    write(heads, text.replace('"sealed":0', '"sealed":1'))
    r = node.canh("journal", "check", heads)
    ok(r.returncode == 1 and "sign" in r.stderr, "and heads that somebody changed", r)


def bounded(node, top):
    """A search is over what was there when it began: what comes meanwhile, faster than it can be
    read, does not keep it from ending. (Of that the last block it reads may show something.)"""
    big = os.path.join(top, "big.log")
    write(big, "")
    node.canh("source", "add", "files", big, check=0)
    with open(big, "a", encoding="utf-8") as f:
        f.write("".join(f"bigline {i} {'x' * 15000}\n" for i in range(300)))
    wait_for(lambda: searched(node, "bigline") == 300)
    with subprocess.Popen([CANH, "search", "bigline", "--purpose", "x", "--lang", "en"],
                          stdout=subprocess.PIPE, text=True,
                          env=node.environment(CANH_DIR=node.dir)) as p:
        first = p.stdout.readline()
        with open(big, "a", encoding="utf-8") as f:
            f.write("bigline and late\n")
        wait_for(lambda: searched(node, "late"))
        rest = p.stdout.readlines()
        equal(p.wait(), 1, "a search whose answer nobody reads for a while ends")
    written["lines"] += 301
    ok(" bigline 0 " in first and len(rest) in (299, 300) and " bigline 299 " in rest[298],
       "with all that was there", (first[:80], len(rest), rest[-1][:80]))


def stopped(node, case):
    streams = {s["stream"]: s for s in node.rows("journal", "status")}
    equal(streams["events/default"]["next"], written["lines"], "journal status")
    node.canh("journal", "verify", check=0)
    raw = node.canh("journal", "cat", "--case", case, "--from", "3", "--until", "5", check=0)
    equal([json.loads(line)["User"] for line in raw.stdout.splitlines()],
          ["LAB\\svc-3", "LAB\\svc-4"], "journal cat")
    raw = node.canh("journal", "cat", "--purpose", "x", "--from", "3", "--until", "4", check=0)
    ok("svc-3" not in raw.stdout and "good --run" in raw.stdout, "and masks without a case",
       raw.stdout)
    ok(node.canh("journal", "cat").returncode > 1, "journal cat needs a purpose")


def copies(node, top):
    heads, copy = os.path.join(top, "heads"), os.path.join(top, "copy.zst")
    write(heads, node.canh("journal", "heads", check=0).stdout)
    node.canh("journal", "check", heads, check=0)
    node.canh("journal", "export", copy, "--purpose", "x", check=0)
    if shutil.which("zstdcat"):
        out = subprocess.run(["zstdcat", copy], capture_output=True, check=True).stdout
        equal(len(out.splitlines()), written["lines"], "zstdcat reads what was exported")
    with open(heads, encoding="utf-8") as f:
        signed = json.load(f)
    signed["streams"][0]["sealed"] += 1
    write(heads, json.dumps(signed, separators=(",", ":")) + "\n")
    r = node.canh("journal", "check", heads)
    ok(r.returncode != 0 and "sign" in r.stderr, "heads that somebody changed", r.stderr)


def keys(node, top):
    """The printed copy opens the journal; a new key is for what comes."""
    paper, path = os.path.join(top, "paper"), os.path.join(node.dir, "keys", "journal.key")
    write(paper, node.canh("key", "print", check=0).stdout)
    os.remove(path)
    ok(node.canh("journal", "cat", "--purpose", "x").returncode > 1, "without its key nothing is read")
    with open(paper, encoding="ascii") as f:
        right = f.read()
    wrong = os.path.join(top, "wrong")
    write(wrong, right.replace(right[20], "7" if right[20] != "7" else "8", 1))
    r = node.canh("key", "restore", wrong)
    ok(r.returncode > 1 and f"{wrong}:1" in r.stderr, "a mistyped letter is noticed, and where", r.stderr)
    node.canh("key", "restore", paper, check=0)
    equal(searched(node, ""), written["lines"], "the printed copy brings all back")
    node.canh("key", "rotate", check=0)
    equal([k["use"] for k in node.rows("key", "status")], ["write", "read"],
          "a new key, and the old one")
    ok(node.start(), "a node with a new key starts", node.said()[-300:])
    equal(node.stop(), 0, "and ends")
    equal(searched(node, ""), written["lines"], "what was written before can be read")
    node.canh("journal", "verify", check=0)
    other = os.path.join(top, "another")
    node.canh("init", other, *node.user(), check=0)
    write(wrong, node.canh("key", "print", "--dir", other, check=0).stdout)
    r = node.canh("key", "restore", wrong)
    ok(r.returncode > 1 and wrong in r.stderr, "keys that do not open it are refused, by name", r.stderr)


def redacted(node, case):
    """By hand while nothing runs, and by the node while it runs: the one writer of its journal."""
    ok(node.canh("journal", "redact", "7").returncode > 1, "taking a record out needs a reason")
    node.canh("journal", "redact", "7", "--reason", "a password in it", check=0)
    equal(node.rows("search", "evil", "--case", case), [], "a record that was taken out is gone")
    node.canh("journal", "verify", check=0)
    audit = node.canh("journal", "cat", "--stream", "audit", check=0).stdout
    ok("a password in it" in audit, "and the audit says why", audit[-300:])


def damaged(node):
    """Bytes of a segment are changed: in the middle, where a block is."""
    folder_of = os.path.join(node.dir, "journal", "streams", "events", "default")
    path = os.path.join(folder_of, sorted(os.listdir(folder_of))[0])
    with open(path, "r+b") as f:
        f.seek(os.path.getsize(path) // 2)
        was = f.read(4)
        f.seek(-4, os.SEEK_CUR)
        f.write(bytes(b ^ 0xFF for b in was))
    return path


def cared(node):
    """While it runs: what the streams hold, a record taken out, damage given up."""
    path = damaged(node)
    equal(node.canh("journal", "verify").returncode, 1, "damage is found")
    ok(node.start(), "a node with a damaged segment starts", node.said()[-300:])
    streams = {s["stream"]: s for s in node.rows("journal", "status")}
    ok(streams["events/default"]["next"] >= written["lines"], "a node that runs says what it holds",
       streams)
    plan = node.rows("journal", "repair")
    ok(plan and plan[0]["stream"] == "events/default" and sum(p["until"] - p["from"] for p in plan),
       "and what a repair would give up", plan)
    ok(not os.path.exists(path + ".damaged"), "without doing it")
    ok(node.canh("journal", "repair", "--apply").returncode > 1, "a repair needs a reason")
    r = node.canh("journal", "repair", "--apply", "--reason", "a bad disk", check=1)
    ok("given up" in r.stderr, "it repairs", r.stdout + r.stderr)
    ok(os.path.exists(path + ".damaged"), "what was there is kept")
    r = node.canh("journal", "repair", check=0)
    ok("nothing to repair" in r.stderr, "then all is whole", r.stdout + r.stderr)
    first = streams["events/default"]["next"]  # the gap record of the repair
    last = {s["stream"]: s["next"] for s in node.rows("journal", "status")}["events/default"]
    equal(last, first + len(plan), "the stream itself says what is missing")
    node.canh("journal", "redact", str(first), "--reason", "while it runs", check=0)
    ok(node.canh("journal", "redact", "99999999", "--reason", "x").returncode > 1,
       "a record that is not there")
    equal(node.stop(), 0, "it ends")
    r = node.canh("journal", "verify", check=0)
    ok("given up" in r.stdout, "the chain closes over both", r.stdout)
    audit = node.canh("journal", "cat", "--stream", "audit", check=0).stdout
    ok("a bad disk" in audit and "while it runs" in audit, "and the audit says why", audit[-600:])
    said = node.canh("audit", "list", "--state", os.path.join(node.dir, "state"), "--json").stdout
    ok("a bad disk" in said and "while it runs" in said, "that of the state, too", said[-600:])


def test(top):
    log = os.path.join(top, "log.json")
    other = os.path.join(top, "other.log")
    units = os.path.join(top, "units.csv")
    for path, text in ((log, ""), (other, ""), (units, UNITS)):
        write(path, text)
    node = Node(top)
    node.canh("import", "units", units, "--apply", "--state", os.path.join(node.dir, "state"),
              check=0)
    try:
        ok(node.start(), "a node is ready", node.said())
        equal(searched(node, ""), 0, "a node to which nothing came yet finds nothing")
        node.rows("source", "add", "files", log)
        node.rows("source", "add", "files", other, "--unit", "OTHER")
        with open(log, "a", encoding="utf-8") as f:
            for i in range(COUNT):
                f.write(LINE.format("evil" if i == 7 else "good", i))
        wait_for(lambda: searched(node, "") >= COUNT)
        with open(other, "a", encoding="utf-8") as f:
            for i in range(FOREIGN):
                f.write(f"of another unit, number {i}\n")
        wait_for(lambda: searched(node, "") >= COUNT + FOREIGN)
        compare(node, "running")
        case = asked(node, top, "running", None)
        copied(node, top, case)
        scoped(node, log, other)
        around(node, other)
        whole(node, top)
        bounded(node, top)
        equal(node.stop(), 0, "it stops")
        compare(node, "stopped")
        asked(node, top, "stopped", case)
        stopped(node, case)
        audited(node)
        copies(node, top)
        keys(node, top)
        redacted(node, case)
        cared(node)
    finally:
        if node.process and node.process.poll() is None:
            node.kill_all()


def main():
    if have_programs():
        with folder() as top:
            test(top)
    else:
        skip("the programs of a node are not built")
    done()


main()
