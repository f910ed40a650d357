#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gen_schema.py OUT.c NNN.sql... : the numbered migrations as one C table, in order, without gaps."""
import os
import sys


def literal(text):
    lines = []
    for line in text.splitlines():
        line = line.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    "{line}\\n"')
    return "\n".join(lines)


def main():
    out, files = sys.argv[1], sys.argv[2:]
    for i, path in enumerate(files, 1):
        if os.path.basename(path) != f"{i:03}.sql":
            sys.exit(f"{path}: expected {i:03}.sql")
    with open(out, "w", encoding="utf-8") as f:
        f.write("/* Made by tools/gen_schema.py from src/state/schema. */\n")
        f.write('#include "state/schema.h"\n\n')
        f.write(f"const unsigned schema_count = {len(files)};\n\n")
        f.write("const char *const schema_scripts[] = {\n")
        for path in files:
            with open(path, encoding="utf-8") as sql:
                f.write(f"    /* {os.path.basename(path)} */\n{literal(sql.read())},\n")
        f.write("};\n")


main()
