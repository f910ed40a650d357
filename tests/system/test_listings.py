#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every verb that lists, with long Vietnamese names: within 80 columns on a terminal, within 200 with
no column left out that 200 have room for, and the same rows as JSON, CSV and XLSX. A verb that has
--csv and is not tried here fails the test."""
import csv
import io
import json
import os
import re
import stat
import subprocess

from support import canh, done, fits_terminals, folder, ok, write
from workbook import rows

NOW = "2026-11-24 08:00"
UNITS = """Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên
SO-TTTT-GIA-DINH;Sở Khoa học, Công nghệ và Chuyển đổi số tỉnh Giả Định Rất Dài;authority;
TT-GSATTT-GIA-DINH;Trung tâm Giám sát an toàn thông tin mạng tỉnh Giả Định Rất Dài;centre;SO-TTTT-GIA-DINH
"""
PEOPLE = """Mã cán bộ;Họ và tên;Mã đơn vị;Chức vụ;Điện thoại;Vai trò
NGUYEN-PHUONG-THAO-01;Công Tằng Tôn Nữ Nguyễn Phương Thảo Nguyên Giả Định;TT-GSATTT-GIA-DINH;Phó Trưởng phòng Giám sát và Ứng cứu sự cố;0900000001;duty
TRAN-HOANG-BAO-02;Trần Hoàng Quốc Bảo Minh Khôi Nguyên Giả Định;TT-GSATTT-GIA-DINH;Giám đốc;0900000002;head
"""
ASSETS = """Mã tài sản;Tên tài sản;Mã đơn vị;Loại;Vai trò;Cấp độ;Phạm vi kết nối
CONG-DICH-VU-CONG-TRUC-TUYEN;Cổng dịch vụ công trực tuyến một cửa liên thông của tỉnh Giả Định;TT-GSATTT-GIA-DINH;app;portal;3;Internet
"""
UNIT, POST = "TT-GSATTT-GIA-DINH", "truc-giam-sat-an-toan-thong-tin"
AT = ("-u", UNIT, "-p", POST)
A, B = "NGUYEN-PHUONG-THAO-01", "TRAN-HOANG-BAO-02"
LONG = "Máy chủ thư điện tử công vụ của Trung tâm bị dò mật khẩu từ nhiều địa chỉ ở nước ngoài"

# What is done before anything is listed: something stands in most lists.
DONE = [
    ("duty", "post", *AT, "--name", "Trực giám sát an toàn thông tin mạng 24/7", "--needed", "24/7"),
    ("duty", "roster", *AT, "--rule", "FREQ=DAILY", "--people", f"{A},{B}", "--from",
     "2026-11-20 07:00"),
    ("duty", "check-in", *AT, "--person", A, "--at", "2026-11-24 07:00"),
    ("duty", "log", *AT, "--person", A, LONG, "--source", "Hệ thống giám sát tập trung", "--action",
     "Đã khóa các tài khoản bị dò mật khẩu", "--result", "Không còn đăng nhập sai"),
    ("duty", "leave", "ask", *AT, "--person", B, "--from", "2026-12-01", "--until", "2026-12-05",
     "--kind", "phép năm"),
    ("duty", "swap", "ask", *AT, "--person", A, "--with", B, "--from", "2026-11-26 07:00", "--until",
     "2026-11-27 07:00", "--reason", LONG),
    ("duty", "replace", "put", *AT, "--person", A, "--with", B, "--from", "2026-11-27 07:00",
     "--until", "2026-11-28 07:00", "--reason", LONG, "--by", B),
    ("request", "add", "-u", UNIT, "--to", "SO-TTTT-GIA-DINH", "-t", LONG, "--due", "08/12/2026"),
    ("order", "add", "1234/CV-BCHQS-TM", "-u", UNIT, "--authority",
     "Bộ Tư lệnh Tác chiến không gian mạng tỉnh Giả Định", "--due", "30/11/2026"),
    ("review", "start", "RA-SOAT-TAI-KHOAN-QUY-4", "-u", "SO-TTTT-GIA-DINH", "--kind", "accounts",
     "--title", LONG),
    ("probe", "add", "https://cong-dich-vu-cong-truc-tuyen.gia-dinh.example/dang-nhap", "-u", UNIT),
]

# Every verb that lists, with what it needs. What a node holds is empty here.
LISTS = [
    ("rules", "list"), ("formats",), ("plan", "list"), ("plan", "statements"), ("duty", "mine", "-u", UNIT, "--person", A),
    ("duty", "now"), ("duty", "next"), ("duty", "gaps"), ("duty", "ready", "-a"), ("duty", "missed", "-n", "72"),
    ("duty", "turns", "-u", UNIT), ("duty", "log"), ("duty", "handover", *AT), ("duty", "leave"),
    ("duty", "swap"), ("duty", "replace"), ("duty", "cover"), ("duty", "post"), ("duty", "roster"),
    ("duty", "terms"), ("todo", "-u", UNIT), ("form", "list"), ("form", "status"),
    ("probe", "list"), ("probe", "status"), ("list", "units"), ("list", "people"),
    ("list", "assets"), ("evidence", "list"), ("request", "list"), ("notice", "list"),
    ("review", "list"), ("review", "status", "RA-SOAT-TAI-KHOAN-QUY-4", "--issuer", "SO-TTTT-GIA-DINH"),
    ("order", "list"), ("contact", "list"), ("user", "list"), ("audit", "list", "-n", "200"),
]
# Verbs that write something else than a list at a name that is given to them, @.
WRITES = [
    ("plan", "report", "-o", "@"), ("form", "template", "agency-daily", "-u", UNIT, "-o", "@"),
    ("print", "lich-truc", "-u", UNIT, "-o", "@"), ("print", "so-truc", *AT, "-o", "@"),
    ("print", "danh-ba", "-u", UNIT, "-o", "@"),
    ("print", "danh-sach-goi", "-u", UNIT, "-o", "@"), ("print", "cam-ket", "-u", UNIT, "-o", "@"),
    ("print", "phieu-trang-thai", "-u", UNIT, "--blank", "-o", "@"),
    ("duty", "print", "lich-truc", "-u", UNIT, "-o", "@"),
    ("import", "units", "--template", "@"), ("import", "people", "--template", "@"),
    ("import", "assets", "--template", "@"), ("import", "roster", "--template", "@"),
    ("duty", "now", "-o", "@"),
]
# Those that need a node, a journal, a case, a shift that was stood or a notice: their own tests.
WRITES_ELSEWHERE = {"case report", "drill", "find", "journal export", "key seal", "notice sheet",
                    "print ban-giao", "scan"}
# Tried in test_listings_node.py and their own tests, since they need a node, a network, a journal, or an id.
ELSEWHERE = {
    "scan", "plan status", "form show", "probe run", "evidence show", "request show",
    "source list", "alert list", "alert calls", "alert heard", "alert verdicts", "case list", "case team",
    "journal status", "journal verify", "journal repair", "key status", "suppression list", "maintenance list", "doctor", "timeline",
    "logons", "find", "stats",
}


def helps(path=()):
    """The help of every verb."""
    text = canh(*path, "--help").text
    block = re.search(r"^Verbs:\n((?:  .*\n)+)", text, re.M)
    yield " ".join(path), text
    for verb in re.findall(r"^  (\S+)", block.group(1), re.M) if block else []:
        yield from helps((*path, verb))


def writes_file(text):
    """Whether a verb writes a file at a name that is given to it."""
    return re.search(r"^ +(-., )?--(output|html|navigator|template|save|credential|drop-in) ", text,
                     re.M) or re.search(r"^usage: canh journal export", text)


def test_devices(run, dir):
    """What is no regular file is written to and stays what it is."""
    fifo = os.path.join(dir, "fifo")
    os.mkfifo(fifo)
    for args in WRITES:
        reader = subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE)
        r = run(*[fifo if a == "@" else a for a in args])
        if r.status > 1:
            reader.kill()
        got = reader.communicate()[0]
        ok(r.status in (0, 1) and got and stat.S_ISFIFO(os.lstat(fifo).st_mode),
           f"{' '.join(args)}: into a pipe", r)


def test_endings(run, dir):
    """No file is named like a format that the verb does not write."""
    other = os.path.join(dir, "other.ics")
    for args in WRITES:
        if "-o" in args:
            r = run(*[other if a == "@" else a for a in args])
            ok(r.status == 64 and "other.ics" in r.errors and not os.path.exists(other),
               f"{' '.join(args)}: refuses another format's ending", r)


def test_page(run, dir):
    """A file that is read without the console leads nowhere into it."""
    path = os.path.join(dir, "x.html")
    r = run("request", "list", "-o", path)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    ok(r.status == 0 and LONG in text and "<a " not in text, "request list: a page without links", r)


def name_of(args):
    return " ".join(args[:1] if args[0] in ("formats", "todo") else args[:2])


def test_faces(run, dir, args):
    name = name_of(args)
    lines = run(*args, "--json").text.splitlines()
    ok(all(isinstance(json.loads(x), dict) for x in lines), f"{name}: a JSON object a line")
    for text in run(*args, "--csv").out.decode("utf-8-sig").split("\r\n\r\n"):
        table = [r for r in csv.reader(io.StringIO(text), delimiter=";") if r]
        ok(len({len(r) for r in table}) == 1, f"{name}: CSV has as many cells in each row", table[:3])
    path, link = os.path.join(dir, "x"), os.path.join(dir, "x.xlsx")
    if not os.path.lexists(link):
        os.symlink("x", link)
    write(path, "")
    r = run(*args, "-o", link)
    ok(r.status in (0, 1) and rows(path) and os.path.islink(link),
       f"{name}: a workbook, through a link that stays", r)


def main():
    os.environ["CANH_DEMO_NOW"] = NOW
    with folder() as dir:
        state = ("--state", os.path.join(dir, "state"))

        def run(*args):
            more = () if args[0] in ("rules", "formats") else state
            return canh(*args, *more, "--lang", "vi", env={"CANH_DEMO_NOW": NOW})

        for what, text in (("units", UNITS), ("people", PEOPLE), ("assets", ASSETS)):
            r = run("import", what, write(os.path.join(dir, what + ".csv"), text), "--apply",
                    *(("--demo",) if what == "units" else ()))
            ok(r.status == 0, f"{what} are imported", r)
        for args in DONE:
            r = run(*args)
            ok(r.status in (0, 1), f"{args[0]} {args[1]}", r)
        for args in LISTS:
            fits_terminals(name_of(args), *args,
                           *(() if args[0] in ("rules", "formats") else state))
            test_faces(run, dir, args)
        r = run("plan", "import", "quang-ngai-2020", "--unit", "SO-TTTT-GIA-DINH", "--activate")
        ok(r.status in (0, 1), "a plan, to report on", r)
        test_devices(run, dir)
        test_endings(run, dir)
        test_page(run, dir)
        verbs = dict(helps())
        missing = {v for v, text in verbs.items() if "--csv" in text} - {name_of(x) for x in LISTS}
        ok(not missing - ELSEWHERE, "no verb that lists is forgotten", sorted(missing - ELSEWHERE))
        missing = {v for v, text in verbs.items() if writes_file(text) and "--csv" not in text}
        missing -= {" ".join(x[:2]) for x in WRITES} | WRITES_ELSEWHERE
        ok(not missing, "no verb that writes a file is forgotten", sorted(missing))
    done()


main()
