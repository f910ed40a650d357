#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The small inputs of ../shared/cases: each that is there is run, one line a case.

    cases.py CANH [scan|hard|plan …]

A case that is there and has no check here fails: nothing is passed over. What is known to be wrong
and is worked on elsewhere has its reason under OPEN and is listed as such; once it is right, that
is said, and its row can go."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.environ["CANH_SOURCE_DIR"]
CASES = os.path.join(ROOT, "..", "shared", "cases")

OPEN = {}


class Case:
    def __init__(self, canh, folder):
        self.canh, self.folder = canh, folder
        self.wrong = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def want(self, good, what):
        if not good:
            self.wrong.append(what)

    def equal(self, got, want, what):
        self.want(got == want, f"{what}: {got!r}, not {want!r}")

    def run(self, *args, **more):
        return subprocess.run([self.canh, *args, "--lang", "en"], capture_output=True, text=True,
                              errors="replace", timeout=60, stdin=subprocess.DEVNULL, **more)

    def scan(self, log="input.json", rule="rule.yml", *more):
        """(status, alerts as (line, rule), all of the alerts, stderr)"""
        p = self.run("scan", "-r", self.path(rule), "--json", "-q", "--no-progress", *more,
                     self.path(log))
        alerts = [json.loads(line) for line in p.stdout.splitlines()]
        with open(self.path(log), "rb") as f:
            text = f.read()
        where = [text.count(b"\n", 0, a["log"]["offset"]) + 1 for a in alerts]
        return p.returncode, [(n, a["rule"]["name"]) for n, a in zip(where, alerts)], alerts, p.stderr

    def check(self, rule="rule.yml"):
        p = self.run("rules", "check", self.path(rule))
        return p.returncode, p.stdout


def scan_01(c):
    c.equal(c.scan()[1], [(1, "Other log cleared"), (2, "Important log cleared"),
                          (3, "Important log cleared")], "alerts")


def no_alert(c):
    status, alerts, _, _ = c.scan()
    c.equal((status, alerts), (0, []), "alerts")


def one_alert(c):
    status, alerts, _, _ = c.scan()
    c.equal((status, len(alerts)), (1, 1), "alerts")


def scan_04(c):
    with open(c.path("expected.txt"), encoding="utf-8") as f:
        names = re.findall(r"^[a-z_]+ [A-Z]\w+$", f.read(), re.M)
    c.equal(sorted(name for _, name in c.scan()[1]), sorted(names), "alerts")
    c.equal(len(names), 14, "rules")


def scan_05(c):
    c.equal(c.scan()[1], [(2, "Encoded PowerShell")], "alerts")


def scan_10(c):
    texts = {"desktop.ini": None, "a.toml": "[package]\nname = \"a\"\n", "b.rtf": "{\\rtf1\\ansi a}\n",
             "c.log": "[2026-01-01 10:00:00] started\n"}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(c.path("desktop.ini"), folder)
        for name, text in texts.items():
            if text is not None:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
        p = c.run("scan", "--no-progress", folder)
    c.equal(p.returncode, 0, "exit status")
    c.want("no logs: 4" in p.stdout, f"counted as no logs: {p.stdout}")
    c.want("error" not in p.stdout + p.stderr, "no decoding errors")


def scan_12(c):
    status, said = c.check()
    c.want("not" in said and "filter" in said.lower() and "loaded: 1" in said,
           f"a warning about the filter's condition: {said}")
    c.equal(c.scan()[1], [(1, "Case")], "alerts")


def scan_13(c):
    status, said = c.check()
    c.equal(status, 1, "exit status")
    for words in ("unknown correlation type 'evnt_count'", "'nonexistent'", "'group_by'",
                  "did you mean 'group-by'?", "'5x'", "'gtee'"):
        c.want(words in said, f"said: {words}")


def scan_14(c):
    c.equal([name for _, name in c.scan()[1]], ["Brute force"], "alerts")


def scan_15(c):
    c.want("'category' must be text, not a list" in c.check()[1], "what is wanted is said")


def scan_18(c):
    p = c.run("explain", "-r", c.path("rule.yml"), c.path("input.json"))
    c.want(re.search(r"EventID is 4657  ← \"12\"", p.stdout), f"the leaf is shown: {p.stdout}")


def scan_19(c):
    c.equal([a.get("@timestamp") for a in c.scan()[2]],
            ["2019-04-27T15:57:25.860000000Z", "2026-01-01T00:00:00.123456700Z",
             "2026-01-01T00:00:00.000000000Z"], "times")


def hard_01(c):
    """Says something in builds with an address sanitizer; elsewhere only that it ends well."""
    replay = os.path.join(os.environ["CANH_BUILD_DIR"], "fuzz", "replay_json")
    if not os.path.exists(replay):
        raise Skip("no fuzz/replay_json is built")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(c.path("input"), folder)
        p = subprocess.run([replay, folder], capture_output=True, text=True, timeout=60)
    c.equal(p.returncode, 0, "replayed " + p.stderr[-300:])


def hard_02(c):
    """Ten times the comment may not take a hundred times as long."""
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (1, 10):
            book = os.path.join(folder, f"{size}.xlsx")
            subprocess.run([sys.executable, c.path("mkc.py"), book, "comment", str(size)],
                           check=True, timeout=60)
            env = dict(os.environ, CANH_STATE=os.path.join(folder, "state"))
            began = time.monotonic()
            c.run("import", "people", book, env=env)
            took[size] = max(time.monotonic() - began, 0.05)
    c.want(took[10] < 40 * took[1], f"grows as its square: {took}")


def hard_03(c):
    for log, rule in (("plain.json", "r.yml"), ("fields.json", "r.yml"), ("deep.json", "r.yml"),
                      ("dup.json", "r.yml"), ("dup2.json", "r.yml")):
        status, alerts, _, _ = c.scan(log, rule)
        c.want(status == 1 and (1, "T") in alerts, f"{log}: alert of the rule")
    for log, rule in (("regex.json", "re.yml"), ("regex.json", "re2.yml")):
        status, alerts, _, said = c.scan(log, rule)
        c.want(status == 1 if (1, "T") in alerts else status == 65 and said,
               f"{log} by {rule}: matched, or told: {status} {alerts} {said}")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, c.path("make.py")], cwd=folder, check=True, timeout=60)
        p = c.run("scan", "-r", c.path("r.yml"), "--json", "-q", "--no-progress",
                  os.path.join(folder, "long.json"))
    found = [json.loads(line)["rule"]["id"] for line in p.stdout.splitlines()]
    c.want(any(i.startswith("1111") for i in found) or p.returncode == 65, f"long.json: {p.returncode}")
    c.want(p.returncode != 0 and p.stderr, "long.json: told, even with -q")


def shell_case(c, *args):
    env = dict(os.environ, SAMPLES=os.path.join(ROOT, "samples"))
    p = subprocess.run(["bash", c.path(args[0]), c.canh], capture_output=True, text=True,
                       timeout=60, env=env, cwd=tempfile.gettempdir())
    return p.stdout + p.stderr


class Skip(Exception):
    pass


def hard_04(c):
    said = shell_case(c, "run.sh")
    c.equal(said.count("canh evidence add:"), 2, "nobody confirms his own, or as nobody: " + said)


def hard_05(c):
    if shutil.which("faketime") is None:
        raise Skip("no faketime here")
    if os.environ.get("CANH_SANITIZED"):
        raise Skip("faketime and the sanitizer wait for each other")
    said = shell_case(c, "run.sh")
    last = re.search(r"^\[(\(.*\))\]$", said, re.M)
    c.want("rc=77" in said, "a command under a clock set ahead is refused: " + said)
    c.want(last and ", 1)" not in last[1] and ", 2)" not in last[1],
           "later entries are not flagged: " + said)


def hard_07(c):
    """As its run.sh, with a state of our own: what a backup brings along does not run."""
    with tempfile.TemporaryDirectory() as folder:
        def at(state, *args):
            return c.run(*args, env=dict(os.environ, CANH_STATE=os.path.join(folder, state),
                                         CANH_PLUGINS="/usr/bin"))

        mark, backup = os.path.join(folder, "PWNED"), os.path.join(folder, "backup")
        at("evil", "import", "units", os.path.join(ROOT, "samples", "province", "units.csv"),
           "--demo", "--apply")
        line = "probe", "add", f"nagios:/usr/bin/touch {mark}", "-u", "TT", "-c", "X1"
        c.equal(c.run(*line, env=dict(os.environ, CANH_STATE=os.path.join(folder, "evil"))).returncode,
                77, "a folder that is not configured is refused")
        c.equal(at("evil", *line).returncode, 0, "one that is configured there is not")
        at("evil", "backup", backup)
        restored = at("victim", "restore", backup)
        ran = at("victim", "probe", "run", "X1")
        c.equal(restored.returncode, 0, "the backup is restored: " + restored.stderr)
        c.want(ran.returncode != 0 and not os.path.exists(mark),
               f"no program ran: {ran.stdout}{ran.stderr}")
        listed = at("victim", "probe", "list").stdout
        c.want("X1" in listed and " off " in listed, "what is off is listed: " + listed)
        at("victim", "probe", "enable", "X1", "-u", "TT")
        ran = at("victim", "probe", "run", "X1")
        c.want(os.path.exists(mark), f"a person turns it on: {ran.stdout}{ran.stderr}")


def wait_for_handler(pid, number):
    """Until the process has said what it does at that signal."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            caught = int(re.search(r"^SigCgt:\s*(\w+)", f.read(), re.M).group(1), 16)
        if caught >> (number - 1) & 1:
            return
        time.sleep(0.01)


def first_signal(c, how, number):
    with tempfile.TemporaryDirectory() as folder:
        fifo = os.path.join(folder, "p")
        os.mkfifo(fifo)
        p = subprocess.Popen([c.canh, "scan", "--no-progress", "--lang", "en",
                              fifo if how == "fifo" else "-"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if how == "idle":
            with open(c.path("host.ndjson"), encoding="utf-8") as f:
                p.stdin.write(f.read())
            p.stdin.flush()
        wait_for_handler(p.pid, number)
        p.send_signal(number)
        try:
            out, _ = p.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            p.kill()
            p.communicate()
            c.wrong.append(f"{how}: the first signal {number} does not end it")
            return
    c.equal(p.returncode, 75, f"{how}, signal {number}")
    c.want("Events" in out, f"{how}, signal {number}: a summary")


def hard_09(c):
    for how in ("fifo", "idle"):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            first_signal(c, how, number)


def hard_10(c):
    with tempfile.TemporaryDirectory() as folder:
        good = c.run("rules", "import", c.path("s.zip"), "--to", folder, "--name", "s")
        c.equal(good.returncode, 0, "the whole archive " + good.stderr)
        c.want("60 rule files" in good.stdout, "sixty rules of it")
        lost = c.run("rules", "import", c.path("lost.zip"), "--to", folder, "--name", "lost")
        c.want("apt29_phishing" in lost.stdout + lost.stderr,
               f"the lost member is named: {lost.stdout}{lost.stderr}")


# What must stand in the output of command.sh, what must not.
PLAN = {
    "01": (["lỗi 1", r"VTLG +\S+ +Trần Văn Ba "], ["đổi 1"]),
    "02": ([r"07:00–15:00  ba1", r"15:00–23:00  ba2", r"b\.csv: thêm 2"], ["01:07"]),
    "03": (["01/12/2026 07:30–15:30", "02/12/2026 07:30–15:30", "thêm 2.*lỗi 0"], []),
    "04": (["dòng 2\t01/12", "dòng 2\t02/12", "dòng 2\t03/12", "dòng 3\t04/12", "dòng 3\t05/12"], []),
    "06": (["thêm 8", r"dòng 3\t01/12/2026 06:00–18:00", r"dòng 3\t02/12/2026 18:00–06:00"], []),
    "07": (["thêm 2, đổi 0, giữ nguyên 0, lỗi 0"], ["nhiều người"]),
    "08": (["1234/SKHCN-CNTT", "2026-11-25", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "V/v bảo đảm"], ["1970"]),
    "09": (["Kế hoạch bảo đảm an toàn thông tin dịp Tết", "ỦY BAN NHÂN DÂN TỈNH LAM GIANG",
            "Căn cứ Luật", "Thực hiện Chỉ thị"], [r"chưa rõ tên"]),
    "10": ([], ["Văn bản không có"]),
    "11": (['number: "I.1"', 'number: "I.1.a"', 'number: "I.2"', 'number: "II.1"', 'number: "A.1"',
            'number: "B.1"'], [r'number: "I\.-1"']),
    "13": (["02/12/2026"], ["2022"]),
    "14": (["04/12/2026", "05/12/2026", "06/12/2026", "07/12/2026\n"], []),
    "15": (["Gián đoạn.*(P1|Cổng thư)"], []),
    "16": (["thủ trưởng"], ["đã duyệt", "đã ký nhận", "đã xác nhận"]),
    "17": ([], ["hãy chọn một vị trí trực"]),
    "19": (["GIÁM ĐỐC"], [r"Ủy ban nhân dân tỉnh Mẫu,\s", "THỦ TRƯỞNG ĐƠN VỊ", r"Số: +/BC\s"]),
    "20": ([], [r"[‐-]\n? *ng-lamgiang|vientho‐"]),
    "21": (["DỮ LIỆU MẪU", "1/TB", "Độc lập"], []),
    "22": (["hỏng|cảnh báo"], ["tốt"]),
    "24": (["02/12/2026 07:00–19:00  Trần Văn Bá"], ["UTF-8"]),
    "26": (["thêm 2", "bỏ qua"], ["còn để trống"]),
    "27": (["DS don vi"], []),
    "30": (["03/12/2026"], ["00:00 04/12/2026", "00:00 16/02"]),
    "33": ([r"\nSO +CA .*KHÔNG CÓ AI.*CHƯA NHẬN", r"\nVT +CA .*KHÔNG CÓ AI.*CHƯA NHẬN"], []),
    "35": (["ẩn.*dòng 3"], []),
    "37": (["Sao lưu cũ: chưa rõ"], [r"Sao lưu cũ: 1"]),
    "38": ([r"lưu ý.*cùng lúc", r"\nVT +CA .*cùng lúc"], []),
    "42": (["Lê Văn A"], ["lỗi [1-9]"]),
}


def plan_base(folder, kept):
    """The cases' common beginning (base.sh), done once for each time of day: what it puts into the
    state is kept, and copied for those that follow."""
    with open(os.path.join(CASES, "plan", "base.sh"), encoding="utf-8") as f:
        begin, rest = re.match(r"(?s)(.*?\ncanh\(\)[^\n]*\n)(.*)", f.read()).groups()
    with open(os.path.join(folder, "base.sh"), "w", encoding="utf-8") as f:
        f.write(begin + f'kept="{kept}/$CANH_DEMO_NOW"\n'
                'if [ -d "$kept" ]; then cp -r "$kept" "$CANH_STATE"; else\n' + rest +
                '\ncp -r "$CANH_STATE" "$kept"; fi\n')


PLAN_KEPT = tempfile.TemporaryDirectory()


def plan_case(number):
    def check(c):
        scratch = os.path.join(PLAN_KEPT.name, number)
        env = dict(os.environ, CANH=c.canh, TMPDIR=scratch)
        shutil.copytree(c.folder, os.path.join(scratch, "case"))
        plan_base(scratch, PLAN_KEPT.name)
        p = subprocess.run(["bash", os.path.join(scratch, "case", "command.sh")],
                           capture_output=True, text=True, errors="replace", timeout=120, env=env)
        shutil.rmtree(scratch)
        said = p.stdout + p.stderr
        has, has_not = PLAN[number]
        for pattern in has:
            c.want(re.search(pattern, said), f"said: {pattern}")
        for pattern in has_not:
            c.want(not re.search(pattern, said), f"not said: {pattern}")
    return check


def plan_10(c):
    """Its command shows nothing where there is no gap: the clauses themselves are looked at."""
    plan_case("10")(c)
    draft = c.run("plan", "draft", c.path("a.txt")).stdout
    clauses = re.findall(r'- number: "(\S+)"\n\s+(?:label|checked)', draft.split("obligations:")[0])
    c.equal(clauses, ["P", "1", "1.1", "1.1.1", "2", "3", "4", "5", "6", "7"], "clauses")


CHECKS = {
    "scan": {"01": scan_01, "03": no_alert, "04": scan_04, "05": scan_05, "06": one_alert,
             "10": scan_10, "11": no_alert, "12": scan_12, "13": scan_13, "14": scan_14,
             "15": scan_15, "17": one_alert, "18": scan_18, "19": scan_19},
    "hard": {"01": hard_01, "02": hard_02, "03": hard_03, "04": hard_04, "05": hard_05,
             "07": hard_07, "09": hard_09, "10": hard_10},
    "plan": {**{number: plan_case(number) for number in PLAN}, "10": plan_10},
}


def main():
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever starts this may ignore it (nohup)
    canh, groups = os.path.abspath(sys.argv[1]), sys.argv[2:]
    count = failed = 0

    for group in groups:
        folder = os.path.join(CASES, group)
        if not os.path.isdir(folder):
            count += 1
            print(f"ok {count} # SKIP no ../shared/cases/{group}")
            continue
        for name in sorted(n for n in os.listdir(folder) if os.path.isdir(os.path.join(folder, n))):
            number, key = name[:2], f"{group}/{name[:2]}"
            case = Case(canh, os.path.join(folder, name))
            check = CHECKS[group].get(number)
            if check is None:
                case.wrong.append("there is no check for this case")
            else:
                try:
                    check(case)
                except Skip as e:
                    count += 1
                    print(f"ok {count} - {group}/{name} # SKIP {e}")
                    continue
                except (subprocess.TimeoutExpired, OSError, ValueError, KeyError, IndexError) as e:
                    case.wrong.append(f"{type(e).__name__}: {e}")
            count += 1
            if case.wrong and key in OPEN:
                print(f"not ok {count} - {group}/{name} # TODO open: {OPEN[key]}")
            elif case.wrong:
                failed += 1
                print(f"not ok {count} - {group}/{name}")
            else:
                print(f"ok {count} - {group}/{name}" + (" (no longer open)" if key in OPEN else ""))
            for what in case.wrong:
                print("#   " + what.replace("\n", "\n#   ")[:600])
            sys.stdout.flush()
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
