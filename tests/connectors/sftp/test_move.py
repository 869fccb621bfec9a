"""Move: one file to another folder or name."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest


def test_a_file_moves_into_a_folder_that_is_made(base, made):
    (base / "a.json").write_bytes(b"content")
    (answer,) = made("move", id="a.json", to="done/today")
    assert (base / "done/today/a.json").read_bytes() == b"content"
    assert os.listdir(base) == ["done"]
    assert answer.tracked["sftp.path"] == "done/today/a.json"


def test_a_file_gets_a_new_name(base, made, document):
    (base / "in").mkdir()
    (base / "in/a").write_bytes(b"content")
    made("move", document(folder="in", file_name="a"), to="in", file_name="b")
    assert os.listdir(base / "in") == ["b"]


@pytest.mark.parametrize(
    ("if_exists", "expected"),
    [("overwrite", {"done/a.json": b"new"}), ("unique", {"done/a.json": b"old", "done/a-1.json": b"new"})],
)
def test_where_the_target_exists(base, made, if_exists, expected):
    (base / "done").mkdir()
    (base / "done/a.json").write_bytes(b"old")
    (base / "a.json").write_bytes(b"new")
    made("move", id="a.json", to="done", if_exists=if_exists)
    assert {str(each.relative_to(base)): each.read_bytes() for each in base.rglob("*.json")} == expected


def test_an_existing_target_fails_the_document_and_both_files_stay(base, code):
    (base / "done").mkdir()
    (base / "done/a").write_bytes(b"old")
    (base / "a").write_bytes(b"new")
    assert code("move", id="a", to="done") == "FileExists"
    assert ((base / "a").read_bytes(), (base / "done/a").read_bytes()) == (b"new", b"old")


def test_missing_files_and_folders_are_refused(base, code):
    (base / "folder").mkdir()
    assert code("move", id="missing", to="done") == "FileNotFound"
    assert code("move", id="folder", to="done") == "NotAFile"
    assert code("move", id=".", to="done") == "NotAFile"


def test_a_link_moves_as_a_link(base, made):
    (base / "a").write_bytes(b"content")
    (base / "link").symlink_to(base / "a")
    made("move", id="link", to="done")
    assert (base / "done/link").is_symlink()
    assert (base / "a").read_bytes() == b"content"


@pytest.mark.unprivileged
def test_a_file_of_another_user_moves_where_the_folder_allows_it(others_folder, made):
    others_folder.chmod(0o777)
    (others_folder / "a").write_bytes(b"content")
    made("move", id="a", to=".", file_name="b", connection={"folder": str(others_folder)})
    assert {each.name: each.read_bytes() for each in others_folder.iterdir()} == {"b": b"content"}


@pytest.mark.unprivileged
@pytest.mark.parametrize("if_exists", ["overwrite", "unique", "fail"])
def test_a_read_only_target_leaves_the_file_where_it_was(others_folder, code, if_exists):
    others_folder.chmod(0o777)
    (others_folder / "a").write_bytes(b"content")
    (others_folder / "closed").mkdir(mode=0o755)
    connection = {"folder": str(others_folder)}
    assert code("move", id="a", to="closed", if_exists=if_exists, connection=connection) == "PermissionDenied"
    assert sorted(each.name for each in others_folder.iterdir()) == ["a", "closed"]


@pytest.mark.unprivileged
def test_a_read_only_folder_leaves_the_file_where_it_was(others_folder, code):
    (others_folder / "a").write_bytes(b"content")
    assert code("move", id="a", to="done", connection={"folder": str(others_folder)}) == "PermissionDenied"
    assert (others_folder / "a").read_bytes() == b"content"


@pytest.mark.parametrize("if_exists", ["overwrite", "unique", "fail"])
def test_of_many_that_move_one_file_at_once_exactly_one_does(base, serve, if_exists):
    (base / "a").write_bytes(b"content")
    with ThreadPoolExecutor(8) as threads:
        results = list(
            threads.map(lambda _: serve("move", id="a", to="done", if_exists=if_exists), range(40), timeout=60)
        )
    errors = [result.error for (result,) in results if result.error]
    assert {each.code for each in errors} <= {"FileNotFound", "FileExists"}
    assert len(errors) == 39
    assert os.listdir(base) == ["done"]
    assert [each.read_bytes() for each in (base / "done").iterdir()] == [b"content"]
