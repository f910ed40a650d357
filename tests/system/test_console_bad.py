#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The console when it is treated badly: bombs are uploaded while fifty people click, and the disk is
full while a handover is signed."""
import io
import re
import subprocess
import sys
import threading
import zipfile

from console import Visitor, demo
from node import have_programs, wait_for
from support import done, equal, folder, hog, ok, skip

INSIDE = "--inside"
ROOM = 128  # MiB
PEOPLE = 50
PAGES = ("/", "/alerts", "/cases", "/todo", "/forms", "/api/v1/alerts", "/roster")


def packed(name, size, times=1):
    """Zeroes in a ZIP, and that in a ZIP, and so on."""
    data = b"\0" * size
    for i in range(times):
        to = io.BytesIO()
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as z:
            for copy in range(8 if i else 1):
                z.writestr(f"{copy}-{name}", data)
        data, name = to.getvalue(), "more.zip"
    return data


def workbook_bomb():
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("xl/workbook.xml", "<workbook><sheets/></workbook>" + " " * (200 << 20))
    return to.getvalue()


def bombs():
    evtx = b"ElfFile\0" + b"\xff" * (1 << 20)
    return (("/scan", "a.zip", packed("a.log", 256 << 20)),
            ("/scan", "b.zip", packed("b.evtx", 1 << 20, 4)),
            ("/scan", "c.evtx", evtx),
            ("/scan", "d.json", b"[" * (2 << 20)),
            ("/forms/agency-daily/file", "e.xlsx", workbook_bomb()),
            ("/import/roster", "f.xlsx", workbook_bomb()))


class Clicker(threading.Thread):
    def __init__(self, visitor, number, over):
        super().__init__()
        self.visitor, self.number, self.over, self.got, self.trouble = visitor, number, over, [], None

    def run(self):
        try:
            while not self.over.is_set() or not self.got:
                page = PAGES[(self.number + len(self.got)) % len(PAGES)]
                self.got.append(self.visitor.get(page)[0])
                self.over.wait(1)
        except Exception as e:  # a connection that was cut, or no answer
            self.trouble = e


def test_bombs(node):
    logins = ("truc", "thutruong")
    clickers, over = [], threading.Event()
    for i in range(PEOPLE):
        clickers.append(Clicker(Visitor(node, logins[i % len(logins)]), i, over))
    villain = Visitor(node, "thutruong")
    desk = node.pids()["desk"]
    for c in clickers:
        c.start()
    answers = [(name, *villain.upload(path, name, data)) for path, name, data in bombs()]
    over.set()
    for c in clickers:
        c.join()
    equal([str(c.trouble) for c in clickers if c.trouble], [], "nobody was cut off")
    equal({status for c in clickers for status in c.got}, {200}, "every click was answered")
    ok(all(status in (200, 413, 422) for _, status, _ in answers), "each bomb is answered in words",
       [x[:2] for x in answers])
    ok(all("<h1" in text or status == 413 for _, status, text in answers), "on a page", answers)
    equal(node.pids()["desk"], desk, "the desk is the same process")


def test_full(node, tmp):
    """What is signed stands whole, or it is said that it does not."""
    officer = Visitor(node, "truc")
    equal(officer.send("/shift", do="take")[0], 303, "the shift is taken")
    desk = node.pids()["desk"]
    hog(tmp, 0)
    refused = None
    for i in range(2000):
        status, text = officer.send("/shift", do="line", text=f"dòng {i} " + "x" * 3000)
        if status != 303:
            refused = (status, text)
            break
        hog(tmp, 0)
    ok(refused and refused[0] >= 500 and "<h1" in refused[1], "no room: it is said on a page", refused)
    words = re.sub("<[^>]+>", " ", refused[1])
    ok("đĩa" in words.lower() or "chỗ" in words.lower(), "of the disk", words)
    signed = [officer.send("/shift", do="give", note="Chìa khóa ở tủ 1" + "x" * 800) for _ in range(3)]
    full = [status for status, _ in signed if status >= 500]
    ok(full, "a handover is not signed either", [s for s, _ in signed])
    ok(officer.get("/")[0] == 200, "who only looks still sees")
    hog_file = f"{tmp}/hog"
    subprocess.run(["rm", hog_file], check=True)
    wait_for(lambda: officer.send("/shift", do="give", note="Chìa khóa ở tủ 2")[0] == 303)
    waiting = "".join(node.canh("duty", "handover", "--unit", "XA-A", "--post", p["code"], "--state",
                                f"{node.dir}/state").stdout for p in node.rows(
                                    "duty", "post", "--unit", "XA-A", "--state",
                                    f"{node.dir}/state"))
    ok("tủ 2" in waiting, "with room it is signed", waiting)
    ok(waiting.count("tủ 1") <= len(signed) - len(full), "and of the refused ones nothing is there", waiting)
    equal(node.pids()["desk"], desk, "by the same process")
    equal(node.stop(), 0, "it ends")
    r = node.canh("audit", "verify", "--state", f"{node.dir}/state")
    equal(r.returncode, 0, "the audit is whole")


def inside(tmp):
    node = demo(tmp)
    try:
        ok(node.start(), "it starts", node.said())
        test_bombs(node)
        test_full(node, tmp)
    finally:
        if node.process and node.process.poll() is None:
            node.kill_all()
    done()


def main():
    if sys.argv[1:2] == [INSIDE]:
        inside(sys.argv[2])
    with folder() as tmp:
        command = ["unshare", "--mount", "sh", "-c",
                   f'mount -t tmpfs -o size={ROOM}m tmpfs "$0" && exec "$@"', tmp]
        if not have_programs() or subprocess.run([*command, "true"], capture_output=True,
                                                 check=False).returncode != 0:
            skip("needs the node's programs, and to mount")
            done()
        sys.exit(subprocess.run([*command, sys.executable, __file__, INSIDE, tmp],
                                check=False).returncode)


main()
