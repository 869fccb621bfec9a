"""A large object whose checksum is not to be added up is written into its file by ranges, each at its place."""

import errno
import logging
import os
import threading

import pytest

from connector_sdk import Cancelled, DocumentError, Payload
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, Hold, Reset, Rule
from connectors.s3.downloads import ahead, ranges
from connectors.s3.uploads import budget

UNAVAILABLE = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>")
REFUSED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
RANGES = [(start << 20, min(start + 4 << 20, (21 << 20) + 5) - 1) for start in range(0, 24, 4)]
ASKED = [f"bytes={start}-{stop}" for start, stop in RANGES]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(ranges, "LARGEST", 4 << 20)


@pytest.fixture
def placed(fetched):
    """Fetches the object where no checksums are compared."""
    return lambda url, **settings: fetched(url, checksums="when_required", **settings)


def asked(proxy):
    return sorted((each.header("Range") for each in proxy.exchanges if each.header("Range")), key=ASKED.index)


@pytest.mark.parametrize("requests", ["direct", "botocore"])
def test_it_comes_in_ranges_of_what_it_was(filled, placed, content, requests):
    with FaultProxy(filled.url) as proxy:
        payload, answer = placed(proxy.url, requests=requests)

    assert payload.read() == content
    assert payload.temporary
    assert asked(proxy) == ASKED
    assert {each.header("If-Match") for each in proxy.exchanges if each.header("Range")} == {answer["ETag"]}


@pytest.mark.parametrize("fault", [UNAVAILABLE, Reset(), Reset(served=True), Cut(100_000)])
def test_a_range_that_fails_is_fetched_again_and_no_other(filled, placed, content, fault):
    with FaultProxy(filled.url, Rule(fault, header=f"Range: {ASKED[2]}", on=(1, 2))) as proxy:
        payload, _ = placed(proxy.url)

    assert payload.read() == content
    assert asked(proxy) == sorted([*ASKED, ASKED[2], ASKED[2]], key=ASKED.index)


def test_a_refused_range_fails_the_document_and_ends_the_others(filled, placed, runtime, monkeypatch):
    monkeypatch.setattr(ranges, "LARGEST", 64 << 10)  # so many that some are left however long a refusal takes
    with (
        FaultProxy(filled.url, Rule(REFUSED, header="Range: bytes=65536-131071")) as proxy,
        pytest.raises(DocumentError) as caught,
    ):
        placed(proxy.url)

    assert caught.value.code == "AccessDenied"
    assert len([each for each in proxy.exchanges if each.header("Range")]) < (21 << 20) // (64 << 10)
    del caught  # its traceback knows who stored the file
    assert list(runtime.folder.iterdir()) == []


def test_a_run_that_is_to_end_fetches_no_more_and_leaves_no_file(filled, placed, runtime):
    hold = Hold(threading.Event())

    def stop():
        hold.reached.wait(30)
        runtime.stop()
        hold.release.set()

    thread = threading.Thread(target=stop)
    with FaultProxy(filled.url, Rule(hold, header=f"Range: {ASKED[3]}")) as proxy:
        thread.start()
        with pytest.raises(Cancelled):
            placed(proxy.url)
        thread.join()

    assert list(runtime.folder.iterdir()) == []


def test_a_store_without_ranges_is_asked_for_the_whole(filled, placed, content, runtime, caplog):
    caplog.set_level(logging.INFO)
    whole = Answer(200, headers=(("ETag", f'"{"0" * 32}"'),), body=content)
    with FaultProxy(filled.url, Rule(whole, method="GET")) as proxy:
        payload, _ = placed(proxy.url)

    assert payload.read() == content
    assert len(list(runtime.folder.iterdir())) == 1


def test_an_object_that_is_replaced_meanwhile_is_fetched_as_it_is_then(filled, placed):
    hold = Hold(threading.Event())

    def replace():
        hold.reached.wait(30)
        filled.api.put_object(Bucket=filled.bucket, Key="k", Body=b"other" * 500_000)
        hold.release.set()

    thread = threading.Thread(target=replace)
    with FaultProxy(filled.url, Rule(hold, header=f"Range: {ASKED[1]}")) as proxy:
        thread.start()
        payload, _ = placed(proxy.url)
        thread.join()

    assert payload.read() == b"other" * 500_000


def test_a_disk_that_is_full_is_told_as_such(filled, placed, monkeypatch, runtime):
    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ranges.os, "pwrite", full)
    with pytest.raises(OSError, match="No space left"):
        placed(filled.url)

    assert list(runtime.folder.iterdir()) == []


def test_content_that_is_read_when_it_is_written_needs_no_room_in_the_budget(filled, look, content, tmp_path):
    payload = look(filled.url).payload
    assert budget.of_process().take(budget.WHOLE)
    try:
        with (
            FaultProxy(filled.url) as proxy,
            look(proxy.url).payload.open() as stream,
            open(tmp_path / "whole", "xb") as target,
        ):
            stream.write_into(target.fileno())
    finally:
        budget.of_process().give(budget.WHOLE)

    assert (tmp_path / "whole").read_bytes() == content
    assert asked(proxy) == ASKED
    assert payload.linked(tmp_path / "kept", None).read() == content


def test_a_reader_keeps_what_it_reads_within_the_budget(filled, look, content):
    used, most = budget.of_process(), 0
    with look(filled.url).payload.open() as stream:
        for start in range(0, len(content), 1 << 20):
            assert stream.read(1 << 20) == content[start : start + (1 << 20)]
            most = max(most, budget.WHOLE - used._left)

    assert most > ahead.LARGEST  # the block that is read counts like those that come
    assert used._left == budget.WHOLE


def test_a_payload_that_was_read_stays_as_it_is(runtime):
    block = bytearray(b"first")

    def pieces():
        for _ in range(20_000):
            yield memoryview(block)
            block[:] = block[::-1]

    stored: Payload = runtime.store(pieces())
    assert stored.read() == b"firsttsrif" * 10_000
