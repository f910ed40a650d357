#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs every test lane and closes with `N passed, N failed, N skipped`.

Lanes: gcc optimised; clang with AddressSanitizer and UndefinedBehaviorSanitizer (which also
replays the fuzz corpora under them, and tries every n-th case of the longest sweeps:
CANH_SANITIZED). Arguments choose lanes by name: tests/run.py gcc
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def linker(*args):
    """Another than bfd, which takes four times as long."""
    flags = " ".join(args)
    return [f"-Dc_link_args={flags}", f"-Dcpp_link_args={flags}"]


LANES = {
    "gcc": ("build", {"CC": "gcc", "CXX": "g++"}, ["-Dwerror=true", *linker("-fuse-ld=mold")]),
    # At a fixed address: a sanitized program has 400,000 places to relocate, and the tests start
    # some ten thousand of them.
    "clang-asan": ("build-asan", {"CC": "clang-14", "CXX": "clang++-14", "CANH_SANITIZED": "1"},
                   ["-Dwerror=true", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Db_pie=false",
                    "-Dbuildtype=debugoptimized", "-Doptimization=1", *linker("-fuse-ld=lld", "-no-pie")]),
}
RESULT = re.compile(r"^(not )?ok\b(.*)$")


def build(lane):
    folder, env, options = LANES[lane]
    path = os.path.join(ROOT, folder)
    env = dict(os.environ, **env)
    if not os.path.exists(os.path.join(path, "build.ninja")):
        subprocess.run(["meson", "setup", path, ROOT, *options], check=True, env=env,
                       stdout=subprocess.DEVNULL)
    elif options:
        subprocess.run(["meson", "configure", path, *options], check=True, env=env,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", path, "--quiet"], check=True, env=env)
    return path


def count_test(lane, test, failures):
    passed = failed = skipped = 0
    for line in test["stdout"].splitlines():
        m = RESULT.match(line)
        if not m:
            continue
        if "# SKIP" in m.group(2) or "# TODO" in m.group(2):
            skipped += 1
        elif m.group(1):
            failed += 1
        else:
            passed += 1
    # a crash, a time-out or a broken plan counts even when every line said ok
    if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and failed == 0:
        failed += 1
    if failed:
        failures.append((lane, test))
    return passed, failed, skipped


def run_lane(lane, failures):
    path = build(lane)
    log = os.path.join(path, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.remove(log)
    # one more than there are processors: many tests wait most of their time
    subprocess.run(["meson", "test", "-C", path, "--no-rebuild", "--quiet",
                    "--num-processes", str((os.cpu_count() or 1) + 1)], cwd=ROOT,
                   env=dict(os.environ, **LANES[lane][1]),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    totals = [0, 0, 0]
    with open(log, encoding="utf-8") as f:
        for line in f:
            test = json.loads(line)
            totals = [a + b for a, b in zip(totals, count_test(lane, test, failures))]
    print(f"{lane}: {totals[0]} passed, {totals[1]} failed, {totals[2]} skipped", flush=True)
    return totals


def main():
    lanes = sys.argv[1:] or list(LANES)
    failures = []
    totals = [0, 0, 0]
    for lane in lanes:
        totals = [a + b for a, b in zip(totals, run_lane(lane, failures))]
    for lane, test in failures:
        print(f"\n== {lane}: {test['name']} ({test['result']})")
        keep = [l for l in test["stdout"].splitlines() if not l.startswith("ok")]
        print("\n".join(keep[-60:]))
        print(test.get("stderr", "")[-6000:])
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    sys.exit(1 if totals[1] else 0)


main()
