"""Create: whole files or none, and two writers never destroy each other's work."""

import io
import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector_sdk import Cancelled, ConnectorError, Document, Payload, Request
from connectors.sftp import CONNECTOR

POLICIES = ["overwrite", "unique", "append", "fail"]
PLACES = [{}, {"in_place": True}, {"temporary_folder": "uploading"}]


def test_the_document_is_written_where_its_properties_say(base, made, document):
    (answer,) = made("create", document(b"content", folder="out/today", file_name="order.json"))
    assert (base / "out/today/order.json").read_bytes() == b"content"
    assert answer.tracked["sftp.path"] == "out/today/order.json"
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


@pytest.mark.parametrize("size", [0, 1, 261_120, 261_121, 5_000_000])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_files_of_any_size_arrive_whole(base, made, document, size, place):
    content = os.urandom(size)
    (answer,) = made("create", document(content, file_name="a"), **place)
    assert (base / "a").read_bytes() == content
    assert answer.tracked["sftp.size"] == str(size)
    assert [each for each in os.listdir(base) if each != "uploading"] == ["a"]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_overwrite_replaces_and_keeps_a_private_file_private(base, made, document, place):
    (base / "a").write_bytes(b"old and longer")
    (base / "a").chmod(0o600)
    made("create", document(b"new", file_name="a"), **place)
    assert (base / "a").read_bytes() == b"new"
    assert stat.S_IMODE((base / "a").stat().st_mode) == 0o600


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_fail_keeps_the_old_file_and_fails_the_document(base, serve, document, place):
    (base / "a").write_bytes(b"old")
    (result,) = serve("create", document(b"new", file_name="a"), if_exists="fail", **place)
    assert result.error.code == "FileExists"
    assert "if_exists" in str(result.error)
    assert (base / "a").read_bytes() == b"old"
    assert [each for each in os.listdir(base) if each != "uploading"] == ["a"]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_unique_takes_the_next_free_name_before_the_extension(base, made, document, place):
    answers = made("create", *[document(b"%d" % n, file_name="a.json") for n in range(12)], if_exists="unique", **place)
    names = ["a.json", *[f"a-{number}.json" for number in range(1, 12)]]
    assert [each.tracked["sftp.file_name"] for each in answers] == names
    assert [(base / name).read_bytes() for name in names] == [b"%d" % n for n in range(12)]


def test_append_adds_to_the_end_of_a_file_or_makes_it(base, made, document):
    one, two = made(
        "create", document(b"one\n", file_name="log"), document(b"two\n", file_name="log"), if_exists="append"
    )
    assert (base / "log").read_bytes() == b"one\ntwo\n"
    assert (one.tracked["sftp.size"], two.tracked["sftp.size"]) == ("4", "8")


def test_a_large_document_is_appended_whole(base, made, document):
    content = os.urandom(3_000_000)
    (base / "log").write_bytes(b"before")
    made("create", document(content, file_name="log"), if_exists="append")
    assert (base / "log").read_bytes() == b"before" + content


@pytest.mark.parametrize("if_exists", POLICIES)
def test_a_folder_is_never_replaced(base, code, document, if_exists):
    (base / "folder/inner").mkdir(parents=True)
    expected = {"fail": "FileExists", "unique": None}.get(if_exists, "NotAFile")
    if expected:
        assert code("create", document(b"x", file_name="folder"), if_exists=if_exists) == expected
    assert code("create", document(b"x", file_name="."), if_exists=if_exists) == "NotAFile"
    assert (base / "folder/inner").is_dir()


def test_a_file_where_a_folder_should_be_is_told(base, code, document):
    (base / "a").write_bytes(b"")
    assert code("create", document(b"x", folder="a", file_name="b")) == "NotAFolder"
    assert code("create", document(b"x", folder="a/b", file_name="c")) == "NotAFolder"


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_mode_and_modified_are_set_before_the_file_is_seen(base, made, document, place):
    (answer,) = made(
        "create", document(b"x", file_name="a"), mode="0604", modified="2026-01-31T12:00:00+01:00", **place
    )
    facts = (base / "a").stat()
    assert stat.S_IMODE(facts.st_mode) == 0o604
    assert answer.tracked["sftp.modified"] == "2026-01-31T11:00:00.000000Z"
    assert facts.st_mtime == 1_769_857_200


def test_a_time_that_is_none_is_refused_before_anything_is_sent(base, code, document):
    assert code("create", document(b"x", file_name="a"), modified="yesterday") == "InvalidTime"
    assert os.listdir(base) == []


def race(settings, within, if_exists, contents, connections):
    """Every content is written to one name by clients of their own, at once."""
    operation = CONNECTOR.actions["create"](if_exists=if_exists)
    connection = CONNECTOR.connection.load(settings(max_connections=2))
    clients = [connection.open(within) for _ in range(connections)]

    def write(number):
        document = Document(Payload(contents[number]), tracked={"sftp.file_name": "a"})
        request = Request(document, "sftp", within, {}, frozenset(operation.sets))
        try:
            return operation.execute(clients[number % connections], request)[0].tracked["sftp.file_name"]
        except ConnectorError as error:
            return error

    try:
        with ThreadPoolExecutor(2 * connections) as threads:
            return list(threads.map(write, range(len(contents))))
    finally:
        for each in clients:
            connection.close(each)


def test_many_unique_writers_at_once_lose_nothing(base, settings, within):
    contents = [b"%d" % n for n in range(40)]
    names = race(settings, within, "unique", contents, 4)
    assert len(set(names)) == 40
    assert {(base / name).read_bytes() for name in names} == set(contents)
    assert len(os.listdir(base)) == 40


def test_of_many_failing_writers_at_once_exactly_one_wins(base, settings, within):
    contents = [b"%d" % n for n in range(24)]
    outcomes = race(settings, within, "fail", contents, 4)
    winners = [content for content, outcome in zip(contents, outcomes, strict=True) if outcome == "a"]
    assert [(base / "a").read_bytes()] == winners
    assert {each.code for each in outcomes if each != "a"} == {"FileExists"}
    assert os.listdir(base) == ["a"]


def test_many_overwriting_writers_at_once_leave_one_whole_document(base, settings, within):
    contents = [bytes([65 + n]) * 300_000 for n in range(16)]
    assert race(settings, within, "overwrite", contents, 4) == ["a"] * 16
    assert (base / "a").read_bytes() in contents
    assert os.listdir(base) == ["a"]


@pytest.mark.parametrize("place", PLACES[::2], ids=str)
@pytest.mark.parametrize("if_exists", ["overwrite", "unique", "fail"])
def test_readers_see_whole_files_only(base, made, document, if_exists, place):
    """Whatever a query shows while a document is being written is not the half of it."""
    seen = []

    class Peeking(Payload):
        def open(self):
            found = [*made("query"), *made("query", pattern=".*"), *made("query", pattern="uploading/.*")]
            seen.extend(each.tracked["sftp.path"] for each in found)
            seen.extend(each.tracked["sftp.path"] for each in made("list"))
            return super().open()

    made("create", document(payload=Peeking(b"content"), file_name="a"), if_exists=if_exists, **place)
    assert seen in ([], ["uploading"])
    assert (base / "a").read_bytes() == b"content"


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("if_exists", POLICIES)
def test_a_write_that_is_cancelled_in_its_middle_leaves_nothing_behind(base, within, serve, document, if_exists, place):
    if if_exists != "fail" and not place.get("in_place"):
        (base / "a").write_bytes(b"old")
    before = {name: (base / name).read_bytes() for name in os.listdir(base)}

    class Stopping(Payload):
        def open(self):
            return Watched(super().open())

    class Watched(io.BytesIO):
        def __init__(self, stream):
            super().__init__(stream.read())

        def read(self, size=-1):
            if self.tell() > 2_000_000:
                within.stop()
            return super().read(size)

    with pytest.raises(Cancelled):
        serve("create", document(payload=Stopping(b"x" * 5_000_000), file_name="a"), if_exists=if_exists, **place)
    after = {name: (base / name).read_bytes() for name in os.listdir(base) if name != "uploading"}
    assert after == before
    assert list((base / "uploading").iterdir() if (base / "uploading").exists() else ()) == []


def test_a_source_that_changed_leaves_nothing_behind(base, serve, document, tmp_path):
    (tmp_path / "source").write_bytes(b"first")
    payload = Payload.file(tmp_path / "source")
    (tmp_path / "source").write_bytes(b"another length")
    (result,) = serve("create", document(payload=payload, file_name="a"))
    assert result.error.code == "FileChanged"
    assert os.listdir(base) == []


def test_documents_for_one_file_share_a_lane_and_others_do_not(within, document):
    create = CONNECTOR.actions["create"]()

    def lane(**tracked):
        return create.lane(Request(document(**tracked), "sftp", within, {}))

    assert lane(folder="a", file_name="b") == lane(file_name="./a//b") is not None
    assert lane(file_name="b") != lane(file_name="c")
    assert lane() is None
    assert lane(file_name="../b") is None


def test_several_threads_share_a_client_and_never_more_connections_than_allowed(base, server, client, within, document):
    opened = client(max_connections=2)
    create = CONNECTOR.actions["create"]()
    barrier = threading.Barrier(6)

    def write(number):
        request = Request(document(b"x" * 1_000_000, file_name=str(number)), "sftp", within, {}, frozenset(create.sets))
        barrier.wait()
        create.execute(opened, request)

    logins = server.log.count("Accepted publickey")
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write, range(6)))
    assert sorted(os.listdir(base)) == [str(number) for number in range(6)]
    assert server.log.count("Accepted publickey") - logins == 2


@pytest.mark.unprivileged
@pytest.mark.parametrize("if_exists", POLICIES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_folder_without_permission_is_a_document_error(others_folder, code, document, if_exists, place):
    wanted, connection = document(b"x", file_name="a"), {"folder": str(others_folder)}
    assert code("create", wanted, if_exists=if_exists, connection=connection, **place) == "PermissionDenied"
    assert os.listdir(others_folder) == []


@pytest.mark.unprivileged
@pytest.mark.parametrize("if_exists", POLICIES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_file_of_somebody_else_is_never_lost(others_folder, serve, document, if_exists, place):
    others_folder.chmod(0o777)
    (others_folder / "a").write_bytes(b"kept")
    wanted, connection = document(b"new", file_name="a"), {"folder": str(others_folder)}
    (result,) = serve("create", wanted, if_exists=if_exists, connection=connection, **place)
    contents = {each.read_bytes() for each in others_folder.iterdir() if each.is_file()}
    if result.error:
        assert result.error.code == ("FileExists" if if_exists == "fail" else "PermissionDenied")
        assert contents == {b"kept"}
    else:
        assert contents == ({b"new"} if if_exists == "overwrite" else {b"kept", b"new"})
