#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh plan report and canh print: papers of a small demonstration; their text, one page, the mark."""
import os
import re
import subprocess
import zipfile

from support import canh, done, equal, folder, ok, write

NOW = {"CANH_DEMO_NOW": "2020-10-10T07:00"}
UNITS = """Mã đơn vị;Tên đơn vị;Loại đơn vị;Cấp trên;Địa bàn;Từ ngày
TINH;Tỉnh Ví Dụ;Cơ quan chủ trì;;Tỉnh Ví Dụ;01/01/2020
SO;Sở Ví Dụ;Cơ quan chủ trì;TINH;;01/01/2020
XA;Xã Ví Dụ;xã;TINH;;01/01/2020
VT;Viễn thông Ví Dụ;telecom;TINH;;01/01/2020
"""


def text(path):
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True,
                          check=True).stdout


def pages(path):
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return int(info.split("Pages:")[1].split()[0])


def main():
    with folder() as dir:
        state = os.path.join(dir, "state")

        def run(*args, lang="vi"):
            return canh(*args, "--state", state, "--lang", lang, env=NOW, cwd=dir)

        run("import", "units", write(os.path.join(dir, "u.csv"), UNITS), "--apply", "--demo")
        run("import", "people", write(os.path.join(dir, "p.csv"),
                                      "Mã cán bộ;Họ và tên;Đơn vị;Chức vụ;Vai trò\n1;Lê Thị Ví Dụ;XA;Chủ tịch;head\n"),
            "--apply")
        r = run("plan", "import", "quang-ngai-2020", "--unit", "SO", "--activate", "--unchecked")
        ok(r.status == 0, "the plan", r)
        r = run("plan", "accept", "--unit", "XA", "--person", "1")
        ok(r.status == 0, "the head accepts it", r)
        r = run("plan", "report", "--say", "Một nhận định.", "--signer", "Người Ví Dụ")
        equal(r.text, "tong-quan-2020-10-10.pdf\n", "the picture says where it is")
        page = os.path.join(dir, "tong-quan-2020-10-10.pdf")
        equal(pages(page), 1, "one page")
        got = text(page)
        for part in ("TỔNG QUAN TOÀN TỈNH – TỈNH VÍ DỤ", "DỮ LIỆU MẪU", "D−12", "1/4 đơn vị",
                     "Thủ trưởng chỉ đạo thực hiện", "Viễn thông Ví Dụ", "3/4 trạm",
                     "1. Một nhận định.", "Người Ví Dụ", "chuẩn bị"):
            ok(part in got, f"says: {part}", got)
        ok(not re.search(r"(?<!I)I\.7", got), "and no clause that the document does not have")
        first = open(page, "rb").read()
        run("plan", "report", "--say", "Một nhận định.", "--signer", "Người Ví Dụ")
        ok(open(page, "rb").read() == first, "the same records give the same bytes")
        r = run("plan", "report", "-o", os.path.join(dir, "en.pdf"), lang="en")
        ok("INVENTED DATA" in text(os.path.join(dir, "en.pdf")), "in English", r)
        r = run("plan", "report", *["--say", "x"] * 4)
        ok(r.status == 64, "four sentences are too many", r)

        r = run("plan", "report", "official", "--to", "UBND tỉnh Ví Dụ")
        equal(r.text, "bao-cao-2020-10-10.odt\nbao-cao-2020-10-10.pdf\n", "the official report")
        got = " ".join(text(os.path.join(dir, "bao-cao-2020-10-10.pdf")).split())
        for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ VÍ DỤ", "Kính gửi: UBND tỉnh Ví Dụ",
                     "ngày 10 tháng 10 năm 2020", "Có 1/4 đơn vị có số liệu", "Nơi nhận:"):
            ok(part in got, f"has: {part}", got)
        ok("{{" not in got, "no placeholder is left", got)
        with zipfile.ZipFile(os.path.join(dir, "bao-cao-2020-10-10.odt")) as z:
            ok("SỞ VÍ DỤ" in z.read("content.xml").decode().upper(), "the same as ODT")

        r = run("print", "cam-ket", "-u", "XA")
        got = text(os.path.join(dir, "cam-ket-XA.pdf"))
        ok("Lê Thị Ví Dụ" in got and "DỮ LIỆU MẪU" in got, "a commitment with its people", r, got)
        r = run("print", "phieu-trang-thai", "-u", "VT")
        ok(r.status == 66 and "--blank" in r.errors, "a form that was not sent: 66", r)
        r = run("print", "phieu-trang-thai", "-u", "VT", "--blank", "-o",
                os.path.join(dir, "blank.pdf"))
        ok("PHIẾU TRẠNG THÁI NGÀY VIỄN THÔNG" in text(os.path.join(dir, "blank.pdf")), "blank", r)
        r = run("print", "cam-ket")
        ok(r.status == 64 and "--unit" in r.errors, "of which unit?", r)
        r = run("print", "cam-ket", "-u", "XA", "--layout", "khac")
        ok(r.status == 64 and "khac" in r.errors, "an unknown layout", r)
        r = run("print", "cam-ket", "-u", "XA", "-o", "/nonexistent/x.pdf")
        ok(r.status == 66 and r.errors.count("\n") == 1, "nowhere to write", r)
    done()


main()
