"""The pool: wires to one host that wait for their next request."""

from __future__ import annotations

import threading

from connectors.s3.direct.body import Body, Whole, body
from connectors.s3.direct.wire import Head, Host, Readable, Wire


class Pool:
    """Keeps at most `most` wires that are idle; safe for threads."""

    def __init__(self, host: Host, most: int) -> None:
        self._host = host
        self._most = most
        self._idle: list[Wire] = []
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, head: bytes, content: Readable | bytes, bodiless: bool = False) -> tuple[Head, Body | Whole]:
        """Send a request; its answer, whose body has to be read to its end or closed."""
        wire = self._take()
        try:
            answer = wire.ask(head, content)
            return answer, body(answer, wire, bodiless, self._release)
        except BaseException:
            wire.close()
            raise

    def close(self) -> None:
        """Hang up on all that are idle, and on the others when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for wire in idle:
            wire.close()

    def _take(self) -> Wire:
        while True:
            with self._lock:
                wire = self._idle.pop() if self._idle else None
            if wire is None:
                return Wire(self._host)
            if wire.is_quiet:
                return wire
            wire.close()

    def _release(self, wire: Wire, keeps: bool) -> None:
        with self._lock:
            if keeps and not self._closed and len(self._idle) < self._most:
                self._idle.append(wire)
                return
        wire.close()
