#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every verb of canh that has a state, watched: whatever row changes, an entry of the audit names it
from the same run; what only reads changes nothing. The list of verbs is taken from the program, so
a new one that nobody tries here fails."""
import importlib.machinery
import importlib.util
import os
import re
import shutil
import sqlite3

from support import CANH, ROOT, canh, done, environment, equal, folder, ok, skip, write

STORY = os.path.join(ROOT, "samples", "province", "story.txt")
# not written by people: the audit itself, numbering, the program's notes, caches, check results,
# calls and what they say (state_audit_gaps)
OTHERS = {"audit", "counter", "meta", "status", "result", "call", "message"}
NO_STATE = {"plan check", "plan draft"}
SESSIONS = {"login", "logout"}  # write who is signed in: test_login.py


def load_play():
    loader = importlib.machinery.SourceFileLoader("play", os.path.join(ROOT, "tools", "play"))
    spec = importlib.util.spec_from_loader("play", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def named(table, row):
    """As the audit names a row: an invitation, whose key is a secret's hash, by its account."""
    return ("account", row[1]) if table == "invitation" else (table, row[0])


class Watch:
    """What stands in the state's tables: a set of rows each, by the id that the audit uses."""

    def __init__(self, state):
        self.path = os.path.join(state, "state.db")
        self.tried, self.bad, self.writes = set(), [], set()
        self.seen = {}, 0  # as the last verb left it: nothing may write between verbs, either

    def rows(self):
        if not os.path.exists(self.path):
            return {}, 0
        c = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            c.text_factory = bytes
            names = [n.decode() for n, in c.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'")]
            rows = {n: set(c.execute(f'SELECT * FROM "{n}"')) for n in names if n not in OTHERS}
            seq = c.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0]
            # what came with the schema has no entry: nobody wrote it
            rows["asset_role"] = {r for r in rows["asset_role"] if r[2]}
            return rows, seq
        finally:
            c.close()

    def entries(self, seq):
        c = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return {(t, r) for t, r in c.execute(
                'SELECT thing, "row" FROM audit WHERE seq > ?', (seq,))}
        finally:
            c.close()

    def around(self, verb, run):
        """Runs; returns what run returns, how many rows changed and how many entries came."""
        before, seq = self.seen
        result = run()
        after, now = self.seen = self.rows()
        known = self.entries(seq) if os.path.exists(self.path) else set()
        changed = {named(t, r) for t in after for r in after[t] ^ before.get(t, set())}
        silent = {(t, i.hex()) for t, i in changed if (t, i) not in known}
        self.tried.add(verb)
        if changed:
            self.writes.add(verb)
        if silent:
            self.bad.append(f"{verb}: no entry for {sorted(silent)[:5]}")
        return result, len(changed), now - seq


def leaf_verbs():
    """All verbs that take --state, as "verb sub"."""
    def names(*path):
        text = canh(*path, "--help", "--lang", "en").text
        m = re.search(r"^Verbs:\n((?:  .*\n)+)", text, re.M)
        return [line.split()[0] for line in m[1].splitlines() if line[2] != " "] if m else []
    found = set()
    for verb in names():
        for path in [[verb, sub] for sub in names(verb)] or [[verb]]:
            if "--state" in canh(*path, "--help", "--lang", "en").text:
                found.add(" ".join(path))
    return found


def verb_of(args, leaves):
    two = " ".join(args[:2])
    return two if two in leaves else args[0]


class Town:
    def __init__(self, dir, leaves):
        self.dir, self.leaves = dir, leaves
        self.state = os.path.join(dir, "state")
        self.watch = Watch(self.state)
        self.env = {"CANH_STATE": self.state, "CANH_DEMO_NOW": "2026-11-20T16:30"}

    def run(self, *args):
        verb = verb_of(args, self.leaves)
        return self.watch.around(verb, lambda: canh(*args, "--lang", "en", env=self.env,
                                                    cwd=self.dir))

    def write(self, *args, status=0):
        r, changed, entries = self.run(*args)
        ok(r.status == status and changed > 0 and entries > 0, "writes: " + " ".join(args), r)
        return r

    def read(self, *args, status=(0, 1), entries=0):
        r, changed, came = self.run(*args)
        ok(r.status in status and changed == 0 and came == entries,
           f"reads: {' '.join(args)}" + (f", {entries} entries" if entries else ""), came, r)
        return r


def play(town):
    """The story of the province, every one of its verbs watched."""
    module = load_play()

    class Watched(module.Play):
        def verb(self, where, text, now):
            args = re.sub(r"^(! |\$\w+(\(.*?\))? = )", "", text).split()
            town.watch.around(verb_of(args, town.leaves),
                              lambda: module.Play.verb(self, where, text, now))

    game = Watched(CANH, town.state, STORY, True)
    game.env = environment(CANH_STATE=town.state)
    with open(STORY, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            game.line(f"story:{number}", line.strip())
    return game


def try_writing(town):
    write(os.path.join(town.dir, "r.csv"), "Ngày;Ca;Cán bộ\n01/12/2026;=07:30-07:30;CQ12\n")
    form = os.path.join(town.dir, "own.yaml")
    shutil.copy(os.path.join(ROOT, "forms", "kt1.yaml"), form)
    text = open(form, encoding="utf-8").read()
    write(form, re.sub(r"(?m)^edition: \d+", "edition: 77", text))
    write(os.path.join(town.dir, "kt1.csv"),
          "field,row,value\naccepted,,60\ndelivered,,60\nlate,,0\nexceptions,,0\nseal_checks,,60\n")
    w = town.write
    w("plan", "exempt", "I.5.d", "-u", "CQ2", "--because", "không có máy chủ", "--until", "2026-12-01",
      "--person", "SO/SO2")
    w("form", "import", "kt1.csv", "-f", "kt1", "-u", "BD", "-d", "2026-11-20", "--apply")
    w("form", "define", form, "-u", "SO")
    w("import", "roster", "r.csv", "-u", "CQ1", "-p", "attt", "-s", "=07:30-07:30", "--apply")
    w("order", "done", "VB-12", "-u", "VT", "--outcome", "done")
    w("request", "comment", "YC-2026-0001", "-u", "XA", "--text", "đã gửi thêm")
    w("request", "answer", "YC-2026-0001", "-u", "SO", "--text", "đã cấp")
    w("request", "reopen", "YC-2026-0001", "-u", "XA", "--text", "còn thiếu một")
    w("request", "answer", "YC-2026-0001", "-u", "SO", "--text", "đã đủ")
    w("request", "close", "YC-2026-0001", "-u", "XA", "--rating", "5")
    w("request", "add", "-u", "XA", "--to", "SO", "--kind", "help", "-t", "Nhờ hỗ trợ")
    w("request", "withdraw", "YC-2026-0002", "-u", "XA")
    w("duty", "leave", "ask", "-u", "CQ1", "-p", "attt", "--person", "CQ12", "--from", "2026-12-01", "--until", "2026-12-02")
    w("duty", "swap", "ask", "-u", "TT", "-p", "attt-tinh", "--person", "TT2", "-w", "TT3",
      "--from", "2026-11-24T07:30", "--until", "2026-11-24T15:30")
    w("duty", "replace", "put", "-u", "TT", "-p", "attt-tinh", "--person", "TT3", "-w", "TT4",
      "--from", "2026-11-25T07:30", "--until", "2026-11-25T15:30", "-r", "đi họp", "--by", "TT1")
    town.read("probe", "enable", "THU", "-u", "TT", status=(0, 64, 66))
    w("probe", "remove", "THU", "-u", "TT")
    w("user", "add", "ha", "-u", "TT", "--person", "TT2")
    w("user", "lock", "ha")
    w("user", "reset", "ha")
    terms = town.read("duty", "terms", "--yaml").text
    w("duty", "terms", write(os.path.join(town.dir, "terms.yaml"), terms), "-u", "SO", "--apply")
    w("duty", "told", "-u", "TT", "-p", "attt-tinh", "--person", "TT1", "--by", "TT2")
    r = w("notice", "send", "-u", "SO", "TB-02", "--to", "CQ2", "--expected", "5", "--link")
    w("notice", "open", r.text.splitlines()[0].split("\t")[1])
    town.read("contact", "test", "-u", "TT", "--person", "TT1", entries=1)
    town.read("contact", "answer", "AAAAA", status=(66,))


def try_reading(town):
    evidence = town.read("evidence", "list", "--json").text
    some = re.search(r'"id":"([0-9a-f]+)"', evidence)
    for args in (
            "list units", "list people -u TT", "list assets", "duty terms",
            "plan list", "plan statements", "plan status", "plan explain I.1.f -u TT", "plan report -o page.pdf",
            "duty now", "duty next", "duty gaps", "duty missed", "duty turns", "duty mine -u TT",
            "duty ready",
            "todo -u TT",
            "duty export -u TT -p attt-tinh", "duty print lich-truc -u TT -o l.pdf",
            "duty leave", "duty swap", "duty replace", "duty cover", "duty post", "duty roster -u TT",
            "form list", "form show kt1", "form template kt1 -u BD -o t.xlsx", "form status",
            "probe list", "probe status", "import units --template u.csv",
            f"evidence show {some[1] if some else 0}", "evidence verify", "request list",
            "request show YC-2026-0001", "notice sheet TB-01 -u SO --to TT -s s.pdf", "notice list",
            "review list", "review status RS-servers --issuer SO", "order list", "user list",
            "print lich-truc -u TT -o a.pdf", "print so-truc -u TT -o b.pdf",
            "print ban-giao -u TT -o c.pdf", "print phieu-trang-thai -u TT -o d.pdf",
            "print cam-ket -u TT -o e.pdf", "contact list", "audit verify", "audit list",
            "restore nothing --verify", "case report nothing -o r.pdf"):
        town.read(*args.split(), status=(66,) if "nothing" in args else (0, 1))
    sent = re.search(r'"id":"([0-9a-f]+)"', town.read("form", "status", "--json").text)
    town.read("form", "view", sent[1] if sent else "0")
    r, changed, entries = town.run("print", "danh-ba", "-u", "SO", "-o", "f.pdf")
    ok(r.status == 0 and changed == 0 and entries >= 2, "the directory: every number read is noted",
       entries, r)
    r, changed, entries = town.run("print", "danh-sach-goi", "-u", "TT", "-o", "g.pdf")
    ok(r.status in (0, 1) and changed == 0, "whom posts call", entries, r)
    town.read("contact", "reveal", "-u", "SO", "-r", "ncsc", "--purpose", "gọi thử", entries=1)
    town.read("backup", "saved", entries=1)
    town.read("audit", "clock", "--from", "2020-01-01", "--until", "2020-01-02", entries=1)


def main():
    if os.environ.get("CANH_SANITIZED"):
        skip("slow under a sanitizer, where test_province.py plays the same story")
        return done()
    leaves = leaf_verbs()
    ok(len(leaves) > 60, f"{len(leaves)} verbs have a state", leaves)
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    os.environ["TMPDIR"] = base or os.environ.get("TMPDIR", "/tmp")
    with folder() as dir:
        town = Town(dir, leaves)
        game = play(town)
        ok(game.verbs > 200, f"{game.verbs} verbs of the story", game.verbs)
        try_writing(town)
        try_reading(town)
        equal(sorted(leaves - NO_STATE - SESSIONS - town.watch.tried), [], "no verb was left out")
        ok(not town.watch.bad, "no row changes without its entry", *town.watch.bad)
        r = town.read("audit", "verify")
        ok(r.status == 0, "and the chain holds", r)
        print(f"# {len(town.watch.writes)} verbs write: {', '.join(sorted(town.watch.writes))}")
    done()


main()
