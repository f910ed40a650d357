#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An alert reaches a person: by SMS gateway, mail and webhook on loopback; what a gateway that
refuses or hangs does to it; processes killed between."""
import datetime
import hashlib
import hmac
import os
import socketserver
import threading
import time

from called import Called
from gateway import Gateway
from node import have_programs, wait_for
from support import done, equal, folder, ok, write



def instant(text):
    return datetime.datetime.fromisoformat(text).timestamp()


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


def sends(scratch, gateway, mail_port):
    return f"""smtp = smtp://127.0.0.1:{mail_port}
from = canh@example.invalid
sms = http://127.0.0.1:{gateway.port}/sms
webhook = http://127.0.0.1:{gateway.port}/hook
webhook-key = {scratch}/hook.key
"""


def goes_out(called, gateway, first):
    node = called.node
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
    wait_for(lambda: all(m["state"] == "sent" for m in called.messages(first).values()))
    equal(sorted((c, m["state"]) for c, m in called.messages(first).items()),
          [("mail", "sent"), ("sms", "sent"), ("webhook", "sent")], "it is known that they went")
    ok("send" in node.locked_in(), "what sends is under seccomp")
    node.kill("desk")
    node.kill("send")
    wait_for(lambda: {"desk", "send"} <= set(node.pids()) and
             node.canh("alert", "list").returncode in (0, 1))


def fails(called, gateway, first):
    node = called.node
    gateway.answer = 503
    second = called.raise_alert("may-b")
    wait_for(lambda: called.messages(second).get("sms", {}).get("reason"))
    sent = {channel: m["code"] for channel, m in called.messages(first).items()}
    equal(([x["id"] for x in gateway.of("/sms")].count(sent["sms"]),
           [x["id"] for x in gateway.of("/hook")].count(sent["webhook"]),
           sum(sent["mail"] in m for m in MailSink.got)), (1, 1, 1), "a restart sends nothing twice")
    equal(called.messages(second)["sms"]["reason"], "HTTP 503", "why it did not go is shown")
    gateway.answer = None
    third = called.raise_alert("may-c")
    wait_for(lambda: called.messages(third).get("sms", {}).get("state") == "handed")
    node.kill("send")
    wait_for(lambda: called.messages(third)["sms"]["reason"] == "unknown")
    equal(called.messages(third)["sms"]["reason"], "unknown", "what send had is unknown")
    code = called.messages(third)["sms"]["code"]
    gateway.answer = 200
    wait_for(lambda: called.messages(third)["sms"]["state"] == "sent")
    equal(called.messages(third)["sms"]["state"], "sent", "it goes again")
    ok([x["id"] for x in gateway.of("/sms")].count(code) >= 2, "under the same code")
    return second, third


def silent(called, gateway):
    """A gateway that takes a message and says nothing: it is said so, and the message goes again. (Of its
    ways the webhook alone has no limit on how many go to one person.)"""
    node = called.node
    gateway.answer = None
    alert = called.raise_alert("may-f")
    wait_for(lambda: called.messages(alert).get("webhook", {}).get("reason"))
    got = called.messages(alert)["webhook"]
    ok("timed out" in got["reason"] and got["state"] in ("waiting", "handed", "unknown"),
       "no answer in time: it is said so, and nobody holds it for sent", got)
    gateway.answer = 200
    wait_for(lambda: called.messages(alert)["webhook"]["state"] == "sent")
    ok([x["id"] for x in gateway.of("/hook")].count(got["code"]) >= 2,
       "it goes again under the same code", gateway.of("/hook"))
    return alert


def gone(called, gateway):
    """What waits for a gateway that the node has no more is not kept for years: it did not go out."""
    node = called.node
    gateway.answer = 503
    alert = called.raise_alert("may-g")
    wait_for(lambda: called.messages(alert).get("webhook", {}).get("reason"))
    equal(node.stop(), 0, "a node ends with a message that waits")
    path = os.path.join(node.dir, "canh.conf")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    write(path, text.split("[send]")[0])
    ok(node.start(), "it starts without a gateway", node.said())
    wait_for(lambda: called.messages(alert)["webhook"]["reason"] == "no way out")
    equal(called.messages(alert)["webhook"]["reason"], "no way out", "and says why nothing goes out")
    ok("send" not in node.pids(), "nothing is there that sends")
    return alert


def planned(called, gateway):
    """Announced work keeps an alert, marks it, and sends nothing, also not afterwards."""
    node = called.node
    made = node.rows("maintenance", "add", "--to", "+1h", "--reason", "updates")
    equal([round((instant(m["to"]) - instant(m["from"])) / 60) for m in made], [60],
          "so long from now")
    equal([(m["code"], m["now"], m["reason"]) for m in made], [("M1", True, "updates")],
          "work is announced")
    quiet = called.raise_alert("may-d")
    equal([a["planned"] for a in node.rows("alert", "show", quiet)], [True], "an alert is planned")
    equal([m["now"] for m in node.rows("maintenance", "end", "M1")], [False], "the work is over")
    loud = called.raise_alert("may-e")
    ok(wait_for(lambda: called.messages(loud)), "the next alert calls")
    equal(called.messages(quiet), {}, "and nothing follows of what was planned")
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
        write(os.path.join(scratch, "hook.key"), "bí mật\n")
        called = Called(scratch, sends(scratch, gateway, mail.server_address[1]))
        node = called.node
        ok(node.start(), "the node starts", node.said())
        node.rows("source", "add", "files", called.log)
        first = called.raise_alert("may-a")
        goes_out(called, gateway, first)
        second, third = fails(called, gateway, first)
        loud = planned(called, gateway)
        hung = silent(called, gateway)
        lost = gone(called, gateway)
        node.rows("alert", "ack", first, second, third, loud, hung, lost, "--verdict", "known")
        equal(node.stop(), 0, "and it ends")
        mail.shutdown()


main()
done()
