"""Lines that break and servers that go: work goes on where it was, and nothing is done twice or by half."""

import hashlib
import logging
import os
import threading

import pytest

from connector_sdk import Cancelled, DocumentError, ProcessError, Request
from connectors.sftp import CONNECTOR

LARGE = 6_000_000
POLICIES = ["overwrite", "unique", "fail"]
PLACES = [{}, {"in_place": True}, {"temporary_folder": "uploading"}]


def files(base):
    return {each.name: each.read_bytes() for each in base.rglob("*") if each.is_file()}


def same(got, sent):
    """Whether the bytes are the same; large ones are not to be shown."""
    return len(got) == len(sent) and hashlib.sha256(got).digest() == hashlib.sha256(sent).digest()


@pytest.fixture
def through(line):
    """Settings that lead over the line."""
    return {"port": line.port}


@pytest.mark.parametrize("if_exists", POLICIES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_an_upload_that_breaks_in_its_middle_goes_on(base, made, document, line, through, if_exists, place):
    content = os.urandom(LARGE)
    line.cuts = [{"up": 1_000_000}, {"up": 2_500_000}, {"up": 2_000_000}]
    made("create", document(content, file_name="a"), if_exists=if_exists, connection=through, **place)
    assert list(files(base)) == ["a"]
    assert same((base / "a").read_bytes(), content)
    assert len(line.seen) == 4


def test_an_upload_sends_what_had_arrived_once(base, made, document, line, through):
    line.cuts = [{"up": 4_000_000}]
    made("create", document(os.urandom(LARGE), file_name="a"), connection=through)
    assert sum(each["up"] for each in line.seen) < LARGE + 2_300_000


@pytest.mark.parametrize("loss", ["all", "a part"])
def test_an_upload_begins_anew_where_the_server_lost_what_it_had(
    base, made, document, server, line, through, within, loss
):
    content, wait = os.urandom(LARGE), within.wait
    line.cuts = [{"up": 4_000_000}]

    def lose(seconds):
        server.end_sessions()
        while server.sessions():
            pass  # what it still has to write must not come after the loss
        (part,) = base.iterdir()
        assert part.stat().st_size > 1_000_000
        if loss == "all":
            part.unlink()
        else:
            os.truncate(part, 500_000)
        wait(seconds)

    within.wait = lose
    made("create", document(content, file_name="a"), connection=through)
    assert list(files(base)) == ["a"]
    assert same((base / "a").read_bytes(), content)


def test_a_download_that_breaks_in_its_middle_goes_on_where_it_was(base, made, line, through):
    content = os.urandom(LARGE)
    (base / "a").write_bytes(content)
    line.cuts = [{"down": 1_000_000}, {"down": 2_500_000}, {"down": 2_000_000}]
    (got,) = made("get", id="a", connection=through)
    assert same(got.payload.read(), content)
    assert len(line.seen) == 4


def test_progress_gives_all_the_waits_back(base, made, line, through):
    content = os.urandom(LARGE)
    (base / "a").write_bytes(content)
    line.cuts = [{"down": 1_500_000}] * 12
    (got,) = made("get", id="a", connection={**through, "retry": {"waits": [0, 0, 0]}})
    assert same(got.payload.read(), content)


def test_a_file_that_changed_while_the_line_was_broken_is_no_mixture(base, serve, line, through, within):
    (base / "a").write_bytes(b"a" * LARGE)
    line.cuts = [{"down": 2_000_000}]

    def swap(seconds, wait=within.wait):
        (base / "a").write_bytes(b"b" * (LARGE + 1))
        wait(seconds)

    within.wait = swap
    (result,) = serve("get", id="a", connection=through)
    assert result.error.code == "FileChanged"


def cuts_of(line, action):
    """After how many bytes of the server's to break the line: every moment of the work that follows the login."""
    line.seen.clear()
    action()
    whole = line.seen[0]["down"]
    return range(whole - 840, whole, 40)


@pytest.mark.parametrize("if_exists", POLICIES)
def test_whatever_answer_is_lost_a_file_is_created_once(base, made, document, line, through, if_exists):
    def create(name):
        (answer,) = made("create", document(b"content", file_name=name), if_exists=if_exists, connection=through)
        return answer

    for number, cut in enumerate(cuts_of(line, lambda: create("first"))):
        line.cuts = [{"down": cut}]
        answer = create(str(number))
        assert answer.tracked["sftp.file_name"] == str(number), cut
        assert answer.tracked["sftp.modified"] > "2020"
        assert files(base).pop(str(number)) == b"content"
    assert set(files(base)) == {"first", *(str(each) for each in range(number + 1))}


@pytest.mark.parametrize("if_exists", POLICIES)
def test_whatever_answer_is_lost_a_file_is_moved_once(base, made, line, through, if_exists):
    def move(name):
        (base / name).write_bytes(name.encode())
        (answer,) = made("move", id=name, to="done", if_exists=if_exists, connection=through)
        return answer

    for number, cut in enumerate(cuts_of(line, lambda: move("first"))):
        line.cuts = [{"down": cut}]
        assert move(str(number)).tracked["sftp.path"] == f"done/{number}", cut
        assert (base / "done" / str(number)).read_bytes() == str(number).encode()
    assert os.listdir(base) == ["done"]
    assert len(os.listdir(base / "done")) == number + 2


def test_whatever_answer_is_lost_a_file_is_deleted(base, made, line, through):
    def delete():
        (base / "a").write_bytes(b"")
        made("delete", id="a", connection=through)
        assert os.listdir(base) == []

    for cut in cuts_of(line, delete):
        line.cuts = [{"down": cut}]
        delete()


def test_an_append_that_breaks_is_not_tried_again_and_told(base, serve, document, line, through):
    (base / "log").write_bytes(b"before")
    line.cuts = [{"up": 1_000_000}]
    (result,) = serve("create", document(b"x" * LARGE, file_name="log"), if_exists="append", connection=through)
    assert result.error.code == "ConnectionLost"
    assert "6 bytes before" in str(result.error)
    assert (base / "log").read_bytes().startswith(b"before")
    assert (base / "log").stat().st_size < LARGE


def test_where_every_line_breaks_the_document_fails_and_no_final_name_appears(base, serve, document, line, through):
    line.cuts = [{"up": 20_000}] * 3
    connection = {**through, "retry": {"waits": [0, 0]}}
    (result,) = serve("create", document(b"x" * LARGE, file_name="a"), connection=connection)
    assert result.error.code == "ConnectionLost"
    assert "every retry failed" in str(result.error)
    assert files(base) == {}


def test_a_half_file_that_cannot_be_removed_is_told(base, serve, document, server, line, through):
    line.cuts = [{"up": 1_000_000}, *[{"up": 10}] * 9]
    connection = {**through, "retry": {"waits": [0]}}
    with pytest.raises(ProcessError, match="every retry failed"):
        serve("create", document(b"x" * LARGE, file_name="a"), connection=connection)
    (left,) = files(base)
    assert left.startswith(".sftp-part-")


def test_the_name_of_a_half_file_is_in_the_log(base, serve, document, line, through, caplog):
    line.cuts = [{"up": 1_000_000}, *[{"up": 10}] * 9]
    with pytest.raises(ProcessError):
        serve("create", document(b"x" * LARGE, file_name="a"), connection={**through, "retry": {"waits": [0]}})
    (left,) = files(base)
    assert f"'{left}' stays on the server" in caplog.text


def test_a_session_that_is_killed_is_replaced(base, server, client, within, document, start_server, settings):
    own = start_server()
    opened = client(port=own.port)
    get = CONNECTOR.actions["get"]()
    (base / "a").write_bytes(b"a")
    request = Request(document(file_name="a"), "sftp", within, {}, frozenset(get.sets))
    for _ in range(3):
        (got,) = get.execute(opened, request)
        assert got.payload.read() == b"a"
        own.end_sessions()


def test_a_server_may_be_restarted_between_two_documents(base, client, within, document, start_server):
    own = start_server()
    opened = client(port=own.port)
    create = CONNECTOR.actions["create"]()
    for name in ("a", "b", "c"):
        request = Request(document(name.encode(), file_name=name), "sftp", within, {}, frozenset(create.sets))
        create.execute(opened, request)
        own.stop()
        own.start()
    assert files(base) == {"a": b"a", "b": b"b", "c": b"c"}


def test_a_server_that_is_away_stops_the_process_after_the_ladder(base, serve, start_server):
    own = start_server()
    own.stop()
    with pytest.raises(ProcessError, match="cannot be reached") as caught:
        serve("get", id="a", connection={"port": own.port})
    assert caught.value.code == "Unreachable"


def test_a_server_that_falls_silent_is_not_waited_for_for_ever(base, client, within, document, line):
    opened = client(port=line.port, answer_timeout=0.3, login_timeout=0.3, retry={"waits": []}, keepalive=0)
    get = CONNECTOR.actions["get"]()
    (base / "a").write_bytes(b"a")
    request = Request(document(file_name="a"), "sftp", within, {}, frozenset(get.sets))
    get.execute(opened, request)
    line.frozen.set()
    with pytest.raises(DocumentError, match=r"no answer in 0\.3 seconds") as caught:
        get.execute(opened, request)
    assert caught.value.code == "ConnectionLost"


def test_a_wait_ends_as_soon_as_the_execution_is_asked_to_end(base, serve, within, start_server):
    own = start_server()
    own.stop()
    threading.Timer(0.2, within.stop).start()
    with pytest.raises(Cancelled):
        serve("get", id="a", connection={"port": own.port, "retry": {"waits": [60]}})


def test_a_retry_is_told_and_shows_no_secret(base, made, line, through, server, caplog):
    caplog.set_level(logging.DEBUG)
    (base / "a").write_bytes(b"a" * LARGE)
    line.cuts = [{"down": 1_000_000}]
    made("get", id="a", connection={**through, "password": "no-secret-to-be-seen"})
    assert "trying again in 0 s" in caplog.text
    assert "no-secret-to-be-seen" not in caplog.text
    assert server.key.splitlines()[1] not in caplog.text
