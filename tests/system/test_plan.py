#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh plan and the registers, on an invented province, over some days."""
import json
import os
import re

from province import Province
from support import ROOT, canh, done, equal, folder, golden, ok, write

PLAN = os.path.join(ROOT, "plans", "quang-ngai-2020.yaml")

SMALL = """plan: nho
title: {vi: Kế hoạch nhỏ, en: A small plan}
window: {start: 2026-01-05, end: 2026-01-09}
authorities: [{id: so, name: {vi: Sở Giả Định, en: The department}}]
scopes:
  - {id: all, kinds: [agency, commune]}
  - {id: hosted, kinds: [commune], tags: [hosted]}
  - {id: lead, kinds: [authority]}
clauses: [{number: I, label: "I.", text: Sao lưu thường xuyên; xử lý kịp thời vướng mắc}]
obligations:
  - {id: I.a, clause: I, title: {vi: Sao lưu, en: Backup}, applies-to: all, role: sysadmin, lead: so,
     word: thường xuyên, every: daily@07:30, proof: [probe.backup, file.offline-copy],
     also: [{id: restore, title: {vi: Thử khôi phục, en: Restore test}, every: at-start(2d),
             proof: [file.restore-report]}]}
  - {id: I.b, clause: I, title: {vi: Rà soát, en: Review}, applies-to: all, role: sysadmin, lead: so,
     every: at-start(3d), proof: [review.procedures]}
  - {id: I.c, clause: I, title: {vi: Trả lời, en: Answers}, applies-to: lead, role: coordinator,
     lead: so, every: 'within(1wd, difficulty-received)', proof: [request.answered]}
  - {id: I.d, clause: I, title: {vi: Quán triệt, en: Spread}, applies-to: all, role: unit-head,
     lead: so, every: at-start(3d), proof: [notice.read], at-least: 90}
"""


def test_check(path):
    r = canh("plan", "check", "--json", PLAN)
    counts = json.loads(r.text)
    equal((counts["rows"], counts["obligations"], counts["missing"]), (54, 69, ["I.7"]),
          "the directive has 54 rows, 69 obligations and no I.7")
    bad = write(os.path.join(path, "bad.yaml"), SMALL.replace("probe.backup", "probe.bakup"))
    r = canh("plan", "check", "--lang=en", bad)
    ok(r.status == 65 and "bad.yaml:12:54:" in r.errors and "is probe.backup meant?" in r.errors,
       "a mistake is named with its place and cure", r)
    r = canh("plan", "check", "--lang=en", os.path.join(path, "nothing.yaml"))
    equal(r.status, 66, "a missing file is no input")


def test_draft(path):
    letter = os.path.join(ROOT, "tests", "unit", "plan", "letter.txt")
    r = canh("plan", "draft", "--id", "tet-2027", letter, "--lang=en")
    golden("plan/draft.yaml", r.out)
    draft = write(os.path.join(path, "draft.yaml"), r.out)
    equal(canh("plan", "check", draft).status, 0, "the draft is a plan")
    return draft


def test_office():
    """One letter, saved by LibreOffice 7.4 as DOCX and as ODT: the same draft, with its letterhead
    in a table, automatic numbers of two levels and a table of tasks."""
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "office")
    drafts = [canh("plan", "draft", os.path.join(here, name)).text
              for name in ("letter.docx", "letter.odt")]
    ok(drafts[0] == drafts[1] and len(drafts[0]) > 1000, "DOCX and ODT say the same", drafts)
    for text in ('number: "77/SM-CNTT"', "date: 2026-12-05", 'issuer: "SỞ MẪU"',
                 'number: "2.b"', 'name: "Trung tâm Mẫu"', 'name: "Công an tỉnh"',
                 "every: \"weekly\"", "at-start("):
        ok(text in drafts[0], f"the letter's {text}", drafts[0])


def test_review(path, draft):
    """Clause by clause; only what was answered changes, and what is left is asked again."""
    with open(draft, encoding="utf-8") as f:
        before = f.read()
    copy = write(os.path.join(path, "review.yaml"), before + "# by hand\n")
    r = canh("plan", "review", copy, "--lang=en", stdin=b"y\n\nwhat\n99\nq\n")
    ok(r.status == 1 and "1 clauses checked, 0 proposals dropped" in r.text and
       r.text.count("Only y, q") == 2, "one is right, one is for later, nonsense is asked again", r)
    often = re.findall(r"how often: (.*)", r.text)
    ok(often and not any(re.search(r"at-start|each-|@", x) for x in often),
       "how often is said in words", often)
    with open(copy, encoding="utf-8") as f:
        after = f.read()
    open_before, open_after = before.count("checked: no"), after.count("checked: no")
    ok(open_after < open_before and after.endswith("# by hand\n"),
       "what was answered is checked, remarks stay")
    ok(after.replace("    checked: yes", "    checked: no") == before + "# by hand\n",
       "and nothing else changes")
    r = canh("plan", "review", copy, "--lang=en", stdin=b"1\n" * 400)
    while r.status == 1 and "still open" in r.text and "Only y" in r.text:
        r = canh("plan", "review", copy, "--lang=en", stdin=b"y\n1\n" * 400)
    equal(r.status, 0, "until nothing is open")
    with open(copy, encoding="utf-8") as f:
        after = f.read()
    ok("draft: yes" not in after and "checked: no" not in after, "then it is no draft any more")
    equal(canh("plan", "check", copy).status, 0, "and still a plan")
    equal(canh("plan", "review", "-", "--lang=en").status, 64, "answers need a file to go to")


def test_import(p, path, draft):
    small = write(os.path.join(path, "nho.yaml"), SMALL)
    r = p.canh("plan", "import", draft, "--unit", "SO")
    ok(r.status == 77 and "not checked" in r.errors, "a draft is not imported", r)
    r = p.canh("plan", "import", small, "--unit", "NOBODY")
    ok(r.status == 66 and "NOBODY" in r.errors, "an unknown unit is named", r)
    r = p.fine("plan", "import", small, "--unit", "SO", "--activate")
    ok("1 clauses, 4 obligations (5 parts)" in r.text and "given to 5 units" in r.text,
       "what was imported is said", r)
    r = p.fine("plan", "list")
    ok(re.search(r"nho +active", r.text), "the plan is active", r)
    equal([(x["plan"], x["state"]) for x in p.rows("plan", "list")], [("nho", "active")],
          "as JSON, too")


def test_records(p, path):
    report = write(os.path.join(path, "bien-ban.txt"), "Biên bản thử khôi phục")
    p.fine("evidence", "add", "--unit", "CQ", "--kind", "restore-report", "--file", report,
           "--person", "1", "--at", "2026-01-06T09:00")
    r = p.canh("evidence", "add", "--unit", "CQ", "--kind", "restore-reprot")
    ok(r.status == 66 and "file.restore-report" in r.errors, "a mistyped kind is corrected", r)
    p.fine("evidence", "add", "--unit", "CQ", "--kind", "offline-copy", "--obligation", "I.a",
           "--at", "06/01/2026 07:00")
    p.fine("review", "start", "RS", "--unit", "SO", "--kind", "procedures", "--title", "Quy trình",
           "--at", "2026-01-05")
    p.fine("review", "sign", "RS", "--unit", "CQ", "--issuer", "SO", "--person", "1",
           "--at", "2026-01-06T10:00")
    p.fine("notice", "add", "--unit", "SO", "--number", "TB-1", "--title", "Quy định",
           "--at", "2026-01-05")
    p.fine("notice", "send", "TB-1", "--unit", "SO", "--to", "CQ", "--expected", "10",
           "--at", "2026-01-05")
    p.fine("notice", "ack", "TB-1", "--unit", "SO", "--to", "CQ", "--count", "9",
           "--at", "2026-01-06T11:00")
    r = p.fine("notice", "list")
    ok(r.text.splitlines()[1].split()[4:7] == ["9", "–", "10"], "counts, nobody by name", r)
    r = p.fine("request", "add", "--unit", "XA-B", "--to", "SO", "--title", "Thiếu thiết bị",
               "--at", "2026-01-06T08:00")
    number = r.text.split()[-1]
    p.fine("request", "accept", number, "--unit", "SO", "--at", "2026-01-06T09:00")
    p.fine("request", "answer", number, "--unit", "SO", "--text", "Đã cấp", "--at",
           "2026-01-06T15:00")
    ok("answered" in p.fine("request", "list").text, "the request is answered")
    p.fine("order", "add", "12/CV", "--unit", "VT", "--authority", "Cơ quan X", "--due",
           "2026-01-08", "--at", "2026-01-06")
    p.fine("order", "done", "12/CV", "--unit", "VT", "--outcome", "queried", "--at", "2026-01-07")
    ok("asked back" in p.fine("order", "list").text, "the order is in the register")
    p.fine("plan", "not-yet", "--unit", "XA-B", "--because", "chờ thiết bị", "--by", "2026-01-20",
           "I.b")
    r = p.fine("plan", "not-yet", "--unit", "XA-B", "--because", "chờ thiết bị, hẹn lại", "--by",
               "2026-01-25", "I.b")
    ok("promised by the end of 25/01/2026" in r.text, "a promise is made anew, to the day", r)
    p.refused(64, "beginning", "plan", "not-yet", "--unit", "XA-B", "--because", "x", "--by",
              "2025-12-01", "I.b")
    p.refused(64, "beginning", "plan", "exempt", "--unit", "XA-B", "--because", "x", "--until",
              "2026-01-31", "I.a")
    exempt = ("plan", "exempt", "--unit", "XA-B", "--because", "không có dữ liệu", "--until",
              "2026-01-31", "--from", "2026-01-01", "I.a/restore")
    p.refused(66, "nobody is named", *exempt)
    p.refused(77, "who may: Người Thử Một (TINH)", *exempt, "--person", "1")
    p.fine(*exempt, "--person", "TINH/1")


def test_status(p):
    at = ("--at", "2026-01-07T12:00")
    r = p.fine("plan", "status", "--unit", "CQ", *at, status=1)
    golden("plan/status-unit.txt", r.out)
    own = {"CANH_UNIT": "CQ"}
    equal(p.canh("plan", "status", *at, env=own).out, r.out, "one's own unit without naming it")
    ok(len(p.canh("audit", "list", env=own).text) < len(p.canh("audit", "list").text),
       "the audit's list is about it, too")
    cells = {c["obligation"]: c for c in p.rows("plan", "status", "--unit", "CQ", *at, status=1)}
    equal((cells["I.b"]["state"], cells["I.b"]["strength"], cells["I.a"]["state"]),
          ("met", "declared", "overdue"), "one unit's duties as JSON")
    r = p.fine("plan", "status", "--by", "unit", *at, status=1)
    golden("plan/status.txt", r.out)
    golden("plan/status-vi.txt", p.canh("plan", "status", *at, lang="vi").out)
    rows = [json.loads(line) for line in
            p.fine("plan", "status", "--json", "--by", "obligation", *at, status=1).text.splitlines()]
    ok(all(sum(row["permille"].values()) in (0, 1000) for row in rows), "shares are a whole", rows)
    equal(rows[-1]["plan"], "nho", "the last line is the plan")
    r = p.fine("plan", "explain", "--unit", "XA-B", "I.b", *at, status=1)
    ok("promised: the unit said so and promised" in r.text and "chờ thiết bị" in r.text,
       "why it is not yet met", r)
    r = p.fine("plan", "explain", "--unit", "CQ", "I.a", *at, status=1)
    golden("plan/explain.txt", r.out)
    r = p.canh("plan", "explain", "--unit", "CQ", "I.z", *at)
    ok(r.status == 66 and "I.z" in r.errors, "an unknown obligation is named", r)
    p.fine("plan", "status", "--cache", *at, status=1)
    r = p.canh("plan", "status", "--at", "31/02/2026")
    equal(r.status, 64, "there is no 31 February")


HEAD = """plan: t
title: t
window: {start: 2020-10-05, end: 2020-10-11}
authorities: [{id: lead}]
scopes: [{id: all}]
"""
DUTY = ("  - {{id: {}, clause: I, title: {{vi: a, en: b}}, applies-to: all, role: sysadmin, "
        "lead: lead, every: {}, proof: duty.log{}}}\n")
FROM = ", inherits: {{scope: all, tags: [hosted], obligation: {}}}"


def test_bad(dir):
    """Refused with a place and the cure, in both languages, quickly."""
    with open(os.path.join(ROOT, "plans", "quang-ngai-2020.yaml"), encoding="utf-8") as f:
        whole = f.read()
    loop = HEAD + "clauses: [{number: I, text: x}]\nobligations:\n" + \
        DUTY.format("a", "daily", FROM.format("b")) + DUTY.format("b", "daily", FROM.format("a"))
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20))
    many = HEAD + "clauses:\n" + "".join(f"  - {{number: I.{i}, text: x}}\n" for i in range(100000))
    few = HEAD + "clauses:\n" + "".join(f"  - {{number: I.{i}, text: x}}\n" for i in range(1001))
    for name, text, en, vi in (
            ("a loop of inheritance", loop, ":8:5: a inherits, through others, from itself",
             "a thừa hưởng vòng về chính nó"),
            ("an unknown kind of unit", whole.replace("kinds: [centre]", "kinds: [center]", 1),
             'no kind of unit is called "center"; is centre meant?',
             'không có loại đơn vị nào tên "center"; có phải centre?'),
            ("an unknown scope", whole.replace("[centres]", "[centers]", 1), "is centres meant?",
             "không có phạm vi"),
            ("an unknown proof", whole.replace("check.baseline", "check.basline", 1),
             "is check.baseline meant?", "không có loại bằng chứng"),
            ("30 February", whole.replace("2020-10-05", "2020-02-30", 1),
             "a date like 2020-10-05 is wanted", "cần một ngày có thật"),
            ("an hour that is none", whole.replace("daily@07:30", "daily@25:30", 1), '"25:30"',
             "cần giờ dạng hh:mm"),
            ("one that extends itself", "plan: t\nextends: t\n", "neither imported",
             "chưa nhập"),
            ("100,000 clauses", many, "more than 1048576", "quá giới hạn"),
            ("1,001 clauses", few, "clauses has at most 1000 items", "có nhiều nhất 1000 mục"),
            ("aliases that grow", bomb, "once aliases are expanded", "khi mở các bí danh"),
            ("100,000 levels", "[" * 100000, "nested deeper than", "lồng sâu quá"),
            ("a key twice", "plan: t\nplan: u\n", ":2:1: key 'plan' is there already, on line 1",
             "đã có ở dòng 1"),
            ("nothing", "", "one document is wanted, not 0", "cần đúng một tài liệu"),
            ("bytes", bytes(range(256)), "control character", "ký tự điều khiển"),
            ("not YAML", "plan: t\n\ttitle: x\n", "bad.yaml:1", "sai cú pháp: ")):
        path = write(os.path.join(dir, "bad.yaml"), text)
        r = canh("plan", "check", path, "--lang", "en", timeout=60)
        ok(r.status in (65, 66) and en in r.errors and r.errors.count("\n") == 1, name, r)
        r = canh("plan", "check", path, "--lang", "vi", timeout=60)
        ok(r.status in (65, 66) and vi in r.errors, f"{name}, in Vietnamese", r)


def test_docs(dir):
    """The example of docs/plan.md is a plan."""
    with open(os.path.join(ROOT, "docs", "plan.md"), encoding="utf-8") as f:
        text = f.read().split("```yaml\n")[1].split("```")[0]
    r = canh("plan", "check", write(os.path.join(dir, "docs.yaml"), text))
    equal((r.status, r.errors), (0, ""), "the example of docs/plan.md is a plan")


def main():
    with folder() as path:
        test_check(path)
        test_docs(path)
        test_bad(path)
        draft = test_draft(path)
        test_review(path, draft)
        test_office()
        p = Province(path)
        test_import(p, path, draft)
        test_records(p, path)
        test_status(p)
    done()


main()
