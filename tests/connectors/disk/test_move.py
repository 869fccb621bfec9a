"""Move: one file to another folder or name."""

import os

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
