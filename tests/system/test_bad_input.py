#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Input that is broken, hostile or just odd: one clear line says what and where, the rest goes on,
memory stays bounded, the exit status tells."""
import os
import random
import struct
import subprocess
import tempfile
import threading

import evtx
from support import CANH, ROOT, done, environment, equal, folder, ok, skip, write

FIXTURES = os.path.join(ROOT, "tests", "system", "data")
ASAN = os.path.basename(os.environ.get("CANH_BUILD_DIR", "")).endswith("asan")
MEMORY = 100 * 1024  # kB, with whatever rules and input
GOOD = (r'{"Event":{"System":{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational",'
        r'"EventRecordID":%d},"EventData":{"Image":"C:\\whoami.exe"}}}' "\n")


class Run:
    """A run of canh, with the memory it took at most: time(1) asks, for what wait4() says of a
    child of ours begins with our own memory."""

    def __init__(self, *args, before=()):
        with tempfile.NamedTemporaryFile() as said:
            r = subprocess.run(["time", "-q", "-f", "%M", "-o", said.name, *before, CANH, *args],
                               stdin=subprocess.DEVNULL, capture_output=True, cwd=FIXTURES,
                               env=environment(), check=False)
            self.memory = int(said.read().split()[-1])
        self.status = r.returncode
        self.out, self.err = (b.decode("utf-8", "replace") for b in (r.stdout, r.stderr))

    def __repr__(self):
        return f"status {self.status}, {self.memory} kB\nout: {self.out}\nerr: {self.err}"


def check(name, r, status, *wanted):
    """wanted: texts that standard error (or the output, behind a +) must have."""
    missing = [w for w in wanted if (w[1:] not in r.out if w.startswith("+") else w not in r.err)]
    ok(r.status == status and not missing, f"{name}: {status}", r, f"missing: {missing}")
    ok(all(line.startswith(("canh ", "Events", "Alerts", "Troubles", "Skipped", "Unrouted",
                            "Rules", "Fields", "Time", "Recovered", "  "))
           for line in r.err.splitlines()), f"{name}: whole lines", r.err)
    if not ASAN:
        ok(r.memory < MEMORY, f"{name}: {r.memory} kB")


def scan(*args, **more):
    return Run("scan", "-m", "mappings", "-r", "rules", *args, **more)


def noise(data, count, seed):
    data, rnd = bytearray(data), random.Random(seed)
    for _ in range(count):
        data[rnd.randrange(len(data))] = rnd.randrange(256)
    return bytes(data)


def cyclic_templates():
    """Templates that consist of themselves, directly and in a circle of two."""
    c = evtx.Chunk()
    for number, target in ((1, 0), (2, 1), (3, 0)):
        c.begin(number)
        at = len(c.data) + 10
        first = at if number == 1 else first
        to = {0: at, 1: first}[target] if number != 3 else at
        body = b"\x0f\x01\x01\0" + b"\x0c\x01" + struct.pack("<III", 7, to, 0) + b"\0"
        c.data += b"\x0c\x01" + struct.pack("<IIII", 7, at, 0, 7) + b"GUID-of-test"
        c.data += struct.pack("<I", len(body)) + body + struct.pack("<I", 0)
        c.end(number)
    c.record(4)
    return c


def test_evtx(tmp):
    numbers = list(range(1, 60))
    whole = evtx.file(evtx.chunk(numbers), evtx.chunk([n + 100 for n in numbers]))
    path = os.path.join(tmp, "log.evtx")
    for name, data, status, *wanted in (
            ("cut in a chunk", whole[:-50000], 1, "log.evtx at offset 69632: chunk:", "truncated"),
            ("nothing but a header", evtx.file(), 0),
            ("the header of chunks that are gone", whole[:4096], 65,
             "log.evtx at offset 4096: chunk: truncated"),
            ("cut behind a chunk", whole[:69632], 1, "log.evtx at offset 69632: chunk: truncated"),
            ("a piece of a header", whole[:100], 65, "log.evtx at offset 0: EVTX file header cut"),
            ("empty", b"", 0, "log.evtx: empty"),
            ("rubbish behind a header", whole[:4096] + random.Random(1).randbytes(200000), 65,
             "log.evtx at offset 4096: 200000 bytes are no chunk"),
            ("a chunk of rubbish", whole[:4096] + b"ElfChnk\0" + random.Random(2).randbytes(65528),
             65, "log.evtx at offset 4096: chunk: wrong header checksum, wrong data checksum"),
            ("noise", noise(whole, 60, 3), 1, "log.evtx at offset", "EVTX: "),
            ("binary rubbish", random.Random(4).randbytes(300000), 65, "log.evtx: not a log"),
            ("cyclic templates", evtx.file(cyclic_templates().bytes()), 1,
             "log.evtx at offset", "EVTX: ")):
        write(path, data)
        r = scan(path)
        check(f"EVTX, {name}", r, status, *wanted)
        r = scan(path, "--recover", "--json")
        ok(r.status in (0, 1, 65), f"EVTX, {name}: with --recover", r)
    r = scan(write(path, evtx.file(cyclic_templates().bytes())), "--json", "-q")
    equal([r.status, r.out.count("\n")], [1, 1], "the record behind cyclic templates is found")
    rnd = random.Random(5)
    for i in range(20):
        r = scan(write(path, noise(whole, rnd.randrange(1, 3000), i)), "-q")
        ok(r.status in (0, 1, 65), f"noise {i}", r)


def test_json(tmp):
    path = os.path.join(tmp, "log.ndjson")
    first, last = (GOOD % 1).encode(), (GOOD % 2).encode()
    for name, bad, *wanted in (
            ("cut off", b'{"Event":{"Sys\n', "log.ndjson:2 at offset", "not closed"),
            ("invalid UTF-8", b'{"a":"\xff\xfe"}\n', f"log.ndjson:2 at offset {len(first) + 6}",
             "not UTF-8"),
            ("a lone surrogate", b'{"a":"\xed\xa0\x80"}\n', "log.ndjson:2", "not UTF-8"),
            ("zeros", bytes(5000) + b"\n", "log.ndjson:2"),
            ("rubbish", random.Random(6).randbytes(5000).replace(b"\n", b"") + b"\n",
             "log.ndjson:2"),
            ("deep objects", b'{"a":' * 100000 + b"1" + b"}" * 100000 + b"\n", "log.ndjson:2",
             "nested too deep"),
            ("deep arrays", b'{"a":' + b"[" * 300000 + b"\n", "log.ndjson:2", "nested too deep"),
            ("an open string", b'{"a":"' + b"x" * 100000 + b"\n", "log.ndjson:2", "not closed"),
            ("a lone quote", b'"\n', "log.ndjson:2")):
        r = scan(write(path, first + bad + last), "--json")
        check(f"JSON, {name}", r, 1, *wanted)
        ok('"record_id":1' in r.out and '"record_id":2' in r.out, f"JSON, {name}: the rest", r)
    for name, odd, told in (
            ("a number of a million digits", b'{"a":' + b"9" * 1000000 + b"}\n", ""),
            ("200,000 fields", b"{" + b",".join(b'"f%d":1' % i for i in range(200000)) + b"}\n",
             "more fields than"),
            ("one name 50,000 times", b"{" + b",".join([b'"a":1'] * 50000) + b"}\n", "")):
        r = scan(write(path, first + odd + last), "--json")
        check(f"JSON, {name}", r, 1, told)
        equal(r.out.count('"record_id"'), 2, f"JSON, {name}: the rest")


def test_columns(tmp):
    """Names of columns go with every block of rows, so there may not be more than 64 KiB of them."""
    path = os.path.join(tmp, "log.csv")
    names = "EventID,Channel,Computer,Image" + "".join(f",n{i:0>90}" for i in range(700)) + ","
    rows, row = 3000, "1,Microsoft-Windows-Sysmon/Operational,pc,C:\\whoami.exe,x" + "x" * 200 + "\n"
    for over, status, alerts in ((0, 1, rows), (1, 65, 0)):
        write(path, names + "n" * (65535 + over - len(names)) + "\n" + row * rows)
        r = scan(path, "--json")
        equal([r.status, r.out.count("\n")], [status, alerts], f"CSV, {over} bytes of names too many")
        equal("log.csv:1 at offset 0: names of columns that take 64 KiB or more" in r.err, over > 0,
              "CSV: it is told, and only then")


def test_files(tmp):
    log = write(os.path.join(tmp, "a", "log.ndjson"), GOOD % 1)
    fifo = os.path.join(tmp, "fifo")
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: write(fifo, (GOOD % 5) * 3))
    writer.start()
    r = scan(fifo, "--json", "-q")
    writer.join()
    equal([r.status, r.out.count("\n")], [1, 3], "a pipe that is named is read")
    os.symlink("loop-b", os.path.join(tmp, "loop-a"))
    os.symlink("loop-a", os.path.join(tmp, "loop-b"))
    r = scan(os.path.join(tmp, "loop-a"), log)
    check("a link to itself", r, 1, "loop-a: ", "symbolic links")
    os.symlink("..", os.path.join(tmp, "a", "up"))
    check("a loop of folders", scan(tmp), 1, "+symbolic links not followed: 3",
          "+devices and pipes: 1")
    check("a device", scan("/dev/zero"), 65, "/dev/zero: not a log")
    if os.geteuid() == 0 and os.path.exists("/usr/bin/setpriv"):
        os.chmod(tmp, 0o755)
        os.chmod(log, 0)
        nobody = ("/usr/bin/setpriv", "--reuid", "65534", "--clear-groups")
        try:
            subprocess.run([*nobody, CANH, "--version"], check=True, stdout=subprocess.DEVNULL)
            check("an unreadable file", scan(tmp, before=nobody), 66, "log.ndjson: Permission",
                  "+unreadable: 1")
        except (OSError, subprocess.CalledProcessError):
            skip("another user may not run the program here")
        os.chmod(log, 0o644)
    else:
        skip("only root can run it as somebody else")


def shrink(path, data, *args):
    """Scans into a pipe that nobody empties, and truncates the file once no more is written."""
    write(path, data)
    p = subprocess.Popen([CANH, "scan", "-m", "mappings", "-r", "rules", path, "--json",
                          "--threads", "1", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         cwd=FIXTURES, env=environment())
    p.stdout.read(1)  # it has begun
    os.truncate(path, len(data) // 100)
    out, err = p.communicate()
    return p.returncode, out.count(b"\n"), err.decode()


def test_shrinking(tmp):
    many = (GOOD % 7).encode() * 60000
    status, lines, err = shrink(os.path.join(tmp, "shrinks.ndjson"), many)
    ok(status == 1 and 0 < lines < 60000, f"a file that shrinks, at {lines} alerts", status, err)
    log = evtx.file(*[evtx.chunk(range(n * 100, n * 100 + 60)) for n in range(40)] * 15)
    for args in (), ("--recover",):
        status, lines, err = shrink(os.path.join(tmp, "shrinks.evtx"), log, *args)
        ok(status == 1 and 0 < lines < 40 * 15 * 60, f"an EVTX file that shrinks, at {lines}",
           status, err)


HEAD = ("title: T\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n"
        "  s:\n")
REFUSED = (
    ("a million values", HEAD + "    a: [" + ",".join(f"{i:x}" for i in range(1000000)) +
     "]\n  condition: s\n", "more than 500000 YAML nodes"),
    ("300,000 values", HEAD + "    a: [" + ",".join(f"{i:x}" for i in range(300000)) +
     "]\n  condition: s\n", "more than 200000 values"),
    ("a value of 100 kB", HEAD + "    a|contains: '" + "x" * 100000 + "'\n  condition: s\n",
     "a value longer than"),
    ("a deep condition", HEAD + "    a: 1\n  condition: " + "(" * 9000 + "s" + ")" * 7000 + "\n",
     "nested deeper"),
    ("a long condition", HEAD + "    a: 1\n  condition: s" + " or s" * 9000 + "\n",
     "a condition longer than"),
    ("a chain of not", HEAD + "    a: 1\n  condition: " + "not " * 3000 + "s\n", "nested deeper"),
    ("too many selections", HEAD + "    a: 1\n" + "".join(f"  s{i}:\n    a: {i}\n" for i in
                                                           range(20000)) +
     "  condition: 1 of them\n", "more than 1000 selections"),
    ("a bomb of aliases", "a0: &a0 x\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)) +
     "title: T\ndetection: *a8\nlogsource: {}\n", "YAML nodes once aliases are expanded"),
    ("deep YAML", "title: T\ndetection: " + "[" * 5000, "nested deeper than 64 levels"),
    ("invalid UTF-8", b"title: T\ndetection:\n  s: \xff\xfe\n", ":3:6: byte 0xff is not valid"),
    ("control characters", b"\0\1\2title: T\ndetection:\n", ":1:1: control character 0x00"),
    ("forty dashes", HEAD + "    a|windash: '" + " -a" * 40 + "'\n  condition: s\n", "dashes"),
    ("a regex that is too large", HEAD + "    a|re: '(?:(?:a{1,999}){1,999}){1,999}'\n"
     "  condition: s\n", "regular expression"),
)


def test_rules(tmp):
    write(os.path.join(tmp, "rules", "a-good.yml"),
          HEAD + "    Image|endswith: '\\whoami.exe'\n  condition: s\n")
    log = write(os.path.join(tmp, "log.ndjson"), GOOD % 1)
    for name, text, want in REFUSED:
        path = write(os.path.join(tmp, "rules", "bad.yml"), text)
        r = Run("rules", "check", os.path.dirname(path))
        lines = [line for line in r.out.splitlines() if "bad.yml" in line]
        ok(r.status == 1 and len(lines) == 1 and want in lines[0] and "loaded: 1 " in r.out,
           f"a rule with {name} is refused, the other loaded", str(r)[:2000])
        ok(ASAN or r.memory < MEMORY, f"{name}: {r.memory} kB")
        r = Run("scan", "-m", "mappings", "-r", os.path.dirname(path), log)
        ok(r.status == 1 and "refused (see canh rules check): 1" in r.out, f"{name}: scan goes on",
           str(r)[:2000])
    write(os.path.join(tmp, "rules", "bad.yml"), b"#" * (9 << 20))
    r = Run("rules", "check", os.path.join(tmp, "rules"))
    ok(r.status in (1, 65) and "bad.yml: larger than 8388608 bytes" in r.err and
       "loaded: 1" in r.out, "a rule file of 9 MB", r)
    os.unlink(os.path.join(tmp, "rules", "bad.yml"))


def test_costly_rules(tmp):
    """What costs much per event is given up and counted, and the scan ends."""
    for i, pattern in enumerate(("(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a|aa)+b$",
                                 "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^a]$")):
        write(os.path.join(tmp, "costly", f"{i}.yml"),
              HEAD + f"    CommandLine|re: '{pattern}'\n  condition: s\n")
    write(os.path.join(tmp, "costly", "wild.yml"),
          HEAD + "    CommandLine: '" + "*a" * 5000 + "'\n  condition: s\n")
    write(os.path.join(tmp, "costly", "good.yml"),
          HEAD + "    CommandLine|startswith: 'aaa'\n  condition: s\n")
    log = write(os.path.join(tmp, "costly.ndjson"), "".join(
        '{"Event":{"System":{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational"},'
        '"EventData":{"CommandLine":"%s!"}}}\n' % ("a" * 100000) for _ in range(20)))
    r = Run("scan", "-m", "mappings", "-r", os.path.join(tmp, "costly"), log)
    check("rules with catastrophic regexes", r, 1, "+regex searches given up: ", "+loaded: 6")
    ok("     20  -" in r.out, "the other rule is found in every event", r)


def main():
    with folder() as tmp:
        test_evtx(tmp)
    with folder() as tmp:
        test_json(tmp)
    with folder() as tmp:
        test_columns(tmp)
    with folder() as tmp:
        test_files(tmp)
    with folder() as tmp:
        test_shrinking(tmp)
    with folder() as tmp:
        test_rules(tmp)
    with folder() as tmp:
        test_costly_rules(tmp)
    done()


main()
