# SPDX-License-Identifier: Apache-2.0
"""Reverse proxies of Debian before a node's console, each as docs/console.md tells to set it up, and a
browser's side of them."""
import atexit
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time

from node import PATIENCE, free
from support import ROOT

HOST = "canh.example"
IDLE = 10  # seconds after which a connection is not used again: the proxy may be closing it


def documented(kind):
    """The block of that kind in the documentation of the console."""
    with open(os.path.join(ROOT, "docs", "console.md"), encoding="utf-8") as f:
        return re.search(rf"^```{kind}\n(.*?)^```$", f.read(), re.M | re.S).group(1)


def replaced(text, *pairs):
    """Every pair is there to be replaced: what the test changes is what is documented."""
    for old, new in pairs:
        if old not in text:
            raise AssertionError(f"docs/console.md: no {old!r} in\n{text}")
        text = text.replace(old, new)
    return text


def certificate(folder):
    """Certificate and key of HOST, and both in one file."""
    names = [os.path.join(folder, f"proxy.{end}") for end in ("crt", "key", "pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", names[1], "-out", names[0], "-days", "2", "-subj",
                    f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"], check=True,
                   stderr=subprocess.DEVNULL)
    with open(names[2], "wb") as both:
        for name in names[:2]:
            with open(name, "rb") as f:
                both.write(f.read())
    return names


class Proxy:
    """One that runs until it is told to end; what it says is in its folder."""
    program = ""

    def __init__(self, folder, port, prefix="", node=None):
        self.folder, self.port, self.prefix, self.node = folder, port, prefix, node
        self.socket = os.path.join(folder, "console.sock")
        self.cert, self.key, self.pem = certificate(folder)
        self.process = None
        atexit.register(self.leave)
        self.visitors = "127.0.0.1"  # where they ask from

    @classmethod
    def is_there(cls):
        return shutil.which(cls.program, path=os.environ["PATH"] + ":/usr/sbin")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def start(self):
        with open(self.path("proxy.log"), "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log,
                                            env={"PATH": "/usr/sbin:/usr/bin:/bin",
                                                 "HOME": self.folder})
        until = time.monotonic() + 10 * PATIENCE
        while free(self.port):
            if self.process.poll() is not None or time.monotonic() > until:
                with open(self.path("proxy.log"), encoding="utf-8", errors="replace") as f:
                    raise AssertionError(f"{self.program} does not run:\n{f.read()}")
            time.sleep(0.05)
        return self

    def leave(self):
        if self.process and self.process.poll() is None:
            self.stop()

    def stop(self):
        """At once: Caddy would wait for open event streams."""
        self.process.kill()
        self.process.wait(timeout=20 * PATIENCE)


class Nginx(Proxy):
    program = "nginx"
    group = "www-data"

    def command(self):
        server = replaced(documented("nginx"), ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                          ("location / {", f"location {self.prefix}/ {{"),
                          ("/etc/ssl/certs/canh.example.pem", self.cert),
                          ("/etc/ssl/private/canh.example.key", self.key),
                          ("/run/canh/console.sock", self.socket))
        temporary = "".join(f"{kind}_temp_path {self.path('tmp')};\n"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user www-data;\n" if os.geteuid() == 0 else ""
        conf = self.write("nginx.conf", f"{user}daemon off;\npid {self.path('nginx.pid')};\n"
                          f"error_log {self.path('error.log')};\nevents {{}}\n"
                          f"http {{\naccess_log off;\ngzip on;\n{temporary}{server}}}\n")
        return [self.is_there(), "-c", conf, "-p", self.folder, "-e", self.path("error.log")]


class Caddy(Proxy):
    program = "caddy"
    group = "caddy"

    def command(self):
        site = replaced(documented("caddy"),
                        ("canh.example {", f"https://canh.example:{self.port} {{\n    bind 127.0.0.1\n"
                         f"    tls {self.cert} {self.key}"),
                        ("handle /*", f"handle {self.prefix}/*"),
                        ("/run/canh/console.sock", self.socket))
        conf = self.write("Caddyfile", "{\n    admin off\n    auto_https disable_redirects\n}\n" + site)
        return [self.is_there(), "run", "--config", conf, "--adapter", "caddyfile"]


class Haproxy(Proxy):
    program = "haproxy"
    group = None

    def command(self):
        text = replaced(documented("haproxy"), (":443", f"127.0.0.1:{self.port}"),
                        ("/etc/haproxy/canh.example.pem", self.pem),
                        ("/etc/haproxy/canh.crt", os.path.join(self.node.dir, "keys", "console.crt")),
                        ("127.0.0.1:8470", f"127.0.0.1:{self.node.port_base}"))
        return [self.is_there(), "-db", "-f", self.write("haproxy.cfg", text)]


class Browser(http.client.HTTPSConnection):
    """Who asks HOST through the proxy, from an address of this machine."""

    def __init__(self, proxy, source=None):
        super().__init__(HOST, proxy.port, timeout=60 * PATIENCE,
                         context=ssl.create_default_context(cafile=proxy.cert))
        self.proxy, self.source = proxy, source or proxy.visitors
        self.cookies, self.secret = {}, ""
        self.origin = f"https://{HOST}:{proxy.port}"
        self.asked = 0

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout, (self.source, 0))
        self.sock = self._context.wrap_socket(plain, server_hostname=HOST)

    def ask(self, method, path, body=None, **headers):
        """The reply, with .text; cookies are kept as a browser keeps them."""
        headers = {k.replace("_", "-"): v for k, v in headers.items() if v is not None}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if time.monotonic() - self.asked > IDLE:
            self.close()
        self.request(method, path, body, headers)
        reply = self.getresponse()
        self.asked = time.monotonic()
        reply.text = reply.read().decode("utf-8", "replace")
        for cookie in reply.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return reply

    def send_form(self, path, fields, **headers):
        body = "&".join(f"{k}={v}" for k, v in fields.items())
        return self.ask("POST", path, body.encode(), **{
            "Origin": self.origin, "Content_Type": "application/x-www-form-urlencoded", **headers})
