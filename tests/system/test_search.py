#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh search and canh journal: the same query of a node that runs and of its folder once it does
not; a Sigma rule over what was recorded; whether the journal is whole, also when it is not."""
import json
import os
import shutil
import subprocess
import time

from node import Node, have_programs, wait_for
from support import done, equal, folder, ok, skip, write

COUNT = 40
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
    ("", COUNT), ("evil", 1), ("EVI*", 1), ("Image:*\\evil.exe", 1), ("192.0.2.7", 1),
    ("IpAddress:192.0.2.0/29", 8), ("user:LAB\\svc-3", 1), ("not evil last:1h", COUNT - 1),
    ("good or evil", COUNT), ("last:1h EventID:>1", 0), ("nothing-of-it", 0),
)


def searched(node, query):
    return len(node.rows("search", *([query] if query else []), "--purpose", "test"))


def compare(node, when):
    for query, want in QUERIES:
        equal(searched(node, query), want, f"{when}: {query or 'everything'}")
    r = node.canh("search", "(evil", "--purpose", "test")
    ok(r.returncode > 1 and "1:1" in r.stderr, f"{when}: what is wrong with a query, and where",
       r.stderr)
    r = node.canh("search", "evil")
    ok(r.returncode > 1 and "purpose" in r.stderr,
       f"{when}: events need a purpose", r.stderr)


def stopped(node, top):
    rule = os.path.join(top, "rule.yml")
    write(rule, RULE)
    equal(len(node.rows("search", "--rule", rule, "--purpose", "test")), 1,
          "a Sigma rule over what was recorded")
    counts = node.rows("search", "IpAddress:192.0.2.0/30", "--count-by", "User", "--purpose", "x")
    equal(sorted(c["value"] for c in counts), [f"LAB\\svc-{i}" for i in range(4)],
          "the values of a field are counted")
    streams = {s["stream"]: s for s in node.rows("journal", "status")}
    equal(streams["events/default"]["next"], COUNT, "journal status")
    node.canh("journal", "verify", check=0)
    raw = node.canh("journal", "cat", "--purpose", "x", "--from", "3", "--until", "5", check=0)
    equal([json.loads(line)["User"] for line in raw.stdout.splitlines()],
          ["LAB\\svc-3", "LAB\\svc-4"], "journal cat")
    ok(node.canh("journal", "cat").returncode > 1, "journal cat needs a purpose")


def copies(node, top):
    heads, copy = os.path.join(top, "heads"), os.path.join(top, "copy.zst")
    write(heads, node.canh("journal", "heads", check=0).stdout)
    node.canh("journal", "check", heads, check=0)
    node.canh("journal", "export", copy, "--purpose", "x", check=0)
    if shutil.which("zstdcat"):
        out = subprocess.run(["zstdcat", copy], capture_output=True, check=True).stdout
        equal(len(out.splitlines()), COUNT, "zstdcat reads what was exported")
    with open(heads, encoding="utf-8") as f:
        signed = json.load(f)
    signed["streams"][0]["sealed"] += 1
    write(heads, json.dumps(signed, separators=(",", ":")) + "\n")
    r = node.canh("journal", "check", heads)
    ok(r.returncode != 0 and "sign" in r.stderr, "heads that somebody changed", r.stderr)


def test(top):
    log = os.path.join(top, "log.json")
    write(log, "")
    node = Node(top)
    try:
        ok(node.start(), "a node is ready", node.said())
        node.rows("source", "add", "files", log)
        with open(log, "a", encoding="utf-8") as f:
            for i in range(COUNT):
                f.write(LINE.format("evil" if i == 7 else "good", i))
        wait_for(lambda: searched(node, "") >= COUNT)
        compare(node, "running")
        ok(node.canh("journal", "verify").returncode > 1, "a journal in use is not opened")
        equal(node.stop(), 0, "it stops")
        compare(node, "stopped")
        stopped(node, top)
        copies(node, top)
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
