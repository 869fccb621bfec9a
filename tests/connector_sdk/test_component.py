"""Components: what a plugin declares, and what it is told where that does not fit."""

from typing import TypeVar

import pytest

from connector_sdk import BatchOperation, Connection, Connector, Operation, Tracked

Value = TypeVar("Value")


class Nothing(Connection):
    """Does nothing."""


class Fetch(Operation):
    """Fetches."""

    action = "fetch"
    reads = ("key",)
    sets = ("size",)


class Sweep(BatchOperation):
    """Sweeps."""

    action = "sweep"


TRACKED = (Tracked("key", "A key.", settable=True), Tracked("size", "A size."))


def test_operations_are_found_by_their_action():
    connector = Connector("odd", "Odd", Nothing, (Fetch, Sweep), TRACKED)
    assert connector.actions == {"fetch": Fetch, "sweep": Sweep}


@pytest.mark.parametrize(("tracked", "missing"), [((), "key, size"), (TRACKED[:1], "size")])
def test_tracked_properties_that_are_not_declared_are_named(tracked, missing):
    with pytest.raises(ValueError, match=f"connector 'odd': fetch names undeclared tracked properties: {missing}"):
        Connector("odd", "Odd", Nothing, (Fetch,), tracked)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: Nothing().open(None), r"Nothing has no open\(\)"),
        (lambda: Fetch().execute(None, None), r"Fetch has no execute\(\)"),
        (lambda: Sweep().execute_batch(None, []), r"Sweep has no execute_batch\(\)"),
    ],
)
def test_what_a_plugin_left_out_is_named(call, told):
    with pytest.raises(TypeError, match=told):
        call()


def test_what_a_plugin_may_leave_out():
    assert list(Nothing().browse(None)) == []
    assert list(Nothing().checks(None)) == []
    assert Nothing().close(None) is None
    assert Fetch().lane(None) is None
    assert Fetch.concurrency == 1
