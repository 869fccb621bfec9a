import itertools
import threading

import pytest

from connector_sdk import Cancelled
from connectors.http.pace import Pace


def test_requests_are_sent_evenly_apart(api, reply, document):
    api.on("/x", reply())
    slow = api.through(None, requests_per_second=0.01)

    slow.all("get", *[document() for _ in range(4)], path="x")

    assert len(api.runtime.waits) == 3
    for number, waited in enumerate(api.runtime.waits, 1):
        assert 100 * number - 60 < waited <= 100 * number  # nobody really waits here, so the turns add up


def test_pages_and_retries_are_requests_too(api, reply):
    api.on("/x", reply(503), reply(200, b"[]", (("Link", "<?page=2>; rel=next"),)), reply(200, b"[]"))

    api.through(None, requests_per_second=0.01).all("get", path="x", paging={"kind": "link_header"})

    retry, second, third = api.runtime.waits
    assert (retry, 40 < second <= 100, 140 < third <= 200) == (1, True, True)


def test_threads_share_the_turns(runtime):
    pace = Pace(0.01)
    threads = [threading.Thread(target=pace.turn, args=(runtime,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    waits = sorted(runtime.waits)
    assert len(waits) == 7
    assert all(later - earlier > 40 for earlier, later in itertools.pairwise(waits))


def test_without_a_rate_nobody_waits(api, reply, document):
    api.on("/x", reply())

    api.all("get", *[document() for _ in range(4)], path="x")

    assert api.runtime.waits == []


def test_a_run_that_is_to_end_waits_for_no_turn(runtime):
    pace = Pace(0.001)
    pace.turn(runtime)
    runtime.stop()

    with pytest.raises(Cancelled):
        pace.turn(runtime)
