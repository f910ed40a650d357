# SPDX-License-Identifier: Apache-2.0
"""Real peers on loopback for tests of checks: web servers with and without TLS, mail servers with
STARTTLS. Their threads end with the test."""
import http.server
import os
import socket
import socketserver
import ssl
import subprocess
import threading


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
        elif self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
        else:
            self.send_response(200 if self.path in ("/", "/big") else 404)
        body = "Cổng thông tin".encode() * (250000 if self.path == "/big" else 1)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def web_server(context=None, port=0):
    """A running server: .server_address[1] is its port, .shutdown() and .server_close() end it."""
    server = Server(("127.0.0.1", port), Page)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def serve_http(context=None):
    return web_server(context).server_address[1]


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
