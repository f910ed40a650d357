#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shippers that cannot be installed here, as their own source has them talk and judge the answer:
Fluent Bit (plugins/out_es/es.c, es_bulk.h and es_conf.c of fluent/fluent-bit, as they are since 409 counts as no
error) and Vector (src/sinks/elasticsearch/: common.rs of commit 02370f46, encoder.rs of 0224faf8,
retry.rs of 5ebf2216, config.rs of 8e417510), configured by what source add prints."""
import base64
import gzip
import json
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


def retry_once(c, events):
    return to_retry(*c.post("/_bulk?timeout=60s", request(events)), events) == []


def main():
    with folder() as tmp:
        node = Node(tmp)
        ok(node.start(), "a node is ready", node.said())
        test_fluent_bit(node)
        test_vector(node)
        equal(node.stop(), 0, "it ends in order")
    done()


main()
