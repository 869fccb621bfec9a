"""A disk that gives no file a second name, such as FAT and some network drives: the same promises hold."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture(autouse=True)
def no_links(monkeypatch):
    """What such a disk answers."""

    def refuse(*_, **__):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)


def content(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize("if_exists", ["overwrite", "unique", "fail", "append"])
def test_a_new_file_is_made(base, made, document, if_exists):
    made("create", document(b"new", file_name="a.json"), if_exists=if_exists)
    assert content(base) == {"a.json": b"new"}


def test_an_existing_file_is_kept(base, made, code, document):
    (base / "a.json").write_bytes(b"old")
    assert code("create", document(b"new", file_name="a.json"), if_exists="fail") == "FileExists"
    made("create", document(b"new", file_name="a.json"), if_exists="unique")
    assert content(base) == {"a.json": b"old", "a-1.json": b"new"}


@pytest.mark.parametrize("if_exists", ["overwrite", "unique", "fail"])
def test_a_file_moves(base, made, if_exists):
    (base / "a").write_bytes(b"content")
    made("move", id="a", to="done", if_exists=if_exists)
    assert os.listdir(base) == ["done"]
    assert content(base / "done") == {"a": b"content"}


def test_of_many_that_make_one_file_at_once_exactly_one_does(base, serve, document):
    def create(number):
        (result,) = serve("create", document(b"%d" % number, file_name="a"), if_exists="fail")
        return result.error

    with ThreadPoolExecutor(8) as threads:
        errors = list(threads.map(create, range(40), timeout=60))
    (winner,) = [number for number, error in enumerate(errors) if error is None]
    assert content(base) == {"a": b"%d" % winner}
    assert {error.code for error in errors if error} == {"FileExists"}


def test_a_name_that_was_taken_is_free_again_where_the_file_cannot_follow(base, code, monkeypatch):
    (base / "a").write_bytes(b"content")
    (base / "done").mkdir()
    rename = os.rename

    def other_disk(source, target, **folders):
        if target == "b":
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(source, target, **folders)

    monkeypatch.setattr(os, "rename", other_disk)
    assert code("move", id="a", to="done", file_name="b") == "OtherDisk"
    assert sorted(os.listdir(base)) == ["a", "done"]
    assert content(base / "done") == {}
