"""Log lines: where they belong, what they hide, and that nothing in them can make a second line."""

import io
import json
import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest

from process_runner.log import Told, configure, execution_context, step_context
from process_runner.redaction import Redaction


@pytest.fixture
def lines():
    """Configure a form, log through a logger, and give the lines."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()

    def begin(form, *secrets):
        configure(form, Redaction(secrets), stream)
        return lambda: stream.getvalue().splitlines()

    yield begin
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_says_when_how_serious_and_where(lines):
    told = lines("text")
    log = logging.getLogger("connectors.s3")
    with execution_context("abc", "archive"), step_context("Store"):
        log.info("stored %d", 5)
    log.warning("outside")
    first, second = told()
    assert first[8:] == " INFO    archive / Store: stored 5"
    assert second[8:] == " WARNING outside"


def test_json_lines_have_the_same_as_fields(lines):
    told = lines("json", "top-secret")
    with execution_context("abc", "archive"), step_context("Store top-secret"):
        logging.getLogger("process_runner").info("said\ntop-secret")
    (line,) = told()
    fields = json.loads(line)
    assert fields.pop("time")[10] == "T"
    assert fields == {
        "level": "info",
        "execution_id": "abc",
        "process": "archive",
        "step": "Store ***",
        "logger": "process_runner",
        "message": "said\n***",
    }


def test_a_number_that_equals_a_secret_leaves_json_whole(lines):
    told = lines("json", "message", "info")
    logging.getLogger("process_runner").info("an info message")
    fields = json.loads(told()[0])
    assert (fields["message"], fields["level"]) == ("an *** ***", "info")


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_cannot_forge_a_line_and_hides_secrets(lines, form):
    told = lines(form, "top-secret")
    try:
        raise ValueError("top-secret\n00:00:00 ERROR   forged")
    except ValueError:
        logging.getLogger("process_runner").exception("failed")
    assert "top-secret" not in "\n".join(told())
    assert not [line for line in told() if line.startswith("00:00:00")]
    assert len(told()) == 1 or all(line.startswith("    ") for line in told()[1:])


def test_debug_lines_of_libraries_stay_out(lines):
    told = lines("text")
    logging.getLogger("some.package").info("noise")
    logging.getLogger("process_runner").debug("noise")
    assert told() == []


def test_contexts_end_with_their_blocks_and_belong_to_their_thread(lines):
    told = lines("text")
    log = logging.getLogger("process_runner")
    with execution_context("a", "p"):
        thread = threading.Thread(target=lambda: log.info("other"))
        thread.start()
        thread.join()
    log.info("after")
    assert [line[9:] for line in told()] == ["INFO    other", "INFO    after"]


def test_lines_go_to_what_stands_in_for_standard_error_now(monkeypatch):
    # a live table on a terminal replaces sys.stderr, so that lines are written above it
    configure("text", Redaction())
    table = io.StringIO()
    monkeypatch.setattr("sys.stderr", table)
    logging.getLogger("process_runner").info("stored")
    assert table.getvalue().endswith("stored\n")


def test_a_line_about_a_document_is_written_as_it_is_with_its_time_and_its_fields(lines):
    told = lines("json")
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    logging.getLogger("process_runner").handle(Told("process_runner", "100 %s", document="1", status="success"))
    fields = json.loads(told()[0])
    assert (fields["message"], fields["level"], fields["document"]) == ("100 %s", "info", "1")
    assert before <= datetime.fromisoformat(fields["time"]) <= datetime.now(UTC)
    assert logging.Formatter("%(asctime)s %(lineno)d %(message)s").format(Told("a", "b")).endswith(" 0 b")
