#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The invented province of samples/province, played as `make run` plays it: what its people did
stands in the status, on the page and in the audit."""
import json
import os
import subprocess
import sys

from support import CANH, ROOT, canh, done, environment, equal, folder, ok

STORY = os.path.join(ROOT, "samples", "province", "story.txt")
NOW = {"CANH_DEMO_NOW": "2026-11-20T16:30"}


def main():
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with folder() as dir:
        state = os.path.join(dir if base is None else base, f"canh-test-{os.getpid()}")
        try:
            play(dir, state)
        finally:
            subprocess.run(["rm", "-rf", state], check=False)
    done()


def play(dir, state):
    def run(*args, now=NOW, lang="vi"):
        return canh(*args, "--state", state, "--lang", lang, env=now, cwd=dir)

    def unit_parts(unit):
        return run("plan", "status", "--unit", unit).text

    tool = [sys.executable, os.path.join(ROOT, "tools", "play"), CANH]
    r = subprocess.run([*tool, state, STORY], env=environment(), cwd=dir, capture_output=True,
                       text=True, check=False)
    if not ok(r.returncode == 0 and "verbs)" in r.stdout, "the story is played", r.stdout[-2000:],
              r.stderr):
        return
    r = run("plan", "status", "--json")
    rows = {x.get("clause", "plan"): x for x in map(json.loads, r.text.splitlines())}
    equal(r.status, 1, "something is not met")
    ok(rows["I.3"]["permille"]["missed"] == 0 and rows["I.3"]["permille"]["proved"] > 0,
       "some clauses stand well", rows["I.3"])
    duty = rows["II.1"]["permille"]
    ok(duty["declared"] > 0 and duty["proved"] == 0,
       "rosters that one hand writes and approves prove nothing", duty)
    for unit, part, state_word, why in (
            ("TT", "P.a ", "đạt", "the centre accepted in time"),
            ("CQ2", "P.a ", "quá hạn|đạt", "an agency accepted late"),
            ("XA", "I.5.b/weekly", "hẹn|chưa đạt", "the commune says not yet"),
            ("XA", "I.1.g ", "đạt", "its night is covered by the centre"),
            ("TT", "I.1.i/restore", "đạt", "a backup is proven"),
            ("TT", "I.1.g/handover", "đạt", "handovers are signed by both")):
        line = next((l for l in unit_parts(unit).splitlines() if l.startswith(part)), "")
        ok(any(w in line for w in state_word.split("|")), f"{unit} {part.strip()}: {why}",
           line or unit_parts(unit))
    ok(rows["I.C"]["permille"]["proved"] == 1000, "contacts are proven", rows["I.C"])
    ok(rows["I.6"]["permille"]["proved"] > 500, "services are probed", rows["I.6"])
    r = run("probe", "status", "-u", "TT", "--json")
    outages = [json.loads(l) for l in r.text.splitlines() if '"outage"' in l]
    ok(len(outages) == 1 and outages[0]["code"] == "MOTCUA" and
       7000 < outages[0]["length"] < 7400 and outages[0]["cause"],
       "a probe failed for two hours, and the cause is written down", r)
    line = next(l for l in unit_parts("VT").splitlines() if l.startswith("II.5.b"))
    ok("đạt" in line, "a cable cut was reported in time", line)
    r = run("duty", "now")
    ok("CHƯA NHẬN CA" in r.text and "trực thay" in r.text, "one post is empty, one is covered", r)
    for lang, parts in (("vi", ("CHƯA CÓ AI", "Người trực", "Trang 1/1")), ("en", ("NOBODY", "Page 1/1"))):
        r = run("print", "danh-sach-goi", "-u", "CQ2", "-o", "goi.pdf", lang=lang)
        got = subprocess.run(["pdftotext", "-layout", os.path.join(dir, "goi.pdf"), "-"],
                             capture_output=True, text=True, check=True).stdout
        ok(all(part in got for part in parts), "the call list says that nobody is on duty", got)
    r = run("plan", "report", "--signer", "Trần Thị Ví Dụ")
    got = subprocess.run(["pdftotext", "-layout", os.path.join(dir, r.text.strip()), "-"],
                         capture_output=True, text=True, check=True).stdout
    for part in ("DỮ LIỆU MẪU", "còn 8 ngày", "Có người trực: 7/10 vị trí", "5/7 đơn vị", "Bưu điện Ví Dụ: Trực điều hành", "YC-2026-0001",
                 "Một cửa điện tử"):
        ok(part in got, f"the page says: {part}", got)
    ok(run("audit", "verify").status == 0, "the audit chain holds")
    ok(run("backup", os.path.join(dir, "backup")).status == 0, "and a backup of it restores")
    r = subprocess.run([*tool, state, STORY], env=environment(), cwd=dir, capture_output=True,
                       text=True, check=False)
    ok(r.returncode != 0, "played twice into one state it is refused", r.stdout[-500:], r.stderr)


main()
