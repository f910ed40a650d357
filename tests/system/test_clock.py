#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A node under a clock that cannot be right: it goes on, says so in red, and marks what it writes."""
import os
import sqlite3

from node import Node, wait_for
from support import done, equal, folder, ok

DAY = 86400 * 10**9


def rows(node, *args):
    return node.rows(*args, "--state", os.path.join(node.dir, "state"))


def last_entry_ahead(node, days):
    """As if somebody had written under a clock that was set ahead."""
    c = sqlite3.connect(os.path.join(node.dir, "state", "state.db"))
    c.execute("UPDATE audit SET received = received + ? WHERE seq = (SELECT max(seq) FROM audit)",
              (days * DAY,))
    c.commit()
    c.close()


def clock_of(node):
    return [f for f in node.rows("doctor") if f["name"] == "clock" and f["state"] != "good"]


def main():
    with folder() as tmp:
        node = Node(tmp)
        state = os.path.join(node.dir, "state")
        unit = rows(node, "list", "units")[0]["code"]
        node.canh("probe", "add", "--state", state, "--unit", unit, "--every", "5s", "--timeout", "1s",
                  "--code", "P", "127.0.0.1:1")
        ok(rows(node, "probe", "list"), "a probe", rows(node, "probe", "list"))
        last_entry_ahead(node, 40)
        r = node.canh("probe", "remove", "P", "--unit", unit, "--state", state)
        ok(r.returncode == 77 and "clock" in r.stderr, "a person is refused", r)
        r = node.canh("probe", "remove", "P", "--unit", "MAI", "--state", state)
        ok(r.returncode == 77 and "MAI" in r.stderr and "clock" in r.stderr,
           "and told of the clock where a unit is not in force by it", r)
        last_entry_ahead(node, -40)
        status = lambda: [p for p in rows(node, "probe", "status") if p.get("state", "never") != "never"]
        marked = lambda: [p for p in status() if p.get("clock")]
        try:
            ok(node.start(), "a node begins", node.said())
            ok(wait_for(status, 40), "a result comes in", rows(node, "probe", "status"))
            equal(marked(), [], "not marked: the clock is right")
            equal(clock_of(node), [], "doctor has nothing to say of it")
            last_entry_ahead(node, 40)
            clock = clock_of(node)
            equal([(f["area"], f["state"]) for f in clock], [("node", "bad")],
                  "the clock jumps while it runs: doctor is red")
            ok("doubtful clock" in clock[0]["text"], "and says why", clock)
            ok(wait_for(marked, 40), "the node goes on", rows(node, "probe", "status"))
            equal({p["clock"] for p in marked()}, {"doubtful"}, "and marks what it writes")
            r = node.canh("probe", "status", "--state", state)
            ok("!" in r.stdout, "for people, too", r)
            marks = [x["clock"] for x in rows(node, "audit", "list", "-n", "3")]
            ok("doubtful" in marks, "so are entries of the audit", marks)
            equal(node.stop(), 0, "it ends")
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
