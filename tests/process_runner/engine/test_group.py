"""Groups: in memory or on disk, they are the same."""

import marshal
import os
import pickle
from itertools import islice
from pathlib import Path

import pytest

from connector_sdk import Document, Payload
from process_runner.engine.block import Block
from process_runner.engine.group import DocumentGroup
from process_runner.engine.parcel import pack, unpack
from process_runner.engine.table import Table

LETTERS = "abcdefghij"
LARGE = [letter * 100 for letter in LETTERS]


def files(runtime) -> int:
    """Files under the runtime's folder that have content, a file with several names counted once."""
    found = [Path(at) / name for at, _, names in os.walk(runtime.folder) for name in names]
    return len({path.stat().st_ino for path in found})


def facts(document: Document):
    return document.id, document.payload.read(), dict(document.properties), dict(document.tracked), document.origins


def test_a_spilled_group_gives_the_same_documents_as_often_as_it_is_asked(group, small):
    made = group(LETTERS)
    assert len(made) == 10
    first, second = [facts(each) for each in made], [facts(each) for each in made]
    assert first == second
    assert first[3] == ("3", b"d", {"text": "d"}, {"x.y": "z"}, (3,))


def test_documents_are_appended_behind_those_on_disk(group, small, texts, plain):
    made = group("abc")
    made.append(plain)
    assert texts(made) == ["a", "b", "c", "x"]


def test_two_readers_do_not_disturb_each_other(group, small, texts):
    made = group(LETTERS)
    ways = iter(made), iter(made)
    mixed = [texts(islice(way, 4)) for way in ways] + [texts(way) for way in ways]
    assert mixed == [list("abcd"), list("abcd"), list("efghij"), list("efghij")]


@pytest.mark.parametrize("start", range(11))
@pytest.mark.parametrize("length", [0, 1, 3, 4, 20])
def test_a_part_holds_the_documents_from_its_start_up_to_its_stop(group, small, texts, start, length):
    part = group(LETTERS).part(start, start + length)
    assert (texts(part), len(part)) == (list(LETTERS[start : start + length]), len(LETTERS[start : start + length]))


def test_a_part_of_a_part_is_a_part(group, small, texts):
    assert texts(group(LETTERS).part(2, 9).part(3, 6)) == list("fgh")


def test_a_part_does_not_read_the_blocks_before_it(group, small, texts, monkeypatch):
    made = group(LETTERS)
    loaded = []
    load = marshal.loads
    monkeypatch.setattr("process_runner.engine.spilled.marshal.loads", lambda block: loaded.append(1) or load(block))
    assert texts(made.part(6, 8)) == ["g", "h"]
    assert len(loaded) == 1


@pytest.mark.parametrize("count", range(11))
def test_a_group_that_is_cut_keeps_its_first_documents_and_goes_on_from_there(group, small, runtime, count):
    for contents in (LETTERS, LARGE):
        made = group(contents)
        expected = [facts(each) for each in islice(made, count)]
        made.cut(count)
        assert (len(made), [facts(each) for each in made]) == (count, expected)
        more = group(contents)
        made.extend(more)
        assert [facts(each) for each in made] == expected + [facts(each) for each in more]
        del made, more
    assert files(runtime) == 0


class Own(str):
    """A text of a class of its own, as libraries make them."""

    __slots__ = ()


def test_texts_of_other_classes_and_half_characters_come_back(runtime, small):
    made = DocumentGroup(runtime)
    values = ["plain", Own("own"), "\udcff", "\ud800", "é", "", "x" * 300]
    made.extend(Document(Payload(text.encode(errors="surrogatepass")), {text: text}) for text in values)
    assert [dict(each.properties) for each in made] == [{text: text} for text in values]


def test_documents_that_share_their_properties_come_back_with_them(runtime, small):
    shared = {"name": "value"}
    made = DocumentGroup(runtime)
    made.extend(Document(Payload(b""), shared, {}, str(number), (1 << 90,)) for number in range(7))
    assert [facts(each) for each in made] == [(str(n), b"", shared, {}, (1 << 90,)) for n in range(7)]


def test_files_of_payloads_live_as_long_as_a_group_that_needs_them(group, small, runtime, texts):
    made = group(LARGE)
    other = DocumentGroup(runtime)
    other.extend(made)
    del made
    assert texts(other) == LARGE
    assert files(runtime) == len(LARGE) + 1  # and the block file
    kept = list(islice(other, 5))[-1]
    del other
    assert kept.payload.read() == b"e" * 100
    del kept
    assert files(runtime) == 0


def test_a_document_taken_from_a_group_keeps_its_file(group, small):
    kept = next(iter(group(LARGE)))
    assert kept.payload.read() == b"a" * 100


def test_a_group_spills_by_content_too(group, runtime, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_BYTES", 20)
    made = group(["a" * 9, "b" * 9])
    assert files(runtime) == 1
    assert len(made) == 2


def test_large_properties_count_as_content(runtime, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_BYTES", 20)
    made = DocumentGroup(runtime)
    made.append(Document(Payload(b""), {"large": "x" * 30}))
    assert (files(runtime), len(made)) == (1, 1)


def test_large_tracked_properties_count_as_content(runtime, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_BYTES", 20)
    made = DocumentGroup(runtime)
    made.append(Document(Payload(b""), {}, {"error.message": "x" * 30}))
    assert (files(runtime), len(made)) == (1, 1)


def test_a_users_file_is_neither_copied_nor_deleted(runtime, small, tmp_path):
    path = tmp_path / "mine"
    path.write_text("content")
    made = DocumentGroup(runtime)
    made.extend(Document(Payload.file(path)) for _ in range(4))
    assert [each.payload.path for each in made] == [path] * 4
    del made
    assert path.read_text() == "content"


def test_no_file_stays_open_behind_readers_that_stop_early(group, small):
    made = group(LETTERS)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        next(iter(made))
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("contents", [list("ab"), list(LETTERS), LARGE, []])
def test_a_parcel_brings_every_document_to_another_process(group, small, runtime, contents):
    made = group(contents)
    expected = [facts(each) for each in made]
    parcel = pickle.loads(pickle.dumps(pack(made)))
    del made
    arrived = unpack(parcel, runtime)
    assert [facts(each) for each in arrived] == expected
    del arrived
    assert files(runtime) == 0


@pytest.mark.parametrize(("before", "taken"), [("", LETTERS), ("abc", LETTERS), ("", "ab"), ("abc", "d"), ("abc", "")])
def test_a_group_takes_another_one_whole_and_goes_on(group, small, texts, plain, before, taken):
    whole = group(before)
    whole.take(group(taken))
    whole.append(plain)
    assert len(whole) == len(before) + len(taken) + 1
    assert texts(whole) == [*before, *taken, "x"]


def test_a_block_of_any_length_is_kept_in_short_ones(runtime, small, texts):
    made = DocumentGroup(runtime)
    block = Block([b"%d" % number for number in range(10)], Table(), Table(), ("1", 1), ())
    made.add(block, block.weight())
    assert max(len(list(each)) for each in made.blocks()) == 3
    assert (len(made), texts(made)) == (10, list("0123456789"))
