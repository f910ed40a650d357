#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same events through a node and through canh scan give the same alerts: rules one by one, over
the fixtures of every rule that canh carries."""
import collections
import datetime
import glob
import json
import os
import shutil
import sqlite3
import struct
import time
import zlib

from node import Node, wait_for
from support import ROOT, canh, done, equal, folder, ok, write


def fixtures():
    """Every record of rules/tests, a line each."""
    decoder = json.JSONDecoder()
    for path in sorted(glob.glob(os.path.join(ROOT, "rules", "tests", "**", "*.json"),
                                 recursive=True)):
        with open(path, encoding="utf-8") as f:
            text = f.read().strip()
        while text:
            value, end = decoder.raw_decode(text)
            text = text[end:].strip()
            for record in value if isinstance(value, list) else [value]:
                yield json.dumps(record, ensure_ascii=False)


def series():
    """Lines of sshd in the order of their times: passwords guessed, then right at last; one address
    that tries many accounts; one that goes from server to server; and what falls short of each."""
    begin = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=20)
    lines = []

    def line(hours, seconds, host, text):
        at = begin + datetime.timedelta(hours=hours, seconds=seconds)
        lines.append((at, f"{at:%Y-%m-%dT%H:%M:%S.%f}Z {host} sshd[77]: {text} port 4000 ssh2\n"))
    for k in range(8):
        for i in range(4 + 6 * (k % 4)):
            line(k * 5, i * 3, f"web{k}", f"Failed password for root from 198.18.0.{k}")
        if k % 2:
            line(k * 5, 400, f"web{k}", f"Accepted password for root from 198.18.0.{k}")
        for i in range(4 + 8 * (k % 3)):
            line(k * 5 + 2, i * 20, "mail", f"Failed password for user{i} from 198.18.1.{k}")
        for i in range(3 + 2 * k):
            line(k * 5 + 3, i * 30, f"srv{i}", f"Accepted publickey for an from 198.18.2.{k}")
    return [text for _, text in sorted(lines)]


def correlated(path):
    """{rule: alerts} of correlations in a scan."""
    found = collections.Counter()
    for line in canh("scan", path, "--json", "-q").text.splitlines():
        alert = json.loads(line)
        if "correlation" in alert["canh"]:
            found[alert["rule"]["id"]] += 1
    return found


def test_series(node, tmp):
    """Correlations too: the same alerts live, event after event, as in a scan of the whole."""
    path = os.path.join(tmp, "series.log")
    write(path, "".join(series()))
    want = correlated(path)
    ok(len(want) >= 4, f"correlations that a scan finds: {dict(want)}")

    def alerts():
        return collections.Counter(
            a["rule"] for a in node.rows("alert", "list", "--all", "--history", "-n", "100000")
            if a["rule"] in want)
    earlier, records = alerts(), recorded(node)
    node.rows("source", "add", "files", path, "--since", "3650d")
    wait_for(lambda: recorded(node) == records + sum(1 for _ in open(path, encoding="utf-8")))

    def got():
        return alerts() - earlier
    wait_for(lambda: got() == want, 20)
    equal(got(), want, "live they are the same")


FAILED = "5f0f0c8e-6b6e-4c53-9a65-0a1c6a3f7d21"   # a rule of one line
GUESSED = "3be82d4a-3680-4a82-a271-1add0f030ff4"  # ten of them within five minutes


def test_clock_changes(node, tmp):
    """A device writes times without a zone, and its clock goes an hour forward, or back: nothing becomes
    history, and what belongs together stays so."""
    for season, hours, address in (("spring", (1, 2), "198.18.7.1"), ("autumn", (2, 1), "198.18.7.2")):
        path = os.path.join(tmp, f"{season}.log")
        write(path, "")
        node.rows("source", "add", "files", path)

        def alerts(*more, address=address):
            return [a for a in node.rows("alert", "list", *more, "-n", "100000") if a["address"] == address]

        def failed(n):
            return sum(a["count"] for a in alerts("--all") if a["rule"] == FAILED) >= n
        with open(path, "a", encoding="utf-8", buffering=1) as f:
            for k, hour in enumerate(hours):
                at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hour)
                for i in range(6):
                    f.write(f"{at:%b %e %H:%M:%S} {season} sshd[77]: Failed password for root from {address} "
                            f"port {4000 + 10 * k + i} ssh2\n")
                ok(wait_for(lambda k=k: failed(6 * k + 6), 20), f"{season}: an alert while it is new")
        ok(wait_for(lambda: [a for a in alerts("--all") if a["rule"] == GUESSED], 20),
           f"{season}: both hours are one series of guesses", alerts("--all"))
        equal(alerts("--history"), [], f"{season}: and none of it is history")


def test_zone(node, tmp):
    """What a source's times mean that name no zone."""
    at = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) - datetime.timedelta(days=1)
    path = os.path.join(tmp, "zone.log")
    write(path, f"{at + datetime.timedelta(hours=7):%b %e %H:%M:%S} zoned sshd[77]: Failed password for root "
                "from 198.18.7.3 port 4000 ssh2\n")
    for zone in ("Europe/Berlin", "Asia/Nowhere", "+15:30"):
        r = node.canh("source", "add", "files", path, "--zone", zone)
        ok(r.returncode == 64 and zone in r.stderr, f"--zone {zone} is refused", r)
    node.rows("source", "add", "files", path, "--since", "7d", "--zone", "Asia/Ho_Chi_Minh")

    equal([s["zone"] for s in node.rows("source", "list") if s["paths"] == path], ["+07:00"], "its zone is listed")

    def first():
        return [a["first"][:19] for a in node.rows("alert", "list", "--history", "--all", "-n", "100000")
                if a["address"] == "198.18.7.3"]
    ok(wait_for(first), "a line of yesterday is read")
    equal(first(), [f"{at:%Y-%m-%dT%H:%M:%S}"], "and is of when it says in its zone")


def scanned(path):
    """{(rule, host): matches} of single events."""
    found = collections.Counter()
    for line in canh("scan", path, "--json", "-q").text.splitlines():
        alert = json.loads(line)
        if "correlation" not in alert["canh"]:
            found[alert["rule"]["id"], alert.get("host", {}).get("name", "")] += 1
    return found


def listed(node, rules):
    found = collections.Counter()
    for alert in node.rows("alert", "list", "--all", "--history", "-n", "100000"):
        if alert["rule"] in rules:
            found[alert["rule"], alert["host"]] += alert["count"]
    return found


SCHEMA = os.path.join(ROOT, "src", "state", "schema")


def state_of_before(node):
    """The node's state as the version of canh before this one would have left it: empty."""
    state = os.path.join(node.dir, "state", "state.db")
    scripts = sorted(os.listdir(SCHEMA))[:-1]
    for name in glob.glob(state + "*"):
        os.remove(name)
    os.makedirs(os.path.dirname(state), mode=0o700, exist_ok=True)
    db = sqlite3.connect(state)
    for name in scripts:
        with open(os.path.join(SCHEMA, name), encoding="utf-8") as f:
            db.executescript(f.read())
    db.execute(f"PRAGMA user_version = {len(scripts)}")
    db.commit()
    db.close()
    os.chmod(state, 0o600)
    node.canh("init", node.dir, *node.user(), check=0)  # adopts the state that is there
    return f"{state}.before-{len(scripts) + 1:03}"


def refused(node, why, what):
    """A node of another version's files does not start, and says what to do; nothing is changed."""
    r = node.canh("serve", node.dir, "--port-base", str(node.port_base), *node.user(), timeout=60)
    ok(r.returncode > 1, what, r.stderr)
    ok(why in r.stderr and "use the" in r.stderr, "and it says what to do", r.stderr[-600:])


def test_future(node):
    """What a newer canh has left behind: a state, then a journal."""
    path = os.path.join(node.dir, "state", "state.db")

    def version(v=None):
        db = sqlite3.connect(path)
        was = db.execute("PRAGMA user_version").fetchone()[0]
        if v is not None:
            db.execute(f"PRAGMA user_version = {v}")
            db.commit()
        db.close()
        return was
    now = version(999)
    refused(node, "schema version 999", "a state of the future is not opened")
    equal(version(now), 999, "nor changed")
    path = os.path.join(node.dir, "journal", "offsets")
    with open(path, "rb") as f:
        was = f.read()
    size = struct.unpack("<I", was[4:8])[0]
    head = was[8:16] + struct.pack("<H", 9) + was[18:4 + size]
    write(path, was[:8] + head + struct.pack("<I", zlib.crc32(head)) + was[8 + size:])
    refused(node, "journal format 9", "nor a journal of the future")
    write(path, was)
    node.canh("journal", "verify", check=0)


def recorded(node):
    r = node.canh("search", "--purpose", "test", "--json")
    return len(r.stdout.splitlines()) if r.returncode in (0, 1) else -1


def ids(node):
    return ([(s["id"], s["code"]) for s in node.rows("source", "list")],
            sorted(a["id"] for a in node.rows("alert", "list", "--all", "--history", "-n", "99999")))


def test_backup(node, tmp):
    """A whole node carried elsewhere: ids, alerts and the journal are the same; nothing is taken in
    twice."""
    to, other = os.path.join(tmp, "backup"), os.path.join(tmp, "elsewhere")
    before = ids(node)
    node.canh("backup", "--dir", node.dir, "--journal", "--with-key", to, check=0)
    node.canh("restore", "--verify", to, check=0)
    node.canh("restore", "--dir", other, to, check=0)
    ok(node.canh("restore", "--dir", other, to).returncode > 1, "a node that is there is not replaced")
    at, node.dir = node.dir, other
    node.canh("journal", "verify", check=0)
    ok(node.start(60), "the restored node starts", node.said())
    equal(ids(node), before, "sources and alerts are the same")
    ok("another one" not in node.said(), "of the same journal")
    equal(node.stop(60), 0, "it ends in order")
    whole, lone = os.path.join(tmp, "whole"), os.path.join(tmp, "lone")
    node.canh("backup", whole, check=0)
    ok(os.path.exists(os.path.join(whole, "keys", "ca.crt")) and not os.path.exists(os.path.join(whole, "keys", "ca.key")),
       "the node is meant where none is named; its keys stay apart")
    equal(node.canh("restore", whole).returncode, 73, "also by restore, which replaces none")
    node.canh("backup", "--state", os.path.join(other, "state"), lone, check=0)
    ok("not of a node" in node.canh("restore", "--dir", os.path.join(tmp, "third"), lone).stderr,
       "a state alone is told from a node")
    equal(node.canh("backup", "--journal", "--state", os.path.join(other, "state"), lone).returncode, 64,
          "and has no journal")
    with open(os.path.join(to, "canh.conf"), "a", encoding="utf-8") as f:
        f.write("# changed\n")
    ok(node.canh("restore", "--verify", to).returncode > 1, "a file that was changed is found")
    node.dir = at


def test_other_journal(node, tmp):
    """The state beside a new journal, as after a restore: its offsets are of another one."""
    shutil.rmtree(os.path.join(node.dir, "journal"))
    os.mkdir(os.path.join(node.dir, "journal"), 0o700)
    with open(os.path.join(node.dir, "canh.conf"), "a", encoding="utf-8") as f:
        f.write("[limits]\nrecord = 4 KiB\n")
    ok(node.start(60), "it starts with a new journal", node.said())
    log = os.path.join(tmp, "auth.log")
    write(log, "")
    node.rows("source", "add", "files", log)

    def listed():
        return {a["title"] for a in node.rows("alert", "list") if a["host"] == "web01"}
    for _ in range(20):
        with open(log, "a", encoding="utf-8") as f:
            f.write("Nov 29 13:00:00 web01 sshd[12]: Failed password for root from 203.0.113.7 "
                    "port 22 ssh2\n")
        if wait_for(listed, 2):
            break
    equal(listed(), {"Failed SSH Login"}, "its alerts are taken in from the first one on")
    ok("the journal is another one" in node.said(), "which is told", node.said())

    def delays():
        text = node.canh("doctor", "--metrics").stdout
        return [line for line in text.splitlines()
                if line.startswith("canh_alert_delay_seconds_count") and not line.endswith(" 0")]
    ok(wait_for(delays), "how long alerts took is exported", node.canh("doctor").stdout)
    with open(log, "a", encoding="utf-8") as f:
        f.write("Nov 29 13:00:00 web01 prog[1]: " + "x" * 5000 + "\n")

    def cut():
        return [a["count"] for a in node.rows("alert", "list") if a["rule"] == "canh:not-examined"]
    wait_for(cut)
    equal(cut(), [1], "a line cut at the limit was not examined, which is an alert")
    until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))
    for match in ("host=web01", "about=web01 root"):
        node.rows("suppression", "add", "--match", match, "--reason", "drill", "--until", until)
    r = node.canh("suppression", "add", "--rule", "failed ssh login", "--reason", "drill", "--until", until,
                  check=0)
    ok("failed ssh login" in r.stderr and "Failed SSH Login" in r.stderr and "X3" in r.stdout,
       "a rule that is not called so is told, with the one that may be meant", r)
    r = node.canh("suppression", "add", "--rule", "5f0f0c8e-6b6e-4c53-9a65-0a1c6a3f7d21", "--reason",
                  "drill", "--until", until, check=0)
    equal(r.stderr, "", "one that there is is taken without a word")
    conf = os.path.join(node.dir, "canh.conf")
    with open(conf, encoding="utf-8") as f:
        before = f.read()
    write(conf, before + "\nnonsense\n")
    r = node.canh("suppression", "add", "--rule", "failed ssh login", "--reason", "drill", "--until", until,
                  check=0)
    ok("could not be looked up" in r.stderr and "canh.conf" in r.stderr and "X5" in r.stdout,
       "that the rules could not be asked is told", r)
    write(conf, before)
    r = node.canh("suppression", "export", check=0)
    ok("X2" in r.stderr, "what a scan cannot tell apart is named", r.stderr)
    path = os.path.join(tmp, "quiet.yml")
    write(path, r.stdout)
    quiet = canh("scan", log, "--suppress", path, "--json", "-q")
    alerts = [json.loads(line)["canh"] for line in quiet.text.splitlines()]
    equal({a.get("suppression") for a in alerts if "correlation" not in a}, {"X1"},
          "a scan reads what was exported")
    equal(node.stop(60), 0, "it ends in order")


def main():
    lines = list(fixtures())
    with folder() as tmp:
        path = os.path.join(tmp, "events.ndjson")
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for line in lines)
        want = scanned(path)
        ok(len(want) > 30, f"scan finds {sum(want.values())} matches of {len(want)} kinds")
        node = Node(tmp)
        old = state_of_before(node)
        try:
            ok(node.start(60), "a node is ready", node.said())
            ok(os.path.exists(old), "its state was migrated, and is kept as it was")
            node.rows("source", "add", "files", path, "--since", "3650d")
            wait_for(lambda: recorded(node) == len(lines), 120)
            equal(recorded(node), len(lines), "every record is in the journal")
            rules = {rule for rule, _ in want}
            wait_for(lambda: listed(node, rules) == want, 60)
            got = listed(node, rules)
            equal({k: v for k, v in got.items() if want[k] != v}, {}, "no other alerts than in a scan")
            equal({k: v for k, v in want.items() if got[k] != v}, {}, "and none fewer")
            test_series(node, tmp)
            test_clock_changes(node, tmp)
            test_zone(node, tmp)
            equal(node.stop(60), 0, "it ends in order")
            test_backup(node, tmp)
            test_other_journal(node, tmp)
            test_future(node)
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
