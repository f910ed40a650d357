#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What others wrote, sending to a node: Elastic's own clients for Node.js, syslog-ng by TLS and to
_bulk, a Collector of OpenTelemetry where CANH_COLLECTOR names one, and each Filebeat and Winlogbeat that
was built (tests/senders/)."""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time

from node import Node, wait_for
from support import ROOT, done, equal, folder, ok, skip, write

SENDERS = os.path.join(ROOT, "tests", "senders")
SYSLOG_NG = os.path.join(SENDERS, "syslog-ng")
ADMIN_ADDED = "e3aeb30e-7963-49f1-98e6-2fd8bbacb7e9"  # of canh's own rules


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
    sock, run = syslog_ng(tmp, "tls", conf.replace("/etc/ssl/canh-ca.crt", authority(node)))
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
    write(conf, one["config"].replace("/etc/otelcol/canh-ca.crt", authority(node)))
    r = subprocess.run([program, "validate", "--config", conf], capture_output=True, text=True, check=False)
    ok(r.returncode == 0, "what source add prints is right to a Collector", r)
    write(log, "".join(f"otelword {i}\n" for i in range(300)))
    write(conf, COLLECTOR.format(log=log, port=node.port_base + 1, ca=authority(node), id=one["id"],
                                 key=one["key"], id2=two["id"], key2=two["key"]))
    with running(program, "--config", conf, log=out):
        equal(found(node, "otelword", 600), 600, "a Collector delivers by otlphttp and elasticsearch")


def built(beat):
    there = os.path.join(SENDERS, beat)
    return [os.path.join(there, x) for x in sorted(os.listdir(there))] if os.path.isdir(there) else []


class Beat:
    """Filebeat or Winlogbeat with the configuration that source add prints, as read() changes it: it
    reads a file that the test writes."""
    read, record = None, None

    def __init__(self, program, tmp, name, config, authority_file):
        self.program, self.home, self.word = program, os.path.join(tmp, name), name + "word"
        self.log, self.conf = self.home + ".log", self.home + ".yml"
        self.out, self.count = self.home + ".out", 0
        write(self.conf, re.sub(r'certificate_authorities: \[.*\]',
                                f'certificate_authorities: ["{authority_file}"]', self.read(config)))
        write(self.log, "")

    def command(self, *args):
        return [self.program, *args, "-c", self.conf, "--path.home", self.home, "--strict.perms=false"]

    def running(self):
        return running(*self.command("-e"), log=self.out)

    def log_lines(self, count):
        with open(self.log, "a", encoding="utf-8") as f:
            f.writelines(self.record(self.count + i) + "\n" for i in range(count))
        self.count += count

    def all_there(self, node):
        """Whether the journal has every record; of one whose answer was lost twice is right."""
        rows = node.rows("search", self.word, "--purpose", "test")
        return {int(json.loads(r["raw"])["message"].split()[1]) for r in rows} == set(range(self.count))

    def said(self):
        with open(self.out, encoding="utf-8", errors="replace") as f:
            return f.read()


class Filebeat(Beat):
    name = "Filebeat"

    def read(self, config):
        return re.sub(r"paths: \[.*\]", f"paths: ['{self.log}']\n    prospector.scanner.check_interval: 200ms",
                      config)

    def record(self, i):
        return f"{self.word} {i} {'x' * 60}"


class Winlogbeat(Beat):
    """Its event logs are a file of events (tests/senders/winlogbeat.go); each adds an administrator."""
    name = "Winlogbeat"

    def read(self, config):
        logs = re.sub(r"(?m)^winlogbeat.event_logs:\n(  - .*\n)+", "winlogbeat.event_logs:\n  - "
                      "{name: Microsoft-Windows-Sysmon/Operational, api: xml, path: '%s'}\n" % self.log, config)
        return logs + f"winlogbeat.registry_file: {self.home}.registry\n"

    def record(self, i):
        made = time.strftime("%Y-%m-%dT%H:%M:%S.1234567Z", time.gmtime())
        system = (f"<Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><Version>5</Version><Level>4</Level>"
                  f"<Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords>"
                  f"<TimeCreated SystemTime='{made}'/><EventRecordID>{i + 1}</EventRecordID><Correlation/>"
                  f"<Execution ProcessID='2500' ThreadID='3000'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel>"
                  f"<Computer>{self.word}</Computer><Security UserID='S-1-5-18'/>")
        data = {"UtcTime": made, "ProcessId": "4712", "Image": r"C:\Windows\System32\net.exe",
                "CommandLine": "net localgroup administrators a /add", "User": r"PC-7\a"}
        pairs = "".join(f"<Data Name='{k}'>{v}</Data>" for k, v in data.items())
        return (f"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>{system}</System>"
                f"<EventData>{pairs}</EventData><RenderingInfo Culture='en-US'><Message>{self.word} {i} "
                f"Process Create</Message><Level>Information</Level></RenderingInfo></Event>")


def beat_config(node, kind, output):
    inputs = node.rows("source", "add", kind)[0]["config"]
    if output == "elasticsearch":
        return inputs
    return inputs[:inputs.index("output.")] + node.rows("source", "add", "lumberjack")[0]["config"]


def test_beat(node, tmp, made, program, output):
    version = re.search(r"version ([0-9.]+)", subprocess.run(
        [program, "version"], capture_output=True, text=True, check=True).stdout).group(1)
    kind = made.name.lower()
    what = f"{made.name} {version}, output.{output}"
    name = f"{kind[:2]}{version.replace('.', '')}{output[:4]}"
    beat = made(program, tmp, name, beat_config(node, kind, output), authority(node))
    beat.log_lines(300)
    r = subprocess.run(beat.command("test", "config"), capture_output=True, text=True, check=False)
    ok("Config OK" in r.stdout, f"{what}: what source add prints is right", r)
    with beat.running():
        ok(wait_for(lambda: beat.all_there(node)), f"{what}: every record comes", beat.said()[-2000:])
        node.stop()
        beat.log_lines(200)
        ok(node.start(), f"{what}: a node that was away", node.said())
        ok(wait_for(lambda: beat.all_there(node)), f"{what}: gets what came meanwhile", beat.said()[-2000:])
        keep = node.pids()["keep"]
        os.kill(keep, signal.SIGSTOP)
        beat.log_lines(30000)
        time.sleep(3)
        os.kill(keep, signal.SIGCONT)
        ok(wait_for(lambda: beat.all_there(node)), f"{what}: one that is slow gets all", beat.said()[-2000:])
    if made is Winlogbeat:
        ok(wait_for(lambda: beat.word in {a["host"] for a in node.rows("alert", "list") if a["rule"] == ADMIN_ADDED}),
           f"{what}: its events are known to rules")
    stranger = made(program, tmp, name + "strange", beat_config(node, kind, output),
                    os.path.join(node.dir, "keys", "console.crt"))
    stranger.log_lines(30)
    with stranger.running():
        ok(wait_for(lambda: "unknown authority" in stranger.said()),
           f"{what}: trusts no other authority", stranger.said()[-2000:])
    equal(node.rows("search", stranger.word, "--purpose", "test"), [], f"{what}: and sends it nothing")


def main():
    with folder() as tmp:
        node = Node(tmp)
        try:
            ok(node.start(), "a node is ready", node.said())
            test_elasticsearch(node)
            test_syslog_ng(node, tmp)
            test_collector(node, tmp)
            for made in (Filebeat, Winlogbeat):
                programs = built(made.name.lower())
                for program in programs:
                    for output in ("elasticsearch", "logstash"):
                        test_beat(node, tmp, made, program, output)
                if not programs:
                    skip(f"no {made.name}: make beats")
            equal(node.stop(), 0, "it ends")
        finally:
            if node.process and node.process.poll() is None:
                node.kill_all()
    done()


main()
