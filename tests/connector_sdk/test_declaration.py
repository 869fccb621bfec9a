"""Slips in what a connector declares are told in words when it is made."""

from typing import ClassVar

import pytest

from connector_sdk import Connection, Connector, Input, Operation, Tracked, setting


class Nothing(Connection):
    """Does nothing."""


class Fetch(Operation):
    """Fetches."""

    action = "fetch"


class NoAction(Operation):
    """Has no action."""


class ListAction(Operation):
    """Has a list for an action."""

    action = ["fetch"]  # noqa: RUF012  # the slip itself


class TextSets(Operation):
    """Forgot the comma of a tuple."""

    action = "fetch"
    sets = "size"


class LoneInput(Operation):
    """Forgot the tuple."""

    action = "fetch"
    inputs = object()


class OneInput(Operation):
    """Forgot the tuple around what is one itself."""

    action = "fetch"
    inputs = Input("id", "Which.")


class TextInputs(Operation):
    """Has texts for inputs."""

    action = "fetch"
    inputs = ("id",)


class TextConcurrency(Operation):
    """Has a text for a number."""

    action = "fetch"
    concurrency = "4"


class WrongDefault(Operation):
    """Has a default beyond its limit."""

    action = "fetch"
    speed: int = setting("How fast.", 9, le=5)


class WrongType(Operation):
    """Has a type that no setting has."""

    action = "fetch"
    speed: complex = setting("How fast.", 1)


class Undescribed(Operation):
    """Has a setting that nobody understands."""

    action = "fetch"
    speed: int = 1


class UndescribedConnection(Connection):
    """The same."""

    speed: int = setting("", 1)


SIZE = Tracked("size", "A size.")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"operations": Fetch}, r"operations is a tuple of classes derived from Operation: operations=\(Fetch,\)"),
        ({"operations": [Fetch]}, r"operations is a tuple of classes"),
        ({"operations": (Fetch(),)}, r"operations is a tuple of classes .*; Fetch\(\) is none"),
        ({"operations": (Nothing,)}, r"operations is a tuple of classes .* is none"),
        ({"tracked": SIZE}, r"tracked is a tuple of Tracked\(\.\.\.\): tracked=\(\.\.\.,\)"),
        ({"tracked": ("size",)}, r"tracked is a tuple of Tracked\(\.\.\.\); 'size' is none"),
        ({"connection": Nothing()}, r"connection is a class derived from Connection, not Nothing\(\)"),
        ({"connection": UndescribedConnection}, "the setting UndescribedConnection.speed has no description"),
        ({"operations": (NoAction,)}, 'NoAction has no `action`, such as action = "send"'),
        ({"operations": (ListAction,)}, "ListAction has no `action`"),
        ({"operations": (Fetch, Fetch)}, "two operations have the action fetch"),
        ({"operations": (TextSets,)}, r"`sets` of fetch is a tuple: sets = \('size',\)"),
        ({"operations": (LoneInput,)}, r"`inputs` of fetch is a tuple: inputs = \(\.\.\.,\)"),
        ({"operations": (OneInput,)}, r"`inputs` of fetch is a tuple: inputs = \(\.\.\.,\)"),
        ({"operations": (TextInputs,)}, r"`inputs` of fetch is a tuple of Input\(\.\.\.\); 'id' is none"),
        ({"operations": (TextConcurrency,)}, "`concurrency` of fetch is a whole number from 1 on, not '4'"),
        (
            {"operations": (WrongDefault,)},
            "the setting WrongDefault.speed has a default that it cannot have: the value must be at most 5",
        ),
        ({"operations": (WrongType,)}, "the setting WrongType.speed: no setting can be complex"),
        ({"operations": (Undescribed,)}, r"the setting Undescribed.speed has no description; declare it with setting"),
    ],
)
def test_a_slip_is_told_with_what_would_work(parts, told):
    with pytest.raises(ValueError, match=f"connector 'odd': {told}"):
        Connector(**{"id": "odd", "label": "Odd", "connection": Nothing, "operations": (Fetch,), **parts})


def test_a_default_that_can_change_is_not_shared():
    class Listing(Operation):
        """Has a list for a default."""

        action: ClassVar[str] = "list"
        names: list[str] = setting("Names.", [])

    Listing().names.append("mine")
    assert Listing().names == []
