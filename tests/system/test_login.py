#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh login: the command line as an account, with and without a node; and an SMS that comes in."""
import hashlib
import http.client
import json
import os
import re
import ssl
import stat
import subprocess
import time

import console
from gateway import Gateway
from node import have_programs, wait_for
from support import CANH, done, environment, equal, folder, ok, write



class Person:
    """Somebody with a home of their own."""

    def __init__(self, scratch, name, node):
        self.home = os.path.join(scratch, "home-" + name)
        os.mkdir(self.home)
        self.dir = node.dir

    def canh(self, *args, text=None):
        return subprocess.run([CANH, *args, "--lang", "en"], input=text, capture_output=True,
                              text=True, check=False, timeout=60,
                              env=environment(CANH_DIR=self.dir, HOME=self.home))

    def sessions(self):
        return os.path.join(self.home, ".local/state/canh/sessions")


def demo(scratch, gateway):
    node = console.demo(scratch)
    with open(os.path.join(node.dir, "canh.conf"), "a", encoding="utf-8") as f:
        f.write(f"[send]\nsms = http://127.0.0.1:{gateway.port}/sms\n"
                f"sms-inbox = http://127.0.0.1:{gateway.port}/inbox\n")
    node.canh("contact", "set", "--unit", "XA-A", "--person", "truc", "--kind", "mobile", "--value",
              "0901234567", "--state", os.path.join(node.dir, "state"), check=0)
    return node


def test_sign_in(node, one, two, where):
    r = one.canh("login", "truc", "--password-stdin", text="wrong\n")
    ok(r.returncode not in (0, 1), f"{where}: a wrong password", r.stderr)
    ok(not os.path.exists(one.sessions()), f"{where}: and nothing is kept")
    r = one.canh("login", "truc", "--password-stdin", text=node.password + "\n")
    equal((r.returncode, "Trần Văn Thử" in r.stdout), (0, True), f"{where}: signed in")
    equal(stat.S_IMODE(os.stat(one.sessions()).st_mode), 0o600, f"{where}: for its owner alone")
    r = two.canh("login", "thutruong", "--password-stdin", text=node.password + "\n")
    equal(r.returncode, 0, f"{where}: somebody else in their own home")


def test_failed(node):
    """What failed is told in the audit within a minute, in words."""
    state = ("--state", os.path.join(node.dir, "state"))

    def told():
        return [x for x in node.rows("audit", "list", "-n", "200", *state) if x["action"] == "sign-in-failed"]
    ok(wait_for(told, 90), "a sign-in that failed is in the audit")
    ok(told()[0]["purpose"].startswith("truc "), "by account and how often", told())
    for lang, words in (("vi", "đăng nhập không được"), ("en", "sign-in failed")):
        r = subprocess.run([CANH, "audit", "list", "-n", "200", *state, "--lang", lang], capture_output=True,
                           text=True, check=True, env=environment(CANH_DIR=node.dir))
        ok(words in r.stdout, f"in words ({lang})", r.stdout)


def last_account(node):
    r = node.canh("audit", "list", "-n", "1", "--json", "--state", os.path.join(node.dir, "state"))
    return json.loads(r.stdout.splitlines()[-1]).get("account")


def test_as_whom(node, one, two, log):
    r = one.canh("case", "open", "--unit", "XA-A", "--title", "Thử")
    equal(r.returncode, 0, "the officer opens a case")
    equal(last_account(node), "truc", "under their account")
    r = one.canh("source", "add", "files", log, "--unit", "XA-A")
    ok(r.returncode not in (0, 1), "and may not what only others may", r.stdout)
    r = two.canh("source", "add", "files", log, "--unit", "XA-A")
    equal(r.returncode, 0, "the head may")
    equal(last_account(node), "thutruong", "under theirs")


def test_look(one):
    for args in (("search", "*"), ("journal", "cat")):
        r = one.canh(*args, "--purpose", "thử-" + args[0])
        ok(r.returncode in (0, 1), " ".join(args), r)
    r = one.canh("search", "*", "--unit", "SO-A", "--purpose", "thử")
    ok(r.returncode not in (0, 1), "what is of others is not looked at", r)


def test_looked(node):
    """Who looked at events is who had signed in: the journal's own audit has it."""
    rows = node.canh("journal", "cat", "--stream", "audit", check=0).stdout.splitlines()
    looks = {x.get("purpose"): x["who"] for x in map(json.loads, rows) if "look" in x}
    equal({p: looks.get(p) for p in ("thử-search", "thử-journal")},
          {"thử-search": "truc", "thử-journal": "truc"}, "each look is the person's")


def test_end(node, one):
    with open(one.sessions(), encoding="utf-8") as f:
        kept = f.read()
    equal(one.canh("logout").returncode, 0, "signed out")
    equal(open(one.sessions(), encoding="utf-8").read(), "", "nothing is kept")
    write(one.sessions(), kept)
    os.chmod(one.sessions(), 0o600)
    r = one.canh("case", "list")
    ok(r.returncode not in (0, 1) and "over" in r.stderr, "the old token is no good", r.stderr)
    os.chmod(one.sessions(), 0o644)
    r = one.canh("case", "list")
    ok(r.returncode not in (0, 1) and "others may read" in r.stderr, "nor a file that others read",
       r.stderr)


def page(node, person, path):
    """A page of the console, in the session that the person's command line keeps."""
    with open(person.sessions(), encoding="utf-8") as f:
        token = f.read().split()[0]
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    c = http.client.HTTPSConnection("127.0.0.1", node.port_base, context=anybody, timeout=60)
    c.request("GET", path, headers={"Cookie": f"__Host-canh={token}; canh={token}"})
    return c.getresponse().read().decode("utf-8")


def local(seconds):
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() + 7 * 3600 + seconds))


def test_marks(node, one):
    """Times of a span in which the clock was wrong bear their mark on pages, too."""
    r = one.canh("case", "open", "--unit", "XA-A", "--title", "Thử giờ", "--found", local(-7200))
    equal(r.returncode, 0, "a case that was found then")
    cases = page(node, one, "/api/v1/cases")
    pages = [page(node, one, "/cases/" + x) for x in re.findall(r'"id":"([0-9a-f]{32})"', cases)]
    ok(any(re.search(r"\d\d:\d\d( \d\d/\d\d/\d{4})?\?", x) for x in pages), "its page marks it",
       cases, pages)
    ok("Thử giờ" in cases and not re.search(r"\dZ?\?", cases), "programs read times alone", cases)


def heard(node):
    return [x["outcome"] for x in node.rows("alert", "heard")]


def test_sms(node, gateway, scratch):
    r = node.canh("drill", "missed-shift", "--unit", "XA-A", "--wait", "1s", timeout=60)
    equal(r.returncode, 1, "a drill that nobody takes")
    wait_for(lambda: gateway.of("/sms"))
    code = gateway.of("/sms")[-1]["id"]
    gateway.say("+84909999999", code)
    gateway.say("0901234567", "BAO mất điện từ 6h")
    ok(wait_for(lambda: sorted(heard(node)) == ["number", "request"]), "what came in is told",
       heard(node))
    ok(wait_for(lambda: not gateway.inbox), "the gateway need not hand it out again")
    again = gateway.say("0901234567", code)
    ok(wait_for(lambda: len(heard(node)) == 3), "the right number", heard(node))
    ok(set(heard(node)) <= {"number", "request", "taken", "shift"}, "does something", heard(node))
    ok(wait_for(lambda: not gateway.inbox), "is done")
    gateway.say("0901234567", code, again)
    ok(wait_for(lambda: not gateway.inbox), "the same once more")
    equal(len(heard(node)), 3, "does nothing again")


def invited(node):
    return node.canh("user", "reset", "khaithac", "--state", os.path.join(node.dir, "state"),
                     check=0).stdout


def test_hints(node):
    """Whoever gets a link knows from where it opens and which certificate is the node's."""
    said = invited(node)
    ok("https://127.0.0.1:8470/welcome/" in said and "ssh -L 8470:" in said, "where a link opens", said)
    ok("is not served now" not in said, "it is served", said)
    pem = ssl.get_server_certificate(("127.0.0.1", node.port_base))
    print_ = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    ok(":".join(re.findall("..", print_)) in said, "and the fingerprint that a browser shows", said)


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        gateway = Gateway()
        node = demo(scratch, gateway)
        one, two = Person(scratch, "one", node), Person(scratch, "two", node)
        test_sign_in(node, one, two, "without a node")
        test_as_whom(node, one, two, "/tmp/2.log")
        one.canh("logout")
        os.remove(one.sessions())
        node.canh("audit", "clock", "--from", local(-86400 * 40), "--until", local(-120), "--state",
                  os.path.join(node.dir, "state"), check=0)
        ok("is not served now: canh serve" in invited(node), "a link tells that nothing serves it")
        ok(node.start(), "the node starts", node.said())
        test_hints(node)
        test_sign_in(node, one, two, "with a node")
        test_as_whom(node, one, two, "/tmp/3.log")
        test_look(one)
        test_marks(node, one)
        test_end(node, one)
        test_sms(node, gateway, scratch)
        test_failed(node)
        equal(node.stop(), 0, "and it ends")
        test_looked(node)


main()
done()
