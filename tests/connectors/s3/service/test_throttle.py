import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from connector_sdk import Cancelled
from connector_sdk.fault_proxy import Answer, FaultProxy, Hold, Rule
from connectors.s3.operations.upsert import Upsert
from connectors.s3.service.throttle import Throttle

SLOW_DOWN = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>")


@contextmanager
def turns(throttle, runtime, count=1):
    for _ in range(count):
        throttle.begin(runtime)
    yield
    for _ in range(count):
        throttle.end()


def test_slow_down_halves_what_is_under_way(runtime):
    throttle = Throttle(32)
    with turns(throttle, runtime, 4):
        throttle.slow_down()

    assert throttle.limit == 2


def test_successes_raise_the_limit_slowly_and_never_above_the_most(runtime):
    throttle = Throttle(4)
    for _ in range(4):
        throttle.slow_down()
    limits = []
    for _ in range(20):
        throttle.speed_up()
        limits.append(throttle.limit)

    assert limits[0] <= 2
    assert limits == sorted(limits)
    assert limits[-1] == 4


def test_at_least_one_request_may_always_be_under_way(runtime):
    throttle = Throttle(1)
    throttle.slow_down()

    with turns(throttle, runtime):
        assert throttle.limit == 1


def test_waiting_for_a_turn_ends_when_the_run_is_to_end(runtime):
    throttle = Throttle(1)
    with turns(throttle, runtime), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(throttle.begin, runtime)
        runtime.stop()
        with pytest.raises(Cancelled):
            waiting.result(30)


def test_the_first_retry_is_spread_only_where_others_are_under_way(runtime):
    throttle = Throttle(4)
    alone = throttle.jitter()
    with turns(throttle, runtime):
        together = [throttle.jitter() for _ in range(50)]

    assert alone == 0
    assert all(0 <= each <= 1 for each in together)
    assert len(set(together)) > 1


def test_a_slow_down_reduces_what_a_client_sends_at_once(store, document, open_client, request_for):
    holds = [Hold(threading.Event(), then=SLOW_DOWN) for _ in range(4)]
    rules = [Rule(hold, method="PUT", on=(number,)) for number, hold in enumerate(holds, 1)]
    with FaultProxy(store.url, *rules) as proxy:
        client = open_client(proxy.url)
        upsert = Upsert(object_type=store.bucket)
        requests = [request_for(Upsert, document(str(number), b"x")) for number in range(4)]
        with ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(lambda each: list(upsert.execute(client, each)), each) for each in requests]
            assert all(hold.reached.wait(30) for hold in holds)
            before = client.throttle.limit
            for hold in holds:
                hold.release.set()
            for answer in answers:
                answer.result(60)

    assert before > 4
    assert client.throttle.limit < 4
    assert sorted(store.listed()) == ["0", "1", "2", "3"]
