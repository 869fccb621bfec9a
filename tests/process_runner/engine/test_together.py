"""Jobs that wait side by side in one thread: the same promises as those of the pool of threads."""

import threading

import pytest

from connector_sdk import Cancelled
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.together import WINDOW, together


@pytest.fixture
def pause(tmp_path):
    return LocalRuntime(tmp_path).wait


def no_lane(_):
    return None


def consume(answers, answered):
    for job, _ in answers:
        answered.append(job)


def test_answers_come_in_the_order_of_the_jobs(pause):
    def work(job):
        pause(0.001 * (job % 3))
        return job * 2

    assert list(together(range(100), work, (7, 7), no_lane)) == [(job, job * 2) for job in range(100)]


def test_jobs_wait_at_the_same_time_in_one_thread(pause):
    waiting, most, threads = set(), [], set()

    def work(job):
        threads.add(threading.get_ident())
        waiting.add(job)
        pause(0.01)
        most.append(len(waiting))
        waiting.discard(job)

    list(together(range(12), work, (4, 4), no_lane))
    assert max(most) == 4
    assert threads == {threading.get_ident()}


def test_more_are_begun_while_all_wait_and_never_more_than_the_most(pause):
    waiting, most = set(), []

    def work(job):
        waiting.add(job)
        most.append(len(waiting))
        pause(0.02)
        waiting.discard(job)

    list(together(range(60), work, (2, 9), no_lane))
    assert max(most) == 9


def test_no_more_are_begun_where_nobody_waits():
    most, busy = [], []

    def work(job):
        busy.append(job)
        most.append(len(busy))
        busy.remove(job)

    list(together(range(60), work, (2, 9), no_lane))
    assert max(most) == 1


def test_no_more_jobs_are_taken_than_the_window_holds(pause):
    taken = []

    def jobs():
        for job in range(100):
            taken.append(job)
            yield job

    answers = together(jobs(), lambda job: pause(0.05 if job == 0 else 0), (2, 2), no_lane)
    next(answers)
    assert len(taken) <= 2 * WINDOW + 1
    answers.close()


def test_jobs_of_one_lane_are_done_one_after_the_other(pause):
    busy, most, order = {0: 0, 1: 0}, [], []

    def work(job):
        busy[job % 2] += 1
        most.append(busy[job % 2])
        pause(0.001 * (job % 5))
        busy[job % 2] -= 1
        order.append(job)

    list(together(range(60), work, (8, 8), lambda job: job % 2))
    assert max(most) == 1
    assert [job for job in order if job % 2] == sorted(job for job in order if job % 2)


@pytest.mark.parametrize("most", [1, 4])
def test_what_was_done_before_an_error_is_answered_and_the_error_goes_on(most, pause):
    done, answered = [], []

    def work(job):
        pause(0.001)
        if job == 5:
            raise RuntimeError("no")
        done.append(job)
        return job

    with pytest.raises(RuntimeError, match="no"):
        consume(together(range(50), work, (most, most), no_lane), answered)
    assert sorted(answered) == sorted(done)


def test_an_error_of_the_jobs_goes_on_after_the_answers_under_way(pause):
    def jobs():
        yield from range(3)
        raise RuntimeError("no more")

    answered = []
    with pytest.raises(RuntimeError, match="no more"):
        consume(together(jobs(), lambda job: pause(0.01), (2, 4), no_lane), answered)
    assert answered == [0, 1, 2]


def test_whoever_stops_asking_leaves_nothing_under_way(pause):
    begun, ended = [], []

    def work(job):
        begun.append(job)
        pause(0.01)
        ended.append(job)

    answers = together(range(100), work, (4, 4), no_lane)
    next(answers)
    answers.close()
    assert sorted(begun) == sorted(ended)


def test_a_run_that_is_asked_to_end_ends_with_what_waits(tmp_path):
    runtime = LocalRuntime(tmp_path)
    threading.Timer(0.05, runtime.stop).start()
    with pytest.raises(Cancelled):
        list(together(range(10), lambda job: runtime.wait(600), (4, 4), no_lane))
