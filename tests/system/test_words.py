#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every page of the console's demonstration, found by its links, in both languages: none shows
canh's own words in the other one. What is canh's own is what lang/, forms, plans and rules say; what
people wrote stands as they wrote it. An element that says `lang` of its own may be in that one
(official papers)."""
import glob
import os
import re
from html.parser import HTMLParser

from console import Visitor, demo
from node import have_programs
from support import ROOT, done, folder, ok

PEOPLE = ("kythuat", "thutruong", "dieuphoi", "khaithac")
OF_ONE_SHAPE = 2  # cases, alerts, people: two of each tell what all would
PAGES_MAX = 150
MARKS = "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
SHOWN = ("title", "placeholder", "aria-label", "alt", "value")


class Page(HTMLParser):
    """Its texts outside of elements in a language of their own, and its links."""

    EMPTY = {"meta", "link", "input", "br", "img", "hr", "col", "wbr", "source", "path", "use", "rect"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.texts, self.links, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        apart = tag in ("script", "style") or (tag != "html" and "lang" in attrs)
        if tag not in self.EMPTY:
            self.open.append((tag, apart))
        if apart or self.apart():
            return
        self.texts += [attrs[a] for a in SHOWN if attrs.get(a)]
        if tag == "a" and attrs.get("href", "").startswith("/"):
            self.links.append(attrs["href"].split("#")[0])

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not self.apart():
            self.texts.append(" ".join(data.split()))

    def apart(self):
        return any(a for _, a in self.open)


def source(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def catalogue(lang):
    texts = []
    for path in glob.glob(os.path.join(ROOT, "lang", lang, "*.txt")):
        text = re.sub(r"\n[ \t]+", " ", source(path))
        texts += re.findall(r"^[a-z][a-z0-9_]* *= *(.*)$", text, re.M)
    return texts


def data(lang):
    """What forms, plans and rules say in the language, where it stands on one line."""
    texts = []
    for path in glob.glob(os.path.join(ROOT, "forms/*.yaml")) + \
            glob.glob(os.path.join(ROOT, "plans/*.yaml")):
        texts += re.findall(rf"\b{lang}: \"?([^\",}}\n]+)", source(path))
    for path in glob.glob(os.path.join(ROOT, "rules/*/*.yml")):
        texts += re.findall(r"\b(?:title|meaning|advice)_vi: (.+)" if lang == "vi" else
                            r"^title: (.+)", source(path), re.M)
    return texts


def pieces(lang, other):
    """Whole words of it that tell the language: not what both say, nor what the invented people do."""
    theirs, said = "\n".join(other), source("src/demo/demo.c")
    found = set()
    for text in catalogue(lang) + data(lang):
        for piece in re.split(r"%[-+0-9.*$]*[a-zA-Z]|\\n|[{}<>:;(),.]|\\s", text):
            piece = piece.strip(" –-!?“”\"'…=")
            own = any(c in MARKS for c in piece.lower()) if lang == "vi" else piece.count(" ") >= 2
            if own and len(piece) >= 8 and " " in piece and piece not in theirs and piece not in said:
                found.add(piece)
    return sorted(found, key=len, reverse=True)


def crawl(node, person, lang):
    """{path: texts} of what the person's pages lead to."""
    visitor = Visitor(node, person)
    todo, seen, shapes, pages, raw = ["/", "/more", "/me"], set(), {}, {}, []
    while todo and len(pages) < PAGES_MAX:
        path = todo.pop(0)
        shape = re.sub(r"=[^&]*", "=", re.sub(r"[0-9a-f]{32}|\d+", "*", path))
        if path in seen or shapes.get(shape, 0) == OF_ONE_SHAPE or \
                re.match(r"/(static|api|export|sign-out)|.*\.(pdf|odt|xlsx|csv|ics)", path):
            continue
        seen.add(path)
        shapes[shape] = shapes.get(shape, 0) + 1
        status, text = visitor.ask("GET", path,
                                   headers={"Cookie": f"{visitor.cookie}; canh-lang={lang}"})
        if status != 200 or "<html" not in text[:200].lower():
            continue
        page = Page(text)
        pages[path] = page.texts
        todo += page.links
        raw += [path] if re.search("[\x1c-\x1f]", text) else []
    return pages, raw


def look(node, lang, strange):
    alike = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(p) for p in strange) + r")(?!\w)")
    found, count = {}, 0
    for person in PEOPLE:
        pages, raw = crawl(node, person, lang)
        count += len(pages)
        ok(len(pages) > 30, f"{lang}: the pages of {person}: {len(pages)}")
        ok(not raw, f"{lang}: every word kept is put into words for {person}", raw)
        for path, texts in pages.items():
            for text in texts:
                m = alike.search(text)
                if m:
                    found.setdefault(m.group(), f"{person} {path}: {text[:120]}")
    ok(not found, f"{lang}: {count} pages say nothing of canh's own in another language",
       "\n".join(f"{k} ({v})" for k, v in found.items()))


def main():
    if not have_programs():
        print("1..0 # SKIP the node's programs are not built")
        return
    with folder() as scratch:
        node = demo(scratch)
        if not node.start():
            raise AssertionError(node.said())
        for kind in ("ransom", "cable-cut"):
            node.canh("drill", kind, "--unit", "XA-A", "--answer", "--keep", "--output", scratch)
        node.canh("drill", "missed-shift", "--unit", "XA-A", "--wait", "1s")
        vi, en = catalogue("vi"), catalogue("en")
        look(node, "en", pieces("vi", en))
        look(node, "vi", pieces("en", vi))
        node.stop()


main()
done()
