#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rooms: who may include whom (docs/architecture.md), a README of about ten lines in
each, no call in a pure room that reads a clock, a file or the network, and no write to the
state by a verb: acts belong to the rooms (src/state/act.h)."""
import os
import re
import sys

ROOT = os.environ.get("CANH_SOURCE_DIR", ".")
SRC = os.path.join(ROOT, "src")
INCLUDE = re.compile(r'^\s*#\s*include\s+"((?:node/)?[a-z]+)/')
IMPURE = re.compile(
    r"\b(open|openat|fopen|read|write|fread|fwrite|socket|connect|time|time_now|clock_gettime|"
    r"gettimeofday|printf|fprintf|puts|syslog|getenv|exit|_exit|abort)\s*\(")

WRITE = re.compile(r"\bstate_(?:(?:act_)?begin|act_end|commit|rollback|\w+_(?:put|drop))\s*\(")

# The verbs whose act is not in a room yet, and the calls that each still has. A number that is
# larger than the file's calls fails as one that is smaller does: the list only shrinks.
WRITERS = {
}

# What every room may use.
EVERYBODYS = {"base": [], "lang": ["base"]}


def may_use():
    """The table in docs/architecture.md: | room | may use | pure |"""
    rows = {}
    with open(os.path.join(ROOT, "docs", "architecture.md"), encoding="utf-8") as f:
        for line in f:
            cells = [c.strip() for c in line.strip().strip("|").split("|")]
            if len(cells) == 4 and re.fullmatch(r"`[a-z]+(/[a-z]+)?/`", cells[0]):
                rows[cells[0][1:-2]] = (cells[2].split(), cells[3] == "pure")
    return rows


def sources(room):
    for folder, _, names in os.walk(os.path.join(SRC, room)):
        for name in sorted(names):
            if name.endswith((".c", ".h", ".cc")):
                yield os.path.join(folder, name)


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def check_room(room, rows):
    problems = []
    allowed, pure = rows[room]
    for path in sources(room):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        where = os.path.relpath(path, ROOT)
        for number, line in enumerate(text.splitlines(), 1):
            m = INCLUDE.match(line)
            if m and m.group(1) in rows and m.group(1) not in allowed + [room] + EVERYBODYS.get(room, ["base", "lang"]):
                problems.append(f"{where}:{number}: {room} may not use {m.group(1)}")
        if pure:
            for number, line in enumerate(strip_comments(text).splitlines(), 1):
                m = IMPURE.search(line)
                if m:
                    problems.append(f"{where}:{number}: {room} is pure but calls {m.group(1)}()")
    return problems


def check_writers():
    """The calls of the verbs that write to the state, against WRITERS."""
    found = {}
    for path in sources("cli"):
        with open(path, encoding="utf-8") as f:
            calls = len(WRITE.findall(strip_comments(f.read())))
        if calls:
            found[os.path.relpath(path, os.path.join(SRC, "cli"))] = calls
    return [f"src/cli/{name}: {found.get(name, 0)} calls that write to the state, "
            f"{WRITERS.get(name, 0)} are excepted"
            for name in sorted(found.keys() | WRITERS.keys())
            if found.get(name, 0) != WRITERS.get(name, 0)]


def check_readme(room):
    path = os.path.join(SRC, room, "README.md")
    if not os.path.exists(path):
        return [f"src/{room}/README.md is missing"]
    with open(path, encoding="utf-8") as f:
        lines = len(f.read().splitlines())
    return [f"src/{room}/README.md has {lines} lines, about ten are wanted"] if lines > 20 else []


def folders(path):
    return [d for d in os.listdir(path) if os.path.isdir(os.path.join(path, d))]


def main():
    rows = may_use()
    rooms = sorted(d for d in folders(SRC) if d != "node")
    rooms += sorted("node/" + d for d in folders(os.path.join(SRC, "node")))
    count = failed = 0
    for room in rooms:
        problems = check_readme(room.split("/")[0])
        if room not in rows:
            problems.append(f"src/{room} has no row in docs/architecture.md")
        else:
            problems += check_room(room, rows)
        count += 1
        failed += bool(problems)
        print(f"{'not ' if problems else ''}ok {count} - room {room}")
        for p in problems:
            print("# " + p)
    problems = check_writers()
    count += 1
    failed += bool(problems)
    print(f"{'not ' if problems else ''}ok {count} - verbs write to the state by acts alone")
    for p in problems:
        print("# " + p)
    print(f"1..{count}")
    sys.exit(1 if failed else 0)


main()
