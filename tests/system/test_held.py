#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""While a large import writes, the desk goes on: whatever else would write waits in its order, and
the loop never stands still for it. Told by what it counts, not by time."""
import json
import os
import re
import socket
import threading
import time

from called import RULE
from console import Visitor, demo
from node import have_programs, wait_for
from support import done, equal, folder, ok, skip, write

PEOPLE = 6000
LINE = "<38>Nov 29 13:00:00 may-{} sshd[12]: Failed password for root from 203.0.113.7 port 22 ssh2\n"


def people():
    rows = "".join(f"NT{i};Người Thử Số {i};XA-A;Chuyên viên;09{i:08};n{i}@vi-du.example;Cán bộ trực\n"
                   for i in range(PEOPLE))
    return ("Mã cán bộ;Họ và tên;Đơn vị;Chức vụ;Số điện thoại;Email;Vai trò\n" + rows).encode()


def metric(node, name):
    with open(os.path.join(node.dir, "run", "metrics.prom"), encoding="utf-8") as f:
        return int(re.search(rf"^canh_{name} (\d+)$", f.read(), re.M).group(1))


def metrics_from(node, moment):
    """They are written anew now and then."""
    path = os.path.join(node.dir, "run", "metrics.prom")
    return wait_for(lambda: os.stat(path).st_mtime > moment)


class Import(threading.Thread):
    """The import is shown, then done."""

    def __init__(self, visitor, path, *body, **fields):
        super().__init__()
        self.visitor, self.path, self.body, self.fields, self.answer = visitor, path, body, fields, None
        self.start()

    def run(self):
        if self.body:
            self.answer = self.visitor.upload(self.path, *self.body)
        else:
            self.answer = self.visitor.send(self.path, **self.fields)


class Sender:
    """Failed log-ins, each an alert of its own."""

    def __init__(self, node):
        self.socket = socket.create_connection(("127.0.0.1", node.port_base + 2))
        self.count = 0

    def send(self):
        self.socket.sendall(LINE.format(self.count).encode())
        self.count += 1


def raised(visitor):
    return [a["id"] for a in json.loads(visitor.get("/api/v1/alerts")[1])["items"] if a["about"].startswith("may-")]


def work_beside(node, work, officer, sender):
    """Acknowledges alerts, on the console and by command line, and raises more, until it is over."""
    alerts, said = raised(officer), []
    while work.is_alive() or not said:
        sender.send()
        said.append(officer.send(f"/alerts/{alerts[len(said) % len(alerts)]}/ack", verdict="seen")[0])
        said.append(officer.get("/alerts")[0])
        if len(said) == 2:
            r = node.canh("alert", "ack", node.rows("alert", "list")[0]["id"])
            said.append(303 if r.returncode == 0 else (r.returncode, r.stderr))
    work.join()
    return [x for x in said if x not in (200, 303)]


def test_import(node):
    admin, officer, sender = Visitor(node, "thutruong"), Visitor(node, "truc"), Sender(node)
    sender.send()
    wait_for(lambda: raised(officer))
    shown = Import(admin, "/import/people", "nguoi.csv", people())
    equal(work_beside(node, shown, officer, sender), [], "while it is shown everybody is answered")
    status, page = shown.answer
    found = re.search(r'name="waiting" value="([0-9a-f]+)"', page)
    if not ok(status == 200 and found, "the list is shown", page[:3000]):
        return
    made = Import(admin, "/import/people/apply", waiting=found.group(1))
    equal(work_beside(node, made, officer, sender), [], "while it is written, too")
    equal(made.answer[0], 303, "it is written")
    ok(wait_for(lambda: len([a for a in node.rows("alert", "list", "--all") if a["about"].startswith("may-")
                              and a["level"] == "critical"]) == sender.count),
       "every alert of that time is taken in", sender.count)
    metrics_from(node, time.time())
    ok(metric(node, "requests_held_total") >= 1, "requests waited for it", metric(node, "requests_held_total"))
    equal(metric(node, "state_waits_total"), 0, "the loop did not")
    ok(len(admin.get("/people?find=nguoi+thu+so+5999")[1]) > 0, "its people are there")
    equal(node.stop(), 0, "it ends")
    equal(node.canh("audit", "verify", "--state", f"{node.dir}/state").returncode, 0, "the audit is whole")


def main():
    if not have_programs():
        skip("needs the node's programs")
        done()
        return
    with folder() as tmp:
        node = demo(tmp)
        rules = os.path.join(tmp, "rules")
        write(os.path.join(rules, "rule.yml"), RULE)
        with open(os.path.join(node.dir, "canh.conf"), "a", encoding="utf-8") as f:
            f.write(f"\n[detect]\nrules = {rules}\n")
        try:
            ok(node.start(), "it starts", node.said())
            node.rows("source", "add", "syslog", "--from", "127.0.0.1", "--unit", "XA-A")
            test_import(node)
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
