"""Zip archives: many named documents in one."""

import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import DocumentError, Payload
from process_runner.formats.zip import Unzip, Zip

NAME = st.text(st.characters(codec="utf-8", exclude_characters="\0\\:/"), min_size=1, max_size=8).filter(
    lambda name: name != ".."
)


def pack(named, **settings):
    return b"".join(Zip(**settings).combine((name, Payload(content)) for name, content in named))


def unpack(content, **settings):
    return [(name, b"".join(pieces)) for name, pieces in Unzip(**settings).split(Payload(content))]


def archive(*entries, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        for name, content in entries:
            made.writestr(name, content)
    return stream.getvalue()


@given(st.dictionaries(NAME, st.binary(max_size=100)))
def test_unpacking_gives_back_names_and_contents(files):
    packed = pack(files.items())
    assert dict(unpack(packed)) == files
    with zipfile.ZipFile(io.BytesIO(packed)) as read:
        assert read.testzip() is None
        assert read.namelist() == list(files)


def test_the_same_content_always_gives_the_same_bytes():
    assert pack([("a", b"1"), ("b", b"2")]) == pack([("a", b"1"), ("b", b"2")])


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_usual_compression_is_read_and_folders_are_left_out(compression):
    content = archive(("sub/", b""), ("sub/a", b"content"), compression=compression)
    assert unpack(content) == [("sub/a", b"content")]


@pytest.mark.parametrize(
    "name", ["../a", "/etc/passwd", "a/../../b", "..", "..\\a", "\\a", "C:\\a", "c:a", "a\\..\\..\\b"]
)
def test_names_that_lead_elsewhere_are_refused_before_anything_is_unpacked(refused, name):
    content = archive(("good", b"content"), (name, b"bad"))
    assert refused(lambda: next(Unzip().split(Payload(content))))[0] == "UnsafeName"
    assert refused(pack, [(name, b"")])[0] == "UnsafeName"


def test_a_name_that_is_cut_by_a_nul_is_refused(refused):
    content = archive(("a.jsonXexe", b"")).replace(b"a.jsonXexe", b"a.json\0exe")
    assert refused(unpack, content)[0] == "UnsafeName"


def test_links_are_refused(refused):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refused(unpack, archive((link, b"/etc/passwd")))[0] == "UnsafeName"


def test_encrypted_files_are_refused(refused):
    content = bytearray(archive(("a", b"x")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    code, message = refused(unpack, bytes(content))
    assert code == "InvalidZip"
    assert "encrypted" in message


def test_two_documents_with_one_name_are_refused(refused):
    assert refused(pack, [("a", b"1"), ("a", b"2")])[0] == "DuplicateName"


def test_a_bomb_is_stopped_at_the_limit_in_little_memory(refused, within_memory):
    content = pack([("a", bytes(6_000_000)), ("b", bytes(6_000_000))])
    with within_memory(3_000_000):
        code, message = refused(
            lambda: [sum(map(len, pieces)) for _, pieces in Unzip(largest=10).split(Payload(content))]
        )
    assert (code, "`largest`" in message) == ("TooLarge", True)


def test_too_many_files_are_refused(refused):
    content = archive(*[(str(number), b"") for number in range(11)])
    assert refused(lambda: unpack(content, most_files=10))[0] == "TooLarge"
    assert len(unpack(content, most_files=11)) == 11


NONE = {"nothing": b"", "text": b"hello", "half": b"PK\x05\x06", "cut": archive(("a", b"content" * 100))[:-30]}


@pytest.mark.parametrize("content", NONE.values(), ids=NONE)
def test_what_is_no_archive_is_refused(refused, content):
    assert refused(unpack, content)[0] == "InvalidZip"


def test_a_wrong_checksum_is_refused(refused):
    content = archive(("a", b"content"), compression=zipfile.ZIP_STORED).replace(b"content", b"contemt")
    assert refused(unpack, content)[0] == "InvalidZip"


@given(st.data())
def test_damage_anywhere_gives_a_document_error_or_the_content(data):
    content = bytearray(archive(("a", b"content" * 20), ("b/c", b"other" * 20)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpacked = unpack(bytes(content))
    except DocumentError:
        return
    assert {text for _, text in unpacked} <= {b"content" * 20, b"other" * 20, b""}


def test_large_documents_take_little_memory(generated, within_memory):
    payload = generated(bytes(range(256)), 30_000_000)
    with within_memory(3_000_000):
        assert sum(map(len, Zip(level=1).combine([("a", payload)]))) < payload.size
