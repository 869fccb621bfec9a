"""`sandbox`: a server that runs for as long as it is wanted."""

import signal
import threading
import weakref

import pytest


class Cycle:
    """Garbage that only the collector finds."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def serving(answer, monkeypatch):
    """Has the sandbox serve for as long as some work takes; gives what the work gave."""

    def serve(work):
        given = []

        def pause():
            given.append(work())
            raise KeyboardInterrupt

        monkeypatch.setattr(signal, "pause", pause)
        assert answer("sandbox").returncode == 0
        return given[0]

    before = signal.getsignal(signal.SIGTERM)
    yield serve
    signal.signal(signal.SIGTERM, before)


def test_memory_of_requests_that_are_over_comes_back_while_the_sandbox_serves(serving):
    """A start hardly looks for garbage, and a server that never did would grow with each request."""

    def work():
        gone = threading.Event()
        weakref.finalize(Cycle(), gone.set)
        return gone, [[] for _ in range(200_000)], gone.is_set()  # so much as a thousand requests make

    assert serving(work)[2]
