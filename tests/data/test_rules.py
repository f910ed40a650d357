#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh's own rules: each is complete, matches the events that it must, and not the near misses.

    test_rules.py CANH

Tests lie under rules/tests/ in the layout of SigmaHQ's regression data; match_count 0 is a near
miss. canh rules test runs them, each log alone."""
import collections
import json
import os
import subprocess
import sys
import uuid

import yaml

ROOT = os.environ["CANH_SOURCE_DIR"]
RULES = os.path.join(ROOT, "rules")
SAMPLES = os.path.join(ROOT, "samples")
DATA = os.path.join(ROOT, "..", "shared", "data", "sigma-rules", "mapping", "logsource.json")
LEVELS = {"informational", "low", "medium", "high", "critical"}


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, seen=None):
        self.count += 1
        self.failed += not good
        print(f"{'' if good else 'not '}ok {self.count} - {name}")
        if not good and seen is not None:
            print(f"# seen: {seen}")

    def skip(self, name):
        self.count += 1
        print(f"ok {self.count} # SKIP {name}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def load(path):
    with open(path, encoding="utf-8") as f:
        return yaml.safe_load(f)


def load_all(path):
    with open(path, encoding="utf-8") as f:
        return list(yaml.safe_load_all(f))


def rule_files():
    """{path below rules/ without .yml: rule}; several in one file by where their tests are"""
    found = {}
    for folder, names, leaves in os.walk(RULES):
        names[:] = sorted(n for n in names if n != "tests")
        for leaf in sorted(leaves):
            if leaf.endswith(".yml"):
                path = os.path.join(folder, leaf)
                rules = load_all(path)
                for rule in rules:
                    name = os.path.relpath(path, RULES)[:-4]
                    if len(rules) > 1:
                        name = os.path.dirname(os.path.relpath(rule["regression_tests_path"],
                                                               "tests"))
                    found[name] = rule
    return found


def is_random_uuid(text):
    try:
        return uuid.UUID(text).version == 4
    except ValueError:
        return False


def check_shape(tap, name, rule):
    keys = ("correlation", "falsepositives") if "correlation" in rule else (
        ("logsource", "detection") if rule.get("name") else
        ("logsource", "detection", "falsepositives"))
    wrong = [key for key in ("title", "description", "references", "author", "date", "tags", *keys)
             if not rule.get(key)]
    if not is_random_uuid(str(rule.get("id"))):
        wrong.append("id")
    if rule.get("level") not in LEVELS:
        wrong.append("level")
    wrong += [k for k in ("title_vi", "advice", "advice_vi") if not rule.get("canh", {}).get(k)]
    if rule["level"] != "informational" and not rule.get("canh", {}).get("meaning_vi"):
        wrong.append("meaning_vi")
    if rule.get("regression_tests_path") != f"tests/{name}/info.yml":
        wrong.append("regression_tests_path")
    tap.ok(not wrong, f"{name} is complete", wrong)


def fields(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key).split("|")[0]
            if isinstance(value, dict):
                yield from fields(value)
    elif isinstance(node, list):
        for item in node:
            yield from fields(item)


def check_fields(tap, rules):
    """No rule asks for a field that its log source never has."""
    if not os.path.exists(DATA):
        tap.skip("the list of fields by log source is not here")
        return
    with open(DATA, encoding="utf-8") as f:
        known = json.load(f)["legit"]["windows"]
    for name, rule in rules.items():
        category = known["category"].get(rule.get("logsource", {}).get("category"))
        if not category:
            continue
        used = {x for key, sel in rule["detection"].items() if key != "condition"
                for x in fields(sel)}
        odd = used - set(category) - set(known["common"])
        tap.ok(not odd, f"{name} asks for fields that exist", sorted(odd))


def scan(canh, folder):
    """{(path below the folder, rule id): alerts}"""
    rules = [word for product in sorted(os.listdir(RULES)) if product != "tests" and
             os.path.isdir(os.path.join(RULES, product))
             for word in ("--rules", os.path.join(RULES, product))]
    run = subprocess.run(
        [canh, "scan", *rules, "--mappings", os.path.join(ROOT, "mappings"),
         "--level", "informational", "--status", "all", "--json",
         "--no-progress", "--duplicates", "--quiet", folder],
        capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"canh scan: {run.stderr}")
    hits = collections.Counter()
    for line in run.stdout.splitlines():
        alert = json.loads(line)
        path = os.path.relpath(alert["log"]["file"]["path"], folder)
        hits[(path, alert["rule"]["id"])] += 1
    return hits


def run_tests(canh):
    """{(path below tests/, rule id): matches}: each log alone, base rules of correlations too."""
    run = subprocess.run(
        [canh, "rules", "test", "--rules", RULES, "--mappings", os.path.join(ROOT, "mappings"),
         "--level", "informational", "--status", "all", "--json", "--", RULES],
        capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"canh rules test: {run.stderr}")
    tests = [json.loads(line) for line in run.stdout.splitlines()]
    return {(os.path.relpath(t["path"], os.path.join(RULES, "tests")), t["rule_id"]): t["got"]
            for t in tests}


def check_tests(tap, name, rule, hits):
    info = load(os.path.join(RULES, "tests", name, "info.yml"))
    tests = info["regression_tests_info"]
    counts = [t["match_count"] for t in tests]
    tap.ok(any(counts) and 0 in counts, f"{name} has a match and a near miss", counts)
    tap.ok([m["id"] for m in info["rule_metadata"]] == [rule["id"]], f"{name}: tests of this rule")
    for test in tests:
        there = os.path.exists(os.path.join(RULES, test["path"]))
        seen = hits.get((os.path.relpath(test["path"], "tests"), rule["id"]), 0)
        tap.ok(there and seen == test["match_count"],
               f"{name}: {test['name']} ({test['match_count']})", seen if there else "no file")


def check_samples(tap, rules, canh):
    """The incident under samples/ gives the alerts that it should, and no others."""
    names = {rule["id"]: os.path.basename(name) for name, rule in rules.items()}
    for sample in sorted(os.listdir(SAMPLES)):
        folder = os.path.join(SAMPLES, sample)
        if not os.path.isdir(folder) or not any(n.endswith(".ndjson") for n in os.listdir(folder)):
            continue
        seen = {(path, names[rule], str(n)) for (path, rule), n in scan(canh, folder).items()}
        with open(os.path.join(ROOT, "tests", "data", sample + ".tsv"), encoding="utf-8") as f:
            want = {tuple(line.rstrip("\n").split("\t")) for line in list(f)[1:]}
        tap.ok(want and want <= seen, f"{sample}: every alert", sorted(want - seen))
        tap.ok(seen <= want, f"{sample}: no other", sorted(seen - want))


def check_benign(tap, rules, canh):
    """Logs in which nobody attacks, but by guessing passwords: nothing else alerts, from medium up."""
    logs = os.path.join(ROOT, "..", "shared", "data", "loghub-2k")
    if not os.path.exists(logs):
        tap.skip("the benign logs are not here")
        return
    names = {rule["id"]: os.path.basename(name) for name, rule in rules.items()
             if rule["level"] in ("medium", "high", "critical")}
    for part in sorted(os.listdir(logs)):
        seen = {names[rule] for _, rule in scan(canh, os.path.join(logs, part)) if rule in names}
        want = {"lnx_auth_many_failed", "lnx_auth_sprayed"} if part == "OpenSSH" else set()
        tap.ok(seen <= want, f"{part}: silent but for guessing", sorted(seen - want))


def main():
    tap, rules = Tap(), rule_files()
    ids = [rule["id"] for rule in rules.values()]
    tap.ok(len(rules) >= 20, f"{len(rules)} rules")
    tap.ok(len(set(ids)) == len(ids), "no id twice")
    hits = run_tests(sys.argv[1])
    for name, rule in rules.items():
        check_shape(tap, name, rule)
        check_tests(tap, name, rule, hits)
    check_fields(tap, rules)
    check_samples(tap, rules, sys.argv[1])
    check_benign(tap, rules, sys.argv[1])
    tap.done()


main()
