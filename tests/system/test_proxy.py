#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The console behind nginx, Caddy and HAProxy, at a host of its own and under a path: signing in,
pages, an act, an upload, the event stream, whose address counts; and which TLS it takes itself."""
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import urllib.parse

from console import demo
from node import free_ports, have_programs, wait_for
from proxies import Browser, Caddy, Haproxy, Nginx
from support import ROOT, done, equal, folder, ok, skip

LOCAL = re.compile(r'(?:href|src|action|formaction)="(/[^"]*)"')
SCRIPT_PATH = re.compile(r"""(?<!href\()(?<!\$=)["'`]/(?:[a-z]|["'`]\s*[+=])""")
FAILURES = 20  # of one address before it waits


def configure(node, text):
    """The node started again with this beside what `canh demo` wrote."""
    conf = os.path.join(node.dir, "canh.conf")
    if not hasattr(node, "plain"):
        with open(conf, encoding="utf-8") as f:
            node.plain = f.read()
    if node.process and node.process.poll() is None:
        node.stop()
    with open(conf, "w", encoding="utf-8") as f:
        f.write(node.plain + text)
    if not node.start():
        raise AssertionError(node.said())


def behind_socket(proxy):
    group = f"socket-group = {proxy.group}\n" if os.geteuid() == 0 else ""
    return (f"[console]\naddress = https://canh.example:{proxy.port}{proxy.prefix}/\n"
            f"socket = {proxy.socket}\n{group}")


def sign_in(browser, node, login, name):
    browser.cookies = {}
    r = browser.send_form(browser.proxy.prefix + "/sign-in",
                          {"login": login, "password": urllib.parse.quote(node.password)})
    equal((r.status, r.headers["Location"]), (303, browser.proxy.prefix + "/"), f"{name}: {login} signs in")
    me = browser.ask("GET", browser.proxy.prefix + "/api/v1/me")
    browser.secret = json.loads(me.text)["csrf"] if me.status == 200 else ""
    return r


def test_cookie(r, proxy, name):
    cookie = r.headers.get("Set-Cookie", "")
    want = (f"__Secure-canh=|; Path={proxy.prefix}/;" if proxy.prefix else "__Host-canh=|; Path=/;")
    ok(all(part in cookie for part in (*want.split("|"), "; Secure", "; HttpOnly", "; SameSite=Strict")),
       f"{name}: the cookie is for HTTPS and this path alone", cookie)


def test_links(browser, name):
    """Every page that pages lead to is under the prefix, and is there."""
    prefix = browser.proxy.prefix
    seen, waiting, wrong = set(), [prefix + "/"], []
    while waiting and len(seen) < 60:
        path = waiting.pop(0)
        seen.add(path)
        r = browser.ask("GET", path)
        if r.status != 200:
            wrong.append(f"{r.status} {path}")
        if "text/html" not in r.headers.get("Content-Type", ""):
            continue
        for link in LOCAL.findall(r.text):
            link = link.replace("&amp;", "&")
            if not link.startswith(prefix + "/"):
                wrong.append(f"{path} leads to {link}")
        for link in re.findall(r'(?:href|src)="(/[^"]*)"', r.text):
            link = link.replace("&amp;", "&")
            if link not in seen and link not in waiting and len(link) < 60:
                waiting.append(link)
    equal((wrong, len(seen) > 30), ([], True), f"{name}: {len(seen)} pages, scripts and styles, all links")


def test_scripts():
    """Whatever a module asks for or compares is told apart from what a proxy put before it."""
    loose = []
    for name in sorted(os.listdir(os.path.join(ROOT, "console"))):
        if name.endswith(".js"):
            with open(os.path.join(ROOT, "console", name), encoding="utf-8") as f:
                loose += [f"{name}: {line.strip()}" for line in f
                          if SCRIPT_PATH.search(line) and "path(" not in line and '"/" +' not in line]
    equal(loose, [], "scripts know where the console is (console/here.js)")


def refused(browser, path, form, **headers):
    """What is answered to a form that nothing is done for. Caddy at times cuts a reply that comes before
    it has looked whether more of the request follows: then it is asked again."""
    for _ in range(20):
        try:
            return browser.send_form(path, form, **headers)
        except http.client.IncompleteRead:
            browser.close()
    raise AssertionError(f"{path}: every reply was cut")


def test_origin(browser, name):
    form = {"csrf": browser.secret}
    path = browser.proxy.prefix + "/me/out"
    for origin, host in (("https://elsewhere.example", None), ("https://elsewhere.example",
                         "elsewhere.example"), ("http://127.0.0.1:8470", None), ("null", None),
                         (f"http://canh.example:{browser.port}", None)):
        r = refused(browser, path, form, Origin=origin, Host=host)
        # a proxy that serves this host alone has no answer for another one
        ok(r.status in (403, 421) or (host and "canh" not in r.text),
           f"{name}: nothing is done for {origin}, Host {host or 'as it is'}", r.status, r.text[:300])
    equal(browser.ask("GET", browser.proxy.prefix + "/api/v1/me").status, 200,
          f"{name}: and the session goes on")


def live(browser, events, ready):
    browser.request("GET", browser.proxy.prefix + "/api/v1/live", headers={
        "Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items())})
    reply = browser.getresponse()
    while True:
        line = reply.fp.readline() if not reply.chunked else reply.readline()
        if not line:
            return
        if line.startswith(b"event: "):
            events.append(line[7:].strip().decode())
            ready.set()


def open_stream(browser, name):
    """What the event stream of the visitor's open page says from now on."""
    listener = Browser(browser.proxy)
    listener.cookies = dict(browser.cookies)
    events, ready = [], threading.Event()
    threading.Thread(target=live, args=(listener, events, ready), daemon=True).start()
    ok(ready.wait(60) and events[0] == "hello", f"{name}: the stream says so when it begins", events)
    return events


def test_stream(browser, name):
    events = open_stream(browser, name)
    r = browser.ask("POST", browser.proxy.prefix + "/api/v1/cases",
                    json.dumps({"title": "Thử qua proxy"}).encode(), Origin=browser.origin,
                    Content_Type="application/json", X_CSRF_Token=browser.secret)
    equal(r.status, 200, f"{name}: a case is opened")
    ok(wait_for(lambda: "case" in events), f"{name}: the open page is told", events)


def test_drill(browser, node, name):
    """Something happens: an open page hears of it, it is acknowledged, and nobody is called for it."""
    prefix, drilled = browser.proxy.prefix, []
    events = open_stream(browser, name)
    drill = threading.Thread(target=lambda: drilled.append(node.canh(
        "drill", "ssh", "--unit", "XA-A", "--dir", node.dir, "--wait", "30s", "-o", browser.proxy.folder)))
    drill.start()

    def waiting():
        reply = browser.ask("GET", prefix + "/api/v1/alerts?show=waiting")
        return json.loads(reply.text)["items"] if "alert" in events else None
    alerts = wait_for(waiting)
    ok(alerts, f"{name}: the open page is told of an alert", events)
    r = browser.ask("POST", f"{prefix}/api/v1/alerts/{alerts[0]['id']}/ack", b'{"verdict": "seen"}',
                    Origin=browser.origin, Content_Type="application/json",
                    X_CSRF_Token=browser.secret) if alerts else None
    equal(r and r.status, 200, f"{name}: it is acknowledged")
    drill.join()
    ok("took it" in drilled[0].stdout, f"{name}: who waited for that goes on", drilled[0].stdout)


def test_upload(browser, name):
    mark = "canhcanh"
    log = b"".join(b"Nov 23 07:00:%02d vidu sshd[7]: Failed password for root from 203.0.113.9 port 5 ssh2\n"
                   % (i % 60) for i in range(40000))
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="auth.log"\r\n\r\n'
    body = head.encode() + log + f"\r\n--{mark}--\r\n".encode()
    r = browser.ask("POST", browser.proxy.prefix + "/api/v1/scan", body, Origin=browser.origin,
                    Content_Type=f"multipart/form-data; boundary={mark}", X_CSRF_Token=browser.secret)
    equal((r.status, json.loads(r.text).get("events")), (200, 40000),
          f"{name}: a log of {len(log) >> 20} MiB is read")


def test_told_links(browser, node, name):
    """Links that are told begin with the address that people open, whoever asks."""
    want = f"https://canh.example:{browser.port}{browser.proxy.prefix}"
    r = node.canh("user", "reset", "truc", "--state", os.path.join(node.dir, "state"))
    ok(want + "/welcome/" in r.stdout, f"{name}: an invitation on the command line", r.stdout, r.stderr)
    link = re.search(r"https://\S+", r.stdout)
    path = link.group(0)[len(f"https://canh.example:{browser.port}"):] if link else "/"
    unit = ("-u", "XA-A", "--state", os.path.join(node.dir, "state"))
    number = f"TB-{browser.port}"
    node.canh("notice", "add", "--number", number, *unit, "--title", "Thử", "--text", "Đọc và làm theo.")
    r = node.canh("notice", "send", number, *unit, "--to", "XA-A", "--expected", "1", "--link")
    ok(want + "/n/" in r.stdout, f"{name}: a notice's link", r.stdout, r.stderr)
    stranger = Browser(browser.proxy)
    equal(stranger.ask("GET", path).status, 200, f"{name}: and it leads to its page")
    api = json.loads(stranger.ask("GET", browser.proxy.prefix + "/api/openapi.json").text)
    equal(api.get("servers", [{"url": ""}])[0]["url"], browser.proxy.prefix,
          f"{name}: the API's description says where it is")


def test_addresses(proxy, failing, node, name):
    """Failures are counted by whose they are, whatever the one who fails writes."""
    last = 0
    for i in range(2 * FAILURES):
        r = Browser(proxy, failing).send_form(proxy.prefix + "/sign-in", {"login": f"nobody{i}", "password": "x"},
                                     X_Forwarded_For=f"198.51.100.{i}", Forwarded=f"for=198.51.100.{i}")
        last = r.status
        if last == 429:
            break
    equal(last, 429, f"{name}: who fails {FAILURES} times waits, other addresses in its headers or not")
    sign_in(Browser(proxy), node, "thutruong", name + ", from elsewhere")


def try_proxy(proxy, node, conf, whole):
    name = f"{proxy.program}{' under ' + proxy.prefix if proxy.prefix else ''}"
    configure(node, conf)
    proxy.start()
    try:
        browser = Browser(proxy)
        r = browser.ask("GET", proxy.prefix + "/cases")
        equal((r.status, r.headers["Location"]), (303, proxy.prefix + "/sign-in?next=%2Fcases"),
              f"{name}: a stranger is asked to sign in")
        test_cookie(sign_in(browser, node, "thutruong", name), proxy, name)
        test_links(browser, name)
        test_origin(browser, name)
        sign_in(browser, node, "thutruong", name)
        test_stream(browser, name)
        test_upload(browser, name)
        if whole:
            test_drill(browser, node, name)
        test_told_links(browser, node, name)
        test_addresses(proxy, f"127.0.9.{proxy.port % 250 + 1}", node, name)
    finally:
        proxy.stop()


def ask_socket(path, request):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(60)
        s.connect(path)
        s.sendall(request)
        got = b""
        while part := s.recv(65536):
            got += part
        return got.decode("utf-8", "replace")


def test_socket(scratch, node):
    path = os.path.join(scratch, "alone.sock")
    conf = f"[listen]\nconsole = off\n[console]\naddress = https://canh.example/watch/\nsocket = {path}\n"
    configure(node, conf)
    ok("console=https://canh.example/watch" in node.said().splitlines()[-1] or
       "console=https://canh.example/watch" in node.said(), "the node says where it is opened", node.said())
    equal(os.stat(path).st_mode & 0o7777, 0o660, "the socket is for its user and group")
    close = b"Host: canh.example\r\nConnection: close\r\n"
    r = ask_socket(path, b"GET /watch/sign-in HTTP/1.1\r\n" + close + b"\r\n")
    ok(" 400 " in r.splitlines()[0] and "X-Forwarded-For" in r, "who does not say who asks is told to", r)
    close += b"X-Forwarded-For: 203.0.113.9\r\n"
    r = ask_socket(path, b"GET /watch/sign-in HTTP/1.1\r\n" + close + b"\r\n")
    ok(" 200 " in r.splitlines()[0], "who does is answered", r)
    r = ask_socket(path, b"GET /sign-in HTTP/1.1\r\n" + close + b"\r\n")
    ok(" 404 " in r.splitlines()[0] and "proxy" in r, "outside the path a page says so", r)
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    senders = http.client.HTTPSConnection("127.0.0.1", node.port_base, context=anybody, timeout=60)
    senders.request("GET", "/watch/sign-in")
    ok(senders.getresponse().status != 200, "no port beside it has the console")

    os.kill(node.pids()["desk"], 9)
    ok(wait_for(lambda: os.path.exists(path) and " 200 " in try_socket(path, close)),
       "a desk that begins anew makes the socket anew")
    node.stop()
    os.unlink(path)
    with open(path, "w", encoding="ascii") as f:
        f.write("mine")
    configure(node, conf)
    with open(path, encoding="ascii") as f:
        equal(f.read(), "mine", "a file at its place stays as it is")
    ok("something that is no socket is there" in node.said(), "the node's log says why", node.said())
    r = node.canh("doctor", "--dir", node.dir)
    ok(path in r.stdout and "was not made" in r.stdout, "canh doctor tells, and all else goes on", r.stdout)
    os.unlink(path)


def try_socket(path, headers):
    try:
        return ask_socket(path, b"GET /watch/sign-in HTTP/1.1\r\n" + headers + b"\r\n")
    except OSError:
        return ""


def handshake(port, *options):
    r = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options], input="",
                       capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"^New, (\S+), Cipher is (\S+)$", r.stdout, re.M)
    return found.groups() if found and r.returncode == 0 and found.group(2) != "(NONE)" else None


def test_tls(node):
    configure(node, "")
    port = node.port_base
    equal(handshake(port, "-tls1_3")[0], "TLSv1.3", "TLS 1.3 is taken")
    equal(handshake(port, "-tls1_2"), None, "TLS 1.2 is not, unless it is asked for")
    configure(node, "[tls]\noldest = 1.2\n")
    equal(handshake(port)[0], "TLSv1.3", "where both can, 1.3 is spoken")
    got = handshake(port, "-tls1_2")
    ok(got and got[1].startswith("ECDHE-ECDSA-") and ("GCM" in got[1] or "CHACHA20" in got[1]),
       "1.2 with AEAD and forward secrecy", got)
    for cipher in ("ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256"):
        equal(handshake(port, "-tls1_2", "-cipher", cipher + ":@SECLEVEL=0"), None, f"not with {cipher}")
    equal(handshake(port, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), None, "nor 1.1")


def test_config(node):
    conf = os.path.join(node.dir, "canh.conf")
    for text, want in (("[console]\nsocket = /run/canh/console.sock\n", "address = https://"),
                       ("[console]\naddress = http://canh.example/\n", "https://canh.example/"),
                       ("[tls]\noldest = 1.1\n", "1.1")):
        with open(conf, "w", encoding="utf-8") as f:
            f.write(text)
        r = node.canh("config", "check", "--dir", node.dir)
        ok(r.returncode not in (0, 1) and want in r.stderr + r.stdout, f"refused, and told why: {text!r}",
           r.returncode, r.stdout, r.stderr)


def main():
    if not have_programs():
        skip("no node in this build")
        return done()
    with folder() as scratch:
        os.chmod(scratch, 0o711)  # a proxy of another user reaches its socket
        node = demo(scratch)
        for kind, prefix in ((Nginx, ""), (Nginx, "/watch"), (Caddy, "/canh/tinh"), (Haproxy, "")):
            if not kind.is_there():
                skip(f"{kind.program} is not installed")
                continue
            place = os.path.join(scratch, kind.program + prefix.replace("/", "-"))
            os.mkdir(place, 0o711)
            proxy = kind(place, free_ports(), prefix, node)
            conf = behind_socket(proxy) if proxy.group else \
                f"[console]\naddress = https://canh.example:{proxy.port}/\nproxies = 127.0.0.1\n"
            try_proxy(proxy, node, conf, kind is Nginx and prefix)
        test_scripts()
        test_socket(scratch, node)
        test_tls(node)
        node.stop()
        test_config(node)
    return done()


if __name__ == "__main__":
    main()
