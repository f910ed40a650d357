#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whoever knocks at a node's ports: slow ones that send a byte now and then, handshakes that end
nowhere, windows that are begun and never ended, garbage. All of it is bounded, counted, told by canh
doctor, and senders that mean it are answered meanwhile."""
import gzip
import os
import random
import select
import signal
import socket
import ssl
import struct
import threading
import time

from ingest import Client, bulk, lines
from lumberjack import acked, docs, window
from node import Node, wait_for
from support import done, equal, folder, ok, write

CONSOLE, HTTPS, SYSLOG, SYSLOG_TLS, LUMBERJACK = range(5)  # from a node's first port on
ENDS_WITHIN = 120  # a limit for a machine that is busy: a handshake has 15 seconds

RULE = """title: Word {0}
logsource: {{product: linux}}
detection:
    words: ["word{0}x", "word{0}y"]
    condition: words
"""


def connected(node, port, address):
    s = socket.socket()
    s.bind((address, 0))
    s.settimeout(30)
    s.connect(("127.0.0.1", node.port_base + port))
    return s


def has_ended(s):
    """Without waiting; what the other side said before does not count."""
    try:
        while select.select([s], [], [], 0)[0]:
            if s.recv(65536) == b"":
                return True
    except OSError:
        return True
    return False


def drip(held, byte):
    for s in held:
        try:
            s.send(byte)
        except OSError:
            pass


class Senders:
    """One of each kind, from 127.0.0.1, that send something and look whether it was taken."""

    def __init__(self, node):
        self.node, self.number = node, 0
        self.https = Client(node, node.rows("source", "add", "http")[0])
        self.context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))

    def tls(self, port):
        return self.context.wrap_socket(connected(self.node, port, "127.0.0.1"),
                                        server_hostname="localhost")

    def all_taken(self, what):
        self.number += 1
        word = f"taken{self.number}word"
        with self.tls(LUMBERJACK) as s:
            s.sendall(window(docs(word, 3)))
            ok(acked(s, 3), f"{what}: Lumberjack by TLS is answered")
        equal(self.https.ask("POST", "/v1/events", lines({"m": word}))[0], 200, f"{what}: HTTPS, too")
        with self.tls(SYSLOG_TLS) as s:
            s.sendall(f"<13>1 - h a - - - {word}\n".encode())
        with connected(self.node, SYSLOG, "127.0.0.1") as s:
            s.sendall(f"<13>1 - h a - - - {word}\n".encode())
        ok(wait_for(lambda: len(self.node.rows("search", word, "--purpose", "test")) == 6),
           f"{what}: and syslog by TCP and TLS", self.node.said()[-2000:])

        def heard():  # behind a flood the kernel has no room for another datagram, at times
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.sendto(f"<13>1 - h a - - - {word}udp".encode(),
                         ("127.0.0.1", self.node.port_base + SYSLOG))
            return self.node.rows("search", word + "udp", "--purpose", "test")
        ok(wait_for(heard), f"{what}: and by UDP", self.node.said()[-2000:])


def test_no_console(node):
    """Another program has the console's port: all else goes on, and the port is taken once it is free."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", node.port_base + CONSOLE))
        taken.listen()
        ok(node.start(), "a node is ready without its console", node.said())
        ok(" console=- " in node.said(), "and says that it has none", node.said())
        equal([f["state"] for f in node.rows("doctor") if f["name"] == "console" and f["area"] == "network"],
              ["bad"], "canh doctor tells of it")
        equal(node.said().count("cannot be had"), 1, "it is said once")
    ok(wait_for(lambda: not [f for f in node.rows("doctor") if f["state"] == "bad"]),
       "it is listened on once its port is free", node.rows("doctor"))
    equal(node.stop(), 0, "it ends")


def test_no_ingest(node):
    """Another program has the port for logs: that is told to who starts the node, in their language."""
    before, node.lang = len(node.said()), "vi"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", node.port_base + HTTPS))
        taken.listen()
        ok(node.start(), "a node is ready without its port for logs", node.said())
        said = node.said()[before:]
        ok(" ingest=-\n" in said and " console=https://" in said, "and says that it has none", said)
        equal(said.count(f"canh: [listen] ingest trong canh.conf: không mở được 127.0.0.1:{node.port_base + HTTPS}; "
                         "mọi việc khác vẫn chạy, và canh còn thử lại: địa chỉ hoặc cổng đang được dùng\n"), 1,
              "the refusal is said once, in Vietnamese")
        ok([f for f in node.rows("doctor") if f["state"] == "bad" and "[listen], 1 cannot" in f["text"]],
           "canh doctor tells of it", node.rows("doctor"))
    ok(wait_for(lambda: not [f for f in node.rows("doctor") if f["state"] == "bad"]),
       "it is listened on once its port is free", node.rows("doctor"))
    equal(node.stop(), 0, "it ends")
    node.lang = "en"


def heard_before_ready(node):
    """Watch stands still while the port becomes free. False: it had begun before."""
    before, began = node.said().count("canh: ready"), node.said().count("it is listened on")
    deaf = node.said().count("cannot be had")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", node.port_base + CONSOLE))
        taken.listen()
        start = threading.Thread(target=node.start)
        start.start()
        watch = None
        while watch is None:
            watch = node.process and node.process.poll() is None and node.pids().get("watch") or None
        os.kill(watch, signal.SIGSTOP)
        wait_for(lambda: node.said().count("cannot be had") == deaf + 1)
    wait_for(lambda: node.said().count("it is listened on") > began)
    early = node.said().count("canh: ready") == before
    os.kill(watch, signal.SIGCONT)
    start.join()
    return early


def test_heard_before_ready(node, folder_of_rules):
    """The port becomes free while the rest of the node still begins: it is ready with its console."""
    conf = os.path.join(node.dir, "canh.conf")
    with open(conf, encoding="utf-8") as f:
        usual = f.read()
    for i in range(4000):  # watch reads for a while
        write(os.path.join(folder_of_rules, f"{i}.yml"), RULE.format(i))
    write(conf, usual + f"\n[detect]\nrules = {folder_of_rules}\n")
    for _ in range(5):
        if heard_before_ready(node):
            break
        node.stop()
    else:
        ok(False, "five times watch had begun before it stood still", node.said()[-2000:])
    last = [line for line in node.said().splitlines() if line.startswith("canh: ready")][-1]
    ok(" console=https://" in last, "a port that becomes free meanwhile is named when the node is ready", last)
    node.stop()
    write(conf, usual)
    ok(node.start(), "with few rules again", node.said()[-2000:])


def test_deaf(node):
    """Ports that another program has are told, and taken once they are free."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", node.port_base + LUMBERJACK))
        tcp.listen()
        udp.bind(("127.0.0.1", node.port_base + SYSLOG))
        for kind in ("syslog", "lumberjack"):
            node.rows("source", "add", kind)
        ok(wait_for(lambda: [f for f in node.rows("doctor") if f["state"] == "bad"
                             and "[listen], 2 cannot" in f["text"]]),
           "canh doctor tells of ports that another program has", node.rows("doctor"))
    ok(wait_for(lambda: not [f for f in node.rows("doctor") if f["state"] == "bad"]),
       "they are taken once they are free", node.rows("doctor"))


def test_unheard(node, senders):
    """Sources that have sent nothing are told until they do."""
    codes = [s["code"] for s in node.rows("source", "list")]

    def told():
        return [f["name"] for f in node.rows("doctor") if "nothing has come from it yet" in f["text"]]
    ok(wait_for(lambda: told() == codes), "canh doctor names each source that never sent", node.rows("doctor"))
    senders.all_taken("first of all")
    ok(wait_for(lambda: not told()), "and none once all of them did", node.rows("doctor"))


def test_slow(node, senders):
    """A ClientHello byte by byte, and one of which nothing more comes."""
    held = [connected(node, port, f"127.0.0.{2 + i % 2}")
            for port in (SYSLOG_TLS, LUMBERJACK) for i in range(60)]
    for s in held:
        s.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    slow, until = held[::2], time.monotonic() + ENDS_WITHIN
    senders.all_taken("beside handshakes that go on slowly")
    while not all(map(has_ended, held)) and time.monotonic() < until:
        drip(slow, b"\0")
        time.sleep(0.5)
    equal(sum(map(has_ended, held)), len(held), "handshakes end, however slowly they go on")
    for s in held:
        s.close()
    ok(wait_for(lambda: [f for f in node.rows("doctor") if "TLS connections came to nothing" in f["text"]]),
       "canh doctor tells of them", node.rows("doctor"))


def test_windows(node, senders):
    """Windows that are begun and never ended: an address holds so much, and no more."""
    part = struct.pack(">II", 1, 4 << 20) + b"{" * (4 << 20 >> 1)
    held = []
    for _ in range(60):
        s = connected(node, LUMBERJACK, "127.0.0.4")
        try:
            s.sendall(b"2W\0\0\0\1" + b"2J" + part)
        except OSError:
            pass
        held.append(s)
    ok(wait_for(lambda: 0 < sum(not has_ended(s) for s in held) <= 48 // 2),
       "what is begun takes no more memory than one address may",
       sum(not has_ended(s) for s in held))
    senders.all_taken("beside windows that are never ended")
    for s in held:
        s.close()
    crowd = [connected(node, LUMBERJACK, "127.0.0.5") for _ in range(300)]
    ok(wait_for(lambda: sum(map(has_ended, crowd)) >= 300 - 256), "nor more connections")
    senders.all_taken("beside a crowd")
    for s in crowd:
        s.close()


def test_garbage(node, senders):
    before = {p: node.pids()[p] for p in ("keep", "desk", "watch")}
    for seed in range(40):
        r = random.Random(seed)
        for port in range(5):
            with connected(node, port, "127.0.0.6") as s:
                try:
                    s.sendall(r.choice((b"", b"\x16\x03\x03", b"2W", b"2C", b"PRI * HTTP/2.0\r\n\r\n",
                                        b"999999999 ", b"<", b"\xff\xfe")) + r.randbytes(r.randrange(1, 40000)))
                except OSError:
                    pass
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for _ in range(20):
                s.sendto(r.randbytes(r.randrange(0, 60000)), ("127.0.0.1", node.port_base + SYSLOG))
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            s.connect(os.path.join(node.dir, "run", "control"))
            try:
                s.sendall(r.randbytes(r.randrange(1, 20000)))
            except OSError:
                pass
    senders.all_taken("after garbage on every port")
    equal({p: node.pids()[p] for p in before}, before, "and no process has died of it")


def test_bulk(node, senders):
    """A million lines that are no documents, each with an action that is fine."""
    body = gzip.compress(b'{"index":{}}\nbad\n' * 500000, 1)
    status = senders.https.ask("POST", "/_bulk", body, Content_Encoding="gzip")[0]
    equal(status, 413, "more items than a request may have")
    reply = senders.https.ask("POST", "/_bulk", b'{"index":{}}\nbad\n' * 10000)[2]
    equal({i["index"]["status"] for i in reply["items"]}, {400}, "as many as it may: each is refused")
    equal(len(reply["items"]), 10000, "by itself")
    many = [(None, {"m": "many"})] * 30003
    status, _, reply = senders.https.ask("POST", "/_bulk", gzip.compress(bulk("create", *many), 1),
                                         Content_Encoding="gzip")
    equal((status, reply["errors"], [i["create"]["status"] for i in reply["items"]]),
          (200, True, [201] * 30000 + [429] * 3), "documents over the limit are to come again")
    reply = senders.https.ask("POST", "/_bulk", bulk("create", *many[30000:]))[2]
    equal([i["create"]["status"] for i in reply["items"]], [201] * 3, "and are taken then")
    senders.all_taken("after them")


def main():
    with folder() as tmp:
        node = Node(tmp)
        test_no_console(node)
        test_no_ingest(node)
        test_heard_before_ready(node, os.path.join(tmp, "rules"))
        test_deaf(node)
        senders = Senders(node)
        for port in range(5):
            ok(wait_for(lambda p=node.port_base + port: socket.socket().connect_ex(("127.0.0.1", p)) == 0),
               f"port {port} listens")
        test_unheard(node, senders)
        test_bulk(node, senders)
        test_windows(node, senders)
        test_garbage(node, senders)
        test_slow(node, senders)
        equal(node.stop(), 0, "it ends")
    done()


main()
