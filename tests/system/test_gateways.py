#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gateways that misbehave: an SMS gateway that answers garbage, ends early or drips; mail servers that
refuse, put off, die in the middle of a mail, or break STARTTLS. What is not known to have gone out is
not held for sent, why is said, and it goes again under the same code."""
import os
import socketserver
import threading

from called import Called
from node import have_programs, wait_for
from support import done, equal, folder, ok

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ANSWERS = {"garbage": b"\x16\x03\x01 xin ch\xc3\xa0o, not HTTP\n" * 40,
           "early": b"",
           "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"}


class Raw(socketserver.StreamRequestHandler):
    """Takes a whole request, answers with the bytes that are set, ends."""

    def handle(self):
        size, server = 0, self.server
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        if size == 0: # the question for SMS that came in
            self.wfile.write(server.inbox)
            return
        server.got.append(self.rfile.read(size).decode())
        self.wfile.write(GOOD if server.answer is None else server.answer)


class Mail(socketserver.StreamRequestHandler):
    """A mail server in one of the moods below, or a good one."""

    def say(self, line):
        self.wfile.write(line + b"\r\n")

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
            if self.server.mood == "dies":
                return None
        return b"".join(lines).decode()

    def handle(self):
        server = self.server
        self.say(b"220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            server.heard.append((server.mood, verb.decode()))
            if verb == b"EHLO":
                self.wfile.write(b"250-sink\r\n250 STARTTLS\r\n" if server.mood == "broken"
                                 else b"250 sink\r\n")
            elif verb == b"STAR":
                self.say(b"220 go ahead")
                self.wfile.write(b"this is no TLS\r\n" * 20)
                return
            elif verb == b"RCPT" and server.mood == "later":
                self.say(b"450 4.2.0 greylisted, come back later")
            elif verb == b"RCPT" and server.mood == "refuses":
                self.say(b"550 5.1.1 no such mailbox here")
            elif verb == b"DATA":
                self.say(b"354 go on")
                mail = self.take()
                if mail is None:
                    return
                server.got.append(mail)
                self.say(b"250 taken")
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 ok")


def serve(handler, host="127.0.0.1", **more):
    server = socketserver.ThreadingTCPServer((host, 0), handler)
    server.daemon_threads = True
    server.got, server.heard = [], []
    for name, value in more.items():
        setattr(server, name, value)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, server.server_address[1]


def sends(gateway, mail):
    return f"""smtp = smtp://{mail}
from = canh@example.invalid
sms = http://127.0.0.1:{gateway}/sms
sms-inbox = http://127.0.0.1:{gateway}/inbox
webhook = http://127.0.0.1:{gateway}/hook
"""


def handed_out(text):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)


def goes_wrong(called, gateway, mail, answer, mood, words):
    """One alert under a gateway and a mail server that misbehave, until both are well again."""
    gateway.answer, mail.mood = ANSWERS[answer], mood
    alert = called.raise_alert(f"may-{answer}")
    told = lambda: {c: m["reason"] for c, m in called.messages(alert).items() if m["reason"]}
    wait_for(lambda: {"webhook", "mail"} <= set(told()))
    got = called.messages(alert)
    ok(all(got[c]["state"] != "sent" for c in got), f"{answer}, {mood}: nothing is held for sent", got)
    ok({"webhook", "mail"} <= set(told()) and words in told()["mail"], "and it is said why", told())
    gateway.answer = mail.mood = None
    wait_for(lambda: all(m["state"] == "sent" for m in called.messages(alert).values()))
    after = called.messages(alert)
    equal({c: m["state"] for c, m in after.items()}, {c: "sent" for c in got},
          f"{answer}, {mood}: all of it goes again")
    equal({c: m["code"] for c, m in after.items()}, {c: m["code"] for c, m in got.items()},
          "under the same codes")
    ok(any(after["mail"]["code"] in m for m in mail.got), "the mail came", mail.got)
    ok(sum(after["webhook"]["code"] in x for x in gateway.got) >= 2, "and so did the webhook's")


def broken_tls(called, gateway, mail):
    """To another machine no word of a mail goes without TLS."""
    mail.mood = "broken"
    alert = called.raise_alert("may-tls")
    reason = lambda: called.messages(alert).get("mail", {}).get("reason", "")
    first = wait_for(reason)
    ok(first, "a handshake that breaks: it is said", called.messages(alert))
    mail.mood = "bare"
    ok(wait_for(lambda: reason() not in ("", first)), "no STARTTLS at all: that, too",
       called.messages(alert))
    spoken = {(mood, verb) for mood, verb in mail.heard if mood in ("broken", "bare")}
    ok({mood for mood, _ in spoken} == {"broken", "bare"}, "both were asked", spoken)
    ok(not {"MAIL", "RCPT", "DATA"} & {verb for _, verb in spoken}, "and told nothing", spoken)
    equal(called.messages(alert)["webhook"]["state"], "sent", "other ways are not held up")


def deaf(node, gateway):
    """Whoever answers by SMS is not heard: the node says so, until they are."""
    told = lambda: [(f["state"], f["text"]) for f in node.rows("doctor") if f["name"] == "inbox"]
    ok(wait_for(told) and told()[0][0] == "bad", "an inbox that answers garbage is bad", told())
    ok("HTTP" in told()[0][1] and "sms-inbox" in told()[0][1], "and says why, and where to look", told())
    gateway.inbox = handed_out(b'{"id":"1","from":"0901234567"\n{"id":2}\n')
    ok(wait_for(lambda: told() and told()[0][0] == "warn"), "SMS that cannot be read are told of", told())
    ok(told()[0][1].startswith("2 SMS"), "so many", told())
    gateway.inbox = handed_out(b"")
    ok(wait_for(lambda: not told()), "until it is well", told())


def added(called, gateway, mail, lines):
    """A gateway that canh.conf names since: who sends begins with the desk that begins again."""
    node = called.node
    called.configure("")
    ok(node.start(), "without gateways it begins", node.said())
    ok("send" not in node.pids(), "and nobody sends", node.pids())
    called.configure(lines)
    node.kill("desk")
    ok(wait_for(lambda: {"desk", "send"} <= set(node.pids())), "a desk that begins again brings who sends",
       node.said())
    gateway.answer = mail.mood = None
    alert = called.raise_alert("may-added")
    ok(wait_for(lambda: called.messages(alert).get("webhook", {}).get("state") == "sent"),
       "and what there is to say goes out", called.messages(alert))


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        gateway, port = serve(Raw, answer=None, inbox=ANSWERS["garbage"])
        mail, mail_port = serve(Mail, mood=None)
        called = Called(scratch, sends(port, f"127.0.0.1:{mail_port}"))
        node = called.node
        ok(node.start(), "the node starts", node.said())
        node.rows("source", "add", "files", called.log)
        before = node.pids()
        goes_wrong(called, gateway, mail, "garbage", "later", "450")
        goes_wrong(called, gateway, mail, "early", "refuses", "550")
        goes_wrong(called, gateway, mail, "cut", "dies", "")
        deaf(node, gateway)
        equal(node.pids()["send"], before["send"], "who sends is the same process")
        equal(node.stop(), 0, "it ends")
        far, far_port = serve(Mail, "127.0.0.2", mood=None)
        called.configure(sends(port, f"127.0.0.2:{far_port}"))
        ok(node.start(), "with a mail server elsewhere it begins again", node.said())
        broken_tls(called, gateway, far)
        equal(node.stop(), 0, "and it ends")
        added(called, gateway, mail, sends(port, f"127.0.0.1:{mail_port}"))
        equal(node.stop(), 0, "once more")
    done()


main()
