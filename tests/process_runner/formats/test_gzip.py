"""Gzip, as a stream."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import Payload
from process_runner.formats.gzip import Gunzip, Gzip


def pack(content, **settings):
    return b"".join(Gzip(**settings).convert(Payload(content)))


def unpack(content, **settings):
    return b"".join(Gunzip(**settings).convert(Payload(content)))


@given(st.binary())
def test_unpacking_gives_back_what_was_packed(content):
    assert unpack(pack(content)) == gzip.decompress(pack(content)) == content


def test_the_same_content_always_gives_the_same_bytes():
    assert pack(b"content") == pack(b"content")
    assert pack(b"content")[4:8] == bytes(4)


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_files_one_after_another_are_one_content(contents):
    assert unpack(b"".join(map(gzip.compress, contents))) == b"".join(contents)


def test_many_thousand_files_one_after_another():
    assert unpack(gzip.compress(b"ab") * 20_000) == b"ab" * 20_000


def test_zeros_behind_the_end_are_padding():
    assert unpack(gzip.compress(b"a") + bytes(200_000)) == b"a"


@given(st.data())
def test_what_is_cut_off_is_refused(refused, data):
    content = gzip.compress(b"some content that is long enough to be cut") * 2
    whole = len(content) // 2
    cut = data.draw(st.integers(0, len(content) - 1).filter(lambda size: size != whole))
    assert refused(unpack, content[:cut])[0] == "InvalidGzip"


NONE = {"text": b"hello", "zlib": zlib.compress(b"x"), "more after": gzip.compress(b"x") + b"rest", "zeros": b"\0\0"}


@pytest.mark.parametrize("content", NONE.values(), ids=NONE)
def test_what_is_no_gzip_is_refused(refused, content):
    assert refused(unpack, content)[0] == "InvalidGzip"


def test_a_wrong_checksum_is_refused(refused):
    content = bytearray(gzip.compress(b"content"))
    content[-6] ^= 1
    assert refused(unpack, bytes(content))[0] == "InvalidGzip"


def test_a_bomb_is_stopped_at_the_limit_in_little_memory(refused, within_memory):
    bomb = pack(bytes(50_000_000))
    with within_memory(3_000_000):
        produced = 0
        pieces = Gunzip(largest=10).convert(Payload(bomb))

        def take():
            nonlocal produced
            for piece in pieces:
                produced += len(piece)

        code, message = refused(take)
    assert code == "TooLarge"
    assert "`largest`" in message
    assert produced <= 10 << 20


def test_what_has_just_the_largest_size_passes():
    assert len(unpack(pack(bytes(1 << 20)), largest=1)) == 1 << 20


def test_large_documents_take_little_memory(generated, within_memory):
    payload = generated(bytes(range(256)), 30_000_000)
    with within_memory(2_000_000):
        assert sum(map(len, Gzip(level=1).convert(payload))) < payload.size
