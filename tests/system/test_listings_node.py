#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What test_listings.py does for verbs that need a node with alerts, cases and a journal, or an id:
with long names, within 80 columns on a terminal, in both languages."""
import os
import time

from gateway import Gateway
from node import Node, have_programs, wait_for
from support import done, equal, fits_terminals, folder, ok, write

UNITS = """Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên
SO-TTTT-GIA-DINH;Sở Khoa học, Công nghệ và Chuyển đổi số tỉnh Giả Định Rất Dài;authority;
TT-GSATTT-GIA-DINH;Trung tâm Giám sát an toàn thông tin mạng tỉnh Giả Định Rất Dài;centre;SO-TTTT-GIA-DINH
"""
LONG = "Máy chủ thư điện tử công vụ của Trung tâm bị dò mật khẩu từ nhiều địa chỉ ở nước ngoài"
HOST = "may-chu-thu-dien-tu-cong-vu-so-01.trung-tam-giam-sat.gia-dinh.example"
LINE = f"Nov 29 13:00:00 {HOST} sshd[12]: Failed password for quan.tri.vien.he.thong from 2001:db8:85a3::8a2e:370:7334 port 22 ssh2\n"
UNIT = "TT-GSATTT-GIA-DINH"


def prepared(scratch, gateway):
    node = Node(scratch)
    node.keep = ("CANH_STATE",)
    os.environ["CANH_STATE"] = os.path.join(node.dir, "state")
    write(os.path.join(node.dir, "canh.conf"), f"""[send]
sms = http://127.0.0.1:{gateway.port}/sms
sms-inbox = http://127.0.0.1:{gateway.port}/inbox
""")
    units = write(os.path.join(scratch, "units.csv"), UNITS)
    node.canh("import", "units", units, "--apply", check=0)
    node.canh("user", "first", "truc", "--unit", UNIT, "--name",
              "Công Tằng Tôn Nữ Nguyễn Phương Thảo Nguyên Giả Định", "--dir", node.dir, check=0)
    node.canh("contact", "set", "--unit", UNIT, "--person", "truc", "--kind", "mobile", "--value",
              "0901234567", check=0)
    return node


def filled(node, scratch, gateway):
    """Something stands in each list; the arguments of each verb."""
    log = os.path.join(scratch, "nhat-ky-dang-nhap-cua-may-chu-thu-dien-tu-cong-vu.log")
    write(log, "")
    ok(node.start(), "the node starts", node.said())
    node.canh("source", "add", "files", log, "--unit", UNIT, check=0)
    for _ in range(10):  # what is written before the file is followed counts as old
        with open(log, "a", encoding="utf-8") as f:
            f.write(LINE)
        if wait_for(lambda: node.rows("alert", "list"), 3):
            break
    alert = node.rows("alert", "list")[0]
    case = node.rows("case", "open", "--alert", alert["id"][:8], "--class", "intrusion", "--level",
                     "high", "--system", LONG)[0]["number"]
    node.rows("case", "note", case, "--kind", "action", "--text", LONG)
    node.rows("case", "task", case, "--text", LONG)
    until = time.strftime("%Y-%m-%d", time.localtime(time.time() + 7 * 86400))
    node.canh("suppression", "add", "--rule", alert["rule"], "--match", "host=" + HOST, "--reason", LONG,
              "--until", until, check=0)
    os.environ["CANH_UNIT"], node.keep = UNIT, (*node.keep, "CANH_UNIT")
    made = node.rows("maintenance", "add", "--reason", LONG, "--to", until)
    node.keep = node.keep[:-1]
    equal([m["unit"] for m in made], [UNIT], "one's own unit is the one of the settings")
    node.canh("drill", "missed-shift", "--unit", UNIT, "--wait", "1s", timeout=60)
    gateway.say("+84909999999", "BAO " + LONG)
    ok(wait_for(lambda: node.rows("alert", "heard")), "an SMS came in", node.said())
    node.canh("request", "add", "-u", UNIT, "--to", "SO-TTTT-GIA-DINH", "-t", LONG, check=0)
    node.canh("plan", "import", "quang-ngai-2020", "--unit", "SO-TTTT-GIA-DINH", "--activate", check=0)
    node.canh("evidence", "add", "-u", UNIT, "-k", "restore-report", "-t", LONG, check=0)
    node.canh("probe", "add", "tcp://127.0.0.1:1", "-u", UNIT, check=0)
    return alert["id"][:8], case, log


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    gateway = Gateway()
    with folder() as scratch:
        node = prepared(scratch, gateway)
        alert, case, log = filled(node, scratch, gateway)
        request, evidence = (node.rows(what, "list")[0] for what in ("request", "evidence"))
        for args in [
                ("source", "list"), ("alert", "list", "--all"), ("alert", "show", alert),
                ("alert", "calls", alert), ("alert", "heard"), ("alert", "verdicts"),
                ("case", "list"), ("case", "show", case), ("case", "team"),
                ("journal", "status"), ("journal", "verify"), ("journal", "repair"),
                ("suppression", "list"), ("maintenance", "list"),
                ("doctor",), ("search", "--purpose", "thử", "*", "--count-by", "message"),
                ("search", "--purpose", "thử", "*", "--histogram", "1d")]:
            fits_terminals(" ".join(args), *args, "--dir", node.dir)
        for args in [
                ("plan", "status"), ("plan", "status", "-b", "unit"), ("plan", "status", "-b", "obligation"),
                ("plan", "status", "-u", UNIT), ("form", "show", "agency-daily"),
                ("probe", "run", "--all"), ("evidence", "show", evidence["id"]),
                ("request", "show", request["number"])]:
            fits_terminals(" ".join(args), *args, "--state", os.path.join(node.dir, "state"))
        for args in [("scan", log), ("logons", log), ("find", "root", log), ("stats", log)]:
            fits_terminals(args[0], *args, "--no-progress")
        node.stop()


main()
done()
