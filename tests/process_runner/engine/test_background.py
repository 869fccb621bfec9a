"""Work that nobody waits for before the end of the execution."""

import sys
import threading
from collections.abc import Iterator

import pytest

from process_runner.engine.background import Background


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_work_that_threads_begin_at_once_is_all_waited_for():
    for _ in range(60):
        background, done, together = Background(), [], threading.Barrier(8)

        def begin(background=background, done=done, together=together):
            together.wait()
            background.begin(lambda: (threading.Event().wait(0.005), done.append(1)))

        threads = [threading.Thread(target=begin) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        background.join()
        assert len(done) == 8


def test_work_begun_by_work_is_waited_for_too():
    background, begun = Background(), []

    def first():
        threading.Event().wait(0.1)  # by now somebody waits for the end
        background.begin(lambda: begun.append("second"))

    background.begin(first)
    background.join()
    assert begun == ["second"]
