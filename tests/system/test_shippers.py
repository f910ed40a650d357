#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shippers that cannot be installed here, as their own source has them talk and judge the answer:
Fluent Bit (plugins/out_es/es.c, es_bulk.h and es_conf.c of fluent/fluent-bit, as they are since 409 counts as no
error) and Vector (src/sinks/elasticsearch/: common.rs of commit 02370f46, encoder.rs of 0224faf8,
retry.rs of 5ebf2216, config.rs of 8e417510), configured by what source add prints; and Winlogbeat, which
runs on Windows alone: elastic/beats 7.17.29 and 9 (commit 7806f1a2), in both libbeat/esleg/eslegclient/connection.go and
bulkapi.go, libbeat/outputs/elasticsearch/client.go, libbeat/licenser/elastic_fetcher.go,
winlogbeat/eventlog/eventlog.go and winlogbeat/sys/winevent/event.go."""
import base64
import gzip
import json
import os
import time
import uuid

from ingest import Client
from node import Node, wait_for
from support import done, equal, folder, ok


def compact(x):
    return json.dumps(x, separators=(",", ":"))


class Shipper(Client):
    """With the name and password of the source; keeps what it is answered as bytes."""

    def __init__(self, node, source, agent):
        super().__init__(node, source)
        pair = f"{source['id']}:{source['key']}".encode()
        self.auth = "Basic " + base64.b64encode(pair).decode()
        self.agent = agent

    def post(self, path, body, **headers):
        status, _, reply = self.ask("POST", path, body, User_Agent=self.agent,
                                    Content_Type="application/x-ndjson", **headers)
        return status, compact(reply) if isinstance(reply, dict) else reply


def count(node, query):
    return len(node.rows("search", query, "--purpose", "test"))


def chunk(*records):
    """es_bulk.h: ES_BULK_INDEX_FMT_ID_WITHOUT_TYPE, the default operation, an id of the content."""
    lines = []
    for r in records:
        r = {"@timestamp": "2026-11-30T07:00:02.000Z", **r}
        name = uuid.uuid5(uuid.NAMESPACE_OID, compact(r))
        lines += [f'{{"create":{{"_index":"fluent-bit","_id":"{name}"}}}}', compact(r)]
    return "".join(line + "\n" for line in lines).encode()


def flushed(status, reply):
    """cb_es_flush() and elasticsearch_error_check(): whether the chunk is done with; else it comes
    again as it is."""
    if status not in (200, 201) or not reply:
        return False
    reply = json.loads(reply)
    if reply["errors"] is False:
        return True
    statuses = [next(iter(i.values()))["status"] for i in reply["items"]]
    return all(s in (200, 201, 409) for s in statuses)


def test_fluent_bit(node):
    source = node.rows("source", "add", "fluent-bit")[0]
    for wanted in ("Generate_ID       On", "Offset_Key ", "Path_Key ", "Buffer_Size       False",
                   "Suppress_Type_Name On", "Retry_Limit       False"):
        ok(wanted in source["config"], f"its configuration says {wanted.split()[0]}", source["config"])
    c = Shipper(node, source, "Fluent-Bit")
    line = "Nov 30 14:00:00 web1 sshd[1]: Failed password for root from 203.0.113.78 port 22 ssh2"
    body = chunk(*({"file": "/var/log/auth.log", "offset": n * len(line), "log": line}
                   for n in range(3)))
    wait_for(lambda: c.post("/_bulk", b"")[0] != 401)
    ok(flushed(*c.post("/_bulk", body)), "Fluent Bit is done with a chunk")
    ok(flushed(*c.post("/_bulk", body)), "also where it comes again: it is told of repeats")
    ok(flushed(*c.post("/_bulk", gzip.compress(body), Content_Encoding="gzip")), "and packed")
    wait_for(lambda: count(node, "process.name:sshd source.ip:203.0.113.78") == 3)
    equal(count(node, "process.name:sshd source.ip:203.0.113.78 event.outcome:failure"), 3,
          "equal lines at three places are three, each once, read as the lines that they are")
    ok(flushed(*c.post("/_bulk/?pipeline=none", chunk({"log": "flbpipeline"}))), "with a pipeline, too")
    node.kill("keep")
    body = chunk(*({"offset": n, "log": "flbkilled"} for n in range(100)))
    ok(wait_for(lambda: flushed(*c.post("/_bulk", body))), "what could not be kept comes again")
    equal(count(node, "flbkilled"), 100, "each once")
    stranger = Shipper(node, {"id": source["id"], "key": "none"}, "Fluent-Bit")
    ok(not flushed(*stranger.post("/_bulk", body)), "with a wrong key it keeps its chunk")


def request(events):
    """encoder.rs: write_bulk_action() with an id, the type suppressed (api_version v8)."""
    return "".join(f'{{"index":{{"_index":"vector-2026.11.30","_id":"{i}"}}}}\n{compact(e)}\n'
                   for i, e in events).encode()


def to_retry(status, reply, events):
    """retry.rs: should_retry_response() with request_retry_partial; the events that come again, all of
    them or, since there is RetryPartial, those that failed; None where they are given up."""
    if status == 429 or (status >= 500 and status != 501):
        return events
    if status >= 300:
        return None
    if '"errors":true' not in reply:
        return []
    statuses = [i["index"]["status"] for i in json.loads(reply)["items"]]
    again = [e for e, s in zip(events, statuses) if s == 429 or s >= 500]
    return again or None


def test_vector(node):
    source = node.rows("source", "add", "vector")[0]
    for wanted in ("request_retry_partial: true", "id_key: canh_id", "max_bytes: 4000000",
                   "api_version: v8"):
        ok(wanted in source["config"], f"its configuration says {wanted}", source["config"])
    c = Shipper(node, source, "Vector/0.45.0 (x86_64-unknown-linux-gnu)")
    health = wait_for(lambda: (h := c.ask("GET", "/_cluster/health", User_Agent=c.agent))[0] == 200 and h)
    ok(health, "Vector finds it healthy")
    events = [(uuid.uuid4(), {"file": "/var/log/app.log", "host": "web1", "message": f"vectorword {i}",
                              "source_type": "file", "timestamp": "2026-11-30T07:00:02.123456789Z",
                              "pad": "x" * 100000}) for i in range(150)]
    sizes = []
    left = events
    while left and len(sizes) < 50:
        status, reply = c.post("/_bulk?timeout=60s", gzip.compress(request(left), 1),
                               Content_Encoding="gzip")
        sizes.append(len(left))
        left = to_retry(status, reply, left)
    equal(left, [], "Vector gives none up")
    ok(len(sizes) > 1, "though not all are taken at a time", sizes)
    counts = node.rows("search", "vectorword", "--count-by", "source_type", "--purpose", "test")
    equal([r["count"] for r in counts], [150], "and all are there once")
    equal(to_retry(*c.post("/_bulk?timeout=60s", request(events[:5])), events[:5]), [],
          "repeats are fine to it")
    node.kill("keep")
    more = [(uuid.uuid4(), {"message": "vectorkilled"}) for _ in range(100)]
    ok(wait_for(lambda: retry_once(c, more), 60), "and is content once keep is back")
    equal(count(node, "vectorkilled"), 100, "what could not be kept comes again, each once")


class Winlogbeat(Shipper):
    """A version of it: how it names itself, what it packs and how it takes answers."""

    def __init__(self, node, source, version):
        self.major = int(version.split(".")[0])
        name = "Elastic Winlogbeat" if self.major == 7 else "Elastic-Winlogbeat"
        super().__init__(node, source, f"{name}/{version} (windows; amd64; 7806f1a2; 2024-12-31)")
        self.auth = Client(node, source).auth  # api_key
        self.index = f"winlogbeat-{version}-2026.12.01"

    def connect(self):
        """Connection.Connect() and, in the distribution by default, licenser.FetchAndVerify()."""
        status, _, root = self.ask("GET", "/", User_Agent=self.agent, Accept="application/json")
        if status >= 300 or int(root["version"]["number"].split(".")[0]) < self.major:
            return False
        status, _, reply = self.ask("GET", "/_license?human=false", User_Agent=self.agent)
        return status == 200 and reply["license"]["status"] == "active"

    def publish(self, events):
        """Client.Publish(): the events that come again; 7.17 sends all of a body that is too large
        again as it is, 8.8 and later in halves."""
        body = "".join(f'{{"create":{{"_index":"{self.index}"}}}}\n{compact(e)}\n' for e in events).encode()
        packed = {"Content_Encoding": "gzip"} if self.major > 7 else {}
        status, reply = self.post("/_bulk", gzip.compress(body, 1) if packed else body,
                                  Accept="application/json", **packed)
        if status == 413 and self.major > 7 and len(events) > 1:
            half = len(events) // 2
            return self.publish(events[:half]) + self.publish(events[half:])
        if status != 200:
            return events
        statuses = [i["create"]["status"] for i in json.loads(reply)["items"]]
        # below 500 but for these it drops an event, which must not happen
        ok(all(s < 300 or s in (409, 429) or s >= 500 for s in statuses), "it drops none", statuses)
        return [e for e, s in zip(events, statuses) if s >= 300 and s != 409]


def published(c, events):
    """Takes out those that need not come again; True once there are none."""
    events[:] = c.publish(events)
    return not events


PC, ADMIN_ADDED = "PC-7.so-yte.example", "e3aeb30e-7963-49f1-98e6-2fd8bbacb7e9"


def win_event(number, channel, code, message, **data):
    """Record.ToEvent() and Event.Fields(), with what libbeat's processors add."""
    return {
        "@timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime()), "message": message,
        "agent": {"name": "PC-7", "type": "winlogbeat", "version": "8.11.1", "ephemeral_id": "1", "id": "2"},
        "ecs": {"version": "1.12.0"}, "host": {"name": PC}, "log": {"level": "information"},
        "event": {"created": "2026-11-30T07:00:03.000Z", "code": str(code), "kind": "event",
                  "provider": "Microsoft-Windows-Sysmon"},
        "winlog": {"channel": channel, "event_id": str(code), "provider_name": "Microsoft-Windows-Sysmon",
                   "record_id": number, "computer_name": PC, "opcode": "Info",
                   "process": {"pid": 4, "thread": {"id": 8}}, "api": "wineventlog", "event_data": data}}


def program_started(number, pad=""):
    return win_event(number, "Microsoft-Windows-Sysmon/Operational", 1, f"Process Create: {pad}",
                     Image=r"C:\Windows\System32\net.exe", User="PC-7\\a", UtcTime="2026-11-30 07:00:02.123",
                     CommandLine="net localgroup administrators winbeatword /add")


def test_winlogbeat(node, source, version):
    for wanted in ("winlogbeat.event_logs:", 'api_key: "', "setup.ilm.enabled: false",
                   "setup.template.enabled: false"):
        ok(wanted in source["config"], f"its configuration says {wanted}", source["config"])
    c = Winlogbeat(node, source, version)
    ok(wait_for(c.connect), f"Winlogbeat {version} connects")
    before = count(node, "winbeatword")
    size = 50 if c.major == 7 else 1600
    events = [program_started(i, "y" * (30 if c.major == 7 else 20000)) for i in range(size)]
    ok(wait_for(lambda: published(c, events), 60),
       f"Winlogbeat {version}: a batch is taken, in pieces where it is too large")
    equal(count(node, "winbeatword") - before, size, "and there")
    equal({a["host"] for a in node.rows("alert", "list") if a["rule"] == ADMIN_ADDED}, {PC},
          "its events are known to rules")
    node.kill("keep")
    again = [win_event(7000 + i, "Application", 1000, "winkilled") for i in range(50)]
    ok(wait_for(lambda: published(c, again), 60), "what could not be kept comes again")
    there = {json.loads(r["raw"])["winlog"]["record_id"] for r in
             node.rows("search", "winkilled", "--purpose", "test")}
    ok(there >= {7000 + i for i in range(50)}, "until all of it is there")


def retry_once(c, events):
    return to_retry(*c.post("/_bulk?timeout=60s", request(events)), events) == []


def main():
    with folder() as tmp:
        node = Node(tmp)
        source = node.rows("source", "add", "winlogbeat")[0]
        authority = source["config"].split("copy ")[1].split(" to the PC")[0]
        ok(os.path.exists(authority), "the certificate that a sender is given is there before a node runs",
           source["config"])
        ok(node.start(), "a node is ready", node.said())
        for version in ("7.17.29", "9.0.0"):
            test_winlogbeat(node, source, version)
        test_fluent_bit(node)
        test_vector(node)
        equal(node.stop(), 0, "it ends in order")
    done()


main()
