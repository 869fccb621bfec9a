"""archiving: copies of what an operation was given and of what it returned."""

import itertools
import json
import re
import threading
import tracemalloc

import pytest

from connector_sdk import Cancelled, Document, DocumentError, Payload
from process_runner.components.archiving import Archive, Archiving

MIB = 1 << 20
STEP = "{name: Store it, connector: {connection: rec, operation: op}}"


@pytest.fixture
def process(written, run, tmp_path):
    """Runs documents through one archived step; gives the outcome."""

    def go(*texts, operation="action: write", documents="both", step=STEP):
        archived = f"archiving: {{folder: {tmp_path / 'archive'}, documents: {documents}}}"
        steps = f"- start: {{documents: {json.dumps(texts)}}}\n- {step}\n- return_documents:"
        return run(written(steps, f"{operation}\n{archived}"))

    return go


@pytest.fixture
def archive(tmp_path):
    """An archive of a step of its own."""

    def make(step="step", execution="run", check=lambda: None, **settings):
        return Archive(Archiving(folder=str(tmp_path / "archive"), **settings), execution, step, check)

    return make


@pytest.fixture
def archived(tmp_path):
    """What is in the archive: contents by path, the execution's id replaced by RUN."""

    def read():
        folder = tmp_path / "archive"
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {re.sub("^[0-9a-f]{12}/", "RUN/", str(path.relative_to(folder))): path.read_text() for path in files}

    return read


def test_documents_are_archived_before_and_after_the_call_by_execution_and_step(process, archived):
    outcome = process("a", "b")
    assert archived() == {
        "RUN/Store it/1.input": "a",
        "RUN/Store it/1.output": "A",
        "RUN/Store it/2.input": "b",
        "RUN/Store it/2.output": "B",
    }
    assert outcome.texts == ["A", "B"]


@pytest.mark.parametrize(("documents", "ending", "content"), [("input", "input", "a"), ("output", "output", "A")])
def test_one_side_can_be_archived_alone(process, archived, documents, ending, content):
    process("a", documents=documents)
    assert archived() == {f"RUN/Store it/1.{ending}": content}


def test_each_execution_has_a_folder_of_its_own(process, tmp_path):
    executions = {process("a").report.execution_id, process("a").report.execution_id}
    assert {path.name for path in (tmp_path / "archive").iterdir()} == executions


def test_every_document_that_a_call_returned_is_archived(process, archived):
    process("a", operation="action: make\ncount: 3", documents="output")
    assert list(archived()) == ["RUN/Store it/1.1.output", "RUN/Store it/1.2.output", "RUN/Store it/1.3.output"]


def test_documents_of_a_batch_are_archived(process, archived, journal):
    process("a", "bad", operation="action: together")
    assert archived() == {"RUN/Store it/1.input": "a", "RUN/Store it/1.output": "A", "RUN/Store it/2.input": "bad"}
    assert journal("batch") == [["batch", "main", ["a", "bad"]]]


def test_documents_served_at_once_are_archived(process, archived):
    texts = [f"text {number}" for number in range(50)]
    assert process(*texts, step=STEP.replace("op}", "op, concurrency: 8}")).texts == [text.upper() for text in texts]
    assert {archived()[f"RUN/Store it/{number}.output"] for number in range(1, 51)} == {each.upper() for each in texts}


def test_a_document_that_is_tried_again_is_archived_again(process, archived):
    process("bad", step=f"try_catch: {{try: [{STEP}], retry: 2, waits: [0]}}")
    assert archived() == {f"RUN/Store it/1.input{ending}": "bad" for ending in ("", ".2", ".3")}


@pytest.mark.parametrize("name", ["../../up", "..", ".", "/etc", "a/b", ".hidden", "a\x00b", "n" * 300, "ü" * 200])
def test_no_name_of_a_step_leads_out_of_the_folder(archive, tmp_path, name):
    archive(name, "run").given(Document(Payload(b"x"), id="../1"))
    (found,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert found.parents[2] == tmp_path / "archive"
    assert found.name == "%2E.%2F1.input"
    assert not found.parent.name.startswith(".")


def test_other_names_of_steps_are_other_folders(archive, tmp_path):
    names = ["a/b", "a%2Fb", "a b", ".a", "%2Ea", "n" * 300, "n" * 301]
    for name in names:
        archive(name).given(Document(Payload(b"x"), id="1"))
    assert len(list((tmp_path / "archive" / "run").iterdir())) == len(names)


def test_a_document_that_cannot_be_archived_fails_before_the_call(process, journal, tmp_path):
    for documents in ("input", "output", "both"):
        (tmp_path / "archive").write_text("a file")
        outcome = process("a", "b", documents=documents)
        assert [failure.code for failure in outcome.report.failures] == ["ArchivingFailed"] * 2
        assert "the document was not given to the operation" in outcome.messages[0]
    assert journal("serve") == []
    assert (tmp_path / "archive").read_text() == "a file"


def test_an_answer_that_cannot_be_archived_fails_the_document_and_says_that_the_call_was_made(
    process, journal, tmp_path
):
    outcome = process("a", operation=f"action: ruin\nfolder: {tmp_path / 'archive'}")
    assert [failure.code for failure in outcome.report.failures] == ["ArchivingFailed"]
    assert "the operation was carried out" in outcome.messages[0]
    assert outcome.texts == []
    assert len(journal("serve")) == 1


def test_a_large_file_is_archived_without_memory(archive, tmp_path):
    large = tmp_path / "large"
    with open(large, "wb") as stream:
        stream.truncate(256 * MIB)
    tracemalloc.start()
    try:
        archive().given(Document(Payload.file(large), id="1"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "archive" / "run" / "step" / "1.input").stat().st_size == 256 * MIB
    assert peak < 8 * MIB


def test_nothing_half_stays_behind_when_the_execution_ends_in_the_middle(archive, tmp_path):
    calls = itertools.count()

    def check():
        if next(calls) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        archive(check=check).given(Document(Payload(bytes(8 * MIB)), id="1"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_changed_after_its_document_was_made_is_not_archived(archive, tmp_path):
    (tmp_path / "changing").write_text("before")
    document = Document(Payload.file(tmp_path / "changing"), id="1")
    (tmp_path / "changing").write_text("afterwards")
    with pytest.raises(DocumentError, match="changed after"):
        archive().given(document)


def test_documents_of_one_name_at_once_all_stay_whole(archive, tmp_path):
    payloads = [bytes([number]) * (MIB + number) for number in range(16)]
    kept = archive()
    threads = [threading.Thread(target=kept.given, args=(Document(Payload(payload), id="1"),)) for payload in payloads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [path.read_bytes() for path in (tmp_path / "archive" / "run" / "step").iterdir()]
    assert sorted(found) == payloads
