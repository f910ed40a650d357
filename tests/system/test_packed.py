#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packed logs: every packing gives what the plain log gives; archives in archives; passwords; what
is cut, nested too deep or unpacks without end is told, and what came before still counts."""
import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import subprocess
import tarfile
import zipfile

from support import canh, done, equal, folder, ok, skip, write

RULE = """title: One
level: high
logsource: {product: windows, service: security}
detection: {s: {EventID: 1}, condition: s}
"""
LINES = b"".join(json.dumps({"Channel": "Security", "EventID": i % 3, "n": i}).encode() + b"\n"
                 for i in range(3000))


def tarred(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(name, data)
    return out.getvalue()


def scan(top, *args, **more):
    return canh("scan", "--rules", os.path.join(top, "rule.yml"), "--json", *args, **more)


def places(r):
    return [(a["log"]["file"]["path"], a["log"]["offset"]) for a in map(json.loads,
                                                                        r.text.splitlines())]


def offsets(r):
    return [p[1] for p in places(r)]


def test_packings(top, want):
    packings = [("gz", gzip.compress(LINES)), ("two.gz", gzip.compress(LINES[:90000]) +
                                               gzip.compress(LINES[90000:])),
                ("bz2", bz2.compress(LINES)), ("xz", lzma.compress(LINES))]
    if shutil.which("zstd"):
        packings.append(("zst", subprocess.run(["zstd", "-qc"], input=LINES, check=True,
                                               stdout=subprocess.PIPE).stdout))
    else:
        skip("no zstd here")
    for name, data in packings:
        path = write(os.path.join(top, "a.log." + name), data)
        r = scan(top, path)
        equal(offsets(r), want, f"{name}: the alerts of the plain log")
        equal({p[0] for p in places(r)}, {path}, f"{name}: in the file that was named")
        equal(offsets(scan(top, "-", stdin=data)), want, f"{name}: from standard input, too")


def test_archives(top, want):
    inner = tarred([("x/one.json", LINES), ("two.json", LINES)])
    cases = {"a.tar": inner, "a.tar.gz": gzip.compress(inner),
             "a.zip": zipped([("x/one.json", LINES), ("two.json", LINES)])}
    for name, data in cases.items():
        path = write(os.path.join(top, name), data)
        r = scan(top, path)
        equal(offsets(r), want + want, f"{name}: both logs in it")
        equal(sorted({p[0] for p in places(r)}), [path + "!/two.json", path + "!/x/one.json"],
              f"{name}: names say where")
    path = write(os.path.join(top, "nested.zip"), zipped(
        [("b.tar.gz", gzip.compress(tarred([("c.json.xz", lzma.compress(LINES))])))]))
    r = scan(top, path)
    equal(places(r), [(path + "!/b.tar.gz!/c.json.xz", o) for o in want], "two within")
    data = zipped([("a.json", LINES)])
    for i in range(3):
        data = zipped([(f"{i}.zip", data)])
    r = scan(top, write(os.path.join(top, "deep.zip"), data))
    ok("not unpacked" in r.errors and "deep.zip!/2.zip!/1.zip!/0.zip" in r.errors,
       "three within are too many, and it says where", r)
    equal(r.status, 66, "exit status")


def test_bad(top, want):
    packed = gzip.compress(LINES)
    path = write(os.path.join(top, "cut.gz"), packed[:len(packed) // 2])
    r = scan(top, path)
    alerts = [json.loads(line) for line in r.text.splitlines()]
    whole = [a["log"]["offset"] for a in alerts if a["rule"]["name"] == "One"]
    ok(0 < len(whole) < len(want) and whole == want[:len(whole)], "what came before a cut counts",
       r.errors)
    equal([a["rule"]["id"] for a in alerts[len(whole):]], ["canh:not-examined"],
          "the record in which it was cut has an alert of canh's own")
    ok(path + ": cannot be unpacked" in r.errors, "and the cut is told", r.errors)
    line = json.dumps({"Channel": "Security", "EventID": 2}).encode() + b"\n"
    bomb = bz2.compress(line) + bz2.compress(line * 30000) * 400
    r = scan(top, write(os.path.join(top, "bomb.bz2"), bomb), timeout=240)
    ok("not unpacked any further" in r.errors, "no end: it is left", r.errors)
    equal(r.status, 66, "exit status")


def test_passwords(top, want):
    if not shutil.which("zip"):
        skip("no zip here")
        return
    write(os.path.join(top, "p.json"), LINES)
    path = os.path.join(top, "p.zip")
    subprocess.run(["zip", "-qjP", "mật khẩu", path, os.path.join(top, "p.json")], check=True)
    passwords = write(os.path.join(top, "passwords"), "wrong\nmật khẩu\r\n\n")
    equal(offsets(scan(top, "--archive-password-file", passwords, path)), want, "with its password")
    r = scan(top, path)
    ok("archive-password-file" in r.errors and offsets(r) == [], "without: it says what to do", r)
    ok("empty" not in r.text + r.errors, "and calls no log of it empty", r)
    equal(r.status, 66, "exit status")


with folder() as where:
    write(os.path.join(where, "rule.yml"), RULE)
    plain = write(os.path.join(where, "plain.json"), LINES)
    alerts = offsets(scan(where, plain))
    equal(len(alerts), 1000, "the plain log")
    test_packings(where, alerts)
    test_archives(where, alerts)
    test_bad(where, alerts)
    test_passwords(where, alerts)
done()
