"""The wire where servers are slow, rude or wrong: no wrong bytes, no error of another kind than botocore's."""

import contextlib
import socket
import ssl
import threading
import time
import tracemalloc

import pytest
from botocore import exceptions

from connectors.s3.direct.pool import Pool
from connectors.s3.direct.tls import Tls
from connectors.s3.direct.wire import Host, Wire

ASK = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
HELLO = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def served():
    """Starts a server that gives each connection to a function, and a pool to it."""
    opened = contextlib.ExitStack()

    def start(talk, wait=30.0, tls=None):
        server = opened.enter_context(socket.create_server(("127.0.0.1", 0)))

        def serve():
            peer, _ = server.accept()
            with contextlib.suppress(OSError), peer:
                talk(peer)

        thread = threading.Thread(target=serve)
        thread.start()
        opened.callback(thread.join, 30)
        pool = Pool(Host("127.0.0.1", server.getsockname()[1], (wait, wait), tls), 4)
        opened.callback(pool.close)
        return pool

    with opened:
        yield start


@pytest.fixture
def secured(authority):
    """Both sides' settings of TLS."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*authority)
    return server, Tls(str(authority[0]))


def once(script, sent):
    """What a pool makes of an answer."""
    pool = Pool(Host("127.0.0.1", script([sent]).port, (30, 30), None), 4)
    try:
        head, body = pool.ask(ASK, b"")
        return head, body.read()
    finally:
        pool.close()


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
def test_what_is_said_twice_is_said_once(script, sent):
    assert once(script, sent)[1] == b"hello"


def into(script, sent, most):
    """What comes in places of `most` bytes each."""
    pool, place, found = Pool(Host("127.0.0.1", script([sent]).port, (30, 30), None), 4), bytearray(most), []
    try:
        _, body = pool.ask(ASK, b"")
        assert body.readinto(memoryview(b"")) == 0
        while count := body.readinto(memoryview(place)):
            found.append(bytes(place[:count]))
        assert body.readinto(memoryview(place)) == 0
        return found
    finally:
        pool.close()


@pytest.mark.parametrize("most", [1, 3, 5, 64])
@pytest.mark.parametrize(
    "sent", [HELLO, CHUNKED + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", OK + b"\r\nhello", OK + b"Content-Length: 0\r\n\r\n"]
)
def test_bytes_come_where_they_are_wanted(script, sent, most):
    found = into(script, sent, most)

    assert b"".join(found) == (b"" if sent.endswith(b": 0\r\n\r\n") else b"hello")
    assert all(len(each) <= most for each in found)


def test_nothing_beyond_the_end_comes_where_it_is_wanted(script):
    assert b"".join(into(script, HELLO + b"more", 64)) == b"hello"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (OK + b"Content-Length: 6\r\n\r\nhello", exceptions.IncompleteReadError),
        (CHUNKED + b"6\r\nhello", exceptions.ConnectionClosedError),
    ],
)
def test_a_body_that_ends_too_early_is_an_error_also_there(script, sent, error):
    with pytest.raises(error):
        into(script, sent, 64)


@pytest.mark.parametrize(
    "sent",
    [
        CHUNKED + b"2\r\nhello\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello",
        OK + b"Content-Length: -5\r\n\r\nhello",
        OK + b"Content-Length: 5, 5\r\n\r\nhello",
    ],
)
def test_a_body_whose_end_is_in_doubt_is_an_error(script, sent):
    with pytest.raises(exceptions.HTTPClientError, match="does not speak"):
        once(script, sent)


def test_a_wire_that_is_to_be_closed_among_other_things_serves_once(script):
    head, _ = once(script, OK + b"Connection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n")
    assert not head.keeps


def test_the_last_byte_of_a_letter_is_no_space(script):
    head, _ = once(script, OK + "x-amz-meta-a: voilà \t\r\nContent-Length: 0\r\n\r\n".encode())
    assert head.headers["x-amz-meta-a"].encode("latin-1").decode() == "voilà"


@contextlib.contextmanager
def tracing():
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def test_long_headers_are_not_kept_when_their_answers_are_gone(script):
    """As those of a store that gives each object a kilobyte of metadata, or of one that means harm."""
    sizes = [*range(40_000, 40_100), *range(2_000, 2_200)]
    answers = [OK + b"x-amz-meta-a: " + b"a" * size + b"\r\nContent-Length: 5\r\n\r\nhello" for size in sizes]
    pool = Pool(Host("127.0.0.1", script(answers).port, (30, 30), None), 4)
    with contextlib.closing(pool), tracing():
        for size in sizes:
            head, body = pool.ask(ASK, b"")
            assert (len(head.headers["x-amz-meta-a"]), body.read()) == (size, b"hello")
        assert tracemalloc.get_traced_memory()[0] < 512 << 10


def test_a_large_body_may_take_longer_than_the_timeout_as_long_as_some_of_it_goes(served):
    size, taken = 24 << 20, []

    def slow(peer):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        started, got = time.monotonic(), 0
        while got < size and (more := peer.recv(min(1 << 20, size - got))):
            got += len(more)
            threading.Event().wait(max(0, 1.5 * got / size - (time.monotonic() - started)))  # as a line of 16 MiB/s
        taken.append(time.monotonic() - started)
        peer.sendall(HELLO)

    pool = served(slow, wait=1.0)
    _, body = pool.ask(b"", bytes(size))
    assert body.read() == b"hello"
    assert taken[0] > 1.4


def test_a_refusal_of_a_large_request_is_no_error_of_tls(served, secured):
    """The other side hangs up without a word, with megabytes still to come."""
    server, client = secured

    def rude(peer):
        with server.wrap_socket(peer, server_side=True) as private:
            private.recv(100)

    with pytest.raises(exceptions.ConnectionClosedError):
        served(rude, tls=client).ask(b"PUT / HTTP/1.1\r\n\r\n", bytes(64 << 20))


def test_a_wire_with_bytes_left_in_tls_is_not_quiet(served, secured):
    server, client = secured

    def talkative(peer):
        with server.wrap_socket(peer, server_side=True) as private:
            private.recv(1000)
            private.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + bytes(16000))
            private.sendall(bytes(4000) + HELLO)  # in one record
            private.recv(1000)

    pool = served(talkative, tls=client)
    _, body = pool.ask(ASK, b"")
    assert body.read() == bytes(20000)
    (wire,) = pool._idle
    assert isinstance(wire, Wire)
    assert not wire.is_quiet


def test_addresses_of_ipv6_are_told_as_such():
    assert Host("::1", 80, (1, 1), None).url == "http://[::1]:80"
