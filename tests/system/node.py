# SPDX-License-Identifier: Apache-2.0
"""A node of the built program in a folder of its own, for system tests: started, stopped, killed
part by part, asked."""
import atexit
import json
import os
import random
import signal
import socket
import subprocess
import time

from support import BUILD, CANH, environment

PARTS = ("keep", "desk", "watch", "send")


PATIENCE = 5  # a busy machine, a sanitizer: a limit only says how long a failure takes
PORTS = 8     # a node's, from its --port-base on


def free(port):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(type=kind) as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def free_ports():
    """The first of PORTS free ones below those that the kernel gives to connections."""
    while True:
        base = random.SystemRandom().randrange(12000, 32000, PORTS)
        if all(free(base + i) for i in range(PORTS)):
            return base


class Node:
    def __init__(self, folder):
        self.dir = os.path.join(folder, "node")
        self.log = os.path.join(folder, "node.log")
        self.port_base = free_ports()
        self.process = None
        self.program = CANH
        self.lang = "en"  # of who starts it
        self.keep = ()  # of the environment, beside what environment() keeps
        self.canh("init", self.dir, *self.user(), check=0)
        atexit.register(self.leave)

    @staticmethod
    def user():
        return ("--user", "root") if os.geteuid() == 0 else ()

    def environment(self, **more):
        return environment(**{k: os.environ[k] for k in self.keep}, **more)

    def canh(self, *args, check=None, timeout=300):
        r = subprocess.run([CANH, *args, "--lang", "en"], capture_output=True, text=True,
                           timeout=timeout, check=False,
                           env=self.environment(CANH_DIR=self.dir))
        if check is not None and r.returncode != check:
            raise AssertionError(f"canh {args}: {r.returncode}\n{r.stdout}{r.stderr}")
        return r

    def rows(self, *args):
        r = self.canh(*args, "--json")
        if r.returncode not in (0, 1):
            raise AssertionError(f"canh {args}: {r.returncode} {r.stderr}")
        return [json.loads(line) for line in r.stdout.splitlines()]

    def said(self):
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def start(self, seconds=30):
        """Until the line that says it is ready; what an earlier one still holds is waited for."""
        until = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < until:
            before = self.said().count("canh: ready")
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    [self.program, "serve", self.dir, "--port-base", str(self.port_base), *self.user(),
                     "--lang", self.lang], stderr=log, env=self.environment())
            while time.monotonic() < until and self.process.poll() is None:
                if self.said().count("canh: ready") > before:
                    return True
                time.sleep(0.02)
            self.process.wait()
            time.sleep(0.1)
        return False

    def stop(self, seconds=20):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds * PATIENCE)

    def leave(self):
        """A test that throws leaves no node behind."""
        if self.process and self.process.poll() is None:
            self.kill_all()

    def pids(self):
        """{part: pid} of the children that run now."""
        found = {}
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as f:
                    text = f.read()
            except OSError:
                continue
            comm = text[text.index("(") + 1:text.rindex(")")]
            rest = text[text.rindex(")") + 2:].split()
            if int(rest[1]) == self.process.pid and comm.startswith("canh-") and rest[0] != "Z" \
                    and not self.only_reads(name):
                found[comm[5:]] = int(name)
        return found

    @staticmethod
    def only_reads(pid):
        """A process that looks whether a new generation could begin, and ends."""
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                return f.read().split(b"\0")[-2:] == [b"check", b""]
        except OSError:
            return True

    def locked_in(self):
        """The parts that are under seccomp and get no new rights."""
        def locked(pid):
            with open(f"/proc/{pid}/status", encoding="ascii") as f:
                status = dict(line.split(":", 1) for line in f.read().splitlines())
            return status["Seccomp"].strip() == "2" and status["NoNewPrivs"].strip() == "1"
        pids = {**self.pids(), "parent": self.process.pid}
        return sorted(part for part, pid in pids.items() if locked(pid))

    def kill(self, part):
        pid = self.pids().get(part)
        if pid:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return pid is not None

    def kill_all(self):
        """The power goes, as far as processes are concerned."""
        pids = list(self.pids().values())
        for pid in [self.process.pid, *pids]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def wait_for(what, seconds=60):
    """what() until it is true; the last thing it gave."""
    until = time.monotonic() + seconds * PATIENCE
    got = what()
    while not got and time.monotonic() < until:
        time.sleep(0.1)
        got = what()
    return got


def have_programs():
    return all(os.path.exists(os.path.join(BUILD, "canh-" + p)) for p in (*PARTS, "parent"))
