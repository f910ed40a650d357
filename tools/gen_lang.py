#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles lang/<language>/<area>.txt into src/base/lang_ids.h and lang_table.c.

    gen_lang.py LANG_DIR OUT_H OUT_C AREA…

A line is `key = text`; a line that begins with a blank continues the text before it; `#` begins a
comment line. In text: \\n, \\t, \\s (a blank at an end) and \\\\ ; printf conversions, where %Lu and
%Ld stand for 64-bit numbers and %2$s picks an argument by number. Every key must stand in every
language with the same arguments, or nothing is built."""
import os
import re
import sys

LANGUAGES = ["vi", "en"]
KEY = re.compile(r"^([a-z][a-z0-9_]*)\s*=\s*(.*)$")
CONVERSION = re.compile(
    r"%(?:(?P<pos>[1-9])\$)?(?P<flags>[-+ 0#']*)(?P<width>\*|\d+)?(?P<prec>\.(?:\*|\d+))?"
    r"(?P<len>hh|h|ll|l|z|L)?(?P<conv>[a-zA-Z%])")
CONVERSIONS = "diouxXcsfegpL%"
ESCAPES = {"n": "\n", "t": "\t", "s": " ", "\\": "\\"}


def fail(where, why):
    sys.exit(f"{where}: {why}")


def unescape(where, text):
    def one(m):
        if m.group(1) not in ESCAPES:
            fail(where, f"unknown escape \\{m.group(1)}")
        return ESCAPES[m.group(1)]
    return re.sub(r"\\(.)", one, text)


def read(path):
    """{key: (text, where)} in file order."""
    texts, key = {}, None
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            where, line = f"{path}:{number}", line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            if line[0] in " \t" and key:
                texts[key][0] = (texts[key][0] + " " + line.strip()).strip()
                continue
            m = KEY.match(line)
            if not m:
                fail(where, "not a line of the form `key = text`")
            key = m.group(1)
            if key in texts:
                fail(where, f"{key} is there already ({texts[key][1]})")
            texts[key] = [m.group(2).strip(), where]
    return {k: (unescape(where, text), where) for k, (text, where) in texts.items()}


def arguments(where, text):
    """The types of a format's arguments, in the order of the call."""
    found, position, at = {}, 0, 0
    while (at := text.find("%", at)) >= 0:
        m = CONVERSION.match(text, at)
        if not m or m.group("conv") not in CONVERSIONS:
            fail(where, f"odd conversion near '{text[at:at + 8]}'")
        at = m.end()
        if m.group("conv") == "%":
            continue
        if m.group("pos") and (m.group("width") == "*" or m.group("prec") == ".*"):
            fail(where, "a numbered argument cannot take its width from another")
        for star in (m.group("width") == "*", m.group("prec") == ".*"):
            if star:
                position += 1
                found[position] = "int"
        position = int(m.group("pos")) if m.group("pos") else position + 1
        kind = (m.group("len") or "") + m.group("conv")
        if found.setdefault(position, kind) != kind:
            fail(where, f"argument {position} has two types")
    if sorted(found) != list(range(1, len(found) + 1)):
        fail(where, "the arguments are not numbered 1, 2, …")
    return [found[i] for i in sorted(found)]


def c_string(text):
    out = []
    for c in text.encode():
        if c in b'"\\':
            out.append("\\" + chr(c))
        elif 0x20 <= c < 0x7f:
            out.append(chr(c))
        else:
            out.append(f"\\{c:03o}")
    body = "".join(out).replace("??", "?\\?")

    # %Lu, also %2$Lu or %8Lu: the length of a 64-bit number is the platform's
    def wide(m):
        return f'%{m.group(1)}" PRI{m.group(2)}64 "'
    return '"' + re.sub(r"%([-+ 0#'.*\d$]*)L([udxX])", wide, body) + '"'


def load(folder, areas):
    """[(id, {language: text})] after all checks."""
    rows = []
    for language in LANGUAGES:
        present = {n[:-4] for n in os.listdir(os.path.join(folder, language))
                   if n.endswith(".txt")}
        if present != set(areas):
            fail(os.path.join(folder, language),
                 "files and the list in lang/meson.build differ: " +
                 " ".join(sorted(present ^ set(areas))))
    for area in areas:
        texts = {l: read(os.path.join(folder, l, area + ".txt")) for l in LANGUAGES}
        first = texts[LANGUAGES[0]]
        for language in LANGUAGES:
            for key in texts[language].keys() ^ first.keys():
                where = texts[language].get(key, first.get(key, ("", "")))[1]
                fail(where, f"{key} is not in every language")
        for key, (text, where) in first.items():
            want = arguments(where, text)
            for language in LANGUAGES[1:]:
                other, place = texts[language][key]
                if arguments(place, other) != want:
                    fail(place, f"{key} takes other arguments than at {where}")
            rows.append((f"MSG_{area.upper()}_{key.upper()}",
                         {l: texts[l][key][0] for l in LANGUAGES}))
    return rows


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write("/* Generated by tools/gen_lang.py from lang/. */\n" + text)


def main():
    folder, out_h, out_c, areas = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    rows = load(folder, areas)
    ids = "".join(f"    {name},\n" for name, _ in rows)
    formats = "".join(f"#define {name}_FMT {c_string(texts['en'])}\n" for name, texts in rows)
    write(out_h, "#ifndef CANH_BASE_LANG_IDS_H\n#define CANH_BASE_LANG_IDS_H\n"
          f"#include <inttypes.h>\n\nenum msg_id {{\n    MSG_NONE, /* empty */\n{ids}    MSG_MAX\n}};\n\n{formats}\n#endif\n")
    table = ""
    for language in LANGUAGES:
        table += f"    [LANG_{language.upper()}] = {{\n"
        table += '        [MSG_NONE] = "",\n'
        table += "".join(f"        [{name}] = {c_string(texts[language])},\n"
                         for name, texts in rows)
        table += "    },\n"
    write(out_c, '#include "base/lang.h"\n\n'
          f"const char *const lang_table[LANG_MAX][MSG_MAX] = {{\n{table}}};\n")


main()
