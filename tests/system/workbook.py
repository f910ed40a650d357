# SPDX-License-Identifier: Apache-2.0
"""Typing into a workbook as a person would: cells of the column of values, found by the keys that a
template carries in its first column. Only what the tests need."""
import re
import zipfile
from xml.sax.saxutils import escape, unescape

SHEET = "xl/worksheets/sheet1.xml"


def _strings(parts):
    text = parts["xl/sharedStrings.xml"].decode()
    return [unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", si, re.S)))
            for si in re.findall(r"<si>(.*?)</si>", text, re.S)]


def _read(path):
    with zipfile.ZipFile(path) as z:
        return {n: z.read(n) for n in z.namelist()}


def keys(path, sheet=SHEET):
    """Rows by the key in their first column."""
    parts = _read(path)
    strings = _strings(parts)
    found = re.findall(r'<c r="A(\d+)"[^>]*t="s"[^>]*><v>(\d+)</v>', parts[sheet].decode())
    return {strings[int(v)]: int(row) for row, v in found}


def values(path, sheet=SHEET):
    """What stands in the column of values, by key: text as shown in the file."""
    parts = _read(path)
    strings = _strings(parts)
    text = parts[sheet].decode()
    out = {}
    for key, row in keys(path, sheet).items():
        m = re.search(rf'<c r="D{row}"([^>]*)><v>([^<]*)</v>', text)
        if m:
            out[key] = strings[int(m.group(2))] if 't="s"' in m.group(1) else m.group(2)
    return out


def rows(path, sheet=SHEET):
    """Every row as a list of what stands in its cells, text as shown in the file."""
    parts = _read(path)
    strings = _strings(parts)
    out = []
    for row in re.findall(r"<row [^>]*>(.*?)</row>", parts[sheet].decode(), re.S):
        cells = re.findall(r'<c r="[A-Z]+\d+"([^>]*?)(?:/>|>(?:<v>([^<]*)</v>)?</c>)', row)
        out.append([strings[int(v)] if 't="s"' in kind else v for kind, v in cells])
    return out


def type_into(path, to, answers, sheet=SHEET):
    """Copies the workbook with these values typed in; what is not there is left."""
    parts = _read(path)
    rows = keys(path, sheet)
    text = parts[sheet].decode()
    for key, value in answers.items():
        cell = f"D{rows[key]}"
        typed = (f'<c r="{cell}"><v>{value}</v></c>' if isinstance(value, (int, float)) else
                 f'<c r="{cell}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        text, n = re.subn(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', lambda _: typed, text, count=1,
                          flags=re.S)
        assert n == 1, cell
    parts[sheet] = text.encode()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return to
