"""The local runtime: payloads that spill, and work that stops when asked."""

import io
import os
import threading

import pytest

from connector_sdk import Cancelled
from connector_sdk.runtime import LocalRuntime


@pytest.fixture
def runtime(tmp_path):
    return LocalRuntime(tmp_path, in_memory=10)


@pytest.mark.parametrize("size", [0, 1, 10])
def test_small_contents_stay_in_memory(runtime, tmp_path, size):
    held = runtime.store([b"x"] * size)
    assert (held.read(), held.path) == (b"x" * size, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "source", [lambda: [b"12345678901"], lambda: (b"x" for _ in range(11)), lambda: io.BytesIO(b"y" * 5_000_000)]
)
def test_large_contents_lie_in_a_file_that_goes_away_with_them(runtime, tmp_path, source):
    expected = b"".join(source()) if not hasattr(source(), "read") else source().read()
    held = runtime.store(source())
    assert held.temporary
    assert held.path.parent == tmp_path
    assert held.read() == expected
    del held
    assert list(tmp_path.iterdir()) == []


class Itself(io.BytesIO):
    """A stream that writes itself into files."""

    def write_into(self, descriptor):
        os.pwrite(descriptor, b"end", 5)
        os.pwrite(descriptor, b"start", 0)


def test_a_source_may_write_itself(runtime, tmp_path):
    held = runtime.store(Itself(b"read"))
    assert held.read() == b"startend"
    assert held.temporary
    del held
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_fails_leaves_no_file(runtime, tmp_path):
    def source():
        yield b"x" * 100
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        runtime.store(source())
    assert list(tmp_path.iterdir()) == []


def test_a_runtime_that_was_stopped_takes_no_more(runtime, tmp_path):
    def source():
        yield b"x" * 100
        runtime.stop()
        yield b"never"

    with pytest.raises(Cancelled):
        runtime.store(source())
    assert list(tmp_path.iterdir()) == []


def test_check_and_wait_raise_once_it_was_stopped(runtime):
    runtime.check()
    runtime.wait(0)
    assert not runtime.stopping
    runtime.stop()
    assert runtime.stopping
    for work in (runtime.check, lambda: runtime.wait(0), lambda: runtime.wait(3600)):
        with pytest.raises(Cancelled):
            work()


def test_a_wait_under_way_ends_when_it_is_stopped(runtime):
    ended = []

    def work():
        try:
            runtime.wait(3600)
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    runtime.stop()
    thread.join(30)
    assert len(ended) == 1


def test_paths_are_not_given_twice_also_to_threads(runtime):
    paths = []
    threads = [threading.Thread(target=lambda: paths.extend(runtime.new_path() for _ in range(200))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(paths)) == 1600
