#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh import: preview, errors with place and cure, all or nothing, again = update, templates,
demonstrations."""
import json
import os
import pty
import subprocess

from support import CANH, canh, done, environment, equal, folder, ok, write

UNITS = """DANH SÁCH ĐƠN VỊ (ví dụ);;;;
STT;Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên
1;TINH;Tỉnh Ví Dụ;Cơ quan chủ trì;
2;SO;Sở Ví Dụ;sở;TINH
3;XA;Xã Ví Dụ;xã;TINH
;;;;
"""
PEOPLE = """Họ và tên;Đơn vị;Chức vụ;Số điện thoại;Email;Vai trò
Trần Thị Ví Dụ;XA;Chuyên viên;900000001;tv@vi-du.example;Cán bộ trực
Lê Văn Ví Dụ;Sở Ví Dụ;Giám đốc;0900000002;;Thủ trưởng
"""
ASSETS = """Mã tài sản;Tên tài sản;Mã đơn vị;Vai trò;Cấp độ;Phạm vi kết nối
MC1;Máy chủ thư;SO;Thư điện tử công vụ;3;Internet
"""


def run(state, *args, **more):
    return canh("import", *args, "--state", state, "--lang", "vi", **more)


def counts(state, *args):
    r = run(state, *args, "--json")
    got = json.loads(r.text)
    return r.status, got["applied"], got["added"], got["changed"], got["same"], got["failed"]


def test_units(dir):
    state, file = os.path.join(dir, "state"), write(os.path.join(dir, "u.csv"), UNITS)
    r = run(state, "units", file)
    ok(r.status == 0 and "thêm 3" in r.text and "chưa ghi" in r.text, "a preview tells", r)
    ok(not os.path.exists(state), "and writes nothing, not even a folder")
    r = canh("plan", "list", "--state", state, "--lang", "vi")
    ok(r.status == 66 and "canh import units" in r.errors, "without a state: how to begin", r)
    equal(counts(state, "units", file, "--apply"), (0, True, 3, 0, 0, 0), "--apply writes")
    equal(counts(state, "units", file, "--apply"), (0, True, 0, 0, 3, 0), "again: nothing new")
    write(file, UNITS.replace("Xã Ví Dụ;xã", "Phường Ví Dụ;phường"))
    equal(counts(state, "units", file), (0, False, 0, 1, 2, 0), "a changed name is a change")
    r = run(state, "units", "-", stdin=UNITS.encode("utf-16"))
    ok(r.status == 0 and "giữ nguyên 3" in r.text, "UTF-16 from standard input", r)
    return state


def test_errors(dir, state):
    file = write(os.path.join(dir, "bad.csv"), UNITS.replace("3;XA;Xã Ví Dụ;xã;TINH", """4;XB;Xã B;xã;TINH
5;XC;Xã C;lạ;TINH
6;XD;;xã;KHONG-CO"""))
    r = run(state, "units", file, "--apply")
    ok(r.status == 65 and "Chưa ghi gì" in r.text, "rows with errors: nothing is written", r)
    for part in ("dòng 6, cột D “Loại đơn vị”: không có loại đơn vị “lạ”; các loại: ",
                 "dòng 7, cột C “Tên đơn vị”: còn để trống"):
        ok(part in r.errors, f"says: {part}", r)
    equal(counts(state, "units", write(file, UNITS)), (0, False, 0, 0, 3, 0),
          "not even the good row is there")
    fresh = os.path.join(dir, "fresh")
    write(file, UNITS.replace("sở;TINH", "lạ;TINH"))
    ok(run(fresh, "units", file, "--apply").status == 65 and not os.path.exists(fresh),
       "a first list with errors makes no state")
    r = run(state, "units", write(file, "Tên;Loại\nX;xã\n"))
    ok(r.status == 65 and "Mã đơn vị" in r.errors, "a missing column is named", r)
    r = run(state, "units", write(file, "PK\x03\x04 hỏng"))
    ok(r.status == 65 and r.errors.count("\n") == 1, "a broken workbook is one line", r)
    r = run(state, "units", file, "--sheet", "Khác")
    ok(r.status == 65, "an unknown sheet", r)
    r = run(state, "units")
    ok(r.status == 64 and "FILE" in r.errors, "without a file: 64", r)


def test_others(dir, state):
    people, assets = write(os.path.join(dir, "p.csv"), PEOPLE), write(
        os.path.join(dir, "a.csv"), ASSETS)
    r = run(os.path.join(dir, "none"), "people", people, "--apply")
    ok(r.status == 66 and "canh import units" in r.errors, "people need units first", r)
    equal(counts(state, "people", people, "--apply"), (0, True, 2, 0, 0, 0), "people")
    equal(counts(state, "people", people, "--apply"), (0, True, 0, 0, 2, 0), "again")
    write(people, PEOPLE.replace("0900000002", "09000000x2"))
    r = run(state, "people", people)
    ok(r.status == 65 and "dòng 3, cột D “Số điện thoại”" in r.errors, "a bad phone", r)
    equal(counts(state, "assets", assets, "--apply"), (0, True, 1, 0, 0, 0), "assets")
    write(assets, ASSETS.replace(";3;", ";4;"))
    equal(counts(state, "assets", assets, "--apply"), (0, True, 0, 1, 0, 0), "a new level")
    text = open(os.path.join(state, "state.db"), "rb").read()
    ok(b"900000001" not in text and b"tv@vi-du" not in text, "contacts are not there in clear")


def test_templates(dir, state):
    for kind in ("units", "people", "assets"):
        file = os.path.join(dir, kind + ".xlsx")
        r = run(state, kind, "--template", file)
        ok(r.status == 0 and open(file, "rb").read(2) == b"PK", f"{kind}: a workbook", r)
        r = run(state, kind, file)
        ok(r.status == 0 and "thêm 0" in r.text, f"{kind}: which reads back as empty", r)
        file = os.path.join(dir, kind + ".csv")
        ok(run(state, kind, "--template", file).status == 0 and
           run(state, kind, file).status == 0, f"{kind}: the same as CSV")
    r = canh("import", "units", "--template", "-", "--lang", "en")
    ok(r.status == 0 and r.out[:2] == b"PK", "to standard output")
    english = os.path.join(dir, "en.csv")
    canh("import", "units", "--template", english, "--lang", "en")
    ok("Name" in open(english, encoding="utf-8").read(), "in English")
    ok(run(state, "units", english).status == 0, "which reads back too")


def at_terminal(state, answer, *args):
    """What a person sees who types an answer; the exit status."""
    master, slave = pty.openpty()
    p = subprocess.Popen([CANH, "import", *args, "--state", state, "--lang", "vi"], stdin=slave,
                         stdout=slave, stderr=slave, env=environment(TERM="xterm"))
    os.close(slave)
    os.write(master, answer)
    seen = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(master)
    return p.wait(), seen.decode("utf-8", "replace")


def test_ask(dir):
    state, file = os.path.join(dir, "asked"), write(os.path.join(dir, "ask.csv"), UNITS)
    status, seen = at_terminal(state, b"k\n", "units", file)
    ok(status == 0 and "[c/K]" in seen and not os.path.exists(state), "a no at the terminal", seen)
    status, seen = at_terminal(state, b"c\n", "units", file)
    ok(status == 0 and "Đã ghi" in seen and os.path.exists(state), "a yes writes", seen)
    status, seen = at_terminal(state, b"c\n", "units", file)
    ok(status == 0 and "[c/K]" not in seen, "nothing new, no question", seen)


def test_demo(dir, state):
    file = write(os.path.join(dir, "u2.csv"), UNITS)
    r = run(state, "units", file, env={"CANH_DEMO_NOW": "2026-11-20T07:30"})
    ok(r.status == 64 and "CANH_DEMO_NOW" in r.errors, "a real state takes no other clock", r)
    ok(run(state, "units", file, "--demo").status == 64, "and does not become a demonstration")
    demo = os.path.join(dir, "demo")
    r = run(demo, "units", file, "--demo", "--apply", env={"CANH_DEMO_NOW": "2026-11-20T07:30"})
    ok(r.status == 0, "a demonstration with its own clock", r)
    r = run(demo, "people", write(os.path.join(dir, "p2.csv"), PEOPLE), "--apply",
            env={"CANH_DEMO_NOW": "nonsense"})
    ok(r.status == 64, "whose time must be one", r)


def main():
    with folder() as dir:
        state = test_units(dir)
        test_errors(dir, state)
        test_others(dir, state)
        test_templates(dir, state)
        test_demo(dir, state)
        test_ask(dir)
    done()


main()
