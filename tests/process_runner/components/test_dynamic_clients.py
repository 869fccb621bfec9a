"""Clients of dynamic connections: lent, kept up to a limit, closed when nobody has them."""

import threading
from types import SimpleNamespace

import pytest

from process_runner.components.dynamic_clients import DynamicClients
from process_runner.components.dynamic_connection import Variant


@pytest.fixture
def clients():
    """Clients of which two stay open; what happens to them is in `events`."""
    events = []

    def open_one(name):
        events.append(f"open {name}")
        if name == "wrong":
            raise ValueError(name)
        return f"client of {name}"

    made = DynamicClients(open_one, lambda name, client: events.append(f"close {name}"), most=2)
    return SimpleNamespace(lent=lambda name: made.lent(Variant(name, name)), close=made.close, events=events)


def use(clients, *names):
    for name in names:
        with clients.lent(name) as client:
            assert client == f"client of {name}"


def test_the_one_that_was_not_used_for_longest_is_closed(clients):
    use(clients, "a", "b", "a", "c")
    assert clients.events == ["open a", "open b", "open c", "close b"]
    use(clients, "a", "b")
    assert clients.events[4:] == ["open b", "close c"]


def test_none_is_closed_while_it_is_used(clients):
    with clients.lent("a"):
        use(clients, "b", "c", "d", "e")
        assert "close a" not in clients.events
        assert clients.events.count("close b") == 1
    use(clients, "a")
    assert clients.events.count("open a") == 1


def test_one_that_cannot_be_opened_is_tried_again(clients):
    for _ in range(2):
        with pytest.raises(ValueError, match="wrong"), clients.lent("wrong"):
            pass
    clients.close()
    assert clients.events == ["open wrong", "open wrong"]


def test_threads_that_want_the_same_one_at_once_get_one(clients):
    barrier = threading.Barrier(8)

    def work():
        with clients.lent("a") as client:
            assert client == "client of a"
            barrier.wait(10)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not barrier.broken
    clients.close()
    assert clients.events == ["open a", "close a"]
