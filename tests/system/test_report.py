#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""canh plan report and canh print: papers of a small demonstration; their text, one page, the mark."""
import os
import re
import stat
import subprocess
import threading
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


def through(path, args, run):
    """A verb writes into a named pipe and through a link: neither is replaced."""
    os.mkfifo(path + ".fifo")
    got = []
    reader = threading.Thread(target=lambda: got.append(open(path + ".fifo", "rb").read()))
    reader.start()
    r = run(*args, path + ".fifo")
    reader.join(30)
    ok(r.status == 0 and got and got[0] and stat.S_ISFIFO(os.lstat(path + ".fifo").st_mode),
       f"{' '.join(args)} PIPE: written into, still a pipe", r)
    with open(path + ".file", "w", encoding="utf-8") as f:
        f.write("x")
    ending = os.path.splitext(path)[1]
    os.symlink(os.path.basename(path) + ".file", path + ".link" + ending)
    r = run(*args, path + ".link" + ending)
    ok(r.status == 0 and os.path.islink(path + ".link" + ending)
       and os.path.getsize(path + ".file") > 1, "… and through a link", r)


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
        for part in ("TỔNG QUAN TOÀN TỈNH – TỈNH VÍ DỤ", "DỮ LIỆU MẪU", "còn 12 ngày", "1/4 đơn vị",
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
        for part in ("/BC-SVD", "Ví Dụ, ngày", " việc đã đến hạn: đạt có minh chứng", ", chưa rõ "):
            ok(part in got, f"has: {part}", got)
        asked = re.search(r"Đề nghị (\d) đơn vị chưa có số liệu trong ngày \((.*?)\) báo cáo", got)
        ok(asked and "Tỉnh Ví Dụ" not in asked.group(2).split(", ")
           and int(asked.group(1)) == len(asked.group(2).split(", ")),
           "whoever stands above is not asked by it", got)
        r = run("plan", "report", "official", "--at", "2020-09-01", "-o", os.path.join(dir, "s.pdf"))
        before = " ".join(text(os.path.join(dir, "s.pdf")).split())
        ok("trước khi phương án bắt đầu (ngày" in before and "Chưa có việc nào đến hạn." in before,
           "before the plan begins it says so, and no shares of nothing", r, before)
        ok("THỦ TRƯỞNG ĐƠN VỊ" not in got, "nobody signs by a position that no office has", got)
        run("import", "people", write(os.path.join(dir, "q.csv"),
                                      "Mã cán bộ;Họ và tên;Đơn vị;Chức vụ;Vai trò\n1;Đỗ Ví Dụ;SO;Giám đốc;head\n"
                                      "2;Ngô Ví Dụ;SO;Phó Giám đốc;official\n"), "--apply")
        for more, want in (([], "GIÁM ĐỐC Đỗ Ví Dụ"),
                           (["--signer", "2", "--behalf", "kt", "--place", "Nơi Khác"],
                            "KT. GIÁM ĐỐC - Như trên; PHÓ GIÁM ĐỐC - Lưu: VT, CNTT. Ngô Ví Dụ"),
                           (["--signer", "2", "--behalf", "q", "--symbol", "BC-X"],
                            "Q. PHÓ GIÁM ĐỐC - Như trên; - Lưu: VT, CNTT. Ngô Ví Dụ")):
            r = run("plan", "report", "official", "-o", os.path.join(dir, "s.pdf"), *more)
            got = " ".join(text(os.path.join(dir, "s.pdf")).split())
            ok(want in got.replace("GIÁM ĐỐC - Như trên; - Lưu: VT, CNTT. Đỗ", "GIÁM ĐỐC Đỗ"),
               f"signed: {want}", r, got)
            ok(("Nơi Khác, ngày" in got) == ("--place" in more), "the place of the option", got)
            ok(("/BC-X" in got) == ("--symbol" in more), "and the sign", got)
        with zipfile.ZipFile(os.path.join(dir, "bao-cao-2020-10-10.odt")) as z:
            ok("SỞ VÍ DỤ" in z.read("content.xml").decode().upper(), "the same as ODT")

        r = run("print", "cam-ket", "-u", "XA")
        got = text(os.path.join(dir, "cam-ket-XA.pdf"))
        ok("Lê Thị Ví Dụ" in got and "DỮ LIỆU MẪU" in got, "a commitment with its people", r, got)
        r = run("print", "phieu-trang-thai", "-u", "VT")
        ok(r.status == 66 and "--blank" in r.errors, "a form that was not sent: 66", r)
        r = run("print", "phieu-trang-thai", "-u", "VT", "--blank", "-o",
                os.path.join(dir, "blank.pdf"))
        got = text(os.path.join(dir, "blank.pdf"))
        ok("PHIẾU TRẠNG THÁI NGÀY VIỄN THÔNG" in got, "blank", r)
        ok("2020" not in got and "ngày … tháng … năm …" in got, "a blank form bears no date", got)
        r = canh("print", "cam-ket", "--state", state, "-o", os.path.join(dir, "own.pdf"), cwd=dir,
                 env={**NOW, "CANH_UNIT": "XA", "CANH_PLACE": "Nơi Khác"})
        got = text(os.path.join(dir, "own.pdf"))
        ok("XÃ VÍ DỤ" in got and "Nơi Khác, date …" in got, "unit and place as set", r, got)
        with open(os.path.join(dir, "list.csv"), "w", encoding="utf-8") as f:
            f.write("x")
        os.symlink("list.csv", os.path.join(dir, "link.pdf"))
        run("print", "cam-ket", "-u", "XA", "-o", os.path.join(dir, "link.pdf"))
        ok(os.path.islink(os.path.join(dir, "link.pdf")) and
           open(os.path.join(dir, "list.csv"), "rb").read(4) == b"%PDF", "a link is written through")
        r = run("print", "cam-ket")
        ok(r.status == 64 and "--unit" in r.errors, "of which unit?", r)
        r = run("print", "cam-ket", "-u", "XA", "--layout", "khac")
        ok(r.status == 64 and "khac" in r.errors, "an unknown layout", r)
        r = run("print", "cam-ket", "-u", "XA", "-o", "/nonexistent/x.pdf")
        ok(r.status == 66 and r.errors.count("\n") == 1, "nowhere to write", r)
        run("notice", "add", "-u", "SO", "--number", "1", "-t", "Thử", "--text", "x")
        run("notice", "send", "1", "-u", "SO", "--to", "XA")
        for i, (ending, args) in enumerate((
                ("pdf", ["print", "cam-ket", "-u", "XA", "-o"]),
                ("pdf", ["print", "danh-ba", "-u", "XA", "-o"]),
                ("pdf", ["plan", "report", "-o"]),
                ("pdf", ["plan", "report", "official", "-o"]),
                ("xlsx", ["form", "template", "telecom-daily", "-u", "VT", "-o"]),
                ("xlsx", ["import", "people", "--template"]),
                ("pdf", ["notice", "sheet", "1", "-u", "SO", "--to", "XA", "-s"]))):
            through(os.path.join(dir, f"out{i}.{ending}"), args, run)
    done()


main()
