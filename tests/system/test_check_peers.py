#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks against real peers on loopback: web servers with and without TLS, mail servers with
STARTTLS, a server that never answers. argv[1]: the run_check program."""
import os
import subprocess
import sys
import tempfile
import time

from peers import certificate, serve, serve_http, talk_imap, talk_smtp

RUN = sys.argv[1]
results = 0
failures = 0


def ok(good, name, note=""):
    global results, failures
    results += 1
    failures += not good
    print(f"{'' if good else 'not '}ok {results} - {name}")
    if not good:
        print(f"# {note}")


def check(kind, target, params, outcome, says, name, timeout=3000):
    out = subprocess.run([RUN, kind, target, params, str(timeout)], capture_output=True, text=True,
                         check=True).stdout
    ok(out.startswith(outcome + " ") and says in out, name, out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        cert, context = certificate(folder, 60)
        short, short_context = certificate(folder, 3)
        plain, tls, ending = serve_http(), serve_http(context), serve_http(short_context)
        check("http", f"http://127.0.0.1:{plain}/", "", "ok", "status 200", "a page")
        check("http", f"http://127.0.0.1:{plain}/", "contains=Cổng", "ok", "", "its text")
        check("http", f"http://127.0.0.1:{plain}/", "contains=hacked", "critical",
              "expected text is not", "a text that is not there")
        check("http", f"http://127.0.0.1:{plain}/x", "", "critical", "status 404", "a wrong status")
        check("http", f"http://127.0.0.1:{plain}/loop", "", "critical", "redirect", "a loop")
        check("http", f"http://127.0.0.1:{plain}/file", "", "critical", "",
              "a redirect to a file is not followed")
        check("http", f"https://127.0.0.1:{tls}/", "", "critical", "certificate",
              "a certificate that nobody vouches for")
        check("http", f"https://127.0.0.1:{tls}/", f"ca={cert}", "ok", "", "a trusted one")
        check("http", f"https://127.0.0.1:{tls}/", f"ca={cert} cert-warn-days=90", "warning",
              "certificate ends in", "that ends in two months")
        check("http", f"https://127.0.0.1:{ending}/", f"ca={short}", "critical",
              "certificate ends in", "that ends in three days")
        smtp, bare = serve(talk_smtp, context), serve(talk_smtp, None)
        check("smtp", f"127.0.0.1:{smtp}", f"ca={cert}", "ok", "answers", "mail with STARTTLS")
        check("smtp", f"127.0.0.1:{smtp}", "", "critical", "certificate", "without trust")
        check("smtp", f"127.0.0.1:{bare}", "", "critical", "", "no STARTTLS offered")
        check("smtp", f"127.0.0.1:{bare}", "tls=none", "ok", "", "which may be known")
        imap = serve(talk_imap, context)
        check("imap", f"127.0.0.1:{imap}", f"ca={cert}", "ok", "answers", "IMAP with STARTTLS")
        silent = serve(lambda conn, _: time.sleep(30), None)
        check("http", f"http://127.0.0.1:{silent}/", "", "critical", "", "a silent server", 300)
        check("smtp", f"127.0.0.1:{silent}", "tls=none", "critical", "", "a silent mail server", 300)
    print(f"1..{results}", flush=True)
    os._exit(1 if failures else 0)


main()
