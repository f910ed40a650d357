# SPDX-License-Identifier: Apache-2.0
"""A sender over HTTPS, for system tests."""
import base64
import http.client
import json
import os
import ssl


class Client:
    def __init__(self, node, source):
        self.port = node.port_base + 1
        self.context = ssl.create_default_context(cafile=os.path.join(node.dir, "keys", "ca.crt"))
        pair = f"{source['id']}:{source['key']}".encode() if source else b"x:y"
        self.auth = "ApiKey " + base64.b64encode(pair).decode()

    def ask(self, method, path, body=None, **headers):
        """Status, headers, body as JSON (or bytes)."""
        c = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=30)
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        headers.setdefault("Authorization", self.auth)
        c.request(method, path, body, headers)
        r = c.getresponse()
        data = r.read()
        c.close()
        try:
            return r.status, r.headers, json.loads(data)
        except ValueError:
            return r.status, r.headers, data


def lines(*events):
    return "".join(json.dumps(e) + "\n" for e in events).encode()


def bulk(op, *docs):
    """docs: (id or None, document)"""
    return lines(*[x for i, d in docs
                   for x in ({op: {"_index": "logs", **({"_id": i} if i else {})}}, d)])
