"""The installed connectors: loaded when they are asked for, and no stranger takes the place of another."""

import pickle
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from connectors.disk import CONNECTOR
from process_runner.connectors import Connectors

GROUP = "group"


class Plugin(EntryPoint):
    """A plugin that brings connectors, and notes that it was loaded."""

    def load(self):
        return BROUGHT[self.name]


class Module:
    """Stands for the module of a plugin."""

    def __init__(self, *ids):
        self.ids = ids
        self.loads = 0

    def connectors(self):
        self.loads += 1
        return [replace(CONNECTOR, id=name) for name in self.ids]


BROUGHT = {}


@pytest.fixture
def installed():
    """Installs plugins, given as the ids that each brings, and gives them with the connectors found."""

    def install(**plugins):
        BROUGHT.update({name: Module(*ids) for name, ids in plugins.items()})
        return BROUGHT, Connectors([Plugin(name, "module", GROUP) for name in plugins])

    yield install
    BROUGHT.clear()


def test_only_what_is_asked_for_is_loaded(installed):
    plugins, connectors = installed(one=["one"], two=["two"])
    assert connectors.names == {"one", "two"}
    assert connectors["two"].id == "two"
    assert (plugins["one"].loads, plugins["two"].loads) == (0, 1)


def test_a_connector_of_another_name_than_its_plugin_is_found(installed):
    _, connectors = installed(bundle=["red", "blue"], other=["other"])
    assert "blue" in connectors
    assert sorted(connectors) == ["blue", "other", "red"]
    assert connectors.broken == {}


def test_a_stranger_does_not_take_the_place_of_the_one_that_has_the_name(installed):
    plugins, connectors = installed(aaa=["zzz"], zzz=["zzz"])
    assert list(connectors) == ["zzz"]
    assert connectors.broken == {"aaa": "ValueError: connector id 'zzz' is taken by another plugin"}
    assert plugins["zzz"].loads == 1


def test_what_is_nowhere_is_not_there(installed):
    _, connectors = installed(one=["one"])
    assert "none" not in connectors
    with pytest.raises(KeyError):
        connectors["none"]


def test_they_travel_with_what_is_not_loaded_yet():
    disk = EntryPoint("disk", "connectors.disk", GROUP)
    loaded, waiting = Connectors([disk]), Connectors([disk])
    assert "disk" in loaded
    for travelled in (pickle.loads(pickle.dumps(loaded)), pickle.loads(pickle.dumps(waiting))):
        assert travelled.names == {"disk"}
        assert travelled["disk"] == CONNECTOR


def test_a_registry_travels_without_importing_an_operation():
    program = (
        "import pickle, sys\nfrom process_runner import plugins\nregistry = plugins.load()\n"
        "travelled = pickle.loads(pickle.dumps((registry, *map(registry.connectors.__getitem__, ('s3', 'disk')))))\n"
        "print([name for name in sys.modules if '.operations.' in name], len(travelled[1].actions))\n"
        "print(travelled[0].connectors['disk'].actions['list'].__name__, travelled[1] == registry.connectors['s3'])\n"
        "print([name for name in sys.modules if '.operations.' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[] 16", "List True", "['connectors.disk.operations.list']"]


def test_a_run_imports_the_connectors_that_it_needs_and_no_others(tmp_path):
    (tmp_path / "p.yaml").write_text(
        f"connections:\n  d: {{connector: disk, folder: '{tmp_path}'}}\n"
        "operations:\n  q: {connector: disk, action: query}\n"
        "processes:\n  p:\n    steps:\n      - start: {connection: d, operation: q}\n"
        "      - set_properties: {origin: here, disk.file_name: name}\n"
    )
    program = (
        "import sys; from process_runner.cli import main; code = main(['run', 'p.yaml', '--json']);"
        "print(code, sorted(name for name in sys.modules if name.startswith('connectors.') and name.count('.') == 1))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 ['connectors.disk']"
