#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh duty: five invented people at three units through five days: turns, coverage, check-in,
signs of life, the log, the clock set back, handover, leave, swaps, a missed shift."""
import json
import os
import re
import subprocess
import zipfile

from support import CANH, canh, done, environment, folder, golden, ok, write

UNITS = """Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên
SO;Sở Giả Định;agency;
TT;Trung tâm Giả Định;centre;SO
XA;Xã Giả Định;commune;SO
"""
PEOPLE = """Mã cán bộ;Họ và tên;Mã đơn vị;Chức vụ;Điện thoại;Vai trò
C1;Nguyễn Văn Thử;TT;Chuyên viên;0900000001;duty
C2;Trần Thị Mẫu;TT;Chuyên viên;0900000002;duty
C3;Lê Giả;TT;Giám đốc;0900000003;head
S1;Phạm Điều Phối;SO;Trưởng phòng;0900000004;coordinator
X1;Đỗ Xã;XA;Công chức;0900000005;duty
"""
POST = ("-u", "TT", "-p", "attt")


class Play:
    """Runs verbs at a time of the demonstration and keeps what they say, ids made the same."""

    def __init__(self, state):
        self.state, self.text, self.ids = state, "", {}
        self.now = "2026-01-01 08:00"

    def run(self, *args, lang="vi"):
        return canh(*args, "--state", self.state, "--lang", lang,
                    env={"CANH_DEMO_NOW": self.now})

    def say(self, *args, lang="vi"):
        r = self.run("duty", *args, lang=lang)
        shown = [a if re.fullmatch(r"[\w./:+%,=–-]+", a) else f'"{a}"' for a in args]
        self.text += f"[{self.now}] $ canh duty {' '.join(shown)}\n{r.text}{r.errors}"
        if r.status:
            self.text += f"({r.status})\n"
        return r

    def id_of(self, *args):
        """The only row of a list, at its beginning."""
        return json.loads(self.run("duty", *args, "--json").text.splitlines()[-1])["id"][:8]

    def transcript(self):
        """Ids are random: #1, #2 … in the order in which they are met."""
        ids = {}
        return re.sub(r"\b[0-9a-f]{8}\b", lambda m: ids.setdefault(m.group(), f"#{len(ids) + 1}"),
                      self.text)


def first_day(p):
    p.now = "2026-11-20 08:00"
    p.say("post", *POST, "--name", "Trực ATTT", "--needed", "24/7", "--alive-every", "60")
    p.say("post", "-u", "XA", "-p", "xa", "--name", "Trực xã", "--needed", "mon-fri 07:00-17:00",
          "--on-call")
    p.say("post", "-u", "XA", "-p", "sai", "--needed", "thứ hai 7h")
    p.say("roster", *POST, "--rule", "FREQ=DAILY", "--people", "C1,C2", "--from",
          "2026-11-20 07:00")
    p.say("roster", *POST, "--approve", "--by", "C1")
    p.say("roster", *POST, "--approve", "--by", "C3")
    p.say("roster", *POST, "--approve", "--by", "C3")
    p.say("cover", "ask", "-u", "XA", "-p", "xa", "--by-unit", "TT", "--by-post", "attt",
          "--on-call", "--from", "2026-11-20")
    p.say("now", "-u", "XA")
    p.say("cover", "accept", "--id", p.id_of("cover"), "--by", "C3")
    p.say("now")
    p.say("missed", "-p", "attt")
    p.say("check-in", *POST, "--person", "C2")
    p.say("check-in", *POST, "--person", "C1")
    p.say("check-in", *POST, "--person", "C1")
    p.say("check-in", "-u", "XA", "-p", "xa", "--person", "TT/C1")
    p.now = "2026-11-20 09:00"
    p.say("log", *POST, "--person", "C1", "Cảnh báo đăng nhập sai", "--source", "máy chủ thư",
          "--action", "đã khóa tài khoản")
    line = p.id_of("log", *POST)
    p.say("log", *POST, "--person", "C1", "--correct", line, "Cảnh báo đăng nhập sai, 3 tài khoản")
    p.now = "2026-11-20 08:30"
    p.say("log", *POST, "--person", "C1", "Sau khi giờ máy bị lùi")
    p.now = "2026-11-20 22:50"
    p.say("alive", *POST, "--person", "C1")
    p.now = "2026-11-20 23:30"
    p.say("now", "-p", "attt")


def second_day(p):
    p.now = "2026-11-21 06:55"
    p.say("missed")
    p.say("handover", "-p", "attt")
    p.say("handover", *POST, "--person", "C1", "--item", "Chìa khóa phòng máy", "--weather",
          "Mưa to, nguy cơ ngập", "--power", "Điện lưới ổn định, dầu máy phát đủ 8 giờ", "--note",
          "Đã báo điện lực")
    p.say("check-in", *POST, "--person", "C2")
    p.say("handover", *POST, "--person", "C1", "--accept")
    p.say("handover", *POST, "--person", "C2", "--object", "thiếu chìa khóa")
    p.say("handover", "-p", "attt")
    p.say("handover", *POST, "--person", "C2", "--accept")
    p.say("log", "-p", "attt")
    p.say("now", "-p", "attt", "--at", "2026-11-21 07:30")
    p.say("log", *POST, "--person", "C1", "--paper", "--at", "2026-11-20 15:00", "Ghi từ giấy")
    p.say("log", "-p", "attt")


def arrangements(p):
    p.say("leave", "ask", *POST, "--person", "C1", "--from", "2026-11-22", "--until", "2026-11-23")
    leave = p.id_of("leave")
    p.say("gaps", "-u", "TT")
    p.say("leave", "approve", leave)
    p.say("leave", "approve", leave, "--by", "C1")
    p.say("leave", "approve", "--id", leave, "--by", "Lê Giả")
    p.say("leave", "approve", leave, "--by", "C3")
    p.say("gaps", "-u", "TT")
    p.say("swap", "ask", *POST, "--person", "C1", "--with", "C2", "--from", "2026-11-22 07:00",
          "--until", "2026-11-23 07:00", "--reason", "nghỉ phép")
    swap = p.id_of("swap")
    p.say("swap", "approve", "--id", swap, "--by", "C3")
    p.say("swap", "agree", "--id", swap)
    p.say("swap", "approve", "--id", swap, "--by", "C3")
    p.say("gaps", "-u", "TT")
    p.say("swap", "agree", "--id", swap)
    p.say("swap", "cancel", "--id", "abc")
    p.say("replace", "put", *POST, "--person", "C3", "--with", "C2", "--from", "2026-11-29 07:00",
          "--until", "2026-11-30 07:00", "--reason", "nhầm người")
    p.say("replace", "put", *POST, "--person", "C3", "--with", "C2", "--from", "2026-11-29 07:00",
          "--until", "2026-11-30 07:00", "--reason", "nhầm người", "--by", "C3")
    p.say("replace", "put", *POST, "--person", "C3", "--with", "C2", "--from", "2026-11-29 07:00",
          "--until", "2026-11-30 07:00", "--reason", "nhầm người", "--by", "SO/S1")
    wrong = p.id_of("replace")
    p.say("replace", "cancel", "--id", wrong)
    p.say("replace", "cancel", "--id", wrong, "--by", "C3")
    p.say("replace", "put", *POST, "--person", "C2", "--with", "C1", "--from", "2026-11-23 07:00",
          "--until", "2026-11-23 12:00", "--reason", "C1 đang nghỉ phép", "--by", "C3")
    p.say("replace", "cancel", "--id", p.id_of("replace"), "--by", "C3")
    p.say("leave", "list", "-u", "XA")
    p.say("replace", "put", *POST, "--person", "C2", "--with", "C3", "--from", "2026-11-25 07:00",
          "--until", "2026-11-26 07:00", "--reason", "họp", "--by", "C3")
    p.say("next", "-u", "TT", "--at", "2026-11-24 07:00", "-n", "72")
    p.say("turns", "-u", "TT", "--from", "2027-01-01", "--until", "2027-03-31")


def missed(p):
    p.now = "2026-11-24 08:00"
    p.say("missed")
    p.say("missed", "-p", "attt", "--json")
    p.say("missed", "-p", "attt", lang="en")
    p.say("told", *POST, "--person", "C2", "--by", "C3", "--from", "2026-11-24 07:00", "--how",
          "điện thoại", "--at", "2026-11-24 07:40")
    p.say("told", *POST, "--person", "C2", "--from", "2026-11-24 07:00", "--at", "2026-11-24 06:00")
    p.say("missed", "-p", "attt")
    p.say("check-in", *POST, "--person", "C3", "--for", "C1", "--at", "2026-11-24 07:05")
    p.say("now", "-p", "attt")
    p.say("check-out", *POST, "--person", "C3")
    p.say("now", "-p", "attt", lang="en")


def mine(p, path):
    """canh duty alone and canh todo: whose unit and who is asked by the environment or a file."""
    p.now = "2026-11-25 07:30"
    own = write(os.path.join(path, "canh", "settings"), "# của tôi\nunit = TT\nperson = C2\n")
    bare = p.run("duty")
    ok(bare.status == 64 and "CANH_UNIT" in bare.errors, "whose is asked for", bare)
    env = {"CANH_DEMO_NOW": p.now, "XDG_CONFIG_HOME": path}
    run = lambda *args, **more: canh(*args, "--state", p.state, "--lang", "vi", env={**env, **more})
    r = run("duty")
    ok("Ca trực của Trần Thị Mẫu" in r.text and "25/11/2026" not in r.text.split("việc")[0],
       "the file says who", r)
    r = run("duty", CANH_PERSON="Nguyễn Văn Thử")
    ok("Ca trực của Nguyễn Văn Thử" in r.text, "the environment before it", r)
    rows = [json.loads(x) for x in run("todo", "--json").text.splitlines()]
    ok(any(x["kind"] == "shift" and x["code"] == "attt" and x["late"] for x in rows),
       "the shift that nobody took", rows)
    p.run("duty", "leave", "ask", "-u", "XA", "--person", "Đỗ Xã", "--from", "2026-12-20", "--until",
          "2026-12-21")
    r = run("todo", "-u", "XA")
    ok(r.status == 1 and "nghỉ phép" in r.text and "Đỗ Xã" in r.text, "leave that waits, of a person",
       r)
    write(own, "mau = đỏ\n")
    r = run("todo")
    ok(r.status == 64 and "settings, dòng 1" in r.errors, "a line that says nothing", r)


def terms(p, path):
    """A unit's own terms: checked, kept, in force for what is below it, and gone again."""
    own = p.run("duty", "terms", "--yaml").text
    file = write(os.path.join(path, "quy-dinh.yaml"), own.replace("after: 5,", "after: 12,"))
    bad = write(os.path.join(path, "sai.yaml"), own.replace("night: 22:00-06:00", "night: 25:00"))
    p.now = "2026-11-25 07:10"
    p.say("terms", "-u", "TT")
    ok("sai.yaml:12:" in p.run("duty", "terms", bad, "-u", "TT", "--apply").errors,
       "a wrong file is refused at its place")
    ok("xem trước" in p.run("duty", "terms", file, "-u", "SO").errors, "a preview")
    ok(p.run("duty", "missed", "-p", "attt", "--json").text.count('"standing":"late"') == 1,
       "ten minutes late by canh's terms")
    p.run("duty", "terms", file, "-u", "SO", "--apply", "--source", "Quy chế 5/QC")
    ok('"standing":"late"' not in p.run("duty", "missed", "-p", "attt", "--json").text,
       "not by those of the unit above")
    p.say("terms", "-u", "TT", lang="en")
    p.say("terms", "-u", "TT", "--drop")
    p.say("terms", "-u", "SO", "--drop")
    log = p.run("audit", "list", "--json").text
    ok(log.count('"thing":"setting"') == 2, "both are in the audit", log[-900:])


def clock(p):
    """Times of a span in which the clock was wrong are shown with a mark; a warning of it ends."""
    p.now = "2026-12-06 07:30"
    log = lambda: p.run("duty", "log", "-p", "attt", "-n", "200", "--at", "2026-11-20 23:00").text
    ok("09:00 20/11/2026 " in log() and "09:00 20/11/2026?" not in log(), "a log as it was written",
       log())
    r = p.run("audit", "clock", "--from", "2026-11-20 08:30", "--until", "2026-11-20 09:30")
    ok(r.status == 0 and "09:00 20/11/2026?" in log(), "then the clock is said to have been wrong",
       r, log())
    rows = [json.loads(x) for x in p.run("duty", "log", "-p", "attt", "--at", "2026-11-20 23:00",
                                         "--json").text.splitlines()]
    ok(all("?" not in x["at"] for x in rows), "programs read times alone", rows)


def at_once(p):
    """Five terminals take one shift at one time: one of them has it."""
    p.now = "2026-12-06 07:00"
    args = ["duty", "check-in", *POST, "--person", "C1", "--state", p.state, "--lang", "en"]
    env = environment(CANH_DEMO_NOW=p.now)
    runs = [subprocess.Popen([CANH, *args], env=env, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE) for _ in range(5)]
    said = [(*r.communicate(), r.returncode) for r in runs]
    ok(sorted(status for _, _, status in said) == [0, 65, 65, 65, 65], "a shift is taken once", said)
    ok(all(b"still on a shift" in err for _, err, status in said if status), "the others hear why",
       said)


def text_of(p, path, *args):
    """A sheet as text, and what the verb said."""
    out = os.path.join(path, "sheet.pdf")
    r = p.run("print", *args, "-o", out)
    if not ok(r.status == 0, f"print {' '.join(args)}", r):
        return ""
    return subprocess.run(["pdftotext", "-layout", out, "-"], capture_output=True, text=True,
                          check=False).stdout


def sheets(p, path):
    t = text_of(p, path, "lich-truc", "-u", "TT", "--from", "2026-11-24", "--until", "2026-11-26")
    ok("LỊCH TRỰC" in t and "Đã duyệt ngày 20/11/2026" in t and "trực thay Trần Thị" in t and
       "0900" not in t, "the roster: approved, with the replacement, without numbers", t)
    t = text_of(p, path, "lich-truc", "-u", "TT", "--phones")
    ok("0900 000 001" in t, "with numbers where they are asked for", t)
    t = text_of(p, path, "lich-truc", "-u", "XA", "--from", "2026-11-24", "--until", "2026-11-24")
    ok("được trực thay bởi" in t and "tại nhà" in t, "the covered post says so", t)
    out = os.path.join(path, "below.odt")
    r = p.run("print", "lich-truc", "-u", "SO", "-o", out, "--from", "2026-11-24", "--until", "2026-11-24")
    with zipfile.ZipFile(out) as z:
        t = z.read("content.xml").decode()
    ok("Trung tâm Giả Định: " in t and "Xã Giả Định: " in t, "posts of units below name their unit", r)
    t = text_of(p, path, "so-truc", "-u", "TT", "--from", "2026-11-20", "--until", "2026-11-20")
    ok("SỔ TRỰC" in t and "giờ máy bị lùi" in t and "nhập bù từ giấy" in t and "đính chính" in t and
       "giờ máy lúc đó sai" in " ".join(t.split()),
       "the log with its marks", t)
    t = text_of(p, path, "ban-giao", "-u", "TT", "--until", "2026-11-22")
    ok("nguy cơ ngập" in t and "máy phát đủ 8 giờ" in t, "with weather and power", t)
    ok("Chìa khóa phòng máy" in t and "thiếu chìa khóa" in t and "Đã giải quyết" in t and
       "Trần Thị Mẫu" in t, "the handover with the objection and both names", t)
    t = text_of(p, path, "ban-giao", "-u", "TT", "--blank")
    ok("Thời tiết, nguồn điện" in t and "Chưa ghi" not in t, "an empty one leaves room", t)
    reads = lambda: p.run("audit", "list", "--json").text.count('"action":"reveal"')
    before = reads()
    t = text_of(p, path, "danh-ba", "-u", "SO")
    ok(t.count("chưa kiểm") == 5 and "0900 000 004" in t, "the directory, nothing proven", t)
    t = text_of(p, path, "danh-ba", "-u", "SO", "--masked")
    ok("0900 000 004" not in t, "or masked", t)
    ok(reads() == before + 5, "every number of the directory that was read is in the audit")
    t = text_of(p, path, "danh-sach-goi", "-u", "TT")
    ok("DANH SÁCH GỌI" in t and "sau 5 phút" in t and "Người trực" in t, "the call list", t)
    ok(reads() > before + 5, "every number that was read is in the audit")
    r = p.run("duty", "check-in", *POST)
    ok(r.status == 64 and "CANH_PERSON" in r.errors, "whoever does not say who they are learns how to", r)
    r = p.run("print", "so-truc", "-u", "XA", "-o", os.path.join(path, "x.pdf"))
    ok(r.status == 66 and "--blank" in r.errors, "no shift: what to do instead", r)
    r = p.run("duty", "print", "so-truc", "-u", "XA", "--blank", "-o", os.path.join(path, "x.pdf"))
    ok(r.status == 0, "an empty log for the pen", r)


def main():
    with folder() as path:
        p = Play(os.path.join(path, "state"))
        ok(p.run("import", "units", write(os.path.join(path, "u.csv"), UNITS), "--demo",
                 "--apply").status == 0, "units")
        ok(p.run("import", "people", write(os.path.join(path, "p.csv"), PEOPLE),
                 "--apply").status == 0, "people")
        first_day(p)
        second_day(p)
        arrangements(p)
        missed(p)
        mine(p, path)
        terms(p, path)
        at_once(p)
        clock(p)
        golden("duty.txt", p.transcript().encode())
        sheets(p, path)
        ics = p.run("duty", "export", *POST, "--hours", "72")
        ok(ics.status == 0 and ics.out.startswith(b"BEGIN:VCALENDAR\r\n"), "a calendar", ics)
    done()


main()
