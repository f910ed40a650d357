#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/base/width_table.c: characters that take no column or two on a terminal.

usage: tools/gen_width.py /usr/share/unicode > src/base/width_table.c

Two: East Asian Width W and F. None: categories Mn, Me and Cf (but the soft hyphen), and the
Hangul medial vowels and final consonants, which join the syllable before them."""
import os
import sys


def rows(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            cols = [c.strip() for c in line.split("#")[0].split(";")]
            if len(cols) >= 2:
                yield cols


def wide(folder):
    for cols in rows(os.path.join(folder, "EastAsianWidth.txt")):
        if cols[1] in ("W", "F"):
            first, _, last = cols[0].partition("..")
            yield from range(int(first, 16), int(last or first, 16) + 1)


def none(folder):
    start = None
    for cols in rows(os.path.join(folder, "UnicodeData.txt")):
        code = int(cols[0], 16)
        if cols[1].endswith(", First>"):
            start = code
            continue
        first, start = (start, None) if cols[1].endswith(", Last>") else (code, None)
        if cols[2] in ("Mn", "Me", "Cf") and code != 0xAD:
            yield from range(first, code + 1)
    yield from range(0x1160, 0x1200)
    yield from range(0xD7B0, 0xD7FC)


def main():
    width = {c: 2 for c in wide(sys.argv[1])}
    width.update({c: 0 for c in none(sys.argv[1])})
    out = []
    for c in sorted(width):
        if out and out[-1][1] == c - 1 and out[-1][2] == width[c]:
            out[-1][1] = c
        else:
            out.append([c, c, width[c]])
    print("/* SPDX-License-Identifier: Unicode-DFS-2016 */")
    print("/* Made by tools/gen_width.py from the Unicode Character Database 15.0; do not edit. */")
    print('#include "base/width.h"\n')
    print("/* clang-format off */")
    print("const struct width_range width_ranges[] = {")
    for first, last, columns in out:
        print(f"    {{0x{first:04X}, 0x{last:04X}, {columns}}},")
    print("};")
    print("/* clang-format on */\n")
    print(f"const unsigned width_range_count = {len(out)};")


main()
