"""Move: one file to another folder or name."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.disk.publish import Entry, claimed


def test_a_file_moves_into_a_folder_that_is_made(base, made):
    (base / "a.json").write_bytes(b"content")
    (answer,) = made("move", id="a.json", to="done/today")
    assert (base / "done/today/a.json").read_bytes() == b"content"
    assert os.listdir(base) == ["done"]
    assert answer.tracked["disk.path"] == "done/today/a.json"


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


def test_without_permission_the_file_stays(others_folder, code, without_privileges):
    (others_folder / "a").write_bytes(b"content")
    with without_privileges():
        assert code("move", id="a", to="done", folder=others_folder) == "PermissionDenied"
    assert (others_folder / "a").read_bytes() == b"content"


def test_of_two_runs_that_move_one_file_only_one_does(base, serve, monkeypatch):
    (base / "a").write_bytes(b"content")
    link, results = os.link, []

    def meanwhile(*names, **folders):
        link(*names, **folders)
        monkeypatch.setattr(os, "link", link)
        results.extend(serve("move", id="a", to="done", if_exists="unique"))

    monkeypatch.setattr(os, "link", meanwhile)
    results += serve("move", id="a", to="done", if_exists="unique")
    other, first = results

    assert other.error.code == "FileNotFound"
    assert first.error is None
    assert (os.listdir(base), os.listdir(base / "done")) == (["done"], ["a"])


@pytest.mark.parametrize("name", ["a.json", "é" * 127])
def test_a_file_on_its_way_is_whole_hidden_and_keeps_its_name_for_people(base, made, name):
    (base / name).write_bytes(b"content")
    folder = os.open(base, os.O_RDONLY)
    with claimed(Entry(folder, name)):
        (on_its_way,) = base.iterdir()
        assert on_its_way.read_bytes() == b"content"
        assert on_its_way.name.startswith(".disk-move-")
        assert on_its_way.name.partition("-move-")[2][9:].startswith(name[:100])
        assert made("query", pattern=".*") == made("list") == []
    os.close(folder)


def test_a_claimed_file_that_cannot_go_on_comes_back_beside_what_took_its_name(base):
    (base / "a.json").write_bytes(b"claimed")
    folder = os.open(base, os.O_RDONLY)

    def fail():
        with claimed(Entry(folder, "a.json")):
            (base / "a.json").write_bytes(b"another")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    os.close(folder)

    assert {each.name: each.read_bytes() for each in base.iterdir()} == {"a.json": b"another", "a-1.json": b"claimed"}


def test_a_file_of_another_user_moves_where_the_folder_allows_it(others_folder, serve, without_privileges):
    others_folder.chmod(0o777)
    (others_folder / "a").write_bytes(b"content")
    (others_folder / "a").chmod(0o644)
    with without_privileges():
        (result,) = serve("move", id="a", to=".", file_name="b", folder=others_folder)
    assert result.error is None
    assert {each.name: each.read_bytes() for each in others_folder.iterdir()} == {"b": b"content"}


def test_a_read_only_target_leaves_the_file_where_it_was(others_folder, code, without_privileges):
    others_folder.chmod(0o777)
    (others_folder / "a").write_bytes(b"content")
    (others_folder / "closed").mkdir(mode=0o555)
    with without_privileges():
        assert code("move", id="a", to="closed", folder=others_folder) == "PermissionDenied"
    assert sorted(each.name for each in others_folder.iterdir()) == ["a", "closed"]
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
