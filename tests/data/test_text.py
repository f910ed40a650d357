#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Text logs against real ones whose right fields are known: loghub's and crowdsec's headers, RFC
5424 vectors, fail2ban's annotated lines, and hard lines of our own.

    test_text.py CANH"""
import csv
import json
import os
import re
import subprocess
import sys

CANH = sys.argv[1]
ROOT = os.environ["CANH_SOURCE_DIR"]
SHARED = os.path.join(ROOT, "..", "shared")
DATA = os.path.join(SHARED, "data")
NAMES = {"@timestamp": "timestamp", "host.hostname": "host", "process.name": "program",
         "process.pid": "pid", "log.syslog.msgid": "msgid"}
count = failed = 0


def ok(good, name, *notes):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {name}", flush=True)
    for note in notes if not good else ():
        print(f"# {note}"[:400])


def skip(why):
    global count
    count += 1
    print(f"ok {count} # SKIP {why}")


def flat(o, before=""):
    found = {}
    for k, v in o.items():
        if isinstance(v, dict):
            found.update(flat(v, before + k + "."))
        else:
            found[before + k] = v
    return found


def decode(text, *args):
    r = subprocess.run([CANH, "decode", "--json", *args, "-"], input=text, capture_output=True)
    return [flat(json.loads(l)) for l in r.stdout.decode().splitlines() if l]


def text(v):
    return "" if v is None else str(v)


def share(name, right, total, least, notes):
    ok(total > 0 and right >= least * total, f"{name}: {right} of {total} equal, {least:.0%} wanted",
       *notes)


def test_loghub():
    for name in ("Linux", "OpenSSH"):
        folder = os.path.join(DATA, "loghub-2k", name)
        with open(f"{folder}/{name}_2k.log_structured.csv", encoding="utf8") as f:
            rows = list(csv.DictReader(f))
        with open(f"{folder}/{name}_2k.log", "rb") as f:
            events = decode(f.read(), "--received", "2006-06-01T00:00:00")
        ok(len(rows) == len(events), f"{name}: an event a line", len(events))
        right = total = 0
        notes = []
        for row, e in zip(rows, events):
            linux = name == "Linux"
            wanted = ((e.get("host.hostname"), row["Level"] if linux else row["Component"]),
                      (e.get("process.name"), row["Component"] if linux else "sshd"),
                      (e.get("process.pid"), row.get("PID") or row.get("Pid")),
                      (text(e.get("message")).strip(), row["Content"].strip()),
                      (text(e.get("@timestamp"))[11:19], row["Time"]))
            for got, want in wanted:
                total += 1
                right += text(got) == text(want)
                if text(got) != text(want):
                    notes.append((got, want))
        share(name, right, total, 0.98, notes[:5])


def test_crowdsec():
    folder = os.path.join(DATA, "crowdsec-tests")
    line = re.compile(r'results\["s00-raw"\]\["crowdsecurity/syslog-logs"\]\[(\d+)\]\.Evt\.'
                      r'Parsed\["(\w+)"\] == (".*")$')
    right = total = 0
    notes = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name, "parser.assert")
        logs = [f for f in os.listdir(os.path.join(folder, name)) if f.endswith(".log")]
        if not os.path.exists(path) or len(logs) != 1:
            continue
        wanted = {}
        with open(path, encoding="utf8", errors="replace") as f:
            for m in filter(None, map(line.match, f)):
                try:
                    wanted.setdefault(int(m[1]), {})[m[2]] = json.loads(m[3])
                except ValueError:
                    pass
        wanted = {i: w for i, w in wanted.items() if w.get("logsource") == "syslog"}
        if not any("program" in w for w in wanted.values()):
            continue
        with open(os.path.join(folder, name, logs[0]), "rb") as f:
            events = decode(f.read(), "--format", "syslog")
        for i, w in wanted.items():
            e = events[i] if i < len(events) else {}
            for key, field in (("program", "process.name"), ("pid", "process.pid"),
                               ("message", "message")):
                if key not in w:
                    continue
                total += 1
                same = text(e.get(field)).strip() == w[key].strip()
                right += same
                if not same:
                    notes.append((name, key, e.get(field), w[key]))
    share("crowdsec's syslog headers", right, total, 0.98, notes[:5])


def test_rfc5424():
    fields = (("hostname", "host.hostname"), ("appname", "process.name"), ("procid", "process.pid"),
              ("msgid", "log.syslog.msgid"), ("message", "message"),
              ("priority", "log.syslog.priority"), ("version", "log.syslog.version"))
    right = total = 0
    notes = []
    with open(os.path.join(DATA, "rfc5424", "cases.jsonl"), encoding="utf8") as f:
        cases = [c for c in map(json.loads, f) if c["valid"]]
    for case in cases:
        e = (decode(case["input"].encode(), "--format", "syslog") or [{}])[0]
        wanted = [(e.get(field), case.get(key)) for key, field in fields]
        for sd, values in case.get("sd", {}).items():
            wanted += [(e.get(f"canh.fields.sd.{sd}.{k}"), re.sub(r'\\([\\"\]])', r"\1", v))
                       for k, v in values.items()]
        same = all(text(a) == text(b) for a, b in wanted)
        total += 1
        right += same
        if not same:
            notes.append((case["input"], wanted))
    share("RFC 5424", right, total, 1, notes[:5])


# Lines whose address stands in another line of the same session, or that say nothing of failure
# by themselves; fail2ban joins lines by process.
LOGINS = {"sshd": 0.85, "dropbear": 1, "pam-generic": 1, "postfix": 1, "sendmail-auth": 1,
          "cyrus-imap": 1, "webmin-auth": 1, "proxmox": 1, "sieve": 1, "gssftpd": 1,
          "selinux-ssh": 1, "exim": 0.95, "apache-auth": 0.95, "nginx-limit-req": 0.85,
          "dovecot": 0.85, "sogo-auth": 0.95, "phpmyadmin-syslog": 1, "perdition": 1}


def annotated(path):
    """(line, annotation) pairs."""
    note = None
    with open(path, "rb") as f:
        for line in f.read().split(b"\n"):
            m = re.match(rb"#\s*failJSON:(.*)", line)
            if m:
                note = json.loads(m[1])
            elif not line.startswith(b"#") and line.strip():
                yield line, note
                note = None


def test_fail2ban():
    folder = os.path.join(DATA, "fail2ban-logs")
    all_right = all_total = 0
    false = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            continue
        pairs = list(annotated(path))
        events = decode(b"\n".join(l for l, _ in pairs) + b"\n", "--received",
                        "2005-08-01T00:00:00")
        if name in LOGINS:
            ok(len(events) == len(pairs), f"{name}: an event a line", len(events))
        if len(events) != len(pairs):
            continue  # of several lines, or no format of ours
        right = total = 0
        notes = []
        for (line, note), e in zip(pairs, events):
            if note is None:
                continue
            if not note["match"]:
                if e.get("event.outcome") == "failure":
                    false.append((name, line))
                continue
            host = note.get("host")
            if host is None or host.encode() not in line:
                continue  # stands in an earlier line of the session
            seen = (text(e.get("source.ip")).lower().replace("::ffff:", ""),
                    e.get("source.domain"))
            total += 1
            right += host.lower() in seen
            if host.lower() not in seen:
                notes.append(line)
        if name in LOGINS:
            share(f"addresses in fail2ban's {name}", right, total, LOGINS[name], notes[:3])
            all_right += right
            all_total += total
    share("addresses of failed logins", all_right, all_total, 0.95, [])
    ok(not false, "no failure on lines that are annotated as none", *false[:5])


def test_hard_lines():
    folder = os.path.join(SHARED, "cases", "lines")
    if not os.path.isdir(folder):
        return skip("no hard lines here")
    sys.path.insert(0, folder)
    from match import match
    escapes = {"n": b"\n", "t": b"\t", "r": b"\r", "\\": b"\\"}

    def one(m):
        s = m[1]
        return bytes([int(s[1:], 16)]) if s[0] == "x" else escapes[s]

    with open(os.path.join(folder, "lines.tsv"), encoding="utf8", newline="\n") as f:
        rows = [l.rstrip("\n").split("\t") for l in f][1:]
    for row in rows:
        if len(row) < 5:
            continue
        wanted = json.loads(row[4])
        given = wanted.get("$given", {})
        args = ["--input-zone", given["zone"]] if "zone" in given else []
        received = given.get("received") or given.get("mtime")
        if received:
            args += ["--received", received]
        parts = re.split(r"\\(x[0-9A-Fa-f]{2}|[ntr\\])", row[3])
        raw = b"".join(one((None, p)) if i % 2 else p.encode() for i, p in enumerate(parts))
        events = []
        for e in decode(raw, *args):
            d = {k[12:]: v for k, v in e.items() if k.startswith("canh.fields.")}
            d.update({NAMES.get(k, k): v for k, v in e.items()})
            if "received" in given:
                d.setdefault("timestamp", given["received"])
            events.append(d)
        differ = match(wanted, events)
        ok(not differ, f"hard line {row[0]}", *differ)


if os.path.isdir(DATA):
    test_loghub()
    test_crowdsec()
    test_rfc5424()
    test_fail2ban()
    test_hard_lines()
else:
    skip("no data folder beside the source tree")
print(f"1..{count}")
sys.exit(1 if failed else 0)
