# SPDX-License-Identifier: Apache-2.0
"""A node that calls one person for every failed log-in of another machine."""
import json
import os
import subprocess

from node import Node, wait_for
from support import CANH, environment, write

RULE = """title: Tắt phần mềm chống mã độc
id: 0f0c8e5f-6b6e-4c53-9a65-0a1c6a3f7d99
status: test
logsource: {product: linux, service: sshd}
detection:
    selection: {event.action: ssh_login, event.outcome: failure}
    condition: selection
level: critical
"""
LINE = "Nov 29 13:00:00 {} sshd[12]: Failed password for root from 203.0.113.7 port 22 ssh2\n"


def canh_on(state, *args):
    r = subprocess.run([CANH, *args, "--state", state, "--lang", "en"], capture_output=True,
                       text=True, env=environment(), check=False)
    if r.returncode not in (0, 1):
        raise AssertionError(f"canh {args}: {r.returncode} {r.stderr}")
    return r.stdout


class Called:
    def __init__(self, scratch, send):
        """send: lines of canh.conf's [send]."""
        self.node = Node(scratch)
        self.rules = os.path.join(scratch, "rules")
        self.log = os.path.join(scratch, "auth.log")
        os.mkdir(self.rules)
        write(os.path.join(self.rules, "rule.yml"), RULE)
        write(self.log, "")
        self.configure(send)
        self.node.canh("user", "first", "truc", "--name", "Nguyễn Thị Mẫu", "--dir", self.node.dir,
                       check=0)
        state = os.path.join(self.node.dir, "state")
        unit = json.loads(canh_on(state, "list", "units", "--json").splitlines()[0])["code"]
        for kind, value in (("mobile", "0901234567"), ("email", "mau@example.invalid")):
            canh_on(state, "contact", "set", "--unit", unit, "--person", "truc", "--kind", kind,
                    "--value", value)

    def configure(self, send):
        write(os.path.join(self.node.dir, "canh.conf"), f"[detect]\nrules = {self.rules}\n[send]\n{send}")

    def messages(self, alert):
        return {m["channel"]: m for m in self.node.rows("alert", "calls", alert)}

    def raise_alert(self, host):
        """What is written before the file is followed counts as old: once more, then."""
        def raised():
            return [a["id"] for a in self.node.rows("alert", "list")
                    if a["about"].startswith(host) and a["level"] == "critical"]
        for _ in range(10):
            with open(self.log, "a", encoding="utf-8") as f:
                f.write(LINE.format(host))
            if wait_for(raised, 3):
                return raised()[0]
        raise AssertionError("no alert\n" + self.node.said())
