#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rooms: who may include whom (docs/architecture.md) and which headers (the README's
"Public headers:"), a README of about ten lines in each, no call in a pure room that reads a clock,
a file or the network, rooms that cannot reach the network, files that comments name; and of
what shows: no write to the state (acts belong to the rooms, src/state/act.h), no thread in a verb,
no key of JSON (those are view/'s).

rooms.py, then rooms.py --whole for headers and cited files."""
import functools
import os
import re
import sys

ROOT = os.environ.get("CANH_SOURCE_DIR", ".")
SRC = os.path.join(ROOT, "src")
INCLUDE = re.compile(r'^\s*#\s*include\s+"((?:node/)?[a-z]+)/([^"]+)"')
IMPURE = re.compile(
    r"\b(open|openat|fopen|read|write|fread|fwrite|socket|connect|time|time_now|clock_gettime|"
    r"gettimeofday|printf|fprintf|puts|syslog|getenv|exit|_exit|abort)\s*\(")

# What base has that is not pure; of base/time.h the clock is among the calls.
IMPURE_HEADERS = ["base/file.h"]

WRITE = re.compile(r"\bstate_(?:(?:act_)?begin|act_end|commit|rollback|\w+_(?:put|drop))\s*\(")
THREAD = re.compile(r"\b(?:pthread_|thrd_)\w+")
KEY = re.compile(r"\bjson_(?:key\w*|member\w*|optional)\s*\(|\bstruct table_column \w+\[")

# Who shows nouns without writing their JSON; what the API says of itself (who is signed in, what
# went wrong) stands in one file.
KEYLESS = ["cli", "web", "overview", "papers", "report"]
CONSOLES_OWN = {"src/web/api.c"}

# Who must not reach the network, however many rooms lie between.
OFFLINE = ["record", "proof", "overview", "report", "papers", "view"]
NETWORK = {"net", "probe"}

FACES = {"cli", "web"}
SERVED = {("node/desk", "web")}

# Files that comments cite though this tree does not have them: other programs' sources.
FOREIGN = {"auth.c", "auth2.c", "auditsc.c", "logging.c", "nf_log_syslog.c", "packet.c", "smtpd.c",
           "srvrsmtp.c", "sshd.c", "xt_LOG.c", "sqlite3.h", "CaseFolding.txt", "_read.c"}
CITED = re.compile(r"(?<![\w./*-])((?:[\w-]+/)*[\w-]+\.(?:c|h|cc|md|py|yaml|yml|sql|txt))\b(?![\w/*])")
GENERATED = re.compile(r"(?:lang/)?(?:msg|err)_\w+\.h|schema/NNN\.sql")

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


@functools.cache
def public_headers(room):
    """What stands behind "Public headers:" in the README, to the end of the paragraph."""
    path = os.path.join(SRC, room, "README.md")
    with open(path, encoding="utf-8") as f:
        m = re.search(r"Public headers: (.*?)(?:\n\n|\Z)", f.read(), re.S)
    return set(re.findall(r"[\w/]+\.h|\ball\b", m.group(1))) if m else set()


def is_public(room, header):
    if room == "lang" and re.match(r"(msg|err)_", header):
        return True
    top, _, part = room.partition("/")
    public = public_headers(top)
    return "all" in public or (part + "/" if part else "") + header in public


def check_headers(rooms, rows):
    problems = []
    for room in rooms:
        for path in sources(room):
            with open(path, encoding="utf-8") as f:
                lines = f.read().splitlines()
            for number, line in enumerate(lines, 1):
                m = INCLUDE.match(line)
                if m and m.group(1) in rows and m.group(1) != room and not is_public(*m.groups()):
                    problems.append(f"{os.path.relpath(path, ROOT)}:{number}: the README of "
                                    f"{m.group(1)} does not name {m.group(2)} as public")
    return problems


def check_room(room, rows):
    problems = []
    allowed, pure = rows[room]
    for path in sources(room):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        where = os.path.relpath(path, ROOT)
        for number, line in enumerate(text.splitlines(), 1):
            m = INCLUDE.match(line)
            if m and m.group(1) in rows and m.group(1) not in (
                    allowed + [room] + EVERYBODYS.get(room, ["base", "lang"])):
                problems.append(f"{where}:{number}: {room} may not use {m.group(1)}")
        if pure:
            problems += [f"{where}: {room} is pure but includes {header}"
                         for header in IMPURE_HEADERS if f'#include "{header}"' in text]
            for number, line in enumerate(strip_comments(text).splitlines(), 1):
                m = IMPURE.search(line)
                if m:
                    problems.append(f"{where}:{number}: {room} is pure but calls {m.group(1)}()")
    return problems


# What shows and draws: the acts that it shows are other rooms'.
SHOWING = ["cli", "web", "view", "overview", "papers", "report", "table"]


def files_calling(pattern, rooms):
    """The files of the rooms in which a call stands."""
    found = []
    for path in (p for room in rooms for p in sources(room)):
        with open(path, encoding="utf-8") as f:
            if pattern.search(strip_comments(f.read())):
                found.append(os.path.relpath(path, ROOT))
    return found


def reach(room, rows, seen):
    """Every room that one may use, or that such a room may use."""
    for other in rows.get(room, ([], False))[0]:
        if other not in seen:
            seen.add(other)
            reach(other, rows, seen)
    return seen


def check_offline(rows):
    return [f"{room} reaches {' '.join(sorted(reach(room, rows, set()) & NETWORK))}"
            for room in OFFLINE if reach(room, rows, set()) & NETWORK]


def check_pure(rows):
    """A pure room uses pure rooms alone; base and lang have files of both kinds and are not asked."""
    return [f"{room} is pure and may use {other}, which is not"
            for room, (others, pure) in rows.items() if pure
            for other in others if other not in EVERYBODYS and not rows.get(other, ([], False))[1]]


def check_faces(rows):
    """What shows acts to somebody is nobody's to use; the desk serves the pages."""
    return [f"{room} may use {other}, a face" for room, (others, _) in rows.items()
            for other in others if other in FACES and (room, other) not in SERVED]


def kinds():
    """{word: the rooms that own it}: the names of kinds, from the tables that hold them."""
    def words(path, pattern):
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            return re.findall(pattern, f.read(), re.M)

    catalogue = words("plans/catalogue.yaml", r"(?s)\A(.*?)\nevidence:(.*?)\Z")[0]
    tables = [
        ("plan", re.findall(r"\{id: ([\w-]+)", catalogue[0].split("\nunit-tags:")[0])),
        ("plan", re.findall(r"\{id: ([\w.-]+)", catalogue[1])),
        ("form", words("src/form/answer.c", r'\[FIELD_\w+\] = \{\.name = "([\w-]+)"')),
        ("check", words("src/check/kind.c", r'\.name = "([\w-]+)"')),
        ("decode", [w for path in sources("decode")
                    for w in words(os.path.relpath(path, ROOT), r'(?:LINE_FORMAT\(\s*\w+,|^    \.name =) "([\w-]+)"')]),
        ("state", words("src/state/requests.c", r'\[STATE_NOTE_\w+\] = SLICE_INIT\("(\w+)"\)')),
        ("drill", words("src/drill/drill.c", r'\[DRILL_STEP_\w+\] = "(\w+)"')),
        ("control", words("src/control/act_doctor.c", r'\[DOCTOR_\w+\] = \{"(\w+)"')),
        ("alert", [w for line in words("src/alert/call.c",
                                       r"(?s)static const char \*const \w+\[\] = \{([^}]*)\}")
                   for w in re.findall(r'"(\w+)"', line)]),
    ]
    owners = {}
    for room, names in tables:
        assert names, "a table of kinds in " + room + " was not found"
        for name in names:
            owners.setdefault(name, set()).add(room)
    return owners


# A comparison of something's kind with a word; what a visitor or an option says is no kind.
KIND_COMPARED = re.compile(
    r'\b(?:slice_is|slice_eq|slice_eq_nocase|slice_starts|strcmp|strncmp)\s*\(\s*'
    r'((?:[^"();]|\([^();"]*\))*?),\s*(?:SLICE\()?"([^"\n]*)"')
ASKED = re.compile(r"\bvisit_(?:query|given)|\bcontrol_text|\boperands|\bargv|->tag\b")


# What SQLite answers to a check of the database.
NO_KINDS = {("src/state/db.c", "ok")}


def check_kinds(rooms, rows):
    """No kind is compared as text outside its room. Rooms that read what others wrote (logs, office
    files, the network) and cannot reach the state are not asked: "date" is a word of theirs, too."""
    owners, problems = kinds(), []
    for room in rooms:
        if room != "state" and "state" not in reach(room, rows, set()):
            continue
        for path in sources(room):
            with open(path, encoding="utf-8") as f:
                text = f.read()
            where = os.path.relpath(path, ROOT)
            for m in KIND_COMPARED.finditer(text):
                owned = owners.get(m.group(2), {room})
                if room not in owned and not ASKED.search(m.group(1)) and (where, m.group(2)) not in NO_KINDS:
                    line = text.count("\n", 0, m.start()) + 1
                    problems.append(f"{where}:{line}: \"{m.group(2)}\" is a kind of "
                                    f"{' '.join(sorted(owned))}")
    return problems


def check_field_kinds(rooms, rows):
    """Outside form/ a kind of field is a row of field_types; no one asks for it by its name."""
    with open(os.path.join(SRC, "form", "form.h"), encoding="utf-8") as f:
        names = re.search(r"enum field_kind \{(.*?)FIELD_KIND_MAX", f.read(), re.S).group(1)
    pattern = re.compile(r"\b(?:" + "|".join(re.findall(r"\bFIELD_\w+", names)) + r")\b")
    asking = [room for room in rooms if room != "form" and "form" in reach(room, rows, set())]
    return [f"{name} names a kind of field" for name in files_calling(pattern, asking)]


def check_probes():
    """Every kind of check has its row in check/ and what runs it in probe/."""
    def names(path, pattern):
        with open(os.path.join(SRC, path), encoding="utf-8") as f:
            return set(re.findall(pattern, f.read()))

    rows = names("check/kind.c", r'\.name = "([\w-]+)"')
    runs = names("probe/probe_run.h", r'X\("([\w-]+)", probe_run_')
    return [f"{name} has no function in probe/" for name in sorted(rows - runs)] + [
        f"{name} has no row in check/" for name in sorted(runs - rows)]


ONE_WORD = re.compile(r"^static (?:[A-Za-z_]\w* )*[A-Za-z_]\w*[ *]+([a-z0-9]+)\(", re.M)


def check_names(rooms):
    """A static function names what it is about, too: a stack trace and a search find it."""
    return [f"{os.path.relpath(path, ROOT)}: {name}() is one word" for room in rooms
            for path in sources(room) for name in ONE_WORD.findall(open(path, encoding="utf-8").read())
            if name != "run"]


def tree_files():
    """Every file by its path from the root, and the names."""
    paths = set()
    for folder, folders_, files in os.walk(ROOT):
        folders_[:] = [d for d in folders_ if d != ".git" and not d.startswith("build")]
        paths |= {os.path.relpath(os.path.join(folder, name), ROOT) for name in files}
    return paths, {os.path.basename(p) for p in paths}


def check_cited():
    """The files that comments and READMEs under src/ name."""
    paths, names = tree_files()
    problems = []
    for path in sorted(p for p in paths if p.startswith("src/") and p.endswith((".c", ".h", ".cc", ".md"))):
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            text = f.read()
        if not path.endswith(".md"):
            text = " ".join(re.findall(r"/\*.*?\*/", text, re.S))
        room = "/".join(path.split("/")[:2])
        for cited in CITED.findall(text):
            places = {cited, "src/" + cited, room + "/" + cited,
                      os.path.normpath(os.path.join(os.path.dirname(path), cited))}
            known = places & paths if "/" in cited else cited in names
            if not (known or cited in FOREIGN or GENERATED.fullmatch(cited)):
                problems.append(f"{path} names {cited}, which is not there")
    return problems


SPEAKS = re.compile(r"\benum lang (?:lang\b|\w+[,)])")
DECLARED = re.compile(r"^(?:[A-Za-z_][\w *(),]*?[ *])?(\w+)\(([^;{}]*)\)(?: CANH_\w+(?:\([^)]*\))?)*;", re.M)
WORDS = re.compile(r"_(?:describe|write|words?|write_words|text)$")


def check_languages(rows):
    """A pure function judges in no language: what it finds is worded by another, named after that."""
    problems = []
    for room in sorted(r for r, (_, pure) in rows.items() if pure and r != "lang"):
        for path in sources(room):
            if not path.endswith(".h"):
                continue
            with open(path, encoding="utf-8") as f:
                text = strip_comments(f.read())
            for m in DECLARED.finditer(text):
                if SPEAKS.search(m.group(2)) and not WORDS.search(m.group(1)):
                    problems.append(f"{os.path.relpath(path, ROOT)}: {m.group(1)}() takes a language")
    return problems


def check_sizes(rooms):
    """docs/architecture.md tells how large each room is."""
    with open(os.path.join(ROOT, "docs", "architecture.md"), encoding="utf-8") as f:
        told = set(re.findall(r"^\| `([a-z/]+)/` \| \d+ \| [\d,]+ \|$", f.read(), re.M))
    return [f"{room} has no row" for room in rooms if room not in told] + [
        f"{room} is no room any more" for room in sorted(told - set(rooms))]


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
    results = []
    for room in rooms:
        problems = check_readme(room.split("/")[0])
        if room not in rows:
            problems.append(f"src/{room} has no row in docs/architecture.md")
        else:
            problems += check_room(room, rows)
        results.append((f"room {room}", problems))
    results += [
        ("what shows writes to the state by acts alone",
         [f"{name} writes to the state" for name in files_calling(WRITE, SHOWING)]),
        ("verbs start no thread", [f"{name} starts one" for name in files_calling(THREAD, ["cli"])]),
        ("what shows writes no key of JSON",
         [f"{name} does: that is view/'s" for name in files_calling(KEY, KEYLESS)
          if name not in CONSOLES_OWN]),
        ("what is kept, proved and shown does not reach the network", check_offline(rows)),
        ("pure rooms use pure rooms", check_pure(rows)),
        ("nobody uses a face", check_faces(rows)),
        ("pure functions take no language but to put something into words", check_languages(rows)),
    ]
    if "--whole" in sys.argv:
        results = [
            ("only public headers are included from outside", check_headers(rooms, rows)),
            ("no kind is compared as text outside its room", check_kinds(rooms, rows)),
            ("kinds of fields are known by their rows", check_field_kinds(rooms, rows)),
        ("every kind of check has a row and what runs it", check_probes()),
            ("no static function but run() is one word", check_names(rooms)),
            ("comments name files that are there", check_cited()),
            ("docs/architecture.md tells how large each room is: tools/room_lines",
             check_sizes(rooms)),
        ]
    for number, (name, problems) in enumerate(results, 1):
        print(f"{'not ' if problems else ''}ok {number} - {name}")
        for p in problems:
            print("# " + p)
    print(f"1..{len(results)}")
    sys.exit(1 if any(problems for _, problems in results) else 0)


main()
