"""Payloads: bytes of any size, opened as often as needed, never a mixture of two contents."""

import errno
import os
import pickle
from io import BytesIO

import pytest

from connector_sdk import DocumentError, Payload
from connector_sdk.payload import payload
from connector_sdk.runtime import TemporaryFile

CONTENT = "héllo".encode()


@pytest.fixture(params=["memory", "file"])
def held(request, tmp_path):
    if request.param == "memory":
        return Payload(CONTENT)
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    return Payload.file(path)


def test_size_and_bytes(held):
    assert held.size == len(CONTENT)
    assert held.read() == CONTENT
    assert held.read() == CONTENT


def test_streams_are_independent_and_seekable(held):
    with held.open() as first, held.open() as second:
        assert first.read(2) == CONTENT[:2]
        assert second.read() == CONTENT
        first.seek(0)
        assert first.read() == CONTENT


def test_it_travels_by_pickle(held):
    copied = pickle.loads(pickle.dumps(held))
    assert copied.read() == CONTENT
    assert copied.size == held.size


def test_repr_tells_size_and_place_and_no_content(held):
    assert "6 bytes" in repr(held)
    assert "llo" not in repr(held)


@pytest.mark.parametrize(("value", "expected"), [(b"a", b"a"), ("é", b"\xc3\xa9"), (None, b""), ("", b"")])
def test_bytes_texts_and_nothing_become_payloads(value, expected):
    assert payload(value).read() == expected


def test_a_payload_stays_itself(held):
    assert payload(held) is held


@pytest.mark.parametrize("use", [Payload.open, Payload.read])
def test_a_pipe_in_place_of_the_file_fails_its_document_and_is_not_waited_for(tmp_path, use):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    held = Payload.file(path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(DocumentError) as caught:
        use(held)
    assert caught.value.code == "FileChanged"


@pytest.mark.parametrize("use", [Payload.open, Payload.read])
def test_a_folder_in_place_of_the_file_is_told_as_such(tmp_path, use):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    held = Payload.file(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(DocumentError, match=r"cannot open .*content: Is a directory") as caught:
        use(held)
    assert caught.value.code == "FileUnreadable"


def test_a_file_that_is_gone_fails_its_document(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    held = Payload.file(path)
    path.unlink()
    with pytest.raises(DocumentError, match=r"cannot open .*content: No such file") as caught:
        held.open()
    assert caught.value.code == "FileUnreadable"


@pytest.mark.parametrize("change", [b"longer than before", b"HELLO!"])
def test_a_file_that_changed_fails_its_document(tmp_path, change):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    os.utime(path, ns=(1, 1))
    held = Payload.file(path)
    path.write_bytes(change)
    with pytest.raises(DocumentError, match="changed after its document was made") as caught:
        held.read()
    assert caught.value.code == "FileChanged"


def test_a_system_that_reads_in_pieces_is_asked_for_the_rest(tmp_path, monkeypatch):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: read(descriptor, min(size, 2)))
    assert Payload.file(path).read() == CONTENT


@pytest.mark.parametrize("replace", [os.symlink, os.rename])
def test_another_file_in_its_place_fails_its_document_however_alike(tmp_path, replace):
    path, other = tmp_path / "content", tmp_path / "other"
    for each, content in ((path, CONTENT), (other, b"HELLO!")):
        each.write_bytes(content)
        os.utime(each, ns=(1, 1))
    held = Payload.file(path)
    aside = path.rename(tmp_path / "aside")
    replace(other, path)
    with pytest.raises(DocumentError, match="changed after its document was made"):
        held.read()
    assert aside.read_bytes() == CONTENT


def test_a_file_that_is_not_there_makes_no_payload(tmp_path):
    with pytest.raises(FileNotFoundError):
        Payload.file(tmp_path / "nothing")


def test_a_file_of_the_users_is_never_deleted(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    held = Payload.file(path)
    assert not held.temporary
    del held
    assert path.exists()


def test_a_temporary_file_lives_as_long_as_a_payload_needs_it(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    held = Payload.file(path, TemporaryFile(path))
    assert held.temporary
    other = Payload.file(path, held._keeper)
    del held
    assert other.read() == CONTENT
    del other
    assert not path.exists()


def test_linked_bytes_outlive_the_first_name(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(CONTENT)
    linked = Payload.file(first).linked(second, TemporaryFile(second))
    first.unlink()
    assert linked.read() == CONTENT
    del linked
    assert not second.exists()


def test_a_file_with_as_many_names_as_the_disk_allows_is_copied(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.EMLINK, "Too many links")

    original = tmp_path / "original"
    original.write_bytes(b"content")
    monkeypatch.setattr(os, "link", full)
    second = Payload.file(original).linked(tmp_path / "second", TemporaryFile(tmp_path / "second"))
    assert (second.path, second.read()) == (tmp_path / "second", b"content")


def test_content_in_another_system_is_read_at_each_opening_and_not_before():
    opened = []

    def open_():
        opened.append(1)
        return BytesIO(CONTENT)

    held = Payload.deferred(open_, len(CONTENT))
    assert (held.size, held.in_memory, held.path, held.is_deferred, opened) == (6, False, None, True, [])
    assert (held.read(), held.open().read(), len(opened)) == (CONTENT, CONTENT, 2)
    assert "6 bytes in another system" in repr(held)


def test_content_in_another_system_becomes_a_file_where_it_is_kept(tmp_path):
    held = Payload.deferred(lambda: BytesIO(CONTENT), len(CONTENT))
    assert held.temporary
    kept = held.linked(tmp_path / "kept", TemporaryFile(tmp_path / "kept"))
    assert (kept.read(), kept.path, kept.is_deferred) == (CONTENT, tmp_path / "kept", False)


def test_content_in_another_system_does_not_travel_by_itself():
    with pytest.raises(TypeError, match=r"linked\(\) makes a file of it"):
        pickle.dumps(Payload.deferred(lambda: BytesIO(CONTENT), len(CONTENT)))


def test_content_that_could_not_be_kept_tells_why_when_it_is_read_wherever_it_went(tmp_path):
    def gone():
        raise DocumentError("no such order", "Gone")

    lost = Payload.deferred(gone, 6).linked(tmp_path / "kept", None)
    for each in (lost, Payload.unpacked(lost.packed()), pickle.loads(pickle.dumps(lost))):
        assert (each.size, each.temporary, each.in_memory) == (6, False, False)
        with pytest.raises(DocumentError, match="no such order") as caught:
            each.read()
        assert caught.value.code == "Gone"
    assert not (tmp_path / "kept").exists()
