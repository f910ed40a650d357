# SPDX-License-Identifier: Apache-2.0
"""The EVTX decoder against other readers' results for the same real files.

expected/evtx-records.jsonl.zst: every record of 214 files as two Python readers render them.
evtx-parser/expected-counts.tsv and expected/evtx-records.tsv: how many records readers find.
sigma-regression/**/*.json: what evtx_dump makes of the EVTX file beside it.
"""
import collections
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

ROOT = os.environ.get("CANH_SOURCE_DIR", ".")
DATA = os.path.join(os.path.dirname(os.path.abspath(ROOT)), "shared", "data")
DUMP = sys.argv[1]
count = failed = 0


def ok(good, name, notes=()):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {name}")
    for note in list(notes)[:20]:
        print(f"# {str(note)[:400]}")


def dump(files, *options):
    """{path: {"records": […], "bad": […], "chunks": […]}}"""
    out = subprocess.run([DUMP, *options, *files], capture_output=True, check=True).stdout
    result, current = {}, None
    for line in out.decode().splitlines():
        row = json.loads(line)
        if "file" in row:
            current = result[row["file"]] = {"records": [], "bad": [], "chunks": []}
        else:
            kind = "records" if "id" in row else "bad" if "bad" in row else "chunks"
            current[kind].append(row)
    return result


def normal(v, guids=False):
    """Without the differences between renderers that say nothing."""
    if isinstance(v, dict):
        v = {k: normal(x, guids) for k, x in v.items() if not k.startswith("xmlns")}
        v = {k: x for k, x in v.items() if k != "#attributes" or x}
        if list(v) == ["#text"]:
            return v["#text"]
        return v or None
    if isinstance(v, list):
        # a list of one is written like a single value
        return normal(v[0], guids) if len(v) == 1 else [normal(x, guids) or "" for x in v]
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, (int, float)):
        return str(v)
    if v is None or v == "":
        return None
    v = v.replace("\r\n", "\n")  # XML parsers do that
    m = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)Z", v)
    if m:
        return m.group(1) + "." + (m.group(2) + "000000")[:6]
    if guids:  # evtx_dump of that time wrote no braces around GUIDs; one file's case was edited
        v = re.sub(r"^\{([0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12})\}$", r"\1", v).lower()
    if re.fullmatch(r"0x[0-9a-f]+", v):
        return hex(int(v, 16))
    return v.strip() or None  # the edited files have no blanks at the ends


def differences(want, got, path=""):
    if isinstance(want, dict) and isinstance(got, dict):
        found = []
        for k in sorted(set(want) | set(got)):
            found += differences(want.get(k), got.get(k), path + "." + k)
        return found
    return [] if want == got else [(path, want, got)]


def test_fields():
    path = os.path.join(DATA, "expected", "evtx-records.jsonl.zst")
    text = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout.decode()
    want = collections.defaultdict(list)
    for line in text.splitlines():
        row = json.loads(line)
        want[row["file"]].append(row["record"])
    got = dump([os.path.join(DATA, f) for f in want])
    compared, wrong, lost = 0, [], []
    for name, records in want.items():
        have = collections.defaultdict(list)
        for r in got[os.path.join(DATA, name)]["records"]:
            if not r["damaged"]:
                number = str(r["record"]["Event"]["System"]["EventRecordID"])
                have[number].append(normal(r["record"]))
        for record in records:
            same = have[record["Event"]["System"]["EventRecordID"]]
            if not same:
                lost.append(name)
                continue
            best = min((differences(normal(record), r) for r in same), key=len)
            wrong += [(name, *d) for d in best
                      # the readers' XML has no place for this attribute in their JSON
                      if d[0] != ".Event.EventData.#attributes"]
            compared += 1
    ok(not lost, f"no record missing of {sum(map(len, want.values()))}", lost)
    ok(compared > 5000 and not wrong, f"{compared} records equal field by field", wrong)


def test_counts():
    rows = []
    with open(os.path.join(DATA, "evtx-parser", "expected-counts.tsv"), encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            counts = [row["upstream_ok/err"].split("/")[0], row["libevtx_records"],
                      row["python_evtx_records"]]
            rows.append(("evtx-parser/" + row["file"],
                         max(int(c) for c in counts if c.isdigit())))
    with open(os.path.join(DATA, "expected", "evtx-records.tsv"), encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            rows.append((row["evtx"], max(int(row["libevtx_readable"]),
                                          int(row["python_evtx_readable"]))))
    got = dump([os.path.join(DATA, name) for name, _ in rows])
    fewer = [(name, least, len(got[os.path.join(DATA, name)]["records"])) for name, least in rows
             if len(got[os.path.join(DATA, name)]["records"]) < least]
    ok(rows and not fewer, f"as many records as the best reader in {len(rows)} files", fewer)


def documents(text):
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield value
        while at < len(text) and text[at].isspace():
            at += 1


def test_evtx_dump():
    base, pairs = os.path.join(DATA, "sigma-regression"), []
    for folder, _, names in sorted(os.walk(base)):
        pairs += [os.path.join(folder, n[:-5]) for n in sorted(names)
                  if n.endswith(".json") and n[:-5] + ".evtx" in names]
    got = dump([p + ".evtx" for p in pairs])
    compared, wrong = 0, []
    for p in pairs:
        with open(p + ".json", encoding="utf-8-sig") as f:
            want = list(documents(f.read().strip()))
        have = [normal(r["record"], True) for r in got[p + ".evtx"]["records"]]
        for record in want:
            record = normal(record, True)
            number = record["Event"]["System"]["EventRecordID"]
            same = [r for r in have if r["Event"]["System"]["EventRecordID"] == number]
            best = min((differences(record, r) for r in same), key=len, default=[("missing",)])
            wrong += [(p[len(base):], *d) for d in best]
            compared += 1
    ok(compared > 100 and not wrong, f"{compared} records equal to evtx_dump's", wrong)


def from_xml(element):
    """An element of evtxexport's XML in evtx_dump's shape."""
    name = element.tag.split("}")[-1]
    attributes = {k.split("}")[-1]: v for k, v in element.attrib.items()}
    out = {}
    for child in element:
        key = child.tag.split("}")[-1]
        if key == "Data":
            key = child.get("Name", key)
        value = child.text if key == "Data" else from_xml(child)
        if key in out:
            out[key] = (out[key] if isinstance(out[key], list) else [out[key]]) + [value]
        else:
            out[key] = value
    if attributes and name != "Data":
        out = {"#attributes": attributes, **out}
    if out and element.text and element.text.strip():
        out["#text"] = element.text
    return out or element.text


def test_libevtx():
    if not shutil.which("evtxexport"):
        ok(True, "# SKIP evtxexport (libevtx-utils) is not installed")
        return
    folder = os.path.join(DATA, "evtx-attack-samples")
    files = [os.path.join(f, n) for f, _, names in sorted(os.walk(folder)) for n in sorted(names)
             if n.endswith(".evtx")]
    got, compared, wrong = dump(files), 0, []
    for path in files:
        text = subprocess.run(["evtxexport", "-f", "xml", path], capture_output=True,
                              check=False).stdout.decode(errors="replace")
        records = got[path]["records"]
        xml = re.findall(r"<Event xmlns.*?</Event>", text, flags=re.S)
        if len(xml) > len(records):
            wrong.append((path, len(xml), len(records)))
        for event, record in zip(xml, records):
            # characters that XML does not allow come out as they are
            event = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", event)
            try:
                want = from_xml(ElementTree.fromstring(event))
            except ElementTree.ParseError:
                continue
            have = json.loads(re.sub(r"\\u00(0[0-8bcef]|1[0-9a-f])", "",
                                     json.dumps(record["record"]["Event"])))
            wrong += [(path[len(folder):], *d) for d in differences(normal(want), normal(have))]
            compared += 1
    ok(compared > 3000 and not wrong, f"{compared} records equal to libevtx's", wrong)


def leaves(v, path, out):
    """(dotted path, text) as the decoder should give them as fields."""
    if isinstance(v, dict):
        for k, x in v.items():
            if not k.startswith("xmlns"):
                leaves(x, f"{path}.{k}" if path else k, out)
    elif isinstance(v, list):
        for x in v:
            leaves(x, path, out)
    else:
        out.append((path, "" if v is None else json.dumps(v) if not isinstance(v, str) else v))
    return out


GROUP = 5  # VALUE_GROUP of event/event.h


def test_keys():
    files = []
    for corpus in ("evtx-attack-samples", "evtx-parser"):
        for folder, _, names in sorted(os.walk(os.path.join(DATA, corpus))):
            files += [os.path.join(folder, n) for n in sorted(names) if n.endswith(".evtx")]
    want, names = [], set()
    for row in (r for f in dump(files).values() for r in f["records"]):
        # an element whose children are all left out is a group among the fields, null in JSON
        want.append([l for l in leaves(row["record"], "", []) if l != ("Event.EventData", "")])
        names |= {path for path, _ in want[-1]}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as f:
        # a name with a line feed cannot be handed over
        f.write("".join(n + "\n" for n in sorted(names) if "\n" not in n))
        f.flush()
        got = [[(name, text) for name, text, kind in row["fields"] if "." in name and kind != GROUP]
               for f in dump(files, "-k", f.name).values() for row in f["records"]]
    wrong = [(set(w) ^ set(g) or "order", w[:1]) for w, g in zip(want, got) if w != g]
    ok(len(want) == len(got) > 3000 and not wrong,
       f"fields and JSON of {len(want)} records say the same", wrong)


NAMES = """Provider_Name EventID Channel Computer Image CommandLine TargetFilename Data
Event.EventData Event.UserData Event.System.Security""".split()


def test_plans():
    """By plans (docs/evtx.md) records come out as without; twice, so that there are some."""
    files = []
    for folder, _, names in sorted(os.walk(DATA)):
        files += [os.path.join(folder, n) for n in sorted(names) if n.endswith(".evtx")]
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as f:
        f.write("\n".join(NAMES) + "\n")
        f.flush()
        command = [DUMP, "-r", "-k", f.name, *files, *files]
        with_plans = subprocess.run(command, capture_output=True, check=True).stdout.splitlines()
        command.insert(1, "-p")
        without = subprocess.run(command, capture_output=True, check=True).stdout.splitlines()
    wrong = [pair for pair in zip(with_plans, without) if pair[0] != pair[1]]
    ok(len(with_plans) == len(without) > 10000 and not wrong,
       f"{len(without)} lines are the same without plans", wrong)


if not os.path.isdir(DATA):
    print("ok 1 - # SKIP no test data beside the source tree\n1..1")
    sys.exit(0)
test_fields()
test_counts()
test_evtx_dump()
test_keys()
test_plans()
test_libevtx()
print(f"1..{count}")
sys.exit(1 if failed else 0)
