"""The wire and its pool: HTTP/1.1 with everything that a server may do to us."""

import io
import socket

import pytest
from botocore import exceptions

from connectors.s3.direct.pool import Pool
from connectors.s3.direct.wire import Host

ASK = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def pool():
    pools = []

    def open_(port, most=4, wait=30.0):
        pools.append(Pool(Host("127.0.0.1", port, (wait, wait), None), most))
        return pools[-1]

    yield open_
    for each in pools:
        each.close()


def answer(pool, bodiless=False):
    head, body = pool.ask(ASK, b"", bodiless)
    return head.status, body.read()


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (HELLO, b"hello"),
        (CHUNKED + b"3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\n\r\n", b"hello"),
        (CHUNKED + b"0\r\nX-Trailer: a\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + HELLO, b"hello"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello", b"hello"),
    ],
)
def test_a_wire_serves_again_after_an_answer_of_each_kind(script, pool, sent, content):
    server = script([sent, HELLO])
    kept = pool(server.port)
    assert answer(kept)[1] == content
    assert answer(kept)[1] == b"hello"
    assert server.connections == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\n\r\nhello",
    ],
)
def test_a_wire_that_the_other_side_gives_up_serves_once(script, pool, sent):
    server = script([sent], [HELLO])
    kept = pool(server.port)
    assert answer(kept)[1] == b"hello"
    assert answer(kept)[1] == b"hello"
    assert server.connections == 2


def test_a_body_that_came_with_its_head_leaves_its_wire_to_others(script, pool):
    server = script([HELLO, HELLO, HELLO])
    kept = pool(server.port)
    _, body = kept.ask(ASK, b"")
    assert answer(kept)[1] == b"hello"
    assert (body.read(2), body.read(), body.read()) == (b"he", b"llo", b"")
    _, body = kept.ask(ASK, b"")
    body.close()
    assert body.read(2) == b""
    assert server.connections == 1


def test_a_wire_that_was_hung_up_meanwhile_is_not_used(script, pool):
    server = script([HELLO], [HELLO])
    kept = pool(server.port)
    assert answer(kept)[1] == b"hello"
    assert server.hung_up.acquire(timeout=30)
    assert answer(kept)[1] == b"hello"
    assert (server.connections, len(server.heard)) == (2, 2)


def test_the_answer_to_head_has_no_body_whatever_its_length_says(script, pool):
    server = script([b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", HELLO])
    kept = pool(server.port)
    assert answer(kept, bodiless=True) == (200, b"")
    assert answer(kept)[1] == b"hello"


def test_a_body_that_is_given_up_takes_its_wire_along(script, pool):
    server = script([CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"], [HELLO])
    kept = pool(server.port)
    _, body = kept.ask(ASK, b"")
    assert body.read(2) == b"he"
    body.close()
    assert body.read(2) == b""
    assert answer(kept)[1] == b"hello"
    assert server.connections == 2


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", exceptions.IncompleteReadError),
        (CHUNKED + b"9\r\nhello", exceptions.ConnectionClosedError),
        (CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", exceptions.HTTPClientError),
        (b"HTTP/1.1 200 OK\r\nContent-Le", exceptions.ConnectionClosedError),
        (b"", exceptions.ConnectionClosedError),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", exceptions.HTTPClientError),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", exceptions.HTTPClientError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", exceptions.HTTPClientError),
    ],
)
def test_half_an_answer_and_nonsense_are_errors_and_no_short_content(script, pool, sent, error):
    kept = pool(script([sent]).port)
    with pytest.raises(error):
        answer(kept)


def test_who_says_nothing_is_given_up_after_the_timeout(pool):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kept = pool(silent.getsockname()[1], wait=0.1)
        with pytest.raises(exceptions.ReadTimeoutError, match=r"127\.0\.0\.1"):
            answer(kept)


def test_nobody_there_is_told_with_the_address(pool):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(exceptions.EndpointConnectionError, match=str(port)):
        answer(pool(port))


def test_a_refusal_in_the_middle_of_a_large_request_is_read(pool):
    """The server answers at once and hangs up, while megabytes are still to come."""
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    size = 64 << 20
    with socket.create_server(("127.0.0.1", 0)) as server:
        import threading

        def refuse():
            peer, _ = server.accept()
            with peer:
                peer.recv(100)
                peer.sendall(refusal)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(1 << 20):
                    pass

        thread = threading.Thread(target=refuse)
        thread.start()
        head, body = pool(server.getsockname()[1]).ask(
            b"PUT / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % size, io.BytesIO(bytes(size))
        )
        assert (head.status, body.read()) == (403, b"no")
        thread.join()


def test_no_more_wires_are_kept_than_allowed(script, pool):
    server = script([HELLO], [HELLO])
    kept = pool(server.port, most=0)
    answer(kept)
    answer(kept)
    assert server.connections == 2
