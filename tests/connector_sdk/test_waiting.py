"""Waiting in one thread: whoever waits lets the others go on, and blocks where there are none."""

import contextvars
import socket
import threading
import time
from concurrent.futures import Future

import pytest
from greenlet import getcurrent

from connector_sdk import Cancelled
from connector_sdk.loop import Loop
from connector_sdk.runtime import LocalRuntime
from connector_sdk.waiting import READABLE, WRITABLE, aside, done, until


@pytest.fixture
def loop():
    found = Loop(2)
    yield found
    found.finish()


@pytest.fixture
def pair():
    with closing_pair() as ends:
        yield ends


def closing_pair():
    class Pair:
        def __enter__(self):
            self.ends = socket.socketpair()
            for end in self.ends:
                end.setblocking(False)
            return self.ends

        def __exit__(self, *_):
            for end in self.ends:
                end.close()

    return Pair()


def test_a_task_runs_at_once_until_it_waits(loop, pair):
    steps = []

    def work():
        steps.append("begun")
        until(READABLE, pair[0], 30)
        steps.append("read")
        return pair[0].recv(10)

    task = loop.start(work)
    assert (steps, task.is_done, loop.busy) == (["begun"], False, 1)
    pair[1].send(b"hello")
    assert loop.turn(30)
    assert (task.result(), loop.busy) == (b"hello", 0)


def test_whoever_is_ready_goes_on_before_those_who_wait(loop):
    with closing_pair() as slow, closing_pair() as quick:
        order = []

        def work(name, end):
            until(READABLE, end, 30)
            order.append(name)

        loop.start(lambda: work("slow", slow[0]))
        loop.start(lambda: work("quick", quick[0]))
        quick[1].send(b"x")
        loop.turn(30)
        assert order == ["quick"]
        slow[1].send(b"x")
        loop.turn(30)
        assert order == ["quick", "slow"]


def test_nothing_within_the_time_is_an_error_in_a_task_and_without_one(loop, pair):
    task = loop.start(lambda: until(READABLE, pair[0], 0.01))
    while not task.is_done:
        loop.turn(0.1)
    with pytest.raises(TimeoutError):
        task.result()
    with pytest.raises(TimeoutError):
        until(READABLE, pair[0], 0.01)
    until(WRITABLE, pair[0], 30)


def test_time_runs_out_while_others_are_busy(loop, pair):
    """A socket that is always ready keeps the loop turning; the one that waits is not forgotten."""
    late = loop.start(lambda: until(READABLE, pair[0], 0.01))

    def busy():
        while not late.is_done:
            until(WRITABLE, pair[1], 30)

    loop.start(busy)
    loop.finish()
    with pytest.raises(TimeoutError):
        late.result()


def test_what_a_task_raises_is_raised_where_its_result_is_asked_for(loop):
    def work():
        raise LookupError("no")

    task = loop.start(work)
    assert task.is_done
    assert not task.is_well
    with pytest.raises(LookupError, match="no"):
        task.result()


def test_an_interruption_of_one_task_is_one_of_whoever_runs_them(loop, tmp_path):
    def interrupted():
        runtime.wait(0.01)
        raise KeyboardInterrupt

    runtime = LocalRuntime(tmp_path)
    task, other = loop.start(interrupted), loop.start(lambda: runtime.wait(0.05))
    with pytest.raises(KeyboardInterrupt):
        loop.finish()
    assert task.is_done
    loop.finish()
    assert other.is_well


def test_tasks_run_one_after_another_on_one_stack_and_see_nothing_of_each_other(loop, pair):
    name = contextvars.ContextVar("name", default="nobody")

    def work(own):
        before = name.get()
        name.set(own)
        until(WRITABLE, pair[0], 30)
        return getcurrent(), before, name.get()

    found = []
    for own in ("first", "second"):
        task = loop.start(lambda own=own: work(own))
        while not task.is_done:
            loop.turn(30)
        found.append(task.result())
    (one, *first), (other, *second) = found
    assert one is other
    assert (first, second) == (["nobody", "first"], ["nobody", "second"])
    assert name.get() == "nobody"


def test_no_stack_is_left_when_a_loop_has_finished(loop, pair):
    tasks = [loop.start(lambda: (until(WRITABLE, pair[0], 30), getcurrent())[1]) for _ in range(1)]
    tasks += [loop.start(getcurrent) for _ in range(2)]
    loop.finish()
    assert all(task.result().dead for task in tasks)


def test_waiting_of_the_runtime_lets_others_go_on_and_ends_with_the_run(loop, tmp_path):
    runtime = LocalRuntime(tmp_path)
    waiting = [loop.start(lambda: runtime.wait(600)) for _ in range(3)]
    other = loop.start(lambda: 1)
    assert other.result() == 1
    runtime.stop()
    loop.finish()
    for task in waiting:
        with pytest.raises(Cancelled):
            task.result()


def test_the_shortest_wait_ends_first(loop, tmp_path):
    runtime, order = LocalRuntime(tmp_path), []
    for seconds in (0.05, 0.01, 0.03):
        loop.start(lambda seconds=seconds: (runtime.wait(seconds), order.append(seconds)))
    loop.finish()
    assert order == [0.01, 0.03, 0.05]


def test_a_future_of_another_thread_wakes_its_task(loop):
    future = Future()
    task = loop.start(lambda: done(future, 30) and future.result())
    threading.Timer(0.01, future.set_result, ["told"]).start()
    assert loop.turn(30)
    assert task.result() == "told"


def test_a_future_that_is_settled_too_late_wakes_nobody(loop):
    future = Future()
    task = loop.start(lambda: done(future, 0.01))
    while not task.is_done:
        loop.turn(1)
    assert task.result() is False
    again = loop.start(lambda: LocalRuntime(None).wait(0.01))
    future.set_result(None)
    loop.finish()
    assert again.is_well


def test_a_future_may_be_settled_after_the_loop_has_ended():
    loop, future = Loop(1), Future()
    loop.start(lambda: done(future, 0.01))
    loop.finish()
    future.set_result(None)


def test_done_without_a_loop_blocks_until_the_time_is_up():
    assert not done(Future(), 0.01)
    failed = Future()
    failed.set_exception(LookupError())
    assert done(failed, 30)


def test_work_aside_has_a_thread_of_its_own_and_its_context(loop):
    name = contextvars.ContextVar("name", default="none")
    here = threading.get_ident()

    def work():
        name.set("inside")
        return aside(lambda: (threading.get_ident(), name.get()))

    task = loop.start(work)
    loop.finish()
    assert task.result()[0] != here
    assert task.result()[1] == "inside"
    assert name.get() == "none"
    assert aside(threading.get_ident) == here


def test_what_work_aside_raises_is_raised(loop):
    def fails():
        raise LookupError("no")

    task = loop.start(lambda: aside(fails))
    loop.finish()
    with pytest.raises(LookupError, match="no"):
        task.result()


def test_others_go_on_during_work_aside(loop):
    let_go = threading.Event()
    task = loop.start(lambda: aside(lambda: let_go.wait(30)))
    loop.start(let_go.set)
    loop.finish()
    assert task.result()


def test_short_work_aside_never_waits_for_long_work():
    loop, told = Loop(1), threading.Event()
    long = loop.start(lambda: aside(lambda: told.wait(30)))
    loop.start(lambda: aside(told.set, at_once=True))
    loop.finish()
    assert long.result()


def test_who_waits_between_two_tasks_lets_them_go_on(loop, pair):
    """As when the next document is looked for with a request that has to wait for those of tasks."""
    settled = Future()

    def work():
        until(READABLE, pair[0], 30)
        settled.set_result("told")

    task = loop.start(work)
    assert not done(settled, 0.01)
    pair[1].send(b"x")
    assert done(settled, 30)
    assert task.is_well


def test_work_aside_between_two_tasks_lets_them_go_on(loop, pair):
    told = threading.Event()
    loop.start(lambda: (until(WRITABLE, pair[0], 30), told.set()))
    assert aside(lambda: told.wait(30))


def test_who_has_looked_at_a_future_very_often_is_woken_without_a_jam(loop):
    """More often than a pipe has bytes, as in hours of waiting for a large upload."""
    future, looked = Future(), threading.Event()

    def work():
        for _ in range(70_000):
            done(future, 0)
        looked.set()
        return done(future, 60)

    task = loop.start(work)
    while not looked.is_set():
        loop.turn(0)
    other = threading.Thread(target=future.set_result, args=(None,), daemon=True)
    other.start()
    other.join(60)
    assert not other.is_alive()
    loop.finish()
    assert task.result()


def test_one_task_waits_for_the_end_of_another(loop, pair):
    order = []

    def first():
        until(READABLE, pair[0], 30)
        order.append("first")

    before = loop.start(first)
    loop.start(lambda: (before.join(), order.append("second")))
    pair[1].send(b"x")
    loop.finish()
    assert order == ["first", "second"]


def test_thousands_of_tasks_may_wait_at_once(loop, tmp_path):
    runtime = LocalRuntime(tmp_path)
    tasks = [loop.start(lambda number=number: (runtime.wait(0.01), number)[1]) for number in range(2_000)]
    loop.finish()
    assert [task.result() for task in tasks] == list(range(2_000))


def test_a_loop_leaves_no_file_open(tmp_path):
    before = open_files()
    for _ in range(5):
        loop, future = Loop(1), Future()
        loop.start(lambda future=future: done(future, 5))
        loop.start(lambda: aside(time.monotonic))
        future.set_result(None)
        loop.finish()
    assert open_files() == before


def open_files():
    import os

    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
