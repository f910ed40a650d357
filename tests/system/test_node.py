#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh init, source, serve: a failed ssh login in a followed file becomes an alert; processes are
killed at many moments, one by one and all at once, and the file is rotated meanwhile: every line is
in the journal once, every alert counted once."""
import os
import random
import shutil
import signal
import subprocess
import threading
import time

from forbidden import call_setns, can_inject
from node import Node, wait_for
from support import CANH, done, environment, equal, folder, ok, skip, write

LINE = "Nov 29 13:00:00 web01 sshd[12]: Failed password for root from 203.0.113.7 port {} ssh2\n"
SOAK = int(os.environ.get("CANH_SOAK", "0"))  # so many lines, at other moments each time


def failed(node):
    """Ports of the lines in the journal, in order."""
    rows = node.rows("search", "Failed", "password", "--purpose", "test")
    return [int(r["raw"].split()[-2]) for r in rows]


def counted(node):
    """Of single lines; what correlations make of them is test_windows()."""
    return sum(a["count"] for a in node.rows("alert", "list", "--all", "-n", "100000")
               if a["title"] == "Failed SSH Login")


def settled(node, want):
    """Waits until as many are counted; what is counted then."""
    def enough():
        try:
            return counted(node) >= want
        except AssertionError:
            return False
    wait_for(enough)
    time.sleep(0.5)
    return counted(node)


def test_thread(node, log):
    write(log, "Nov 29 12:00:00 web01 sshd[1]: Failed password for old from 203.0.113.1 port 9 ssh2\n")
    ok(node.start(), "a node is ready", node.said())
    added = node.rows("source", "add", "files", log)
    equal([(s["code"], s["kind"], s["paths"]) for s in added], [("S1", "files", log)],
          "a source is added while it runs")
    again = node.canh("source", "add", "files", os.path.join(os.path.dirname(log), "other"), log)
    ok(again.returncode > 1 and log in again.stderr and "S1" in again.stderr,
       "the same file is not read twice: the other source is named", again.stderr)
    with open(log, "a", encoding="utf-8") as f:
        f.write(LINE.format(1))
    alerts = wait_for(lambda: node.rows("alert", "list"))
    equal([(a["title"], a["level"], a["count"], a["host"], a["user"], a["address"])
           for a in alerts], [("Failed SSH Login", "low", 1, "web01", "root", "203.0.113.7")],
          "a failed login is an alert, with host, user and address")
    equal(failed(node), [1], "the journal has the line, and nothing from before the source")
    denied = node.canh("search", "Failed")
    ok(denied.returncode not in (0, 1) and "purpose" in denied.stderr,
       "looking at events needs a purpose", denied.stderr)
    tail = []
    t = threading.Thread(target=lambda: tail.extend(node.rows("tail", "--limit", "1")))
    t.start()
    have = 1
    while t.is_alive() and have < 200:  # it begins at the end of what is there
        have += 1
        with open(log, "a", encoding="utf-8") as f:
            f.write(LINE.format(have))
        t.join(0.5)
    t.join(60)
    equal([r["alert"]["address"] for r in tail], ["203.0.113.7"], "canh tail shows the next one")
    shown = node.rows("alert", "ack", alerts[0]["id"][:8], "--verdict", "known", "--note", "drill")
    equal([a["state"] for a in shown], ["closed"], "an alert is closed with a verdict")
    acks = node.canh("alert", "show", alerts[0]["id"][:8], check=0).stdout
    ok("known" in acks and "drill" in acks and f"uid {os.getuid()}" in acks,
       "who said what of it is shown", acks)
    return have


class Writer(threading.Thread):
    """Writes failed logins, a few at a time, and rotates its file."""

    def __init__(self, path, first, count):
        super().__init__()
        self.path, self.at, self.end = path, first, first + count
        self.rotate, self.rotated = None, 0

    def run(self):
        out = open(self.path, "a", encoding="utf-8")
        while self.at <= self.end:
            for _ in range(5):
                if self.at <= self.end:
                    out.write(LINE.format(self.at))
                    self.at += 1
            out.flush()
            if self.rotate == "rename":
                self.rotated += 1
                os.rename(self.path, f"{self.path}.{self.rotated}")
                out.close()
                out = open(self.path, "a", encoding="utf-8")
            elif self.rotate == "copytruncate":
                self.rotated += 1
                shutil.copy(self.path, f"{self.path}.{self.rotated}")
                os.truncate(self.path, 0)
            self.rotate = None
            time.sleep(0.02)
        out.close()


def test_kills(node, log, have):
    total = SOAK or 1500
    writer = Writer(log, have + 1, total - have - 1)
    seed = int(time.time()) if SOAK else 20261129
    rng = random.Random(seed)
    kills, step = 0, 0
    writer.start()
    while writer.is_alive():
        time.sleep(rng.uniform(0.05, 0.5))
        step += 1
        if step % 8 == 3:
            writer.rotate = "rename"
        elif step % 8 == 7:
            writer.rotate = "copytruncate"
        if step % 9 == 5:
            node.kill_all()
            ok(node.start(), f"it starts again after everything was killed ({step})", node.said())
            kills += 4
        else:
            kills += node.kill(rng.choice(("keep", "watch", "desk")))
    writer.join()
    ok(kills >= 10, f"{kills} processes were killed meanwhile (seed {seed})")
    equal(settled(node, total), total, "every alert is counted once")
    seen = failed(node)
    equal(len(seen), total, "the journal has as many lines as were written")
    missing = sorted(set(range(1, total + 1)) - set(seen))
    ok(not missing and len(set(seen)) == len(seen), "each of them, and none twice",
       f"missing {len(missing)}, from {missing[:3]} to {missing[-3:]}",
       f"twice {len(seen) - len(set(seen))}", node.said()[-1500:])


def test_since(node, tmp):
    """--since reads back as far as it says; what it reads is history and waits for nobody."""
    log = os.path.join(tmp, "older.log")
    line = "{} web02 sshd[9]: Failed password for {} from 203.0.113.9 port 1 ssh2\n"
    at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - 1800))
    write(log, line.format("2026-01-01T00:00:00+00:00", "ancient") + line.format(at, "recent"))
    before = len(node.rows("alert", "list", "--all"))
    node.rows("source", "add", "files", log, "--since", "1h")
    seen = wait_for(lambda: node.rows("search", "web02", "--purpose", "test"))
    equal([r["raw"].split()[0] for r in seen], [at], "--since reads back so far and no further")
    old = wait_for(lambda: [a for a in node.rows("alert", "list", "--all", "--history")
                            if a["user"] == "recent"])
    equal([a["host"] for a in old], ["web02"], "what it reads is matched, as history")
    equal(len(node.rows("alert", "list", "--all")), before, "and listed apart")


def test_burst(tmp):
    """More at once than waits to be sealed: every line is in the journal once."""
    count, width = 100000, 200
    node = Node(os.path.join(tmp, "burst"))
    log = os.path.join(tmp, "burst", "big.log")
    try:
        write(log, "")
        ok(node.start(), "a node for a burst is ready", node.said())
        node.rows("source", "add", "files", log)
        rng = random.Random(7)
        with open(log, "a", encoding="ascii") as f:
            for i in range(count):
                f.write(f"{i:06d} {rng.getrandbits(4 * width):0{width}x}\n")
        wait_for(lambda: node.rows("search", f"{count - 1:06d}", "--purpose", "test"), 120)
    finally:
        node.stop()
    streams = {s["stream"]: s for s in node.rows("journal", "status")}
    equal(streams["events/default"]["next"], count, "every line of a burst is recorded")
    # a segment whose records are in the tails still is written anew by whoever opens next
    stream = streams["events/default"]
    sizes = [os.path.getsize(os.path.join(at, n)) for at, _, names in
             os.walk(os.path.join(node.dir, "journal", "streams", "events")) for n in sorted(names)]
    equal(stream["stored"], sum(sizes[:stream["segments"]]),
          "journal status tells what segments take")
    ok(len(sizes) - stream["segments"] <= 1, "all but the last that was begun", sizes)
    ok(node.canh("journal", "verify").returncode == 0, "and what was sealed is whole")


def test_windows(node, log):
    """What correlations wait with outlives a killed watch and other rules."""
    line = ("Nov 29 13:00:00 web05 sshd[1]: {} password for guest from 198.51.100.77 port {} ssh2\n")

    def put(word, first, count):
        with open(log, "a", encoding="utf-8") as f:
            for i in range(first, first + count):
                f.write(line.format(word, i))
        wait_for(lambda: len(node.rows("search", "198.51.100.77", "--purpose", "x")) >= first + count)

    def of(title):
        return [(a["about"], a["count"]) for a in node.rows("alert", "list", "-n", "1000")
                if a["title"] == title and a["about"] == "198.51.100.77"]
    put("Failed", 0, 5)
    node.kill("watch")
    wait_for(lambda: "watch" in node.pids())
    put("Failed", 5, 4)
    watch = node.pids().get("watch")
    os.kill(node.process.pid, signal.SIGHUP)
    wait_for(lambda: node.pids().get("watch") not in (None, watch))
    put("Failed", 9, 1)
    ok(wait_for(lambda: of("Many Failed Logins From One Address")),
       "ten failed logins are one more alert, though watch was killed and the rules read anew")
    put("Accepted", 10, 1)
    equal(wait_for(lambda: of("Login After Many Failed Ones")), [("198.51.100.77", 1)],
          "a login behind them another one")
    equal(of("Many Failed Logins From One Address"), [("198.51.100.77", 1)],
          "and each was told once")
    # the clock of one of two logs is without zone, and far from now
    other = os.path.join(os.path.dirname(log), "zoned.log")
    write(other, "")
    node.rows("source", "add", "files", other)
    both = "{} web05 sshd[1]: Failed password for guest from 198.51.100.78 port {} ssh2\n"
    for i in range(10):
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()) if i % 2 else "Nov 29 13:00:00"
        with open(other if i % 2 else log, "a", encoding="utf-8") as f:
            f.write(both.format(at, i))
    ok(wait_for(lambda: [a for a in node.rows("alert", "list", "-n", "1000")
                         if a["about"] == "198.51.100.78"
                         and a["title"] == "Many Failed Logins From One Address"]),
       "what comes now from two logs is counted together, whatever hour one of them says")


def troubles(node, area):
    return [f for f in node.rows("doctor") if f["area"] == area and f["state"] != "ok"]


def test_reload(node):
    conf = os.path.join(node.dir, "canh.conf")
    with open(conf, encoding="utf-8") as f:
        good = f.read()
    write(conf, "[detect]\nfold = 5 s\n")
    watch = node.pids().get("watch")
    os.kill(node.process.pid, signal.SIGHUP)
    wait_for(lambda: "canh.conf is wrong" in node.said())
    ok("2:" in node.said().rsplit("canh.conf is wrong", 1)[-1].splitlines()[0],
       "a faulty canh.conf is told with its line", node.said()[-400:])
    equal(node.pids().get("watch"), watch, "and nothing ends")
    equal([f["text"].split(" ")[0] for f in troubles(node, "rules")], ["canh.conf"],
          "canh doctor tells of it")
    write(conf, good)
    os.kill(node.process.pid, signal.SIGHUP)
    ok(wait_for(lambda: node.pids().get("watch") not in (None, watch)), "a sound one starts watch again")
    equal(troubles(node, "rules"), [], "and canh doctor is content")


RULE = """title: Word %d
id: 00000000-0000-4000-8000-%012d
logsource: {product: linux}
detection:
  words: [canhword%d]
  condition: words
level: high
"""


def test_rules(node, tmp, log):
    """New rules are looked at before the old ones end: none of them, or far fewer, is a mistake."""
    rules = os.path.join(tmp, "rules")
    os.mkdir(rules)
    for i in range(20):
        write(os.path.join(rules, f"r{i}.yml"), RULE % (i, i, i))
    with open(os.path.join(node.dir, "canh.conf"), "a", encoding="utf-8") as f:
        f.write(f"[detect]\nrules = {rules}\n")
    watch = node.pids().get("watch")
    os.kill(node.process.pid, signal.SIGHUP)
    wait_for(lambda: node.pids().get("watch") not in (None, watch))
    time.sleep(0.5)
    with open(log, "a", encoding="utf-8") as f:
        f.write("Nov 29 13:00:00 web01 prog[1]: canhword7 happened\n")
    seen = wait_for(lambda: [a for a in node.rows("alert", "list") if a["title"] == "Word 7"])
    equal([a["level"] for a in seen], ["high"], "a rule of one's own finds, after SIGHUP")
    watch = node.pids().get("watch")
    for text in (lambda i: "title: [\n", None):
        for i in range(20 if text else 3):
            path = os.path.join(rules, f"r{i}.yml")
            if text:
                write(path, text(i))
            else:
                os.remove(path)
        before = node.said().count("the new rules are not taken")
        os.kill(node.process.pid, signal.SIGHUP)
        wait_for(lambda: node.said().count("the new rules are not taken") > before)
        equal(node.said().count("the new rules are not taken"), before + 1,
              "rules that are broken, or far fewer, are not taken")
        ok(any("new set of rules was refused" in f["text"] for f in troubles(node, "rules")),
           "canh doctor tells of it", troubles(node, "rules"))
        for i in range(20):
            write(os.path.join(rules, f"r{i}.yml"), RULE % (i, i, i))
    equal(node.pids().get("watch"), watch, "and watch goes on with those it has")


def test_forbidden(node):
    """Whoever breaks into a process and calls what it may not ends it; the node goes on."""
    if not can_inject():
        skip("calls are put into processes on x86-64, by root")
        return
    for part in "keep", "watch", "desk":
        wait_for(lambda: node.pids().get(part))
        pid = node.pids()[part]
        equal(call_setns(pid), "SIGSYS", f"{part} dies of a call that it has no business with")
        ok(wait_for(lambda: node.pids().get(part) not in (None, pid)), "and is there again")
    equal(call_setns(node.process.pid), "SIGSYS", "so does the parent")
    node.process.wait()
    ok(node.start(), "and a new one starts", node.said())


def test_confined(node, tmp):
    """Every process is locked in; a source that lies elsewhere is read by a new one."""
    pids = node.pids()
    equal(node.locked_in(), ["desk", "keep", "parent", "watch"],
          "every process is under seccomp, and without a gateway none is there to send")
    other = os.path.join(tmp, "elsewhere")
    os.mkdir(other)
    log = os.path.join(other, "a.log")
    write(log, "")
    node.rows("source", "add", "files", log)
    wait_for(lambda: node.pids().get("watch") not in (None, pids["watch"]))
    ok(node.pids().get("watch") not in (None, pids["watch"]),
       "a folder that watch may not read is for a new one")
    with open(log, "a", encoding="utf-8") as f:
        f.write("Nov 29 13:00:00 web04 prog[1]: here\n")
    ok(wait_for(lambda: node.rows("search", "web04", "--purpose", "test")), "which reads it")


def test_state(node, tmp):
    """Verbs of the state and of the node find it in the same way (WHICH NODE in canh(1))."""
    equal(len(node.rows("list", "units")), 1, "the node's own unit")
    elsewhere = os.path.join(tmp, "elsewhere")
    state = os.path.join(node.dir, "state")
    for verb in ("list", "units"), ("alert", "list"), ("source", "list"):
        for how, args, env in (("--dir", ("--dir", node.dir), {"CANH_STATE": elsewhere + "/state"}),
                               ("CANH_STATE", (), {"CANH_STATE": state, "CANH_DIR": elsewhere})):
            r = subprocess.run([CANH, *verb, *args, "--json"], capture_output=True, text=True, check=False,
                               env=environment(**env))
            ok(r.returncode in (0, 1), f"canh {' '.join(verb)} by {how}", r)
    r = subprocess.run([CANH, "list", "units", "--dir", elsewhere], capture_output=True, text=True,
                       check=False, env=environment(CANH_DIR=node.dir))
    ok(r.returncode > 1 and elsewhere + "/state" in r.stderr, "and where there is none, says where", r)
    kept = os.path.join(tmp, "kept")
    node.canh("backup", kept, check=0)
    r = node.canh("restore", kept, "--replace")
    ok(r.returncode not in (0, 1) and node.dir in r.stderr, "a node that runs keeps its state", r)
    ok(not os.path.exists(os.path.join(node.dir, "state.before-restore-1")), "where it lies")


def test_gateway(node):
    """Ways to people that canh.conf names now: those who send and who write begin anew with them."""
    conf = os.path.join(node.dir, "canh.conf")
    with open(conf, encoding="utf-8") as f:
        good = f.read()
    ok("send" not in node.pids(), "without a gateway nobody sends")
    desk = node.pids()["desk"]
    write(conf, good + "[send]\nsms = http://127.0.0.1:1/sms\n")
    os.kill(node.process.pid, signal.SIGHUP)
    ok(wait_for(lambda: "send" in node.pids() and node.pids().get("desk") not in (None, desk)),
       "one that is named while the node runs is sent to", node.said()[-1000:])
    if can_inject():
        equal(call_setns(node.pids()["send"]), "SIGSYS", "send dies of a forbidden call, too")
    write(conf, good)
    node.kill("desk")
    ok(wait_for(lambda: "send" not in node.pids() and node.pids().get("desk")),
       "one that is named no more ends with the next desk", node.said()[-1000:])
    ok(wait_for(lambda: node.canh("source", "list").returncode == 0), "and the node goes on")


def test_absent(node, tmp):
    """A source of which nothing can be read is told, and no more once there is something."""
    path = os.path.join(tmp, "later", "x.log")
    code = node.rows("source", "add", "files", path, path + ".gz")[0]["code"]

    def told():
        return [f["text"] for f in node.rows("doctor") if f["name"] == code and f["state"] == "warn"]
    ok(wait_for(told) and path in told()[0], "a source whose file is not there", node.rows("doctor"))
    shown = node.canh("source", "list").stdout
    ok(f"{path}, {path}.gz" in " ".join(shown.split()) or "\\n" not in shown, "files stand beside each other",
       shown)
    os.mkdir(os.path.dirname(path))
    write(path, "Nov 29 13:00:00 web06 prog[1]: here\n")
    ok(wait_for(lambda: not told()), "is none any more once it is", told())


def test_unseen(node, tmp):
    """A file that came and was rotated away before it was looked at is read all the same."""
    path = os.path.join(tmp, "unseen-a.log")
    line = "Nov 29 13:00:00 web03 sshd[12]: Failed password for x from 203.0.113.8 port {} ssh2\n"
    node.rows("source", "add", "files", os.path.join(tmp, "unseen-*.log"))
    write(path + ".tmp", line.format(1))
    os.rename(path + ".tmp", path + ".2")
    write(path + ".tmp", line.format(2))
    os.rename(path + ".tmp", path + ".1")
    write(path, line.format(3))
    seen = wait_for(lambda: (r := node.rows("search", "web03", "--purpose", "test"))
                    and len(r) == 3 and r)
    equal([r["raw"].split()[-2] for r in seen or []], ["1", "2", "3"],
          "what was rotated away unseen is read, in order")


def test_parent(node):
    """Who is started again at once waits for those whose parent died."""
    before = node.said().count("already")
    os.kill(node.process.pid, signal.SIGKILL)
    node.process.wait()
    ok(node.start(), "a node begins again right after its parent was killed", node.said()[-1000:])
    equal(node.said().count("already"), before, "without being told that it runs")


def test_end(node):
    equal(node.stop(), 0, "SIGTERM drains and ends it")
    equal(len(node.rows("alert", "list", "--all")) > 0, True,
          "the state is read without the node, too")
    equal(len(node.rows("search", "Failed", "-n", "3", "--purpose", "test")), 3,
          "and so is the journal")


def main():
    with folder() as tmp:
        node = Node(tmp)
        log = os.path.join(tmp, "auth.log")
        try:
            have = test_thread(node, log)
            test_kills(node, log, have)
            test_since(node, tmp)
            test_unseen(node, tmp)
            test_windows(node, log)
            test_confined(node, tmp)
            test_forbidden(node)
            test_state(node, tmp)
            test_absent(node, tmp)
            test_gateway(node)
            test_reload(node)
            test_rules(node, tmp, log)
            test_parent(node)
            test_end(node)
            test_burst(tmp)
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
