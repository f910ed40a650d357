# SPDX-License-Identifier: Apache-2.0
"""Builds of changed files. A file is compiled once with all changes of its functions in it: each
changed function stands beside the right one, which hands over to the one that CANH_MUTANT names in
the environment. So a change costs no more than the tests that are run on it. What lies outside
functions (tables) is compiled by itself for each change."""
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

from mutants import blanked

BUILDS = {
    "quick": ["-Doptimization=1", "-Dc_args=-w"],
    "guarded": ["-Doptimization=1", "-Dc_args=-w -DCANH_ARENA_GUARD", "-Db_sanitize=address",
                "-Db_lundef=false"],
}

# Linked with every test: which change is on, which functions were reached, how long it may take.
HELPER = r"""
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>
int canh_mutant;
unsigned char canh_reached[65536];
__attribute__((constructor)) static void begin(void)
{
    const char *mutant = getenv("CANH_MUTANT"), *ms = getenv("CANH_MUTANT_MS");
    long t = ms ? atol(ms) : 300000;
    struct itimerval limit = {{0, 0}, {t / 1000, t % 1000 * 1000}};
    canh_mutant = mutant ? atoi(mutant) : 0;
    signal(SIGPROF, SIG_DFL);
    setitimer(ITIMER_PROF, &limit, NULL);
    alarm(600);
}
__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("CANH_REACHED");
    FILE *f = path ? fopen(path, "w") : NULL;
    if (f) {
        fwrite(canh_reached, 1, sizeof(canh_reached), f);
        fclose(f);
    }
}
"""


def run(args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, **more)


def timed(program, env, cwd):
    """Exit status and seconds of processor time."""
    with open(os.devnull, "r+b") as null:
        p = subprocess.Popen(program, env=env, cwd=cwd, stdin=null, stdout=null, stderr=null,
                             close_fds=False)
        _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    return p.returncode, used.ru_utime + used.ru_stime


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


class Function:
    """One function of a file: where it lies, and how it hands over to a changed copy of it."""
    def __init__(self, text, code, start, brace, end):
        self.start, self.body, self.end = start, brace, end  # body: from its brace
        self.head = text[start:brace].rstrip()
        plain = code[start:brace].rstrip()
        names = [m for m in re.finditer(r"(\w+)\s*\(", plain) if self.depth(plain, m.start()) == 0]
        at = names[-1]
        self.name = at.group(1)
        self.at = at.start(1)
        self.params = self.parameters(plain[at.end():plain.rindex(")")])
        before = plain[:at.start()].rstrip()
        self.nothing = bool(re.search(r"\bvoid$", before))

    @staticmethod
    def depth(text, at):
        return text.count("(", 0, at) - text.count(")", 0, at)

    @staticmethod
    def parameters(text):
        if text.strip() in ("void", ""):
            return []
        parts, depth, last = [], 0, 0
        for i, c in enumerate(text):
            depth += (c in "([") - (c in ")]")
            if c == "," and depth == 0:
                parts.append(text[last:i])
                last = i + 1
        parts.append(text[last:])
        names = []
        for part in parts:
            pointer = re.search(r"\(\*\s*(?:const )?(\w+)", part)
            word = pointer or re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?:__attribute__.*)?$", part)
            if "..." in part or word is None:
                raise ValueError("parameters")
            names.append(word.group(1))
        return names

    def copy(self, text, m, number):
        """The function under another name with the change in it."""
        head = self.head[:self.at] + f"{self.name}_mutant_{number}" + self.head[self.at + len(self.name):]
        if not re.search(r"\b(?:static|CANH_INLINE)\b", head):
            head = "static " + head
        rest = text[self.body:m.start] + m.new + text[m.end:self.end]
        return head + "\n" + rest + "\n"

    def hand_over(self, index, numbers):
        call = ", ".join(self.params)
        lines = [f"canh_reached[{index}] = 1;", "switch (canh_mutant) {"]
        for n in numbers:
            if self.nothing:
                lines.append(f"case {n}: {self.name}_mutant_{n}({call}); return;")
            else:
                lines.append(f"case {n}: return {self.name}_mutant_{n}({call});")
        return " ".join([*lines, "default: break; }"])


def functions_of(text):
    code, found = blanked(text), []
    for brace in re.finditer(r"^\{$", code, re.M):
        start = brace.start() - 1
        while start > 0:  # back over the head's lines
            line = code.rfind("\n", 0, start) + 1
            above = code[line:start]
            if not above.strip() or above[0] in "}#" or above.rstrip().endswith(";"):
                start += 1
                break
            start = line - 1
        start = max(start, 0)
        if text[start:start + 1] == "\n":
            start += 1
        end = re.compile(r"^\}", re.M).search(code, brace.end())
        try:
            found.append(Function(text, code, start, brace.start(), end.end()))
        except (ValueError, IndexError):
            continue
    return found


class Source:
    """One file: how it is compiled, from a changed text, into an object that takes the place of its
    member in the room's library."""
    def __init__(self, build, tree, path, entry):
        self.build, self.path = build, path
        with open(os.path.join(tree, path), encoding="utf-8") as f:
            self.text = f.read()
        args = shlex.split(entry["command"])
        drop = {"-o": 2, "-c": 1, "-MD": 1, "-MQ": 2, "-MF": 2, entry["file"]: 1, "ccache": 1}
        self.args, i = [], 0
        while i < len(args):
            if args[i] in drop:
                i += drop[args[i]]
            else:
                self.args.append(args[i])
                i += 1
        self.args += ["-iquote", os.path.dirname(entry["file"]), "-x", "c", "-", "-c", "-fmax-errors=0",
                      "-fdiagnostics-color=never"]  # its errors are read
        self.line = f'#line 1 "{entry["file"]}"\n'
        self.functions = functions_of(self.text)

    def compile(self, text, target, *more):
        """None, or what the compiler says."""
        p = subprocess.run([*self.args, *more, "-o", target], input=text, text=True, errors="replace",
                           cwd=self.build, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           check=False,
                           env={**os.environ, "CCACHE_DISABLE": "1", "LC_ALL": "C"})  # none twice
        return p.stderr if p.returncode else None

    def alone(self, m, target, *more):
        """Compiles one change by itself; the object is the same where the machine code is."""
        return self.compile(self.line + (m.apply(self.text) if m else self.text), target, *more) is None

    def function_of(self, m):
        """Number of the function that the change lies in, or None."""
        return next((i for i, f in enumerate(self.functions) if f.body < m.start and m.end <= f.end), None)

    def all_at_once(self, mutants, target):
        """Compiles all changes of functions into one object. Numbers of those that cannot be compiled,
        or None where that cannot be told."""
        dropped = set()
        for _ in range(6):
            text, owner = self.schema({n: m for n, m in mutants.items() if n not in dropped})
            said = self.compile(text, target)
            if said is None:
                return dropped
            wrong = {owner[int(line) - 1] for line in re.findall(r"<stdin>:(\d+):\d+: error", said)
                     if int(line) <= len(owner)} - {0}
            if not wrong:
                return None
            dropped |= wrong
        return None

    def schema(self, mutants):
        """The text with all changes in it, and of each line the number of the change it belongs to."""
        parts, at = [("extern int canh_mutant; extern unsigned char canh_reached[];\n", 0)], 0
        for index, f in enumerate(self.functions):
            numbers = [n for n, m in mutants.items() if self.function_of(m) == index]
            parts.append((self.text[at:f.start], 0))
            parts.append((f.head + ";\n", 0))
            parts += [(f.copy(self.text, mutants[n], n), n) for n in numbers]
            parts.append((f.head + "\n{ " + f.hand_over(index, numbers) + self.text[f.body + 1:f.end], 0))
            at = f.end
        parts.append((self.text[at:], 0))
        owner = [n for text, n in parts for _ in range(text.count("\n"))]
        return "".join(text for text, _ in parts), owner + [0]


class Build:
    """One build of the copied tree without debug information, so that machine code can be compared."""
    def __init__(self, work, tree, kind):
        self.kind, self.tree = kind, tree
        self.dir = os.path.join(work, kind)
        if not os.path.exists(os.path.join(self.dir, "build.ninja")):
            p = run(["meson", "setup", self.dir, tree, "-Dbuildtype=plain", "-Dwerror=false",
                     "-Dc_link_args=-fuse-ld=mold", "-Dcpp_link_args=-fuse-ld=mold", *BUILDS[kind]])
            if p.returncode:
                sys.exit(p.stdout)
        run(["ninja", "-C", self.dir, "build.ninja"])  # what the tree has now
        self.tests = self.introspect()
        entries = json.loads(run(["ninja", "-C", self.dir, "-t", "compdb"]).stdout)
        self.entries = {os.path.relpath(os.path.join(self.dir, e["file"]), tree): e for e in entries
                        if e["file"].endswith(".c") and "/src/" in e["file"] and "lib" in e["output"]}
        self.links = {}
        self.helper = os.path.join(self.dir, "mutant_helper.o")
        subprocess.run(["cc", "-x", "c", "-", "-c", "-o", self.helper], input=HELPER, text=True, check=True)

    def introspect(self):
        """Name of a test: target, command, environment."""
        found = {}
        for test in json.loads(run(["meson", "introspect", self.dir, "--tests"]).stdout):
            target = os.path.relpath(test["cmd"][0], self.dir)
            if not target.startswith(".."):
                found[test["name"]] = (target, test["cmd"], test["env"])
        return found

    def make(self, names):
        """Builds tests as they are, and learns how they are linked."""
        targets = sorted({self.tests[n][0] for n in names} - set(self.links))
        if not targets:
            return
        p = run(["ninja", "-C", self.dir, *targets])
        if p.returncode:
            sys.exit(p.stdout[-3000:])
        for target in targets:
            lines = run(["ninja", "-C", self.dir, "-t", "commands", target]).stdout.splitlines()
            self.links[target] = shlex.split([x for x in lines if not x.startswith("ninja: ")][-1])

    def link(self, name, obj, program):
        """Links a test with the object in front of the room's library."""
        target = self.tests[name][0]
        args = self.links[target]
        at = next(i for i, a in enumerate(args) if a.endswith(".o"))
        args = [program if a == target else a for a in args]
        return run([*args[:at], obj, self.helper, *args[at:]], cwd=self.dir).returncode == 0

    def try_test(self, name, program, **env):
        """Exit status and seconds."""
        _, command, own = self.tests[name]
        return timed([program, *command[1:]],
                     {**os.environ, **own, "ASAN_OPTIONS": "detect_leaks=1", "TAP_STOP": "1",
                      **env}, self.dir)
