"""The collector is put back as it was found."""

import gc

import pytest

from process_runner.engine.garbage import seldom_collected


def interrupted():
    with seldom_collected():
        raise KeyError(gc.get_threshold()[0])


def test_the_collector_is_as_before_also_after_an_error():
    before = gc.get_threshold()
    with pytest.raises(KeyError) as caught:
        interrupted()
    assert caught.value.args[0] > before[0]
    assert gc.get_threshold() == before
