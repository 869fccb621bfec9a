"""Operations in modules: imported when they are asked for, and told what is wrong with them then."""

import copy
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from connector_sdk import Connection, Connector, Modules, Operation, Tracked


class Nothing(Connection):
    """Does nothing."""


SEND = """
from connector_sdk import Operation, setting

class Send(Operation):
    "Sends."
    action = "send"
    sets = ("size",)
"""
FETCH = SEND.replace("Send", "Fetch").replace('"send"', '"fetch"')


def connector(operations, **parts):
    return Connector(**{"id": "odd", "label": "Odd", "connection": Nothing, "operations": operations, **parts})


def sized(operations):
    return connector(operations, tracked=(Tracked("size", "A size."),))


def imported(name):
    return sorted(each.removeprefix(f"{name}.") for each in sys.modules if each.startswith(f"{name}."))


def test_names_are_known_in_their_order_and_nothing_is_imported(package):
    name = package(send=SEND, fetch=FETCH)
    made = sized(Modules(name, "send", "fetch", "nowhere"))
    assert list(made.actions) == list(made.actions.keys()) == ["send", "fetch", "nowhere"]
    assert len(made.actions) == 3
    assert "fetch" in made.actions
    assert "other" not in made.actions
    assert made.actions.get("other") is None
    assert repr(made.operations) == f"Modules('{name}', 'send', 'fetch', 'nowhere')"
    assert imported(name) == []


def test_only_what_is_asked_for_is_imported(package):
    name = package(send=SEND, fetch=FETCH)
    actions = sized(Modules(name, "send", "fetch")).actions
    assert issubclass(actions["fetch"], Operation)
    assert actions["fetch"] is actions["fetch"]
    assert imported(name) == ["fetch"]
    assert [each.action for each in actions.values()] == ["send", "fetch"]
    with pytest.raises(KeyError):
        actions["other"]


def test_an_operation_stands_beside_others_that_its_module_imports_or_builds_on(package):
    package(send=SEND)
    name = package(
        post="from connector_sdk import BatchOperation, Operation, hookimpl\n"
        f"from {package()}.send import Send\n"
        "class Common(Operation):\n    'Shared.'\n"
        "class Post(Common):\n    'Posts.'\n    action = 'post'\n"
        "Alias = Post\n"
    )
    assert connector(Modules(name, "post")).actions["post"].__name__ == "Post"


TWO = SEND + "class Second(Send):\n    'The same.'\n"
SLIPS = {
    "no module": (
        {},
        "there is no module {name}.send; {name}.send is where the operation with action = 'send' belongs",
    ),
    "no class": (
        {"send": "from connector_sdk import Operation\n"},
        "{name}.send has one class derived from Operation with action = 'send', and this one has none",
    ),
    "another action": (
        {"send": FETCH},
        "{name}.send has one class derived from Operation with action = 'send', and this one has Fetch with "
        "action = 'fetch'",
    ),
    "no action": (
        {"send": SEND.replace('action = "send"', "")},
        "{name}.send has one class derived from Operation with action = 'send', and this one has Send with "
        "action = None",
    ),
    "two": (
        {"send": TWO},
        "{name}.send has one class derived from Operation with action = 'send', and this one has Send with "
        "action = 'send', Second with action = 'send'",
    ),
    "no description": (
        {"send": SEND + "    speed: int = 1\n"},
        "the setting Send.speed has no description; declare it with setting(...)",
    ),
    "no tuple": ({"send": SEND.replace('("size",)', '"size"')}, "`sets` of send is a tuple: sets = ('size',)"),
    "undeclared": (
        {"send": SEND.replace('("size",)', '("weight",)')},
        "send names undeclared tracked properties: weight",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_when_the_operation_is_asked_for_and_harms_no_other(package, slip):
    modules, told = SLIPS[slip]
    name = package(**modules, fetch=FETCH)
    actions = sized(Modules(name, "send", "fetch")).actions
    for ask in (actions.__getitem__, actions.get, actions.get):
        with pytest.raises(ValueError) as raised:
            ask("send")
        assert str(raised.value) == f"connector 'odd': {told.format(name=name)}"
    assert actions["fetch"].action == "fetch"


def test_a_package_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"^there is no module nowhere_at_all; nowhere_at_all\.parts\.send is where"):
        Modules("nowhere_at_all.parts", "send")["send"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("{}['key']", "KeyError: 'key'"),
        ("def", "SyntaxError: "),
    ],
)
def test_what_a_module_raises_is_told_with_its_name(package, text, told):
    name = package(send=text)
    for ask in (Modules(name, "send").get, connector(Modules(name, "send")).actions.get):
        with pytest.raises(ImportError) as raised:
            ask("send")
        assert str(raised.value).startswith(f"{name}.send raised {told}")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("package", Nothing), "Modules takes the names of a package and of the modules in it; .*Nothing'> is none"),
        ((sys, "send"), "Modules takes the names of a package and of the modules in it; .* is none"),
        (("package", "send-all"), "'send-all' cannot be the name of a module; give its operation in a tuple"),
        (("package", "send", "fetch", "send"), "two operations have the action send"),
    ],
)
def test_a_slip_in_the_names_is_told_at_once(arguments, told):
    with pytest.raises(ValueError, match=told):
        Modules(*arguments)


def test_they_are_values_that_travel_without_what_was_imported(package):
    name = package(send=SEND, fetch=FETCH)
    made = sized(Modules(name, "send", "fetch"))
    waiting = pickle.dumps(made)
    assert made.actions["send"].action == "send"
    for same in (pickle.loads(pickle.dumps(made)), pickle.loads(waiting), copy.deepcopy(made), replace(made)):
        assert same == made
        assert hash(same) == hash(made)
        assert same.actions["send"] is made.actions["send"]
    assert imported(name) == ["send"]
    assert made.operations != Modules(name, "fetch", "send")
    assert made.actions == dict(made.actions)


def test_what_travelled_is_held_against_the_tracked_properties_of_its_connector(package):
    bare = connector(Modules(package(send=SEND), "send"))
    for same in (bare, pickle.loads(pickle.dumps(bare)), copy.deepcopy(bare)):
        with pytest.raises(ValueError, match="connector 'odd': send names undeclared tracked properties: size"):
            same.actions["send"]
    assert replace(bare, tracked=(Tracked("size", "A size."),)).actions["send"].action == "send"


def test_threads_that_ask_at_once_get_the_same_class_from_one_import(package, tmp_path):
    note = f"with open({str(tmp_path / 'imports')!r}, 'a') as notes:\n    notes.write('one ')\n"
    name = package(send=note + SEND)
    actions = sized(Modules(name, "send")).actions
    together = threading.Barrier(8)

    def ask(_):
        together.wait()
        return actions["send"]

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(8)))
    assert found == {actions["send"]}
    assert (tmp_path / "imports").read_text() == "one "
