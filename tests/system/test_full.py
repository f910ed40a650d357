#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that is full: senders are told to wait, the oldest events go and the audit says so, alerts
and audit have their reserve, and everything goes on by itself; a search that was reading what went
says how much."""
import base64
import json
import os
import re
import subprocess
import sys

from ingest import Client, bulk
from node import Node, have_programs, wait_for
from support import CANH, done, equal, folder, ok, skip

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


def hog(folder_of_it, leave):
    free = os.statvfs(folder_of_it)
    with open(os.path.join(folder_of_it, "hog"), "wb") as f:
        os.posix_fallocate(f.fileno(), 0, free.f_bavail * free.f_bsize - leave)


def statuses(c):
    """Of four documents, each by itself."""
    _, _, body = c.ask("POST", "/_bulk", bulk("create", *((None, junk("more")) for _ in range(4))))
    return [x["create"]["status"] for x in body["items"]]


def findings(node):
    return {(x["area"], x["name"]): x["state"] for x in node.rows("doctor")}


def test_full(node, tmp):
    c = Client(node, node.rows("source", "add", "elasticsearch")[0])
    fill(node, c)
    reading = subprocess.Popen(
        [CANH, "search", "message:round*", "--purpose", "test", "--json", "--dir", node.dir,
         "--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=node.environment())
    first = reading.stdout.readline()
    hog(tmp, 1 << 20)
    seen = []
    ok(wait_for(lambda: seen.extend(statuses(c)) or 429 in seen), "_bulk: 429 item by item", seen)
    ok(set(seen) <= {201, 429}, "and nothing else", seen)
    ok(wait_for(lambda: statuses(c) == [201] * 4), "room is made, and it goes on")
    ok(wait_for(lambda: findings(node).get(("disk", "room")) == "warn"), "which doctor tells",
       node.rows("doctor"))
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
