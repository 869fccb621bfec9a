"""Payloads, and what a format makes of them."""

import tracemalloc
from contextlib import contextmanager

import pytest

from connector_sdk import DocumentError, Payload


def as_payload(content):
    if isinstance(content, Payload):
        return content
    return Payload(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="session")
def split():
    """The parts of a content, given the settings."""
    return lambda settings, content: list(settings.split(as_payload(content)))


@pytest.fixture(scope="session")
def combine():
    """The document made of contents, given the settings."""
    return lambda settings, *contents: b"".join(settings.combine(map(as_payload, contents)))


@pytest.fixture(scope="session")
def refused():
    """Code and message of the DocumentError that a function ends with."""

    def outcome(function, *arguments):
        with pytest.raises(DocumentError) as caught:
            function(*arguments)
        return caught.value.code, str(caught.value)

    return outcome


@pytest.fixture
def generated(tmp_path):
    """A payload in a file, made of a head, an item that is repeated up to so many bytes, and a tail."""

    def make(item, size, head=b"", tail=b""):
        path = tmp_path / "generated"
        block = item * max(1, (1 << 20) // len(item))
        with open(path, "wb") as stream:
            stream.write(head)
            while stream.tell() < size:
                stream.write(block)
            stream.write(tail)
        return Payload.file(path)

    return make


@pytest.fixture
def within_memory():
    """A block that must not hold more than so many bytes at once."""

    @contextmanager
    def measured(limit):
        tracemalloc.start()
        try:
            yield
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < limit, f"{peak:,} bytes were held"

    return measured
