# SPDX-License-Identifier: Apache-2.0
"""An SMS gateway and webhook on loopback."""
import http.server
import json
import threading
import time
import uuid


class Gateway:
    """`answer` is the status that it gives, None: it hangs. What waits in `inbox` is handed out to who
    asks, until it is said to be done."""

    def __init__(self):
        self.answer, self.got, self.inbox = 200, [], []
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def give(self, status, body=b""):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.give(200, "".join(json.dumps(m) + "\n" for m in gateway.inbox).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/inbox":
                    gone = json.loads(body)["done"]
                    gateway.inbox = [m for m in gateway.inbox if m["id"] not in gone]
                    self.give(200)
                    return
                gateway.got.append((self.path, dict(self.headers), body))
                if gateway.answer is None:
                    time.sleep(60)
                else:
                    self.give(gateway.answer)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def of(self, path):
        return [json.loads(body) for p, _, body in list(self.got) if p == path]

    def say(self, number, text, number_of=None):
        """Somebody sends an SMS; its id."""
        one = number_of or uuid.uuid4().hex
        self.inbox = self.inbox + [{"id": one, "from": number, "text": text}]
        return one
