#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds docs/json.md against src/view/: every table with its columns and every object (view_json_…)
with its members, their keys in their order, their kinds. Programs read these keys, so that none may
change or go without the page saying so. Members of an object inside another follow its own."""
import glob
import os
import re
import sys

ROOT = os.environ.get("CANH_SOURCE_DIR", ".")
COLUMNS = re.compile(r"static const struct table_column (\w+)\[\] = \{(.*?)\};", re.S)
BEGIN = re.compile(r'VIEW_BEGIN\(\w+,\s*\w+,\s*"([a-z-]+)",\s*(\w+)\)')


SHARED = re.compile(r"^#define (\w+_COLUMNS)\s((?:.*\\\n)*.*\n)", re.M)
FUNCTION = re.compile(r"^(?:static )?void (\w+)\(.*?\)\n\{\n(.*?)^\}", re.S | re.M)
MEMBER = re.compile(r'json_key\(&?w, "([@\w-]+)"\);\s*(?:if \([^;]*\)\s*)?(?:json_(\w+)\((?:&?w, \'(.))?|((?:write|append)_\w+)\()|'
                    r'json_optional\(&?w, "(\w+)"|\b((?:write|append)_\w+)(?:\(&?w, |, &?w\))')
KINDS = {"text": "text", "bool": "flag", "u64": "number", "i64": "number", "time": "time",
         "members": "object"}


def members(functions, name, seen=()):
    """seen: functions on the way here, so that one that calls itself is told once."""
    found = []
    if name in seen or name not in functions:
        return found
    seen += (name,)
    for key, call, bracket, inner, optional, other in MEMBER.findall(functions[name]):
        if optional:
            found.append((optional, "text"))
        elif other:
            found += members(functions, other, seen)
        else:
            kind = "object" if inner else {"[": "list", "{": "object"}.get(bracket) or KINDS[call]
            found.append((key, kind))
            found += members(functions, inner, seen) if inner else []
    return found


def objects():
    """{object: [(key, kind)]}"""
    found = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "view", "json_*.c"))):
        with open(path, encoding="utf-8") as f:
            functions = dict(FUNCTION.findall(f.read()))
        for name in functions:
            if name.startswith("view_json_"):
                found[name[10:].replace("_", "-")] = members(functions, name)
    return found


def of_source():
    """{table: [(key, kind)]}"""
    tables = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "view", "*.c"))):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        for name, rows in SHARED.findall(text):
            text = re.sub(rf"(?<!#define )\b{name}\b,?", rows.replace("\\", ""), text)
        columns = dict(COLUMNS.findall(text))
        for name, variable in BEGIN.findall(text):
            rows = []
            for key, rest in re.findall(r'\.key = "(\w+)"(.*?)(?=\.key|\Z)', columns[variable],
                                        re.S):
                kind = re.search(r"\.kind = TABLE_(\w+)", rest)
                if "TABLE_PEOPLE" not in rest:
                    rows.append((key, kind.group(1).lower() if kind else "text"))
            tables[name] = rows
    return tables | objects()


def of_page():
    tables, name = {}, None
    with open(os.path.join(ROOT, "docs", "json.md"), encoding="utf-8") as f:
        for line in f:
            if line.startswith("## "):
                name = line[3:].strip()
                tables[name] = []
            elif name and (m := re.match(r"\| `([@\w-]+)` \| (\w+) \|", line)):
                tables[name].append((m.group(1), m.group(2)))
    return tables


def main():
    source, page = of_source(), of_page()
    names = sorted(source.keys() | page.keys())
    failed = not source
    for number, name in enumerate(names, 1):
        same = source.get(name) == page.get(name)
        failed |= not same
        print(f"{'' if same else 'not '}ok {number} - {name}")
        if not same:
            print(f"# source: {source.get(name)}\n# page: {page.get(name)}")
    print(f"1..{len(names)}")
    sys.exit(1 if failed else 0)


main()
