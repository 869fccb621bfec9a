"""No path leads out of the base folder, in no operation."""

import os
import threading
from pathlib import Path

import pytest

from connector_sdk import DocumentError
from connectors.disk.folder import Folder

OUTSIDE = {
    "up": "../secret.txt",
    "up through a folder": "in/../../secret.txt",
    "up that stays inside": "in/../order.txt",
    "absolute": "/etc/hostname",
    "linked file": "link-to-file",
    "linked folder": "link-to-folder/secret.txt",
    "chain of links": "link-to-link",
    "dangling link out": "dangling-out",
}


@pytest.fixture
def outside(base, tmp_path):
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "secret.txt").write_bytes(b"secret")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (base / "in").mkdir()
    (base / "order.txt").write_bytes(b"order")
    (base / "link-to-file").symlink_to(secret / "secret.txt")
    (base / "link-to-folder").symlink_to(secret)
    (base / "link-to-link").symlink_to("link-to-file")
    (base / "dangling-out").symlink_to(secret / "new.txt")
    return secret


def everything_below(folder: Path):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*") if not path.is_symlink()}


@pytest.mark.parametrize("path", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_get_refuses(outside, code, path):
    assert code("get", id=path) == "PathOutsideFolder"


@pytest.mark.parametrize("if_exists", ["overwrite", "unique", "append", "fail"])
@pytest.mark.parametrize("path", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_create_refuses(outside, code, document, path, if_exists, tmp_path):
    before = everything_below(tmp_path)
    assert code("create", document(b"x", file_name=path), if_exists=if_exists) == "PathOutsideFolder"
    assert everything_below(tmp_path) == before


@pytest.mark.parametrize("folder", ["..", "link-to-folder", "/", "in/../.."])
def test_create_refuses_folders_outside(outside, code, document, folder, tmp_path):
    before = everything_below(tmp_path)
    assert code("create", document(b"x", folder=folder, file_name="new")) == "PathOutsideFolder"
    assert code("create", document(b"x", folder=folder)) == "PathOutsideFolder"
    assert code("create", document(b"x"), object_type=folder) == "PathOutsideFolder"
    assert everything_below(tmp_path) == before


@pytest.mark.parametrize("action", ["query", "list"])
@pytest.mark.parametrize("folder", ["..", "link-to-folder", "/", "in/../.."])
def test_query_and_list_refuse_folders_outside(outside, code, action, folder):
    assert code(action, object_type=folder) == "PathOutsideFolder"


def test_query_leaves_links_that_lead_out_and_says_so(outside, made, caplog):
    found = made("query", recursive=True)
    assert [each.tracked["disk.path"] for each in found] == ["order.txt"]
    assert "link-to-file" in caplog.text


def test_a_pattern_cannot_look_outside(outside, code):
    assert code("query", pattern="../*") == "PathOutsideFolder"
    assert code("query", pattern="/etc/*") == "PathOutsideFolder"


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", "link-to-folder/secret.txt", "in/../../secret.txt"])
def test_delete_and_move_refuse(outside, code, path, tmp_path):
    before = everything_below(tmp_path)
    assert code("delete", id=path) == "PathOutsideFolder"
    assert code("move", id=path, to="in") == "PathOutsideFolder"
    assert everything_below(tmp_path) == before


@pytest.mark.parametrize("to", ["..", "/tmp", "link-to-folder", "in/../.."])
def test_move_refuses_targets_outside(outside, code, to, tmp_path):
    before = everything_below(tmp_path)
    assert code("move", id="order.txt", to=to) == "PathOutsideFolder"
    assert code("move", id="order.txt", to=".", file_name=f"{to}/x") == "PathOutsideFolder"
    assert everything_below(tmp_path) == before


def test_delete_of_a_link_leaves_what_it_leads_to(outside, base, made):
    made("delete", id="link-to-file")
    assert not (base / "link-to-file").is_symlink()
    assert (outside / "secret.txt").read_bytes() == b"secret"


def test_links_that_stay_inside_are_followed(base, made, document):
    (base / "real").mkdir()
    (base / "real/a").write_bytes(b"old")
    (base / "by-link").symlink_to("real")
    (base / "file-link").symlink_to(base / "real/a")
    assert made("get", id="by-link/a")[0].payload.read() == b"old"
    made("create", document(b"new", file_name="file-link"))
    assert (base / "real/a").read_bytes() == b"new"
    assert (base / "file-link").is_symlink()


@pytest.mark.parametrize("place", ["by-link/a", "in/back/a", "in/deep/er/a", "in/by-link/new/a"])
def test_links_anywhere_in_a_path_are_followed(base, made, document, place):
    (base / "real/er").mkdir(parents=True)
    (base / "in").mkdir()
    (base / "by-link").symlink_to("real")
    (base / "in/back").symlink_to("../real")
    (base / "in/deep").symlink_to("../by-link")
    (base / "in/by-link").symlink_to(base / "by-link/er")
    made("create", document(b"new", file_name=place))
    assert (base / place).read_bytes() == b"new"
    assert [each.tracked["disk.path"] for each in made("query", pattern="real/**")] == [
        str((base / place).resolve().relative_to(base))
    ]


def test_a_link_that_takes_a_folders_place_is_not_followed(outside, base, code, document, monkeypatch, tmp_path):
    """Somebody puts it there after the path was found to hold none."""
    found = Folder.resolved

    def resolved(self, parts):
        plain = found(self, parts)
        (base / "in").rename(base / "moved")
        (base / "in").symlink_to(outside)
        return plain

    monkeypatch.setattr(Folder, "resolved", resolved)
    before = everything_below(outside)
    assert code("create", document(b"x", file_name="in/new.txt")) in ("NotAFolder", "PathOutsideFolder")
    assert everything_below(outside) == before


def test_a_dangling_link_inside_is_written_through(base, made, document):
    (base / "link").symlink_to("target")
    made("create", document(b"x", file_name="link"))
    assert (base / "target").read_bytes() == b"x"


def test_links_in_circles_end(base, code, document):
    (base / "a").symlink_to("b")
    (base / "b").symlink_to("a")
    assert code("get", id="a") in ("PathOutsideFolder", "NotAFile")
    assert code("get", id="a/x") in ("PathOutsideFolder", "NotAFolder")
    assert code("create", document(b"x", file_name="a"), if_exists="append") == "PathOutsideFolder"


def test_a_base_folder_that_is_a_link_works(base, tmp_path, made):
    (base / "a").write_bytes(b"a")
    (tmp_path / "alias").symlink_to(base)
    assert made("get", id="a", folder=tmp_path / "alias")[0].payload.read() == b"a"


def test_a_folder_swapped_for_a_link_after_the_look_is_not_followed(base, outside, within):
    folder = Folder(base, within)
    parts = folder.resolved(("in", "secret.txt"))
    (base / "in").rmdir()
    (base / "in").symlink_to(outside)
    with pytest.raises(OSError, match="Not a directory"):
        folder.facts(parts)
    folder.close()


def test_a_link_that_is_swapped_all_the_time_never_gives_the_secret(base, outside, serve):
    done = threading.Event()

    def swap():
        while not done.is_set():
            for target in (outside / "secret.txt", base / "order.txt"):
                (base / "new-link").symlink_to(target)
                os.replace(base / "new-link", base / "moving")

    (base / "moving").symlink_to(base / "order.txt")
    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        contents = {read_or_code(serve) for _ in range(300)}
    finally:
        done.set()
        swapping.join()
    assert b"secret" not in contents


def read_or_code(serve):
    (result,) = serve("get", id="moving")
    try:
        return result.documents[0].payload.read() if not result.error else result.error.code
    except DocumentError as error:
        return error.code
