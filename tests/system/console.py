# SPDX-License-Identifier: Apache-2.0
"""The invented province served by a node, and whoever signs in to its console."""
import http.client
import json
import ssl
import subprocess
import urllib.parse

from node import Node

MARK = "canhcanh"


def demo(folder):
    """A node of invented data; `password` is everybody's."""
    node = Node(folder)
    subprocess.run(["rm", "-rf", node.dir], check=True)
    r = node.canh("demo", node.dir, *node.user(), check=0)
    node.password = r.stdout.split("Password of all: ")[1].split()[0]
    return node


class Visitor:
    """A session on a connection of its own."""

    def __init__(self, node, login):
        anybody = ssl.create_default_context()
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        self.connection = http.client.HTTPSConnection("127.0.0.1", node.port_base, context=anybody,
                                                      timeout=300)
        self.cookie = self.secret = ""
        status, body = self.ask("POST", "/api/v1/session", json.dumps(
            {"login": login, "password": node.password}), {"Content-Type": "application/json"})
        if status != 200:
            raise AssertionError(f"{login}: {status} {body}")
        self.secret = json.loads(body)["csrf"]

    def ask(self, method, path, body=None, headers=None):
        """Its status and body."""
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.secret, **(headers or {})}
        self.connection.request(method, path, body, headers)
        r = self.connection.getresponse()
        text = r.read().decode("utf-8", "replace")
        cookies = [c.split(";")[0] for c in r.headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(cookies) or self.cookie
        return r.status, text

    def get(self, path):
        return self.ask("GET", path)

    def send(self, path, **fields):
        return self.ask("POST", path, urllib.parse.urlencode(fields),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path, name, data, **fields):
        head = "".join(f'--{MARK}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
                       for k, v in fields.items())
        head += f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        return self.ask("POST", path, head.encode() + data + f"\r\n--{MARK}--\r\n".encode(),
                        {"Content-Type": f"multipart/form-data; boundary={MARK}"})
