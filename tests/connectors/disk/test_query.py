"""Query: one document for each file."""

import os
import subprocess
import tracemalloc
from itertools import islice

import pytest

from connector_sdk import Request
from connector_sdk.contract import documents_of
from connectors.disk import CONNECTOR
from connectors.disk.glob import Glob
from connectors.disk.walk import regulars


@pytest.fixture
def orders(base):
    for path in ["b.json", "a.json", "a/c.json", "a/deep/d.json", "a-b.json", "e.csv", ".hidden.json", ".git/x.json"]:
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_bytes(path.encode())
    return base


@pytest.fixture
def paths(made):
    return lambda **settings: [each.tracked["disk.path"] for each in made("query", **settings)]


def test_files_come_by_name_with_their_facts_and_without_content(orders, made):
    first, *_ = found = made("query", pattern="*.json")
    assert [each.tracked["disk.file_name"] for each in found] == ["a-b.json", "a.json", "b.json"]
    assert first.payload.size == 0
    assert first.tracked["disk.size"] == "8"
    assert first.tracked["disk.folder"] == "."
    assert first.tracked["disk.modified"].endswith("Z")


def test_recursive_finds_files_in_sub_folders_by_path(orders, paths):
    assert paths(recursive=True) == sorted(["a-b.json", "a.json", "a/c.json", "a/deep/d.json", "b.json", "e.csv"])


@pytest.mark.parametrize(
    ("pattern", "recursive", "expected"),
    [
        ("*", False, ["a-b.json", "a.json", "b.json", "e.csv"]),
        ("?.json", True, ["a.json", "a/c.json", "a/deep/d.json", "b.json"]),
        ("[ab].json", False, ["a.json", "b.json"]),
        ("a/*.json", False, ["a/c.json"]),
        ("a/**/*.json", False, ["a/c.json", "a/deep/d.json"]),
        ("deep/*", True, ["a/deep/d.json"]),
        (".*", False, [".hidden.json"]),
        (".*/*", False, [".git/x.json"]),
        ("a", False, []),
        ("nothing", True, []),
    ],
)
def test_patterns(orders, paths, pattern, recursive, expected):
    assert paths(pattern=pattern, recursive=recursive) == expected


def test_order_modified_gives_the_oldest_first(orders, paths):
    for age, name in enumerate(["b.json", "e.csv", "a.json", "a-b.json"]):
        os.utime(orders / name, (age, age))
    assert paths(order="modified") == ["b.json", "e.csv", "a.json", "a-b.json"]


def test_object_type_is_the_folder_to_look_in(orders, paths):
    assert paths(object_type="a") == ["a/c.json"]
    assert paths(object_type="a", recursive=True) == ["a/c.json", "a/deep/d.json"]


def test_a_folder_that_is_missing_is_a_document_error(base, code):
    (base / "file").write_bytes(b"")
    assert code("query", object_type="nowhere") == "FileNotFound"
    assert code("query", object_type="file") == "NotAFolder"


def test_what_is_still_being_written_is_hidden(base, paths):
    (base / ".disk-part-0123").write_bytes(b"half")
    assert paths(pattern=".*") == []


def test_links_inside_count_and_linked_folders_are_not_entered(base, paths):
    (base / "real").mkdir()
    (base / "real/a").write_bytes(b"")
    (base / "file").symlink_to("real/a")
    (base / "round").symlink_to(".")
    (base / "dangling").symlink_to("nothing")
    os.mkfifo(base / "pipe")
    assert paths(recursive=True) == ["file", "real/a"]


def test_properties_of_the_document_travel_on(orders, made, document):
    found = made("query", document().replace(properties={"run": "7"}))
    assert len(found) == 4
    assert all(each.properties == {"run": "7"} for each in found)


def test_query_chains_into_get(orders, made):
    found = made("query", recursive=True)
    assert [each.payload.read().decode() for each in made("get", *found)] == [
        each.tracked["disk.path"] for each in found
    ]


@pytest.fixture
def deep(base):
    """Folders in folders, removed again: what removes pytest's temporary folders would not get that deep."""
    here = os.open(base, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    yield base
    subprocess.run(["rm", "-rf", base / "d"], check=True)


def test_folders_deeper_than_the_recursion_limit_are_walked(deep, made):
    (found,) = made("query", recursive=True)
    assert found.tracked["disk.path"] == "d/" * 1200 + "file"


def test_documents_come_page_by_page_and_only_names_are_held(base, within, document):
    from connectors.disk import CONNECTOR

    for number in range(3000):
        (base / f"{number:0100d}").touch()
    query = CONNECTOR.actions["query"]()
    client = CONNECTOR.connection(folder=str(base)).open(within)
    documents = documents_of(query, client, Request(document(), "disk", within, {}, frozenset(query.sets)))
    tracemalloc.start()
    try:
        assert sum(1 for _ in documents) == 3000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        client.close()
    assert peak < 3000 * 250
    assert list(islice(documents, 1)) == []


def test_a_folder_without_permission_is_an_error_and_not_left_out(others_folder, code, without_privileges):
    (others_folder / "closed").mkdir()
    (others_folder / "closed").chmod(0)
    with without_privileges():
        assert code("query", folder=others_folder, recursive=True) == "PermissionDenied"


def test_two_listings_at_once_do_not_share_where_they_are(base, within):
    for number in range(2000):  # more than one look at the disk brings
        (base / f"{number}.txt").touch()
    connection = CONNECTOR.connection(folder=str(base))
    client = connection.open(within)
    with client.entries(()) as first, client.entries(()) as second:
        both = [(one.name, other.name) for one, other in zip(first, second, strict=True)]
    connection.close(client)
    assert {one for one, _ in both} == {other for _, other in both} == {f"{number}.txt" for number in range(2000)}


def test_a_folder_that_is_replaced_meanwhile_is_looked_at_as_it_is_then(base, within, document, monkeypatch):
    monkeypatch.setattr("connectors.disk.walk.FEW", 2)
    for folder in ("current", "next"):
        (base / folder).mkdir()
        for number in range(6):
            (base / folder / f"{number}").touch()
    query = CONNECTOR.actions["query"](object_type="current", recursive=True)
    client = CONNECTOR.connection(folder=str(base)).open(within)
    asked = Request(document(), "disk", within, {}, frozenset(query.sets))
    files = regulars(client, query._paths(client))
    found = [next(files)[0], next(files)[0]]
    (base / "current").rename(base / "old")
    (base / "next").rename(base / "current")
    subprocess.run(["rm", "-rf", base / "old"], check=True)
    found += [parts for parts, _ in files]
    assert found == [("current", f"{number}") for number in range(6)]
    assert len(list(documents_of(query, client, asked))) == 6
    client.close()


def test_a_pattern_fits_paths_of_any_depth():
    assert Glob.of("*", True).matches(("d",) * 3_000 + ("file",))
    assert not Glob.of("*.txt", True).matches(("d",) * 3_000 + ("file",))
