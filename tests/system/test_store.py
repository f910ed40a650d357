#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh backup, restore, audit; and what a kill or a full disk at any point of an import, a backup
or a restore leaves behind: all or nothing, a clear message, a chain that verifies."""
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time

from support import CANH, canh, done, environment, equal, folder, ok, skip, write

HEAD = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Cấp trên\nTINH;Tỉnh Ví Dụ;authority;\n"
ROWS = 160


def units(n, name="Xã Ví Dụ"):
    return HEAD + "".join(f"X{i};{name} {i};commune;TINH\n" for i in range(n))


def run(state, *args, **more):
    return canh(*args, "--state", state, "--lang", "en", **more)


def verify(state):
    r = run(state, "audit", "verify", "--json")
    return r.status == 0 and json.loads(r.text)["good"]


def count(state):
    c = sqlite3.connect(f"file:{state}/state.db?mode=ro", uri=True)
    try:
        return c.execute("SELECT count(*) FROM unit").fetchone()[0]
    finally:
        c.close()


def start(state, *args, limit=None):
    def limits():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.Popen([CANH, *args, "--state", state, "--lang", "en"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
                            preexec_fn=limits)


def whose_backup(dir, first):
    """What root makes beside a state of somebody else is theirs."""
    if os.geteuid() != 0:
        skip("whose a backup of root's is: needs root")
        return
    top = os.path.join(dir, "of-another")
    os.mkdir(top)
    run(os.path.join(top, "state"), "restore", first)
    for at, folders, files in list(os.walk(top)):
        for path in [at] + [os.path.join(at, f) for f in folders + files]:
            os.chown(path, 65534, 65534)
    os.chmod(dir, 0o755)
    r = run(os.path.join(top, "state"), "backup")
    made = [os.path.join(at, f) for at, folders, files in os.walk(os.path.join(top, "state-backup"))
            for f in [""] + files]
    ok(r.status == 0 and len(made) > 2 and all(os.stat(p).st_uid == 65534 for p in made),
       "a backup that root makes belongs to whose the state is", (r, made))


def test_backup(dir, state):
    first = os.path.join(dir, "first")
    r = run(state, "backup", first)
    ok(r.status == 0 and "Really restored" in r.text and "key" in r.text, "a backup, proven", r)
    ok(sorted(os.listdir(first)) == ["MANIFEST", "state.db"], "holds what it says",
       os.listdir(first))
    r = run(state, "backup", first)
    ok(r.status == 65 and "already" in r.errors, "is never overwritten", r)
    r = run(state, "backup")
    ok(r.status == 0 and "copy it somewhere else" in r.text, "one without a name", r)
    r = run(state, "restore", "--verify", "--json")
    ok(r.status == 0 and json.loads(r.text)["path"].startswith(state + "-backup/"),
       "the newest is found", r)
    whose_backup(dir, first)
    r = run(state, "restore", first)
    ok(r.status == 73 and "--replace" in r.errors, "a state in the way: 73 and the cure", r)
    run(state, "import", "units", write(os.path.join(dir, "two.csv"), units(5)), "--apply")
    r = run(state, "restore", first, "--replace")
    ok(r.status == 0 and "before-restore-1" in r.text and count(state) == 4, "restored", r)
    ok(verify(state) and count(state + ".before-restore-1") == 6, "the old one is beside it")
    elsewhere = os.path.join(dir, "else")
    r = run(elsewhere, "restore", first)
    ok(r.status == 0 and "contacts cannot be read" in r.errors, "elsewhere: where is the key", r)
    if os.geteuid() == 0:
        theirs = os.path.join(dir, "theirs")
        os.mkdir(theirs)
        os.chown(theirs, 65534, 65534)
        theirs = os.path.join(theirs, "state")
        r = run(theirs, "restore", first)
        equal([os.stat(p).st_uid for p in (theirs, os.path.join(theirs, "state.db"))], [65534, 65534],
              "what root restores in somebody's folder is theirs")
    r = run(state, "backup", os.path.join(dir, "keyed"), "--with-key")
    ok(r.status == 0 and os.path.exists(os.path.join(dir, "keyed", "key")), "with its key", r)
    return first


def test_damaged(dir, state, first):
    bad = os.path.join(dir, "bad")
    shutil.copytree(first, bad)
    with open(os.path.join(bad, "state.db"), "r+b") as f:
        f.seek(5000)
        f.write(b"\xff" * 16)
    r = run(state, "restore", "--verify", bad)
    ok(r.status == 65 and "does not restore" in r.errors, "a changed byte is seen: 65", r)
    before = count(state)
    r = run(state, "restore", bad, "--replace")
    ok(r.status == 65 and count(state) == before and verify(state), "and never restored", r)
    r = run(state, "restore", "--verify", os.path.join(dir, "nothing"))
    ok(r.status == 66, "a folder that is not there: 66", r)


def test_audit(state):
    r = run(state, "audit", "verify")
    head = r.text.split(": ")[-1].strip()
    ok(r.status == 0 and "The chain holds" in r.text, "the chain holds", r)
    ok(run(state, "audit", "verify", "--head", head).status == 0, "a head kept elsewhere is in it")
    other = head[:-1] + ("0" if head[-1] != "0" else "1")
    ok(run(state, "audit", "verify", "--head", other).status == 65, "another one is not")
    ok(run(state, "audit", "verify", "--head", "x").status == 64, "nonsense is a usage error")
    r = run(state, "audit", "list", "-n", "3", "--json")
    rows = [json.loads(line) for line in r.text.splitlines()]
    equal([x["seq"] for x in rows], list(range(rows[0]["seq"], rows[0]["seq"] + 3)), "a list")
    equal(rows[-1]["seq"], int(head.split(":")[0]), "up to the head")
    r = run(state, "audit", "list", "--unit", "X1", "--json")
    units = {json.loads(line)["unit"] for line in r.text.splitlines()}
    equal((r.status, units), (0, {"X1"}), "of one unit")
    c = sqlite3.connect(os.path.join(state, "state.db"))
    c.execute("UPDATE unit SET area = 'x' WHERE kind = 'authority'")
    c.commit()
    r = run(state, "audit", "verify")
    ok(r.status == 65 and "1 rows are not" in r.errors, "a change outside canh is found", r)
    c.execute("UPDATE unit SET area = NULL")
    c.execute("UPDATE audit SET action = 'drop' WHERE seq = 2")
    c.commit()
    c.close()
    r = run(state, "audit", "verify")
    ok(r.status == 65 and "entry 2" in r.errors, "and a change of the chain", r)


def moments(command, n=4 if os.environ.get("CANH_SANITIZED") else 9):
    """How long the command takes undisturbed, in n parts."""
    began = time.monotonic()
    command()
    length = time.monotonic() - began
    return [length * i / n for i in range(n + 1)]


def killed(state, *args, after):
    p = start(state, *args)
    time.sleep(after)
    p.send_signal(signal.SIGKILL)
    p.communicate()


def test_kill_import(dir):
    small, large = write(os.path.join(dir, "s.csv"), HEAD), write(
        os.path.join(dir, "l.csv"), units(ROWS))
    base = os.path.join(dir, "kill")
    run(base, "import", "units", small, "--apply")
    trial = os.path.join(dir, "trial")
    shutil.copytree(base, trial)
    seen, bad = set(), []
    for after in moments(lambda: run(trial, "import", "units", large, "--apply")):
        state = os.path.join(dir, "killed")
        shutil.rmtree(state, ignore_errors=True)
        shutil.copytree(base, state)
        killed(state, "import", "units", large, "--apply", after=after)
        if count(state) not in (1, ROWS + 1) or not verify(state):
            bad.append((after, count(state)))
        seen.add(count(state))
        if run(state, "import", "units", large, "--apply").status != 0 or \
                count(state) != ROWS + 1:
            bad.append((after, "again"))
    ok(not bad, f"an import killed at any moment: nothing or all ({sorted(seen)} units seen)", bad)
    return trial


def test_kill_copies(dir, state):
    """state holds many units; a small backup of another one is restored over it."""
    bad = []
    for i, after in enumerate(moments(lambda: run(state, "backup", os.path.join(dir, "b")))):
        to = os.path.join(dir, f"b{i}")
        killed(state, "backup", to, after=after)
        if os.path.exists(to) and run(state, "restore", "--verify", to).status != 0:
            bad.append(after)
    ok(not bad and verify(state), "a backup killed at any moment: whole or not there", bad)
    left = [n for n in os.listdir(dir) if ".part-" in n]
    r = run(state, "backup", os.path.join(dir, "after"), "--json", env={"TMPDIR": dir})
    ok(r.status == 0 and not [n for n in os.listdir(dir) if ".part-" in n] and
       json.loads(r.text)["swept"] >= len(left),
       f"what they left, {len(left)} folders, the next one removes", r)
    small = os.path.join(dir, "small")
    run(small, "import", "units", os.path.join(dir, "s.csv"), "--apply")
    run(small, "backup", os.path.join(dir, "smallb"))
    trial = os.path.join(dir, "trial2")
    shutil.copytree(state, trial)
    again = lambda: run(trial, "restore", os.path.join(dir, "smallb"), "--replace")
    for after in moments(again):
        target = os.path.join(dir, "target")
        shutil.rmtree(target, ignore_errors=True)
        for name in os.listdir(dir):
            if name.startswith("target."):
                shutil.rmtree(os.path.join(dir, name))
        shutil.copytree(state, target)
        killed(target, "restore", os.path.join(dir, "smallb"), "--replace", after=after)
        aside = target + ".before-restore-1"
        old = os.path.exists(aside) and count(aside) == ROWS + 1 and verify(aside)
        if not verify(target) or count(target) not in ((1,) if old else (1, ROWS + 1)):
            bad.append((after, sorted(n for n in os.listdir(dir) if n.startswith("target"))))
    ok(not bad, "a restore killed at any moment: the old state or the new one, whole", *bad)
    os.mkdir(target + ".restore-abcdef")
    # The restore killed last may have left one, too.
    left = len([n for n in os.listdir(dir) if ".restore-" in n and "before" not in n])
    r = run(target, "restore", os.path.join(dir, "smallb"), "--replace")
    ok(r.status == 0 and f"Removed {left} unfinished" in r.text and
       not [n for n in os.listdir(dir) if ".restore-" in n and "before" not in n],
       "the next one removes what is left", r)


def full(state, *args, limit):
    p = start(state, *args, limit=limit)
    out, err = p.communicate()
    return p.returncode, (out + err).decode("utf-8", "replace")


def test_full(dir, state):
    """RLIMIT_FSIZE stands for the disk: no file grows over it."""
    bad, stopped = [], 0
    large = write(os.path.join(dir, "l2.csv"), units(ROWS, "Xã Khác"))
    before = canh("audit", "list", "--state", state, "-n", "1").out
    size = os.path.getsize(os.path.join(state, "state.db"))
    limits = [size * k // 8 for k in (1, 3, 5, 7, 8, 9, 11)]
    for limit in limits:
        target = os.path.join(dir, "full")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(state, target)
        status, text = full(target, "import", "units", large, "--apply", limit=limit)
        stopped += status != 0
        if status not in (0, 74) or (status == 74 and "no room" not in text) or \
                not verify(target) or \
                (status != 0 and canh("audit", "list", "--state", target, "-n", "1").out != before):
            bad.append((limit, status, text))
    ok(not bad and stopped, f"an import on a full disk ({stopped} of {len(limits)} stopped)", *bad)
    bad, stopped = [], 0
    for limit in limits:
        to = os.path.join(dir, f"fb{limit}")
        status, text = full(state, "backup", to, limit=limit)
        stopped += status != 0
        if status not in (0, 74) or (status == 74 and "no room" not in text) or \
                (status != 0 and os.path.exists(to) and
                 run(state, "restore", "--verify", to).status != 0):
            bad.append((limit, status, text))
        status, text = full(os.path.join(dir, f"fr{limit}"), "restore", os.path.join(dir, "b"),
                            limit=limit)
        if status not in (0, 74) or (status == 74 and "no room" not in text) or \
                (status != 0) == os.path.exists(os.path.join(dir, f"fr{limit}")):
            bad.append((limit, status, text))
    left = [n for n in os.listdir(dir) if ".part-" in n or ".restore-" in n]
    ok(not bad and stopped, f"backups and restores on a full disk ({stopped} of {len(limits)} stopped)", *bad)
    equal([n for n in left if n.startswith("f")], [], "nothing half-written lies about")
    ok(verify(state), "the state is as it was")


def main():
    with folder() as dir:
        state = os.path.join(dir, "state")
        run(state, "import", "units", write(os.path.join(dir, "u.csv"), units(3)), "--apply")
        first = test_backup(dir, state)
        test_damaged(dir, state, first)
        test_audit(state)
    with folder() as dir:
        state = test_kill_import(dir)
        test_kill_copies(dir, state)
        test_full(dir, state)
    done()


main()
