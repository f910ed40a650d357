#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What each process of a node links: one that takes in strangers' bytes holds no database, one that
holds the state draws and reads no documents and connects nowhere (docs/node.md).

programs.py PROGRAM…: their names tell which row of the table is theirs."""
import os
import re
import subprocess
import sys

STATE = ["sqlite3"]
OUT = ["curl"]
LISTEN = ["microhttpd", "gnutls"]
DOCUMENTS = ["pango", "cairo", "glib", "gobject", "zip", "expat", "xlsxwriter", "archive"]
RULES = ["pcre2", "simdjson"]

NEVER = {
    "canh-parent": STATE + OUT + LISTEN + DOCUMENTS + RULES + ["fyaml", "sodium", "zstd"],
    "canh-keep": STATE + OUT + LISTEN + DOCUMENTS + RULES + ["fyaml"],
    "canh-watch": STATE + OUT + DOCUMENTS,
    "canh-desk": OUT + DOCUMENTS + RULES,
    "canh-check": STATE + LISTEN + DOCUMENTS + RULES + ["sodium"],
    "canh-send": STATE + LISTEN + DOCUMENTS + RULES,
    "canh-convert": STATE + OUT + LISTEN,
    "canh-search": STATE + OUT + LISTEN + DOCUMENTS,
}


def needed(program):
    """The libraries that it names itself, as libNAME: libcurl-gnutls.so.4 is curl-gnutls."""
    told = subprocess.run(["readelf", "-dW", program], capture_output=True, text=True, check=True)
    return re.findall(r"\(NEEDED\).*\[lib(.*?)\.so", told.stdout)


def main():
    programs = {os.path.basename(path): path for path in sys.argv[1:]}
    results = [("every process has its row", sorted(set(programs) ^ set(NEVER)))]
    for name, path in sorted(programs.items()):
        libraries = needed(path)
        wrong = [lib for lib in libraries if any(lib.startswith(w) for w in NEVER.get(name, []))]
        results.append((f"{name} links {len(libraries)} libraries, none of what it must not hold",
                        wrong if "seccomp" in libraries else ["does not link the sandbox"]))
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ' if wrong else ''}ok {number} - {name}")
        for w in wrong:
            print("# " + w)
    print(f"1..{len(results)}")
    sys.exit(1 if any(wrong for _, wrong in results) else 0)


main()
