"""Get: the bytes of one file."""

import os

import pytest

MODIFIED = 1_700_000_000


def test_the_parameter_id_names_the_file(base, made):
    (base / "in").mkdir()
    (base / "in/order.json").write_bytes(b'{"id": 1}')
    os.utime(base / "in/order.json", (MODIFIED, MODIFIED))
    (got,) = made("get", id="in/order.json")
    assert got.payload.read() == b'{"id": 1}'
    assert got.tracked == {
        "sftp.folder": "in",
        "sftp.file_name": "order.json",
        "sftp.path": "in/order.json",
        "sftp.size": "9",
        "sftp.modified": "2023-11-14T22:13:20.000000Z",
    }


def test_without_id_folder_and_file_name_name_the_file(base, made, document):
    (base / "in").mkdir()
    (base / "in/order.json").write_bytes(b"inner")
    (base / "order.json").write_bytes(b"outer")
    inner, outer = made("get", document(folder="in", file_name="order.json"), document(file_name="order.json"))
    assert (inner.payload.read(), outer.payload.read()) == (b"inner", b"outer")


@pytest.mark.parametrize("size", [0, 1, 261_120, 261_121, 5_000_000])
def test_files_of_any_size_come_whole(base, made, size):
    content = os.urandom(size)
    (base / "a").write_bytes(content)
    assert made("get", id="a")[0].payload.read() == content


def test_a_missing_file_is_named_with_its_nearest_neighbour(base, serve, code):
    (base / "in").mkdir()
    (base / "in/orders.json").write_bytes(b"")
    (result,) = serve("get", id="in/order.json")
    assert str(result.error) == (f"'in/order.json': no such file in 127.0.0.1:{base}; did you mean 'in/orders.json'?")
    assert result.error.code == "FileNotFound"
    assert code("get", id="nowhere/at/all.json") == "FileNotFound"


@pytest.mark.parametrize("name", ["folder", ".", "pipe", "to-base"])
def test_what_is_no_regular_file_is_refused_without_waiting(base, code, name):
    (base / "folder").mkdir()
    os.mkfifo(base / "pipe")
    (base / "to-base").symlink_to(".")
    assert code("get", id=name) == "NotAFile"


def test_a_document_without_any_name_is_told_what_to_set(serve):
    (result,) = serve("get")
    assert result.error.code == "NoFileName"
    assert "sftp.file_name" in str(result.error)


def test_one_failed_document_leaves_the_others_alone(base, serve, document):
    (base / "a").write_bytes(b"a")
    missing, found = serve("get", document(file_name="missing"), document(file_name="a"))
    assert missing.error.code == "FileNotFound"
    assert [each.payload.read() for each in found.documents] == [b"a"]


@pytest.mark.unprivileged
def test_a_file_without_permission_is_a_document_error(others_folder, code):
    (others_folder / "secret").write_bytes(b"secret")
    (others_folder / "secret").chmod(0o600)
    assert code("get", id="secret", connection={"folder": str(others_folder)}) == "PermissionDenied"
