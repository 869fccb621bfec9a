"""Get: the bytes of one file, not copied."""

import os

import pytest

from connector_sdk import DocumentError


def test_the_parameter_id_names_the_file(base, made):
    (base / "in").mkdir()
    (base / "in/order.json").write_bytes(b'{"id": 1}')
    (got,) = made("get", id="in/order.json")
    assert got.payload.read() == b'{"id": 1}'
    assert got.tracked["disk.folder"] == "in"
    assert got.tracked["disk.file_name"] == "order.json"
    assert got.tracked["disk.path"] == "in/order.json"
    assert got.tracked["disk.size"] == "9"


def test_without_id_folder_and_file_name_name_the_file(base, made, document):
    (base / "in").mkdir()
    (base / "in/order.json").write_bytes(b"inner")
    (base / "order.json").write_bytes(b"outer")
    inner, outer = made("get", document(folder="in", file_name="order.json"), document(file_name="order.json"))
    assert (inner.payload.read(), outer.payload.read()) == (b"inner", b"outer")
    assert outer.tracked["disk.folder"] == "."


def test_the_parameter_id_wins_over_the_properties(base, made, document):
    (base / "a").write_bytes(b"a")
    (base / "b").write_bytes(b"b")
    (got,) = made("get", document(file_name="b", folder="nowhere"), id="a")
    assert got.payload.read() == b"a"


def test_the_document_refers_to_the_file_and_holds_no_copy(base, made):
    with open(base / "huge", "wb") as stream:
        stream.truncate(1 << 40)
    (got,) = made("get", id="huge")
    assert got.payload.size == 1 << 40
    assert got.payload.path == base / "huge"
    assert not got.payload.temporary


def test_a_file_that_changes_afterwards_is_an_error_and_not_a_mixture(base, made):
    (base / "a").write_bytes(b"first")
    (got,) = made("get", id="a")
    (base / "a").write_bytes(b"longer than first")
    with pytest.raises(DocumentError, match="changed"):
        got.payload.open()


def test_properties_of_the_document_travel_on(base, made, document):
    (base / "a").write_bytes(b"")
    (got,) = made("get", document(file_name="a").replace(properties={"customer": "7"}))
    assert got.properties == {"customer": "7"}


def test_modified_is_utc_in_iso_8601(base, made):
    (base / "a").write_bytes(b"")
    os.utime(base / "a", ns=(0, 1_700_000_000_123_456_000))
    (got,) = made("get", id="a")
    assert got.tracked["disk.modified"] == "2023-11-14T22:13:20.123456Z"


def test_a_missing_file_is_named_with_its_nearest_neighbour(base, serve, code):
    (base / "in").mkdir()
    (base / "in/orders.json").write_bytes(b"")
    (result,) = serve("get", id="in/order.json")
    assert str(result.error) == f"'in/order.json': no such file in {base}; did you mean 'in/orders.json'?"
    assert result.error.code == "FileNotFound"
    assert code("get", id="nowhere/at/all.json") == "FileNotFound"


@pytest.mark.parametrize("name", ["folder", ".", "pipe", "to-base"])
def test_what_is_no_regular_file_is_refused_without_waiting(base, code, name):
    (base / "folder").mkdir()
    os.mkfifo(base / "pipe")
    (base / "to-base").symlink_to(".")
    assert code("get", id=name) == "NotAFile"


def test_a_file_taken_for_a_folder_is_explained(base, code):
    (base / "a").write_bytes(b"")
    assert code("get", id="a/b") == "NotAFolder"


def test_a_document_without_any_name_is_told_what_to_set(serve):
    (result,) = serve("get")
    assert result.error.code == "NoFileName"
    assert "disk.file_name" in str(result.error)


def test_one_failed_document_leaves_the_others_alone(base, serve, document):
    (base / "a").write_bytes(b"a")
    missing, found = serve("get", document(file_name="missing"), document(file_name="a"))
    assert missing.error.code == "FileNotFound"
    assert [each.payload.read() for each in found.documents] == [b"a"]


def test_a_file_without_permission_is_a_document_error(others_folder, code, without_privileges):
    (others_folder / "secret").write_bytes(b"secret")
    (others_folder / "secret").chmod(0)
    with without_privileges():
        assert code("get", id="secret", folder=others_folder) == "PermissionDenied"
