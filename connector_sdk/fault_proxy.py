"""For tests of connectors: a proxy that passes HTTP through byte for byte, and breaks what its rules tell it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from connector_sdk.fault_plan import Answer, Cut, Exchange, Fault, HangUp, Hold, Plan, Reset, Rule
from connector_sdk.fault_wire import Head, Wire

__all__ = ["Answer", "Cut", "Exchange", "FaultProxy", "HangUp", "Hold", "Reset", "Rule"]

UNREACHABLE = Answer(502, body=b"the fault proxy cannot reach its upstream")


class FaultProxy:
    """An HTTP server on loopback in front of `upstream`, such as `http://127.0.0.1:5000`.

    Paths, headers (Host too, so signatures stay valid) and bodies travel unchanged and in pieces. `with` starts and
    stops it; `url` is its base URL for clients.
    """

    def __init__(self, upstream: str, *rules: Rule) -> None:
        parts = urlsplit(upstream)
        if parts.scheme != "http" or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{upstream} cannot be an upstream; http://HOST:PORT can")
        self.upstream = (parts.hostname, parts.port or 80)
        self.ending = False
        self._plan = Plan(rules)
        self._exchanges: list[Exchange] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="fault proxy")
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every request so far, each noted before its answer leaves."""
        return tuple(self._exchanges)

    def follow(self, *rules: Rule) -> None:
        """Follow these rules from now on, with counts from zero; requests on hold go on."""
        self._plan.release()
        self._plan = Plan(rules)

    def fault(self, request: Exchange) -> Fault | None:
        """What the rules do to the request."""
        return self._plan.fault(request)

    def note(self, exchange: Exchange) -> None:
        """Add to the exchanges; appending is atomic, so threads need no lock."""
        self._exchanges.append(exchange)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ending = True
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._plan.release()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    """A thread for each client's connection; closing it waits for them."""

    request_queue_size = 128

    def __init__(self, proxy: FaultProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy
        self._clients: set[Any] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        client, address = super().get_request()
        self._clients.add(client)
        return client, address

    def shutdown_request(self, request: Any) -> None:
        self._clients.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        for client in tuple(self._clients):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


class _Handler(BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        client = Wire(self.request)
        with suppress(ConnectionError):  # either side may leave at any time
            while (head := client.head()) and _Request(self.server.proxy, client, head).serve():
                pass


class _Request:
    """One request on its way through; the upstream gets it on a connection of its own."""

    def __init__(self, proxy: FaultProxy, client: Wire, head: Head) -> None:
        method, target, _ = head.start
        path, _, query = target.partition("?")
        self._proxy = proxy
        self._client = client
        self._head = head
        self._exchange = Exchange(method, path, query, head.headers)
        self._in_step = True

    def serve(self) -> bool:
        """Serve it; whether the client may send another."""
        planned = self._proxy.fault(self._exchange)
        self._exchange = replace(self._exchange, fault=planned)
        fault = self._held(planned) if isinstance(planned, Hold) else planned
        if isinstance(fault, Answer | Reset) and not fault.served:
            return self._replace(fault)
        try:
            upstream = Wire(socket.create_connection(self._proxy.upstream))
        except OSError:
            return self._replace(UNREACHABLE)
        with upstream.socket:
            return self._through(upstream, fault)

    def _held(self, hold: Hold) -> Fault | None:
        hold.reached.set()
        hold.release.wait()
        if self._proxy.ending:
            raise ConnectionAbortedError
        return hold.then

    def _replace(self, fault: Answer | Reset) -> bool:
        """Let the client have the fault and nothing of the upstream."""
        if isinstance(fault, Reset):
            self._proxy.note(self._exchange)
            self._client.reset()
            return False
        if self._head.expects:
            self._in_step = False  # nobody asked for the body, and it may still come
        else:
            _exhaust(self._client.request_body(self._head))
        return self._answer(fault)

    def _answer(self, answer: Answer) -> bool:
        stays = self._in_step and self._head.persistent
        self._proxy.note(replace(self._exchange, status=answer.status))
        self._client.send(_response(answer, self._exchange.method, stays))
        return stays

    def _through(self, upstream: Wire, fault: Fault | None) -> bool:
        try:
            response = self._forward(upstream)
            body = upstream.response_body(response, self._exchange.method)
            if isinstance(fault, Answer | Reset):
                _exhaust(body)
        except ConnectionError:
            self._proxy.note(self._exchange)
            raise
        if isinstance(fault, Reset):
            return self._replace(fault)
        return self._answer(fault) if isinstance(fault, Answer) else self._relay(response, body, fault)

    def _forward(self, upstream: Wire) -> Head:
        """Send the request on; the head of its final response."""
        upstream.send(self._head.raw)
        if self._head.expects and (refusal := self._refusal(upstream)):
            self._in_step = False
            return refusal
        for piece in self._client.request_body(self._head):
            try:
                upstream.send(piece)
            except ConnectionError:  # it has answered already, or it is gone: reading tells
                self._in_step = False
                break
        while (response := _next_head(upstream)).status < HTTPStatus.OK:
            self._client.send(response.raw)
        return response

    def _refusal(self, upstream: Wire) -> Head | None:
        """The response of an upstream that does not want the body; None as soon as the client sends it."""
        while not self._client.speaks_before(upstream):
            response = _next_head(upstream)
            if response.status >= HTTPStatus.OK:
                return response
            self._client.send(response.raw)
        return None

    def _relay(self, response: Head, body: Iterator[bytes], fault: Fault | None) -> bool:
        self._proxy.note(replace(self._exchange, status=response.status))
        self._client.send(response.raw)
        for piece in _first(fault.after, body) if isinstance(fault, Cut) else body:
            self._client.send(piece)
        stays = self._in_step and self._head.persistent and response.persistent
        return stays and response.ends_by_itself(self._exchange.method) and not isinstance(fault, Cut | HangUp)


def _next_head(upstream: Wire) -> Head:
    head = upstream.head()
    if head is None:
        raise ConnectionError("the upstream left without a response")
    return head


def _first(limit: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if limit <= 0:
            return
        yield piece[:limit]
        limit -= len(piece)


def _exhaust(pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


def _response(answer: Answer, method: str, stays: bool) -> bytes:
    names = {name.lower() for name, _ in answer.headers}
    own = [] if "content-length" in names else [("Content-Length", str(len(answer.body)))]
    own += [] if stays else [("Connection", "close")]
    lines = [f"{name}: {value}\r\n" for name, value in (*answer.headers, *own)]
    phrase = next((each.phrase for each in HTTPStatus if each == answer.status), "")
    head = f"HTTP/1.1 {answer.status} {phrase}\r\n{''.join(lines)}\r\n".encode("latin-1")
    return head if method == "HEAD" else head + answer.body
