#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh list: the registers in Vietnamese order, found without tones, as they were at a time."""
import json
import os

from support import canh, done, equal, fits, folder, ok, on_terminal, write
from workbook import rows

UNITS = """Mã đơn vị;Tên đơn vị;Loại đơn vị;Cấp trên;Từ ngày
SO;Sở Ví Dụ;authority;;01/01/2020
XA;Xã Đảo Ví Dụ;commune;SO;01/07/2025
BD;Bưu điện Ví Dụ;postal;;01/01/2020
"""
PEOPLE = """Mã cán bộ;Họ và tên;Mã đơn vị;Chức vụ;Vai trò;Di động
1;Nguyễn Văn Ví;SO;Giám đốc;head;0900000001
2;Trần Thị Dụ;SO;Chuyên viên;Điều phối;0900000002
3;Lê Ánh Đức;SO;Chuyên viên;duty;0900000003
4;Lý Hoà Ví;XA;Chủ tịch;head;0900000004
"""
ASSETS = """Mã tài sản;Tên tài sản;Mã đơn vị;Loại;Vai trò;Cấp độ;Phạm vi kết nối
THU;Thư công vụ;SO;app;official-mail;3;Internet
CONG;Cổng xã;XA;app;portal;;Nội bộ
"""


def main():
    with folder() as dir:
        state = os.path.join(dir, "state")

        def run(*args, lang="en", **more):
            return canh(*args, "--state", state, "--lang", lang, **more)

        def listed(what, *args):
            return [json.loads(l)
                    for l in run("list", what, "--json", *args).text.splitlines()]

        def names(*args):
            return [x["name"] for x in listed("people", *args)]

        for what, text in ("units", UNITS), ("people", PEOPLE), ("assets", ASSETS):
            r = run("import", what, write(os.path.join(dir, what + ".csv"), text), "--apply")
            ok(r.status == 0, f"{what} are imported", r)

        equal([x["code"] for x in listed("units")], ["BD", "SO", "XA"], "units in tree order")
        equal([x["above"] for x in listed("units")], ["", "", "SO"], "with the unit above")
        equal([x["code"] for x in listed("units", "--at", "2024-01-01")], ["BD", "SO"],
              "a unit of 2025 was not there in 2024")
        equal([x["code"] for x in listed("units", "-u", "SO")], ["SO", "XA"], "and all below it")
        equal([x["code"] for x in listed("units", "-f", "dao XA")], ["XA"],
              "words in any order, without tones")
        r = run("list", "units", lang="vi")
        ok("Xã, phường, đặc khu" in r.text and "commune" not in r.text, "kinds in words", r)

        equal(names(), ["Trần Thị Dụ", "Lê Ánh Đức", "Nguyễn Văn Ví", "Lý Hoà Ví"],
              "people by unit, then given name: d before đ before v")
        equal(names("-f", "duc"), ["Lê Ánh Đức"], "đ and tones need not be typed")
        equal(names("-f", "Đúc"), ["Lê Ánh Đức"], "nor be right")
        equal(names("-f", "hòa"), ["Lý Hoà Ví"], "òa is oà")
        equal(names("-f", "ví thủ"), [], "every word must occur")
        equal(names("-f", "head vi"), ["Nguyễn Văn Ví", "Lý Hoà Ví"], "roles are searched, too")
        equal(names("-u", "XA"), ["Lý Hoà Ví"], "of one unit")
        r = run("list", "people", "-f", "dieu phoi", lang="vi")
        ok("Trần Thị Dụ" in r.text and "điều phối" in r.text and "0900" not in r.text,
           "roles in words, no way to reach anybody", r)

        equal([x["code"] for x in listed("assets")], ["THU", "CONG"], "assets by unit")
        equal(listed("assets", "-f", "thu cong vu")[0]["level"], 3, "their level")
        equal(listed("assets", "-u", "XA")[0]["level"], None, "unknown is null")
        r = run("list", "assets", "-u", "NO")
        ok(r.status == 66 and "NO" in r.errors, "an unknown unit: 66", r)
        r = run("list", "units", "-f", "\x1b[31m" + "x" * 5000)
        ok(r.status < 2 and "\x1b" not in r.text + r.errors, "a hostile search finds nothing", r)

        for columns in (40, 80, 120, 200):
            for what in ("units", "people", "assets"):
                fits(columns, "list", what, "--state", state)
        narrow = on_terminal(40, "list", "assets", "--state", state, "--lang", "en")
        ok("not shown: " in narrow and "provider" in narrow, "what is left out is said", narrow)

        r = run("list", "assets", "--csv")
        ok(r.text.startswith("\ufeffunit;code;") and ";3;" in r.text, "CSV as Excel opens it", r)
        path = os.path.join(dir, "assets.xlsx")
        r = run("list", "assets", "-o", path)
        equal((r.status, r.text), (0, ""), "a workbook")
        equal([row[1] for row in rows(path)], ["code", "THU", "CONG"], "holds the rows")
        r = run("list", "assets", "-o", os.path.join(dir, "assets.doc"))
        ok(r.status == 64 and ".xlsx" in r.errors, "another ending: 64, and which there are", r)
        r = run("list", "assets", "--json", "--csv")
        equal(r.status, 64, "two formats at once: 64")
    done()


main()
