#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads segments that are not encrypted, from docs/journal.md alone: one JSON object a record.
Stops with a message at the first byte that is not as the page says."""
import hashlib
import json
import struct
import subprocess
import sys
import zlib

UNITS = (1000000000, 1000000, 1000, 1)


def need(condition, what):
    if not condition:
        sys.exit("read_journal: " + what)


def unzstd(frame):
    return subprocess.run(["zstd", "-dcq"], input=frame, stdout=subprocess.PIPE, check=True).stdout


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        need(self.at + n <= len(self.data), "ends too early")
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def zigzag(self):
        v = self.varint()
        return v >> 1 ^ -(v & 1)

    def text(self):
        return self.take(self.varint())


def read_head(body):
    need(zlib.crc32(body[:-4]) == struct.unpack("<I", body[-4:])[0], "check sum of the head")
    b = Bytes(body)
    need(b.take(8) == b"CANHSEGM", "not a segment")
    need(b.number("H") == 1 and b.take(2) == b"\1\0", "version, codec or cipher")
    b.take(16)
    number = b.number("Q")
    b.take(16)
    return number, b.take(32), b.take(b.number("B")).decode()


def read_columns(b, count):
    contexts = []
    for _ in range(b.varint()):
        source, unit = b.take(16), b.take(16)
        contexts.append((source, unit, b.varint(), b.varint(), b.number("B"), b.text()))
    received_unit, claimed_unit = UNITS[b.number("B")], UNITS[b.number("B")]
    rows = [{"length": b.varint()} for _ in range(count)]
    for row in rows:
        row["context"] = b.varint()
    t = 0
    for row in rows:
        t += b.zigzag()
        row["received"] = t * received_unit
    t = 0
    for row in rows:
        row["claimed"] = None
        if b.number("B"):
            t += b.zigzag()
            row["claimed"] = t * claimed_unit
    expected = [0] * len(contexts)
    for row in rows:
        of_bytes = contexts[row["context"]][4]
        row["at"] = (expected[row["context"]] + b.zigzag()) % (1 << 64)
        expected[row["context"]] = row["at"] + 1 + (row["length"] if of_bytes else 0)
    need(b.at == len(b.data), "bytes behind the columns")
    return contexts, rows


def read_block(file, body, prev):
    b = Bytes(body)
    need(zlib.crc32(body[:128]) == struct.unpack("<I", body[128:132])[0], "check sum of a block")
    first, count = b.number("Q"), b.number("I")
    b.take(32)
    raw_size, plain, columns_size, filter_size, data_size = (b.number("I") for _ in range(5))
    need(b.take(32) == prev, "the chain")
    own = b.take(32)
    data = file.take(data_size)
    need(hashlib.blake2b(body[:96] + body[132:] + data, digest_size=32).digest() == own, "hash")
    columns = unzstd(body[132:132 + columns_size])
    need(len(columns) == plain and len(body) == 132 + columns_size + filter_size, "sizes")
    raw = unzstd(data)
    need(len(raw) == raw_size, "size of the records")
    contexts, rows = read_columns(Bytes(columns), count)
    at = 0
    for i, row in enumerate(rows):
        source, unit, decoder, flags, _, base = contexts[row["context"]]
        text = raw[at:at + row["length"]]
        need(raw[at + row["length"]:at + row["length"] + 1] == b"\n", "a line feed")
        at += row["length"] + 1
        print(json.dumps({"offset": first + i, "received": row["received"],
                          "claimed": row["claimed"], "source": source.hex(), "unit": unit.hex(),
                          "decoder": decoder, "flags": flags, "base": base.decode("latin-1"),
                          "at": row["at"], "raw": text.decode("latin-1")}))
    return own


def main():
    for path in sys.argv[1:]:
        with open(path, "rb") as f:
            file = Bytes(f.read())
        prev = None
        while file.at < len(file.data):
            magic, size = file.number("I"), file.number("I")
            body = file.take(size)
            if magic == 0x184D2A50:
                prev = read_head(body)[1]
            else:
                need(magic == 0x184D2A51 and prev is not None, "no block where one should be")
                prev = read_block(file, body, prev)


main()
