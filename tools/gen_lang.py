#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles lang/<language>/<area>.txt into msg_<area>.h, lang/<language>/error/<area>.txt into
err_<area>.h, and all texts into lang_table.c.

    gen_lang.py LANG_DIR OUT_DIR LANGUAGE,… AREA… --errors AREA…

A line is `key = text`; a line that begins with a blank continues the text before it; `#` begins a
comment line. In text: \\n, \\t, \\s (a blank at an end) and \\\\ . Messages have printf
conversions, where %Lu and %Ld stand for 64-bit numbers and %2$s picks an argument by number;
errors have {1} {2} …, and {1x} for a byte in hexadecimal. Every key must stand in every language
with the same arguments, or nothing is built. A file that would come out as it is is not written."""
import os
import re
import sys

AREA_SIZE = 1024
KINDS = """NOMEM TRUNCATED TOO_BIG DEPTH SYNTAX ENCODING UNKNOWN MISSING CONFLICT RANGE DENIED
    NOT_FOUND EXISTS CORRUPT BUSY PEER IO BUG""".split()
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
    return '"' + "".join(out).replace("??", "?\\?") + '"'


def c_format(text):
    """With %Lu, also %2$Lu or %8Lu, as the platform writes the length of a 64-bit number."""
    def wide(m):
        return f'%{m.group(1)}" PRI{m.group(2)}64 "'
    return re.sub(r"%([-+ 0#'.*\d$]*)L([udxX])", wide, c_string(text))


def signature(kinds):
    """A format that takes the arguments: what the compiler checks calls against."""
    return " ".join("%" + kind for kind in kinds) or " "


def holes(where, text):
    """The arguments of an error's text: their number, and which must be integers."""
    found = {}
    for m in re.finditer(r"\{([^}]*)\}?", text):
        if not re.fullmatch(r"\{[1-6]x?\}", m.group()):
            fail(where, f"odd place for an argument near '{m.group()[:8]}'")
        found[int(m.group(1)[0])] = m.group(1)[1:] or found.get(int(m.group(1)[0]), "")
    if sorted(found) != list(range(1, len(found) + 1)):
        fail(where, "the arguments are not numbered 1, 2, …")
    return [found[i] for i in sorted(found)]


def load(folder, sub, languages, areas, kinds_of):
    """[(area, [(KEY, {language: text}, arguments)])] after all checks."""
    result = []
    for language in languages:
        present = {n[:-4] for n in os.listdir(os.path.join(folder, language, sub))
                   if n.endswith(".txt")}
        if present != set(areas):
            fail(os.path.join(folder, language, sub),
                 "files and the list in lang/meson.build differ: " +
                 " ".join(sorted(present ^ set(areas))))
    for area in areas:
        rows = []
        texts = {l: read(os.path.join(folder, l, sub, area + ".txt")) for l in languages}
        first = texts[languages[0]]
        for language in languages:
            for key in texts[language].keys() ^ first.keys():
                where = texts[language].get(key, first.get(key, ("", "")))[1]
                fail(where, f"{key} is not in every language")
        for key, (text, where) in first.items():
            want = kinds_of(where, text)
            for language in languages[1:]:
                other, place = texts[language][key]
                if kinds_of(place, other) != want:
                    fail(place, f"{key} takes other arguments than at {where}")
            rows.append((key.upper(), {l: texts[l][key][0] for l in languages}, want))
        if len(rows) >= AREA_SIZE:
            fail(area, f"more than {AREA_SIZE - 1} texts")
        result.append((area, rows))
    return result


def write(path, text):
    text = "/* Generated by tools/gen_lang.py from lang/. */\n" + text
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    except OSError:
        pass
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def header(prefix, number, area, rows):
    """The ids of an area: 1024 × its number and up."""
    guard = f"CANH_LANG_{prefix}_{area.upper()}_H"
    lines = [f"#ifndef {guard}", f"#define {guard}"]
    if prefix == "MSG":
        lines += ["#include <inttypes.h>", ""]
    lines.append("enum {")
    lines += [f"    {prefix}_{area.upper()}_{key} = {number * AREA_SIZE + i},"
              for i, (key, _, _) in enumerate(rows)]
    if prefix == "ERR":
        lines += [f"    {prefix}_{area.upper()}_{key}_ARGS = {len(args)}," for key, _, args in rows]
    lines.append("};")
    if prefix == "MSG":
        lines += [f"#define MSG_{area.upper()}_{key}_FMT {c_format(signature(args))}"
                  for key, _, args in rows]
    return "\n".join(lines + ["#endif\n"])


def main():
    folder, out = sys.argv[1], sys.argv[2]
    split = sys.argv.index("--errors")
    languages = sys.argv[3].split(",")
    messages = load(folder, "", languages, sys.argv[4:split], arguments)
    errors = load(folder, "error", languages, ["base"] + sys.argv[split + 1:], holes)
    table, areas = "", []
    for number, (prefix, (area, rows)) in enumerate(
            [("ERR", errors[0])] + [("MSG", m) for m in messages] +
            [("ERR", e) for e in errors[1:]]):
        base = number == 0
        if not base:
            write(os.path.join(out, f"{prefix.lower()}_{area}.h"),
                  header(prefix, number, area, rows))
        for language in languages:
            table += f"static const char *const {prefix.lower()}_{area}_{language}[] = {{\n"
            table += '    "",\n' if base else ""
            text = c_format if prefix == "MSG" else c_string
            table += "".join(f"    {'[' + base_id(key) + '] = ' if base else ''}"
                             f"{text(texts[language])},\n" for key, texts, _ in rows)
            table += "};\n"
        if base:
            table += "".join(f'_Static_assert({base_id(key)}_ARGS == {len(args)}, "{key}");\n'
                             for key, _, args in rows[len(KINDS):])
            table += (f"_Static_assert(ERR_BASE_END == {len(rows) + 1}, "
                      '"each id of base/err.h has a text in error/base.txt");\n')
        areas.append("    {{" + ", ".join(f"{prefix.lower()}_{area}_{l}" for l in languages) +
                     f"}}, {len(rows) + base}}},\n")
    write(os.path.join(out, "lang_table.c"), '#include "base/err.h"\n#include "lang/lang.h"\n\n' +
          table + f"\nconst struct lang_area lang_areas[] = {{\n{''.join(areas)}}};\n"
          f"const unsigned lang_area_count = {len(areas)};\n")


def base_id(key):
    """The kinds of errors are enum ce; the rest of area base stands in base/err.h by name."""
    return ("CE_" if key in KINDS else "ERR_BASE_") + key


main()
