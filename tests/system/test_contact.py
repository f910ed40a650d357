#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh contact: entered, masked, proven, read for a purpose only and with a trace."""
import json
import os
import resource
import subprocess

from support import CANH, canh, done, environment, equal, folder, ok, write

UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Cấp trên\nSO;Sở Ví Dụ;authority;\nXA;Xã Ví Dụ;commune;SO\n"
PEOPLE = "Mã cán bộ;Họ và tên;Mã đơn vị;Di động\nA;Lê Ví Dụ;SO;0900000001\nB;Vũ Ví Dụ;XA;0900000002\n"


def test_on_paper(state, run):
    """What keeps numbers from being read hides nothing else, and says where they are on paper."""
    reveal = ("contact", "reveal", "-u", "SO", "-r", "ncsc", "--purpose", "drill 8")
    key, away = os.path.join(state, "key"), os.path.join(state, "key.away")
    os.rename(key, away)
    r = run(*reveal)
    ok(r.status == 65 and "danh-ba" in r.errors and "no key" in r.errors, "no key", r)
    for what, text in (("wrong", "0" * 64 + "\n"), ("empty", ""), ("cut short", "0" * 20)):
        with open(os.open(key, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w",
                  encoding="ascii") as f:
            f.write(text)
        r = run(*reveal)
        ok(r.status == 65 and "danh-ba" in r.errors and "printed copy" in r.errors and
           "not the one" in r.errors, f"a key that is {what}: where it is on paper, what to do", r)
        r = run("contact", "list", "-u", "SO")
        ok(r.status == 0 and "ncsc" in r.text, "the list stands under it", r)
        ok(run("list", "units").status == 0, "and everything else")
    os.rename(away, key)
    r = subprocess.run([CANH, *reveal, "--state", state, "--lang", "en"], capture_output=True,
                       env=environment(), check=False,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    ok(r.returncode == 74 and b"danh-ba" in r.stderr and b"make room" in r.stderr, "a full disk", r)
    ok(run(*reveal).status == 0, "all is well again")


def main():
    with folder() as dir:
        state = os.path.join(dir, "state")

        def run(*args, **more):
            return canh(*args, "--state", state, "--lang", "en", **more)

        def listed(*args):
            return [json.loads(l) for l in run("contact", "list", "--json", *args).text.splitlines()]

        run("import", "units", write(os.path.join(dir, "u.csv"), UNITS), "--apply")
        run("import", "people", write(os.path.join(dir, "p.csv"), PEOPLE), "--apply")
        equal(len(listed()), 2, "what was imported is there")
        r = run("contact", "set", "-u", "SO", "-r", "ncsc", "-k", "phone", "--value", "-",
                stdin=b"02835550000\n")
        ok(r.status == 0 and r.text == "", "a role's number from standard input", r)
        x = next(x for x in listed("-u", "SO") if x.get("role") == "ncsc")
        ok("2835550000" not in x["hint"] and x["proven"] is None, "is shown masked, not proven", x)
        r = run("contact", "prove", "-u", "SO", "-r", "ncsc", "--by", "A", "--at",
                "2026-01-02T10:00", "--how", "answered")
        x = next(x for x in listed("-u", "SO") if x.get("role") == "ncsc")
        ok(r.status == 0 and x["proven"].startswith("2026-01-02T03:00"), "then it is proven", r, x)
        run("contact", "set", "-u", "SO", "-r", "ncsc", "-k", "phone", "--value", "02835551111")
        x = [x for x in listed("-u", "SO") if x.get("role") == "ncsc"]
        ok(len(x) == 1 and x[0]["proven"] is None, "a new value is not, and nothing is doubled", x)
        r = run("contact", "reveal", "-u", "SO", "-r", "ncsc")
        ok(r.status == 64 and "--purpose" in r.errors, "no purpose, no value", r)
        r = run("contact", "reveal", "-u", "SO", "-r", "ncsc", "--purpose", "drill 7")
        equal(r.text, "+842835551111\n", "with one it is shown")
        r = run("audit", "list", "-n", "1", "--json")
        x = json.loads(r.text)
        equal((x["action"], x["thing"], x["purpose"]), ("reveal", "contact", "drill 7"),
              "and leaves a trace")
        r = run("contact", "prove", "-u", "SO", "-r", "nobody")
        ok(r.status == 66 and "canh contact set" in r.errors, "an unknown role: 66, and the cure", r)
        r = run("contact", "prove", "-u", "SO")
        ok(r.status == 64, "whose?", r)
        r = run("contact", "set", "-u", "XA", "-p", "B", "--value", "không phải số")
        ok(r.status == 65 and r.errors.count("\n") == 1, "no phone number: one line", r)
        test_on_paper(state, run)
        for word in ("OBS\x1b[31m", "TỐI MẬT"):
            r = run("contact", "set", "-u", "SO", "-r", word, "-k", "other", "--value", "x")
            ok(r.status >= 64 and "\x1b" not in r.errors, "hostile words are refused", r)
    done()


main()
