#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files handed in as evidence: what is marked as classified is refused wherever the marking stands,
and what cannot be read is kept only with a recorded declaration."""
import io
import os
import struct
import time
import zipfile
import zlib

from province import Province
from support import done, equal, folder, ok, write

CLEAN = "Biên bản thử khôi phục máy chủ thư, kết quả đạt yêu cầu"
MARKS = ("MẬT", "Tối mật", "TUYỆT MẬT", "Độ mật: Mật")


def add(file, *more):
    return ("evidence", "add", "--unit", "CQ", "--kind", "restore-report", "--file", file, *more)


def pdf(pages, password=False):
    """A PDF of pages of lines, in a font of its own whose codes have their letters (ToUnicode)."""
    letters = sorted({" "} | {c for page in pages for line in page for c in line})
    codes = {" ": 0x20, **{c: 0x21 + i for i, c in enumerate(x for x in letters if x != " ")}}
    cmap = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> " \
           "endcodespacerange %d beginbfchar\n" % len(letters)
    cmap += "".join("<%02x> <%s>\n" % (codes[c], c.encode("utf-16-be").hex()) for c in letters)
    cmap += "endbfchar endcmap end"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", None,
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>",
               "<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap)]
    kids = []
    for page in pages:
        text = "".join("BT /F 12 Tf 40 %d Td <%s> Tj ET\n" %
                       (800 - 40 * i, "".join("%02x" % codes[c] for c in line))
                       for i, line in enumerate(page))
        objects.append("<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
        objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       "/Resources << /Font << /F 3 0 R >> >> >>" % len(objects))
        kids.append("%d 0 R" % len(objects))
    objects[1] = "<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), " ".join(kids))
    out, places = "%PDF-1.4\n", []
    for i, body in enumerate(objects):
        places.append(len(out))
        out += "%d 0 obj\n%s\nendobj\n" % (i + 1, body)
    more = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        "41" * 32, "42" * 32) if password else ""
    xref = "xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    xref += "".join("%010d 00000 n \n" % p for p in places)
    return (out + xref + "trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" %
            (len(objects) + 1, more, len(out))).encode()


def package(parts, first=("[Content_Types].xml", "<Types/>")):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in (first, *parts):
            z.writestr(name, text, zipfile.ZIP_STORED if name == first[0] else None)
    return out.getvalue()


def para(text):
    half = len(text) // 2
    return f"<w:p><w:r><w:t>{text[:half]}</w:t></w:r><w:r><w:t>{text[half:]}</w:t></w:r></w:p>"


BODY = ("word/document.xml", f"<w:document>{para(CLEAN)}</w:document>")
ODT = ("mimetype", "application/vnd.oasis.opendocument.text")
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in
    ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")),
     (b"IEND", b"")))

MARKED = {
    "txt": "Công văn\nMẬT\nVề việc …\n".encode(),
    "utf16.csv": "Công văn;x\nMẬT\n".encode("utf-16"),
    "pdf": pdf([[CLEAN, "Trang thứ nhất có đủ chữ"], ["TỐI MẬT", CLEAN]]),
    "scan-marked.pdf": pdf([[CLEAN], [], ["MẬT"]]),
    "body.docx": package([("word/document.xml", f"<w:document>{para('MẬT')}</w:document>")]),
    "header.docx": package([BODY, ("word/header1.xml", f"<w:hdr>{para('TUYỆT MẬT')}</w:hdr>")]),
    "box.docx": package([("word/document.xml", "<w:document><w:p><w:r><w:pict><v:textbox>"
                          f"<w:txbxContent>{para('MẬT')}</w:txbxContent></v:textbox></w:pict></w:r>"
                          f"<w:r><w:t>{CLEAN}</w:t></w:r></w:p></w:document>")]),
    "watermark.docx": package([BODY, ("word/header1.xml", "<w:hdr><v:textpath string='TỐI MẬT'/>"
                                      "</w:hdr>")]),
    "title.docx": package([BODY, ("docProps/core.xml", "<c><dc:title>Độ mật: Mật</dc:title></c>")]),
    "cell.xlsx": package([("xl/sharedStrings.xml", f"<sst><si><t>{CLEAN}</t></si><si><r><t>MẬ</t>"
                           "</r><r><t>T</t></r></si></sst>")]),
    "header.xlsx": package([("xl/worksheets/sheet1.xml", "<worksheet><sheetData><c><v>1</v></c>"
                             "</sheetData><headerFooter><oddHeader>&amp;C&amp;\"Times,Bold\"&amp;14"
                             "MẬT</oddHeader></headerFooter></worksheet>")]),
    "slide.pptx": package([("ppt/slides/slide1.xml", "<p:sld><a:p><a:r><a:t>MẬT</a:t></a:r></a:p>"
                            "</p:sld>")]),
    "styles.odt": package([("content.xml", f"<text:p>{CLEAN}</text:p>"),
                           ("styles.xml", "<style:header><text:p>MẬT</text:p></style:header>")], ODT),
}
UNREAD = {
    "anh.png": (PNG, "picture"),
    "anh.jpg": (b"\xff\xd8\xff\xe0" + bytes(60), "picture"),
    "quet.pdf": (pdf([[], []]), "2 pages"),
    "nua-quet.pdf": (pdf([[CLEAN], ["3"]]), "1 pages"),
    "hong.pdf": (b"%PDF-1.7\n" + bytes(500), "cannot be read"),
    "khoa.pdf": (pdf([[CLEAN]], password=True), "cannot be read"),
    "anh.docx": (package([("word/document.xml", "<w:document><w:p/></w:document>")]), "picture"),
    "hong.docx": (package([("word/document.xml", "<w:document><w:p>")]), "cannot be read"),
    "cu.txt": ("§éc lËp - Tù do - H¹nh phóc. Céng hßa x· héi chñ nghÜa ViÖt Nam".encode(),
               "old fonts"),
    "nen.zip": (package([("a.txt", "x")], ("b.txt", "y")), "archive"),
}


def test_marked(p, path):
    for name, content in MARKED.items():
        r = p.canh(*add(write(os.path.join(path, name), content)))
        ok(r.status == 77 and "marked as classified" in r.errors, f"{name}: refused", r)
        r = p.canh(*add(os.path.join(path, name), "--not-classified", "--person", "1"), lang="vi")
        ok(r.status == 77 and "đánh dấu" in r.errors or "mật" in r.errors, "… whatever one declares",
           r)
    for mark in MARKS:
        r = p.canh(*add(write(os.path.join(path, "m.pdf"), pdf([[CLEAN, mark]]))))
        ok(r.status == 77 and "marked as classified" in r.errors, f"a PDF with “{mark}”", r)
    equal(p.rows("evidence", "list"), [], "none is kept")


def test_clean(p, path):
    fine = {"a.pdf": pdf([[CLEAN, "Bảo mật thông tin, mật khẩu thư điện tử"]]),
            "a.docx": package([BODY]),
            "a.odt": package([("content.xml", f"<text:p>{CLEAN}</text:p>")], ODT)}
    for name, content in fine.items():
        p.fine(*add(write(os.path.join(path, name), content), "--title", name))
    rows = p.rows("evidence", "list")
    equal(sorted((x["file"], x["unread"]) for x in rows), [(n, False) for n in sorted(fine)],
          "what can be read needs no declaration")


def test_unread(p, path):
    p.refused(64, "--person", *add(os.path.join(path, "a.pdf"), "--not-classified"))
    for name, (content, why) in UNREAD.items():
        file = write(os.path.join(path, name), content)
        r = p.refused(77, "--not-classified", *add(file))
        ok(why in r.errors, f"{name}: {why}", r)
        r = p.fine(*add(file, "--not-classified", "--person", "1", "--title", name))
        shown = p.canh("evidence", "show", r.text.split()[0][:8], lang="vi")
        ok("khai không thuộc bí mật nhà nước" in shown.text and "Người Thử Một" in shown.text,
           "… with a declaration, which is shown with who made it", shown)
    rows = [x for x in p.rows("evidence", "list") if x["file"] in UNREAD]
    ok(len(rows) == len(UNREAD) and all(x["unread"] for x in rows), "and listed", rows)
    p.fine("audit", "verify")


def test_slow(p, path):
    """A page that never ends to be read is stopped, and says so."""
    stream = zlib.compress(b"q " * (60 << 20), 9)
    body = pdf([["x"]]).replace(b"%%EOF\n", b"")
    head, tail = body.split(b"5 0 obj\n", 1)
    tail = tail.split(b"endobj\n", 1)[1]
    file = (head + b"5 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream +
            b"\nendstream\nendobj\n" + tail + b"%%EOF\n")
    began = time.monotonic()
    r = p.canh(*add(write(os.path.join(path, "bom.pdf"), file)))
    ok(r.status == 77 and time.monotonic() - began < 100, "a PDF bomb ends", r)


def main():
    with folder() as path:
        p = Province(path)
        p.fine("plan", "import", "quang-ngai-2020", "--unit", "SO", "--activate")
        test_marked(p, path)
        test_clean(p, path)
        test_unread(p, path)
        test_slow(p, path)
    done()


main()
