#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh key seal: the key of contacts from beside the database into a credential of systemd, and from
there to the one process that needs it. systemd-creds is the machine's; its host key lies in a folder
of the test's (a mount name space), so that nothing of the machine changes."""
import os
import subprocess
import sys

from node import Node
from support import BUILD, done, equal, folder, ok, skip, write

CREDS = "/usr/bin/systemd-creds"
INSIDE = "--inside"
UNITS = "Mã đơn vị;Tên đơn vị;Loại đơn vị\nSO;Sở Ví Dụ;authority\n"


def finding(node):
    return [f["text"] for f in node.rows("doctor") if f["name"] == "key"]


def test_sealed(tmp):
    node = Node(tmp)
    state, keys = os.path.join(node.dir, "state"), os.path.join(tmp, "given")
    sealed, unit = os.path.join(tmp, "store", "sealed"), os.path.join(tmp, "units", "key.conf")
    of = lambda *args: node.canh(*args, "--state", state)
    reveal = lambda: of("contact", "reveal", "-u", "SO", "-r", "ncsc", "--purpose", "drill")
    of("import", "units", write(os.path.join(tmp, "u.csv"), UNITS), "--apply")
    of("contact", "set", "-u", "SO", "-r", "ncsc", "-k", "phone", "--value", "02835551111")
    ok("beside the database" in finding(node)[0], "doctor says where the key lies", finding(node))
    with open(os.path.join(state, "key"), encoding="ascii") as f:
        key = f.read()
    args = ("key", "seal", "--credential", sealed, "--drop-in", unit)
    r = node.canh(*args)
    ok(r.returncode == 0 and r.stdout == key, "moved, and printed once", r)
    ok("systemctl daemon-reload" in r.stderr and not os.path.exists(os.path.join(state, "key")),
       "it is beside the database no more, and what comes next is said", r)
    with open(unit, encoding="utf-8") as f:
        equal(f.read(), f"[Service]\nLoadCredentialEncrypted=canh-state-key:{sealed}\n", "the drop-in")
    with open(sealed, "rb") as f:
        ok(key.strip().encode() not in f.read(), "sealed")
    ok("no key" in node.canh(*args).stderr, "a second time there is nothing to move")
    ok("danh-ba" in reveal().stderr, "without it numbers are on paper only")
    os.mkdir(keys, 0o700)
    subprocess.run([CREDS, "decrypt", "--name=canh-state-key", sealed,
                    os.path.join(keys, "canh-state-key")], check=True)
    os.environ["CREDENTIALS_DIRECTORY"] = keys
    node.keep = ("CREDENTIALS_DIRECTORY",)
    equal(reveal().stdout, "+842835551111\n", "as systemd hands it over it opens them")
    test_node(node)


def test_node(node):
    try:
        ok(node.start(), "a node under it", node.said())
        ok("credential of systemd" in finding(node)[0], "has it", finding(node))
        has = {}
        for part, pid in node.pids().items():
            with open(f"/proc/{pid}/environ", "rb") as f:
                has[part] = b"CREDENTIALS_DIRECTORY" in f.read()
        equal([part for part in has if has[part]], ["desk"], "nobody but the desk knows of it")
        equal(node.stop(), 0, "it ends")
    finally:
        if node.process and node.process.poll() is None:
            node.kill_all()


def main():
    if sys.argv[1:2] == [INSIDE]:
        with folder() as tmp:
            test_sealed(tmp)
        done()
    own = os.path.join(BUILD, "systemd-of-test")
    os.makedirs(own, exist_ok=True)
    command = ["unshare", "--mount", "sh", "-c", 'mount --bind "$1" /var/lib/systemd && shift && '
               'echo x | "$0" encrypt --name=x - - >/dev/null && exec "$@"', CREDS, own]
    if not os.path.exists(CREDS) or subprocess.run([*command, "true"], capture_output=True,
                                                   check=False).returncode != 0:
        skip("systemd-creds cannot be tried here")
        done()
    os.execvp(command[0], [*command, sys.executable, __file__, INSIDE])


main()
