#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Events over HTTPS: canh's own path, OTLP and Elasticsearch's _bulk; answered once on disk, a
repeat taken once, strangers told nothing, bombs and floods refused; python3-elasticsearch and
rsyslog's omelasticsearch as peers where they are installed."""
import base64
import calendar
import gzip
import http.client
import json
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import threading
import time

from ingest import Client, bulk, lines
from node import Node, wait_for
from support import done, equal, folder, ok, skip, write

EVENT = {"message": "hello", "host": {"hostname": "pc1"}}


def found(node, word):
    def ask():
        try:
            return [node.rows("search", word, "--purpose", "test")]
        except AssertionError:  # keep is being started again
            return None
    return wait_for(ask)[0]


def test_events(node, c):
    status, _, body = c.ask("POST", "/v1/events", lines({**EVENT, "n": "eventword"}) * 3)
    equal((status, body), (200, {"accepted": 3, "duplicate": False}), "events are accepted")
    equal(len(found(node, "eventword")), 3, "and on disk when it says so")
    for n, want in ((1, {"accepted": 1, "duplicate": False}), (2, {"accepted": 0, "duplicate": True})):
        got = c.ask("POST", "/v1/events", lines({"m": "onceword"}), X_Canh_Batch="b-1")
        equal((got[0], got[2]), (200, want), f"a batch, sent for the {n}. time")
    node.kill("keep")
    time.sleep(1)
    got = c.ask("POST", "/v1/events", lines({"m": "onceword"}), X_Canh_Batch="b-1")
    equal(got[2], {"accepted": 0, "duplicate": True}, "also after keep was killed")
    equal(len(found(node, "onceword")), 1, "it is there once")
    for coding, pack in (("gzip", gzip.compress), ("zstd", zstd)):
        packed = pack(lines({"m": coding + "word"}))
        if packed is None:
            continue
        got = c.ask("POST", "/v1/events", packed, Content_Encoding=coding)
        equal((got[0], len(found(node, coding + "word"))), (200, 1), f"packed by {coding}")


def zstd(data):
    try:
        return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True,
                              check=True).stdout
    except OSError:
        return None


def test_refused(node, c, tmp):
    stranger = Client(node, None)
    for path in ("/v1/events", "/_bulk", "/", "/none", "/v1/logs"):
        status, _, body = stranger.ask("POST" if path != "/" else "GET", path, b"{}")
        equal((status, body), (401, b""), f"a stranger learns nothing of {path}")
    status = c.ask("POST", "/v1/events", b"{}", Authorization="Basic " + "A" * 2000)[0]
    equal(status, 401, "nor with a key that is none")
    bomb = gzip.compress(b"\n" * (200 << 20), 9)
    equal(c.ask("POST", "/v1/events", bomb, Content_Encoding="gzip")[0], 413, "a bomb is refused")
    equal(c.ask("POST", "/v1/events", b"x", Content_Encoding="gzip")[0], 400, "so is no gzip")
    equal(c.ask("POST", "/v1/events", b"x", Content_Encoding="br")[0], 415, "and another coding")
    equal(c.ask("POST", "/v1/events", b"{}", X_Canh_Batch="a b")[0], 400, "and no batch's name")
    equal(c.ask("POST", "/v1/events", b"x" * (9 << 20))[0], 413, "and what is too large")
    with socket.create_connection(("127.0.0.1", c.port)) as slow:
        slow.sendall(os.urandom(500))
        equal(c.ask("POST", "/v1/events", lines(EVENT))[0], 200, "garbage holds up nobody")


def test_elastic(node, c):
    status, headers, body = c.ask("GET", "/")
    equal((status, headers["X-Elastic-Product"], body["tagline"]),
          (200, "Elasticsearch", "You Know, for Search"), "it greets as Elasticsearch")
    for agent, want in (("Elastic-winlogbeat/7.17.9 (Windows)", "7."),
                        ("Elastic-filebeat/8.11.1 (linux)", "8."), ("x/9.0.1", "9.")):
        got = c.ask("GET", "/", User_Agent=agent)[2]["version"]["number"]
        ok(got.startswith(want), f"with the version that suits {agent}", got)
    equal(c.ask("GET", "/_license")[2]["license"]["status"], "active", "its licence is active")
    equal(c.ask("PUT", "/_ilm/policy/x", b"{}")[0], 200, "policies are agreed to")
    equal(c.ask("HEAD", "/")[0], 200, "HEAD")
    docs = [("a", {"m": "bulkword"}), ("b", {"m": "bulkword"}), (None, {"m": "bulkword"})]
    status, headers, body = c.ask("POST", "/_bulk", bulk("create", *docs))
    equal((status, body["errors"], [i["create"]["status"] for i in body["items"]]),
          (200, False, [201, 201, 201]), "_bulk: all are created")
    ok("Elasticsearch" == headers["X-Elastic-Product"], "with the product's name")
    body = c.ask("POST", "/logs/_bulk?filter_path=errors,items.*.error,items.*.status",
                 bulk("create", *docs[:2]))[2]
    equal((body["errors"], [i["create"]["status"] for i in body["items"]]), (True, [409, 409]),
          "a repeat of create is a conflict")
    body = c.ask("POST", "/_bulk", bulk("index", ("a", {"m": "bulkword"}), ("c", {"m": "bulkword"})))[2]
    equal([i["index"]["status"] for i in body["items"]], [200, 201], "one of index is fine")
    equal(len(found(node, "bulkword")), 4, "each is there once")
    mixed = bulk("create", (None, {"m": 1})) + lines({"delete": {"_id": "a"}}) + \
        lines({"create": {}}) + b"nonsense\n"
    body = c.ask("POST", "/_bulk", mixed)[2]
    equal([list(i.values())[0]["status"] for i in body["items"]], [201, 405, 400],
          "each item has its own answer")
    equal(c.ask("POST", "/_bulk", b"bad\n" * 1000000)[0], 400, "a million bad lines")


def test_room(node, c):
    """More than a batch holds: item by item it is told what does not fit, and that fits later."""
    docs = [(f"room{i}", {"m": "roomword", "n": i, "pad": "x" * 100000}) for i in range(150)]

    def ask(some):
        body = gzip.compress(bulk("create", *some), 1)
        reply = wait_for(lambda: (r := c.ask("POST", "/_bulk", body, Content_Encoding="gzip")[2])
                         and "items" in r and r)
        return reply["errors"], [i["create"]["status"] for i in reply["items"]]
    errors, got = ask(docs)
    taken = got.count(201)
    ok(errors and 0 < taken < 150 and got == [201] * taken + [429] * (150 - taken),
       "what does not fit gets 429, item by item, in order", errors, got)
    equal(ask(docs[taken:]), (False, [201] * (150 - taken)), "and fits when it comes again")
    counts = wait_for(lambda: node.rows("search", "roomword", "--count-by", "m", "--purpose", "test"))
    equal([r["count"] for r in counts], [150], "each is there once")


def test_otlp(node, c):
    body = {"resourceLogs": [{"scopeLogs": [{"logRecords": [
        {"timeUnixNano": "1700000000000000000", "body": {"stringValue": "otlpword"}}]}]}]}
    got = c.ask("POST", "/v1/logs", json.dumps(body).encode(), Content_Type="application/json")
    equal((got[0], got[2]), (200, {"partialSuccess": {}}), "OTLP")
    equal(len(found(node, "otlpword")), 1, "is recorded")
    equal(c.ask("POST", "/v1/logs", b"x", Content_Type="application/x-protobuf")[0], 415,
          "protobuf is not taken")


def test_line(node, c):
    """A line of a log that a shipper carries as a text is matched as the line."""
    line = "Nov 30 14:00:00 web1 sshd[1]: Failed password for root from 203.0.113.77 port 22 ssh2"
    doc = {"@timestamp": "2026-11-30T07:00:02Z", "message": line, "host": {"name": "web1"},
           "ecs": {"version": "8.0.0"}, "agent": {"type": "filebeat"}}
    otlp = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": line}}]}]}]}
    equal(c.ask("POST", "/_bulk", bulk("create", (None, doc)))[2]["errors"], False, "as Filebeat does")
    c.ask("POST", "/v1/logs", json.dumps(otlp).encode(), Content_Type="application/json")
    query = "process.name:sshd source.ip:203.0.113.77 event.outcome:failure"
    got = wait_for(lambda: len(rows := node.rows("search", query, "--purpose", "test")) == 2 and rows)
    ok(got, "and a Collector: both are found by what the line says", got)


def test_times(node, c):
    """What no clock can have said counts as of now; what is long past is history."""
    events = [{"@timestamp": t, "message": f"Nov 30 14:00:00 {host} sshd[1]: Failed password for root"
                                           " from 203.0.113.78 port 22 ssh2"}
              for t, host in (("1601-01-01T00:00:00Z", "zero"), ("2100-01-01T00:00:00Z", "ahead"),
                              ("1990-01-01T00:00:00Z", "past"))]
    before = time.time()
    equal(c.ask("POST", "/v1/events", lines(*events))[0], 200, "impossible times are taken")

    def hosts(*more):
        return {a["host"]: calendar.timegm(time.strptime(a["last"][:19], "%Y-%m-%dT%H:%M:%S"))
                for a in node.rows("alert", "list", *more)}
    wait_for(lambda: "past" in hosts("--history") and {"zero", "ahead"} <= set(hosts()))
    live = hosts()
    equal([host in live and abs(live[host] - before) < 300 for host in ("zero", "ahead", "past")],
          [True, True, False], "1601 and 2100 count as of their reception")
    ok("past" in hosts("--history"), "and 1990 is history")


def test_silence(node):
    source = node.rows("source", "add", "http", "--rhythm", "1s")[0]

    def about():
        return [a for a in node.rows("alert", "list") if a["title"] == "A source is silent"]
    told = wait_for(about) or []
    equal(len(told), 1, "a source that is silent beyond its rhythm is an alert")
    ok(wait_for(lambda: [f for f in node.rows("doctor")
                         if f["name"] == source["code"] and f["state"] == "warn"]),
       "canh doctor names it")
    c = Client(node, source)
    equal(c.ask("POST", "/v1/events", lines(EVENT))[0], 200, "it speaks again")
    ok(wait_for(lambda: len(about()) == 2), "its next silence is another alert")


def from_address(address, port):
    s = socket.socket()
    s.bind((address, 0))
    s.settimeout(30)
    s.connect(("127.0.0.1", port))
    return s


def test_hostile(node, c):
    """Garbage, handshakes that end nowhere, headers that never end: from other addresses, while this
    one goes on."""
    held = []
    for i in range(150):
        s = from_address(f"127.0.0.{2 + i % 3}", node.port_base + 1)
        try:
            s.sendall((b"\x16\x03\x01\x02\x00", os.urandom(300), b"GET / HTTP/1.1\r\n")[i % 3])
        except OSError:
            pass
        held.append(s)
    context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
    for i in range(20):
        s = context.wrap_socket(from_address("127.0.0.9", node.port_base + 1),
                                server_hostname="localhost")
        s.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        held.append(s)
    s = context.wrap_socket(from_address("127.0.0.10", node.port_base + 1),
                            server_hostname="localhost")
    s.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x.y\r\n"
              b"Content-Length: 8000000\r\n\r\n")
    answer = s.recv(4000)
    ok(answer.startswith(b"HTTP/1.1 401") and answer.endswith(b"\r\n\r\n"),
       "a stranger gets 401 and no word before he has sent his body", answer[:200])
    for i in range(5):
        equal(c.ask("POST", "/v1/events", lines({"m": "amidnoise", "n": i}))[0], 200,
              "others are answered meanwhile")
    for s in held:
        s.close()
    ok(wait_for(lambda: [f for f in node.rows("doctor") if f["area"] == "network"
                         and f["state"] != "ok"]), "canh doctor tells of it")


def test_flood(node, c, other):
    """One source sends more than there is room for: it is told to wait, and sees it although it
    writes everything first; another one is answered as always. The disk is held until it is told,
    or a fast one would take everything."""
    seen, stop, calm = [], threading.Event(), []
    body = lines(*[{"m": "floodword", "pad": "x" * 1000}] * 6000)

    def send():
        while not stop.is_set():
            try:
                seen.append(c.ask("POST", "/v1/events", body)[0])
            except OSError as e:
                seen.append(repr(e))

    def send_calmly():
        for _ in range(10):
            calm.append(other.ask("POST", "/v1/events", lines({"m": "calmword"}))[0])
    keep = node.pids()["keep"]
    os.kill(keep, signal.SIGSTOP)
    threads = [threading.Thread(target=send) for _ in range(8)]
    try:
        for t in threads:
            t.start()
        told = wait_for(lambda: seen)
        threads.append(threading.Thread(target=send_calmly))
        threads[-1].start()
    finally:
        os.kill(keep, signal.SIGCONT)
    threads[-1].join(60)
    stop.set()
    for t in threads:
        t.join(60)
    equal(calm, [200] * 10, "another source goes on undisturbed")
    ok(told and set(seen) <= {200, 503} and seen[0] == 503, "a flood is told to wait", seen)


def test_many(node, c):
    """Ten thousand sources: written into the state while nobody else has it."""
    node.stop()
    with sqlite3.connect(os.path.join(node.dir, "state", "state.db")) as db:
        columns = [r[1] for r in db.execute("PRAGMA table_info(source)")]
        row = dict(zip(columns, db.execute("SELECT * FROM source LIMIT 1").fetchone()))
        for i in range(10000):
            new = {**row, "id": os.urandom(16), "code": f"M{i}", "key_hash": os.urandom(64)}
            db.execute(f"INSERT INTO source ({','.join(columns)}) VALUES "
                       f"({','.join('?' * len(columns))})", [new[k] for k in columns])
    ok(node.start(60), "a node with ten thousand sources is ready", node.said()[-500:])
    ok(wait_for(lambda: answers(c) == 200), "and takes what one of them sends")


def answers(c):
    try:
        return c.ask("POST", "/v1/events", lines({"m": "manyword"}))[0]
    except OSError:
        return None


def test_kills(node, c):
    """Batches repeated until they are answered, while processes are killed: each is there once."""
    total, at = 60, [0]

    def send():
        while at[0] < total:
            try:
                got = c.ask("POST", "/v1/events", lines({"m": "repeatword", "n": at[0]}) * 5,
                            X_Canh_Batch=f"r-{at[0]}")
                at[0] += got[0] == 200
            except OSError:
                pass
            time.sleep(0.02)
    t = threading.Thread(target=send)
    t.start()
    for part in ("watch", "keep", "watch", "keep"):
        time.sleep(0.6)
        node.kill(part)
    t.join(60)
    equal(at[0], total, "all batches are answered in the end")
    rows = wait_for(lambda: (r := found(node, "repeatword")) and len(r) >= 5 * total and r)
    equal(len(rows or []), 5 * total, "and each is there once")


SCRIPT = """
import sys
import elasticsearch
from elasticsearch import helpers
port, name, key, ca = sys.argv[1:]
es = elasticsearch.Elasticsearch(["https://127.0.0.1:" + port], api_key=(name, key), ca_certs=ca)
assert es.ping()
print(helpers.bulk(es, [{"_op_type": "create", "_index": "logs", "_id": "p%d" % i,
                         "_source": {"m": "pyword", "n": i}} for i in range(500)])[0])
"""


def test_client(node, source):
    """With Debian's python3, for which its package python3-elasticsearch is."""
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import elasticsearch"], capture_output=True,
                      check=False).returncode != 0:
        skip("python3-elasticsearch is not installed")
        return
    r = subprocess.run([python, "-c", SCRIPT, str(node.port_base + 1), source["id"], source["key"],
                        os.path.join(node.dir, "keys", "ca.crt")], capture_output=True, text=True,
                       check=False, timeout=60)
    equal((r.returncode, r.stdout), (0, "500\n"), "python3-elasticsearch's bulk helper is content")
    equal(len(found(node, "pyword")), 500, "with what is recorded")


def test_rsyslog(node, source, tmp):
    module = "/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so"
    if not os.path.exists(module):
        skip("rsyslog-elasticsearch is not installed")
        return
    conf, sock = os.path.join(tmp, "rsyslog.conf"), os.path.join(tmp, "log.sock")
    write(conf, f'global(workDirectory="{tmp}")\nmodule(load="imuxsock" SysSock.Use="off")\n'
                f'module(load="omelasticsearch")\ninput(type="imuxsock" Socket="{sock}")\n'
                'template(name="j" type="list" option.json="on") { constant(value="{\\"message\\":\\"")'
                ' property(name="msg") constant(value="\\"}") }\n'
                f'action(type="omelasticsearch" server="127.0.0.1" serverport="{node.port_base + 1}"'
                f' usehttps="on" tls.cacert="{node.dir}/keys/ca.crt" uid="{source["id"]}"'
                f' pwd="{source["key"]}" bulkmode="on" template="j" searchIndex="logs"'
                ' searchType="")\n')
    daemon = subprocess.Popen(["rsyslogd", "-n", "-f", conf, "-i", os.path.join(tmp, "pid")],
                              stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: os.path.exists(sock))
        subprocess.run(["logger", "-u", sock, "-t", "peer", "omelasticword"], check=True)
        ok(wait_for(lambda: found(node, "omelasticword")), "rsyslog's omelasticsearch delivers")
    finally:
        daemon.terminate()
        daemon.wait()


def main():
    with folder() as tmp:
        node = Node(tmp)
        try:
            ok(node.start(), "a node is ready", node.said())
            ok(f"ingest=https://127.0.0.1:{node.port_base + 1}" in node.said(), "it says where")
            source = node.rows("source", "add", "winlogbeat")[0]
            ok(source["key"] in source["config"], "the configuration has the key")
            ok(f"https://127.0.0.1:{node.port_base + 1}" in source["config"] and ":8471" not in source["config"],
               "and the port that the node listens on, whatever canh.conf says", source["config"])
            ok(source["key"] not in json.dumps(node.rows("source", "list")), "which is told once")
            time.sleep(0.5)
            c = Client(node, source)
            test_events(node, c)
            test_refused(node, c, tmp)
            test_elastic(node, c)
            test_room(node, c)
            test_otlp(node, c)
            test_line(node, c)
            test_times(node, c)
            test_client(node, source)
            test_rsyslog(node, source, tmp)
            test_silence(node)
            test_kills(node, c)
            test_hostile(node, c)
            test_flood(node, c, Client(node, node.rows("source", "add", "http")[0]))
            test_many(node, c)
            equal(node.stop(), 0, "it ends")
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
