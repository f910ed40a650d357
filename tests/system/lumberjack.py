# SPDX-License-Identifier: Apache-2.0
"""What a sender of Lumberjack v2 writes and reads, for system tests."""
import json
import struct
import zlib


def window(docs, packed=False):
    frames = b"".join(b"2J" + struct.pack(">II", i + 1, len(d)) + d
                      for i, d in enumerate(json.dumps(x).encode() for x in docs))
    if packed:
        z = zlib.compress(frames)
        frames = b"2C" + struct.pack(">I", len(z)) + z
    return b"2W" + struct.pack(">I", len(docs)) + frames


def acked(s, count):
    """Waits for the answer that covers the window; False when the connection ends before."""
    s.settimeout(20)
    at = 0
    while at < count:
        data = b""
        while len(data) < 6:
            more = s.recv(6 - len(data))
            if not more:
                return False
            data += more
        if data[:2] != b"2A":
            return False
        at = struct.unpack(">I", data[2:])[0]
    return at == count


def docs(word, n):
    return [{"message": word, "n": i} for i in range(n)]
