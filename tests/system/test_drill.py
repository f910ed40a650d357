#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drills: the whole chain on a node, marked as one from the log to the paper, and nothing left of it."""
import json
import os

from gateway import Gateway
from node import Node, have_programs, wait_for
from support import done, equal, folder, ok, write


def prepared(scratch, gateway):
    node = Node(scratch)
    write(os.path.join(node.dir, "canh.conf"),
          f"[send]\nsms = http://127.0.0.1:{gateway.port}/sms\n")
    node.canh("user", "first", "truc", "--name", "Nguyễn Thị Mẫu", "--dir", node.dir, check=0)
    state = os.path.join(node.dir, "state")
    unit = json.loads(node.canh("list", "units", "--json", "--state", state).stdout)["code"]
    node.canh("contact", "set", "--unit", unit, "--person", "truc", "--kind", "mobile", "--value",
              "0901234567", "--state", state, check=0)
    return node


def lines(r):
    return [line[12:].strip() for line in r.stdout.splitlines()]


def test_whole(node, gateway, scratch):
    out = os.path.join(scratch, "papers")
    os.mkdir(out)
    r = node.canh("drill", "ransom", "--answer", "--output", out, check=0, timeout=120)
    said = "\n".join(lines(r))
    for step in ("staged", "written", "sees it", "called by the ladder", "sent", "took it",
                 "it is case", "drafted", "taken away"):
        ok(step in said, f"the chain says: {step}", r.stdout)
    texts = [x["text"] for x in gateway.of("/sms")]
    ok(texts and all(t.startswith("DIEN TAP") for t in texts), "every message says so", texts)
    equal(sorted(os.path.splitext(n)[1] for n in os.listdir(out)),
          [".odt", ".pdf", ".pdf", ".pdf", ".pdf"], "five papers")
    alerts = node.rows("alert", "list", "--all")
    ok(alerts and all(a["title"].startswith("DRILL –") for a in alerts), "its alerts are marked",
       alerts)
    ok(all(a["state"] == "closed" for a in alerts), "and closed", alerts)
    equal(node.rows("case", "list"), [], "its case is closed")
    equal(node.rows("source", "list"), [], "its source is gone")
    ok(not [n for n in os.listdir(os.path.join(node.dir, "run")) if n.endswith(".log")],
       "and its log")


def test_shift(node, gateway):
    before = len(gateway.of("/sms"))
    r = node.canh("drill", "missed-shift", "--wait", "1s", timeout=120)
    equal(r.returncode, 1, "nobody took the shift: status 1")
    ok("nobody took it" in r.stdout, "and it says so", r.stdout)
    wait_for(lambda: len(gateway.of("/sms")) > before)
    ok(gateway.of("/sms")[-1]["text"].startswith("DIEN TAP"), "who was to stand was told",
       gateway.of("/sms"))
    r = node.canh("drill", "missed-shift", "--answer", check=0, timeout=120)
    ok("took it" in r.stdout and "taken away" in r.stdout, "taken, and over", r.stdout)


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        gateway = Gateway()
        node = prepared(scratch, gateway)
        r = node.canh("drill", "ssh")
        ok(r.returncode not in (0, 1) and "a node that runs" in r.stderr, "not without a node",
           r.stderr)
        equal(node.canh("drill", "earthquake").returncode, 64, "no such drill")
        ok(node.start(), "the node starts", node.said())
        test_whole(node, gateway, scratch)
        test_shift(node, gateway)
        equal(node.stop(), 0, "and it ends")


main()
done()
