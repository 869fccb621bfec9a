"""The pool inside one step: answers in order, nothing lost, nothing left running."""

import threading

import pytest

from process_runner.engine.pool import WINDOW, in_order


def no_lane(_):
    return None


def consume(answers, answered):
    for job, _ in answers:
        answered.append(job)


def test_answers_come_in_the_order_of_the_jobs():
    assert list(in_order(range(100), lambda job: job * 2, 7, no_lane)) == [(job, job * 2) for job in range(100)]


def test_jobs_run_at_the_same_time():
    meeting = threading.Barrier(4, timeout=30)
    assert len(list(in_order(range(4), lambda job: meeting.wait(), 4, no_lane))) == 4


def test_no_more_jobs_are_taken_than_the_window_holds():
    taken = []

    def jobs():
        for job in range(100):
            taken.append(job)
            yield job

    answers = in_order(jobs(), lambda job: job, 2, no_lane)
    next(answers)
    assert len(taken) <= 2 * WINDOW + 1
    answers.close()


def test_jobs_of_one_lane_are_done_one_after_the_other():
    busy, lock, most = {0: 0, 1: 0}, threading.Lock(), []

    def work(job):
        with lock:
            busy[job % 2] += 1
            most.append(busy[job % 2])
        sum(range(1000))
        with lock:
            busy[job % 2] -= 1

    list(in_order(range(60), work, 8, lambda job: job % 2))
    assert max(most) == 1


@pytest.mark.parametrize("threads", [1, 4])
def test_what_was_done_before_an_error_is_answered_and_the_error_goes_on(threads):
    done, answered = [], []

    def work(job):
        if job == 5:
            raise RuntimeError("no")
        done.append(job)
        return job

    with pytest.raises(RuntimeError, match="no"):
        consume(in_order(range(50), work, threads, no_lane), answered)
    assert sorted(answered) == sorted(done)


def test_an_error_of_the_jobs_goes_on_after_the_answers_under_way():
    def jobs():
        yield from range(3)
        raise RuntimeError("no more")

    answered = []
    with pytest.raises(RuntimeError, match="no more"):
        consume(in_order(jobs(), lambda job: job, 2, no_lane), answered)
    assert set(answered) <= {0, 1, 2}


def test_no_thread_is_left_when_the_consumer_stops_early():
    before = threading.active_count()
    answers = in_order(range(100), lambda job: job, 4, no_lane)
    next(answers)
    answers.close()
    assert threading.active_count() == before
