# SPDX-License-Identifier: Apache-2.0
"""What the system tests share: running the built program, comparing with golden files, TAP.

A golden file stands in tests/system/golden/; CANH_BLESS=1 (or --bless) rewrites it from what the
program prints now."""
import errno
import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata

ROOT = os.environ.get("CANH_SOURCE_DIR") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("CANH_BUILD_DIR") or os.path.join(ROOT, "build")
CANH = os.path.join(BUILD, "canh")
GOLDEN = os.path.join(ROOT, "tests", "system", "golden")
DATA = os.path.join(ROOT, "..", "shared", "data")
BLESS = "--bless" in sys.argv or os.environ.get("CANH_BLESS") == "1"

_count = 0
_failed = 0


def one_line(name):
    """As TAP has it: what is tested may have line breaks in its name."""
    return str(name).replace("\r", "\\r").replace("\n", "\\n")


def ok(cond, name, *notes):
    global _count, _failed
    _count += 1
    _failed += not cond
    print(f"{'' if cond else 'not '}ok {_count} - {one_line(name)}", flush=True)
    if not cond:
        for note in notes:
            for line in str(note).splitlines()[:40]:
                print("# " + line)
    return cond


def equal(got, want, name):
    return ok(got == want, name, f"got:  {got!r}", f"want: {want!r}")


def skip(why):
    global _count
    _count += 1
    print(f"ok {_count} # SKIP {why}")


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)


def environment(**more):
    """Nothing of the caller's that canh looks at, and sanitizers as the test run set them."""
    keep = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "TMPDIR")
    env = {k: os.environ[k] for k in keep if k in os.environ}
    env.update({"HOME": "/nonexistent", "LANG": "C"})
    env.update(more)
    return env


class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    @property
    def errors(self):
        return self.err.decode("utf-8", "replace")

    def __repr__(self):
        return f"status {self.status}\nstdout: {self.text}\nstderr: {self.errors}"


def canh(*args, stdin=b"", env=None, cwd=None, stdout=subprocess.PIPE, timeout=240):
    r = subprocess.run([CANH, *map(os.fspath, args)], input=stdin, stdout=stdout,
                       stderr=subprocess.PIPE, env=environment(**(env or {})), cwd=cwd,
                       timeout=timeout, check=False)
    return Result(r.returncode, r.stdout or b"", r.stderr)


def on_terminal(columns, *args):
    """What canh prints on a terminal that is so many columns wide."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen([CANH, *args], stdin=subprocess.DEVNULL, stdout=follower,
                             stderr=subprocess.STDOUT, env=environment(NO_COLOR="1", TERM="xterm"))
    os.close(follower)
    text = b""
    try:
        while piece := os.read(leader, 65536):
            text += piece
    except OSError:
        pass  # Linux: the other end is closed
    os.close(leader)
    child.wait(60)
    return text.decode().replace("\r\n", "\n")


def columns_of(line):
    """How many columns a line takes (combining marks none, wide characters two)."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF"
               else 1 for c in unicodedata.normalize("NFC", line))


def fits(columns, *args):
    """Each line of a listing stands within the columns."""
    text = on_terminal(columns, *args)
    wide = [l for l in text.split("\n") if columns_of(l) > columns]
    ok(text.strip() and not wide, f"canh {' '.join(args[:2])} fits {columns} columns",
       *(wide or [text]))


LEFT_OUT = {"vi": "không đủ chỗ", "en": "no room"}


def fits_terminals(name, *args):
    """A listing stands within narrow and wide terminals in both languages, and a wide one is used."""
    for lang in ("vi", "en"):
        seen = {}
        for columns in (80, 120, 200):
            text = on_terminal(columns, *args, "--lang", lang)
            wide = [x for x in text.split("\n") if columns_of(x) > columns]
            ok(text.strip() and not wide, f"{name} fits {columns} columns ({lang})", *(wide or [text]))
            seen[columns] = text
        left = [seen[c].count(LEFT_OUT[lang]) for c in (80, 200)]
        ok(left[1] <= left[0], f"{name}: 200 columns leave out no more than 80 ({lang})", seen[200])


def golden(name, got):
    """Compares bytes with tests/system/golden/NAME."""
    path = os.path.join(GOLDEN, name)
    if BLESS:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(got)
    try:
        with open(path, "rb") as f:
            want = f.read()
    except FileNotFoundError:
        return ok(False, f"golden {name}", "no such golden file; run with --bless")
    return ok(got == want, f"golden {name}", "got:", got.decode("utf-8", "replace"),
              "want:", want.decode("utf-8", "replace"))


def folder():
    """A temporary folder, removed at its end: with folder() as path: …"""
    return tempfile.TemporaryDirectory(prefix="canh-test-")


def write(path, content):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def data(*parts):
    """A path in the folder with real logs and rules, or None where it is absent."""
    path = os.path.join(DATA, *parts)
    return os.path.abspath(path) if os.path.exists(path) else None


def hog(folder_of_it, leave):
    """Takes all room but this; what the node writes meanwhile makes another try necessary."""
    with open(os.path.join(folder_of_it, "hog"), "wb") as f:
        while True:
            free = os.statvfs(folder_of_it)
            room = free.f_bavail * free.f_bsize - leave
            if room <= 0:
                return
            try:
                os.posix_fallocate(f.fileno(), 0, room)
                return
            except OSError as e:
                if e.errno != errno.ENOSPC:
                    raise
