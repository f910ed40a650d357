#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/base/fold_table.c from Unicode's CaseFolding.txt (statuses C and S).

usage: tools/gen_fold.py /usr/share/unicode/CaseFolding.txt > src/base/fold_table.c
"""
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            cols = [c.strip() for c in line.split("#")[0].split(";")]
            if len(cols) >= 3 and cols[1] in "CS":
                yield int(cols[0], 16), int(cols[2], 16)


def ranges(pairs):
    rows = []
    for src, dst in sorted(pairs):
        delta = dst - src
        if rows:
            first, last, d, step = rows[-1]
            gap = src - last
            if d == delta and gap <= 2 and (step in (0, gap)):
                rows[-1] = (first, src, d, gap)
                continue
        rows.append((src, src, delta, 0))
    return rows


def main():
    rows = [r for r in ranges(read(sys.argv[1])) if r[0] >= 0x80]
    print("/* SPDX-License-Identifier: Unicode-DFS-2016 */")
    print("/* Made by tools/gen_fold.py from CaseFolding-15.0.0.txt; do not edit. */")
    print('#include "base/fold.h"\n')
    print("/* clang-format off */")
    print("const struct fold_range fold_ranges[] = {")
    for first, last, delta, step in rows:
        print(f"    {{0x{first:04X}, 0x{last:04X}, {delta}, {step or 1}}},")
    print("};")
    print("/* clang-format on */\n")
    print(f"const unsigned fold_range_count = {len(rows)};")


main()
