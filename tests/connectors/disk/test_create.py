"""Create: whole files or none, and two writers never destroy each other's work."""

import io
import json
import os
import stat
import subprocess
import sys
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connector_sdk import Cancelled, ConnectorError, Payload, Request
from connectors.disk import CONNECTOR

POLICIES = ["overwrite", "unique", "append", "fail"]


def test_the_document_is_written_where_its_properties_say(base, made, document):
    (answer,) = made("create", document(b"content", folder="out/today", file_name="order.json"))
    assert (base / "out/today/order.json").read_bytes() == b"content"
    assert answer.tracked["disk.path"] == "out/today/order.json"
    described = json.loads(answer.payload.read())
    assert (described["path"], described["size"]) == ("out/today/order.json", 7)


def test_object_type_is_the_folder_for_documents_that_name_none(base, made, document):
    made("create", document(b"1", file_name="a"), document(b"2", file_name="a", folder="mine"), object_type="out")
    assert (base / "out/a").read_bytes() == b"1"
    assert (base / "mine/a").read_bytes() == b"2"


def test_documents_without_a_name_get_random_ones(base, made, document):
    made("create", document(b"1"), document(b"2"), document(b"3", folder="sub"))
    names = [name for name in os.listdir(base) if name != "sub"]
    assert {(base / name).read_bytes() for name in names} == {b"1", b"2"}
    assert len(os.listdir(base / "sub")) == 1


def test_overwrite_replaces_and_keeps_a_private_file_private(base, made, document):
    (base / "a").write_bytes(b"old")
    (base / "a").chmod(0o600)
    made("create", document(b"new", file_name="a"))
    assert (base / "a").read_bytes() == b"new"
    assert stat.S_IMODE((base / "a").stat().st_mode) == 0o600


def test_fail_keeps_the_old_file_and_fails_the_document(base, serve, document):
    (base / "a").write_bytes(b"old")
    (result,) = serve("create", document(b"new", file_name="a"), if_exists="fail")
    assert result.error.code == "FileExists"
    assert "if_exists" in str(result.error)
    assert (base / "a").read_bytes() == b"old"


def test_unique_takes_the_next_free_name_before_the_extension(base, made, document):
    answers = made("create", *[document(b"%d" % n, file_name="a.json") for n in range(4)], if_exists="unique")
    assert [each.tracked["disk.file_name"] for each in answers] == ["a.json", "a-1.json", "a-2.json", "a-3.json"]
    assert [(base / each.tracked["disk.file_name"]).read_bytes() for each in answers] == [b"0", b"1", b"2", b"3"]


def test_append_adds_to_the_end_of_a_file_or_makes_it(base, made, document):
    one, two = made(
        "create", document(b"one\n", file_name="log"), document(b"two\n", file_name="log"), if_exists="append"
    )
    assert (base / "log").read_bytes() == b"one\ntwo\n"
    assert (one.tracked["disk.size"], two.tracked["disk.size"]) == ("4", "8")


class Itself(io.BytesIO):
    """A stream that writes itself into files, from its end to its beginning."""

    def write_into(self, descriptor):
        content = self.getvalue().upper()
        for place in reversed(range(len(content))):
            os.pwrite(descriptor, content[place : place + 1], place)


def test_content_may_write_itself_into_a_new_file(base, made, document):
    payload = Payload.deferred(lambda: Itself(b"content"), 7)
    (answer,) = made("create", document(payload=payload, file_name="a"))
    assert (base / "a").read_bytes() == b"CONTENT"
    assert answer.tracked["disk.size"] == "7"


def test_content_does_not_write_itself_where_there_is_something(base, made, document):
    (base / "a").write_bytes(b"before ")
    made("create", document(payload=Payload.deferred(lambda: Itself(b"content"), 7), file_name="a"), if_exists="append")
    assert (base / "a").read_bytes() == b"before content"


def test_a_file_can_be_appended_to_itself(base, made, document):
    (base / "a").write_bytes(b"ab" * 2_000_000)
    (got,) = made("get", id="a")
    made("create", got, if_exists="append")
    assert (base / "a").stat().st_size == 8_000_000


def test_a_file_can_be_read_and_written_under_the_same_name(base, made):
    (base / "a").write_bytes(b"content")
    (got,) = made("get", id="a")
    made("create", got)
    assert (base / "a").read_bytes() == b"content"


@pytest.mark.parametrize("if_exists", POLICIES)
def test_a_folder_is_never_replaced(base, code, document, if_exists):
    (base / "folder/inner").mkdir(parents=True)
    expected = {"fail": "FileExists", "unique": None}.get(if_exists, "NotAFile")
    if expected:
        assert code("create", document(b"x", file_name="folder"), if_exists=if_exists) == expected
    assert code("create", document(b"x", file_name="."), if_exists=if_exists) == "NotAFile"
    assert (base / "folder/inner").is_dir()


def test_append_to_a_pipe_does_not_wait_for_a_reader(base, code, document):
    os.mkfifo(base / "pipe")
    assert code("create", document(b"x", file_name="pipe"), if_exists="append") in ("NotAFile", "DiskError")


def many(base, if_exists, contents, within):
    """Every content is written to one name, each by a client of its own, at once."""
    operation = CONNECTOR.actions["create"](if_exists=if_exists)
    connection = CONNECTOR.connection(folder=str(base))

    def write(content):
        client = connection.open(within)
        try:
            request = Request(make(content), "disk", within, {}, frozenset(operation.sets))
            return operation.execute(client, request)[0].tracked["disk.file_name"]
        except ConnectorError as error:
            return error
        finally:
            client.close()

    def make(content):
        from connector_sdk import Document

        return Document(Payload(content), tracked={"disk.file_name": "a"})

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(write, contents))


def test_many_unique_writers_at_once_lose_nothing(base, within):
    contents = [b"%d" % n for n in range(100)]
    names = many(base, "unique", contents, within)
    assert len(set(names)) == 100
    assert {(base / name).read_bytes() for name in names} == set(contents)
    assert len(os.listdir(base)) == 100


def test_of_many_failing_writers_at_once_exactly_one_wins(base, within):
    contents = [b"%d" % n for n in range(50)]
    outcomes = many(base, "fail", contents, within)
    winners = [content for content, outcome in zip(contents, outcomes, strict=True) if outcome == "a"]
    assert [(base / "a").read_bytes()] == winners
    assert {each.code for each in outcomes if each != "a"} == {"FileExists"}


def test_many_appending_writers_at_once_never_mix(base, within):
    contents = [bytes([65 + n % 26]) * 300_000 + b"\n" for n in range(24)]
    assert many(base, "append", contents, within) == ["a"] * 24
    assert sorted((base / "a").read_bytes().splitlines(keepends=True)) == sorted(contents)


def test_appending_and_overwriting_at_once_leaves_whole_documents(base, within):
    contents = [bytes([65 + n % 26]) * 100_000 + b"\n" for n in range(26)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda policy: many(base, policy, contents, within), ["append", "overwrite"]))
    assert set((base / "a").read_bytes().splitlines(keepends=True)) <= set(contents)


@pytest.mark.parametrize("if_exists", ["overwrite", "append"])
def test_readers_see_whole_files_only(base, made, document, if_exists):
    """Whatever a query shows while a document is being written is not the half of it."""
    seen, hidden = [], []

    class Peeking(Payload):
        def read(self):
            seen.extend(each.tracked["disk.path"] for each in made("query", pattern="*"))
            seen.extend(each.tracked["disk.path"] for each in made("query", pattern=".*"))
            hidden.extend(os.listdir(base))
            return super().read()

    made("create", document(payload=Peeking(b"content"), file_name="a"), if_exists=if_exists)
    assert (seen, len(hidden)) == ([], 1)
    assert os.listdir(base) == ["a"]


@pytest.mark.parametrize("if_exists", POLICIES)
def test_a_cancelled_write_leaves_nothing_behind(base, within, serve, document, if_exists):
    if if_exists != "fail":
        (base / "a").write_bytes(b"old")
    before = {name: (base / name).read_bytes() for name in os.listdir(base)}
    within.stop()
    with pytest.raises(Cancelled):
        serve("create", document(b"x" * 5_000_000, file_name="a"), if_exists=if_exists)
    assert {name: (base / name).read_bytes() for name in os.listdir(base)} == before


def test_a_source_that_changed_leaves_nothing_behind(base, serve, document, tmp_path):
    (tmp_path / "source").write_bytes(b"first")
    payload = Payload.file(tmp_path / "source")
    (tmp_path / "source").write_bytes(b"another length")
    (result,) = serve("create", document(payload=payload, file_name="a"))
    assert result.error.code == "FileChanged"
    assert os.listdir(base) == []


@pytest.mark.parametrize("if_exists", POLICIES)
def test_a_full_disk_fails_the_document_and_leaves_no_half_file(base, if_exists):
    (base / "log").write_bytes(b"kept")
    program = f"""
        import resource
        from connector_sdk import Document, Payload
        from connector_sdk.testing import run, runtime
        from connectors.disk import CONNECTOR

        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        document = Document(Payload(b"x" * 3_000_000), tracked={{"disk.file_name": "log"}})
        with runtime() as within:
            connection, operation = {{"folder": {str(base)!r}}}, {{"action": "create", "if_exists": {if_exists!r}}}
            (result,) = run(CONNECTOR, connection, operation, [document], within=within)
        print(result.error.code)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("NoSpace\n", "")
    assert {name: (base / name).read_bytes() for name in os.listdir(base)} == {"log": b"kept"}


def test_a_folder_without_permission_is_a_document_error(others_folder, code, document, without_privileges):
    (others_folder / "closed").mkdir(mode=0o555)
    with without_privileges():
        wanted = document(b"x", folder="closed", file_name="a")
        assert code("create", wanted, folder=others_folder) == "PermissionDenied"


def test_documents_for_one_file_share_a_lane_and_others_do_not(within, document):
    create = CONNECTOR.actions["create"]()

    def lane(**tracked):
        return create.lane(Request(document(**tracked), "disk", within, {}))

    assert lane(folder="a", file_name="b") == lane(file_name="./a//b") is not None
    assert lane(file_name="b") != lane(file_name="c")
    assert lane() is None
    assert lane(file_name="../b") is None


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("place", ["memory", "file", "elsewhere"])
def test_large_content_arrives_from_wherever_it_lies(base, made, document, tmp_path, policy, place):
    content = os.urandom((33 << 20) + 1)
    (tmp_path / "large").write_bytes(content)
    payload = {
        "memory": lambda: Payload(content),
        "file": lambda: Payload.file(tmp_path / "large"),
        "elsewhere": lambda: Payload.deferred(lambda: io.BytesIO(content), len(content)),
    }[place]()
    made("create", document(payload=payload, file_name="a"), if_exists=policy)
    assert (base / "a").read_bytes() == content


def test_a_file_is_copied_from_another_disk(base, made, document):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        path = Path(folder) / "large"
        path.write_bytes(bytes(5 << 20))
        made("create", document(payload=Payload.file(path), file_name="a"))
    assert (base / "a").read_bytes() == bytes(5 << 20)
