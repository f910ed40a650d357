#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh probe: an invented data centre probed against real peers on loopback; outages; proof."""
import datetime
import json
import os
import sqlite3
import stat
import time

from peers import certificate, serve, talk_imap, talk_smtp, web_server
from province import Province
from support import done, equal, folder, ok, write

PLAN = """plan: do
title: {{vi: Kế hoạch đo, en: A plan of probes}}
window: {{start: {start}, end: {end}}}
authorities: [{{id: so, name: {{vi: Sở Giả Định, en: The department}}}}]
scopes: [{{id: centre, kinds: [centre]}}]
clauses: [{{number: I, label: "I.", text: Duy trì hoạt động}}]
obligations:
  - {{id: I.a, clause: I, title: {{vi: Cổng, en: Portal}}, applies-to: centre, asset-role: portal, role: sysadmin,
     lead: so, every: daily@24:00, proof: [probe.tls]}}
  - {{id: I.b, clause: I, title: {{vi: Sao lưu, en: Backup}}, applies-to: centre, role: sysadmin, lead: so,
     every: daily@24:00, proof: [probe.backup]}}
"""


def plan():
    today = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)
    return PLAN.format(start=(today - datetime.timedelta(days=1)).date(),
                       end=(today + datetime.timedelta(days=9)).date())


def add(p, target, *more, unit="TT"):
    return p.fine("probe", "add", target, "--unit", unit, *more, env=plugins(p)).text.strip()


def plugins(p):
    return {"CANH_PLUGINS": os.path.dirname(p.dir)}


def run(p, *args, status=None):
    r = p.canh("probe", "run", "--json", *args, env=plugins(p))
    if status is not None:
        ok(r.status == status, f"canh probe run {' '.join(args)}: {status}", r)
    return {x["code"]: x for x in map(json.loads, r.text.splitlines())}


def status(p, *args):
    rows = [json.loads(line) for line in
            p.canh("probe", "status", "--json", *args).text.splitlines()]
    return ({r["code"]: r for r in rows if "age" in r}, [r for r in rows if "outage" in r])


def test_add(p, path):
    p.refused(64, "--kind", "probe", "add", "portal", "--unit", "TT")
    p.refused(64, "--every", "probe", "add", "http://x/", "--unit", "TT", "--every", "5 parsecs")
    p.refused(64, "5s", "probe", "add", "http://x/", "--unit", "TT", "--every", "1s")
    for target in ("https://u:p@x/", "smtp://u:p@x", "imap://u:p@x:993", "tcp://u:p@x:22",
                   "u:p@x:22", "ping:u@x"):
        p.refused(65, "password", "probe", "add", target, "--unit", "TT")
    for target in ("nagios:/bin/sh -c x", "nagios:/no/such/plugin"):
        p.refused(77, "/etc/canh/plugins", "probe", "add", target, "--unit", "TT")
    p.refused(66, "asset", "probe", "add", "http://x/", "--unit", "TT", "--asset", "NONE")
    r = p.canh("probe", "add", "http://x/", "--unit", "TT", "--param", "contans=x")
    ok(r.status == 65 and "contans" in r.errors, "an unknown parameter is named", r)
    r = p.canh("probe", "add", "http://x/", "--unit", "TT", "--param", "slow-ms=soon")
    ok(r.status == 65 and "slow-ms" in r.errors, "a parameter that must be a number", r)
    equal(p.rows("probe", "list"), [], "nothing was added")


def test_kinds(p, path):
    """Every kind against a real peer."""
    cert, context = certificate(path, 60)
    web = web_server(context)
    smtp, imap = serve(talk_smtp, context), serve(talk_imap, context)
    backup = write(os.path.join(path, "sao-luu", "hom-nay.tar"), b"x" * 1000)
    plugin = write(os.path.join(path, "plugin"), "#!/bin/sh\necho \"OK - load fine|load=0.5\"\n")
    os.chmod(plugin, stat.S_IRWXU)
    url = f"https://127.0.0.1:{web.server_address[1]}/"
    codes = {
        "http": add(p, url, "--asset", "DC", "--param", "contains=Cổng thông tin", "--param",
                    f"ca={cert}", "--name", "Cổng"),
        "smtp": add(p, f"smtp://127.0.0.1:{smtp}", "--param", f"ca={cert}"),
        "imap": add(p, f"imap://127.0.0.1:{imap}", "--param", f"ca={cert}"),
        "tcp": add(p, f"127.0.0.1:{web.server_address[1]}"),
        "dns": add(p, "dns:localhost"),
        "backup-file": add(p, os.path.join(path, "sao-luu", "*"), "--param", "min-bytes=500"),
        "nagios": add(p, f"nagios:{plugin} -w 1"),
    }
    kinds = {x["code"]: x["kind"] for x in p.rows("probe", "list")}
    equal({v: k for k, v in codes.items()}, kinds, "the kind is told from the target")
    equal(sorted(codes.values()), [f"P{i}" for i in range(1, 8)], "codes are given")
    states, outages = status(p)
    equal({s["state"] for s in states.values()}, {"never"}, "never run is not up")
    equal(p.canh("probe", "status").status, 1, "and is found")
    got = run(p, status=0)
    if os.getuid():  # only root's own folders hold plugins
        equal(got[codes["nagios"]]["outcome"], "no-answer", "a plugin of no root-owned folder")
        got[codes["nagios"]]["outcome"] = "up"
    equal({c: got[c]["outcome"] for c in got}, {c: "up" for c in codes.values()}, "all are up")
    equal(run(p, status=0), {}, "nothing is due again yet")
    equal(len(run(p, "--all", status=0)), 7, "--all runs them nevertheless")
    states, outages = status(p)
    ok(all(s["state"] == "up" and s["age"] < 3600 and s["seen_from"] for s in states.values()),
       "how they stand, how old that is, where from", states)
    equal(outages, [], "no outage")
    return web, url, codes


def test_proof(p, codes):
    for obligation in ("I.a", "I.b"):
        r = p.canh("plan", "explain", "--unit", "TT", obligation)
        ok("met: there is proof (measured)" in r.text, f"{obligation} is proven by measuring", r)


def test_outage(p, web, url, codes, path):
    web.shutdown()
    web.server_close()
    code = codes["http"]
    got = run(p, code, "--station", "tram-1", status=1)
    equal((got[code]["outcome"], got[code]["outage"]), ("down", None), "one bad result is no outage yet")
    said = {lang: json.loads(p.canh("probe", "status", code, "--json", lang=lang).text
                             .splitlines()[0])["text"] for lang in ("vi", "en")}
    ok("bị từ chối kết nối" in said["vi"] and "connection refused" in said["en"],
       "and what it saw is said in the reader's language", said)
    got = run(p, code, "--station", "tram-1", status=1)
    equal(got[code]["outage"], "began", "two in a row are")
    got = run(p, code, "--station", "tram-2", status=1)
    equal(got[code]["outage"], None, "seen from elsewhere, too")
    states, outages = status(p, code)
    equal((states[code]["state"], len(outages), outages[0]["stop"], outages[0]["seen_from"]),
          ("down", 1, None, "tram-1 tram-2"), "one outage in the ledger, with who saw it")
    r = p.canh("plan", "explain", "--unit", "TT", "I.a")
    ok("not met" in r.text, "the obligation is not met", r)
    _, context = certificate(path, 60)
    back = web_server(context, web.server_address[1])
    p.fine("probe", "remove", code, "--unit", "TT")
    p.refused(66, "canh probe list", "probe", "run", code)
    again = add(p, url, "--code", code, "--asset", "DC", "--param",
                f"ca={os.path.join(path, 'cert60.pem')}")
    equal(again, code, "a removed probe goes on under its code")
    got = run(p, code, "--station", "tram-1", status=0)
    equal(got[code]["outage"], "ended", "up again: the outage ends")
    back.shutdown()
    _, outages = status(p)
    ok(outages[0]["stop"] and outages[0]["length"] >= 0, "with its length", outages)
    number = outages[0]["outage"]
    p.fine("probe", "cause", number[:8], "--cause", "Nâng cấp máy chủ", "--planned")
    _, outages = status(p)
    equal((outages[0]["cause"], outages[0]["planned"]), ("Nâng cấp máy chủ", True),
          "people say why; the times stay the machine's")
    p.refused(66, "canh probe status", "probe", "cause", "ffffffff", "--cause", "x")


def test_backup(p, codes, path):
    old = os.path.join(path, "sao-luu", "hom-nay.tar")
    os.utime(old, (time.time() - 5 * 86400,) * 2)
    got = run(p, codes["backup-file"], status=1)
    ok(got[codes["backup-file"]]["outcome"] == "down" and "older than" in
       got[codes["backup-file"]]["text"], "a stale backup is seen", got)
    r = p.canh("plan", "explain", "--unit", "TT", "I.b")
    ok("not met" in r.text, "and disproves the obligation", r)


def test_rude(p, path):
    """A plugin that hangs, one that dies, one that is not there: the others go on."""
    hang = write(os.path.join(path, "hang"), "#!/bin/sh\nexec sleep 60\n")
    die = write(os.path.join(path, "die"), "#!/bin/sh\nkill -9 $$\n")
    for name in (hang, die):
        os.chmod(name, stat.S_IRWXU)
    codes = [add(p, f"nagios:{hang}", "--timeout", "1s", unit="CQ"), add(p, f"nagios:{die}", unit="CQ"),
             add(p, f"nagios:{path}/no-such", unit="CQ"), add(p, "dns:localhost", unit="CQ")]
    got = run(p, "--unit", "CQ", "--parallel", "2")
    equal(sorted(got), sorted(codes), "each has its result")
    ok(all(got[c]["outcome"] in ("no-answer", "down") for c in codes[:3]) and
       got[codes[3]]["outcome"] == "up", "and harms no other", got)
    equal(sorted({x["unit"] for x in p.rows("probe", "list", "--unit", "CQ")}), ["CQ"], "by unit")


def test_ways(p, path):
    """Where a page leads, how much of it is read, whose certificates are on the way."""
    near, context = certificate(path, 3)
    far, context_far = certificate(path, 60)
    plain, soon, good = web_server(), web_server(context), web_server(context_far)
    ca = write(os.path.join(path, "ca.pem"), open(near).read() + open(far).read())
    at = {n: w.server_address[1] for n, w in (("plain", plain), ("soon", soon), ("good", good))}
    secure, bare = f"https://127.0.0.1:{at['good']}/", f"http://127.0.0.1:{at['plain']}/"
    cases = {
        "fine": (secure, [], "up", "status 200"),
        "same": (f"{secure}to?{secure}", [], "up", "status 200"),
        "moved": (f"{bare}to?http://localhost:{at['plain']}/", [], "warning", "another host, localhost"),
        "named": (f"{bare}to?http://localhost:{at['plain']}/", ["redirect-to=localhost"], "up", ""),
        "bare": (f"{secure}to?{bare}", [], "down", "unencrypted"),
        "dip": (f"{secure}to?{bare}to?{secure}", [], "warning", "on the way it is unencrypted"),
        "hop": (f"https://127.0.0.1:{at['soon']}/to?{secure}", [], "down", "certificate ends in"),
        "later": (f"{secure}to?https://127.0.0.1:{at['soon']}/", [], "down", "on the way ends in"),
        "file": (f"{bare}to?file:///etc/passwd", [], "down", "none may lead"),
        "loop": (f"{bare}loop", [], "down", "circle"),
        "wanted": (f"{bare}to?{bare}", ["status=302"], "up", "status 302"),
        "big": (f"{bare}big", ["contains=Cổng"], "up", "status 200"),
    }
    for code, (target, params, _, _) in cases.items():
        add(p, target, "-c", code, *[x for q in params + [f"ca={ca}"] for x in ("--param", q)], unit="CQ")
    got = run(p, *cases)
    for code, (_, _, outcome, text) in cases.items():
        ok(got[code]["outcome"] == outcome and text in got[code]["text"], f"{code}: {outcome}", got[code])
    for server in (plain, soon, good):
        server.shutdown()
        server.server_close()
    for code in cases:
        p.fine("probe", "remove", code, "--unit", "CQ")


def test_proof_of_run(p):
    """What was seen is under an entry of the audit; a row changed beside canh is told."""
    r = json.loads(p.fine("audit", "verify", "--json").text)
    ok(r["results"] > 10 and r["unsealed"] == 0, "every result is under an entry", r)
    db = sqlite3.connect(os.path.join(p.dir, "state.db"))
    db.execute("UPDATE result SET outcome = 1 WHERE outcome = 3")
    db.commit()
    db.close()
    p.refused(65, "result", "audit", "verify")


def test_silence(p, codes):
    later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2))
    states, _ = status(p, "--at", later.isoformat(timespec="seconds").replace("+00:00", "Z"))
    equal(states[codes["tcp"]]["state"], "silent", "a probe that was not run for long is silent")
    equal((states[codes["tcp"]]["up"], states[codes["tcp"]]["unknown"]), (0, 1000),
          "and its time unknown, not up")


def main():
    with folder() as path:
        p = Province(path)
        p.fine("plan", "import", write(os.path.join(path, "do.yaml"), plan()), "--unit", "SO",
               "--activate")
        test_add(p, path)
        web, url, codes = test_kinds(p, path)
        test_proof(p, codes)
        test_outage(p, web, url, codes, path)
        test_backup(p, codes, path)
        test_rude(p, path)
        test_ways(p, path)
        test_silence(p, codes)
        test_proof_of_run(p)
    done()


main()
