"""Base64, as a stream."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import Payload
from process_runner.formats.base64 import Base64Decode, Base64Encode


def encode(content, **settings):
    return b"".join(Base64Encode(**settings).convert(Payload(content)))


def decode(content):
    return b"".join(Base64Decode().convert(Payload(content)))


@given(st.binary(), st.booleans())
def test_decoding_gives_back_what_was_encoded(content, url_safe):
    assert encode(content) == base64.b64encode(content)
    assert decode(encode(content, url_safe=url_safe)) == content


def test_both_alphabets_are_read_and_the_url_safe_one_is_written_when_asked():
    assert encode(b"\xfb\xff") == b"+/8="
    assert encode(b"\xfb\xff", url_safe=True) == b"-_8="
    assert decode(b"-_8=") == decode(b"+/8=") == b"\xfb\xff"


def test_white_space_is_left_out_wherever_it_is():
    assert decode(base64.encodebytes(b"x" * 500_000)) == b"x" * 500_000
    assert decode(b" Y W\tJ\r\nj ") == b"abc"


@pytest.mark.parametrize("content", [b"YWI", b"Y", b"YWJj=", b"=", b"YQ==YQ==", b"YQ=a", b"YQ==="])
def test_broken_padding_is_refused(refused, content):
    assert refused(decode, content)[0] == "InvalidBase64"


def test_a_strange_character_is_named_by_its_offset(refused):
    assert refused(decode, b"YWJj" * 50_000 + b"Y*==")[1].startswith("byte 200001 (0x2a)")


def test_padding_in_the_middle_of_a_long_document_is_refused(refused):
    assert refused(decode, b"YQ==" + b"YWJj" * 50_000)[0] == "InvalidBase64"


def test_large_documents_take_little_memory(generated, within_memory):
    payload = generated(b"0123456789ab", 30_000_000)
    with within_memory(2_000_000):
        assert sum(map(len, Base64Encode().convert(payload))) == payload.size // 3 * 4
        assert sum(map(len, Base64Decode().convert(payload))) == payload.size // 4 * 3
