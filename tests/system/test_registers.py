#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh evidence, request, notice, review, order: the registers, as people keep them."""
import io
import os
import re
import stat
import subprocess
import zipfile

from province import Province
from support import canh, done, equal, folder, ok, write

PLAN = """plan: so
title: {vi: Kế hoạch sổ, en: A plan of registers}
window: {start: 2026-01-05, end: 2026-01-20}
authorities: [{id: so, name: {vi: Sở Giả Định, en: The department}}]
scopes: [{id: all, kinds: [agency, commune]}, {id: op, kinds: [telecom]}]
clauses: [{number: I, label: "I.", text: Thử khôi phục}]
obligations:
  - {id: I.a, clause: I, title: {vi: Thử khôi phục, en: Restore test}, applies-to: all, role: sysadmin,
     lead: so, every: at-start(2d), proof: [file.restore-report]}
  - {id: I.b, clause: I, title: {vi: Văn bản, en: Orders}, applies-to: op, role: operator, lead: so,
     every: 'within(24h, written-order)', proof: [order.answered]}
"""
DAY = "2026-01-06"


def docx(text):
    """A word-processor document of one paragraph."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlfo'
                   'rmats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
                   'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.docum'
                   'ent.main+xml"/></Types>')
        z.writestr("_rels/.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlf'
                   'ormats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas'
                   '.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="wor'
                   'd/document.xml"/></Relationships>')
        z.writestr("word/document.xml", '<?xml version="1.0"?><w:document xmlns:w="http://schemas.open'
                   f'xmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t>'
                   '</w:r></w:p></w:body></w:document>')
    return out.getvalue()


def stored(p):
    """The evidence files there are."""
    return sorted(os.path.basename(d) + f for d, _, files in
                  os.walk(os.path.join(p.dir, "evidence")) for f in files)


def add(*more):
    return ("evidence", "add", "--unit", "CQ", "--kind", "restore-report", "--at", DAY, *more)


def test_evidence(p, path):
    hostile = write(os.path.join(path, "a\x1b[31m\u202e..report.txt"), "Biên bản thử khôi phục\n")
    r = p.fine(*add("--file", hostile, "--person", "1"))
    number = r.text.split()[0]
    ok(re.fullmatch("[0-9a-f]{32}", number), "its id is printed", r)
    rows = p.rows("evidence", "list", "--unit", "CQ")
    ok(rows[0]["id"] == number and rows[0]["strength"] == "declared" and rows[0]["expires"] and
       "\x1b" not in rows[0]["file"] and "\u202e" not in rows[0]["file"] and
       rows[0]["file"].endswith("report.txt"), "a hostile name is only text, and cleaned", rows)
    one = stored(p)
    equal(len(one), 1, "one file, by its hash")
    p.fine(*add("--file", hostile))
    equal(stored(p), one, "the same content twice is one file")
    r = p.fine("evidence", "show", number[:8])
    ok("I.a" in r.text and one[0] in r.text and "Người Thử Một" in r.text,
       "what it proves, its hash, its signer", r)
    out = os.path.join(path, "out.txt")
    p.fine("evidence", "show", number, "--save", out)
    with open(out, "rb") as f:
        equal(f.read().decode(), "Biên bản thử khôi phục\n", "the file comes out as it went in")
    equal(stat.S_IMODE(os.stat(out).st_mode), 0o600, "for its owner only")
    r = p.fine("plan", "explain", "--unit", "CQ", "I.a", "--at", DAY + "T12:00")
    ok("met: there is proof (declared)" in r.text, "it proves", r)
    r = p.fine("evidence", "add", "--unit", "CQ", "--kind", "minutes", "--text", "họp", "--at", DAY)
    ok("no obligation" in r.errors, "evidence that nobody asks for is said to be so", r)
    p.refused(66, "no evidence", "evidence", "show", "ffffffff")
    p.refused(64, "hexadecimal", "evidence", "show", "ff")
    p.refused(66, "file.restore-report", "evidence", "add", "--unit", "CQ", "--kind",
              "restore-reprot")


def test_refusals(p, path):
    before, rows = stored(p), len(p.rows("evidence", "list"))
    program = write(os.path.join(path, "virus.pdf"), b"MZ\x90\x00" + bytes(100))
    p.refused(65, "not a type accepted", *add("--file", program))
    p.refused(65, "empty", *add("--file", write(os.path.join(path, "nothing.txt"), "")))
    p.refused(65, "not a regular file", *add("--file", path))
    equal(p.canh(*add("--file", os.path.join(path, "none.pdf"))).status, 66, "a missing file: 66")
    huge = os.path.join(path, "huge.pdf")
    with open(huge, "wb") as f:
        f.write(b"%PDF-1.7\n")
        f.truncate((64 << 20) + 1)
    p.refused(65, "64 MiB", *add("--file", huge))
    secret = write(os.path.join(path, "secret.txt"), "Công văn\nTỐI MẬT\nVề việc …\n")
    p.refused(77, "classified", *add("--file", secret))
    secret = write(os.path.join(path, "secret.docx"), docx("Mật"))
    p.refused(77, "classified", *add("--file", secret))
    p.refused(77, "classified", *add("--text", "TUYỆT MẬT"))
    p.refused(66, "NOBODY", "evidence", "add", "--unit", "NOBODY", "--kind", "restore-report")
    equal((stored(p), len(p.rows("evidence", "list"))), (before, rows), "nothing is left behind")
    p.fine(*add("--file", write(os.path.join(path, "fine.docx"), docx("Bảo mật hệ thống"))))


def test_verify(p):
    r = p.fine("evidence", "verify")
    ok("2 files" in r.text and "damaged 0" in r.text, "all files are whole", r)
    name = stored(p)[0]
    victim = os.path.join(p.dir, "evidence", name[:2], name[2:])
    os.chmod(victim, 0o600)
    with open(victim, "r+b") as f:
        f.write(b"X")
    r = p.fine("evidence", "verify", status=1)
    ok("damaged 1" in r.text, "a changed file is found", r)


def test_request(p):
    r = p.fine("request", "add", "--unit", "XA-B", "--to", "SO", "--title", "Thiếu thiết bị",
               "--text", "Cần 2 ổ cứng", "--due", "08/01/2026", "--at", "2026-01-06T08:00")
    told, number = r.text.strip().split(": ")
    ok(re.fullmatch(r"YC-\d{4}-0001", number) and told == "sent to SO", "its number and where it went", r)
    p.refused(77, "taken by the unit SO", "request", "answer", number, "--unit", "XA-B", "--text", "x")
    p.refused(64, "--text", "request", "answer", number, "--unit", "SO")
    p.refused(66, "canh request list", "request", "show", "YC-1999-0001")
    p.fine("request", "accept", number, "--unit", "SO", "--person", "1", "--at", "2026-01-06T09:00")
    p.refused(65, '"accepted"', "request", "accept", number, "--unit", "SO")
    p.fine("request", "comment", number, "--unit", "XA-B", "--text", "Gấp", "--at",
           "2026-01-06T10:00")
    p.refused(65, '"accepted"', "request", "close", number, "--unit", "XA-B")
    p.fine("request", "answer", number, "--unit", "SO", "--text", "Đã cấp 1", "--at",
           "2026-01-06T11:00")
    p.refused(77, "taken by the unit XA-B", "request", "close", number, "--unit", "SO")
    p.fine("request", "reopen", number, "--unit", "XA-B", "--text", "Cần 2", "--at",
           "2026-01-06T12:00")
    equal([x["state"] for x in p.rows("request", "list", "--open")], ["working"],
          "not agreed: it is open again")
    p.fine("request", "answer", number, "--unit", "SO", "--text", "Đã cấp 2", "--at",
           "2026-01-09T08:00")
    p.fine("request", "close", number, "--unit", "XA-B", "--rating", "5", "--at",
           "2026-01-09T09:00")
    row = p.rows("request", "list")[0]
    equal((row["state"], row["waited"], row["late"], row["owner"], row["from"], row["to"]),
          ("closed", 72 * 3600, True, "Người Thử Một", "XA-B", "SO"), "its clock and its owner")
    equal(p.rows("request", "list", "--open"), [], "nothing is open")
    r = p.fine("request", "show", number)
    ok(all(w in r.text for w in ("Cần 2 ổ cứng", "Gấp", "Đã cấp 2", "answer")), "the notes", r)
    number = p.fine("request", "add", "--unit", "CQ", "--to", "SO", "--kind", "help", "--title",
                    "Máy nhiễm mã độc").text.split()[-1]
    own = {"CANH_UNIT": "CQ"}
    p.refused(64, "--unit", "request", "withdraw", number)
    p.fine("request", "comment", number, "--text", "Gấp", env=own)
    p.fine("request", "withdraw", number, env=own)
    equal(p.rows("request", "show", number)[0]["state"], "withdrawn", "it can be taken back")


def test_notice(p, path):
    text = write(os.path.join(path, "tb.txt"), "Không dùng chung mật khẩu.\nKhông dùng thư công vụ.\n")
    p.fine("notice", "add", "--unit", "SO", "--number", "TB-1", "--title", "Quy định thư công vụ",
           "--file", text, "--attest", "--at", DAY)
    p.refused(65, "TB-1", "notice", "add", "--unit", "SO", "--number", "TB-1", "--title", "x")
    p.refused(66, "TB-2", "notice", "send", "TB-2", "--unit", "SO", "--to", "CQ")
    p.refused(66, "canh notice send", "notice", "ack", "TB-1", "--unit", "SO", "--to", "CQ")
    p.refused(65, "nowhere”; the kinds: ", "notice", "send", "TB-1", "--unit", "SO", "--all",
              "commune", "--all", "nowhere")
    p.refused(66, "of the kind “police”", "notice", "send", "TB-1", "--unit", "SO", "--all", "commune",
              "--all", "police")
    r = p.fine("notice", "send", "TB-1", "--unit", "SO", "--to", "CQ", "--all", "commune",
               "--expected", "10", "--link", "--base", "https://canh.example/n/", "--at", DAY)
    links = dict(line.split("\t") for line in r.text.splitlines()[:-1])
    ok(sorted(links) == ["CQ", "XA-A", "XA-B"] and len(set(links.values())) == 3 and
       "sent to 3 units" in r.text, "one link a unit", r)
    r = p.fine("notice", "open", links["XA-A"], "--attest", "--at", DAY)
    ok("Không dùng chung mật khẩu." in r.text, "the link shows the notice", r)
    p.refused(66, "link is wrong", "notice", "open", "https://canh.example/n/" + "0" * 32)
    p.refused(66, "has ended", "notice", "open", links["XA-A"], "--at", "2026-11-01")
    with open(os.path.join(p.dir, "state.db"), "rb") as f:
        ok(links["XA-A"][-32:].encode() not in f.read(), "the secret of a link is not kept")
    scan = write(os.path.join(path, "ky.pdf"), b"%PDF-1.4\n% signed\n")
    p.fine("notice", "ack", "TB-1", "--unit", "SO", "--to", "CQ", "--count", "9", "--file", scan,
           "--backfilled", "--not-classified", "--at", DAY + "T11:00")
    rows = {x["unit"]: x for x in p.rows("notice", "list")}
    equal([(rows[u]["read"], rows[u]["attested"], rows[u]["expected"]) for u in ("CQ", "XA-A", "XA-B")],
          [(9, 0, 10), (1, 1, 10), (0, 0, 10)], "read and promised, counted")
    ok(not any("Người" in str(v) for x in rows.values() for v in x.values()), "nobody by name")
    pdf = os.path.join(path, "sheet.pdf")
    p.fine("notice", "sheet", "TB-1", "--unit", "SO", "--to", "CQ", "--save", pdf)
    with open(pdf, "rb") as f:
        ok(f.read(5) == b"%PDF-", "a sheet to sign")
    lines = write(os.path.join(path, "dai.txt"), "".join(f"Điều {i}.\n" for i in range(1, 252)))
    p.fine("notice", "add", "--unit", "SO", "--number", "TB-9", "--title", "Quy chế dài",
           "--file", lines, "--at", DAY)
    p.fine("notice", "sheet", "TB-9", "--unit", "SO", "--to", "CQ", "--save", pdf)
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    ok("Điều 1." in text and "Điều 251." in text, "a sheet shows the whole of a long notice")


def test_review(p):
    p.fine("review", "start", "TL", "--unit", "SO", "--kind", "firewall-rules", "--title",
           "Rà soát luật tường lửa", "--lasts", "30", "--due", "2026-01-10", "--at", DAY)
    p.refused(65, "TL", "review", "start", "TL", "--unit", "SO", "--kind", "x", "--title", "x")
    p.refused(66, "KHONG", "review", "sign", "KHONG", "--unit", "CQ", "--issuer", "SO", "--person", "1")
    p.refused(64, "--text", "review", "sign", "TL", "--unit", "XA-A", "--issuer", "SO", "--person",
              "1", "--issues")
    p.fine("review", "sign", "TL", "--unit", "CQ", "--issuer", "SO", "--person", "1", "--at",
           "2026-01-07")
    p.fine("review", "sign", "TL", "--unit", "XA-A", "--issuer", "SO", "--person", "1", "--issues",
           "--text", "Cổng 3389 mở", "--asset", "MAY-AO", "--at", "2026-01-08")
    rows = p.rows("review", "status", "TL", "--issuer", "SO", "--of", "commune", "--at",
                  "2026-01-09", status=1)
    equal([(x["unit"], x["state"]) for x in rows],
          [("CQ", "done"), ("XA-A", "issues"), ("XA-B", "unsigned")], "who signed, who did not")
    equal(rows[0]["expires"], "2026-02-05T17:00:00.000000000Z", "a sign-off holds 30 days")
    rows = p.rows("review", "status", "TL", "--issuer", "SO", "--at", "2026-02-06T12:00", status=1)
    equal([x["state"] for x in rows], ["expired", "issues"], "and then expires")
    row = p.rows("review", "list", "--at", "2026-02-06T12:00")[0]
    equal((row["signed"], row["expired"]), (1, 1), "campaigns are counted")


def test_order(p):
    p.fine("order", "add", "12/CV", "--unit", "VT", "--authority", "Cơ quan X", "--basis", "Điều 1",
           "--due", "2026-01-08T10:00", "--at", "2026-01-06")
    p.refused(65, "12/CV", "order", "add", "12/CV", "--unit", "VT", "--authority", "X", "--due",
              "2026-01-08")
    p.refused(64, "maybe", "order", "done", "12/CV", "--unit", "VT", "--outcome", "maybe")
    p.refused(66, "13/CV", "order", "done", "13/CV", "--unit", "VT")
    p.refused(65, "earlier", "order", "done", "12/CV", "--unit", "VT", "--at", "2026-01-05")
    at = ("--at", "2026-01-07T12:00")
    r = p.fine("plan", "explain", "--unit", "VT", "I.b", *at, status=1)
    p.fine("order", "done", "12/CV", "--unit", "VT", "--outcome", "queried", "--at", "2026-01-07")
    row = p.rows("order", "list")[0]
    equal((row["outcome"], row["late"], row["authority"]), ("queried", False, "Cơ quan X"),
          "asked back in time")
    p.fine("plan", "explain", "--unit", "VT", "I.b", *at)
    equal(p.rows("order", "list", "--open"), [], "none is open")
    p.fine("order", "done", "12/CV", "--unit", "VT", "--at", "2026-01-08")
    p.refused(65, "--replace", "order", "done", "12/CV", "--unit", "VT", "--outcome", "refused")
    equal(p.rows("order", "list")[0]["outcome"], "done", "an outcome is not written over")
    p.fine("order", "done", "12/CV", "--unit", "VT", "--outcome", "refused", "--replace", "--at",
           "2026-01-08")
    equal(p.rows("order", "list")[0]["outcome"], "refused", "but where that is said")
    r = canh("order", "add", "--help")
    ok("--text" not in r.text and "--title" not in r.text, "there is no place for content", r)


def main():
    with folder() as path:
        p = Province(path)
        p.refused(66, "--activate", *add("--text", "x"))
        plan = write(os.path.join(path, "so.yaml"), PLAN)
        p.fine("plan", "import", plan, "--unit", "SO", "--activate")
        test_evidence(p, path)
        test_refusals(p, path)
        test_verify(p)
        test_request(p)
        test_notice(p, path)
        test_review(p)
        test_order(p)
    done()


main()
