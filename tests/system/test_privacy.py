#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Contacts are encrypted at rest, shown masked, and every reading of one is in the audit; forms and
registers take no telephone or identity numbers, no mail addresses, no passwords."""
import json
import os
import re
import zipfile

from support import canh, done, equal, folder, ok, write

UNITS = ("Mã đơn vị;Tên đơn vị;Loại đơn vị;Cấp trên\nSO;Sở Ví Dụ;authority;\nVT;Viễn thông Ví Dụ;"
         "telecom;SO\nBC;Bưu chính Ví Dụ;postal;SO\n")
PEOPLE = ("Mã cán bộ;Họ và tên;Mã đơn vị;Di động;Điện thoại;Thư điện tử;Vai trò\n"
          "A;Lê Ví Dụ;SO;0912345678;0255 3822 456;le.vi.du@so.vi-du.example;Thủ trưởng\n"
          "B;Vũ Ví Dụ;VT;0987654321;;vu.vi.du@vt.vi-du.example;Cán bộ trực\n")
SECRETS = ("912345678", "987654321", "2553822456", "0912 345", "0987 654", "0255 382", "le.vi.du@",
           "vu.vi.du@")


def main():
    with folder() as dir:
        state = os.path.join(dir, "state")

        def run(*args, lang="en", **more):
            return canh(*args, "--state", state, "--lang", lang, **more)

        def fine(*args, **more):
            r = run(*args, **more)
            ok(r.status in (0, 1), "canh " + " ".join(map(str, args)), r)
            return r

        def seen(*texts):
            return [s for s in SECRETS for t in texts if s.encode() in t]

        def reveals():
            lines = fine("audit", "list", "--json", "-n", "10000").text.splitlines()
            return [x for x in map(json.loads, lines) if x["action"] == "reveal"]

        people = write(os.path.join(dir, "p.csv"), PEOPLE)
        fine("import", "units", write(os.path.join(dir, "u.csv"), UNITS), "--apply")
        r = fine("import", "people", people)
        equal(seen(r.out, r.err), [], "a preview shows no number")
        fine("import", "people", people, "--apply")
        r = fine("import", "people", people, "--apply")
        equal(seen(r.out, r.err), [], "nor does importing again, which compares them")
        fine("plan", "import", "quang-ngai-2020", "--unit", "SO", "--activate")
        fine("duty", "post", "-u", "SO", "-p", "attt", "--name", "Trực", "-k", "security")
        fine("duty", "roster", "-u", "SO", "-p", "attt", "--layer", "ngay", "--rule", "FREQ=DAILY",
             "--length", "24", "--people", "A", "--from", "2026-01-01T07:30")

        shown = [fine("contact", "list"), fine("contact", "list", "--json"), fine("duty", "now"),
                 fine("duty", "now", "--json"), fine("duty", "gaps", "--json"),
                 fine("plan", "status", "--json"), fine("audit", "list", "--json", "-n", "1000")]
        equal(seen(*(x for r in shown for x in (r.out, r.err))), [], "no list shows one")
        for name, args in (("bia.odt", ("print", "danh-ba", "-u", "SO", "--masked")),
                           ("lich.odt", ("print", "lich-truc", "-u", "SO", "-p", "attt")),
                           ("anh.odt", ("plan", "report", "picture"))):
            out = os.path.join(dir, name)
            r = run(*args, "--output", out)
            if r.status == 0:
                equal(seen(content(out)), [], f"nor does {' '.join(args[:2])}")
            else:
                ok(r.status == 64, f"{args[1]} needs something else here", r)
        equal(reveals(), [], "so nothing was read")

        out = os.path.join(dir, "danh-ba.odt")
        fine("print", "danh-ba", "-u", "SO", "--output", out)
        got = content(out)
        ok(b"0912 345 678" in got and b"le.vi.du@" in got, "the directory has them")
        log = reveals()
        equal(len(log), 5, "and each of the five values read is in the audit")
        ok(all(x["purpose"] for x in log), "with its purpose", log)
        r = run("print", "danh-ba", "-u", "SO", "--output", os.path.join(dir, "no", "where.odt"))
        ok(r.status != 0 and len(reveals()) == 10, "also when the paper cannot be written", r)
        r = fine("contact", "reveal", "-u", "VT", "-p", "B", "--purpose", "gọi thử")
        equal(len(reveals()), 10 + len(r.text.splitlines()), "by hand, too")
        text = fine("audit", "list", "--json", "-n", "10000").out
        equal(seen(text), [], "the audit names whose, never the value")
        fine("audit", "verify")

        kept = b"".join(open(os.path.join(d, f), "rb").read() for d, _, files in os.walk(state)
                        for f in files)
        equal(seen(kept), [], "nothing of it lies in the folder of the state")

        for form, unit, field in (("outage", "VT", "units_hit"),
                                  ("spam", "VT", "indicator[1]"), ("contraband", "BC", "authority[1]"),
                                  ("expansion", "VT", "reason[1]"), ("routes", "VT", "route[1]")):
            for value in ("gọi anh Ba 0912 345 678", "CCCD 051203001234", "hop.thu@vi-du.example"):
                r = run("form", "fill", form, "--unit", unit, "--day", "2026-01-05T08:00", "--set",
                        f"{field}={value}")
                ok(r.status == 65 and "no telephone or identity numbers" in r.errors,
                   f"{form}.{field}: {value}", r)
                vi = run("form", "fill", form, "--unit", unit, "--day", "2026-01-05T08:00", "--set",
                         f"{field}={value}", lang="vi")
                ok(vi.status == 65 and vi.errors != r.errors, "… in Vietnamese", vi)
        r = run("probe", "add", "https://quan-tri:matkhau@vi-du.example/", "--unit", "SO")
        ok(r.status in (64, 65) and "matkhau" not in r.errors, "a probe takes no password", r)
    done()


def content(odt):
    """The text of a paper, without its marks."""
    with zipfile.ZipFile(odt) as z:
        text = z.read("content.xml").decode()
    return re.sub("<[^>]+>", " ", text).replace("\u00a0", " ").encode()


main()
