"""Reaching a host by its name, which may take long to find."""

import socket
import threading

import pytest

from connector_sdk.loop import Loop
from connectors.s3.direct.reaching import reached


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_others_go_on_while_a_name_is_looked_up(port, monkeypatch):
    let_go, find = threading.Event(), socket.getaddrinfo

    def slow(name, *arguments, **options):
        assert options.get("flags") == socket.AI_NUMERICHOST or let_go.wait(30)
        return find(name, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    loop = Loop(1)
    task = loop.start(lambda: reached("localhost", port, 30))
    loop.start(let_go.set)
    loop.finish()
    with task.result() as found:
        assert found.getpeername()[1] == port


def test_a_name_that_nobody_knows_is_an_error(port):
    with pytest.raises(OSError, match=r"."):
        reached("no-such-host.invalid", port, 1)
