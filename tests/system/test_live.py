#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same events through a node and through canh scan give the same alerts: rules one by one, over
the fixtures of every rule that canh carries."""
import collections
import glob
import json
import os
import shutil
import time

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
    with open(os.path.join(to, "canh.conf"), "a", encoding="utf-8") as f:
        f.write("# changed\n")
    ok(node.canh("restore", "--verify", to).returncode > 1, "a file that was changed is found")
    node.dir = at


def test_other_journal(node, tmp):
    """The state beside a new journal, as after a restore: its offsets are of another one."""
    shutil.rmtree(os.path.join(node.dir, "journal"))
    os.mkdir(os.path.join(node.dir, "journal"), 0o700)
    ok(node.start(60), "it starts with a new journal", node.said())
    log = os.path.join(tmp, "auth.log")
    write(log, "")
    node.rows("source", "add", "files", log)
    for _ in range(20):
        with open(log, "a", encoding="utf-8") as f:
            f.write("Nov 29 13:00:00 web01 sshd[12]: Failed password for root from 203.0.113.7 "
                    "port 22 ssh2\n")
        if wait_for(lambda: node.rows("alert", "list"), 2):
            break
    equal({a["title"] for a in node.rows("alert", "list")}, {"Failed SSH Login"},
          "its alerts are taken in from the first one on")
    ok("the journal is another one" in node.said(), "which is told", node.said())

    def delays():
        text = node.canh("doctor", "--metrics").stdout
        return [line for line in text.splitlines()
                if line.startswith("canh_alert_delay_seconds_count") and not line.endswith(" 0")]
    ok(wait_for(delays), "how long alerts took is exported", node.canh("doctor").stdout)
    until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 86400))
    for match in ("host=web01", "about=web01 root"):
        node.rows("suppression", "add", "--match", match, "--reason", "drill", "--until", until)
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
        try:
            ok(node.start(60), "a node is ready", node.said())
            node.rows("source", "add", "files", path, "--since", "3650d")
            wait_for(lambda: recorded(node) == len(lines), 120)
            equal(recorded(node), len(lines), "every record is in the journal")
            rules = {rule for rule, _ in want}
            wait_for(lambda: listed(node, rules) == want, 60)
            got = listed(node, rules)
            equal({k: v for k, v in got.items() if want[k] != v}, {}, "no other alerts than in a scan")
            equal({k: v for k, v in want.items() if got[k] != v}, {}, "and none fewer")
            equal(node.stop(60), 0, "it ends in order")
            test_backup(node, tmp)
            test_other_journal(node, tmp)
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
