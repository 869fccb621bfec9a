"""Very many files in and out: names stay apart, memory stays flat."""

import gc
import tracemalloc

import pytest

from connector_sdk import Document, Payload, ProcessError
from process_runner.console.files import Output, input_documents


def grown(work):
    """Bytes of memory that the work leaves behind."""
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    work()
    gc.collect()
    return tracemalloc.get_traced_memory()[0] - before


def test_names_that_were_written_cost_no_memory(tmp_path):
    output = Output(str(tmp_path / "out"))

    def write(numbers):
        for number in numbers:
            output("all", Document(Payload(b"x"), {"file_name": f"a-name-of-some-length-{number}.txt"}, id=str(number)))
            output("all", Document(Payload(b"y"), {"file_name": "the-same.txt"}, id=str(number)))

    tracemalloc.start()
    try:
        write(range(100))
        assert grown(lambda: write(range(100, 2_000))) < 50_000
    finally:
        tracemalloc.stop()
    names = {each.name for each in (tmp_path / "out" / "all").iterdir()}
    assert names >= {"the-same.txt", "the-same-2.txt", "the-same-2000.txt", "a-name-of-some-length-1999.txt"}
    assert len(names) == 4_000


def test_files_become_documents_one_by_one(tmp_path):
    for number in range(2_000):
        (tmp_path / f"{number:05}.txt").write_text("x")
    tracemalloc.start()
    try:
        documents = input_documents([str(tmp_path / "*.txt")], wanted=True, process="p")
        names = [document.properties["file_name"] for document in documents]
        again = iter(documents)
        assert grown(lambda: [next(again) and None for _ in range(2_000)]) < 50_000
    finally:
        tracemalloc.stop()
    assert names == sorted(names)
    assert len(names) == 2_000


def test_a_file_that_is_gone_when_its_turn_comes_stops_the_process_with_a_reason(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x")
    documents = iter(input_documents([str(tmp_path / "*.txt")], wanted=True, process="p"))
    (tmp_path / "b.txt").unlink()
    assert next(documents).properties == {"file_name": "a.txt"}
    with pytest.raises(ProcessError, match=r"^cannot read .*/b\.txt: No such file or directory$"):
        next(documents)
