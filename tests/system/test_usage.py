#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Help, usage errors, language, version and completion, for every verb that the program names."""
import os
import re
import subprocess
import tempfile

from support import BUILD, ROOT, canh, done, environment, equal, ok

COMPLETION = os.path.join(BUILD, "dist", "canh")


def verbs_of(path):
    """The subverbs that --help lists."""
    text = canh(*path, "--help").text
    block = re.search(r"^Verbs:\n((?:  .*\n)+)", text, re.M)
    return re.findall(r"^  (\S+)", block.group(1), re.M) if block else []


def walk(path=()):
    yield path
    for verb in verbs_of(path):
        yield from walk((*path, verb))


def test_help(path):
    name = " ".join(("canh", *path))
    texts = {}
    for language in ("en", "vi"):
        r = canh(*path, "--help", f"--lang={language}")
        ok(r.status == 0 and r.err == b"", f"{name} --help ({language}) is no error", r)
        ok(all(len(line) <= 100 for line in r.text.splitlines()), f"{name} --help fits", r)
        texts[language] = r.text
    ok(texts["en"] != texts["vi"], f"{name} --help speaks both languages")
    ok(name in texts["en"].splitlines()[0], f"{name} --help names the verb", texts["en"])
    r = canh(*path, "--no-such-option")
    ok(r.status == 64 and r.out == b"" and r.errors.count("\n") == 1 and
       "--no-such-option" in r.errors, f"{name}: an unknown option is one line and 64", r)


OPTION = r"^ {2,8}(?:-., )?--([a-z0-9.-]*[a-z0-9])"


def complete(words):
    """What bash offers for the last word."""
    script = f"""
        source {COMPLETION}
        COMP_WORDS=({' '.join(words)}) COMP_CWORD={len(words) - 1}
        _canh; printf '%s\\n' "${{COMPREPLY[@]}}" """
    r = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True,
                       env=environment(), check=False)
    return r.stdout.split()


def test_completion(paths):
    r = subprocess.run(["bash", "-n", COMPLETION], capture_output=True, check=False)
    equal((r.returncode, r.stderr), (0, b""), "the completion script is bash")
    ok(canh("completion", "bash").out == open(COMPLETION, "rb").read(),
       "the installed script is the printed one")
    equal(complete(["canh", "comp"]), ["completion"], "a verb is completed")
    equal(complete(["canh", "completion", "--lang", "''"]), ["vi", "en"], "choices are offered")
    equal(complete(["canh", "completion", "--lang", "=", "v"]), ["vi"], "choices behind =")
    for path in paths:
        offered = complete(["canh", *path, "--"])
        listed = re.findall(OPTION, canh(*path, "--help").text, re.M)
        equal(sorted(offered), sorted("--" + o for o in listed),
              f"{' '.join(('canh', *path))}: every option is completed")


def test_manual(paths):
    """Every option of a verb stands in its man page (canh-rules(1) for canh rules check)."""
    for path in paths:
        page = os.path.join(ROOT, "man", "-".join(("canh", *path[:1])) + ".1")
        page = os.path.join(ROOT, "man", {"completion": "canh.1", "logout": "canh-login.1"}.get(
            path[0] if path else "", os.path.basename(page)))
        with open(page, encoding="utf-8") as f:
            text = f.read()
        options = re.findall(OPTION, canh(*path, "--help").text, re.M)
        missing = [o for o in options if not re.search(rf"(Fl|,) -{re.escape(o)}\b", text)]
        ok(not missing, f"{' '.join(('canh', *path))}: every option is in {os.path.basename(page)}",
           missing)
    pages = [os.path.join(ROOT, "man", n) for n in sorted(os.listdir(os.path.join(ROOT, "man")))
             if n.endswith((".1", ".5"))]
    with open(os.path.join(ROOT, "man", "canh.conf.5"), encoding="utf-8") as f:
        items = re.findall(r"^\.It Cm ([a-z-]+) =|^\.Ss \[([a-z]+)\]", f.read(), re.M)
    section, described = "", []
    for key, head in items:
        section = head or section
        if key:
            described.append(f"{section}.{key}")
    with tempfile.TemporaryDirectory() as node:
        with open(os.path.join(node, "canh.conf"), "wb"):
            pass
        r = canh("config", "explain", "--dir", node)
    keys = re.findall(r"^([a-z-]+\.[a-z-]+) =", r.text, re.M)
    ok(keys, "canh config explain lists keys", r)
    equal(described, keys, "canh.conf.5 has every key in its section, and no other")
    r = subprocess.run(["mandoc", "-Tlint", "-Wwarning", *pages], capture_output=True, text=True,
                       check=False)
    ok(r.returncode == 0 and not r.stdout, "mandoc finds nothing wrong", r.stdout, r.stderr)


def main():
    paths = list(walk())[::4 if os.environ.get("CANH_SANITIZED") else 1]
    for path in paths:
        test_help(path)
    r = canh()
    ok(r.status == 64 and r.out == b"", "without a verb: 64", r)
    r = canh("--version")
    ok(r.status == 0 and re.fullmatch(r"canh \d+\.\d+\.\d+\n", r.text), "--version", r)
    r = canh("completion", "b\x1b[31mad")
    ok("\x1b" not in r.errors and r"b\x1b[31mad" in r.errors, "arguments cannot paint errors", r)
    r = canh("nonsense", env={"LC_ALL": "vi_VN.UTF-8"})
    ok("không có lệnh" in r.errors, "the locale chooses the language", r)
    r = canh("nonsense", "--lang", "en", env={"LC_ALL": "vi_VN.UTF-8"})
    ok("unknown verb" in r.errors, "--lang is stronger", r)
    with open("/dev/full", "wb") as full:
        r = canh("--help", stdout=full)
    ok(r.status == 74 and r.errors.count("\n") == 1, "a full disk is noticed: 74", r)
    test_completion(paths)
    test_manual(paths)
    done()


main()
