"""Query: one document for each file."""

import os

import pytest


@pytest.fixture
def orders(base):
    for path in ["b.json", "a.json", "a/c.json", "a/deep/d.json", "a-b.json", "e.csv", ".hidden.json", ".git/x.json"]:
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_bytes(path.encode())
    return base


@pytest.fixture
def paths(made):
    return lambda **settings: [each.tracked["sftp.path"] for each in made("query", **settings)]


def test_files_come_by_name_with_their_facts_and_without_content(orders, made):
    first, *_ = found = made("query", pattern="*.json")
    assert [each.tracked["sftp.file_name"] for each in found] == ["a-b.json", "a.json", "b.json"]
    assert first.payload.size == 0
    assert first.tracked["sftp.size"] == "8"
    assert first.tracked["sftp.folder"] == "."
    assert first.tracked["sftp.modified"].endswith("Z")


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
    (base / ".sftp-part-0123").write_bytes(b"half")
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
        each.tracked["sftp.path"] for each in found
    ]


@pytest.fixture
def growing(base, within):
    """What happens to the files while a query waits for its second look."""

    def during(change):
        def waited(seconds):
            assert seconds == 7
            change()

        within.wait = waited

    return during


def test_files_that_still_grow_are_left_for_the_next_run(base, paths, growing):
    for name in ("complete", "growing", "touched", "vanishing"):
        (base / name).write_bytes(b"start")
        os.utime(base / name, (1_700_000_000, 1_700_000_000))

    def change():
        with open(base / "growing", "ab") as stream:
            stream.write(b"more")
        os.utime(base / "growing", (1_700_000_000, 1_700_000_000))
        os.utime(base / "touched")
        (base / "vanishing").unlink()
        (base / "new").write_bytes(b"")

    growing(change)
    assert paths(stable_for=7) == ["complete"]


def test_nothing_to_find_is_not_waited_for(paths, growing):
    growing(lambda: pytest.fail("it waited"))
    assert paths(stable_for=7) == []


@pytest.mark.parametrize(
    ("done_file", "expected"),
    [
        ("{name}.done", ["a.csv", "in/c.csv"]),
        ("{stem}.ok", ["b.csv"]),
        (".complete", ["in/c.csv", "in/c.csv.done", "in/d.csv"]),
        ("nothing", []),
        (None, ["a.csv", "a.csv.done", "b.csv", "b.ok", "in/c.csv", "in/c.csv.done", "in/d.csv"]),
    ],
)
def test_a_done_file_says_which_files_are_complete(base, paths, done_file, expected):
    (base / "in").mkdir()
    for name in ("a.csv", "a.csv.done", "b.csv", "b.ok", "in/c.csv", "in/c.csv.done", "in/d.csv", "in/.complete"):
        (base / name).write_bytes(b"")
    assert paths(recursive=True, done_file=done_file) == expected


def test_thousands_of_files_are_found_in_few_requests(base, made, line):
    for number in range(5000):
        (base / f"{number:05}.json").write_bytes(b"%d" % number)
    found = made("query", connection={"port": line.port})
    assert [each.tracked["sftp.file_name"] for each in found] == [f"{number:05}.json" for number in range(5000)]
    assert [each.tracked["sftp.size"] for each in found] == [str(len(str(number))) for number in range(5000)]
    assert sum(each["up"] for each in line.seen) < 30_000
