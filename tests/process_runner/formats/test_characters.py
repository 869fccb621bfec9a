"""From one encoding of text to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import DocumentError, Payload
from process_runner.formats.characters import CharacterDecode, CharacterEncode

ENCODINGS = ["utf-8", "utf-16", "utf-16-be", "utf-32"]


def decode(content, encoding):
    return b"".join(CharacterDecode(encoding=encoding).convert(Payload(content)))


def encode(text, encoding, **settings):
    return b"".join(CharacterEncode(encoding=encoding, **settings).convert(Payload(text.encode())))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff")), st.sampled_from(ENCODINGS))
def test_decoding_gives_back_what_was_encoded(text, encoding):
    assert decode(encode(text, encoding), encoding) == text.encode()


def test_a_long_document_has_one_byte_order_mark_at_its_start():
    text = "é" * 200_000
    assert encode(text, "utf-16") == text.encode("utf-16")
    assert decode(text.encode("utf-16"), "utf-16") == text.encode()


def test_a_byte_that_does_not_decode_is_named_by_its_offset(refused):
    assert refused(decode, b"a\x81", "cp1252")[1].startswith("byte 1 (0x81) is not cp1252")
    assert refused(decode, b"a\0b", "utf-16-le")[1].startswith("byte 2 (0x62)")


def test_a_character_that_the_encoding_lacks_fails_the_document_or_is_replaced(refused):
    code, message = refused(encode, "é" * 100_000 + "☃", "latin-1")
    assert code == "InvalidEncoding"
    assert message.startswith("character 100001 ('☃') does not exist in iso8859-1")
    assert encode("é☃", "latin-1", unmappable="replace") == b"\xe9?"


@pytest.mark.parametrize("settings", [CharacterDecode, CharacterEncode])
def test_an_unknown_encoding_is_refused_before_anything_runs(settings):
    with pytest.raises(ValueError, match="unknown encoding"):
        settings(encoding="latin-99")


def test_a_document_that_does_not_say_its_byte_order_is_refused():
    with pytest.raises(DocumentError, match=r"the document is not utf-16: .* such as utf-16-le"):
        decode(b"a\0b\0", "utf-16")
