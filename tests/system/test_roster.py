#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh import roster: the month's sheet as Excel makes it, with merged titles and real dates;
preview, errors with place and cure, again = update, what canh duty then says."""
import io
import json
import os
import zipfile
from datetime import date, timedelta

from support import canh, done, folder, ok, write

UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên\nTT;Trung tâm Giả Định;centre;\n"
PEOPLE = """Mã cán bộ;Họ và tên;Mã đơn vị;Vai trò
C1;Nguyễn Văn Thử;TT;duty
C2;Trần Thị Mẫu;TT;head
"""
NOW = {"CANH_DEMO_NOW": "2026-11-20 08:00"}
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""
RELS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>%s</Relationships>"""
STYLES = """<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"""
MORE = ('<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/>')


def xlsx(rows, merges):
    """Numbers are dates (Excel's days), texts stand in the cells; a tuple is a formula that nobody
    has computed."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = ""
        for i, v in enumerate(row):
            at = f"{chr(64 + i // 26) if i > 25 else ''}{chr(65 + i % 26)}{number}"
            if isinstance(v, tuple):
                cells += f'<c r="{at}"><f>{v[0]}</f></c>'
            elif isinstance(v, int):
                cells += f'<c r="{at}" s="1"><v>{v}</v></c>'
            elif v:
                cells += f'<c r="{at}" t="inlineStr"><is><t>{v}</t></is></c>'
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = ('<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
             'spreadsheetml/2006/main"><sheetData>' + "".join(lines) + "</sheetData><mergeCells>"
             + "".join(f'<mergeCell ref="{m}"/>' for m in merges) + "</mergeCells></worksheet>")
    book = ('<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
            '2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships"><sheets><sheet name="Lịch trực" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", TYPES)
        z.writestr("_rels/.rels", RELS % ("officeDocument", "xl/workbook.xml", ""))
        z.writestr("xl/_rels/workbook.xml.rels", RELS % ("worksheet", "worksheets/sheet1.xml", MORE))
        z.writestr("xl/workbook.xml", book)
        z.writestr("xl/styles.xml", STYLES)
        z.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


MONTH = [["TRUNG TÂM GIẢ ĐỊNH"], ["LỊCH TRỰC THÁNG 12 NĂM 2026"],
         ["Ngày", "Thứ", "Ca trực"], ["", "", "Ca 1 (07:00-19:00)", "Ca 2 (19:00-07:00)"],
         [46357, "Ba", "Nguyễn Văn Thử", "Trần Thị Mẫu"],
         [46358, "Tư", "Trần Thị Mẫu", "Nguyễn Văn Thử"],
         ["Ghi chú: giao ca đúng giờ"], ["", "", "Thủ trưởng", "Nguyễn Văn Thử"]]
MERGES = ["A1:D1", "A2:D2", "A3:A4", "B3:B4", "C3:D3"]


MONTHLY = [["LỊCH TRỰC THÁNG 2 NĂM 2027"], ["Chú thích: S: 07:00-19:00; Đ: 19:00-07:00"],
           ["STT", "Họ và tên", *map(str, range(1, 32))]]


def bad_sheets(run, file):
    """Each is refused at its cell, in both languages, and nothing is written."""
    monthly = lambda *rows: [*MONTHLY, *rows]
    row = lambda name, **days: ["1", name, *[days.get(f"d{i}", "") for i in range(1, 32)]]
    cases = [
        ("30 February", monthly(row("Nguyễn Văn Thử", d1="S", d30="Đ")), [],
         "dòng 4, cột AF: tháng 2/2027", "row 4, column AF: "),
        ("a formula never computed", [*MONTH[:4], [46357, "Ba", ("B99",), "Trần Thị Mẫu"]], MERGES,
         "dòng 5, cột C: ", "row 5, column C: "),
        ("a formula in the place of a date",
         [*MONTH[:5], [("A5+1",), "Tư", "Trần Thị Mẫu", "Nguyễn Văn Thử"]], MERGES,
         "dòng 6, cột A: ", "row 6, column A: "),
        ("an unknown shift", monthly(row("Nguyễn Văn Thử", d2="K")), [],
         "dòng 4, cột D: ca “K” không rõ giờ", "row 4, column D: "),
        ("one turn twice", [*MONTH[:5], [46357, "Ba", "C1", ""]], MERGES,
         "dòng 6, cột C: C1 đã có trong cùng ca này ở dòng 5", "row 6, column C: "),
    ]
    before = run("duty", "next", "-u", "TT", "--at", "2026-12-01 07:00", "-n", "2400").text
    for name, rows, merges, vi, en in cases:
        path = file("bad.xlsx", xlsx(rows, merges))
        r = run("import", "roster", path, "-u", "TT", "--apply")
        ok(r.status == 65 and vi in r.errors, f"{name}: place and cure", r)
        r = run("import", "roster", path, "-u", "TT", "--apply", lang="en")
        ok(r.status == 65 and en in r.errors, f"{name}: in English", r)
    ok(run("duty", "next", "-u", "TT", "--at", "2026-12-01 07:00", "-n", "2400").text == before,
       "nothing was written")
    path = file("merged.xlsx", xlsx(monthly(row("Nguyễn Văn Thử", d1="S", d2="S", d5="Đ"),
                                            row("Trần Thị Mẫu", d1="Đ", d5="Đ")), ["C4:D4"]))
    r = run("import", "roster", path, "-u", "TT")
    ok(r.status == 0 and "dòng 4, cột D: lưu ý: ô gộp “S” trải nhiều ngày" in r.errors and
       "thêm 4" in r.text, "a mark over two days counts once, and that is said", r)
    ok("có 0 trên 1 người" in r.errors, "gaps are told", r)
    for days, more in ((101, None), (102, "… và 1 lưu ý như vậy nữa")):
        path = write(os.path.join(os.path.dirname(path), "long.csv"), "Ngày;Giờ;Cán bộ trực\n" + "".join(
            f"{date(2027, 1, 1) + timedelta(i):%d/%m/%Y};07:00-19:00;Nguyễn Văn Thử\n"
            for i in range(days)))
        r = run("import", "roster", path, "-u", "TT")
        ok(r.errors.count("có 0 trên 1 người") == 100 and
           (more in r.errors if more else "nữa không nêu" not in r.errors),
           f"of {days - 1} gaps 100 are told, and how many more there are", r)
    path = file("overlap.xlsx", xlsx(monthly(row("Nguyễn Văn Thử", d1="S, 12:00-20:00")), []))
    r = run("import", "roster", path, "-u", "TT")
    ok(r.status == 0 and "trùng giờ với ca" in r.errors, "overlaps are told", r)


def written_by_libreoffice(run, data):
    """One sheet, saved by LibreOffice 7.4 as XLSX and as ODS: merged title with the week's dates,
    real dates, times in headings, forms of address, signatures below."""
    want = [(f"{day:02}/12/2026 {times}", name) for i, day in enumerate(range(7, 14))
            for times, name in (("07:00–15:00", ("Nguyễn Văn Thử", "Trần Thị Mẫu")[i % 2]),
                                ("15:00–23:00", ("Trần Thị Mẫu", "Nguyễn Văn Thử")[i % 2]))]
    for name in ("roster.xlsx", "roster.ods"):
        r = run("import", "roster", os.path.join(data, name), "-u", "TT")
        got = [tuple(line.split("\t")[1].split("  ")) for line in r.text.splitlines()
               if line.startswith("  + ")]
        ok(r.status == 0 and got == want, f"{name} of LibreOffice", r)
        ok("cột E “Ghi chú”" in r.errors, f"{name}: the column passed over is named", r)


def main():
    with folder() as dir:
        state = os.path.join(dir, "state")

        def run(*args, lang="vi"):
            return canh(*args, "--state", state, "--lang", lang, env=NOW)

        file = lambda name, content: write(os.path.join(dir, name), content)
        run("import", "units", file("u.csv", UNITS), "--demo", "--apply")
        run("import", "people", file("p.csv", PEOPLE), "--apply")
        run("duty", "post", "-u", "TT", "-p", "attt", "--needed", "24/7")
        r = run("import", "roster", file("t.xlsx", xlsx(MONTH, MERGES)), "-u", "TT")
        ok(r.status == 0 and "thêm 4" in r.text and "xem trước" in r.text.lower() or
           "chưa ghi" in r.text, "a month's sheet, two heading rows, merged cells", r)
        r = run("import", "roster", os.path.join(dir, "t.xlsx"), "-u", "TT", "--apply", "--json")
        ok(r.status == 0 and json.loads(r.text)["added"] == 4, "is imported", r)
        r = run("import", "roster", os.path.join(dir, "t.xlsx"), "-u", "TT", "--apply", "--json")
        ok(r.status == 0 and json.loads(r.text)["same"] == 4, "again: nothing changes", r)
        r = run("duty", "next", "-u", "TT", "--at", "2026-12-01 07:00", "-n", "48", "--json")
        ok([(x["post"], x["from"][:16], x["until"][:16], x["person"])
            for x in map(json.loads, r.text.splitlines())] ==
           [("attt", "2026-12-01T00:00", "2026-12-01T12:00", "Nguyễn Văn Thử"),
            ("attt", "2026-12-01T12:00", "2026-12-02T12:00", "Trần Thị Mẫu"),
            ("attt", "2026-12-02T12:00", "2026-12-03T00:00", "Nguyễn Văn Thử")],
           "what was planned is what is shown", r)
        bad = [*MONTH[:5], [46358, "Tư", "Người Lạ", "Nguyễn Văn Thử"]]
        r = run("import", "roster", file("b.xlsx", xlsx(bad, MERGES)), "-u", "TT", "--apply")
        ok(r.status == 65 and "dòng 6, cột C" in r.errors and "Người Lạ" in r.errors and
           "canh import people" in r.errors, "a stranger: place and cure, nothing written", r)
        r = run("duty", "roster", "-u", "TT", "-p", "attt", "--approve")
        ok(r.status == 64 and "--by" in r.errors, "who approves is named", r)
        r = run("duty", "roster", "-u", "TT", "-p", "attt", "--approve", "--by", "C1")
        ok(r.status == 77 and "thủ trưởng" in r.errors, "an officer on duty does not", r)
        r = run("duty", "roster", "-u", "TT", "-p", "attt", "--approve", "--by", "C2", "--json")
        ok(json.loads(r.text)["approved_by"] == "Trần Thị Mẫu", "the table is approved", r)
        r = run("import", "roster", file("x.csv", "a;b\nc;d\n"), "-u", "TT")
        ok(r.status == 65 and "cột Ngày" in r.errors, "another table is refused with the cure", r)
        r = run("import", "roster", os.path.join(dir, "t.xlsx"))
        ok(r.status == 64 and "--unit" in r.errors, "the unit must be named", r)
        bad_sheets(run, file)
        written_by_libreoffice(run, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                 "data", "office"))
        made = os.path.join(dir, "mau.xlsx")
        ok(run("import", "roster", "-t", made).status == 0 and os.path.getsize(made) > 1000,
           "a template")
    done()


main()
