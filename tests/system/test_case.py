#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh case: from an alert to the papers that the authority expects, with and without a node."""
import contextlib
import io
import os
import re
import sqlite3
import time
import zipfile

from node import Node, have_programs, wait_for
from support import canh, done, equal, folder, ok, write

LINE = "Nov 29 13:00:00 may-a sshd[12]: Failed password for root from 203.0.113.7 port 22 ssh2\n"
FORMS = {"initial": "BÁO CÁO", "progress": "BÁO CÁO", "closing": "BÁO CÁO",
         "situation": "BÁO CÁO NHANH"}


def odt_text(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return re.sub(r"<[^>]+>", " ", z.read("content.xml").decode())


def papers(node, number):
    for form, kind in FORMS.items():
        path = os.path.join(node.dir, f"{form}.odt")
        node.canh("case", "report", number, "--form", form, "--odt", "-o", path, check=0)
        with open(path, "rb") as f:
            text = odt_text(f.read())
        ok("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and number in text
           and kind.lower() in text.lower(), f"{form}: an official paper", text[:400])
        ok("{{" not in text, f"{form}: every place is filled", text)
        if form in ("initial", "situation"):
            ok("Việc cần làm ngay" in text and "Xem địa chỉ nguồn" in text,
               f"{form}: what its rule says to do now", text)
        pdf = os.path.join(node.dir, f"{form}.pdf")
        node.canh("case", "report", number, "--form", form, "-o", pdf, check=0)
        with open(pdf, "rb") as f:
            equal(f.read(5), b"%PDF-", f"{form}: as PDF, too")


def marked(node, number):
    """Times of a span in which the clock was wrong say so on paper."""
    path = os.path.join(node.dir, "marked.odt")
    node.canh("audit", "clock", "--from", "2020-01-01", "--until",
              time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "--state",
              os.path.join(node.dir, "state"), check=0)
    node.canh("case", "report", number, "--odt", "-o", path, check=0)
    with open(path, "rb") as f:
        text = odt_text(f.read())
    ok(re.search(r"\d\d:\d\d ngày \d\d/\d\d/\d{4} \(giờ máy lúc đó sai", text), "times of a wrong clock",
       text)


def is_noted(node, number):
    """Whoever reads earlier texts has looked at the case, as if nobody had until now."""
    with contextlib.closing(sqlite3.connect(os.path.join(node.dir, "state", "state.db"))) as c:
        c.execute("DELETE FROM case_reading")
        c.commit()
        node.rows("case", "show", number, "--versions")
        equal(c.execute("SELECT count(*) FROM case_reading").fetchone(), (1,), "reading them is noted")


def joins(node, log, number):
    """An alert goes into the open case with its verdict, and only a real one."""
    with open(log, "a", encoding="utf-8") as f:
        f.write(LINE.replace("may-a", "may-b"))
    ok(wait_for(lambda: node.rows("alert", "list"), 30), "another alert")
    alert = node.rows("alert", "list")[0]["id"]
    r = node.canh("alert", "ack", alert[:8], "--verdict", "false", "--case", number)
    ok(r.returncode >= 64 and "real" in r.stderr, "a false alarm goes into no case", r.stderr)
    equal(node.rows("alert", "list")[0]["state"], "new", "and waits as before")
    r = node.canh("alert", "ack", alert[:8], "--verdict", "real", "--case", "SC-1999-0001")
    ok(r.returncode >= 64, "nor into one that is not there", r.stderr)
    node.canh("alert", "ack", alert[:8], "--verdict", "real", "--case", number, "--note", "lại máy khác", check=0)
    equal(node.rows("alert", "show", alert[:8])[0]["case"], number, "a real one belongs to the case")
    ok("lại máy khác" in node.canh("case", "show", number, check=0).stdout, "with its note")


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        node = Node(scratch)
        log = os.path.join(scratch, "auth.log")
        write(log, "")
        ok(node.start(), "the node starts", node.said())
        node.rows("source", "add", "files", log)
        for _ in range(10):  # what is written before the file is followed counts as old
            with open(log, "a", encoding="utf-8") as f:
                f.write(LINE)
            if wait_for(lambda: node.rows("alert", "list"), 3):
                break
        alert = node.rows("alert", "list")[0]["id"]
        case = node.rows("case", "open", "--alert", alert[:8], "--class", "intrusion",
                         "--level", "high", "--system", "Cổng dịch vụ")[0]
        number = case["number"]
        equal((case["state"], case["level"], case["title"]),
              ("new", "high", "Failed SSH Login"),
              "opened from an alert by the running node, in the language of who opens it")
        ok(case["due"], "a clock runs")
        equal([a["state"] for a in node.rows("alert", "list", "--all")], ["closed"],
              "the alert is a real one")
        node.rows("case", "note", number, "--kind", "observable", "--what", "ip", "--value",
                  "203.0.113.7")
        node.rows("case", "note", number, "--kind", "action", "--text", "Chặn địa chỉ")
        task = node.rows("case", "task", number, "--text", "Đổi mật khẩu")[0]["id"]
        node.rows("case", "task", number, "--done", task[:8], "--text", "đã đổi")
        joins(node, log, number)
        r = node.canh("case", "close", number)
        ok(r.returncode >= 64 and "cause" in r.stderr, "not closed without cause and remedy", r.stderr)
        equal(node.rows("case", "step", number, "--to", "contain")[0]["state"], "contain", "a step")
        papers(node, number)
        node.rows("case", "note", number, "--kind", "report", "--what", "initial", "--value", "12/BC")
        shown = node.canh("case", "show", number, check=0).stdout
        ok("203.0.113.7" in shown and "12/BC" in shown and "Chặn địa chỉ" in shown, "shown", shown)
        equal(max(len(x) for x in shown.splitlines()) <= 130, True, "as a table")
        told = canh("case", "show", number, "--lang", "vi", env={"CANH_DIR": node.dir}).text
        ok(" low " not in told and " thấp " in told, "in one language", told)
        ok("Đăng nhập SSH thất bại" in told and "Failed SSH Login" not in told,
           "also what canh itself put into it", told)
        ok("\nTimeline\n" in shown and "\nTasks\n" in shown and "(nothing" not in shown,
           "each part under its name, none that is empty", shown)
        equal(node.stop(), 0, "the node ends")
        marked(node, number)
        closed = node.rows("case", "close", number, "--cause", "mật khẩu yếu", "--remedy", "đổi")[0]
        equal(closed["state"], "closed", "closed without a node")
        node.rows("case", "step", number, "--title", "Dò mật khẩu SSH", "--cause", "mật khẩu đoán được")
        path = os.path.join(node.dir, "closed.odt")
        node.canh("case", "report", number, "--form", "closing", "--odt", "-o", path, check=0)
        with open(path, "rb") as f:
            ok("mật khẩu đoán được. " in odt_text(f.read()), "what people wrote ends as a sentence")
        kept = node.rows("case", "show", number, "--versions")
        equal([(k["field"], k["text"]) for k in kept if k["text"]],
              [("cause", "mật khẩu yếu"), ("title", "Failed SSH Login")],
              "what its texts said before is kept, the newest first")
        ok(all(k["at"] and k["login"] for k in kept), "with who and when", kept)
        ok("mật khẩu yếu" in node.canh("case", "show", number, "--versions", check=0).stdout,
           "and shown to people")
        equal(node.rows("case", "list"), [], "none is open")
        equal(len(node.rows("case", "list", "--all")), 1, "it is kept")
        is_noted(node, number)


main()
done()
