#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lumberjack v2, plain and by TLS: windows are answered once they are on disk, also while keep is
killed; nonsense ends the connection and nothing else."""
import json
import os
import socket
import ssl
import struct
import subprocess
import time
import zlib

from lumberjack import acked, docs, window
from node import Node, wait_for
from support import done, equal, folder, ok


def found(node, word):
    def ask():
        try:
            return [node.rows("search", word, "--purpose", "test")]
        except AssertionError:  # keep is being started again
            return None
    return wait_for(ask)[0]


def test_windows(node, port, wrap):
    name = "TLS" if wrap else "plain"
    with socket.create_connection(("127.0.0.1", port)) as raw:
        s = wrap(raw) if wrap else raw
        s.sendall(window(docs(name + "word", 10)))
        ok(acked(s, 10), f"{name}: a window is answered")
        equal(len(found(node, name + "word")), 10, "and on disk then")
        s.sendall(window(docs(name + "packed", 3000), packed=True))
        ok(acked(s, 3000), f"{name}: a packed one")
        s.sendall(window(docs(name + "two", 5)) + window(docs(name + "two", 7)))
        ok(acked(s, 5) and acked(s, 7), f"{name}: two at once, each with its own answer")
        if wrap:
            s.close()


def test_garbage(node, port):
    for what in (b"GET / HTTP/1.0\r\n\r\n", b"2W\0\0\0\1" + b"2X\0\0\0\0",
                 b"2J" + struct.pack(">II", 1, 2) + b"{}",
                 b"2W\0\0\0\1" + b"2J" + struct.pack(">II", 1, 0xffffffff),
                 b"2W\0\0\0\1" + b"2C" + struct.pack(">I", 30) + b"x" * 30,
                 b"2W\0\0\0\1" + (lambda z: b"2C" + struct.pack(">I", len(z)) + z)(
                     zlib.compress(b"\0" * (64 << 20)))):
        with socket.create_connection(("127.0.0.1", port)) as s:
            s.sendall(what)
            s.settimeout(10)
            try:
                ended = s.recv(1) == b""
            except ConnectionResetError:
                ended = True
            ok(ended, f"{what[:12]!r} ends the connection")
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(window(docs("after", 1)))
        ok(acked(s, 1), "and nothing else")


def test_kills(node, port):
    """A sender that repeats what was not answered: nothing is lost."""
    done_, at = 0, time.monotonic()
    while done_ < 40 and time.monotonic() < at + 60:
        try:
            with socket.create_connection(("127.0.0.1", port)) as s:
                while done_ < 40:
                    s.sendall(window([{"m": "killed", "n": done_}] * 5))
                    if not acked(s, 5):
                        break
                    done_ += 1
                    if done_ % 10 == 5:
                        node.kill("keep" if done_ % 20 == 5 else "watch")
        except OSError:
            time.sleep(0.1)
    equal(done_, 40, "all windows are answered in the end")
    rows = {json.loads(r["raw"])["n"] for r in found(node, "killed")}
    equal(rows, set(range(40)), "and every one is on disk")


def test_reach(node):
    """The listeners' certificate names what canh.conf listens on now, under the same authority."""
    with open(os.path.join(node.dir, "canh.conf"), "a", encoding="utf-8") as f:
        f.write("[listen]\ningest = 127.0.0.7:8471\nlumberjack = 0.0.0.0:5044\n")
    ok(node.start(), "a node that listens elsewhere", node.said())
    context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
    mine = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    for host, port in (("127.0.0.7", 1), *((x, 4) for x in mine if ":" not in x)):
        with socket.create_connection((host, node.port_base + port)) as raw:
            with context.wrap_socket(raw, server_hostname=host) as s:
                ok(s.version(), f"is reached by its address {host}")


def main():
    with folder() as tmp:
        node = Node(tmp)
        port = node.port_base + 4
        try:
            ok(node.start(), "a node is ready", node.said())
            node.rows("source", "add", "lumberjack")
            wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
            context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
            test_windows(node, port, None)
            test_windows(node, port, lambda s: context.wrap_socket(s, server_hostname="localhost"))
            test_garbage(node, port)
            test_kills(node, port)
            equal(node.stop(), 0, "it ends")
            test_reach(node)
            equal(node.stop(), 0, "and again")
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
