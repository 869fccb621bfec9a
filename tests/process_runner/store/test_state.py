import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from process_runner.store import State

MONDAY = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)

TAKE = """
import sys
from process_runner.store import State

state = State(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(" ".join(str(state.number(sys.argv[2])) for _ in range(int(sys.argv[3]))))
state.close()
"""


@pytest.fixture
def name():
    return uuid.uuid4().hex


@pytest.fixture
def state(url):
    made = State(url)
    yield made
    made.close()


def test_persisted_properties_are_there_in_the_next_run(url, name):
    first = State(url)
    first.persist(name, {"cursor": "17", "odd name": "Ängström ' \" \n"})
    first.persist(name, {"cursor": "18"})
    first.close()

    second = State(url)
    assert second.properties(name) == {"cursor": "18", "odd name": "Ängström ' \" \n"}
    assert second.properties(f"{name}-other") == {}
    second.close()


def test_a_sequence_counts_from_one_without_gaps_over_runs_one_after_another(url, name):
    numbers = []
    for _ in range(3):
        state = State(url)
        numbers += [state.number(name) for _ in range(10)]
        state.close()
    assert numbers == list(range(1, 31))


def test_sequences_do_not_share_their_numbers(state, name):
    assert [state.number(name), state.number(f"{name}-2"), state.number(name)] == [1, 1, 2]


def test_two_states_at_once_never_get_the_same_number(url, name):
    one, two = State(url), State(url)
    numbers = [state.number(name) for _ in range(300) for state in (one, two)]
    one.close()
    two.close()
    assert len(set(numbers)) == 600


def test_processes_that_start_together_on_a_new_store_never_get_the_same_number(url, name):
    command = [sys.executable, "-c", TAKE, url, name, "400"]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:  # all are up before the first may open the store
        worker.stdin.write("\n")
        worker.stdin.flush()
    answers = [worker.communicate(timeout=120) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, [error for _, error in answers]
    numbers = [int(each) for answer, _ in answers for each in answer.split()]
    assert len(numbers) == 1600
    assert len(set(numbers)) == 1600


def test_the_last_run_and_the_last_successful_one_are_told_apart(state, name):
    assert (state.runs(name).last, state.runs(name).last_successful) == (None, None)

    state.began(name, MONDAY)
    state.succeeded(name, MONDAY)
    state.began(name, MONDAY + timedelta(days=1))

    assert state.runs(name).last == MONDAY + timedelta(days=1)
    assert state.runs(name).last_successful == MONDAY


def test_of_two_runs_at_once_the_later_start_stays_whichever_ends_last(state, name):
    state.succeeded(name, MONDAY + timedelta(minutes=5))
    state.succeeded(name, MONDAY)
    assert state.runs(name).last_successful == MONDAY + timedelta(minutes=5)


def test_a_state_that_was_closed_opens_again(state, name):
    state.number(name)
    state.close()
    assert state.number(name) == 2
