"""Tasks of several loops in one thread: each goes on when its own wait is over."""

from concurrent.futures import Future

from connector_sdk.loop import Loop
from connector_sdk.waiting import done


def test_a_loop_that_is_finished_elsewhere_than_it_was_used_wakes_nobody():
    """As one that a task of another loop has used, which waits for something else by then."""
    outer, inner, told = Loop(1), Loop(1), Future()

    def work():
        inner.start(lambda: None)
        return done(told, 30)

    task = outer.start(work)
    inner.finish()
    assert not task.is_done
    told.set_result(None)
    outer.finish()
    assert task.result()
