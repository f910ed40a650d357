#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lints the papers that canh produces, PDF and ODT, against Appendix I of Decree 30/2020: page,
margins, type, order of the parts, date and number rules, page numbers; and that the PDF can be
searched and copied. Argument: the make_papers program."""
import copy
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
import zipfile

from support import done, ok, skip

MM = 72 / 25.4
DATE = re.compile(r"^(.+), ngày (\d{2}) tháng (\d{1,2}) năm (\d{4})$")
NS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}


def q(name):
    prefix, local = name.split(":")
    return "{" + NS[prefix] + "}" + local


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, check=True).stdout


class Line:
    def __init__(self, page, words):
        self.page = page
        self.x1 = min(float(w.get("xMin")) for w in words)
        self.x2 = max(float(w.get("xMax")) for w in words)
        self.y1 = min(float(w.get("yMin")) for w in words)
        self.y2 = max(float(w.get("yMax")) for w in words)
        self.text = " ".join(w.text or "" for w in words)

    def mm(self):
        return tuple(round(v / MM, 2) for v in (self.x1, self.x2, self.y1, self.y2))


def lines(path):
    xml = run("pdftotext", "-bbox-layout", path, "-")
    root = ET.fromstring(re.sub(r'\sxmlns="[^"]+"', "", xml, count=1))
    found = []
    for number, page in enumerate(root.iter("page"), 1):
        for line in page.iter("line"):
            found.append(Line(number, list(line.iter("word"))))
    return found


def pdf_basics(name, path, upright=True):
    info = run("pdfinfo", path)
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info)
    want = (595.28, 841.89) if upright else (841.89, 595.28)
    ok(abs(float(size[1]) - want[0]) < 0.2 and abs(float(size[2]) - want[1]) < 0.2,
       f"{name}.pdf: A4", info)
    ok(float(re.search(r"PDF version:\s+([\d.]+)", info)[1]) >= 1.4, f"{name}.pdf: version ≥ 1.4")
    fonts = run("pdffonts", path).splitlines()[2:]
    ok(fonts and all("LiberationSerif" in f for f in fonts), f"{name}.pdf: Times' measures",
       *fonts)
    ok(all(re.search(r"\byes yes yes\b", f) for f in fonts),
       f"{name}.pdf: fonts embedded, as subsets, with their text", *fonts)


def pdf_margins(name, found, left=(30, 35), right=(15, 20), top=(20, 25), bottom=(20, 25)):
    body = [l for l in found if not (l.text.isdigit() and l.y2 / MM < top[0])]
    x1 = min(l.x1 for l in body) / MM
    x2 = 210 - max(l.x2 for l in body) / MM
    y1 = min(l.y1 for l in body) / MM
    y2 = 297 - max(l.y2 for l in body) / MM
    ok(left[0] - 0.5 <= x1 <= left[1] + 0.5, f"{name}.pdf: left margin {x1:.1f} mm")
    ok(right[0] - 0.5 <= x2 <= right[1] + 0.5, f"{name}.pdf: right margin {x2:.1f} mm")
    ok(top[0] - 0.5 <= y1 <= top[1] + 0.5, f"{name}.pdf: upper margin {y1:.1f} mm")
    ok(y2 >= bottom[0] - 0.5, f"{name}.pdf: lower margin at least {bottom[0]} mm, is {y2:.1f}")


def pdf_page_numbers(name, found):
    pages = max(l.page for l in found)
    first = [l.text for l in found if l.page == 1 and l.y2 / MM < 19]
    ok(not first, f"{name}.pdf: no page number on the first page", first)
    for page in range(2, pages + 1):
        top = [l for l in found if l.page == page and l.y2 / MM < 20]
        good = len(top) == 1 and top[0].text == str(page)
        ok(good, f"{name}.pdf: page {page} has its number", [l.text for l in top])
        if good:
            centre = (top[0].x1 + top[0].x2) / 2 / MM
            middle = (30 + 190) / 2
            ok(abs(centre - middle) < 6, f"{name}.pdf: in the middle", f"{centre:.1f} mm")


def pdf_order(name, found, parts):
    """parts: [(what, regex)] in the order in which they must stand, top to bottom."""
    last = (0, -1.0)
    for what, pattern in parts:
        hit = next((l for l in found if re.search(pattern, l.text)), None)
        if not ok(hit is not None, f"{name}.pdf: {what} is there", pattern):
            continue
        ok((hit.page, hit.y2) >= last, f"{name}.pdf: {what} in its place", hit.text, hit.mm())
        last = (hit.page, hit.y1)


def pdf_beside(name, found, left, right):
    a = next((l for l in found if re.search(left, l.text)), None)
    b = next((l for l in found if re.search(right, l.text)), None)
    ok(a and b and abs(a.y1 - b.y1) < 4 and a.x2 < b.x1, f"{name}.pdf: '{left}' left of '{right}'",
       a and a.mm(), b and b.mm())


def date_rule(name, text):
    m = DATE.match(text)
    if not ok(m, f"{name}: a date as the decree wants it", text):
        return
    day, month = m[2], m[3]
    ok(len(day) == 2 and 1 <= int(day) <= 31, f"{name}: the day in two digits", text)
    ok(len(month) == (2 if int(month) in (1, 2, 10, 11, 12) else 1),
       f"{name}: a leading zero for months 1 and 2 only", text)


def searchable(name, path, phrases):
    text = unicodedata.normalize("NFC", " ".join(run("pdftotext", path, "-").split()))
    for phrase in phrases:
        ok(phrase in text, f"{name}.pdf: text can be copied: {phrase}", text[:400])


class Odt:
    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.bad = z.testzip()
            self.first = z.infolist()[0]
            self.names = z.namelist()
            self.mimetype = z.read(self.first.filename)
            self.content = ET.fromstring(z.read("content.xml"))
            self.styles = ET.fromstring(z.read("styles.xml"))
            self.meta = ET.fromstring(z.read("meta.xml"))
            self.manifest = ET.fromstring(z.read("META-INF/manifest.xml"))
        with open(path, "rb") as f:
            self.head = f.read(80)
        self.by_name = {s.get(q("style:name")): s for s in self.content.iter(q("style:style"))}

    def paragraphs(self):
        for p in self.content.iter(q("text:p")):
            style = self.by_name[p.get(q("text:style-name"))] if p.get(
                q("text:style-name")) else None
            props = {}
            for kind in ("style:paragraph-properties", "style:text-properties"):
                node = style.find(q(kind)) if style is not None else None
                props.update(node.attrib if node is not None else {})
            yield "".join(p.itertext()).strip(), {k.split("}")[1]: v for k, v in props.items()}


def mm(text):
    m = re.fullmatch(r"(-?[\d.]+)(mm|cm|pt)", text)
    return float(m[1]) * {"mm": 1, "cm": 10, "pt": 25.4 / 72}[m[2]]


def odt_structure(name, odt):
    ok(odt.bad is None, f"{name}.odt: a whole package")
    ok(odt.first.filename == "mimetype" and odt.first.compress_type == 0 and
       odt.head[30:38] == b"mimetype" and
       odt.mimetype == b"application/vnd.oasis.opendocument.text",
       f"{name}.odt: the type first, not compressed, without extra fields", odt.head)
    listed = {e.get(next(k for k in e.attrib if k.endswith("full-path"))) for e in odt.manifest}
    ok(listed == {"/"} | set(odt.names) - {"mimetype", "META-INF/manifest.xml"},
       f"{name}.odt: the manifest lists every part", listed, odt.names)
    used = {p.get(q("text:style-name")) for p in odt.content.iter(q("text:p"))} | {
        t.get(q("table:style-name")) for t in odt.content.iter() if t.get(q("table:style-name"))}
    ok(used - {None} <= set(odt.by_name), f"{name}.odt: every style is defined",
       used - set(odt.by_name))
    for table in odt.content.iter(q("table:table")):
        columns = len(table.findall(q("table:table-column")))
        for row in table.iter(q("table:table-row")):
            if len(list(row)) != columns:
                ok(False, f"{name}.odt: every row has a cell per column")
                return
    ok(True, f"{name}.odt: every row has a cell per column")


def odt_page(name, odt, left=(30, 35), right=(15, 20), top=(20, 25), bottom=(20, 25)):
    layouts = {l.get(q("style:name")): l for l in odt.styles.iter(q("style:page-layout"))}
    masters = {m.get(q("style:name")): m for m in odt.styles.iter(q("style:master-page"))}
    for l in layouts.values():
        props = l.find(q("style:page-layout-properties")).attrib
        head = l.find(f"{q('style:header-style')}/{q('style:header-footer-properties')}")
        upper = mm(props[q("fo:margin-top")])
        if head is not None:
            upper += mm(head.get(q("fo:min-height"))) + mm(head.get(q("fo:margin-bottom")))
        ok((mm(props[q("fo:page-width")]), mm(props[q("fo:page-height")])) == (210, 297),
           f"{name}.odt: A4", props)
        ok(left[0] <= mm(props[q("fo:margin-left")]) <= left[1] and
           right[0] <= mm(props[q("fo:margin-right")]) <= right[1] and
           top[0] <= upper <= top[1] and bottom[0] <= mm(props[q("fo:margin-bottom")]) <= bottom[1],
           f"{name}.odt: margins", props, upper)
    first = next(s for s in odt.content.iter(q("style:style"))
                 if s.get(q("style:master-page-name"))).get(q("style:master-page-name"))
    ok(masters[first].find(q("style:header")) is None, f"{name}.odt: first page without a number")
    following = masters[masters[first].get(q("style:next-style-name"))]
    header = following.find(q("style:header"))
    ok(header is not None and header.find(f".//{q('text:page-number')}") is not None,
       f"{name}.odt: the pages after it have one")


def odt_part(name, odt, what, pattern, sizes, **wanted):
    hit = next(((t, p) for t, p in odt.paragraphs() if re.search(pattern, t)), None)
    if not ok(hit is not None, f"{name}.odt: {what} is there", pattern):
        return
    text, props = hit
    size = float(props["font-size"][:-2])
    ok(sizes[0] <= size <= sizes[1], f"{name}.odt: {what} in size {size:g}", props)
    ok((props.get("font-weight") == "bold") == wanted.get("bold", False),
       f"{name}.odt: {what} {'' if wanted.get('bold') else 'not '}bold", props)
    ok((props.get("font-style") == "italic") == wanted.get("italic", False),
       f"{name}.odt: {what} {'' if wanted.get('italic') else 'not '}italic", props)
    if wanted.get("caps"):
        ok(text == text.upper(), f"{name}.odt: {what} in capitals", text)
    if "align" in wanted:
        ok(props.get("text-align") == wanted["align"], f"{name}.odt: {what} aligned", props)


def odt_body(name, odt, pattern):
    hits = [(t, p) for t, p in odt.paragraphs() if re.search(pattern, t)]
    ok(hits, f"{name}.odt: body paragraphs are there")
    good = all(13 <= float(p["font-size"][:-2]) <= 14 and p["text-align"] == "justify" and
               (abs(mm(p["text-indent"]) - 10) < 0.1 or abs(mm(p["text-indent"]) - 12.7) < 0.1) and
               mm(p["margin-top"]) + mm(p["margin-bottom"]) >= 6 * 25.4 / 72 - 0.01 and
               100 <= int(p["line-height"][:-1]) <= 150 for _, p in hits)
    ok(good, f"{name}.odt: 13–14, justified, 1 or 1.27 cm in, 6 pt apart, lines 1.0 to 1.5",
       hits[:2])


def odt_rules(name, odt):
    rules = [s for s in odt.content.iter(q("style:style"))
             if (s.find(q("style:paragraph-properties")) is not None and
                 s.find(q("style:paragraph-properties")).get(q("fo:border-top"), "none") != "none")]
    ok(len(rules) >= 2, f"{name}.odt: lines under the motto and the issuer", len(rules))


def lint_letter(folder, name):
    pdf, odt = os.path.join(folder, name + ".pdf"), Odt(os.path.join(folder, name + ".odt"))
    found = lines(pdf)

    pdf_basics(name, pdf)
    pdf_margins(name, found)
    pdf_page_numbers(name, found)
    pdf_order(name, found, [
        ("parent", r"^UBND TỈNH MẪU$"), ("issuer", r"^SỞ MẪU$"), ("number", r"^Số:"),
        ("symbol", r"/SM-CNTT$"),
        ("subject", r"^V/v "), ("Kính gửi", r"^Kính gửi:"), ("body", r"^Nhằm bảo đảm"),
        ("recipients", r"^Nơi nhận:"), ("last recipient", r"^- Lưu: VT, CNTT\.$"),
        ("signer", r"^Nguyễn Văn Mẫu$")])
    pdf_beside(name, found, r"^UBND TỈNH", r"^CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM$")
    pdf_beside(name, found, r"^Số:", r"ngày \d\d tháng")
    pdf_beside(name, found, r"^Nơi nhận:", r"^KT\. GIÁM ĐỐC$")
    date_rule(name, next(l.text for l in found if " tháng " in l.text and " năm " in l.text))
    searchable(name, pdf, ["Độc lập - Tự do - Hạnh phúc", "phương án quản lý, bảo đảm an ninh",
                           "chủ động rà soát các điểm yếu, lỗ hổng trên hệ thống"])
    odt_structure(name, odt)
    odt_page(name, odt)
    odt_part(name, odt, "country", r"^CỘNG HÒA", (12, 13), bold=True, caps=True, align="center")
    odt_part(name, odt, "motto", r"^Độc lập", (13, 14), bold=True, align="center")
    odt_part(name, odt, "parent", r"^UBND TỈNH", (12, 13), caps=True, align="center")
    odt_part(name, odt, "issuer", r"^SỞ MẪU$", (12, 13), bold=True, caps=True, align="center")
    odt_part(name, odt, "number", r"^Số:", (13, 13), align="center")
    odt_part(name, odt, "date", r" tháng 10 năm 2020$", (13, 14), italic=True, align="center")
    odt_part(name, odt, "subject", r"^V/v", (12, 13), align="center")
    odt_part(name, odt, "Kính gửi", r"^Kính gửi", (13, 14))
    odt_part(name, odt, "recipients", r"^Nơi nhận:$", (12, 12), bold=True, italic=True)
    odt_part(name, odt, "a recipient", r"^- Như trên;$", (11, 11))
    odt_part(name, odt, "authority", r"^KT\. GIÁM ĐỐC$", (13, 14), bold=True, caps=True)
    odt_part(name, odt, "position", r"^PHÓ GIÁM ĐỐC$", (13, 14), bold=True, caps=True)
    odt_part(name, odt, "signer", r"^Nguyễn Văn Mẫu$", (13, 14), bold=True)
    odt_body(name, odt, r"^\d+\. Tăng cường")
    odt_rules(name, odt)


def lint_report(folder):
    name = "bao-cao"
    pdf, odt = os.path.join(folder, name + ".pdf"), Odt(os.path.join(folder, name + ".odt"))
    found = lines(pdf)

    pdf_basics(name, pdf)
    pdf_margins(name, found)
    pdf_order(name, found, [
        ("number", r"^Số: 07/BC-SM$"), ("urgency", r"^KHẨN$"), ("type", r"^BÁO CÁO$"),
        ("subject", r"^Tình hình bảo đảm"), ("Kính gửi", r"^Kính gửi: "),
        ("legal basis", r"^Căn cứ Luật.*;$"), ("last legal basis", r"^Căn cứ Nghị định.*\.$"),
        ("recipients", r"^Nơi nhận:")])
    pdf_beside(name, found, r"^Nơi nhận:", r"^TM\. ỦY BAN NHÂN DÂN$")
    ok(not any(l.text.startswith("V/v") for l in found), f"{name}.pdf: no V/v with a type")
    date_rule(name, next(l.text for l in found if " tháng " in l.text and " năm " in l.text))
    odt_structure(name, odt)
    odt_page(name, odt)
    odt_part(name, odt, "type", r"^BÁO CÁO$", (13, 14), bold=True, caps=True, align="center")
    odt_part(name, odt, "subject", r"^Tình hình", (13, 14), bold=True, align="center")
    odt_part(name, odt, "legal basis", r"^Căn cứ Luật", (13, 14), italic=True)


def lint_party(folder):
    name = "cong-van-dang"
    pdf = os.path.join(folder, name + ".pdf")
    found = lines(pdf)

    pdf_basics(name, pdf)
    pdf_margins(name, found)
    pdf_beside(name, found, r"^ĐẢNG BỘ TỈNH MẪU$", r"^ĐẢNG CỘNG SẢN VIỆT NAM$")
    ok(not any("CỘNG HÒA" in l.text for l in found), f"{name}.pdf: a Party body's own head")
    pdf_order(name, found, [("issuer", r"^VĂN PHÒNG TỈNH ỦY$"), ("star", r"^\*$"),
                            ("number", r"-CV/VPTU$"), ("signer", r"^K/T GIÁM ĐỐC$")])
    odt_structure(name, Odt(os.path.join(folder, name + ".odt")))


SHEETS = {
    # name: (most pages, what must stand on it)
    "tong-quan": (1, ["TỔNG QUAN TOÀN TỈNH", "Có người trực: 109/112 vị trí", "chưa rõ",
                      "8. Trạm im lặng"]),
    "lich-truc": (3, ["LỊCH TRỰC", "Từ ngày 23/11/2026 đến ngày 06/12/2026", "Chủ nhật",
                      "CHƯA CÓ NGƯỜI TRỰC"]),
    "so-truc": (1, ["SỔ TRỰC", "nhập bù từ giấy", "(đính chính dòng trước)"]),
    "ban-giao": (1, ["BIÊN BẢN BÀN GIAO CA TRỰC", "Nhận đủ, không vướng", "BÊN GIAO", "BÊN NHẬN"]),
    "ban-giao-trang": (1, ["Sự cố đang mở và bước tiếp theo"]),
    "danh-ba": (1, ["DANH BẠ KHẨN", "chưa kiểm chứng"]),
    "phieu-trang-thai": (1, ["PHIẾU TRẠNG THÁI NGÀY VIỄN THÔNG", "Không phát sinh",
                             "giới hạn: không", "Còn thiếu, vượt giới hạn"]),
    "phieu-trang": (2, ["Phát hành báo chí"]),
    "phieu-huong": (1, ["(để trống)"]),
    "cam-ket": (1, ["BẢN CAM KẾT", "Tuyệt đối không sử dụng thư công vụ"]),
    "cong-van-don-doc": (1, ["V/v đôn đốc", "Trân trọng./.", "UBND xã Mẫu"]),
    "bao-cao-ke-hoach": (1, ["BÁO CÁO", "đơn vị có số liệu"]),
    "thong-bao": (1, ["THÔNG BÁO", "không thu thập mật khẩu"]),
}


def lint_sheet(folder, name, pages, phrases):
    pdf = os.path.join(folder, name + ".pdf")
    found = lines(pdf)

    pdf_basics(name, pdf)
    ok(max(l.page for l in found) <= pages, f"{name}.pdf: at most {pages} pages")
    searchable(name, pdf, phrases)
    ok(all(l.x1 >= 0 and l.x2 <= 596 and l.y2 <= 842 for l in found), f"{name}.pdf: on the page")
    odt_structure(name, Odt(os.path.join(folder, name + ".odt")))


def lint_in_office(folder):
    """LibreOffice, where it is there, must make the same pages of the ODT as canh of the PDF."""
    if not shutil.which("soffice"):
        skip("no LibreOffice here to open the ODT files")
        return
    out = os.path.join(folder, "office")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                    "--convert-to", "pdf", "--outdir", out,
                    os.path.join(folder, "cong-van.odt")], check=True, capture_output=True)
    ours, theirs = lines(os.path.join(folder, "cong-van.pdf")), lines(
        os.path.join(out, "cong-van.pdf"))
    ok(max(l.page for l in ours) == max(l.page for l in theirs),
       "cong-van.odt: as many pages in LibreOffice")
    ok(sorted(l.text for l in ours) == sorted(l.text for l in theirs),
       "cong-van.odt: the same lines in LibreOffice", [l.text for l in ours],
       [l.text for l in theirs])


def complaints(check, *args):
    """What a rule finds wrong, without its counting as a failure here."""
    found = []

    def note(cond, name, *notes):
        if not cond:
            found.append(name)
        return cond

    globals()["ok"] = note
    try:
        check(*args)
    finally:
        globals()["ok"] = real_ok
    return found


real_ok = ok


def must_complain(what, needle, check, *args, **more):
    found = complaints(lambda: check(*args, **more))
    ok(any(needle in name for name in found), f"a paper with {what} is found", found)


def moved(found, **by):
    """The same lines elsewhere: x, y in mm, or only those of a pattern."""
    out = copy.deepcopy(found)
    for l in out:
        if re.search(by.get("only", ""), l.text):
            l.x1 += by.get("x", 0) * MM
            l.x2 += by.get("x", 0) * MM
            l.y1 += by.get("y", 0) * MM
            l.y2 += by.get("y", 0) * MM
    return out


def rewritten(folder, name, part, old, new):
    """The ODT with a part changed; old must be there."""
    out = io.BytesIO()
    with zipfile.ZipFile(os.path.join(folder, name)) as z, zipfile.ZipFile(out, "w") as to:
        for info in z.infolist():
            data = z.read(info)
            if info.filename == part:
                changed = re.sub(old.encode(), new.encode(), data)
                ok(changed != data, f"{part} has {old}")
                data = changed
            to.writestr(info, data)
    path = os.path.join(folder, "bad.odt")
    with open(path, "wb") as f:
        f.write(out.getvalue())
    return Odt(path)


def lint_the_linter(folder):
    pdf = os.path.join(folder, "cong-van.pdf")
    found = lines(pdf)

    ok(complaints(pdf_margins, "x", found) == [], "the unchanged paper is fine")
    for side, by in (("left", {"x": -6}), ("right", {"x": 9}), ("upper", {"y": -6}),
                     ("lower", {"y": 30})):
        must_complain(f"a wrong {side} margin", f"{side} margin", pdf_margins, "x",
                      moved(found, **by))
    must_complain("one line in the margin", "left margin", pdf_margins, "x",
                  moved(found, only="^Nhằm bảo đảm", x=-20))
    order = [("subject", r"^V/v "), ("Kính gửi", r"^Kính gửi:"), ("recipients", r"^Nơi nhận:")]
    must_complain("parts in another order", "Kính gửi in its place", pdf_order, "x",
                  moved(found, only="^Kính gửi:", y=-150), order)
    must_complain("a part missing", "recipients is there", pdf_order, "x",
                  [l for l in found if not l.text.startswith("Nơi nhận")], order)
    must_complain("issuer and country one below the other", "left of", pdf_beside, "x",
                  moved(found, only="^CỘNG HÒA", y=20), r"^UBND TỈNH", r"^CỘNG HÒA")
    must_complain("a number on its first page", "no page number", pdf_page_numbers, "x",
                  moved(found, only="^CỘNG HÒA", y=-8))
    for text in ("Mẫu, ngày 5 tháng 10 năm 2020", "Mẫu, ngày 05 tháng 2 năm 2020",
                 "Mẫu, ngày 05 tháng 09 năm 2020", "05/10/2020", "Mẫu, ngày 32 tháng 3 năm 2020"):
        ok(complaints(date_rule, "x", text), f"a date like “{text}” is found")
    ok(not complaints(date_rule, "x", "Mẫu, ngày 05 tháng 02 năm 2020"), "a right one is not")
    bare = os.path.join(folder, "bare.pdf")
    with open(bare, "wb") as f:
        f.write(BARE_PDF)
    for needle in ("A4", "measures", "embedded", "version"):
        must_complain(f"another {needle}", needle, pdf_basics, "x", bare)
    must_complain("text that cannot be copied", "can be copied", searchable, "x", bare,
                  ["Độc lập"])


def lint_the_odt_linter(folder):
    def bad(old, new, part="content.xml"):
        return rewritten(folder, "cong-van.odt", part, old, new)

    name = "x"
    must_complain("narrow margins", "margins", odt_page, name,
                  bad(r'fo:margin-left="[^"]+"', 'fo:margin-left="10mm"', "styles.xml"))
    must_complain("another size of page", "A4", odt_page, name,
                  bad(r'fo:page-width="[^"]+"', 'fo:page-width="216mm"', "styles.xml"))
    must_complain("small type", "in size", odt_part, name,
                  bad(r'fo:font-size="1[34][^"]*"', 'fo:font-size="11pt"'), "motto", r"^Độc lập",
                  (13, 14), bold=True)
    must_complain("a motto that is not bold", "bold", odt_part, name,
                  bad(r'fo:font-weight="bold"', 'fo:font-weight="normal"'), "motto", r"^Độc lập",
                  (13, 14), bold=True)
    must_complain("a ragged body", "justified", odt_body, name,
                  bad(r'fo:text-align="justify"', 'fo:text-align="start"'), r"^\d+\. Tăng cường")
    must_complain("no line under the motto", "lines under", odt_rules, name,
                  bad(r'fo:border-top="[^"]+"', 'fo:border-top="none"'))
    must_complain("a style that is not there", "every style", odt_structure, name,
                  bad(r'text:style-name="[^"]+"', 'text:style-name="none"'))


# US Letter, Helvetica that is not in it, version 1.3.
BARE_PDF = (b"%PDF-1.3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kid"
            b"s[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/"
            b"Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>\nendobj\n4 0 obj\n<</Length 38>>\nstrea"
            b"m\nBT /F 12 Tf 40 700 Td (Doc lap) Tj ET\nendstream\nendobj\n5 0 obj\n<</Type/Font/Subty"
            b"pe/Type1/BaseFont/Helvetica>>\nendobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF\n")


def main():
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.argv[1], folder], capture_output=True, text=True, check=False)
        ok(made.returncode == 0, "the papers are made", made.stderr)
        again = os.path.join(folder, "again")
        os.mkdir(again)
        subprocess.run([sys.argv[1], again], check=True)
        names = sorted(n for n in os.listdir(folder) if "." in n)
        same = all(open(os.path.join(folder, n), "rb").read() ==
                   open(os.path.join(again, n), "rb").read() for n in names)
        ok(same and names, "twice the same bytes")
        lint_letter(folder, "cong-van")
        lint_letter(folder, "cong-van-doanh-nghiep")
        lint_report(folder)
        lint_party(folder)
        for name, (pages, phrases) in SHEETS.items():
            lint_sheet(folder, name, pages, phrases)
        lint_in_office(folder)
        lint_the_linter(folder)
        lint_the_odt_linter(folder)
    done()


main()
