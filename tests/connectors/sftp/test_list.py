"""List: what a folder holds."""

import json

import pytest


def test_every_entry_is_a_document_that_describes_it(base, made):
    (base / "sub").mkdir()
    (base / "sub/inner").write_bytes(b"")
    (base / "file").write_bytes(b"abc")
    (base / "link").symlink_to("/etc")
    (base / ".hidden").write_bytes(b"")
    entries = [json.loads(each.payload.read()) for each in made("list")]
    assert [(each["path"], each["type"]) for each in entries] == [
        (".hidden", "file"),
        ("file", "file"),
        ("link", "link"),
        ("sub", "folder"),
    ]
    assert entries[1]["size"] == 3


def test_a_sub_folder_is_listed_by_its_object_type(base, made):
    (base / "sub").mkdir()
    (base / "sub/inner").write_bytes(b"")
    (entry,) = made("list", object_type="sub")
    assert entry.tracked["sftp.path"] == "sub/inner"


def test_missing_folders_and_files_are_refused(base, code):
    (base / "file").write_bytes(b"")
    assert code("list", object_type="missing") == "FileNotFound"
    assert code("list", object_type="file") == "NotAFolder"


@pytest.mark.unprivileged
def test_a_folder_without_permission_is_an_error(others_folder, code):
    (others_folder / "closed").mkdir(mode=0o700)
    connection = {"folder": str(others_folder)}
    assert code("list", object_type="closed", connection=connection) == "PermissionDenied"
    assert code("query", recursive=True, connection=connection) == "PermissionDenied"
