"""Plugins: a broken one is named and harms nobody."""

import json

import pytest

BROKEN = {
    "raises": ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
    "imports": ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    "ends": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "syntax": ("def", "SyntaxError: "),
    "hookless": ("x = 1", "AttributeError: "),
    "arguments": (
        "from connector_sdk import hookimpl\n@hookimpl\ndef connectors(registry):\n    return ()\n",
        "PluginValidationError: ",
    ),
    "hook_raises": (
        "from connector_sdk import hookimpl\n@hookimpl\ndef connectors():\n    raise OSError('disk full')\n",
        "OSError: disk full",
    ),
    "nonsense": (
        "from connector_sdk import hookimpl\n@hookimpl\ndef connectors():\n    return ['s3']\n",
        "TypeError: expected connectors, got 's3'",
    ),
    "nothing": (
        "from connector_sdk import hookimpl\n@hookimpl\ndef connectors():\n    pass\n",
        "TypeError: connectors() gave nothing; return a list of connectors",
    ),
    "untold": (
        "from connector_sdk import *\nclass Quiet(Connection):\n    volume: int = 1\n"
        "Connector('untold', 'Untold', Quiet, ())\n",
        "ValueError: connector 'untold': the setting Quiet.volume has no description; declare it with setting(...)",
    ),
    "newer": (
        "from connectors.disk import CONNECTOR\nfrom connector_sdk import hookimpl\nfrom dataclasses import replace\n"
        "@hookimpl\ndef connectors():\n    return [replace(CONNECTOR, id='other', sdk='2.0')]\n",
        "ValueError: it was built for connector SDK 2.0, and this is 1.0; install a version of the plugin for 1.0",
    ),
    "renamed": (
        "from connector_sdk import Nonexistent\n",
        "ImportError: cannot import name 'Nonexistent' from 'connector_sdk'",
    ),
    "taken": (
        "from connectors.disk import CONNECTOR\nfrom connector_sdk import hookimpl\n"
        "@hookimpl\ndef connectors():\n    return [CONNECTOR]\n",
        "ValueError: connector id 'disk' is taken by another plugin",
    ),
}


PLUGIN_OF_ONE = """
from connector_sdk import Connection, Connector, Operation, hookimpl

class Work(Operation):
    "Works."
    action = "work"

@hookimpl
def connectors():
    return Connector("odd", "Odd", Connection, (Work,))
"""


@pytest.fixture
def all_broken(plugin):
    for name, (source, _) in BROKEN.items():
        plugin(name, source)
    plugin("odd")


def test_each_broken_plugin_is_named_with_its_reason(command, all_broken):
    done = command("connectors")
    assert done.returncode == 0
    for name, (_, reason) in BROKEN.items():
        (line,) = [line for line in done.stderr.splitlines() if line.startswith(f"plugin '{name}' ")]
        assert line.startswith(f"plugin '{name}' cannot be loaded: {reason}")
    assert len(done.stderr.splitlines()) == len(BROKEN)


def test_the_others_still_work(command, all_broken, process):
    done = command("connectors")
    assert {"disk", "odd", "s3"} <= {line.split()[0] for line in done.stdout.splitlines()}
    done = command("run", process("message: hello"), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "complete"


def test_a_plugin_with_one_connector_may_return_it_as_it_is(command, plugin):
    plugin("odd", PLUGIN_OF_ONE)
    done = command("connectors")
    assert "odd          Odd: work" in done.stdout.splitlines()
    assert done.stderr == ""


def test_a_component_of_a_broken_plugin_is_a_problem_that_names_the_reason(command, plugin, write):
    plugin("raises", "raise RuntimeError('no licence')")
    done = command("validate", write("project.yaml", "connections:\n  c: {connector: raises}\n"))
    assert done.returncode == 2
    assert "project.yaml:2:18: connector 'raises' cannot be loaded: RuntimeError: no licence" in done.stdout


def test_the_reason_is_told_where_the_connector_is_named_first_and_nowhere_else(command, plugin, write):
    plugin("raises", "raise RuntimeError('no licence')")
    path = write("project.yaml", "connections:\n  c: {connector: raises}\n  d: {connector: raises}\n")
    done = command("validate", path.name)
    assert done.stdout.splitlines() == [
        "project.yaml:2:18: connector 'raises' cannot be loaded: RuntimeError: no licence",
        "project.yaml:3:18: connector 'raises' cannot be used",
    ]


def test_describe_of_a_broken_plugin_tells_why(command, plugin):
    plugin("raises", "raise RuntimeError('no licence')")
    done = command("describe", "raises")
    assert done.returncode == 2
    assert "connector 'raises' cannot be loaded: RuntimeError: no licence" in done.stderr


FAILING = """
from connector_sdk import Connection, Connector, Operation, Secret, hookimpl, setting

class Failing(Connection):
    "Fails."
    password: Secret = setting("A password.")

    def validate(self):
        {}[self.password.get_secret_value()]

class Work(Operation):
    "Works."
    action = "work"

@hookimpl
def connectors():
    return [Connector("failing", "Failing", Failing, (Work,))]
"""


def test_a_validator_that_fails_is_blamed_on_its_plugin_and_no_secret_reaches_the_crash_log(
    command, plugin, write, tmp_path
):
    plugin("failing", FAILING)
    path = write("project.yaml", 'connections:\n  c: {connector: failing, password: "${TOKEN}"}\n')
    done = command("validate", path, env={"TOKEN": "hunter2-very-secret"})
    (log,) = (tmp_path / "crashes").glob("*.log")
    assert done.returncode == 70
    assert "connector 'failing' raised KeyError" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr + log.read_text()
    assert "KeyError: '***'" in log.read_text()


SLIPS = {
    "return request.output('x')": "execute() returned a value of type Document; yield what request.output(...) makes",
    "pass": "execute() returned nothing; yield what request.output(...) makes",
    "yield 'x'": "execute() gave a value of type str; yield what request.output(...) makes",
    "yield request.output({'a': 1})": "request.output(): content is a Payload, bytes or a text (JSON is",
}


@pytest.mark.parametrize("line", SLIPS)
def test_a_slip_of_the_author_ends_the_process_with_what_to_write_and_is_no_crash(
    command, plugin, process, line, tmp_path
):
    source = PLUGIN_OF_ONE.replace(
        'action = "work"', f'action = "work"\n\n    def execute(self, client, request):\n        {line}'
    )
    plugin(
        "odd",
        source.replace("Connection,", "Connection as Base,", 1).replace('"Odd", Connection', '"Odd", Place') + PLACE,
    )
    components = "connections:\n  c: {connector: odd}\noperations:\n  o: {connector: odd, action: work}\n"
    done = command("run", process("connector: {connection: c, operation: o}", components=components))
    assert done.returncode == 1
    assert SLIPS[line] in done.stdout + done.stderr
    assert list((tmp_path / "crashes").glob("*.log")) == []


PLACE = """
class Place(Base):
    "Is nowhere."

    def open(self, runtime):
        return None
"""


LEAVING = """
import sys
from connector_sdk import Connection, Connector, Operation, hookimpl

class Door(Connection):
    "A door."
    def open(self, runtime):
        return self

class Leave(Operation):
    "Leaves."
    action = "leave"
    def execute(self, client, request):
        sys.exit(0)

@hookimpl
def connectors():
    return [Connector("leaving", "Leaving", Door, (Leave,))]
"""


def test_a_plugin_that_wants_to_leave_does_not_take_the_run_along(command, plugin, process):
    plugin("leaving", LEAVING)
    components = "connections:\n  d: {connector: leaving}\noperations:\n  l: {connector: leaving, action: leave}\n"
    done = command("run", process("connector: {connection: d, operation: l}", components=components), "--json")
    assert done.returncode == 70
    summary = json.loads(done.stdout)
    assert "connector 'leaving', operation 'leave', raised SystemExit: 0" in summary["failures"][0]["message"]


@pytest.mark.parametrize("before", ["notify: a", "flow_control: {processes: 1}"])
def test_what_a_plugin_prints_does_not_come_between_a_reader_and_the_summary(command, plugin, process, before):
    plugin("leaving", LEAVING.replace("sys.exit(0)", "print('looking'); return [request.output()]"))
    components = "connections:\n  d: {connector: leaving}\noperations:\n  l: {connector: leaving, action: leave}\n"
    done = command("run", process(before, "connector: {connection: d, operation: l}", components=components), "--json")
    assert json.loads(done.stdout)["status"] == "complete"
    assert "looking" in done.stderr
