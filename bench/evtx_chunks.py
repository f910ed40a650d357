# SPDX-License-Identifier: Apache-2.0
"""Chunks of EVTX files written anew with other values: record numbers, times, process ids, GUIDs of
processes and logons, and, in records that match no rule, also hashes, addresses and the ends of
paths and command lines. What is written has the length of what stood there, so everything else
keeps its place; the chunk's checksums are made anew. Values are found as in Metz, "Windows XML
Event Log (EVTX) format": those of a record's template, and of the template inside it (EventData);
of the former (System) only numbers and times change, so that each record stays of its kind."""
import re
import struct
import time
import zlib

CHUNK, CHUNK_HEADER, RECORD_HEADER = 65536, 512, 24
TYPE_STRING, TYPE_BINXML = 0x01, 0x21
BIG = 0x10000
# Type and size of a value: what to write, how it is read, and the least that is written anew.
PLAIN = {(0x08, 4): ("pid", "<I", 1000), (0x0A, 8): ("number", "<Q", 0),
         (0x0F, 16): ("guid", "", 0), (0x11, 8): ("time", "<Q", 1),
         (0x15, 8): ("address", "<Q", BIG)}
LETTERS = "aeioubcdghklmnprstvx0123456789"
TICKS = 10_000_000  # of a second
EPOCH = 11_644_473_600  # seconds from 1601 to 1970
OF_DATA = (0x0F, 0x15)  # in System they name providers and keywords

GUID = re.compile(r"\{?[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-"
                  r"[0-9A-Fa-f]{12}\}?\0?$")
UTC = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\0?$")
HASH = re.compile(r"[0-9A-F]{32,}")
PATH = re.compile(r"\"?[A-Z]:\\|.*\\.*\\", re.I)
# The last name, word or number of a path or command line, but not of a program's.
TAIL = re.compile(r"[\\/ .:=-]([A-Za-z0-9_]{5,})(?!\.(?:exe|dll|sys|com)\b)(?:\.\w{1,5})?\"?\0?$",
                  re.I)


def is_sound(chunk):
    used, crc = struct.unpack_from("<II", chunk, 48)
    return chunk.startswith(b"ElfChnk\0") and CHUNK_HEADER < used <= CHUNK and \
        zlib.crc32(chunk[CHUNK_HEADER:used]) == crc


def records(chunk):
    """Offset and size of each."""
    at, used = CHUNK_HEADER, struct.unpack_from("<I", chunk, 48)[0]
    while at < used and chunk[at:at + 4] == b"**\0\0":
        size = struct.unpack_from("<I", chunk, at + 4)[0]
        yield at, size
        at += size


def values(chunk, at, inside=False):
    """(type, offset, size, whether it is EventData's) of each value of the template whose instance
    stands at `at`."""
    if chunk[at] == 0x0F:  # start of a fragment
        at += 4
    if chunk[at] != 0x0C:
        return
    definition = struct.unpack_from("<I", chunk, at + 6)[0]
    at += 10
    if definition == at:
        at += 24 + struct.unpack_from("<I", chunk, at + 20)[0]
    count = struct.unpack_from("<I", chunk, at)[0]
    place = at + 4 + 4 * count
    for i in range(count):
        size, kind = struct.unpack_from("<HB", chunk, at + 4 + 4 * i)
        if kind == TYPE_BINXML and size:
            yield from values(chunk, place, True)
        else:
            yield kind, place, size, inside
        place += size


def slots_of_text(text, quiet):
    """(what to write, first character, behind the last) of a string."""
    if GUID.match(text):
        brace = text.startswith("{")
        yield "guid_text", brace, brace + 36
    elif UTC.match(text):
        yield "utc", 0, 23
    elif quiet:
        hashes = list(HASH.finditer(text))
        for m in hashes:
            yield "hash", m.start(), m.end()
        tail = TAIL.search(text) if PATH.match(text) and not hashes else None
        if tail:
            yield "word", tail.start(1), tail.end(1)


class Varied:
    """A chunk and the places in it where something else is to stand."""

    def __init__(self, chunk, loud):
        """loud: offsets in the chunk of records that match a rule."""
        self.chunk = chunk
        self.records = [self.slots(at, at not in loud) for at, _ in records(chunk)]
        self.matching = len(loud) / len(self.records)

    def slots(self, at, quiet):
        """(what to write, where, how many bytes or characters), of one record."""
        number = struct.unpack_from("<Q", self.chunk, at + 8)[0]
        found = [("number", at + 8, 8), ("time", at + 16, 8)]
        for kind, place, size, inside in values(self.chunk, at + RECORD_HEADER):
            if kind == TYPE_STRING and inside:
                text = self.chunk[place:place + size].decode("utf-16-le", "replace")
                found += [(what, place + 2 * begin, end - begin)
                          for what, begin, end in slots_of_text(text, quiet)]
            elif (kind, size) in PLAIN and (inside or kind not in OF_DATA):
                what, shape, least = PLAIN[kind, size]
                value = struct.unpack_from(shape, self.chunk, place)[0] if shape else least
                if what != "number" and value >= least or value == number:
                    found.append((what, place, size))
        return found


class Writer:
    """Chunks whose records follow each other in number and time."""

    def __init__(self, rng):
        self.rng, self.record, self.ticks = rng, 0, (1_760_000_000 + EPOCH) * TICKS
        self.second, self.stamp = 0, ""
        self.put = {name: getattr(self, "put_" + name) for name in (
            "number", "time", "utc", "pid", "guid", "address", "guid_text", "hash", "word")}

    def write(self, varied):
        chunk = bytearray(varied.chunk)
        first = self.record + 1
        for slots in varied.records:
            self.record += 1
            self.ticks += self.rng.getrandbits(20)
            for what, place, size in slots:
                new = self.put[what](size)
                chunk[place:place + len(new)] = new
        used = struct.unpack_from("<I", chunk, 48)[0]
        struct.pack_into("<QQQQ", chunk, 8, first, self.record, first, self.record)
        struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[CHUNK_HEADER:used]))
        header = zlib.crc32(chunk[128:CHUNK_HEADER], zlib.crc32(chunk[:120]))
        struct.pack_into("<I", chunk, 124, header)
        return chunk

    def put_time(self, _):
        return struct.pack("<Q", self.ticks)

    def put_number(self, _):
        return struct.pack("<Q", self.record)

    def put_pid(self, _):
        return struct.pack("<I", 1000 + self.rng.getrandbits(14) * 4)

    def put_guid(self, _):
        return self.rng.randbytes(16)

    def put_address(self, _):
        return struct.pack("<Q", BIG + self.rng.getrandbits(32))

    def put_guid_text(self, _):
        t = f"{self.rng.getrandbits(128):032X}"
        return "-".join((t[:8], t[8:12], t[12:16], t[16:20], t[20:])).encode("utf-16-le")

    def put_hash(self, n):
        return f"{self.rng.getrandbits(4 * n):0{n}X}".encode("utf-16-le")

    def put_word(self, n):
        return "".join(self.rng.choices(LETTERS, k=n)).encode("utf-16-le")

    def put_utc(self, _):
        second, ticks = divmod(self.ticks, TICKS)
        if second != self.second:
            self.second = second
            self.stamp = time.strftime("%Y-%m-%d %H:%M:%S.", time.gmtime(second - EPOCH))
        return (self.stamp + f"{ticks // 10000:03}").encode("utf-16-le")
