#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh rules and canh explain: what they say about rules, and how they end."""
import json
import os
import io
import shutil
import tarfile
import zipfile

from support import ROOT, canh, data, done, equal, folder, golden, ok, skip, write

FIXTURES = os.path.join(ROOT, "tests", "system", "data")


def rules(verb, *args, **more):
    more.setdefault("cwd", FIXTURES)
    return canh("rules", verb, "-m", "mappings", *args, **more)


def test_check():
    r = rules("check", "rules")
    ok(r.status == 0 and r.text == "loaded: 3 · files: 3\n", "rules that all load: 0", r)
    r = rules("check", "refused")
    equal(r.status, 1, "rules that are refused: 1")
    golden("rules-check.txt", r.out)
    equal(rules("check", "refused", "-q").out.count(b"\n"), 4, "--quiet: only what is refused")
    r = rules("check", "refused", "--lang=vi")
    ok("không ánh xạ nào" in r.text, "in Vietnamese", r)
    got = json.loads(rules("check", "refused", "--json").text)
    equal((got["loaded"], got["refused"], got["unreached"], got["other_files"]), (0, 4, 1, 1),
          "--json counts")
    equal([os.path.basename(p["path"]) for p in got["problems"]],
          ["condition.yml", "expand.yml", "modifier.yml", "yaml.yml"], "--json names the problems")
    ok(all(p["line"] > 0 and p["message"] for p in got["problems"]), "with place and reason", got)
    equal(got["unreached_rules"][0]["logsource"], "product=toaster", "and what is unreached")
    with folder() as tmp:
        values = write(os.path.join(tmp, "values.yml"), "admins: [lan, 'minh']\nother: x\n")
        r = rules("check", "refused/expand.yml", "--placeholders", values)
        ok(r.status == 0 and "loaded: 1" in r.text, "placeholders get values", r)
        for text, what in (("- a\n", "a list"), ("a: {b: c}\n", "a map in it"), ("a: [\n", "no YAML")):
            bad = write(os.path.join(tmp, "bad.yml"), text)
            r = rules("check", "refused/expand.yml", "--placeholders", bad)
            ok(r.status == 65 and "bad.yml:" in r.errors and r.errors.count("\n") == 1, f"values that are {what}: 65", r)
        r = rules("check", tmp + "/none")
        equal(r.status, 66, "no such folder: 66")
    r = rules("check", "rules", os.path.join(FIXTURES, "rules"))
    ok(r.status == 0 and "loaded: 3 · there twice: 3" in r.text, "the same rules twice", r)
    r = rules("check", "rules", "--against", "logs/pretty.json")
    ok("field 'EventID'" not in r.text, "--against: every field of these rules occurs", r)


def test_suspects():
    with folder() as tmp:
        text = open(os.path.join(FIXTURES, "rules", "whoami.yml"), encoding="utf-8").read()
        for i in range(6):
            write(os.path.join(tmp, f"r{i}.yml"), text.replace("-111111111111", f"-11111111111{i}"))
        write(os.path.join(tmp, "typo.yml"), text.replace("Image|", "Imgae|"))
        r = rules("check", tmp)
        ok("typo.yml:1: field 'Imgae' is used here only; is 'Image' meant" in r.text,
           "a mistyped field is suspected", r)
        got = json.loads(rules("check", "--json", tmp, "--against", "logs").text)
        equal((got["suspect_fields"][0]["instead"], got["absent_fields"]), ("Image", ["Imgae"]),
              "in JSON, with the fields that no event has")


def test_list():
    golden("rules-list.txt", rules("list", "rules").out)
    got = [json.loads(l) for l in rules("list", "rules", "--json", "-l", "high").text.splitlines()]
    equal([g["level"] for g in got], ["critical", "high"], "--json and --level")
    equal([g.get("title_vi") for g in got], [None, "Chạy whoami để biết quyền"],
          "--json: the title in Vietnamese")
    ok("Chạy whoami" in rules("list", "rules", "--lang=vi").text, "in Vietnamese")
    got = [json.loads(l) for l in rules("list", "rules", "--json", "--status", "test").text.splitlines()]
    equal([g["status"] for g in got], ["stable", "test"], "--status")


def test_test():
    with folder() as tmp:
        shutil.copytree(os.path.join(FIXTURES, "repository"), tmp, dirs_exist_ok=True)
        shutil.copytree(os.path.join(FIXTURES, "rules"), os.path.join(tmp, "rules"))
        shutil.copytree(os.path.join(FIXTURES, "logs"), os.path.join(tmp, "logs"))
        r = rules("test", tmp)
        ok(r.status == 0 and r.text.endswith("3 of 3 passed\n"), "a repository that passes: 0", r)
        equal(rules("test", tmp, "-q").text, "3 of 3 passed\n", "--quiet: only what failed")
        quiet = os.path.join(tmp, "regression", "whoami", "quiet.json")
        shutil.copy(os.path.join(tmp, "regression", "whoami", "one.json"), quiet)
        r = rules("test", tmp, "-q")
        ok(r.status == 1 and "FAIL  matched 1, none wanted" in r.text, "a match not wanted: 1", r)
        write(quiet, "{}")
        write(os.path.join(tmp, "regression", "whoami", "one.json"), "{}")
        got = [json.loads(l) for l in rules("test", tmp, "--json").text.splitlines()]
        equal([(g["passed"], g["got"], g["want"]) for g in got],
              [(True, 2, 2), (False, 0, 1), (True, 0, 0)], "a match that lacks, in JSON")
        os.remove(os.path.join(tmp, "rules", "whoami.yml"))
        r = rules("test", tmp)
        ok(r.status == 1 and "is not loaded" in r.text, "a rule that is not loaded fails", r)
        info = os.path.join(tmp, "regression", "whoami", "info.yml")
        text = open(info, encoding="utf-8").read()
        write(info, text.replace("11111111-1111-4111-8111-111111111111", '"\\e[31mred"'))
        r = rules("test", tmp)
        ok("rule \\x1b[31mred is not loaded" in r.text, "nothing in it acts on a terminal", r)
        write(info, text)
        os.remove(quiet)
        r = rules("test", "-r", "rules", tmp)
        ok("quiet.json' is not there" in r.errors, "a log that is missing is told", r)
        equal(rules("test", "-r", "rules", "logs").status, 66, "no tests at all: 66")
        r = rules("test", tmp + "/none")
        ok(r.status == 66 and r.errors.count("/none: ") == 1, "no such folder is told once", r)


def test_upstream():
    corpus, upstream = data("sigma-regression"), data("sigma-rules")
    if not corpus or not upstream:
        skip("the regression data of SigmaHQ is not here")
        return
    r = canh("rules", "test", "-r", upstream, corpus, "-q")
    ok(r.status == 0 and r.text == "182 of 182 passed\n", "SigmaHQ's own regression tests pass", r)


RULE = open(os.path.join(FIXTURES, "rules", "whoami.yml"), "rb").read()


def hostile_zip(path):
    """An archive with two rules, a licence, and what no archive should hold."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("sigma-1.0/rules/whoami.yml", RULE)
        z.writestr("sigma-1.0/rules/đăng nhập.yml", RULE + b"date: 2020-10-05\n")
        z.writestr("sigma-1.0/LICENSE", "Detection Rule License 1.1\n")
        z.writestr("sigma-1.0/regression/info.yml", "id: x\n")
        z.writestr("sigma-1.0/run.sh", "#!/bin/sh\n")
        z.writestr("../../escape.yml", RULE)
        z.writestr("/absolute.yml", RULE)
        z.writestr("a/../../up.yml", RULE)
        z.writestr("sigma-1.0/.git/hidden.yml", RULE)
        z.writestr("sigma-1.0/big.yml", RULE + b"#" * 9000000)
        link = zipfile.ZipInfo("sigma-1.0/link.yml")
        link.external_attr = 0o120777 << 16
        z.writestr(link, "/etc/passwd")


def tree(path):
    return sorted(os.path.relpath(os.path.join(f, n), path)
                  for f, _, names in os.walk(path) for n in names)


def test_import():
    with folder() as tmp:
        env = {"XDG_DATA_HOME": os.path.join(tmp, "data")}
        home = os.path.join(tmp, "data", "canh", "rules")
        source = os.path.join(tmp, "sigma 1.0.zip")
        hostile_zip(source)
        r = canh("rules", "import", source, env=env)
        ok(r.status == 0 and "2 rule files" in r.text and "LICENSE" in r.text and
           "2020-10-05" in r.text, "a ZIP: source, licence and age", r)
        ok("4 with unsafe names, 1 too big" in r.text, "what was left out is counted", r)
        equal(tree(home), ["sigma-1.0/sigma-1.0/LICENSE", "sigma-1.0/sigma-1.0/rules/whoami.yml",
                           "sigma-1.0/sigma-1.0/rules/đăng nhập.yml"], "only rules and licences")
        equal(sorted(os.listdir(tmp)), ["data", "sigma 1.0.zip"], "nothing lands elsewhere")
        r = canh("scan", "logs/events.ndjson", "-m", "mappings", "--json", env=env, cwd=FIXTURES)
        ok("whoami.yml" in r.text, "scans use imported rules", r)
        with tarfile.open(os.path.join(tmp, "sigma 1.0.tar.gz"), "w:gz") as t:
            info = tarfile.TarInfo("rules/only.yml")
            info.size = len(RULE)
            t.addfile(info, io.BytesIO(RULE))
            evil = tarfile.TarInfo("rules/hard.yml")
            evil.type, evil.linkname = tarfile.LNKTYPE, "/etc/passwd"
            t.addfile(evil)
        r = canh("rules", "import", os.path.join(tmp, "sigma 1.0.tar.gz"), "--json", "--shrink",
                 env=env)
        got = json.loads(r.text)
        equal((got["links"], got["duplicates"]), (1, 0), "links are counted")
        equal((got["rule_files"], got["loaded"], got["refused"]), (1, 1, 0), "a tar archive, in JSON")
        equal(tree(home), ["sigma-1.0/rules/only.yml"], "replaces the one before as a whole")
        r = canh("rules", "import", "rules", "--name", "mine", env=env, cwd=FIXTURES)
        ok(r.status == 0 and "3 rule files" in r.text and "none found" in r.text, "a folder", r)
        equal(sorted(os.listdir(home)), ["mine", "sigma-1.0"], "beside the other")
        r = canh("rules", "import", "rules/whoami.yml", "--name", "mine", env=env, cwd=FIXTURES)
        equal(r.status, 65, "a collection does not lose rules unasked")
        ok("--shrink" in r.errors and len(tree(home)) > 3, "and stays as it was", r)
        r = canh("rules", "import", "rules/whoami.yml", "--name", "mine", "--shrink", env=env,
                 cwd=FIXTURES)
        ok(r.status == 0 and "1 rule files" in r.text, "one file", r)
        equal(tree(home), ["mine/whoami.yml", "sigma-1.0/rules/only.yml"], "under its name")
        r = canh("rules", "import", "repository/regression/whoami/info.yml", env=env, cwd=FIXTURES)
        ok(r.status == 65 and "holds no rules" in r.errors, "one that is no rule: 65", r)
        before = tree(home)
        for content, status, what in ((b"", 65, "an empty file"), (b"PK\3\4 rubbish", 65, "rubbish"),
                                      (open(source, "rb").read()[:-60000], 65, "a cut archive")):
            bad = write(os.path.join(tmp, "mine.zip"), content)
            r = canh("rules", "import", bad, env=env)
            ok(r.status == status and r.errors.count("\n") == 1, f"{what}: {status}", r)
        r = canh("rules", "import", write(os.path.join(tmp, "empty", "x.txt"), ""), "--lang=vi", env=env)
        ok("không phải thư mục" in r.errors, "no archive, in Vietnamese", r)
        equal(tree(home), before, "a failed import changes nothing")
        equal(canh("rules", "import", tmp + "/none.zip", env=env).status, 66, "no such archive: 66")
        equal(canh("rules", "import", "rules", env={"HOME": ""}, cwd=FIXTURES).status, 66,
              "nowhere to put it: 66")


def explain(*args, **more):
    return canh("explain", "-m", "mappings", *args, cwd=FIXTURES, **more)


def test_explain():
    r = explain("-r", "rules/whoami.yml", "logs/events.ndjson")
    equal(r.status, 1, "a match: 1")
    golden("explain.txt", r.out)
    r = explain("-r", "rules/whoami.yml", "logs/events.ndjson", "-n", "2")
    ok(r.status == 0 and "does not match" in r.text, "no match: 0", r)
    golden("explain-no.txt", r.out)
    r = explain("-r", "rules/encoded.yml", "logs/events.ndjson", "--lang=vi", "-n", "1")
    golden("explain-vi.txt", r.out)
    got = json.loads(explain("-r", "rules/whoami.yml", "logs/events.ndjson", "--json").text)
    item = got["mappings"][0]["condition"]["of"][0]
    equal((got["matches"], item["selection"], item["test"], item["seen"]),
          (True, "selection", "endswith", "C:\\Windows\\System32\\whoami.exe"), "as JSON")
    r = explain("-r", "rules/whoami.yml", "-", stdin=open(
        os.path.join(FIXTURES, "logs", "pretty.json"), "rb").read())
    equal(r.status, 1, "from standard input")
    lines = open(os.path.join(FIXTURES, "logs", "events.ndjson"), encoding="utf-8").read().split("\n")
    array = ("[" + ",".join([lines[1], lines[0], lines[1]]) + "]").encode()
    for args in ([], ["-n", "1"]):
        r = explain("-r", "rules/whoami.yml", "-", *args, stdin=array)
        ok(r.status == 1 and "The rule matches" in r.text, "the one that matches of several in a line", r)
    text = open(os.path.join(FIXTURES, "logs", "pretty.json"), encoding="utf-8").read()
    r = explain("-r", "rules/whoami.yml", "-", stdin=text.encode("utf-16"))
    equal(r.status, 1, "in UTF-16")
    for args, status, what in ((["-r", "refused/modifier.yml", "logs/events.ndjson"], 65, "a refused rule"),
                               (["-r", "rules/none.yml", "logs/events.ndjson"], 66, "no such rule"),
                               (["-r", "/dev/null", "logs/events.ndjson"], 65, "a file without rules"),
                               (["-r", "rules/whoami.yml", "/dev/null"], 65, "an empty log"),
                               (["-r", "rules/whoami.yml", "logs/none"], 66, "no such log"),
                               (["-r", "rules/whoami.yml", "rules/whoami.yml"], 65, "no log"),
                               (["-r", "rules/whoami.yml", "logs/events.ndjson", "-n", "99"], 66,
                                "no such record"),
                               (["logs/events.ndjson"], 64, "no rule named")):
        r = explain(*args)
        ok(r.status == status and r.errors.count("\n") == 1 and r.out == b"", f"{what}: {status}", r)
    r = explain("-r", "refused/unreached.yml", "logs/events.ndjson")
    ok(r.status == 0 and "no mapping leads any event here" in r.errors,
       "a rule that nothing reaches is told", r)
    evtx = data("evtx-attack-samples", "Other", "maldoc_mshta_via_shellbrowserwind_rundll32.evtx")
    if not evtx:
        skip("the attack samples are not here")
        return
    r = explain("-r", "rules/whoami.yml", evtx)
    ok(r.status == 0 and "Image ends with" in r.text, "an EVTX file", r)


def main():
    test_check()
    test_suspects()
    test_list()
    test_test()
    test_upstream()
    test_import()
    test_explain()
    done()


main()
