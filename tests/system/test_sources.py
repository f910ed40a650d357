#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh source add journal, evtx-folder: entries of the systemd journal by cursor, through rotation
and kill -9; EVTX files that are dropped, copied over with more in them, wrapped round and cleared.
Every record is in the journal once, in order."""
import json
import os
import shutil
import subprocess
import time

import evtx
from node import Node, wait_for
from support import canh, done, equal, folder, ok, skip, write

REMOTE = "/lib/systemd/systemd-journal-remote"
BOOT = "0123456789abcdef0123456789abcdef"


class Journal:
    """A folder of journal files that systemd-journal-remote writes."""

    def __init__(self, path):
        self.path, self.count = path, 0
        os.makedirs(path)

    def entry(self, message, more=b""):
        self.count += 1
        at = int(time.time() * 1e6)
        return (f"__REALTIME_TIMESTAMP={at}\n__MONOTONIC_TIMESTAMP={self.count}\n_BOOT_ID={BOOT}\n"
                f"MESSAGE={message}\nSYSLOG_IDENTIFIER=sshd\n_COMM=sshd\n_HOSTNAME=web01\n"
                "PRIORITY=6\n").encode() + more + b"\n"

    def write(self, *entries):
        subprocess.run([REMOTE, "-o", os.path.join(self.path, "system.journal"), "-"],
                       input=b"".join(entries), capture_output=True, check=True)

    def failed(self, *ports):
        self.write(*(self.entry(f"Failed password for root from 203.0.113.7 port {p} ssh2")
                     for p in ports))

    def rotate(self):
        os.rename(os.path.join(self.path, "system.journal"),
                  os.path.join(self.path, f"system@{self.count:032x}-1-1.journal"))


def searched(node, *words):
    """What a search finds, once the node can be asked."""
    def ask():
        r = node.canh("search", *words, "--purpose", "test", "--json")
        return r if r.returncode in (0, 1) else None
    r = wait_for(ask, 60)
    return [json.loads(line) for line in r.stdout.splitlines()] if r else []


def ports(node):
    rows = searched(node, "Failed", "password")
    return [int(r["raw"].split(" port ")[1].split()[0]) for r in rows]


def numbers(node):
    rows = searched(node, "EventID:1")
    return [int(json.loads(r["raw"])["Event"]["System"]["EventRecordID"]) for r in rows]


def comes(node, look, want, name, seconds=60):
    """Until it is so; then what it is."""
    wait_for(lambda: look(node) == want, seconds)
    equal(look(node), want, name)


def test_journal(node, tmp):
    j = Journal(os.path.join(tmp, "journal"))
    j.failed(1)
    node.rows("source", "add", "journal", j.path)
    # the source begins at the end once it is followed: an entry that came before is left out
    probe = 100
    while probe < 400 and not wait_for(lambda: ports(node), 1):
        j.failed(probe)
        probe += 1
    first = ports(node)
    ok(first and 1 not in first, "a source begins at the journal's end", first)
    wait_for(lambda: probe - 1 in ports(node), 60)
    have = ports(node)
    j.failed(401, 402)
    j.rotate()
    j.failed(403)
    comes(node, ports, have + [401, 402, 403], "entries around a rotation come once, in order")
    node.kill_all()
    j.failed(404)
    j.rotate()
    j.failed(405)
    ok(node.start(60), "it starts again after everything was killed", node.said())
    j.failed(406)
    comes(node, ports, have + [401, 402, 403, 404, 405, 406],
          "what came meanwhile, on both sides of a rotation, comes once")
    alerts = [a for a in node.rows("alert", "list", "--all") if a["title"] == "Failed SSH Login"]
    equal({(a["host"], a["user"], a["address"]) for a in alerts},
          {("web01", "root", "203.0.113.7")}, "sshd's entries are logins, as in a file")
    j.write(j.entry("canh itself", b"_SYSTEMD_UNIT=canh.service\n"),
            j.entry("binary", b"DATA\n\x05\0\0\0\0\0\0\0a\0b\nc\n"))
    rows = wait_for(lambda: searched(node, "binary"), 60)
    ok(rows and "DATA\n\x05\0\0\0\0\0\0\0a\0b\nc" in rows[0]["raw"], "a binary value is kept as it is",
       rows)
    equal(searched(node, "itself"), [], "canh's own log is not read back")


def drop(path, content):
    with open(path + ".part", "wb") as f:
        f.write(content)
    os.rename(path + ".part", path)


def test_evtx(node, tmp):
    path = os.path.join(tmp, "share", "pc-1")
    os.makedirs(path)
    node.rows("source", "add", "evtx-folder", os.path.join(tmp, "share"))
    log = os.path.join(path, "Sysmon.EVTX")
    drop(log, evtx.file(evtx.chunk([1, 2, 3])))
    comes(node, numbers, [1, 2, 3], "a file that is dropped is read whole")
    drop(log, evtx.file(evtx.chunk([1, 2, 3, 4]), evtx.chunk([5, 6]), dirty=True))
    comes(node, numbers, [1, 2, 3, 4, 5, 6], "of one that has grown only what is new")
    node.kill_all()
    drop(log, evtx.file(evtx.chunk([9, 10]), evtx.chunk([5, 6, 7, 8])))
    ok(node.start(60), "it starts again", node.said())
    comes(node, numbers, list(range(1, 11)), "a log that goes on at its beginning, in order")
    drop(log, evtx.file(evtx.chunk([20, 21])))
    comes(node, numbers, [*range(1, 11), 20, 21], "numbers that were overwritten are missing")
    ok("something is missing (overwritten)" in node.said(), "which is told", node.said())
    drop(log, evtx.file(evtx.chunk([1, 2], host="PC-NEW")))
    comes(node, numbers, [*range(1, 11), 20, 21, 1, 2], "a cleared log begins anew")
    drop(os.path.join(path, "other.evtx"), b"no log at all" * 100)
    ok(wait_for(lambda: "other.evtx" in node.said(), 60), "what is no log is told", node.said())
    whoami = [a for a in node.rows("alert", "list", "--all", "--history")]
    equal(node.rows("alert", "list"), [], "records from years ago are history: nobody waits for them")
    ok(all(a["history"] for a in whoami), "their alerts are listed apart", whoami)


MODULE = """title: %s
id: 00000000-0000-4000-8000-00000000000%d
logsource: {product: windows, service: sysmon}
detection:
  thread: {EventID: 8, StartModule: %s}
  condition: thread
level: low
"""
MODULES = {"is null": "null", "is empty": "''", "is a text": "'?*'"}


def module_rules(node, tmp):
    rules = os.path.join(tmp, "rules")
    os.mkdir(rules)
    for i, (title, value) in enumerate(MODULES.items()):
        write(os.path.join(rules, title + ".yml"), MODULE % (title, i, value))
    with open(os.path.join(node.dir, "canh.conf"), "a", encoding="utf-8") as f:
        f.write(f"[detect]\nrules = {rules}\n")
    return rules


def test_empty(node, tmp, rules):
    """Data without content is null and empty, the same when scanned, received, and searched later."""
    log = os.path.join(tmp, "share", "pc-2.evtx")
    drop(log, evtx.file(evtx.chunk([1], image="", event="8", name="StartModule")))
    found = canh("scan", "-r", rules, log, "--json", "-q").text.splitlines()
    equal(sorted(json.loads(line)["rule"]["name"] for line in found), ["is empty", "is null"], "a scan")

    def listed():
        return sorted(a["title"] for a in node.rows("alert", "list", "--all", "--history")
                      if a["title"] in MODULES)
    wait_for(lambda: len(listed()) > 1, 60)
    equal(listed(), ["is empty", "is null"], "live")
    equal([len(searched(node, "EventID:8", "-r", os.path.join(rules, title + ".yml")))
           for title in MODULES], [1, 1, 0], "what the journal holds, with a rule")


def test_folders(node, tmp):
    """Folders that a pattern names come and go."""
    pods = os.path.join(tmp, "pods")
    inner = os.path.join(pods, "one", "web")
    os.makedirs(inner)
    os.makedirs(os.path.join(pods, ".hidden", "web"))
    os.symlink(os.path.join(tmp, "pods", "one"), os.path.join(pods, "linked"))
    write(os.path.join(inner, "0.log"), "podmark old\n")
    write(os.path.join(pods, ".hidden", "web", "0.log"), "podmark hidden\n")
    for wrong in ("/*/x.log", pods + "/**/x.log", "/a/*/*/*/*/*/*/*/*/*"):
        equal(node.canh("source", "add", "files", wrong).returncode, 65, f"{wrong}: refused")
    node.rows("source", "add", "files", pods + "/../pods/*/we?/*.log")

    def lines():
        return sorted(r["raw"] for r in searched(node, "podmark"))
    later = os.path.join(pods, "two", "web")
    os.makedirs(later)
    write(os.path.join(later, "0.log"), "podmark two\n")
    write(os.path.join(pods, "two", "0.log"), "podmark beside\n")
    wait_for(lines, 60)
    equal(lines(), ["podmark two"], "a folder that came is read from its beginning, a known one from its end")
    with open(os.path.join(inner, "0.log"), "a", encoding="utf-8") as f:
        f.write("podmark one\n")
    wait_for(lambda: len(lines()) == 2, 60)
    equal(lines(), ["podmark one", "podmark two"], "and what comes into either, once")
    shutil.rmtree(os.path.join(pods, "two"))

    def held():
        fds = f"/proc/{node.pids()['watch']}/fd"
        return [n for n in os.listdir(fds) if os.path.islink(f"{fds}/{n}") and later in os.readlink(f"{fds}/{n}")]
    ok(held(), "a file that went is read to its end")
    wait_for(lambda: not held(), 90)
    equal(held(), [], "and left then")
    os.makedirs(later)
    write(os.path.join(later, "0.log"), "podmark two again\n")
    wait_for(lambda: len(lines()) == 3, 60)
    equal(lines(), ["podmark one", "podmark two", "podmark two again"], "one that went and came again")
    equal([line for line in node.said().splitlines() if "something is missing" in line and pods in line], [],
          "and nothing of it is said to be missing")


COLUMNS = ("#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: {}\r\n"
           "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip sc-status\r\n")
ROW = "{} 192.0.2.1 GET /index.aspx id=1%27%20UNION%20SELECT%20password%20FROM%20users-- 203.0.113.{} 200\r\n"


def test_layouts(node, tmp):
    """Records of several lines, rows that need the names above them, UTF-16: told and found again."""
    logs = os.path.join(tmp, "layouts")
    os.mkdir(logs)
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    rows = os.path.join(logs, "u_ex.log")
    write(rows, COLUMNS.format(now) + ROW.format(now, 1))
    source = node.rows("source", "add", "files", logs + "/*.log", "--name", "portal")[0]

    def alerts():
        return [a for a in node.rows("alert", "list", "--all") if a["title"] == "SQL in the Address of a Page"]

    def told():
        return sum(a["count"] for a in alerts())
    for i in range(2, 60):  # the source begins at the end once it is followed
        with open(rows, "a", encoding="utf-8", newline="") as f:
            f.write(ROW.format(now, i))
        if wait_for(told, 2):
            break
    node.kill("watch")
    with open(rows, "a", encoding="utf-8", newline="") as f:
        f.write(ROW.format(now, 200))
    wait_for(lambda: len(searched(node, "c-ip:203.0.113.200")) == 1, 60)
    equal(len(searched(node, "c-ip:203.0.113.200")), 1, "a row is found by its column, also behind a kill")
    ok(told() >= 2, "and what it says is told")
    equal({a["about"] for a in alerts()}, {source["code"] + " portal"}, "by the source's name")
    write(os.path.join(logs, "app.log"),
          f"{now},123 ERROR [main] a.B - x\njava.io.IOException: y\n\tat a.B.c(B.java:1)\n{now},124 INFO [main] a.B - z\n")
    with open(os.path.join(logs, "wide.log"), "w", encoding="utf-16", newline="") as f:
        f.write(f"{now} Đăng nhập thất bại widemark\r\n")
    wait_for(lambda: searched(node, "IOException") and searched(node, "widemark"), 60)
    equal([r["raw"] for r in searched(node, "IOException")],
          [f"{now},123 ERROR [main] a.B - x\njava.io.IOException: y\n\tat a.B.c(B.java:1)"],
          "the trace of an error is one record")
    equal([r["raw"] for r in searched(node, "widemark")], [f"{now} Đăng nhập thất bại widemark"],
          "UTF-16 is read")


def test_order(node, tmp):
    """S2 stands before S10."""
    for i in range(11):
        node.rows("source", "add", "files", os.path.join(tmp, f"{i}.order"))
    codes = [s["code"] for s in node.rows("source", "list")]
    equal(codes, sorted(codes, key=lambda c: int(c[1:])), "numbers in codes are numbers in lists")
    ok("S10" in codes, "of more than nine")


def test_named_twice(node, tmp):
    """However a file is named: it is read once."""
    log = os.path.join(tmp, "twice.log")
    write(log, "")
    os.symlink(log, os.path.join(tmp, "link.log"))
    os.symlink(tmp, os.path.join(tmp, "folder"))
    added = node.rows("source", "add", "files", log, log, os.path.join(tmp, "folder", "twice.log"),
                      os.path.join(tmp, "twi*.log"))
    equal([s["paths"].split("\n") for s in added], [[log, os.path.join(tmp, "twi*.log")]],
          "of paths that are the same one stands there")
    for path in (os.path.join(tmp, ".", "twice.log"), os.path.join(tmp, "folder", "twice.log"),
                 os.path.join(tmp, "?wice.log")):
        r = node.canh("source", "add", "files", path)
        ok(r.returncode > 1 and added[0]["code"] in r.stderr, f"{path} is read already", r)
    r = node.canh("source", "add", "files", os.path.join(tmp, "link.log"))
    ok(r.returncode > 1 and log in r.stderr, "of a link is told where it leads", r)
    with open(log, "a", encoding="utf-8") as f:
        f.write("Nov 29 13:00:00 web09 prog[1]: once\n")
    wait_for(lambda: node.rows("search", "web09", "--purpose", "test"))
    equal(len(node.rows("search", "web09", "--purpose", "test")), 1, "what it has comes once")


def main():
    with folder() as tmp:
        node = Node(tmp)
        rules = module_rules(node, tmp)
        ok(node.start(60), "a node is ready", node.said())
        test_evtx(node, tmp)
        test_empty(node, tmp, rules)
        test_layouts(node, tmp)
        test_folders(node, tmp)
        test_named_twice(node, tmp)
        test_order(node, tmp)
        if os.path.exists(REMOTE):
            test_journal(node, tmp)
        else:
            skip("systemd-journal-remote is not installed")
        equal(node.stop(60), 0, "it ends in order")
    done()


main()
