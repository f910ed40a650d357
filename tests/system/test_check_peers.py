#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks against real peers on loopback: web servers with and without TLS, mail servers with
STARTTLS, a server that never answers. argv[1]: the run_check program."""
import http.server
import os
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time

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


def certificate(folder, days):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, f"cert{days}.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", cert, "-days", str(days), "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True,
                   stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
        elif self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
        else:
            self.send_response(200 if self.path == "/" else 404)
        body = "Cổng thông tin".encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def serve_http(context=None):
    server = Server(("127.0.0.1", 0), Page)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def talk_smtp(conn, context):
    conn.sendall(b"220 localhost ESMTP\r\n")
    while line := conn.recv(512).upper():
        if line.startswith(b"EHLO"):
            offer = b"250-localhost\r\n250-STARTTLS\r\n" if context else b"250-localhost\r\n"
            conn.sendall(offer + b"250 SIZE 1000\r\n")
        elif line.startswith(b"STARTTLS") and context:
            conn.sendall(b"220 go\r\n")
            conn = context.wrap_socket(conn, server_side=True)
        elif line.startswith(b"QUIT"):
            conn.sendall(b"221 bye\r\n")
            return
        else:
            conn.sendall(b"250 ok\r\n")


def talk_imap(conn, context):
    conn.sendall(b"* OK IMAP4rev1 ready\r\n")
    while line := conn.recv(512):
        tag, _, rest = line.partition(b" ")
        command = rest.strip().upper()
        if command == b"CAPABILITY":
            conn.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + tag + b" OK done\r\n")
        elif command == b"STARTTLS":
            conn.sendall(tag + b" OK go\r\n")
            conn = context.wrap_socket(conn, server_side=True)
        elif command == b"LOGOUT":
            conn.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
            return
        else:
            conn.sendall(tag + b" OK\r\n")


def serve(talk, context):
    listener = socket.create_server(("127.0.0.1", 0))

    def one(conn):
        try:
            talk(conn, context)
        except OSError:
            pass
        finally:
            conn.close()

    def loop():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


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
