#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What others wrote, sending to a node: Elastic's own clients for Node.js, syslog-ng by TLS and to
_bulk, and a Collector of OpenTelemetry where CANH_COLLECTOR names one (tests/senders/)."""
import contextlib
import json
import os
import shutil
import subprocess

from node import Node, wait_for
from support import ROOT, done, equal, folder, ok, skip, write

SENDERS = os.path.join(ROOT, "tests", "senders")
SYSLOG_NG = os.path.join(SENDERS, "syslog-ng")


def found(node, word, want):
    def ask():
        return len(node.rows("search", word, "--purpose", "test"))
    wait_for(lambda: ask() >= want, 12)
    return ask()


def authority(node):
    return os.path.join(node.dir, "keys", "ca.crt")


@contextlib.contextmanager
def running(*command, log, **more):
    with open(log, "wb") as out:
        p = subprocess.Popen(command, stdout=out, stderr=out, **more)
    try:
        yield p
    finally:
        p.terminate()
        try:
            p.wait(timeout=60)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()


def test_elasticsearch(node):
    """Documents with an id: each once, whatever comes again."""
    for version in ("8", "9"):
        name = "elasticsearch" + version
        if not (shutil.which("node") and
                os.path.exists(os.path.join(SENDERS, "node_modules", name))):
            skip(f"npm's @elastic/elasticsearch {version} is not there: make senders")
            continue
        source, word = node.rows("source", "add", "elasticsearch")[0], f"npm{version}word"
        r = subprocess.run(
            ["node", os.path.join(SENDERS, "elasticsearch.mjs"), name,
             f"https://127.0.0.1:{node.port_base + 1}", source["config"].split("ApiKey ")[1].split()[0],
             authority(node), word], capture_output=True, text=True, check=False, timeout=120)
        if not ok(r.returncode == 0, f"{name} is content", r.stdout, r.stderr):
            continue
        got = json.loads(r.stdout)
        ok(got["version"].startswith(version + "."), "with the version that it is told", got)
        equal((got["first"], got["again"]), ({"taken": 500, "refused": 0},
                                             {"taken": 0, "refused": 500}), "what it sends twice")
        equal(found(node, word, 500), 500, "is there once")


def syslog_ng(tmp, name, conf):
    """Runs it with what logger sends to a socket as s_src."""
    sock, path = os.path.join(tmp, name + ".sock"), os.path.join(tmp, name + ".conf")
    write(path, f'@version: 3.35\noptions {{ time-reopen(1); }};\n@include "{SYSLOG_NG}/usr/share/syslog-ng/include/scl/'
                f'elasticsearch/elastic-http.conf"\nsource s_src {{ unix-dgram("{sock}"); }};\n' + conf)
    libs = os.path.join(SYSLOG_NG, "usr", "lib", "syslog-ng")
    state = os.path.join(tmp, name)
    return sock, running(
        os.path.join(SYSLOG_NG, "usr", "sbin", "syslog-ng"), "-F", "--no-caps", "-f", path,
        "--module-path", os.path.join(libs, "3.38"), "-R", state + ".persist", "-c", state + ".ctl",
        "-p", state + ".pid", log=state + ".log", cwd=tmp, env={**os.environ, "LD_LIBRARY_PATH": libs})


def logged(sock, word, n):
    wait_for(lambda: os.path.exists(sock))
    for i in range(n):
        subprocess.run(["logger", "-u", sock, "-t", "peer", f"{word} {i}"], check=True)


def test_syslog_ng(node, tmp):
    if not os.path.exists(os.path.join(SYSLOG_NG, "done")):
        skip("syslog-ng is not there: make senders")
        return
    source = node.rows("source", "add", "elasticsearch")[0]
    sock, run = syslog_ng(tmp, "http", f'''
        destination d {{ elasticsearch-http(url("https://127.0.0.1:{node.port_base + 1}/_bulk")
            index("logs") type("") user("{source["id"]}") password("{source["key"]}")
            tls(ca-file("{authority(node)}") peer-verify(yes))); }};
        log {{ source(s_src); destination(d); }};\n''')
    with run:
        logged(sock, "nghttpword", 20)
        equal(found(node, "nghttpword", 20), 20, "syslog-ng's elasticsearch-http delivers")
    conf = node.rows("source", "add", "syslog-ng")[0]["config"]
    sock, run = syslog_ng(tmp, "tls", conf.replace("/etc/ssl/canh-ca.crt", authority(node))
                          .replace("port(6514)", f"port({node.port_base + 3})"))
    with run:
        logged(sock, "ngtlsword", 20)
        equal(found(node, "ngtlsword", 20), 20, "and its syslog() as source add writes it")
        node.stop()
        logged(sock, "ngwaitword", 5)
        ok(node.start(), "a node that was away")
        # What it wrote into the old connection before it knew is lost: syslog has no answer.
        ok(found(node, "ngwaitword", 4) >= 4, "gets what it kept meanwhile")


COLLECTOR = """
receivers:
  filelog: {{include: [{log}], start_at: beginning, poll_interval: 200ms}}
exporters:
  otlphttp:
    endpoint: https://127.0.0.1:{port}
    encoding: json
    headers: {{Authorization: "Bearer {id}.{key}"}}
    tls: {{ca_file: {ca}}}
  elasticsearch:
    endpoint: https://127.0.0.1:{port}
    user: {id2}
    password: {key2}
    tls: {{ca_file: {ca}}}
    mapping: {{mode: none}}
service:
  telemetry: {{metrics: {{level: none}}, logs: {{level: error}}}}
  pipelines:
    logs: {{receivers: [filelog], exporters: [otlphttp, elasticsearch]}}
"""


def test_collector(node, tmp):
    program = os.environ.get("CANH_COLLECTOR")
    if not program:
        skip("no Collector of OpenTelemetry: CANH_COLLECTOR names one, tests/senders/collector makes it")
        return
    one, two = node.rows("source", "add", "otel")[0], node.rows("source", "add", "elasticsearch")[0]
    log, conf, out = (os.path.join(tmp, n) for n in ("otel.log", "otel.yaml", "otel.out"))
    write(log, "".join(f"otelword {i}\n" for i in range(300)))
    write(conf, COLLECTOR.format(log=log, port=node.port_base + 1, ca=authority(node), id=one["id"],
                                 key=one["key"], id2=two["id"], key2=two["key"]))
    with running(program, "--config", conf, log=out):
        equal(found(node, "otelword", 600), 600, "a Collector delivers by otlphttp and elasticsearch")


def main():
    with folder() as tmp:
        node = Node(tmp)
        try:
            ok(node.start(), "a node is ready", node.said())
            test_elasticsearch(node)
            test_syslog_ng(node, tmp)
            test_collector(node, tmp)
            equal(node.stop(), 0, "it ends")
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
