#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that is full: senders are told to wait, and nothing goes that is younger than keep-least;
alerts come all the same, each once. Where they may, the oldest events go and the audit says so, and
everything goes on by itself; a search that was reading what went says how much."""
import base64
import json
import os
import re
import subprocess
import sys

from ingest import Client, bulk
from node import Node, have_programs, wait_for
from support import CANH, done, equal, folder, hog, ok, skip

INSIDE = "--inside"
ROOM = 96  # MiB
ROUNDS, REQUESTS, LINES = 4, 4, 20
RECORDS = ROUNDS * REQUESTS * LINES


def junk(word):
    """45 KiB that do not compress."""
    return {"message": word + " " + base64.b64encode(os.urandom(45 << 10)).decode()}


def fill(node, c):
    """A segment for each keep: it seals what it finds."""
    for n in range(ROUNDS):
        for _ in range(REQUESTS):
            body = "".join(json.dumps(junk(f"round{n}")) + "\n" for _ in range(LINES))
            equal(c.ask("POST", "/v1/events", body.encode())[0], 200, "events")
        before = node.pids().get("keep")
        node.kill("keep")
        ok(wait_for(lambda: node.pids().get("keep") not in (None, before)), "another keep")


def statuses(c):
    """Of four documents, each by itself."""
    _, _, body = c.ask("POST", "/_bulk", bulk("create", *((None, junk("more")) for _ in range(4))))
    return [x["create"]["status"] for x in body["items"]]


ATTACK = ("attack", {"winlog": {
    "channel": "Microsoft-Windows-Sysmon/Operational", "event_id": 1, "computer_name": "pc1",
    "event_data": {"Image": "C:\\t\\mimikatz.exe", "CommandLine": "mimikatz sekurlsa::logonpasswords"}}})


def attack(c, room=8, named=True):
    """Its status, among more than there is room for."""
    what = ATTACK if named else (None, ATTACK[1])
    _, _, body = c.ask("POST", "/_bulk", bulk("index", what, *((None, junk("with")) for _ in range(room))))
    return body["items"][0]["index"]["status"]


def findings(node):
    return {(x["area"], x["name"]): x["state"] for x in node.rows("doctor")}


def test_held(node, c, tmp):
    """All there is, is young."""
    seen = []
    ok(wait_for(lambda: seen.extend(statuses(c)) or seen[-4:] == [429] * 4), "_bulk: 429 item by item",
       seen)
    ok(set(seen) <= {201, 429}, "and nothing else", seen)
    alerts = []
    ok(wait_for(lambda: attack(c) == 429 and alerts.extend(node.rows("alert", "list")) or alerts),
       "an alert comes, although its event has no place", node.said())
    ok(wait_for(lambda: "too young" in findings_text(node)), "doctor tells that nothing may go",
       findings_text(node))
    equal(attack(c), 429, "nothing does")
    equal([attack(c, named=False) for _ in range(3)], [429] * 3, "nor without a name, again and again")
    equal(node.stop(), 0, "it ends")
    ok(node.start(), "and begins again on a full disk", node.said())
    equal(attack(c), 429, "where events take nothing of what is left for alerts")
    ok(wait_for(lambda: attack(c) == 429 and "too young" in findings_text(node)), "as doctor tells",
       findings_text(node))
    os.unlink(os.path.join(tmp, "hog"))
    ok(wait_for(lambda: attack(c, 0) in (200, 201)), "there is room again: the event finds it by itself")
    ok(wait_for(lambda: "too young" not in findings_text(node), 40), "and doctor says no more of it",
       findings_text(node))
    ok([(a["id"], 1) for a in alerts] == [(a["id"], a["count"]) for a in node.rows("alert", "list")],
       "its alerts are the same, once each", alerts, node.rows("alert", "list"))
    equal(node.stop(), 0, "it ends again")
    conf = os.path.join(node.dir, "canh.conf")
    with open(conf, encoding="utf-8") as f:
        text = re.sub("#keep-least = .*", "keep-least = 0 s", f.read())
    with open(conf, "w", encoding="utf-8") as f:
        f.write(text)
    ok(node.start(), "with another keep-least it begins again", node.said())


def findings_text(node):
    return "\n".join(x["text"] for x in node.rows("doctor"))


def test_full(node, tmp):
    c = Client(node, node.rows("source", "add", "elasticsearch")[0])
    fill(node, c)
    hog(tmp, 1 << 20)
    test_held(node, c, tmp)
    hog(tmp, 1 << 20)
    reading = subprocess.Popen(
        [CANH, "search", "message:round*", "--purpose", "test", "--json", "--dir", node.dir,
         "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=node.environment())
    first = reading.stdout.readline()
    ok(wait_for(lambda: statuses(c) and findings(node).get(("disk", "room")) == "warn"),
       "room is made, which doctor tells", node.rows("doctor"))
    ok(wait_for(lambda: statuses(c) == [201] * 4), "and it goes on")
    out, err = reading.communicate()
    got, said = out.count(b"\n") + 1, re.search(rb"(\d+) records were removed", err)
    ok(first and got + (int(said[1]) if said else 0) == RECORDS,
       "a search that was reading: what it gave, and what it says went, are all", got, err)
    equal(node.stop(), 0, "it ends")
    r = node.canh("journal", "verify")
    ok(r.returncode == 0, "the journal is whole", r.stdout + r.stderr)


def main():
    if sys.argv[1:2] == [INSIDE]:
        node = Node(sys.argv[2])
        try:
            ok(node.start(), "it starts", node.said())
            test_full(node, sys.argv[2])
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
        done()
    with folder() as tmp:
        command = ["unshare", "--mount", "sh", "-c",
                   f'mount -t tmpfs -o size={ROOM}m tmpfs "$0" && exec "$@"', tmp]
        if not have_programs() or subprocess.run([*command, "true"], capture_output=True,
                                                 check=False).returncode != 0:
            skip("no small disk can be made here")
            done()
        sys.exit(subprocess.run([*command, sys.executable, __file__, INSIDE, tmp], check=False).returncode)


main()
