#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Consumers that are slow or stand still: a desk that takes no alerts, a search and a tail whose reader
does not read. What comes in is kept and answered meanwhile, memory stays bounded, and who reads on
misses nothing."""
import json
import os
import signal
import subprocess
import threading

from ingest import Client, lines
from node import Node, have_programs, wait_for
from support import CANH, done, equal, folder, ok

ASAN = os.path.basename(os.environ.get("CANH_BUILD_DIR", "")).endswith("asan")
BATCH, BATCHES = 4000, 12
KEEP_MAY_GROW, SEARCH_MAY_TAKE = 48 << 10, 160 << 10  # kB


def memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return int(dict(line.split(":", 1) for line in f)["VmRSS"].split()[0])


def sent(client, word, batches=BATCHES):
    """Whether every batch of events, each of some hundred bytes, was taken, some of them not at once."""
    taken = 0
    for k in range(batches):
        body = lines(*({"m": word, "n": BATCH * k + i, "text": f"{i:x}" * 60} for i in range(BATCH)))
        taken += wait_for(lambda body=body: client.ask("POST", "/v1/events", body)[0] == 200)
    return taken == batches


def attacks(client, host, n):
    """Log-ins that failed, each of another user, so that each is an alert of its own."""
    return client.ask("POST", "/v1/events", "".join(
        f"<38>1 - {host} sshd 7 - - Failed password for u{i} from 198.18.9.9 port 4{i:03} ssh2\n"
        for i in range(n)).encode())[0]


def hosts(node):
    return [a["user"] for a in node.rows("alert", "list", "--all", "-n", "100000")
            if a["host"] == "slowhost" and a["title"] == "Failed SSH Login"]


def test_desk(node, client):
    desk, keep = node.pids()["desk"], node.pids()["keep"]
    before = memory(keep)
    os.kill(desk, signal.SIGSTOP)
    for k in range(20):
        equal(attacks(client, "slowhost" if k == 0 else f"other{k}", 100), 200,
              "a desk that stands still: alerts are taken")
    ok(sent(client, "deskword"), "and so is what else comes")
    ok(ASAN or memory(keep) - before < KEEP_MAY_GROW, "keep's memory stays bounded", before, memory(keep))
    os.kill(desk, signal.SIGCONT)
    wait_for(lambda: len(hosts(node)) == 100)
    equal(len(set(hosts(node))), 100, "once it goes on, it has every alert")
    equal(node.pids()["desk"], desk, "it is the same one")


def reader(node, *args):
    return subprocess.Popen([CANH, *args, "--purpose", "test", "--json", "--lang", "en"],
                            stdout=subprocess.PIPE, env=node.environment(CANH_DIR=node.dir))


def test_search(node, client):
    search = reader(node, "search", "deskword")
    own, keep = wait_for(lambda: node.pids().get("search")), node.pids()["keep"]
    before = memory(keep)
    ok(sent(client, "searchword", 4), "a search whose reader does not read: events are taken")
    ok(ASAN or memory(own) < SEARCH_MAY_TAKE, "its memory stays bounded", memory(own))
    ok(ASAN or memory(keep) - before < KEEP_MAY_GROW, "and keep's", before, memory(keep))
    found = [json.loads(line)["offset"] for line in search.stdout]
    equal((search.wait(), len(found), len(set(found))), (1, BATCH * BATCHES, BATCH * BATCHES),
          "who reads on gets all of it, each once")


def test_tail(node, client):
    """It begins at the end, wherever that is by then: its first line says that it has begun."""
    tail = reader(node, "tail", "--events", "tailword or tailend")
    first = threading.Thread(target=tail.stdout.readline)
    first.start()
    wait_for(lambda: client.ask("POST", "/v1/events", lines({"m": "tailword begin"})) and not first.is_alive())
    ok(sent(client, "tailword", 6), "a tail whose reader does not read: events are taken")
    equal(client.ask("POST", "/v1/events", lines({"m": "tailend"}))[0], 200, "to the last")
    seen = 0
    for raw in tail.stdout:
        seen += b"begin" not in raw
        if b"tailend" in raw:
            break
    equal(seen, 6 * BATCH + 1, "who reads on gets all of it")
    tail.terminate()
    tail.wait()


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        node = Node(scratch)
        ok(node.start(), "the node starts", node.said())
        client = Client(node, node.rows("source", "add", "http")[0])
        ok(wait_for(lambda: client.ask("POST", "/v1/events", lines({"m": "first"}))[0] == 200), "events are taken")
        test_desk(node, client)
        test_search(node, client)
        test_tail(node, client)
        equal(node.stop(), 0, "it ends")
    done()


main()
