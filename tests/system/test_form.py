#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh form: an operator's days from Excel, the command line and a terminal; what they prove."""
import json
import os
import pty
import select
import time

import workbook
from province import Province
from support import CANH, ROOT, done, environment, equal, folder, ok, write

DAY = "2020-10-06"
NOON = ("--at", DAY + "T16:00")
GOOD = {"noc_shifts_planned": 3, "noc_shifts_stood": 3, "sites_total": 120, "sites_down": "kps",
        "fibre_cuts": "không phát sinh", "routes_over": 0, "congestion": "KPS", "core_load": "71,5"}
OUTAGE = {"began": "03:00 06/10/2020", "found": "03:05 06/10/2020", "what": "cable-cut",
          "route": "Tuyến A – B", "cause": "works", "sites_hit": "4", "units_hit": "kps",
          "rerouted": "có", "police_told": "không", "restored": "không"}


def sets(answers):
    return [w for k, v in answers.items() for w in ("--set", f"{k}={v}")]


def fill(p, form, answers, *more, unit="VT", status=0):
    return p.fine("form", "fill", form, "--unit", unit, *sets(answers), *more, status=status)


def explain(p, obligation, unit, at):
    return p.canh("plan", "explain", "--unit", unit, obligation, "--at", at).text


def rows(p, *more, status=None):
    r = p.canh("form", "status", "--json", *more)
    ok(status is None or r.status == status, f"canh form status {' '.join(more)}: {status}", r)
    return [json.loads(line) for line in r.text.splitlines()]


def test_list(p):
    forms = {x["form"]: x for x in p.rows("form", "list")}
    ok(len(forms) >= 12 and forms["telecom-daily"]["every"] == "day" and
       forms["telecom-daily"]["limits"] >= 6, "the shipped forms", forms)
    equal(sorted(x["form"] for x in p.rows("form", "list", "--unit", "BC"))[:2],
          ["contraband", "kt1"], "those that a unit fills")
    fields = {x["field"]: x for x in p.rows("form", "show", "telecom-daily")}
    ok(fields["sites_down"]["nothing"] and fields["core_load"]["limits"], "its fields and limits")
    p.refused(66, "telecom-daily", "form", "show", "telecom-daly")


def test_fill(p):
    p.refused(65, "canh form list", "form", "fill", "telecom-daily", "--unit", "CQ", "--nothing")
    p.refused(65, "canh form show", "form", "fill", "telecom-daily", "--unit", "VT", "--set", "x=1")
    p.refused(64, "--set 'x'", "form", "fill", "telecom-daily", "--unit", "VT",
              "--set", "x")
    p.refused(64, "--set", "form", "fill", "telecom-daily", "--unit", "VT")
    blank = {**GOOD}
    del blank["congestion"]
    r = fill(p, "telecom-daily", blank, *NOON, status=65)
    ok("Congestion events" in r.errors, "a blank is not “nothing occurred”", r)
    equal(rows(p, "--form", "telecom-daily", "--at", DAY + "T20:00", status=0)[0]["state"], "open",
          "and nothing was written")
    bad = {**GOOD, "core_load": "85,5", "fibre_cuts": "2", "fibre_cuts_open": "1"}
    r = fill(p, "telecom-daily", bad, *NOON)
    ok("2 findings opened" in r.text, "values over their limits are findings", r)
    findings = p.rows("form", "status", "--findings", status=1)
    equal(sorted((x["severity"], x["unit"]) for x in findings), [("orange", "VT"), ("yellow", "VT")],
          "two of them are open")
    titles = " ".join(x["title"] for x in findings)
    ok("85,5 %" in titles and "Highest load" in titles, "and say the value", findings)
    r = p.canh("form", "status", "--findings", lang="vi")
    ok("85,5 %" in r.text and "tổng đài" in r.text and "Highest" not in r.text,
       "in the reader's language", r)
    text = explain(p, "II.1.d", "VT", DAY + "T20:00")
    ok("not met" in text and "Highest load of switches and core 85,5 %" in text,
       "the obligation is not met, and it says why", text)


def test_correct(p):
    at = DAY + "T17:00"
    r = fill(p, "telecom-daily", {"core_load": "75"}, "--at", at)
    ok("0 findings opened, 1 closed" in r.text and "replacing" in r.text, "one value corrected", r)
    ok("not met" in explain(p, "II.1.d", "VT", DAY + "T20:00"), "the other still counts")
    r = fill(p, "telecom-daily", {"fibre_cuts_open": "kps"}, "--at", at)
    ok("1 closed" in r.text, "the last finding is closed", r)
    equal(p.rows("form", "status", "--findings"), [], "none is open")
    text = explain(p, "II.1.d", "VT", DAY + "T20:00")
    ok("not met" not in text.split("06/10/2020 –")[1].split("07/10/2020,")[0],
       "corrected, it is met", text)
    r = fill(p, "telecom-daily", {"core_load": "75"}, "--at", at)
    ok("nothing changed" in r.text, "the same again is not sent again", r)
    row = rows(p, "--form", "telecom-daily", "--at", at, status=0)[0]
    equal((row["state"], row["revised"], row["over"], row["how"]), ("sent", True, 0, "cli"),
          "one submission stands for the day")
    p.fine("audit", "verify")


def test_nothing(p):
    p.fine("form", "fill", "contraband", "--unit", "BC", "--nothing", "--day", DAY + "T08:00", *NOON)
    row = rows(p, "--form", "contraband", "--day", DAY, "--at", DAY + "T20:00")[0]
    equal(row["state"], "nothing", "“không phát sinh” of a whole form is an answer")


def test_workbook(p, path):
    sheet = os.path.join(path, "mau.xlsx")
    later = ("--at", "2020-10-07T15:00")
    p.fine("form", "template", "telecom-daily", "--unit", "VT", "--day", "2020-10-07", "--output",
           sheet)
    offered = workbook.values(sheet)
    equal((offered.get("sites_total"), offered.get("canh-unit")), ("120", "VT"),
          "yesterday's value is offered where the form carries it")
    ok("core_load" not in offered, "and only there", offered)
    blank = os.path.join(path, "thieu.xlsx")
    workbook.type_into(sheet, blank, {"sites_down": "ba trạm", "noc_shifts_stood": 3})
    r = p.canh("form", "import", blank, "--apply", *later, lang="vi")
    row = workbook.keys(sheet)["sites_down"]
    ok(r.status == 65 and f"dòng {row}, cột D" in r.errors and "ba trạm" in r.errors and
       "chưa ghi gì" in r.errors, "a wrong value is named with sheet, row and column", r)
    full = os.path.join(path, "day.xlsx")
    workbook.type_into(sheet, full, {**GOOD, "core_load": 90})
    r = p.fine("form", "import", full, *later)
    ok("would be sent" in r.text and "over the limit" in r.text and "--apply" in r.errors,
       "a preview first", r)
    day7 = ("--form", "telecom-daily", "--at", "2020-10-07T20:00")
    equal(rows(p, *day7, status=0)[0]["state"], "open", "which writes nothing")
    r = p.canh("form", "import", full, blank, "--apply", *later)
    equal((r.status, rows(p, *day7)[0]["state"]), (65, "open"), "one bad file: none is written")
    p.fine("form", "import", full, "--apply", *later)
    r = p.fine("form", "import", full, "--apply", *later)
    ok("nothing changed" in r.text, "the same file again changes nothing", r)
    again = workbook.type_into(full, os.path.join(path, "sua.xlsx"), {"core_load": 70})
    r = p.fine("form", "import", again, *later)
    ok("90 % → 70 %" in r.text, "what would change is shown", r)
    p.fine("form", "import", again, "--apply", *later)
    row = rows(p, *day7, status=0)
    equal((len(row), row[0]["how"], row[0]["revised"], row[0]["over"]), (1, "xlsx", True, 0),
          "importing again updates, nothing is doubled")
    return sheet


def test_conflict(p, path):
    """Two people with a template each: the second does not overwrite what it never saw."""
    later = ("--at", "2020-10-08T15:00")
    files = []
    for who, load in (("a", 60), ("b", 65)):
        sheet = os.path.join(path, who + ".xlsx")
        p.fine("form", "template", "telecom-daily", "--unit", "VT", "--day", "2020-10-08",
               "--output", sheet)
        files.append(workbook.type_into(sheet, os.path.join(path, who + "-day.xlsx"),
                                        {**GOOD, "core_load": load}))
    p.fine("form", "import", files[0], "--apply", *later)
    r = p.canh("form", "import", files[1], "--apply", *later)
    ok(r.status == 65 and "somebody sent" in r.errors and "--replace" in r.errors,
       "the second is told", r)
    fresh = os.path.join(path, "c.xlsx")
    p.fine("form", "template", "telecom-daily", "--unit", "VT", "--day", "2020-10-08", "--output",
           fresh)
    equal(workbook.values(fresh).get("core_load"), "60", "a new template has what was sent")
    p.fine("form", "import", files[1], "--apply", "--replace", *later)
    p.fine("form", "template", "telecom-daily", "--unit", "VT", "--day", "2020-10-08", "--output",
           fresh)
    equal(workbook.values(fresh).get("core_load"), "65", "--replace means it")


def test_outage(p, path):
    ok("cable cut" not in explain(p, "II.5.b", "VT", DAY + "T12:00").lower().split("origin")[1],
       "no cut, nothing to prove")
    table = "field,row,value\n" + "".join(f'{k},,"{v}"\n' for k, v in OUTAGE.items())
    csv = write(os.path.join(path, "sc.csv"), table)
    p.refused(65, "--form", "form", "import", csv)
    p.refused(65, "--unit", "form", "import", csv, "--form", "outage")
    p.fine("form", "import", csv, "--form", "outage", "--unit", "VT", "--apply", "--at",
           DAY + "T03:40")
    text = explain(p, "II.5.b", "VT", DAY + "T05:00")
    ok("03:00 06/10/2020" in text and "met: there is proof" in text, "the cut is reported in time",
       text)
    text = explain(p, "II.3.c", "VT", DAY + "T05:00")
    ok("in progress" in text, "the repair is under way", text)
    text = explain(p, "II.3.c", "VT", DAY + "T12:00")
    ok("overdue" in text, "and late after four hours", text)
    table += 'restored_at,,"06:30 06/10/2020"\n'
    csv = write(os.path.join(path, "sc.csv"), table.replace('restored,,"không"', 'restored,,"có"'))
    p.fine("form", "import", csv, "--form", "outage", "--unit", "VT", "--apply", "--at",
           DAY + "T06:40")
    text = explain(p, "II.3.c", "VT", DAY + "T12:00")
    ok("met: there is proof" in text and "overdue" not in text, "repaired in time", text)
    last = rows(p, "--form", "outage", "--day", DAY, "--at", DAY + "T20:00")
    equal(len(last), 1, "one outage, reported twice")
    shown = p.fine("form", "view", last[0]["id"]).text
    ok("Hours to repair: 3,5 hours" in shown, "the hours to repair are worked out", shown)
    text = explain(p, "II.5.c", "VT", DAY + "T12:00")
    ok("03:00 06/10/2020" not in text, "no works were destroyed", text)


def test_rows(p):
    answers = {"reference[1]": "VV-01/2020", "goods[1]": "drugs", "found_at[1]": "09:00 06/10/2020",
               "authority[1]": "Công an tỉnh", "told_at[1]": "09:30 06/10/2020",
               "handed_over[1]": "có"}
    r = p.canh("form", "fill", "contraband", "--unit", "BC", "--set", "reference=x")
    ok(r.status == 64 and "[1]" in r.errors, "a repeated field needs its row", r)
    fill(p, "contraband", answers, "--at", DAY + "T10:00", unit="BC")
    text = explain(p, "II.4.a", "BC", DAY + "T12:00")
    ok("09:00 06/10/2020" in text and "met: there is proof" in text, "a case told in time", text)


def test_photo(p, path):
    """A photo is evidence of the unit; a form that is refused leaves none behind."""
    photo = write(os.path.join(path, "gia.png"), b"\x89PNG\r\n\x1a\n" + bytes(50))
    answers = {"outlet[1]": "Điểm 1", "opens[1]": "7:00", "closes[1]": "17h30", "deviations[1]": "0",
               "prices_posted[1]": "có", "photo_on[1]": "05/10/2020", "photo[1]": "@" + photo}
    before = len(p.rows("evidence", "list"))
    declared = ("--not-classified", "--person", "1")
    fill(p, "outlets", {**answers, "opens[1]": ""}, *NOON, *declared, unit="BC", status=65)
    equal(len(p.rows("evidence", "list")), before, "refused: no photo is kept")
    r = fill(p, "outlets", {**answers, "photo[1]": "@" + __file__ + ".none"}, *NOON, unit="BC",
             status=66)
    r = fill(p, "outlets", answers, *NOON, unit="BC", status=77)
    ok("is a picture" in r.errors and "--not-classified" in r.errors, "a photo cannot be read", r)
    fill(p, "outlets", answers, *NOON, *declared, unit="BC")
    rows_ = [x for x in p.rows("evidence", "list", "--unit", "BC") if x["kind"] == "form.photo"]
    equal([x["file"] for x in rows_], ["gia.png"], "sent: the photo is evidence")
    r = fill(p, "outlets", {"photo[1]": "@" + os.path.join(path, "mau.xlsx")}, *NOON, unit="BC")
    p.fine("evidence", "verify")
    text = explain(p, "II.2.b", "BC", "2020-10-31T12:00")
    ok("met: there is proof" in text, "posted prices are proven", text)


def test_define(p, path):
    with open(os.path.join(ROOT, "forms", "kt1.yaml"), encoding="utf-8") as f:
        text = f.read()
    own = write(os.path.join(path, "kt1.yaml"), text.replace("edition: 1", "edition: 1\n# own"))
    p.refused(65, "edition", "form", "define", own, "--unit", "SO")
    own = write(os.path.join(path, "kt1.yaml"), text.replace("edition: 1", "edition: 2"))
    p.fine("form", "define", own, "--unit", "SO")
    equal({x["form"]: (x["edition"], x["from"]) for x in p.rows("form", "list")}["kt1"],
          (2, "state"), "a new edition with limits of one's own")
    bad = write(os.path.join(path, "bad.yaml"), text.replace("kind: count", "kind: cuont", 1))
    r = p.canh("form", "define", bad, "--unit", "SO")
    ok(r.status == 65 and "bad.yaml:" in r.errors and "count" in r.errors,
       "a mistake in a form is named with its place", r)
    twins = write(os.path.join(path, "twins.yaml"),
                  "form: twins\nedition: 1\ntitle: Hai tên\nevery: day\nfor: [telecom]\ngroups:\n"
                  "- group: g\n  title: Nhóm\n  fields:\n"
                  "  - {field: a, title: Số máy, kind: count}\n"
                  "  - {field: b, title: Số máy, kind: count}\n")
    p.fine("form", "define", twins, "--unit", "SO")
    fill = ("form", "fill", "twins", "--unit", "VT", "--set")
    p.refused(65, "several fields", *fill, "số máy=1")
    p.refused(65, "no field", *fill, "=1")
    p.fine(*fill, "b=1", "--at", "2020-10-09T16:00")


def test_terminal(p):
    """Question by question; a wrong answer is asked again, Enter takes what is offered."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(CANH, [CANH, "form", "fill", "telecom-daily", "--unit", "VT", "--lang=en",
                         "--at", "2020-10-09T16:00"], environment(CANH_STATE=p.dir, TZ="UTC"))
    replies = iter(["", "3", "", "nhiều", "kps", "", "", "", "", "", "none", "", "0", "", "none",
                    "", "60", "", "", ""])
    seen = b""
    pending = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([fd], [], [], 10)
        try:
            got = os.read(fd, 65536) if ready else b""
        except OSError:
            break
        if not got:
            break
        seen += got
        pending += got
        while b": " in pending and pending.endswith(b": "):
            pending = b""
            os.write(fd, (next(replies, "") + "\n").encode())
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    text = seen.decode("utf-8", "replace")
    ok(status == 0 and "nhiều" in text and "[120" in text and "sent" in text.splitlines()[-1],
       "a form is filled in at a terminal", text)
    row = rows(p, "--form", "telecom-daily", "--day", "2020-10-09", "--at", "2020-10-09T20:00")[0]
    equal((row["state"], row["how"]), ("sent", "cli"), "and sent")


def test_together(p, path):
    """Several files of a form nobody used before, two of them for one period, in one go."""
    files = []
    for i, (day, spam) in enumerate((("05/10/2020", 3), ("06/10/2020", 4), ("06/10/2020", 5))):
        sheet = os.path.join(path, f"spam{i}.xlsx")
        p.fine("form", "template", "spam", "--unit", "VT", "--output", sheet, *NOON)
        files.append(workbook.type_into(sheet, sheet, {
            "canh-day": day, "spam_complaints": spam, "scam_complaints": "kps",
            "call_complaints": "kps", "senders_blocked": "kps", "urls_blocked": "kps",
            "fake_stations": "kps"}))
    r = p.canh("form", "import", *files, "--apply", "--at", "2020-10-07T08:00")
    ok(r.status == 65 and "somebody sent" in r.errors, "two files for one period contradict", r)
    p.fine("form", "import", *files[:2], "--apply", "--at", "2020-10-07T08:00")
    got = rows(p, "--form", "spam", "--day", "2020-10-06", "--back", "2", "--at",
               "2020-10-07T20:00", status=0)
    equal([x["state"] for x in got], ["sent", "sent"], "both days are sent")


def test_hostile(p, path):
    p.refused(65, "--form", "form", "import",
              write(os.path.join(path, "junk.csv"), "a;b\n1;2\n"))
    bomb = write(os.path.join(path, "bad.xlsx"), b"PK\x03\x04" + bytes(200))
    r = p.canh("form", "import", bomb, "--form", "kt1", "--unit", "BC")
    ok(r.status == 65 and "bad.xlsx" in r.errors, "a broken workbook is refused", r)
    tcvn = write(os.path.join(path, "tcvn.csv"), b"field,row,value\nx,,\xaen vi\xd6t\n")
    r = p.canh("form", "import", tcvn, "--form", "kt1", "--unit", "BC")
    equal(r.status, 65, "legacy encodings are refused")


SUPERIORS = """Mã cán bộ;Họ và tên;Mã đơn vị;Vai trò
T1;Người Thử Tỉnh;TINH;Thủ trưởng
S1;Người Thử Sở;SO;Điều phối
S2;Người Thử Nhìn;SO;Cán bộ trực
"""
LED = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Cơ quan chủ trì\nVT;Viễn thông Giả Định;telecom;SO\n"


# Who called sudo is believed of root alone; else everything here comes from one hand.
TWO_HANDS = os.getuid() == 0
CONFIRMED = "confirmed by others" if TWO_HANDS else "declared"


def decide(p, verb, id, *more, by=("SO", "S1"), at="2020-10-20T18:00", sudo="nguoi-duyet"):
    return p.fine("form", verb, id, "--unit", by[0], "--person", by[1], "--at", at, *more,
                  env={"SUDO_USER": sudo})


def strength(p):
    """How strong the proof of the day that is decided about is; "" when it is not met."""
    text = explain(p, "II.1.d", "VT", "2020-10-20T20:00").split("20/10/2020 – ")[-1]
    return text.split("(")[1].split(")")[0] if " met" in text and "(" in text else ""


def test_decide(p, path):
    """What a superior unit says of what was sent, and what it proves then."""
    now = ("--at", "2020-10-20T16:00")
    at = ("--form", "telecom-daily", "--unit", "VT", "--at", "2020-10-20T20:00")
    r = fill(p, "telecom-daily", GOOD, *now, "--person", "1")
    row = rows(p, *at)[0]
    equal((row["state"], row["why"], row["decided"]), ("sent", "", None), "sent, and not decided")
    id = row["id"]
    equal(strength(p), "declared", "which is what the unit declares")
    p.fine("import", "people", write(os.path.join(path, "tren.csv"), SUPERIORS), "--apply")
    p.refused(77, "neither below", "form", "approve", id, "--unit", "SO", "--person", "S1")
    p.fine("import", "units", write(os.path.join(path, "chu-tri.csv"), LED), "--apply")
    p.refused(77, "neither head nor coordinator", "form", "approve", id, "--unit", "SO",
              "--person", "S2")
    p.refused(77, "this very unit", "form", "approve", id, "--unit", "VT", "--person", "1")
    p.refused(64, "--why", "form", "return", id, "--unit", "SO", "--person", "S1")
    p.refused(64, "--person", "form", "approve", id, "--unit", "SO")
    p.refused(66, "begins with", "form", "approve", "ffffffffffff", "--unit", "SO", "--person",
              "S1")
    p.refused(64, "hexadecimal", "form", "view", "x")
    r = decide(p, "return", id[:8], "--why", "Tải tổng đài chưa khớp")
    ok("returned" in r.text, "returned with the reason", r)
    r = p.fine("form", "status", *at, status=0)
    ok("returned" in r.text and "Tải tổng đài chưa khớp" in r.text, "which the unit sees", r)
    equal(rows(p, *at[:4], "--at", "2020-10-21T20:00", "--back", "2", "--only", "returned")[0]["id"],
          id, "and can ask for")
    equal(strength(p), "", "it proves nothing")
    r = p.canh("form", "fill", "telecom-daily", "--unit", "VT", *sets(GOOD), *now)
    ok(r.status == 65 and "Tải tổng đài chưa khớp" in r.errors, "the same answers are refused", r)
    r = fill(p, "telecom-daily", {"core_load": "64"}, *now, "--person", "1")
    ok("replacing" in r.text, "others are sent", r)
    second = rows(p, *at)[0]["id"]
    p.refused(65, "another one instead", "form", "approve", id, "--unit", "SO", "--person", "S1")
    r = p.canh("form", "approve", second, id, "--unit", "SO", "--person", "S1")
    ok(r.status == 65 and rows(p, *at)[0]["state"] == "sent", "one that is not: none is approved", r)
    r = decide(p, "approve", second, "--json")
    got = json.loads(r.text)
    equal((got["state"], got["changed"], got["unit"]), ("approved", True, "VT"), "approved")
    equal(strength(p), CONFIRMED, "now somebody else confirms it")
    decide(p, "approve", second, by=("TINH", "T1"))
    r = p.canh("form", "return", second, "--unit", "SO", "--person", "S1", "--why", "?")
    ok(r.status == 65 and "ask the unit for a correction" in r.errors, "it stays approved", r)
    r = p.canh("form", "fill", "telecom-daily", "--unit", "VT", "--set", "core_load=65", *now)
    ok(r.status == 65 and "--replace" in r.errors, "and is not overwritten silently", r)
    view = json.loads(p.fine("form", "view", second, "--json").text)
    values = {x["field"]: x["value"] for x in view["values"]}
    equal((view["decided_by"], view["person"], values["core_load"]),
          ("Người Thử Sở", "Người Thử Một", "64 %"), "form view: who, and what")
    text = p.canh("form", "view", second, lang="vi").text
    ok("đã duyệt" in text and "Người Thử Sở" in text and "64 %" in text, "for people too", text)
    fill(p, "telecom-daily", {"core_load": "66"}, "--replace", *now)
    equal(strength(p), "declared", "a correction waits for approval again")
    decide(p, "return", rows(p, *at)[0]["id"], "--why", "không cần sửa")
    equal(strength(p), CONFIRMED, "returned, what was approved counts again")
    fill(p, "telecom-daily", {"core_load": "67"}, "--replace", *now)
    r = decide(p, "approve", rows(p, *at)[0]["id"], sudo="")
    ok("approved" in r.text and "still counts as declared" in r.errors, "sent and approved by one user",
       r)
    equal(strength(p), "declared", "it stays declared")
    log = p.fine("audit", "list", "--json").text
    ok('"submission"' in log, "decisions are in the audit")
    ok(all(json.loads(x)["uid"] == os.getuid() for x in log.splitlines()), "with the user", log[-300:])
    ok(not TWO_HANDS or '"sudo":"nguoi-duyet"' in log, "and who called sudo")
    p.fine("audit", "verify")


def main():
    with folder() as path:
        p = Province(path)
        p.fine("plan", "import", "quang-ngai-2020", "--unit", "SO", "--activate")
        test_list(p)
        test_fill(p)
        test_correct(p)
        test_nothing(p)
        test_workbook(p, path)
        test_conflict(p, path)
        test_outage(p, path)
        test_rows(p)
        test_photo(p, path)
        test_define(p, path)
        test_terminal(p)
        test_together(p, path)
        test_hostile(p, path)
        test_decide(p, path)
    done()


main()
