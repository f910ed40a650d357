# SPDX-License-Identifier: Apache-2.0
"""What can be changed in a file of C, one thing at a time: an operator, a constant, a row of a table.

Of a line that could be changed in several ways one change is taken (most_telling), the one that says
most about the tests: a row of a table, where a loop begins, a comparison, a logical operator, a
negation, arithmetic, a truth, a number. A comparison with a limit that is written there (a number, a
character, a constant) is moved by one, any other is inverted. Arid lines are passed over, for what a test could say of them
says nothing of the program: how much memory to take, what happens without any, limits that are only
guards, hashes, assertions, what a message of an error is given, and functions that only say how much
work a way of matching is thought to be (cost, rarest, background): any order gives the same matches."""
import functools
import re

SWAPS = {"==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">=", "&&": "||",
         "||": "&&", "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "<<": ">>", ">>": "<<",
         "&": "|", "|": "&", "+=": "-=", "-=": "+=", "|=": "&=", "++": "--", "--": "++"}
INVERSE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
WRITTEN = re.compile(r"\s*(?:-?0*[1-9]|'|[A-Z][A-Z_0-9]+\b)")  # a limit that a comparison names
BINARY = re.compile(r" (==|!=|<=|>=|<<|>>|&&|\|\||\+=|-=|\|=|[<>+\-*/%&|]) ")
STEP = re.compile(r"\+\+|--")
NOT = re.compile(r"(?<=[(\s])!(?=[\w(])")
NUMBER = re.compile(r"(?<![\w.\"'])(\d+)(?:[uU]?[lL]{0,2})(?![\w.xX])")
TRUTH = re.compile(r"\b(true|false)\b")
ROW = re.compile(r"^(\s*)(\{.*\}|SLICE_INIT\(.*\)|\[[A-Z_0-9]+\] = .*),\s*$")
ROOM = re.compile(r"\bcap\b = ")  # how much memory to take
ANSWER = re.compile(r"^\s*return (-?)$")  # before a number that is the answer
LOOP = re.compile(r"^\s*for \([^;]*= $")  # before where it begins

# Arid: calls whose arguments, and functions whose bodies, are not changed.
CALL = re.compile(r"\b(?:\w*fail\w*|err_\w+|\w*assert|arena_\w+|array_\w+|\w*_reserve|buf_init|BUF_INIT|"
                  r"__builtin_\w+|crypto_\w+|(?:m|c|re)alloc)\(")
FUNCTION = re.compile(r"^\w[^=;]*\b\w*(?:hash|reserve|prefetch|seed|cost|rarest|background)\w*"
                      r"\([^;]*$")
FAILED = re.compile(r"\bb->failed = true;")  # a program out of memory, or over what a guard allows
LIMIT = re.compile(r"\b[A-Z_0-9]*(?:MAX|MIN|CAP|ROOM|SIZE|BYTES|LIMIT|LONGEST)[A-Z_0-9]*\s*=\s*[^,}\n]*")
DECLARED = re.compile(r"^\s*(?:(?:static|const|struct|enum|unsigned|union) )*(?!return|case|else|goto)"
                      r"\w+ \**\w+((?:\[[^\]\n]*\])+)(?= =|;|,)", re.M)


def blank(m):
    return re.sub(r"[^\n]", " ", m.group())


def blanked(text):
    """The text with comments and literals blanked out, every character at its place."""
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text,
                  flags=re.S)


def closing(code, at):
    """Where the parenthesis that is open before `at` is closed."""
    depth = 1
    while at < len(code) and depth:
        depth += (code[at] == "(") - (code[at] == ")")
        at += 1
    return at


def without_arid(code):
    """The blanked text with what is arid blanked out, too."""
    code = LIMIT.sub(blank, code)
    code = DECLARED.sub(lambda m: m.group().replace(m.group(1), " " * len(m.group(1))), code)
    at = 0
    while m := CALL.search(code, at):
        at = closing(code, m.end())
        code = code[:m.end()] + re.sub(r"[^\n]", " ", code[m.end():at]) + code[at:]
    lines, inside = code.splitlines(keepends=True), False
    for i, line in enumerate(lines):
        inside = inside or bool(FUNCTION.match(line))
        nomem = any(re.search(r"NOMEM|nomem", near) for near in lines[i:i + 2])
        nomem = nomem or FAILED.search(line) or "== NULL" in line and FAILED.search("".join(lines[i + 1:i + 2]))
        if inside or nomem or ROOM.search(line):
            lines[i] = re.sub(r"[^\n]", " ", line)
        inside = inside and not line.startswith("}")
    return "".join(lines)


@functools.lru_cache(maxsize=4)
def squeezed(text):
    return [" ".join(line.split()) for line in text.split("\n")]


class Mutant:
    def __init__(self, path, kind, start, end, new, text):
        self.path, self.kind, self.start, self.end, self.new = path, kind, start, end, new
        self.line = text.count("\n", 0, start) + 1
        at = text.rfind("\n", 0, start) + 1
        self.before = text[at:text.find("\n", start)]
        self.old = text[start:end]
        self.nth = text[at:start].count(self.old) if kind != "row" else 0
        self.lead = text[at:start]
        words = " ".join(self.before.split())
        self.twin = squeezed(text)[:self.line - 1].count(words)  # lines like it that come before

    def apply(self, text):
        return text[:self.start] + self.new + text[self.end:]

    def change(self):
        if self.kind == "row":
            return "row"
        nth = f" #{self.nth + 1}" if self.nth else ""
        return f"{self.old.strip()} -> {self.new.strip() or '-'}{nth}"

    def key(self):
        """What stays the same when lines move: file, change, line of text, which of such lines."""
        twin = f" @{self.twin + 1}" if self.twin else ""
        return f"{self.path}: {self.change()}: {' '.join(self.before.split())}{twin}"

    def rank(self):
        """The less, the more the change tells."""
        if self.kind == "row":
            return 0
        if LOOP.match(self.lead):
            return 1
        order = (("==", "!=", "<", "<=", ">", ">=", "&&", "||"), ("!",), ("+=", "-=", "|="),
                 ("+", "-", "*", "/", "%", "<<", ">>", "&", "|"), ("true", "false"))
        return next((2 + i for i, ops in enumerate(order) if self.old in ops),
                    8 if self.old in ("++", "--") else 7)


def mutants_of(path, text, every=False):
    """All changes of a file, or the most telling one of each line that is not arid."""
    code = blanked(text) if every else without_arid(blanked(text))
    found, offset = [], 0

    def add(kind, start, end, new):
        found.append(Mutant(path, kind, start, end, new, text))

    for line in code.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        raw = text[start:offset]
        if line.lstrip().startswith("#") or "assert(" in line:
            continue
        if ROW.match(raw.rstrip("\n")):
            add("row", start, offset, "\n")
        for m in BINARY.finditer(line):
            op = m.group(1)
            moved = every or op not in INVERSE or WRITTEN.match(raw[m.end():])
            add("operator", start + m.start(1), start + m.end(1), SWAPS[op] if moved else INVERSE[op])
        for m in STEP.finditer(line):
            add("operator", start + m.start(), start + m.end(), SWAPS[m.group()])
        for m in NOT.finditer(line):
            add("operator", start + m.start(), start + m.end(), "")
        for m in NUMBER.finditer(line):
            add("constant", start + m.start(1), start + m.end(1), other_number(m.group(1), line, m))
        for m in TRUTH.finditer(line):
            add("constant", start + m.start(), start + m.end(),
                "false" if m.group() == "true" else "true")
    return found if every else most_telling(found)


def other_number(digits, line, at):
    """One more, but of an answer one that says the opposite: callers look only at its sign."""
    if ANSWER.match(line[:at.start()]) and line[at.end():].startswith(";"):
        if digits == "0":
            return "-1"
        if digits == "1":
            return "0"
    return str(int(digits) + 1)


def most_telling(found):
    taken = {}
    for m in found:
        if m.line not in taken or m.rank() < taken[m.line].rank():
            taken[m.line] = m
    return list(taken.values())
