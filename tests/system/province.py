# SPDX-License-Identifier: Apache-2.0
"""An invented province in an empty state: what make_state (the first argument of the test) makes."""
import json
import os
import subprocess
import sys

from support import canh, ok

MAKE_STATE = sys.argv[1]


class Province:
    def __init__(self, path):
        self.dir = os.path.join(path, "state")
        subprocess.run([MAKE_STATE, self.dir], check=True)

    def canh(self, *args, lang="en", **more):
        env = {"CANH_STATE": self.dir, "TZ": "UTC", **more.pop("env", {})}
        return canh(*args, f"--lang={lang}", env=env, **more)

    def fine(self, *args, status=0, **more):
        """Runs, and is a test that the exit status is as it should be."""
        r = self.canh(*args, **more)
        ok(r.status == status, "canh " + " ".join(map(str, args)), r)
        return r

    def rows(self, *args, status=0):
        """What --json lists."""
        return [json.loads(line) for line in
                self.fine(*args, "--json", status=status).text.splitlines()]

    def refused(self, status, needle, *args, **more):
        """A refusal: its exit status, one line that says what, in both languages, and no output."""
        r = self.canh(*args, **more)
        ok(r.status == status and needle in r.errors and r.out == b"",
           f"canh {' '.join(map(str, args))}: refused, and says {needle!r}", r)
        vi = self.canh(*args, lang="vi", **more)
        ok(vi.status == status and vi.errors != r.errors, "… in Vietnamese too", vi)
        return r
