"""The collector is put back as it was found, and does not look at what is kept."""

import gc

import pytest

from process_runner.engine.garbage import hardly_collected, kept, seldom_collected


def interrupted(rarely):
    with rarely():
        raise KeyError(gc.get_threshold()[0])


@pytest.mark.parametrize("rarely", [seldom_collected, hardly_collected])
def test_the_collector_is_as_before_also_after_an_error(rarely):
    before = gc.get_threshold()
    with pytest.raises(KeyError) as caught:
        interrupted(rarely)
    assert caught.value.args[0] > before[0]
    assert gc.get_threshold() == before


def test_what_is_kept_is_looked_at_again_afterwards():
    before = gc.get_freeze_count()
    with kept():
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0
