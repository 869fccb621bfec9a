"""A bucket that is nothing but its listing: pages of ListObjectsV2 as Amazon writes them, ready before anybody asks."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
import socket
import threading
from contextlib import suppress
from urllib.parse import quote, unquote

PAGE = 1_000
NUMBER = "#######"
TOKEN = "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J+{}/wm36Hy4vbOwM=="
KEY = f"lake/orders/year=2026/month=11/{NUMBER}/part-{{:05}}-of-01000.snappy.parquet"
ENTRY = (
    "<Contents><Key>{key}</Key><LastModified>2026-11-22T17:{minute:02}:{second:02}.000Z</LastModified>"
    "<ETag>&quot;{etag}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT"
    "</ChecksumType><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
)
START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Name>benchmark</Name><Prefix></Prefix>{next}<KeyCount>1000</KeyCount><MaxKeys>1000</MaxKeys>{encoding}"
    "<IsTruncated>{more}</IsTruncated>"
)
END = b"</ListBucketResult>"
ASKED = re.compile(rb"[?&]continuation-token=([^& ]*)")


class Bucket:
    """`keys` objects in whole pages; `serve` answers until its process ends, `served` counts pages from anywhere."""

    def __init__(self, keys: int) -> None:
        self.pages = -(-keys // PAGE)
        self._entries = {encoded: _entries(encoded) for encoded in (True, False)}
        self._numbers = {TOKEN.format(number): number for number in range(self.pages)}
        self._served = multiprocessing.Value("q", 0)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"

    @property
    def served(self) -> int:
        """Pages asked for so far."""
        return self._served.value

    def serve(self) -> None:
        """Answer whoever connects, each in a thread."""
        while True:
            peer, _ = self._server.accept()
            threading.Thread(target=self._converse, args=(peer,), daemon=True).start()

    def _converse(self, peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        heard = b""
        with peer, suppress(ConnectionError):
            while more := peer.recv(1 << 16):
                heard += more
                while b"\r\n\r\n" in heard:  # a listing has no body
                    head, _, heard = heard.partition(b"\r\n\r\n")
                    peer.sendall(self._answer(head.partition(b"\r\n")[0]))

    def _answer(self, line: bytes) -> bytes:
        if not line.startswith(b"GET"):
            return b"HTTP/1.1 200 OK\r\nx-amz-bucket-region: us-east-1\r\nContent-Length: 0\r\n\r\n"
        if b"location" in line:
            return _whole(b"<LocationConstraint>us-east-1</LocationConstraint>")
        asked = ASKED.search(line)
        with self._served.get_lock():
            self._served.value += 1
        return _whole(self._page(self._numbers[unquote(asked[1].decode())] if asked else 0, b"encoding-type" in line))

    def _page(self, number: int, encoded: bool) -> bytes:
        more = number + 1 < self.pages
        onward = f"<NextContinuationToken>{TOKEN.format(number + 1)}</NextContinuationToken>" if more else ""
        encoding = "<EncodingType>url</EncodingType>" if encoded else ""
        start = START.format(next=onward, more=str(more).lower(), encoding=encoding).encode()
        return start + self._entries[encoded].replace(NUMBER.encode(), b"%07d" % number) + END


def _entries(encoded: bool) -> bytes:
    return "".join(map(_entry, range(PAGE), [encoded] * PAGE)).encode()


def _entry(number: int, encoded: bool) -> str:
    key = KEY.format(number)
    return ENTRY.format(
        key=quote(key, safe=f"/{NUMBER[0]}") if encoded else key,
        minute=number // 4 // 60,  # four writers
        second=number // 4 % 60,
        etag=hashlib.md5(key.encode()).hexdigest(),
        size=number * 7919 + 1,
    )


def _whole(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
