"""The fault proxy changes nothing it was not told to, and breaks exactly what it was told to."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connector_sdk.fault_plan import Exchange
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, HangUp, Hold, Reset, Rule

BIG = bytes(range(256)) * 8192


class Echo(BaseHTTPRequestHandler):
    """Answers with the body it got; refuses `/refused` before the body; `/204` and `/304` as they say."""

    protocol_version = "HTTP/1.1"
    server: EchoServer

    def handle_expect_100(self) -> bool:
        return super().handle_expect_100() if "refused" not in self.path else True

    def do_PUT(self) -> None:
        refused = "refused" in self.path
        body = b"no" if refused else self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.bodies.append(body)
        self.send_response({"/204": 204, "/304": 304}.get(self.path, 403 if refused else 200))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and self.path not in ("/204", "/304"):
            self.wfile.write(body)
        self.close_connection = refused

    do_GET = do_HEAD = do_POST = do_PUT  # noqa: N815 - the standard library looks for these names

    def log_message(self, *args: object) -> None:
        """Stay silent."""


class EchoServer(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128  # of five, the default, some of sixteen callers are turned away

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.bodies: list[bytes] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def echo() -> Iterator[EchoServer]:
    with EchoServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def client(proxy: FaultProxy) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=20)) as connection:
        yield connection


def ask(proxy: FaultProxy, method: str = "PUT", path: str = "/k", body: bytes = b"abcdef") -> tuple[int, bytes]:
    with client(proxy) as connection:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, response.read()


@contextmanager
def raw(proxy: FaultProxy, upstream: socket.socket, head: bytes) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client that has sent `head` through the proxy, and the connection on which the upstream got it."""
    host, port = proxy.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as sender:
        sender.sendall(head)
        receiver, _ = upstream.accept()
        with receiver:
            receiver.settimeout(20)
            yield sender, receiver


@pytest.fixture
def upstream() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        yield listening


def url(upstream: socket.socket) -> str:
    return f"http://127.0.0.1:{upstream.getsockname()[1]}"


def receive(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length and (piece := connection.recv(length - len(received))):
        received += piece
    return received


HOSTILE = (
    b"PUT /b//a%2Fb/../%c3%a9+x%20/.?prefix=%2B&x= HTTP/1.1\r\nhOsT: bucket.example\r\n"
    b"X-Odd:   spaces \r\nx-odd: again\r\nContent-Length: 3\r\n\r\nabc"
)
RESPONSE = b'HTTP/1.1 299 Quite So\r\nx-CASE: kept\r\nETag:"q"\r\nContent-Length: 2\r\n\r\nok'
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n3;sig=1\r\nabc\r\n2\r\nde\r\n0\r\nx-trailer: t\r\n\r\n"


def test_not_a_byte_of_a_request_or_a_response_is_changed(upstream: socket.socket) -> None:
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, HOSTILE) as (sender, receiver):
        assert receive(receiver, len(HOSTILE)) == HOSTILE
        receiver.sendall(RESPONSE)
        assert receive(sender, len(RESPONSE)) == RESPONSE
        (exchange,) = proxy.exchanges
    assert (exchange.method, exchange.path) == ("PUT", "/b//a%2Fb/../%c3%a9+x%20/.")
    assert (exchange.query, exchange.status, exchange.fault) == ("prefix=%2B&x=", 299, None)
    assert exchange.header("HOST") == "bucket.example"


def test_chunks_and_trailers_pass_as_they_are_in_both_directions(upstream: socket.socket) -> None:
    request, response = b"POST /x HTTP/1.1\r\n" + CHUNKED, b"HTTP/1.1 200 OK\r\n" + CHUNKED
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, request) as (sender, receiver):
        assert receive(receiver, len(request)) == request
        receiver.sendall(response)
        assert receive(sender, len(response)) == response


def test_a_response_without_a_length_ends_with_its_connection(upstream: socket.socket) -> None:
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, b"GET / HTTP/1.1\r\n\r\n") as (sender, receiver):
        receiver.sendall(b"HTTP/1.0 200 OK\r\n\r\nall of it")
        receiver.shutdown(socket.SHUT_WR)
        assert receive(sender, 1000) == b"HTTP/1.0 200 OK\r\n\r\nall of it"


def test_bodies_are_passed_on_before_they_are_complete(upstream: socket.socket) -> None:
    head = b"PUT /x HTTP/1.1\r\nContent-Length: 6\r\n\r\n"
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, head + b"abc") as (sender, receiver):
        assert receive(receiver, len(head) + 3) == head + b"abc"
        sender.sendall(b"def")
        assert receive(receiver, 3) == b"def"
        receiver.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12")
        assert receive(sender, 40).endswith(b"12")
        receiver.sendall(b"34")
        assert receive(sender, 2) == b"34"


def test_a_large_body_comes_back_whole(echo: EchoServer) -> None:
    with FaultProxy(echo.url) as proxy:
        assert ask(proxy, body=BIG) == (200, BIG)


EXPECT = b"PUT /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"


def test_a_client_that_waits_for_100_continue_gets_it_from_the_upstream(upstream: socket.socket) -> None:
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, EXPECT) as (sender, receiver):
        assert receive(receiver, len(EXPECT)) == EXPECT
        receiver.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert receive(sender, 25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sender.sendall(b"abc")
        assert receive(receiver, 3) == b"abc"
        receiver.sendall(RESPONSE)
        assert receive(sender, len(RESPONSE)) == RESPONSE


def test_a_client_that_stops_waiting_for_100_continue_is_served(upstream: socket.socket) -> None:
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, EXPECT) as (sender, receiver):
        sender.sendall(b"abc")
        assert receive(receiver, len(EXPECT) + 3) == EXPECT + b"abc"
        receiver.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + RESPONSE)
        assert receive(sender, 25 + len(RESPONSE)).endswith(RESPONSE)


def test_a_refusal_instead_of_100_continue_arrives_without_the_body_being_sent(echo: EchoServer) -> None:
    with FaultProxy(echo.url) as proxy, client(proxy) as connection:
        connection.putrequest("PUT", "/refused")
        connection.putheader("Expect", "100-continue")
        connection.putheader("Content-Length", "1000000")
        connection.endheaders()
        assert connection.getresponse().status == 403


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/k"), ("GET", "/204"), ("GET", "/304")])
def test_responses_without_a_body_leave_the_connection_usable(echo: EchoServer, method: str, path: str) -> None:
    with FaultProxy(echo.url) as proxy, client(proxy) as connection:
        connection.request(method, path, body=b"xyz")
        assert connection.getresponse().read() == b""
        before = connection.sock
        connection.request("PUT", "/k", body=b"next")
        assert connection.getresponse().read() == b"next"
        assert connection.sock is before


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(503, body=b"<Error><Code>SlowDown</Code></Error>"),
        Answer(301, (("x-amz-bucket-region", "eu-west-1"),), b"<Error/>"),
        Answer(307, (("x-amz-bucket-region", "eu-west-1"), ("Location", "http://elsewhere/"))),
        Answer(400, body=b"<Error><Code>AuthorizationHeaderMalformed</Code></Error>"),
        Answer(403, body=b"<Error><Code>AccessDenied</Code></Error>"),
        Answer(200, (("Content-Type", "application/xml"),), b"<Error><Code>InternalError</Code></Error>"),
    ],
)
@pytest.mark.parametrize("served", [False, True])
def test_a_planned_answer_replaces_the_upstreams(echo: EchoServer, answer: Answer, served: bool) -> None:
    fault = Answer(answer.status, answer.headers, answer.body, served)
    with FaultProxy(echo.url, Rule(fault)) as proxy, client(proxy) as connection:
        connection.request("PUT", "/k", body=b"abc")
        response = connection.getresponse()
        assert (response.status, response.read()) == (answer.status, answer.body)
        assert set(answer.headers) <= set(response.getheaders())
        assert echo.bodies == ([b"abc"] if served else [])
        assert [(each.status, each.fault) for each in proxy.exchanges] == [(answer.status, fault)]
        proxy.follow()
        connection.request("PUT", "/k", body=b"next")
        assert connection.getresponse().read() == b"next"


def test_a_planned_answer_to_a_waiting_client_comes_at_once_and_ends_the_connection(echo: EchoServer) -> None:
    with FaultProxy(echo.url, Rule(Answer(307), header="Expect: 100-continue")) as proxy, client(proxy) as connection:
        connection.request("PUT", "/k", headers={"Expect": "100-continue", "Content-Length": "1000000"})
        response = connection.getresponse()
        assert (response.status, response.getheader("Connection")) == (307, "close")


def test_a_planned_answer_to_head_has_no_body(echo: EchoServer) -> None:
    with FaultProxy(echo.url, Rule(Answer(403, body=b"why"))) as proxy, client(proxy) as connection:
        connection.request("HEAD", "/k")
        response = connection.getresponse()
        assert (response.status, response.getheader("Content-Length"), response.read()) == (403, "3", b"")


@pytest.mark.parametrize("after", [0, 1, 100_000])
def test_a_cut_body_ends_after_so_many_bytes(echo: EchoServer, after: int) -> None:
    with FaultProxy(echo.url, Rule(Cut(after))) as proxy:
        with pytest.raises(http.client.IncompleteRead) as caught:
            ask(proxy, body=BIG)
        assert caught.value.partial == BIG[:after]
        assert proxy.exchanges[0].status == 200


@pytest.mark.parametrize(("served", "seen"), [(False, []), (True, [b"abcdef"])])
def test_a_reset_loses_the_request_or_the_reply(echo: EchoServer, served: bool, seen: list[bytes]) -> None:
    with FaultProxy(echo.url, Rule(Reset(served))) as proxy:
        with pytest.raises(ConnectionResetError):
            ask(proxy)
        assert echo.bodies == seen
        assert [(each.status, each.fault) for each in proxy.exchanges] == [(None, Reset(served))]


def test_a_hang_up_follows_a_whole_response(echo: EchoServer) -> None:
    with FaultProxy(echo.url, Rule(HangUp())) as proxy, client(proxy) as connection:
        connection.request("PUT", "/k", body=b"abc")
        response = connection.getresponse()
        assert (response.read(), response.getheader("Connection")) == (b"abc", None)
        assert connection.sock.recv(1) == b""


def test_a_held_request_waits_for_the_test_and_not_for_the_clock(echo: EchoServer) -> None:
    hold = Hold(threading.Event())
    with FaultProxy(echo.url, Rule(hold)) as proxy, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, proxy)
        assert hold.reached.wait(20)
        assert (echo.bodies, answer.done()) == ([], False)
        hold.release.set()
        assert answer.result(20) == (200, b"abcdef")


def test_a_held_request_can_meet_another_fault(echo: EchoServer) -> None:
    hold = Hold(threading.Event(), then=Answer(500))
    hold.release.set()
    with FaultProxy(echo.url, Rule(hold)) as proxy:
        assert ask(proxy) == (500, b"")


def test_a_request_on_hold_when_the_proxy_ends_never_reaches_the_upstream(echo: EchoServer) -> None:
    hold = Hold(threading.Event())
    with ThreadPoolExecutor(1) as pool:
        with FaultProxy(echo.url, Rule(hold)) as proxy:
            answer = pool.submit(ask, proxy)
            assert hold.reached.wait(20)
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            answer.result(20)
    assert echo.bodies == []


def test_rules_count_the_requests_they_match(echo: EchoServer) -> None:
    rules = Rule(Answer(503), method="PUT", on=(1, 3)), Rule(Answer(500), method="PUT", on=range(2, 4))
    with FaultProxy(echo.url, *rules) as proxy:
        assert [ask(proxy, method)[0] for method in ("PUT", "GET", "PUT", "PUT", "PUT")] == [503, 200, 500, 503, 200]
        proxy.follow(*rules)
        assert ask(proxy)[0] == 503


REQUEST = Exchange("PUT", "/b/a%20key", "partNumber=10&uploadId=u", (("Host", "h"), ("X-Amz-Copy-Source", "/b/k")))


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (Rule(HangUp()), True),
        (Rule(HangUp(), method="PUT", path="/a%20", query="uploadId", header="x-amz-copy-source"), True),
        (Rule(HangUp(), query="partNumber=10", header="host: h"), True),
        (Rule(HangUp(), method="GET"), False),
        (Rule(HangUp(), path="a key"), False),
        (Rule(HangUp(), query="partNumber=1"), False),
        (Rule(HangUp(), query="uploads"), False),
        (Rule(HangUp(), header="host: other"), False),
        (Rule(HangUp(), header="expect"), False),
    ],
)
def test_a_rule_matches_what_it_names(rule: Rule, matches: bool) -> None:
    assert rule.matches(REQUEST) is matches


def test_an_upstream_that_leaves_without_an_answer_is_passed_on_as_just_that(upstream: socket.socket) -> None:
    with FaultProxy(url(upstream)) as proxy, raw(proxy, upstream, b"GET / HTTP/1.1\r\n\r\n") as (sender, receiver):
        receiver.shutdown(socket.SHUT_RDWR)
        assert receive(sender, 1) == b""
        assert [each.status for each in proxy.exchanges] == [None]


def test_an_unreachable_upstream_is_a_502(upstream: socket.socket) -> None:
    nobody = url(upstream)
    upstream.close()
    with FaultProxy(nobody) as proxy:
        assert ask(proxy)[0] == 502


def test_an_upstream_is_a_plain_http_address() -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        FaultProxy("https://example.com/path")


def test_many_threads_are_all_served_and_all_noted(echo: EchoServer) -> None:
    with FaultProxy(echo.url, Rule(Answer(503), on=range(1, 11))) as proxy, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: ask(proxy, body=b"%d" % number), range(100)))
        assert sorted(status for status, _ in answers) == [200] * 90 + [503] * 10
        assert all(body == b"%d" % number for number, (status, body) in enumerate(answers) if status == 200)
        assert len(proxy.exchanges) == 100
