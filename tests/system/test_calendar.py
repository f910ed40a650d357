#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh import roster lich.ics: calendars of other programs, errors by line in both languages,
again = update, all or nothing; and canh's own export comes back as the same roster."""
import json
import os
import re

from support import canh, done, folder, ok, write

UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên\nTT;Trung tâm Giả Định;centre;\n"
PEOPLE = """Mã cán bộ;Họ và tên;Mã đơn vị;Thư điện tử;Vai trò
C1;Nguyễn Văn Thử;TT;thu@gia-dinh.example
C2;Trần Thị Mẫu;TT;mau@gia-dinh.example
C3;Lê Giả;TT;
H1;Phạm Thị Trưởng;TT;;thủ trưởng
"""
NOW = {"CANH_DEMO_NOW": "2026-11-20 08:00"}

DAY = """BEGIN:VEVENT
UID:ngay
DTSTAMP:20261101T000000Z
DTSTART;TZID=Asia/Ho_Chi_Minh:20261201T070000
DTEND;TZID=Asia/Ho_Chi_Minh:20261201T190000
RRULE:FREQ=DAILY;COUNT=4
EXDATE;TZID=Asia/Ho_Chi_Minh:20261203T070000
SUMMARY:Ca ngày - Nguyễn Văn Thử
END:VEVENT
"""
NIGHT = """BEGIN:VEVENT
UID:dem
DTSTAMP:20261101T000000Z
DTSTART:20261201T120000Z
DURATION:PT12H
RRULE:FREQ=DAILY;UNTIL=20261204T120000Z
SUMMARY:Trực đêm
ATTENDEE;CN="Trần Thị Mẫu":mailto:mau@gia-dinh.example
ATTENDEE:mailto:thu@gia-dinh.example
END:VEVENT
"""
WHOLE = """BEGIN:VEVENT
UID:ca-ngay-dem
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20261206
SUMMARY:Trực: Lê Giả
LOCATION:attt
END:VEVENT
"""


def calendar(*events):
    return ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n" + "".join(events) +
            "END:VCALENDAR\n").replace("\n", "\r\n")


class Place:
    """A state with people and posts, and files beside it."""

    def __init__(self, path):
        self.dir = path
        os.makedirs(path, exist_ok=True)
        self.run("import", "units", self.file("u.csv", UNITS), "--demo", "--apply")
        self.run("import", "people", self.file("p.csv", PEOPLE), "--apply")
        self.run("duty", "post", "-u", "TT", "-p", "attt", "--name", "Trực ATTT")

    def file(self, name, text):
        return write(os.path.join(self.dir, name), text)

    def run(self, *args, lang="vi"):
        return canh(*args, "--state", os.path.join(self.dir, "state"), "--lang", lang, env=NOW)

    def roster(self, name, *args, lang="vi"):
        return self.run("import", "roster", os.path.join(self.dir, name), "-u", "TT", *args,
                        lang=lang)

    def sums(self, name, *args):
        r = json.loads(self.roster(name, "--json", *args).text)
        return [r[k] for k in ("added", "changed", "same", "failed", "applied")]

    def planned(self, post="attt"):
        r = self.run("duty", "next", "-u", "TT", "-p", post, "--at", "2026-11-30", "-n", "240",
                     "--json")
        spans = {}
        for x in map(json.loads, r.text.splitlines()):
            people = spans.setdefault((x["from"][:16], x["until"][:16]), [])
            people += [(x["person"], x["presence"])] if x["person"] else []
        return [(*when, people) for when, people in spans.items()]


def test_import(p):
    p.file("a.ics", calendar(DAY, NIGHT, WHOLE))
    r = p.roster("a.ics")
    ok(r.status == 0 and "thêm 12" in r.text and "chưa ghi" in r.text and
       "dòng 4\t01/12/2026 07:00–19:00  Nguyễn Văn Thử" in r.text and
       "dòng 13\t01/12/2026 19:00–07:00  Trần Thị Mẫu" in r.text, "a preview by line", r)
    ok(not p.planned()[0][2] and len(p.planned()) == 1, "which writes nothing")
    ok(p.sums("a.ics", "--apply") == [12, 0, 0, 0, True], "it is imported")
    ok(p.sums("a.ics", "--apply") == [0, 0, 12, 0, True], "again: nothing changes")
    want = [("Trần Thị Mẫu", "on-site"), ("Nguyễn Văn Thử", "on-site")]
    ok(("2026-12-01T12:00", "2026-12-02T00:00", want) in p.planned(),
       "who stands, in the order of those who attend", p.planned())
    p.file("b.ics", calendar(DAY.replace("COUNT=4", "COUNT=2"), NIGHT, WHOLE))
    r = p.roster("b.ics", "--apply")
    ok(r.status == 0 and "giữ nguyên 11" in r.text and "1 phiên trực cũ" in r.errors,
       "a changed calendar updates: what it no longer says goes", r)
    ok(p.sums("a.ics", "--apply") == [1, 0, 11, 0, True], "and comes back")


def test_errors(p):
    before = p.planned()
    bad = calendar(DAY.replace("20261201T070000", "20270230T070000"),
                   NIGHT.replace('CN="Trần Thị Mẫu":mailto:mau@', 'CN="Người Lạ":mailto:la@'),
                   WHOLE.replace("Trực: Lê Giả", "Họp giao ban"),
                   WHOLE.replace("VALUE=DATE:20261206", "TZID=Mars/Base:20261206T070000"))
    p.file("bad.ics", bad)
    r = p.roster("bad.ics", "--apply")
    lines = bad.split("\r\n")
    for word, start in (("20270230T070000", "DTSTART;TZID=Asia/Ho_Chi_Minh:20270230"),
                        ("Người Lạ", "ATTENDEE;CN=\"Người"), ("Mars/Base", "DTSTART;TZID=Mars")):
        at = next(i for i, x in enumerate(lines, 1) if x.startswith(start))
        ok(r.status == 65 and re.search(rf"dòng {at}: .*{re.escape(word)}", r.errors),
           f"line {at}: {word}", r)
    ok("Họp giao ban" in r.errors and "Trực: Nguyễn Văn A" in r.errors, "nobody named: the cure", r)
    r = p.roster("bad.ics", "--apply", lang="en")
    ok(r.status == 65 and "no real date" in r.errors and "VTIMEZONE" in r.errors and
       "names nobody" in r.errors, "the same in English", r)
    ok(p.planned() == before, "nothing was written")
    p.file("cut.ics", calendar(DAY)[:-40])
    r = p.roster("cut.ics", "--apply")
    ok(r.status == 65 and "cắt ngang" in r.errors and "cut.ics:4:" in r.errors, "a file cut off", r)
    p.file("no.ics", calendar())
    r = p.roster("no.ics")
    ok(r.status == 65 and "không có ai trực" in r.errors, "no events", r)
    write(os.path.join(p.dir, "utf16.ics"), calendar(DAY).encode("utf-16"))
    r = p.roster("utf16.ics")
    ok(r.status == 65, "UTF-16 is refused", r)
    p.file("big.ics", calendar("X-LONG:" + "a" * (9 << 20) + "\n"))
    r = p.roster("big.ics")
    ok(r.status == 65 and "8 MiB" in r.errors, "so is a file too big", r)
    p.file("people.ics", calendar(DAY))
    r = p.run("import", "people", os.path.join(p.dir, "people.ics"), "-u", "TT")
    ok(r.status == 65, "a calendar is no list of people", r)


def test_posts(p):
    p.run("duty", "post", "-u", "TT", "-p", "mang", "--name", "Trực mạng")
    p.file("which.ics", calendar(DAY))
    r = p.roster("which.ics")
    ok(r.status == 65 and "--post" in r.errors, "two posts: which one must be said", r)
    p.file("place.ics", calendar(DAY.replace("UID:ngay", "UID:x\nLOCATION:Trực mạng"), WHOLE))
    r = p.roster("place.ics", "--apply")
    ok(r.status == 0 and "thêm 3" in r.text and "giữ nguyên 1" in r.text,
       "by the place of the event, two posts in one calendar", r)
    ok(any(x[2] for x in p.planned("mang")), "it is at that post", p.planned("mang"))
    named = calendar(DAY).replace("PRODID", "X-WR-CALNAME:TRỰC MẠNG\r\nPRODID")
    p.file("named.ics", named)
    r = p.roster("named.ics")
    ok(r.status == 0 and "giữ nguyên 3" in r.text, "by the calendar's name", r)


def test_round_trip(p, path):
    p.run("duty", "replace", "put", "-u", "TT", "-p", "attt", "--person", "C1", "--with", "C3",
          "--from", "2026-12-02 07:00", "--until", "2026-12-02 12:00", "--reason", "họp",
          "--by", "H1")
    ics = p.run("duty", "export", "-u", "TT", "-p", "attt", "--at", "2026-11-30", "--hours", "240")
    planned = p.planned()
    ok(len(planned) > 6, "a roster with a replacement", planned)
    other = Place(os.path.join(path, "other"))
    write(os.path.join(other.dir, "e.ics"), ics.out)
    ok(other.sums("e.ics", "--apply")[3:] == [0, True] and other.planned() == planned,
       "elsewhere, by names: the same roster", other.planned(), planned)
    again = other.run("duty", "export", "-u", "TT", "-p", "attt", "--at", "2026-11-30", "--hours",
                      "240")
    plain = lambda t: re.sub(r"(?m)^(UID:|ATTENDEE).*\r\n( .*\r\n)*", "", t)
    ok(plain(again.text) == plain(ics.text), "and the same calendar", again.text, ics.text)
    write(os.path.join(p.dir, "e.ics"), ics.out)
    p.roster("e.ics", "--apply")
    ok(p.planned() == planned, "at home, over itself: the same again", p.planned(), planned)


def main():
    with folder() as path:
        p = Place(os.path.join(path, "here"))
        test_import(p)
        test_errors(p)
        test_round_trip(p, path)
        test_posts(p)
    done()


main()
