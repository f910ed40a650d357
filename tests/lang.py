#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The message generator refuses what must not be built: missing texts, other arguments, typing
errors. And every text is used by some source file."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.environ.get("CANH_SOURCE_DIR", ".")
GENERATOR = os.path.join(ROOT, "tools", "gen_lang.py")
CASES = [
    ("equal texts", "a = x %s\n", "a = y %s\n", None),
    ("order by number", "a = %2$s %1$Lu\n", "a = %Lu %s\n", None),
    ("a continued text", "a = x\n  y\n", "a = z\n", None),
    ("a key in one language only", "a = x\nb = y\n", "a = x\n", "b is not in every language"),
    ("other argument types", "a = %s\n", "a = %d\n", "takes other arguments"),
    ("fewer arguments", "a = %s\n", "a = x\n", "takes other arguments"),
    ("a gap in the numbers", "a = %3$s\n", "a = %3$s\n", "not numbered"),
    ("%n", "a = %n\n", "a = %n\n", "odd conversion"),
    ("a lone percent sign", "a = 5 %\n", "a = 5 %\n", "odd conversion"),
    ("a double key", "a = x\na = y\n", "a = x\n", "is there already"),
    ("a bad line", "A: x\n", "a = x\n", "not a line of the form"),
    ("an unknown escape", "a = \\x\n", "a = x\n", "unknown escape"),
]
ERRORS = [
    ("equal errors", "a = x {1} {2}\n", "a = {2} y {1}\n", None),
    ("a byte in hexadecimal", "a = {1x}\n", "a = {1x}\n", None),
    ("an error in one language only", "a = x\nb = y\n", "a = x\n", "b is not in every language"),
    ("an argument that lacks", "a = {1}\n", "a = x\n", "takes other arguments"),
    ("an argument written otherwise", "a = {1}\n", "a = {1x}\n", "takes other arguments"),
    ("a gap in an error's numbers", "a = {2}\n", "a = {2}\n", "not numbered"),
    ("an odd place", "a = {x}\n", "a = {x}\n", "odd place"),
    ("a bracket left open", "a = {1\n", "a = {1\n", "odd place"),
]


def generate(vi, en, error):
    with tempfile.TemporaryDirectory() as folder:
        for language, text in (("vi", vi), ("en", en)):
            os.makedirs(os.path.join(folder, language, "error"))
            with open(os.path.join(folder, language, "error" * error, "t.txt"), "w",
                      encoding="utf-8") as f:
                f.write(text)
            with open(os.path.join(folder, language, "error", "base.txt"), "w",
                      encoding="utf-8") as f:
                f.write("")
        areas = ["--errors", "t"] if error else ["t", "--errors"]
        return subprocess.run([sys.executable, GENERATOR, folder, folder, "vi,en"] + areas,
                              capture_output=True, text=True, check=False)


def unused():
    """Ids that no source mentions, by name or as the later ones of a run (MSG_DAY_MON + i)."""
    sources = ""
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            if name.endswith((".c", ".h")):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    sources += f.read()
    mentioned = set(re.findall(r"\b(?:MSG|ERR)_\w+", sources))
    pages = os.path.join(ROOT, "console")
    for name in os.listdir(pages):
        if name.endswith(".html"):
            with open(os.path.join(pages, name), encoding="utf-8") as f:
                for key in re.findall(r"\{\{=(\w+)\}\}", f.read()):  # or with its area before it
                    mentioned |= {"MSG_CONSOLE_" + key.upper(), "MSG_" + key.upper()}
    runs = tuple(m.rsplit("_", 1)[0] + "_"
                 for m in re.findall(r"\b((?:MSG|ERR)_\w+)\s*\+", sources))
    for prefix, sub in (("MSG", ""), ("ERR", "error")):
        folder = os.path.join(ROOT, "lang", "en", sub)
        for area in os.listdir(folder):
            if not area.endswith(".txt"):
                continue
            with open(os.path.join(folder, area), encoding="utf-8") as f:
                keys = re.findall(r"^([a-z][a-z0-9_]*)\s*=", f.read(), re.M)
            for key in keys:
                name = f"{prefix}_{area[:-4].upper()}_{key.upper()}"
                kind = "CE_" + key.upper() if name.startswith("ERR_BASE_") else name
                if not {name, kind} & mentioned and not name.startswith(runs or "-"):
                    if kind == name or not re.search(rf"\b{kind}\b", sources):
                        yield name


def main():
    count = failed = 0
    for what, vi, en, want, error in ([c + (False,) for c in CASES] +
                                      [c + (True,) for c in ERRORS]):
        r = generate(vi, en, error)
        good = r.returncode == 0 if want is None else r.returncode != 0 and want in r.stderr
        count += 1
        failed += not good
        print(f"{'' if good else 'not '}ok {count} - {what}")
        if not good:
            print(f"# {r.returncode}: {r.stderr}")
    left = list(unused())
    count += 1
    failed += bool(left)
    print(f"{'not ' if left else ''}ok {count} - every text is used")
    for name in left:
        print("# " + name)
    print(f"1..{count}")
    sys.exit(1 if failed else 0)


main()
