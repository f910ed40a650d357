#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The wall clock is set while people are called: what waits goes when it would have, no step comes
twice, none before its time. The desk alone sees a clock that can be set: faketime's."""
import glob
import os
import tempfile

from called import Called
from gateway import Gateway
from node import have_programs, wait_for
from support import BUILD, done, equal, folder, ok, write

FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
DESK = """#!/bin/sh
export LD_PRELOAD={lib} FAKETIME_TIMESTAMP_FILE={clock} FAKETIME_NO_CACHE=1
export DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1
exec {real} "$@"
"""


def programs(to, clock):
    """The built programs once more, the desk under a clock that `clock` sets."""
    for path in glob.glob(os.path.join(BUILD, "canh*")):
        name = os.path.basename(path)
        if os.path.isfile(path) and os.access(path, os.X_OK) and name != "canh-desk":
            os.link(path, os.path.join(to, name))
    os.mkdir(os.path.join(to, "real"))
    real, desk = os.path.join(to, "real", "canh-desk"), os.path.join(to, "canh-desk")
    os.link(os.path.join(BUILD, "canh-desk"), real)
    write(desk, DESK.format(lib=FAKETIME[0], clock=clock, real=real))
    os.chmod(desk, 0o755)
    return os.path.join(to, "canh")


def set_clock(node, clock, to):
    seen = lambda: node.said().count("the clock was set")
    before = seen()
    write(clock, to + "\n")
    ok(wait_for(lambda: seen() > before), f"the clock is set to {to}: the desk says so", node.said())


def sent_of(called, gateway, alert):
    code = called.messages(alert)["sms"]["code"]
    return [x["id"] for x in gateway.of("/sms")].count(code)


def waits(called, gateway, clock):
    """A message that did not go out waits ten seconds, whatever the clock says."""
    gateway.answer = 503
    alert = called.raise_alert("may-a")
    ok(wait_for(lambda: called.messages(alert).get("sms", {}).get("reason") == "HTTP 503"),
       "a message does not go out", called.messages(alert))
    set_clock(called.node, clock, "-2h")
    gateway.answer = 200
    ok(wait_for(lambda: called.messages(alert)["sms"]["state"] == "sent", 12),
       "set back by two hours, it goes as soon as it would have", called.messages(alert))
    return alert


def comes_once(called, gateway, clock, alert, to, words):
    """A later alert that called somebody tells that what was due before it has gone. (What sees alerts has
    the true clock: to the desk they must not come from the future.)"""
    before, messages = sent_of(called, gateway, alert), called.node.rows("alert", "calls", alert)
    set_clock(called.node, clock, to)
    mark = called.raise_alert("may-" + to.strip("+-"))
    ok(wait_for(lambda: called.messages(mark).get("sms", {}).get("state") == "sent"),
       f"{to}: the next alert calls", called.messages(mark))
    equal(sent_of(called, gateway, alert), before, f"{to}: {words}")
    equal([m["code"] for m in called.node.rows("alert", "calls", alert)],
          [m["code"] for m in messages], f"{to}: nobody else was called either")


def main():
    if not have_programs() or not FAKETIME or os.environ.get("CANH_SANITIZED"):
        print("1..0 # SKIP needs the node's programs and faketime, and no sanitizer")
        return
    with folder() as scratch, tempfile.TemporaryDirectory(prefix="clock-", dir=BUILD) as own:
        gateway = Gateway()
        called = Called(scratch, f"sms = http://127.0.0.1:{gateway.port}/sms\n")
        node = called.node
        clock = os.path.join(node.dir, "state", "clock") # the desk's sandbox lets it read that
        write(clock, "+0\n")
        node.program = programs(own, clock)
        ok(node.start(), "the node starts", node.said())
        node.rows("source", "add", "files", called.log)
        alert = waits(called, gateway, clock)
        comes_once(called, gateway, clock, alert, "+3h", "no step before its time")
        comes_once(called, gateway, clock, alert, "+2h", "set back by an hour, none twice")
        equal(node.stop(), 0, "it ends")
    done()


main()
