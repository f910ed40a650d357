# SPDX-License-Identifier: Apache-2.0
"""Makes small EVTX files, whole and hand-damaged, for the system tests.

Records are Sysmon's process creations, written out without templates; what a chunk's header says
and what stands behind its last record can be chosen."""
import struct
import zlib

CHUNK = 65536
FIRST = 512
CHANNEL = "Microsoft-Windows-Sysmon/Operational"
WHOAMI = r"C:\Windows\System32\whoami.exe"


def wide(text):
    return text.encode("utf-16-le")


class Chunk:
    """Offsets of names count from the chunk's start, so records are made in place."""

    def __init__(self):
        self.data = bytearray(FIRST)
        self.ids = []
        self.ends = [FIRST]

    def name(self, text):
        self.data += struct.pack("<IIHH", len(self.data) + 4, 0, 0, len(text)) + wide(text) + b"\0\0"

    def text(self, text):
        self.data += struct.pack("<BBH", 5, 1, len(text)) + wide(text)

    def open(self, name, attribute=None):
        self.data += struct.pack("<BI", 0x41 if attribute else 1, 0)
        self.name(name)
        if attribute:
            self.data += struct.pack("<IB", 0, 6)
            self.name(attribute[0])
            self.text(attribute[1])
        self.data += b"\2"

    def close(self):
        self.data += b"\4"

    def leaf(self, name, text, attribute=None):
        self.open(name, attribute)
        if text:
            self.text(text)
        self.close()

    def begin(self, number):
        self.at = len(self.data)
        filetime = 132000000000000000 + number * 10000000
        self.data += struct.pack("<IIQQ", 0x2A2A, 0, number, filetime) + b"\x0f\x01\x01\0"

    def end(self, number):
        self.data += b"\0" * (-(len(self.data) + 4) % 8)
        size = len(self.data) + 4 - self.at
        self.data += struct.pack("<I", size)
        struct.pack_into("<I", self.data, self.at + 4, size)
        self.ids.append(number)
        self.ends.append(len(self.data))

    def record(self, number, image=WHOAMI, host="PC-1", event="1", name="Image"):
        self.begin(number)
        self.open("Event")
        self.open("System")
        self.leaf("EventID", event)
        self.leaf("Channel", CHANNEL)
        self.leaf("Computer", host)
        self.leaf("EventRecordID", str(number))
        self.close()
        self.open("EventData")
        self.leaf("Data", image, ("Name", name))
        self.close()
        self.close()
        self.data += b"\0"
        self.end(number)
        return self

    def bytes(self, live=None, used=None):
        """live: how many of the records the header counts; the rest is unused space."""
        c = self.data + bytes(CHUNK - len(self.data))
        live = len(self.ids) if live is None else live
        used = self.ends[live] if used is None else used
        ids = self.ids[:live] or [1]
        c[0:8] = b"ElfChnk\0"
        struct.pack_into("<QQQQII", c, 8, min(ids), max(ids), min(ids), max(ids), 128,
                         self.ends[max(live - 1, 0)])
        struct.pack_into("<II", c, 48, used, zlib.crc32(c[FIRST:used]))
        struct.pack_into("<I", c, 124, zlib.crc32(c[128:FIRST], zlib.crc32(c[:120])))
        return bytes(c)


def chunk(numbers, live=None, used=None, **more):
    c = Chunk()
    for n in numbers:
        c.record(n, **more)
    return c.bytes(live, used)


def file(*chunks, dirty=False):
    """dirty: it was not closed in order, so that what chunks state may be old."""
    head = bytearray(4096)
    head[0:8] = b"ElfFile\0"
    struct.pack_into("<QQQIHHHH", head, 8, 0, max(len(chunks) - 1, 0), 1, 128, 1, 3, 4096,
                     len(chunks))
    struct.pack_into("<I", head, 120, int(dirty))
    struct.pack_into("<I", head, 124, zlib.crc32(head[:120]))
    return bytes(head) + b"".join(chunks)
