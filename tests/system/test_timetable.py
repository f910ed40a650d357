#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A node runs the checks of its state by itself: each on its interval, in a process of its own, its
results through the journal into the state; also after processes were killed."""
import http.server
import os
import sqlite3
import threading
import time

from node import Node, wait_for
from support import done, equal, folder, ok


class Page(http.server.BaseHTTPRequestHandler):
    up, asked = True, 0

    def do_GET(self):
        Page.asked += 1
        self.send_response(200 if Page.up else 500)
        self.end_headers()

    def log_message(self, *_):
        pass


def rows(node, *args):
    return node.rows(*args, "--state", os.path.join(node.dir, "state"))


def probes(node):
    return {p["code"]: p for p in rows(node, "probe", "status") if "state" in p}


def outcome(node):
    return probes(node).get("PAGE", {}).get("state")


def outages(node):
    return [p for p in rows(node, "probe", "status") if "outage" in p]


def test_rounds(node):
    ok(node.start(), "a node is ready", node.said())
    node.canh("journal", "status", check=0)
    with open(os.path.join(node.dir, "run", "health"), encoding="ascii") as f:
        equal(f.read().split()[1], "ok", "once the journal answers, its health says so")
    ok(wait_for(lambda: outcome(node) == "up", 20), "a check of the state runs by itself",
       node.said()[-800:], probes(node))
    have = Page.asked
    ok(wait_for(lambda: Page.asked > have + 1, 15), "and again after its interval")
    ok(node.kill("keep") and wait_for(lambda: node.pids().get("keep")), "keep was killed")
    have = Page.asked
    ok(wait_for(lambda: Page.asked > have + 1, 60), "checks go on", node.said()[-500:])


def test_outage(node):
    Page.up = False
    ok(wait_for(lambda: outcome(node) == "down", 40), "a page that is down is seen")
    ok(wait_for(lambda: outages(node), 20), "and becomes an outage")
    Page.up = True
    ok(wait_for(lambda: all(o["stop"] for o in outages(node)), 40),
       "that ends when the page is back", outages(node))


def finding(node, area):
    return [f for f in node.rows("doctor") if f["area"] == area]


def test_doctor(node):
    """What the node says of itself, on the command line and in files for others."""
    equal([f["state"] for f in finding(node, "node")], ["ok"], "doctor: the node runs")
    equal([f["state"] for f in finding(node, "checks")], ["ok"], "its checks get answers")
    equal([f["state"] for f in finding(node, "sources")], ["warn", "ok"],
          "watch lives, and that it has no source is told")
    equal([f["state"] for f in finding(node, "rules")], ["ok"], "its rules")
    equal(sorted(f["name"] for f in finding(node, "certificate")), ["ca", "console", "ingest"],
          "certificates")
    ok(wait_for(lambda: "canh_checks 1\n" in node.canh("doctor", "--metrics").stdout, 20),
       "metrics are written")
    with open(os.path.join(node.dir, "run", "health"), encoding="ascii") as f:
        ok(abs(int(f.read().split()[0]) - time.time()) < 60, "and health, with its time")


def heads(node):
    return [x for x in rows(node, "audit", "list", "-n", "1000")
            if (x["action"], x["thing"]) == ("head", "journal")]


def test_head(node):
    ok(wait_for(lambda: heads(node), 20), "the journal's heads come into the audit")
    ok(len(heads(node)) <= 2, "not with every tick", heads(node))


def test_compared(node):
    """The journal against the heads that the audit keeps."""
    r = node.canh("journal", "verify", check=0)
    ok("kept on" in r.stdout and "agree" in r.stdout, "the journal is the one of the audit", r.stdout)
    c = sqlite3.connect(os.path.join(node.dir, "state", "state.db"))
    c.execute("UPDATE audit SET content = replace(content, '\"sealed\":0', '\"sealed\":7')"
              " WHERE action = 'head'")
    c.commit()
    c.close()
    r = node.canh("journal", "verify")
    ok(r.returncode == 1 and "not the journal" in r.stderr, "one that lost records is not", r)


def main():
    with folder() as tmp:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        node = Node(tmp)
        try:
            unit = rows(node, "list", "units")[0]["code"]
            node.canh("probe", "add", "--state", os.path.join(node.dir, "state"), "--unit", unit,
                      "--every", "5s", "--timeout", "1s", "--code", "PAGE",
                      f"http://127.0.0.1:{server.server_port}/", check=0)
            test_rounds(node)
            test_outage(node)
            test_doctor(node)
            test_head(node)
            equal(node.stop(), 0, "it ends")
            test_compared(node)
            equal([f["state"] for f in finding(node, "node")], ["bad"],
                  "doctor: without a node that is the finding")
            said = node.canh("journal", "cat", "--stream", "results", "--purpose", "test", check=0)
            ok(said.stdout.count('"check":') >= 4, "every run stands in the journal", said.stdout)
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
