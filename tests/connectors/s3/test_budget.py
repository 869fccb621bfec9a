from concurrent.futures import ThreadPoolExecutor

import pytest

from connector_sdk import Cancelled
from connectors.s3.uploads import budget
from connectors.s3.uploads.budget import Budget


def test_the_process_has_one_budget():
    assert budget.of_process() is budget.of_process()


def test_who_gets_no_place_waits_until_the_run_is_to_end(runtime):
    small = Budget(1)
    with small.place(runtime), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: small.place(runtime).__enter__())
        runtime.stop()
        with pytest.raises(Cancelled):
            waiting.result(30)


def test_a_place_is_given_back_after_a_failure(runtime):
    small = Budget(1)
    with pytest.raises(ZeroDivisionError), small.place(runtime):
        raise ZeroDivisionError

    with small.place(runtime):
        pass
