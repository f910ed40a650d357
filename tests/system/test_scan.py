#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh scan on small inputs: what it prints, how it ends, and what it makes of bad input."""
import csv
import fcntl
import io
import json
import os
import random
import pty
import re
import signal
import struct
import subprocess
import termios

import schema
from support import (CANH, ROOT, canh, data, done, environment, equal, folder, golden, ok, skip,
                     write)

FIXTURES = os.path.join(ROOT, "tests", "system", "data")
RULES = ["-m", "mappings", "-r", "rules"]
ASAN = os.path.basename(os.environ.get("CANH_BUILD_DIR", "")).endswith("asan")


def scan(*args, **more):
    more.setdefault("cwd", FIXTURES)
    # the same records stand in several files of the fixtures, in several forms
    return canh("scan", *RULES, "--duplicates", *args, **more)


def event(n=1, image=r"C:\\Windows\\System32\\whoami.exe", host="PC-1"):
    return (f'{{"Event":{{"System":{{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational",'
            f'"Computer":"{host}","EventRecordID":{n}}},"EventData":{{"Image":"{image}"}}}}}}\n')


def test_output():
    r = scan("logs", "-q")
    equal(r.status, 1, "something found: 1")
    golden("scan-table.txt", r.out)
    r = scan("logs", "-q", "--lang", "vi", "--zone", "+07:00")
    golden("scan-table-vi.txt", r.out)
    golden("scan-details.txt", scan("logs/events.ndjson", "-q", "-d").out)
    golden("scan-details-vi.txt", scan("logs/events.ndjson", "-q", "-d", "--lang=vi").out)
    r = scan("logs/events.ndjson", "logs/pretty.json", "-q", "--json", "--original")
    golden("scan.ndjson", r.out)
    equal(scan("logs/pretty.json", "--csv", "-q", "-l", "high").out.count(b"\r\n"), 2,
          "CSV: a line of names and one alert")
    golden("scan.csv", scan("logs/events.ndjson", "--csv", "-q").out)
    with folder() as tmp:
        path = os.path.join(tmp, "alerts.ndjson")
        r2 = scan("logs/events.ndjson", "logs/pretty.json", "-q", "--json", "--original", "-o", path)
        ok(r2.out == b"" and open(path, "rb").read() == r.out and r2.status == 1,
           "--output writes the same bytes", r2)
        r2 = scan(tmp, "logs/events.ndjson", "--json", "-q", "-o", path)
        ok(b"alerts.ndjson" not in open(path, "rb").read() and r2.err == b"",
           "its own output is not read", r2)


def check_schema(text, name):
    with open(os.path.join(ROOT, "docs", "alert.schema.json"), encoding="utf-8") as f:
        want = json.load(f)
    lines = text.splitlines()
    wrong = [e for line in lines for e in schema.errors(json.loads(line), want)]
    ok(lines and not wrong, name, *wrong[:5])


def test_schema():
    check_schema(scan("logs", "--json", "-q", "--original").text,
                 "alerts are as docs/alert.schema.json says")
    samples, upstream = data("evtx-attack-samples"), data("sigma-rules")
    if not samples or not upstream:
        skip("the attack samples are not here")
        return
    r = canh("scan", "-r", upstream, samples, "--json", "-q", "--original")
    check_schema(r.text, "those of real attacks too")
    alerts = [json.loads(line) for line in r.text.splitlines()]
    ok(all(a["canh"]["matched"] or "mapping" in a["canh"] for a in alerts), "each with its reason")
    ok(all(json.loads(a["event"]["original"])["Event"] for a in alerts),
       "the original of an EVTX record is JSON")


def rows_of(table):
    """Of the table: title → (count, level)."""
    rows, level = {}, None
    for line in table.splitlines():
        heading = re.match(r"([A-Z]+)  rules: ", line)
        row = re.match(r" +(\d+)  (?:\S+ \S+|-) +(?:\S+ \S+|-) +(\S.*?)(?:  |$)", line)
        if heading:
            level = heading[1].lower()
        elif row:
            rows[row[2]] = (int(row[1]), level)
    return rows


def test_agreement():
    """Table, JSON and CSV say the same of the same input."""
    found = [json.loads(line) for line in scan("logs", "--json", "-q").text.splitlines()]
    lines = list(csv.DictReader(io.StringIO(scan("logs", "--csv", "-q").out.decode("utf-8-sig"))))
    cut = [a for a in found if a["rule"]["id"] == "canh:not-examined"]
    equal([(a["canh"]["why"], a["log"]["file"]["path"]) for a in cut], [("cut", "logs/broken.ndjson")],
          "the record that is broken")
    equal([(r["file"], r["marks"]) for r in lines if r["rule_id"] == "canh:not-examined"],
          [("logs/broken.ndjson", "not examined: cut")], "the same in CSV")
    found = [a for a in found if a not in cut]
    lines = [r for r in lines if r["rule_id"] != "canh:not-examined"]
    equal([(a["rule"]["name"], a["canh"].get("title_vi", ""), a["rule"]["level"],
            a["@timestamp"][:23], a.get("host", {}).get("name", ""), a["log"]["file"]["path"],
            str(a["event"]["sequence"]), str(a["log"]["offset"]),
            "; ".join(f"{k}: {v}" for k, v in a["canh"]["matched"].items())) for a in found],
          [(r["rule"], r["title_vi"], r["level"], r["time"][:23], r["host"], r["file"],
            r["record"], r["offset"], r["matched"]) for r in lines], "JSON and CSV")
    for title, args in ((lambda a: a["rule"]["name"], []),
                        (lambda a: a["canh"].get("title_vi", a["rule"]["name"]), ["--lang=vi"])):
        want = {}
        for a in found:
            count = want.get(title(a), (0,))[0]
            want[title(a)] = (count + 1, a["rule"]["level"] if not args else None)
        equal(rows_of(scan("logs", "-q", *args).text), want, f"the table {args}")
    for lang, key in (("vi", "advice_vi"), ("en", "advice")):
        details = " ".join(scan("logs", "-q", "-d", f"--lang={lang}").text.split())
        ok(all(a["canh"].get(key, a["rule"].get("description", "")) in details for a in found),
           f"advice ({lang})", details)


def test_summary():
    r = scan("logs")
    tail = r.text[r.text.index("Events"):]
    for want in ("Events    11 · logs: 3", "Alerts    8 · rules: 3 · hosts: 3",
                 "records that could not be decoded: 1 (logs/broken.ndjson",
                 "events that no mapping leads to any rule: 1 (Application/1000 × 1)",
                 "Rules     loaded: 3", "Time"):
        ok(want in tail, f"the summary says: {want}", tail)
    r = scan("logs", "--json")
    ok(b"Alerts    8" in r.err and b"Alerts" not in r.out, "with --json it goes to stderr", r)
    r = scan("logs", "--lang=vi")
    ok("Cảnh báo  " in r.text, "in Vietnamese too", r)
    r = scan("logs/events.ndjson", env={"LC_ALL": "vi_VN.UTF-8"})
    ok("Sự kiện" in r.text, "or by the locale", r)


def test_places():
    """A file of many blocks: the place of what is wrong in it is the file's, not the block's."""
    good = event().encode()
    lines = [good] * (600 * 1024 // len(good))
    pretty = [json.dumps(json.loads(good), indent=1).encode() + b"\n"] * len(lines)
    with folder() as tmp:
        for name, records, bad in (("lines.json", lines, b"{bad\n"), ("pretty.json", pretty, b"{\n1}\n")):
            before = b"".join(records)
            path = write(os.path.join(tmp, name), before + bad + good)
            line = before.count(b"\n") + bad.count(b"\n")
            for form in ([], ["--json"], ["--csv"]):
                r = scan(path, *form)
                ok(f"{name}:{line} at offset {len(before) + bad.index(b'1' if b'1' in bad else b'b')}: "
                   in r.errors, f"{name} {form}: line and offset", r.errors)


def test_statuses():
    with folder() as tmp:
        quiet = write(os.path.join(tmp, "quiet.json"), event(image="C:\\\\a.exe"))
        text = write(os.path.join(tmp, "text.txt"), "not a log\n")
        empty = write(os.path.join(tmp, "empty.json"), "")
        broken = write(os.path.join(tmp, "broken.json"), event(image="x") + '{"a":\n')
        rubbish = write(os.path.join(tmp, "rubbish"), random.Random(7).randbytes(100000))
        for args, status, what in (
                ([quiet], 0, "nothing found"), ([quiet, "logs"], 1, "found behind a quiet file"),
                ([empty], 0, "an empty file"), ([text], 65, "a text file by name"),
                ([rubbish], 65, "binary rubbish"), ([broken], 65, "a broken record"),
                ([tmp + "/none"], 66, "a file that is not there"),
                ([quiet, "--json", "--csv"], 64, "options that exclude each other"),
                ([quiet, "--zone", "25"], 64, "a zone that is none"),
                ([quiet, "--level", "loud"], 64, "a level that is none"), ([], 64, "no input"),
                ([quiet, "-o", tmp + "/no/such"], 73, "output that cannot be made")):
            r = scan(*args)
            ok(r.status == status, f"{what}: {status}", r)
            if status >= 64:
                ok(r.errors.count("\n") == 1 or "Events" in r.errors, f"{what}: one line", r)
        for name, args, option in (("a.html", [], "--html"), ("a.xlsx", ["--csv"], "--xlsx -o"),
                                   ("a.csv", ["--json"], "--csv -o"), ("a.json", [], "--json -o")):
            r = scan(quiet, *args, "-o", os.path.join(tmp, name))
            ok(r.status == 64 and f"give {option} " in r.errors and not os.path.exists(os.path.join(tmp, name)),
               f"{name}: told with the option that writes such a file", r)
        r = scan(tmp, "-q")
        ok(r.status == 65 and "text.txt" not in r.errors, "in a folder other files are skipped", r)
        r = scan(tmp)
        ok("no logs: 2" in r.text and "empty files: 1" in r.text, "but counted", r)
        r = scan(broken, tmp + "/none", "-d")
        ok(f"Troubles  records that could not be decoded: 1\n            {broken}:2: " in r.text and
           f"\n          unreadable: 1\n            {tmp}/none: " in r.text,
           "every trouble with its places", r)
        for name, content, status, hint in (
                ("log.zip", b"PK\3\4...", 66, "cannot be unpacked: "),
                ("log.gz", b"\x1f\x8b\x08...", 66, "cannot be unpacked: "),
                ("log.7z", b"7z\xbc\xaf\x27\x1c...", 65, "packed in a way that canh does not unpack"),
                ("log.xml", '<?xml version="1.0"?>'.encode("utf-16"), 65,
                 "XML, but no events of Windows"),
                ("marked", '{"EventID": 1}'.encode("utf-32"), 65, "text in UTF-32, or in UTF-16"),
                ("little", '{"EventID": 1}'.encode("utf-32-le"), 65, "text in UTF-32, or in UTF-16"),
                ("big", "Nov 30 07:00:00 a\tb\n".encode("utf-32-be"), 65, "text in UTF-32, or in UTF-16"),
                ("bytes", b"a\0b\0c\0\x01\0d\0e\0f\0g\0h\0", 65, "not a log that canh knows"),
                ("close", b"a\0b\0c\0dd\0e\0f\0g\0h\0i", 65, "not a log that canh knows"),
                ("few", "seven..".encode("utf-32-be"), 65, "not a log that canh knows")):
            r = scan(write(os.path.join(tmp, name), content), "-q")
            ok(r.status == status and f"{name}: {hint}" in r.errors, f"{name}: what to do", r)
        r = canh("scan", "-m", "mappings", "-r", quiet, "logs", cwd=FIXTURES)
        ok(r.status == 78 and "no rule" in r.errors, "no rule at all: 78", r)
        r = canh("scan", "-m", "mappings", "-r", tmp + "/none.yml", "logs", cwd=FIXTURES)
        ok(r.status == 66 and r.errors.count("\n") == 2, "no such rule file: 66", r)


def test_streams():
    data = open(os.path.join(FIXTURES, "logs", "events.ndjson"), "rb").read()
    r = scan("-", "--json", "-q", stdin=data)
    equal([json.loads(l)["log"]["file"]["path"] for l in r.text.splitlines()], ["-"] * 4,
          "standard input")
    p = subprocess.Popen([CANH, "scan", *RULES, "-", "--json", "-q"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FIXTURES,
                         env=environment())
    p.stdin.write(event(1).encode() + event(2).encode()[:50])
    p.stdin.flush()
    line = p.stdout.readline()
    ok(b'"record_id":1' in line, "a live stream is answered before it ends", line)
    p.stdin.write(event(2).encode()[50:])
    p.stdin.close()
    rest = p.stdout.read()
    ok(b'"record_id":2' in rest and p.wait() == 1, "and to its end", rest)
    p.stdout.close()
    p.stderr.close()
    r = subprocess.run(["bash", "-c", f"'{CANH}' scan -m mappings -r rules logs --json | true; "
                        "echo ${PIPESTATUS[0]}"], capture_output=True, text=True, cwd=FIXTURES,
                       env=environment(), check=False)
    ok(r.stdout.strip() in ("74", "1") and "roken" not in r.stderr.replace("broken.ndjson", ""),
       "a reader that goes away is no news", r)
    many = event().encode() * 20000
    p = subprocess.Popen([CANH, "scan", *RULES, "-", "--json", "-q"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FIXTURES,
                         env=environment())
    p.stdout.close()
    try:
        p.stdin.write(many)
        p.stdin.close()
    except BrokenPipeError:
        pass
    ok(p.wait() == 74 and p.stderr.read() == b"", "a closed pipe ends the scan: 74")
    p.stderr.close()
    with open("/dev/full", "wb") as full:
        r = scan("logs", stdout=full)
        ok(r.status == 74 and "No space" in r.errors, "a full disk: 74", r)
    r = scan("logs", "--json", "-q", "-o", "/dev/full")
    ok(r.status == 74 and "No space" in r.errors, "a full disk behind --output: 74", r)


def test_encodings():
    data = open(os.path.join(FIXTURES, "logs", "events.ndjson"), encoding="utf-8").read()
    data = data.replace("lan", "l\U0001F469n") * 300
    plain = scan("-", "--json", "-q", stdin=data.encode())
    for name, coded in (("UTF-8 with a byte order mark", data.encode("utf-8-sig")),
                        ("UTF-16", b"\xff\xfe" + data.encode("utf-16-le")),
                        ("UTF-16 the other way round", b"\xfe\xff" + data.encode("utf-16-be")),
                        ("UTF-16 without a mark", data.encode("utf-16-le")),
                        ("the same the other way round", data.encode("utf-16-be"))):
        r = scan("-", "--json", "-q", stdin=coded)
        got, want = ([{k: v for k, v in json.loads(line).items() if k != "log"}
                      for line in x.text.splitlines()] for x in (r, plain))
        ok(got == want and len(want) == 1200 and r.err == b"", name, r.errors)
    r = scan("-", "-q", stdin=b"\xff\xfe" + data.encode("utf-16-le")[:-3])
    ok(r.status == 1 and "whoami" in r.text.lower(), "cut in the middle of a character", r)
    r = scan("-", "-q", stdin=b"\xff\xfe")
    ok(r.status == 0 and "empty" in r.errors, "nothing but a byte order mark", r)
    docs = "".join(f"Record {i}\n{json.dumps(json.loads(line), indent=1)}\n"
                   for i, line in enumerate(data.splitlines()[:6], 1))
    equal(scan("-", "--json", "-q", stdin=docs.encode()).text.count("\n"), 4,
          "what evtx_dump prints")


def test_interrupt():
    p = subprocess.Popen([CANH, "scan", *RULES, "-"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FIXTURES,
                         env=environment())
    p.stdin.write(event(7).encode())
    p.stdin.flush()
    wait_for_read(p)
    p.send_signal(signal.SIGINT)
    out, err = p.communicate()
    ok(p.returncode == 1 and b"Whoami" in out and b"Interrupted" in out,
       "SIGINT prints what was found", out, err)


def wait_for_read(p):
    """Until the pipe to the program is empty."""
    while struct.unpack("i", fcntl.ioctl(p.stdin, termios.FIONREAD, b"\0" * 4))[0] > 0:
        pass


def test_folders():
    with folder() as tmp:
        write(os.path.join(tmp, "b", "two.json"), event(2))
        write(os.path.join(tmp, "a", "deep", "one.json"), event(1))
        write(os.path.join(tmp, "c.json"), event(3))
        os.symlink(tmp, os.path.join(tmp, "a", "loop"))
        os.symlink("../c.json", os.path.join(tmp, "b", "link.json"))
        os.mkfifo(os.path.join(tmp, "pipe"))
        r = scan(tmp, "--json")
        equal([json.loads(l)["winlog"]["record_id"] for l in r.text.splitlines()], [1, 2, 3],
              "names in order, loops and pipes left alone")
        ok("symbolic links not followed: 2" in r.errors and "devices and pipes: 1" in r.errors,
           "and said so", r)
        r = scan(os.path.join(tmp, "b", "link.json"), "--json", "-q")
        equal(r.text.count("\n"), 1, "a link that is named is followed")
        r = scan("/proc/self/mem", "--json")
        ok(r.status == 66 and "/proc/self/mem" in r.errors, "a file that cannot be read: 66", r)
        deep = tmp
        for _ in range(140):
            deep = os.path.join(deep, "d")
            os.mkdir(deep)
        r = scan(tmp, "--json")
        ok(r.status == 1 and r.text.count("\n") == 3 and "symbolic links" in r.errors,
           "a very deep folder does not stop the rest", r)


def test_threads():
    lines = [event(i, host=f"PC-{i % 97}", image=("C:\\\\whoami.exe" if i % 3 else "x" * (i % 500)))
             for i in range(12000)]
    lines[5000] = '{"broken": \n'
    data = "".join(lines).encode()
    with folder() as tmp:
        path = write(os.path.join(tmp, "many.ndjson"), data)
        first = scan(path, "--json", "-t", "1")
        ok(first.status == 1 and first.text.count("\n") == 8000 - (5000 % 3 != 0) + 1,
           "one thread, and the record that is cut", first.errors)
        for n in (2, 3, 8):
            r = scan(path, "--json", "-t", str(n))
            ok(r.out == first.out, f"{n} threads print the same")
            equal(re.sub(r"Time.*", "", r.errors), re.sub(r"Time.*", "", first.errors),
                  f"{n} threads say the same")
        table = scan(path, "-q", "-t", "1")
        equal(scan(path, "-q", "-t", "4").out, table.out, "the table too")
        equal(scan("-", "-q", stdin=data).out, table.out, "a pipe too")


def test_long_line():
    """100 MB in one line between two events; memory stays within bounds."""
    p = subprocess.Popen([CANH, "scan", *RULES, "-", "--json", "-t", "2"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=FIXTURES,
                         env=environment())
    p.stdin.write(event(1).encode() + b'{"a":"')
    for _ in range(100):
        p.stdin.write(b"x" * 1000000)
    # not what wait4() says: that counts this process before the exec, too
    with open(f"/proc/{p.pid}/status", encoding="ascii") as f:
        peak = int(re.search(r"^VmHWM:\s+(\d+)", f.read(), re.M)[1])
    p.stdin.write(b'"}\n' + event(2).encode())
    p.stdin.close()
    out, err = p.stdout.read(), p.stderr.read()
    p.stdout.close()
    p.stderr.close()
    p.wait()
    equal([json.loads(l).get("winlog", {}).get("record_id") for l in out.decode().splitlines()],
          [1, None, 2],
          "events before and behind a line of 100 MB are found")
    ok(b"over-long records cut: 1" in err, "the line itself is counted", err.decode())
    ok(ASAN or peak < 64 * 1024, f"peak memory {peak} kB")


def run_on_terminal(*args, columns=100, **env):
    """What the program prints when standard output is a terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    p = subprocess.Popen([CANH, "scan", *RULES, *args], stdout=slave, stderr=slave,
                         stdin=subprocess.DEVNULL, cwd=FIXTURES,
                         env=environment(TERM="xterm", **env))
    os.close(slave)
    out = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        out += part
    p.wait()
    os.close(master)
    return out.decode()


def test_terminal():
    out = run_on_terminal("logs", "--no-progress", "-q")
    ok("\x1b[1;31mCRITICAL\x1b[0m" in out, "severities are coloured on a terminal", out)
    out = run_on_terminal("logs/events.ndjson", "--no-progress", "-q", NO_COLOR="1")
    ok("\x1b" not in out, "not with NO_COLOR", out)
    for columns in (40, 60, 80, 120):
        out = run_on_terminal("logs/events.ndjson", "--no-progress", "-q", columns=columns,
                              NO_COLOR="1")
        rows = [l for l in out.splitlines() if re.match(r"\s+\d+\s", l)]
        # 漢字 take two columns each
        wide = max(len(l) + sum(c in "漢字" for c in l) for l in rows)
        ok(len(rows) == 3 and wide <= max(columns, 56), f"rows fit {columns} columns: {wide}", out)


def fields(count, image):
    many = "".join(f'"F{i}":"x",' for i in range(count))
    return event().replace('"Image"', many + '"Image"').replace("whoami.exe", image)


def gave_up(text, rules="rules", *args):
    """Exit status, reasons of what was not examined, and rules found."""
    with folder() as tmp:
        path = write(os.path.join(tmp, "log.json"), text)
        r = canh("scan", "-m", "mappings", "-r", rules, path, "-q", "--json", *args, cwd=FIXTURES)
    alerts = [json.loads(line) for line in r.text.splitlines()]
    gaps = [a["canh"]["why"] for a in alerts if a["rule"]["id"] == "canh:not-examined"]
    check_schema(r.text, "its alerts are as the schema says")
    told = re.search("not examined fully: |ends too early|not closed", r.errors)
    ok(bool(told) == bool(gaps), "and told with -q, too", r)
    return r.status, gaps, [a["rule"]["name"] for a in alerts if "why" not in a["canh"]]


def test_not_examined():
    equal(gave_up(event()), (1, [], ["Whoami Run As System"]), "all examined")
    equal(gave_up(fields(1100, "whoami.exe")), (1, ["fields"], ["Whoami Run As System"]),
          "a field that a rule mentions is kept behind 1,100 others")
    equal(gave_up(fields(1100, "calc.exe")), (65, ["fields"], []), "alone they are 65, never 0")
    deep = event(image="calc.exe").replace('"Image"', '"A":' + "[" * 70 + "]" * 70 + ',"Image"')
    equal(gave_up(deep), (65, ["fields"], []), "nested too deep")
    long = event(image="x" * (5 << 20))
    equal(gave_up(long), (65, ["size"], []), "a record over the limit")
    pairs = ",".join(f'{{"@Name":"F{i}","#text":"x"}}' for i in range(1100))
    named = event().replace('{"Image":"C:\\\\Windows\\\\System32\\\\whoami.exe"}',
                            f'{{"Data":[{pairs},{{"@Name":"Image","#text":"C:\\\\whoami.exe"}}]}}')
    ok("@Name" in named, "the test's own record")
    equal(gave_up(named), (1, ["fields"], ["Whoami Run As System"]), "also of pairs")
    with folder() as tmp:
        rule = write(os.path.join(tmp, "r.yml"),
                     "title: Slow\nlogsource: {product: windows, category: process_creation}\n"
                     "detection: {s: {Image|re: '(?:(a+)+$|never)'}, condition: s}\n")
        equal(gave_up(event(image="a" * 40 + "!"), rule), (65, ["regex"], []),
              "a search that was given up")
    equal(gave_up(event() + event(image="calc.exe")[:-10]), (1, ["cut"], ["Whoami Run As System"]),
          "a record that ends in the middle")
    equal(gave_up(event(image="calc.exe").rstrip()[:-2] + "\n" + event(image="calc.exe")),
          (65, ["cut"], []), "also between others")


def test_waiting_pipe():
    with folder() as tmp:
        path = os.path.join(tmp, "fifo")
        os.mkfifo(path)
        for number in (signal.SIGTERM, signal.SIGHUP):
            p = subprocess.Popen([CANH, "scan", *RULES, path], cwd=FIXTURES, env=environment(),
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
            wait_for_threads(p.pid)
            p.send_signal(number)
            out, _ = p.communicate(timeout=60)
            ok(p.returncode == 75 and b"Interrupted" in out,
               f"{number.name} ends a scan that waits for a pipe's writer, with a summary", out)


def wait_for_threads(pid):
    """Until the scan has begun to read."""
    while len(os.listdir(f"/proc/{pid}/task")) < 3:
        pass


def times(*args, text):
    with folder() as tmp:
        path = write(os.path.join(tmp, "log.json"), text)
        r = scan(path, "--json", *args)
    check_schema(r.text, "its alerts are as the schema says")
    a = json.loads(r.text)
    return a.get("@timestamp"), a["canh"].get("time_local"), "names no zone" in r.errors


def test_times_without_zone():
    local = event().rstrip()[:-1] + ',"EventTime":"2026-03-01 10:00:00"}\n'
    equal(times(text=local), (None, "2026-03-01T10:00:00.000000000", True),
          "a time without a zone stays local and is counted")
    equal(times("--input-zone", "+07:00", text=local),
          ("2026-03-01T03:00:00.000000000Z", None, False), "until the zone is given")
    zoned = local.replace("10:00:00", "10:00:00+01:00")
    equal(times("--input-zone", "+07:00", text=zoned),
          ("2026-03-01T09:00:00.000000000Z", None, False), "one with a zone needs none")
    equal(times("--input-zone", "Asia/Ho_Chi_Minh", text=local),
          ("2026-03-01T03:00:00.000000000Z", None, False), "a zone by its name")
    with folder() as tmp:
        path = write(os.path.join(tmp, "log.json"), zoned)
        for zone, want in (("+07:00", "2026-03-01T16:00:00.000+07:00"),
                           ("Asia/Ho_Chi_Minh", "2026-03-01T16:00:00.000+07:00"),
                           ("-03:30", "2026-03-01T05:30:00.000-03:30"),
                           ("UTC", "2026-03-01T09:00:00.000Z")):
            line = scan(path, "--csv", "-q", "--zone", zone).text.splitlines()[1]
            equal(line.split(",")[0], want, f"CSV in the zone {zone}")
        path = write(os.path.join(tmp, "log.json"), local)
        line = scan(path, "--csv", "-q", "--zone", "+07:00").text.splitlines()[1]
        equal(line.split(",")[0], "2026-03-01T10:00:00.000", "CSV of a time without a zone")
        equal(scan(path, "--zone", "Nowhere/City").status, 64, "no zone")
        other = os.path.join(tmp, "other.json")
        write(other, local.replace("10:00:00", "10:00:01"))
        r = scan(tmp, "--json", "-q", "--input-zone", "+07:00", "--input-zone", f"{other}=UTC")
        equal(sorted(json.loads(x)["@timestamp"] for x in r.text.splitlines()),
              ["2026-03-01T03:00:00.000000000Z", "2026-03-01T10:00:01.000000000Z"],
              "zones by path")
        equal(scan(path, "--input-zone", "=UTC").status, 64, "no path before the zone")


def test_format():
    """A log is read as what its content says, or as --format says; it may begin late."""
    junk = "".join(f"line {i} of nothing\n" for i in range(3000))
    line = "Mar  1 10:00:00 web sshd[5]: Failed password for root from 192.0.2.1 port 55 ssh2\n"
    with folder() as tmp:
        rule = write(os.path.join(tmp, "r.yml"), "title: t\nlogsource: {product: linux}\n"
                     "detection: {k: ['Failed password', 'of nothing'], condition: k}\n")
        late = write(os.path.join(tmp, "late.log"), junk + line + event() + line)
        r = canh("scan", late, "--json", "-r", rule)
        equal([json.loads(x)["event"]["sequence"] for x in r.text.splitlines()], [3001, 3003],
              "the log behind the junk, a line of JSON in it")
        ok("late.log:3001" in r.errors, "where it begins is said", r.errors)
        equal(canh("scan", late, "--json", "-q", "-r", rule, "--format", "syslog").text.count("\n"), 2,
              "as syslog: what no format reads leads to no rule of Linux")
        equal(canh("scan", late, "--format", "nothing").status, 64, "no such format")


def test_decode():
    with folder() as tmp:
        rule = write(os.path.join(tmp, "r.yml"), "title: t\nlogsource: {product: linux}\n"
                     "detection: {k: ['Failed password'], condition: k}\n")
        log = write(os.path.join(tmp, "a.log"), "Mar  1 10:00:00 web sshd[5]: Failed password\n"
                    "Mar  1 10:00:01 web sshd[5]: hello\n")
        r = canh("decode", "--json", "-r", rule, log)
        seen = [json.loads(x)["canh"] for x in r.text.splitlines()]
        equal([len(x["rules"]) for x in seen], [1, 1], "the rule looks at both")
        equal([[m["name"] for m in x["matched"]] for x in seen], [["t"], []], "and matches one")
        ok(all("linux-syslog" in x["route"] for x in seen), "led by", seen)
        r = canh("decode", "-r", rule, log, "--lang", "en")
        ok("linux-syslog" in r.text and "1: t\n" in r.text, "the same for people", r.text)


def test_cache():
    """Rules once parsed: the same is found with them, without them and where they are damaged."""
    with folder() as tmp:
        env = {"XDG_CACHE_HOME": tmp}
        kept = os.path.join(tmp, "canh", "rules")
        want = scan("logs", "--json").out
        first = scan("logs", "--json", env=env)
        size = os.path.getsize(kept) if os.path.exists(kept) else 0
        ok(first.out == want and size > 0, "rules are kept, and the same is found", first)
        equal(scan("logs", "--json", env=env).out, want, "the same by those that were kept")
        with open(kept, "r+b") as f:
            f.truncate(size // 2)
        equal(scan("logs", "--json", env=env).out, want, "and by parsing, where that is damaged")
        equal(os.path.getsize(kept), size, "which is written anew")


def main():
    test_output()
    test_schema()
    test_agreement()
    test_summary()
    test_places()
    test_statuses()
    test_streams()
    test_encodings()
    test_interrupt()
    test_folders()
    test_threads()
    test_long_line()
    test_terminal()
    test_not_examined()
    test_waiting_pipe()
    test_times_without_zone()
    test_format()
    test_decode()
    test_cache()
    done()


main()
