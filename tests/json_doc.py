#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds docs/json.md against the columns of src/view/: every table, its keys in their order, their
kinds. Programs read these keys, so that none may change or go without the page saying so."""
import glob
import os
import re
import sys

ROOT = os.environ.get("CANH_SOURCE_DIR", ".")
COLUMNS = re.compile(r"static const struct table_column (\w+)\[\] = \{(.*?)\n\};", re.S)
BEGIN = re.compile(r'VIEW_BEGIN\(\w+,\s*\w+,\s*"([a-z-]+)",\s*(\w+)\)')


def of_source():
    """{table: [(key, kind)]}"""
    tables = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "src", "view", "*.c"))):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        columns = dict(COLUMNS.findall(text))
        for name, variable in BEGIN.findall(text):
            rows = []
            for key, rest in re.findall(r'\.key = "(\w+)"(.*?)(?=\.key|\Z)', columns[variable],
                                        re.S):
                kind = re.search(r"\.kind = TABLE_(\w+)", rest)
                if "TABLE_PEOPLE" not in rest:
                    rows.append((key, kind.group(1).lower() if kind else "text"))
            tables[name] = rows
    return tables


def of_page():
    tables, name = {}, None
    with open(os.path.join(ROOT, "docs", "json.md"), encoding="utf-8") as f:
        for line in f:
            if line.startswith("## "):
                name = line[3:].strip()
                tables[name] = []
            elif name and (m := re.match(r"\| `(\w+)` \| (\w+) \|", line)):
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
