#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What strangers hand in, through the command line: calendars, forms, plans, rosters, and the answers
of a name server that wishes one ill. Whatever it is, the program ends by itself with a status of its
own and, where it refuses, a line that says why; a sanitizer finds nothing."""
import os
import random
import socket
import struct
import subprocess
import sys
import threading

from support import CANH, ROOT, canh, done, environment, folder, ok, skip, write

CORPUS = os.path.join(ROOT, "fuzz", "corpus")
VARIANTS = 12  # of a kind of file
BAD = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b[2J", b"9" * 400, b"\r\n " * 200, b"%s%n", b"{" * 300,
       b"- " * 300, b"&a [*a,*a]", b"../../../etc/passwd", "\u202e".encode())
UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên\nTT;Trung tâm Giả Định;centre;\n"
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART:{}\r\nSUMMARY:x\r\n{}END:VEVENT\r\n"


def seeds(kind):
    at = os.path.join(CORPUS, kind)
    names = sorted(os.listdir(at)) if os.path.isdir(at) else []
    for name in names:
        with open(os.path.join(at, name), "rb") as f:
            yield f.read()


def hurt(rng, data):
    """Cut, doubled, with something in it that does not belong there."""
    data = bytearray(data or b"x")
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data) + 1)
        how = rng.randrange(4)
        if how == 0:
            del data[at:at + rng.randrange(1, 60)]
        elif how == 1:
            data[at:at] = rng.choice(BAD)
        elif how == 2:
            data[at:at] = data[:rng.randrange(len(data) + 1)][:4000]
        else:
            del data[at:]
        data = data or bytearray(b"x")
    return bytes(data)


def harmless(r):
    """Ended by itself, was heard, and no sanitizer spoke."""
    said = b"Sanitizer" in r.err or b"runtime error:" in r.err or b"runtime error:" in r.out
    return (r.status in (0, 1) or 64 <= r.status <= 78) and not said and \
        (r.status < 64 or r.err.strip())


def calendars():
    """Calendars that are all right in form and wrong in size."""
    rule = lambda text: ICS.format(EVENT.format("a", "20261201T070000Z", f"RRULE:{text}\r\n"))
    yield rule("FREQ=SECONDLY;COUNT=2000000000").encode()
    yield rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").encode()
    yield rule("FREQ=DAILY;INTERVAL=4294967297").encode()
    yield rule("FREQ=MONTHLY;BYSETPOS=-366;BYDAY=" + ",".join(["MO"] * 5000)).encode()
    yield ICS.format("".join(EVENT.format(i, "20261201T070000Z", "") for i in range(3000))).encode()
    yield ICS.format(EVENT.format("a", "99991231T235960Z", "DURATION:P999999999W\r\n")).encode()
    yield ICS.format(EVENT.format("a", "20261201T070000Z", "EXDATE:" + "20261201T070000Z," * 9000 +
                                  "\r\n")).encode()
    yield ("BEGIN:VCALENDAR\r\n" * 5000).encode()
    yield ICS.format("DESCRIPTION:" + "\r\n ".join(["\u1ea1"[0]] * 9000) + "\r\n").encode()


KINDS = (  # name, corpora, more files, what is run on one
    ("a calendar", ("ics", "ical"), calendars, ".ics",
     ("import", "roster", "-u", "TT", "-p", "attt")),
    ("a roster", ("roster", "csv"), tuple, ".csv", ("import", "roster", "-u", "TT", "-p", "attt")),
    ("a form", ("form",), tuple, ".yaml", ("form", "define", "-u", "TT")),
    ("answers to a form", ("csv",), tuple, ".csv",
     ("form", "import", "-f", "kt1", "-u", "TT", "-d", "2026-11-20")),
    ("a plan", ("plan",), tuple, ".yaml", ("plan", "check")),
    ("an order's text", ("draft", "text"), tuple, ".txt", ("plan", "draft")),
)


def test_files(path):
    env = {"CANH_STATE": os.path.join(path, "state"), "CANH_DEMO_NOW": "2026-11-20 08:00"}
    canh("import", "units", write(os.path.join(path, "u.csv"), UNITS), "--demo", "--apply", env=env)
    canh("duty", "post", "-u", "TT", "-p", "attt", "--name", "Trực", env=env)
    rng = random.Random(11)
    for name, corpora, more, ending, args in KINDS:
        good = [s for c in corpora for s in seeds(c)]
        files = [*more(), *(hurt(rng, rng.choice(good)) for _ in range(VARIANTS))]
        bad = []
        for i, data in enumerate(files):
            file = write(os.path.join(path, f"f{i}{ending}"), data)
            r = canh(*args, file, env=env)
            if not harmless(r):
                bad += [f"{name} {i}: {data[:200]!r}", r]
        ok(good and not bad, f"{name}: {len(files)} that are hurt or too much", *bad)


# The name server.

def name(text):
    return b"".join(bytes([len(x)]) + x for x in text.encode().split(b".")) + b"\0"


def record(kind, data, owner=b"\xc0\x0c"):
    return owner + struct.pack(">HHIH", kind, 1, 5, len(data)) + data


def answers(query, rng):
    """One hostile answer after another to a query."""
    ident, question = query[:2], query[12:]
    head = lambda n, flags=0x8180: ident + struct.pack(">HHHHH", flags, 1, n, 0, 0)
    a = record(1, b"\x7f\0\0\1")
    yield head(1) + question + record(5, b"\xc0\x0c")                      # an alias of itself
    yield head(1) + question + record(1, b"\x7f\0\0\1", b"\xc0\xff")        # a name beyond the end
    yield head(1) + question + b"\xc0" + bytes([12 + len(question)]) + a[2:]  # that points at itself
    yield head(65535) + question + a                                       # fewer than it says
    yield head(400) + question + a * 400                                   # more than anybody wants
    yield head(1) + question + record(1, b"\x7f")                          # a short address
    yield head(1) + question + record(5, b"\x3f" * 64)                     # a name without an end
    yield head(2) + question + record(5, name("\x1b[2J\x07.\x01")) + a      # one that steers
    yield head(0, 0x8380) + question                                       # cut: come over TCP
    yield head(0, 0x8183) + question                                       # no such name
    yield b"\0\0" + head(1)[2:] + question + a                             # to another query
    yield query[:7]                                                        # nothing at all
    yield bytes(rng.randrange(256) for _ in range(500))
    yield head(1) + question + record(28, b"\0" * 15 + b"\1") + a


def serve_names(sock, state):
    rng = random.Random(5)
    while True:
        query, who = sock.recvfrom(4096)
        made = list(answers(query, rng))
        sock.sendto(made[state["turn"] % len(made)], who)
        state["seen"] += 1


def hostile_names(path):
    """Inside name spaces of its own: the only name server there is this one."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    conf = write(os.path.join(path, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", conf, "/etc/resolv.conf"], check=True)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 53))
    state = {"turn": 0, "seen": 0}
    threading.Thread(target=serve_names, args=(sock, state), daemon=True).start()
    env = environment(CANH_STATE=os.path.join(path, "state"), CANH_DEMO_NOW="2026-11-20 08:00")
    run = lambda *a: subprocess.run([CANH, *a, "--lang", "en"], capture_output=True, env=env, check=False)
    for code, target in (("D", "dns:ten.example"), ("H", "http://ten.example/")):
        run("probe", "add", target, "-u", "TT", "-c", code, "--timeout", "2s")
    bad = []
    for state["turn"] in range(14):
        r = run("probe", "run", "D", "H")
        if r.returncode not in (0, 1) or b"Sanitizer" in r.stderr or b"runtime error" in r.stderr or \
                b"\x1b" in r.stdout:
            bad.append(f"answer {state['turn']}: {r}")
    print(f"asked {state['seen']}", *bad, sep="\n")
    sys.exit(1 if bad or state["seen"] < 14 else 0)


def test_names(path):
    inside = ["unshare", "--net", "--mount", "--fork"]
    can = subprocess.run([*inside, "sh", "-c", "ip link set lo up && mount --bind /dev/null "
                          "/etc/resolv.conf"], capture_output=True, check=False).returncode == 0
    if not can:
        skip("no name spaces here for a name server of our own")
        return
    r = subprocess.run([*inside, sys.executable, __file__, "--names", path], capture_output=True,
                       text=True, check=False)
    ok(r.returncode == 0, "answers of a hostile name server are withstood", r.stdout, r.stderr)


def main():
    if sys.argv[1:2] == ["--names"]:
        hostile_names(sys.argv[2])
    with folder() as path:
        test_files(path)
        test_names(path)
    done()


main()
