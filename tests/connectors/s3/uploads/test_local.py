"""Content of another system whose streams can do no more than they have to."""

import io
import os

import pytest

from connector_sdk import Payload
from connectors.s3.uploads.slices import MIB

MOST = 100_001


class Plain:
    """Gives bytes as they come and puts them nowhere, as a stream that a plugin wrote may."""

    def __init__(self, content):
        self._content = io.BytesIO(content)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._content.close()

    def seek(self, offset, whence=io.SEEK_SET):
        return self._content.seek(offset, whence)

    def read(self, most=-1):
        return self._content.read(min(most, MOST) if most >= 0 else most)


class Slow(io.RawIOBase):
    """Puts bytes where they are wanted, as many as come at once."""

    def __init__(self, content):
        self._content = io.BytesIO(content)

    def seek(self, offset, whence=io.SEEK_SET):
        return self._content.seek(offset, whence)

    def readinto(self, place):
        return self._content.readinto(place[:MOST])


@pytest.mark.parametrize("stream", [Plain, Slow])
@pytest.mark.parametrize("size", [1, 3 * MIB, 17 * MIB])
def test_content_of_a_plain_stream_arrives_whole(store, document, stream, size):
    content = os.urandom(size)

    store.one("upsert", document("k", Payload.deferred(lambda: stream(content), size)), part_size=5)

    assert store.content("k") == content
