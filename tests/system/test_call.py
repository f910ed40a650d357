#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An alert reaches a person: by SMS gateway, mail and webhook on loopback; what a gateway that
refuses or hangs does to it; processes killed between."""
import hashlib
import hmac
import json
import os
import socketserver
import subprocess
import threading
import time

from gateway import Gateway
from node import Node, have_programs, wait_for
from support import CANH, done, environment, equal, folder, ok, write

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


class MailSink(socketserver.StreamRequestHandler):
    got = []

    def say(self, line):
        self.wfile.write(line + b"\r\n")

    def handle(self):
        self.say(b"220 sink")
        lines = None
        while line := self.rfile.readline():
            if lines is not None and line != b".\r\n":
                lines.append(line)
            elif lines is not None:
                MailSink.got.append(b"".join(lines).decode())
                lines = None
                self.say(b"250 taken")
            elif line[:4].upper() == b"DATA":
                lines = []
                self.say(b"354 go on")
            elif line[:4].upper() == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 ok")


def canh_on(state, *args):
    r = subprocess.run([CANH, *args, "--state", state, "--lang", "en"], capture_output=True,
                       text=True, env=environment(), check=False)
    if r.returncode not in (0, 1):
        raise AssertionError(f"canh {args}: {r.returncode} {r.stderr}")
    return r.stdout


def prepared(scratch, gateway, mail_port):
    node = Node(scratch)
    rules = os.path.join(scratch, "rules")
    os.mkdir(rules)
    write(os.path.join(rules, "rule.yml"), RULE)
    write(os.path.join(scratch, "hook.key"), "bí mật\n")
    write(os.path.join(node.dir, "canh.conf"), f"""[detect]
rules = {rules}
[send]
smtp = smtp://127.0.0.1:{mail_port}
from = canh@example.invalid
sms = http://127.0.0.1:{gateway.port}/sms
webhook = http://127.0.0.1:{gateway.port}/hook
webhook-key = {scratch}/hook.key
""")
    node.canh("user", "first", "truc", "--name", "Nguyễn Thị Mẫu", "--dir", node.dir, check=0)
    state = os.path.join(node.dir, "state")
    unit = json.loads(canh_on(state, "list", "units", "--json").splitlines()[0])["code"]
    for kind, value in (("mobile", "0901234567"), ("email", "mau@example.invalid")):
        canh_on(state, "contact", "set", "--unit", unit, "--person", "truc", "--kind", kind,
                "--value", value)
    return node


def messages(node, alert):
    return {m["channel"]: m for m in node.rows("alert", "calls", alert)}


def goes_out(node, gateway, first):
    wait_for(lambda: len(gateway.got) >= 2 and MailSink.got)
    sms, hook = gateway.of("/sms"), gateway.of("/hook")
    equal([x["to"] for x in sms], ["+84901234567"], "one SMS, to the person")
    ok("[NGHIEM TRONG] Tat phan mem chong ma doc" in sms[0]["text"], "what it says, plain",
       sms[0]["text"])
    ok(not any(w in sms[0]["text"] for w in ("may-a", "root", "203.0.113", "Nguy", "0901")),
       "no machine, account, address, name or number", sms[0]["text"])
    equal(len(hook), 1, "the webhook is told once")
    headers, body = next(x[1:] for x in gateway.got if x[0] == "/hook")
    equal(headers["X-Canh-Signature"],
          "sha256=" + hmac.new("bí mật".encode(), body, hashlib.sha256).hexdigest(), "signed")
    equal(len(MailSink.got), 1, "one mail")
    ok("To: mau@example.invalid" in MailSink.got[0] and "Message-ID: <canh-" in MailSink.got[0],
       "to the address", MailSink.got[0])
    wait_for(lambda: all(m["state"] == "sent" for m in messages(node, first).values()))
    equal(sorted((c, m["state"]) for c, m in messages(node, first).items()),
          [("mail", "sent"), ("sms", "sent"), ("webhook", "sent")], "it is known that they went")
    ok("send" in node.locked_in(), "what sends is under seccomp")
    node.kill("desk")
    node.kill("send")
    wait_for(lambda: {"desk", "send"} <= set(node.pids()) and
             node.canh("alert", "list").returncode in (0, 1))


def fails(node, gateway, first, raise_alert):
    gateway.answer = 503
    second = raise_alert("may-b")
    wait_for(lambda: messages(node, second).get("sms", {}).get("reason"))
    sent = {channel: m["code"] for channel, m in messages(node, first).items()}
    equal(([x["id"] for x in gateway.of("/sms")].count(sent["sms"]),
           [x["id"] for x in gateway.of("/hook")].count(sent["webhook"]),
           sum(sent["mail"] in m for m in MailSink.got)), (1, 1, 1), "a restart sends nothing twice")
    equal(messages(node, second)["sms"]["reason"], "HTTP 503", "why it did not go is shown")
    gateway.answer = None
    third = raise_alert("may-c")
    wait_for(lambda: messages(node, third).get("sms", {}).get("state") == "handed")
    node.kill("send")
    wait_for(lambda: messages(node, third)["sms"]["reason"] == "unknown")
    equal(messages(node, third)["sms"]["reason"], "unknown", "what send had is unknown")
    code = messages(node, third)["sms"]["code"]
    gateway.answer = 200
    wait_for(lambda: messages(node, third)["sms"]["state"] == "sent")
    equal(messages(node, third)["sms"]["state"], "sent", "it goes again")
    ok([x["id"] for x in gateway.of("/sms")].count(code) >= 2, "under the same code")
    return second, third


def silent(node, gateway, raise_alert):
    """A gateway that takes a message and says nothing: it is said so, and the message goes again. (Of its
    ways the webhook alone has no limit on how many go to one person.)"""
    gateway.answer = None
    alert = raise_alert("may-f")
    wait_for(lambda: messages(node, alert).get("webhook", {}).get("reason"))
    got = messages(node, alert)["webhook"]
    ok("timed out" in got["reason"] and got["state"] in ("waiting", "handed", "unknown"),
       "no answer in time: it is said so, and nobody holds it for sent", got)
    gateway.answer = 200
    wait_for(lambda: messages(node, alert)["webhook"]["state"] == "sent")
    ok([x["id"] for x in gateway.of("/hook")].count(got["code"]) >= 2,
       "it goes again under the same code", gateway.of("/hook"))
    return alert


def gone(node, gateway, raise_alert):
    """What waits for a gateway that the node has no more is not kept for years: it did not go out."""
    gateway.answer = 503
    alert = raise_alert("may-g")
    wait_for(lambda: messages(node, alert).get("webhook", {}).get("reason"))
    equal(node.stop(), 0, "a node ends with a message that waits")
    path = os.path.join(node.dir, "canh.conf")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    write(path, text.split("[send]")[0])
    ok(node.start(), "it starts without a gateway", node.said())
    wait_for(lambda: messages(node, alert)["webhook"]["reason"] == "no way out")
    equal(messages(node, alert)["webhook"]["reason"], "no way out", "and says why nothing goes out")
    ok("send" not in node.pids(), "nothing is there that sends")
    return alert


def planned(node, gateway, raise_alert):
    """Announced work keeps an alert, marks it, and sends nothing, also not afterwards."""
    until = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600))
    made = node.rows("maintenance", "add", "--to", until, "--reason", "updates")
    equal([(m["code"], m["now"], m["reason"]) for m in made], [("M1", True, "updates")],
          "work is announced")
    quiet = raise_alert("may-d")
    equal([a["planned"] for a in node.rows("alert", "show", quiet)], [True], "an alert is planned")
    equal([m["now"] for m in node.rows("maintenance", "end", "M1")], [False], "the work is over")
    loud = raise_alert("may-e")
    ok(wait_for(lambda: messages(node, loud)), "the next alert calls")
    equal(messages(node, quiet), {}, "and nothing follows of what was planned")
    equal(node.rows("maintenance", "list"), [], "what is over is not listed")
    return loud


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        gateway = Gateway()
        mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailSink)
        mail.daemon_threads = True
        threading.Thread(target=mail.serve_forever, daemon=True).start()
        node = prepared(scratch, gateway, mail.server_address[1])
        log = os.path.join(scratch, "auth.log")
        write(log, "")
        ok(node.start(), "the node starts", node.said())
        node.rows("source", "add", "files", log)

        def raise_alert(host):
            """What is written before the file is followed counts as old: once more, then."""
            def raised():
                return [a["id"] for a in node.rows("alert", "list")
                        if a["about"].startswith(host) and a["level"] == "critical"]
            for _ in range(10):
                with open(log, "a", encoding="utf-8") as f:
                    f.write(LINE.format(host))
                if wait_for(raised, 3):
                    return raised()[0]
            raise AssertionError("no alert\n" + node.said())

        first = raise_alert("may-a")
        goes_out(node, gateway, first)
        second, third = fails(node, gateway, first, raise_alert)
        loud = planned(node, gateway, raise_alert)
        hung = silent(node, gateway, raise_alert)
        lost = gone(node, gateway, raise_alert)
        node.rows("alert", "ack", first, second, third, loud, hung, lost, "--verdict", "known")
        equal(node.stop(), 0, "and it ends")
        mail.shutdown()


main()
done()
