#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh scan on damaged EVTX files, and what --recover finds in their unused parts."""
import json
import os
import struct
import subprocess

import evtx
from support import (CANH, ROOT, canh, data, done, environment, equal, folder, ok, skip,
                     write)

FIXTURES = os.path.join(ROOT, "tests", "system", "data")


def scan(*args, **more):
    return canh("scan", "-m", "mappings", "-r", "rules", *args, cwd=FIXTURES, **more)


def found(path, *args):
    """Record numbers of the alerts, with + for a recovered and ~ for a damaged record."""
    r = scan(path, "--json", "-q", *args)
    alerts = [json.loads(line) for line in r.text.splitlines()]
    return [("+" if a["canh"].get("recovered") else "") + ("~" if a["canh"].get("damaged") else "")
            + str(a["event"]["sequence"]) for a in alerts if "why" not in a["canh"]]


def file_of(tmp, *chunks, dirty=False):
    return write(os.path.join(tmp, "log.evtx"), evtx.file(*chunks, dirty=dirty))


def test_slack(tmp):
    path = file_of(tmp, evtx.chunk([1, 2, 7, 8], live=2))
    equal(found(path), ["1", "2"], "what is behind the end of a chunk does not count")
    equal(found(path, "--recover"), ["1", "2", "+7", "+8"], "but is found with --recover")
    path = file_of(tmp, evtx.chunk([1, 2, 10, 50], live=2), evtx.chunk([10, 11, 50, 2], live=2),
                   evtx.chunk([20, 50, 60, 11], live=1))
    for threads in "1", "4":
        equal(found(path, "--recover", "-t", threads),
              ["1", "2", "10", "11", "20", "+50", "+60"], "no record counts twice")
    path = file_of(tmp, evtx.chunk([5, 9, 7, 6], live=2))
    equal(found(path, "--recover"), ["5", "9", "+7", "+6"],
          "numbers between those of a filtered log are not in the log")
    path = file_of(tmp, evtx.chunk([1, 2, 3], live=1, used=evtx.FIRST))
    equal(found(path), [], "a log that was closed has no records behind the end that it states")
    equal(found(path, "--recover"), ["+1", "+2", "+3"], "they are left over")
    path = file_of(tmp, evtx.chunk([1, 2, 3], live=1, used=evtx.FIRST), dirty=True)
    r = scan(path, "-d")
    ok("of these in" not in r.text and f"{path} @4096" in r.text and "not closed: 1" in r.text,
       "records behind a stale end are the log's own", r)
    equal(found(path, "--recover"), ["1", "2", "3"], "and are counted once")


def test_lost_header(tmp):
    lost = bytearray(evtx.chunk([3, 4]))
    lost[:128] = bytes(128)
    path = file_of(tmp, evtx.chunk([1, 2]), bytes(lost), evtx.chunk([4, 5]))
    equal(found(path), ["1", "2", "+3", "+4", "4", "5"], "a chunk without its header is read")
    equal(found(path, "--recover"), ["1", "2", "4", "5", "+3"],
          "with --recover without what stands elsewhere")
    r = scan(path)
    ok(r.status == 1 and "bad signature" in r.errors and "Recovered  2" in r.text, "and is told", r)


def test_damaged_record(tmp):
    c = evtx.Chunk().record(1).record(2)
    struct.pack_into("<I", c.data, c.ends[2] - 4, 0)
    path = file_of(tmp, c.bytes())
    equal(found(path), ["1", "~2"], "a record whose end is overwritten is marked")
    r = scan(path, "-d")
    where = f"{path} @{4096 + c.ends[1]}"
    ok("damaged records: 1\n" in r.text and where in map(str.strip, r.text.splitlines()),
       "with its place under --details", r)
    ok("damaged records: 1 (" + where + ")" in scan(path).text, "and without")
    csv = scan(path, "--csv", "-q").text.splitlines()
    ok(csv[0].endswith(",marks") and csv[1].endswith(",") and csv[2].endswith(",damaged"),
       "in CSV too", csv)


def test_formats(tmp):
    """Table, JSON and CSV say the same."""
    path = file_of(tmp, evtx.chunk([1, 2, 7], live=2), evtx.chunk([3, 9], live=1, host="PC-2"))
    r = scan(path, "--recover")
    ok("\n      5 " in r.text and "of these in recovered records: 2" in r.text, "the table", r)
    ok("Recovered  2 · alerts: 2" in r.text, "the summary", r)
    csv = scan(path, "--recover", "--csv", "-q").text
    equal(csv.count(",recovered\r\n"), 2, "CSV")
    r = scan("-", "--recover", stdin=open(path, "rb").read())
    ok("can be read only once" in r.errors and "not looked for: 1 (-)" in r.text,
       "a pipe cannot be read twice", r)
    with open(path, "rb") as f:
        r = subprocess.run([CANH, "scan", "-m", "mappings", "-r", "rules", "-", "--recover",
                            "--json", "-q"], stdin=f, capture_output=True, cwd=FIXTURES,
                           env=environment(), check=False)
    equal(r.stdout.count(b"\n"), 5, "a file on standard input can")
    path = file_of(tmp, evtx.Chunk().record(1, image="x").record(7).bytes(live=1))
    r = scan(path, "--recover", "--lang=vi")
    ok("chỉ thấy trong bản ghi khôi phục" in r.text, "a rule found in nothing else", r)


def test_real(tmp):
    samples, parser = data("evtx-attack-samples"), data("evtx-parser")
    if not samples or not parser:
        skip("the real logs are not here")
        return
    args = ("-r", os.path.join(ROOT, "rules"), "--json", "-q")
    for where in samples, parser:
        plain = canh("scan", where, *args).text.splitlines()
        more = canh("scan", where, *args, "--recover").text.splitlines()
        again = canh("scan", where, *args, "--recover", "-t", "3").text.splitlines()
        marked = [line for line in more if '"recovered":true' in line]
        ok(more == again, "threads change nothing")
        ok(not set(l for l in plain if '"recovered":true' not in l) - set(more),
           "all alerts stay with --recover")
        seen = [(a["log"]["file"]["path"], a["event"]["sequence"], a["rule"]["path"],
                 a["rule"]["name"]) for a in map(json.loads, more)]
        equal(len(seen), len(set(seen)), f"none counts twice ({len(marked)} recovered)")
    # a log of which a part is overwritten: what is whole elsewhere in it still comes out
    with open(os.path.join(parser, "system.evtx"), "rb") as f:
        log = bytearray(f.read())
    log[4096:4096 + 512] = b"\xaa" * 512
    log[4096 + 10 * 65536:4096 + 10 * 65536 + 8] = bytes(8)
    log[300000:301000] = bytes(1000)
    path = write(os.path.join(tmp, "broken.evtx"), bytes(log))
    for extra in (), ("--recover",):
        r = canh("scan", "-r", os.path.join(ROOT, "rules"), path, *extra)
        ok(r.status in (1, 65) and r.text.startswith(("Events", "CRITICAL", "HIGH", "MEDIUM", "LOW"))
           and "damaged parts" in r.text, "a log with three broken places", r)
        count = int(r.text.split("Events")[1].split("·")[0].strip().replace(",", ""))
        ok(1700 < count < 1881, f"most of its 1881 records are read: {count}")


def main():
    with folder() as tmp:
        test_slack(tmp)
        test_lost_header(tmp)
        test_damaged_record(tmp)
        test_formats(tmp)
        test_real(tmp)
    done()


main()
