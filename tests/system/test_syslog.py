#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Syslog over UDP, TCP in both framings and TLS, with rsyslog and logger as peers where they are
installed; a source is taken by its address; a new watch finds the same sockets; garbage on the
ports disturbs nobody."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

from node import Node, wait_for
from support import done, equal, folder, ok, skip, write

LINE = "<38>Nov 29 13:00:00 web01 sshd[12]: Failed password for {} from 203.0.113.7 port 7 ssh2"


def found(node, word):
    """Records as they are: for a case nothing is masked."""
    if not hasattr(node, "case"):
        node.case = node.rows("case", "open", "--title", "x", "--level", "low")[0]["number"]
    return [r["raw"] for r in node.rows("search", word, "--case", node.case)]


def arrives(node, word, count=1):
    def there():
        try:
            rows = found(node, word)
        except AssertionError:  # keep is being started again
            return None
        return rows if len(rows) >= count else None
    return wait_for(there) or found(node, word)


def tcp(port, data):
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(data)


def test_plain(node, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(LINE.format("udpword").encode() + b"\n", ("127.0.0.1", port))
    equal(arrives(node, "udpword"), [LINE.format("udpword")], "UDP: the bytes as they were sent")
    tcp(port, (LINE.format("lineword1") + "\n" + LINE.format("lineword2")).encode())
    equal(len(arrives(node, "lineword2")), 1, "TCP: lines, the last one without an end")
    text = LINE.format("countword").encode()
    tcp(port, b"%d %s%d %s" % (len(text), text, len(text), text))
    equal(len(arrives(node, "countword", 2)), 2, "TCP: counted octets")
    long = b"<13>1 - h a - - - longword " + b"x" * 70000 + b"\n<13>1 - h a - - - afterword\n"
    tcp(port, long)
    ok(arrives(node, "afterword"), "what follows a message over the limit is read")
    size = len(arrives(node, "longword")[0])
    ok(60000 < size <= 65536, "which is cut at 64 KiB", str(size))
    alerts = wait_for(lambda: (rows := node.rows("alert", "list")) and len(rows) > 1 and rows)
    equal({a["title"] for a in alerts or []}, {"Failed SSH Login", "Not examined fully"},
          "what comes so is matched, and what was cut is told")


def test_tls(node, port):
    context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
    with socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as s:
            text = LINE.format("tlsword").encode()
            s.sendall(b"%d %s" % (len(text), text))
    equal(len(arrives(node, "tlsword")), 1, "TLS, with the node's own authority")
    with socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(b"\x16\x03\x01")
        with socket.create_connection(("127.0.0.1", port)) as garbage:
            garbage.sendall(os.urandom(2000))
            with socket.create_connection(("127.0.0.1", port)) as raw:
                with context.wrap_socket(raw, server_hostname="localhost") as s:
                    s.sendall(LINE.format("amidword").encode() + b"\n")
            ok(arrives(node, "amidword"), "handshakes that hang or fail hold up nobody")


def test_records(node, port):
    """A message a record of TLS, as senders write them: what came together is read together, not
    one whenever a batch goes."""
    context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
    watch = node.pids()["watch"]
    with socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as s:
            s.sendall(LINE.format("recordword 0").encode() + b"\n")
            arrives(node, "recordword")
            os.kill(watch, signal.SIGSTOP)  # all come together, however busy the machine is
            for i in range(1, 100):
                s.sendall(LINE.format(f"recordword {i}").encode() + b"\n")
            os.kill(watch, signal.SIGCONT)
            arrives(node, "recordword", 100)
    times = [r["received"] for r in node.rows("search", "recordword", "--purpose", "test")]
    equal(len(times), 100, "TLS, a record each")
    moments = len({t[:21] for t in times})
    ok(moments < 20, "read together, not one a batch", moments)


def test_certificate(node, tmp, port):
    """A sender with a certificate is its source wherever it stands; one of another authority is
    nobody."""
    source = node.rows("source", "add", "syslog", "--certificate", "--name", "router")[0]
    ok("PRIVATE KEY" in source["certificate_key"] and "CERTIFICATE" in source["certificate"],
       "source add hands out a certificate")
    ok("PRIVATE KEY" not in json.dumps(node.rows("source", "list")), "and tells its key once")
    ok(node.canh("source", "add", "http", "--certificate").returncode > 1, "a key is enough for HTTPS")
    pem = os.path.join(tmp, "sender.pem")
    write(pem, source["certificate"] + source["certificate_key"])
    context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
    context.load_cert_chain(pem)
    with socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as s:
            s.sendall(LINE.format("certword").encode() + b"\n")
    arrives(node, "certword")
    rows = node.rows("search", "certword", "--purpose", "test")
    equal([r["source"] for r in rows], [source["id"]], "what it sends is of its source")
    stranger = os.path.join(tmp, "stranger.pem")
    if shutil.which("openssl") is None:
        skip("no openssl")
        return
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=x", "-days", "2",
                    "-keyout", stranger, "-out", stranger + ".crt"], check=True, capture_output=True)
    context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
    context.load_cert_chain(stranger + ".crt", stranger)
    try:
        with socket.create_connection(("127.0.0.1", port)) as raw:
            with context.wrap_socket(raw, server_hostname="localhost") as s:
                s.sendall(LINE.format("strangeword").encode() + b"\n")
                ended = s.recv(1) == b""
    except OSError:
        ended = True
    ok(ended, "a certificate of another authority ends the connection")
    equal(found(node, "strangeword"), [], "and nothing of it is taken")


def test_rsyslog_config(node, tmp):
    """What source add prints for rsyslog is right to it: as it is, and what is offered for TLS."""
    source = node.rows("source", "add", "rsyslog")[0]
    node.canh("source", "end", source["code"], check=0)
    printed = source["config"].replace("/etc/ssl/canh-ca.crt", os.path.join(node.dir, "keys", "ca.crt"))
    tls = "".join(x[1:].lstrip() + "\n" for x in printed.splitlines() if x.startswith("#   "))
    for name, text in (("plain", printed), ("TLS", tls)):
        conf = write(os.path.join(tmp, f"rsyslog-{name}.conf"), f'global(workDirectory="{tmp}")\n' + text)
        r = subprocess.run(["rsyslogd", "-N1", "-f", conf], capture_output=True, text=True, check=False)
        ok(text.count("omfwd") > 0 and r.returncode == 0 and "error" not in r.stderr,
           f"rsyslogd -N1 is content with what is printed: {name}", r, text)


def test_rsyslog(node, tmp, ports):
    if shutil.which("rsyslogd") is None:
        skip("rsyslog is not installed")
        return
    test_rsyslog_config(node, tmp)
    conf = os.path.join(tmp, "rsyslog.conf")
    sock = os.path.join(tmp, "log.sock")
    actions = [f'action(type="omfwd" target="127.0.0.1" port="{ports[0]}" protocol="udp")',
               f'action(type="omfwd" target="127.0.0.1" port="{ports[0]}" protocol="tcp"'
               ' TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")']
    have_tls = os.path.exists("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so")
    if have_tls:
        actions.append(f'action(type="omfwd" target="127.0.0.1" port="{ports[1]}" protocol="tcp"'
                       ' StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid"'
                       ' TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")')
    write(conf, f'global(workDirectory="{tmp}" '
                f'DefaultNetstreamDriverCAFile="{node.dir}/keys/ca.crt")\n'
                f'module(load="imuxsock" SysSock.Use="off")\n'
                f'input(type="imuxsock" Socket="{sock}")\n' + "\n".join(actions) + "\n")
    daemon = subprocess.Popen(["rsyslogd", "-n", "-f", conf, "-i", os.path.join(tmp, "pid")],
                              stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: os.path.exists(sock))
        subprocess.run(["logger", "-u", sock, "-t", "peer", "rsyslogword"], check=True)
        want = len(actions)
        rows = arrives(node, "rsyslogword", want)
        equal(len(rows), want, f"rsyslog: UDP, TCP{' and TLS' if have_tls else ''}")
    finally:
        daemon.terminate()
        daemon.wait()
    subprocess.run(["logger", "--server", "127.0.0.1", "--port", str(ports[0]), "--tcp",
                    "--octet-count", "loggerword"], check=True)
    ok(arrives(node, "loggerword"), "logger, RFC 5424 in counted octets")


def test_restart(node, port):
    """What is sent while one watch follows another waits in the socket."""
    def send(numbers):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for i in numbers:
                if i == 100:
                    os.kill(node.process.pid, signal.SIGHUP)
                s.sendto(b"<13>1 - h a - - - restartword %d" % i, ("127.0.0.1", port))
                time.sleep(0.003)

    send(range(200))
    equal(len(set(arrives(node, "restartword", 200))), 200, "datagrams are there after a reload")
    # what a process had read and not handed on when it was killed is gone: here nothing
    before = node.pids()["watch"]
    node.kill("watch")
    ok(wait_for(lambda: node.pids().get("watch") != before), "a watch is killed")
    send(range(200, 300))
    equal(len(set(arrives(node, "restartword", 300))), 300, "and after a killed watch")


def test_keep_killed(node, port):
    """What was read from a connection is sent again when keep had no time to answer."""
    with socket.create_connection(("127.0.0.1", port)) as s:
        for i in range(400):
            s.sendall(b"<13>1 - h a - - - killword %d\n" % i)
            if i % 100 == 50:
                node.kill("keep")
            time.sleep(0.005)
        node.kill("keep")
        s.sendall(b"".join(b"<13>1 - h a - - - killword %d\n" % i for i in range(400, 410)))
    rows = arrives(node, "killword", 410)
    ok(wait_for(lambda: node.rows("source", "list")), "the node runs")
    equal(len(set(rows)), 410, "nothing read is lost when keep is killed")


def test_drained(node, port):
    """What was read and found no place among the batches that keep has not answered is not lost when
    the node ends."""
    keep = node.pids()["keep"]
    os.kill(keep, signal.SIGSTOP)
    with socket.create_connection(("127.0.0.1", port)) as s:
        for i in range(40):
            s.sendall(b"<13>1 - h a - - - drainword %d\n" % i)
            time.sleep(0.1)
    threading.Timer(1, os.kill, (keep, signal.SIGCONT)).start()
    equal(node.stop(), 0, "a node ends whose keep lags behind")
    ok(node.start(), "and begins again", node.said())
    equal(len(set(arrives(node, "drainword", 40))), 40, "nothing read is lost at the end")


def test_dropped(node, port):
    """Datagrams for which the system had no room are a gap, and canh doctor says so."""
    watch = node.pids()["watch"]
    os.kill(watch, signal.SIGSTOP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for _ in range(30000):
            s.sendto(b"<13>x " + b"y" * 1000, ("127.0.0.1", port))
    os.kill(watch, signal.SIGCONT)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for _ in range(5):
            s.sendto(b"<13>afterwards", ("127.0.0.1", port))
            time.sleep(0.05)
    told = wait_for(lambda: [f for f in node.rows("doctor") if f["area"] == "network"
                             and f["state"] == "bad"])
    ok(told, "datagrams that were lost are told", node.rows("doctor"))
    node.stop()
    raw = node.canh("journal", "cat", "--purpose", "x").stdout
    ok('"gap":"udp-dropped"' in raw, "and stand in the journal as a gap")


def test_address(node, port):
    node.canh("source", "end", "S1", check=0)
    node.rows("source", "add", "syslog", "--from", "192.0.2.0/24,198.51.100.7")
    time.sleep(0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"<13>strangerword", ("127.0.0.1", port))
    ok(wait_for(lambda: "127.0.0.1 sends, and no source names it" in node.said()),
       "a sender that no source names is told of")
    equal(found(node, "strangerword"), [], "and not recorded")
    added = node.rows("source", "add", "syslog", "--from", "127.0.0.0/8")
    time.sleep(0.5)
    tcp(port, b"<13>friendword\n")
    rows = wait_for(lambda: node.rows("search", "friendword", "--purpose", "test"))
    equal([r["source"] for r in rows or []], [added[0]["id"]],
          "one whose address its source names is that source's")


def main():
    with folder() as tmp:
        node = Node(tmp)
        ports = node.port_base + 2, node.port_base + 3
        try:
            ok(node.start(), "a node is ready", node.said())
            with socket.socket() as s:
                ok(s.connect_ex(("127.0.0.1", ports[0])) != 0, "nothing listens without a source")
            added = node.rows("source", "add", "syslog")
            ok(f"port {ports[0]} " in added[0]["config"], "a source tells what its sender needs",
               added[0]["config"])
            wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", ports[0])) == 0)
            test_plain(node, ports[0])
            test_tls(node, ports[1])
            test_records(node, ports[1])
            test_certificate(node, tmp, ports[1])
            test_rsyslog(node, tmp, ports)
            test_restart(node, ports[0])
            test_keep_killed(node, ports[0])
            test_address(node, ports[0])
            test_drained(node, ports[0])
            test_dropped(node, ports[0])
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
