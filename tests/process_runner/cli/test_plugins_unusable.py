"""Plugins that cannot be used: only who needs them is kept from running."""

import json

import pytest

PROJECT = """
connections:
  here: {connector: disk, folder: .}
  gone: {connector: raises, licence: none}
operations:
  look: {connector: disk, action: query}
  buy: {connector: raises, action: buy}
processes:
  sound:
    steps: [{start: {connection: here, operation: look}}]
  calls:
    steps: [{process_call: {process: broken}}]
  reads:
    steps: [{message: "{{ call('gone', 'buy') }}"}]
  broken:
    steps: [{start: {connection: gone, operation: buy}}]
"""


@pytest.fixture
def partly_broken(plugin, write):
    plugin("raises", "raise RuntimeError('no licence')")
    return write("project.yaml", PROJECT).name


def test_a_process_that_does_not_need_a_broken_plugin_runs(command, partly_broken):
    done = command("run", partly_broken, "sound", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "complete"
    assert "project.yaml:4:21: connector 'raises' cannot be loaded: RuntimeError: no licence" in done.stderr


@pytest.mark.parametrize("name", ["broken", "calls", "reads"])
def test_a_process_that_needs_a_broken_plugin_does_not_begin(command, partly_broken, name):
    done = command("run", partly_broken, name)
    assert done.returncode == 2
    assert "project.yaml:4:21: connector 'raises' cannot be loaded: RuntimeError: no licence" in done.stderr


def test_a_connection_that_does_not_need_it_is_proven(command, partly_broken):
    assert command("test-connection", partly_broken, "here").returncode == 0
    assert command("test-connection", partly_broken, "gone").returncode == 2


def test_validate_tells_what_cannot_be_used(command, partly_broken):
    done = command("validate", partly_broken)
    assert done.returncode == 2
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == ["project.yaml:4:21", "project.yaml:7:20"]


LATE = """
from connector_sdk import Connection, Connector, Operation, hookimpl, setting

class Late(Connection):
    "Is found broken when it is used."
    depth: int = setting("How deep.", 1%s)

    @classmethod
    def json_schema(cls):
        %s
        return super().json_schema()

class Work(Operation):
    "Works."
    action = "work"

@hookimpl
def connectors():
    return [Connector("late", "Late", Late, (Work,))]
"""
LATE_ONES = {
    "raises": ("", "raise OSError('no file')", "OSError: no file"),
    "never ends": ("", "return cls.json_schema()", "RecursionError: maximum recursion depth exceeded"),
    "ends": ("", "raise SystemExit(3)", "SystemExit: 3"),
    "invalid": (", schema={'minimum': 'low'}", "pass", "TypeError: "),
    "unknown type": (", schema={'type': 'whole'}", "pass", "UnknownType: "),
}


@pytest.mark.parametrize("name", LATE_ONES)
def test_settings_that_have_no_schema_harm_only_who_uses_them(command, plugin, write, name):
    more, body, reason = LATE_ONES[name]
    plugin("late", LATE % (more, body))
    component = "connections:\n  c: {connector: late, depth: 2}\n  d: {connector: late, depth: 2}\n"
    done = command("validate", write("project.yaml", component).name)
    assert done.returncode == 2
    first, second = done.stdout.splitlines()
    assert first.startswith(f"project.yaml:2:18: connector 'late' has no valid schema: {reason}")
    assert second == "project.yaml:3:18: connector 'late' cannot be used"
    fine = write("fine.yaml", "connections:\n  c: {connector: disk, folder: .}\n")
    assert command("validate", fine).returncode == 0


@pytest.mark.parametrize("name", LATE_ONES)
def test_commands_that_show_settings_name_it_and_go_on(command, plugin, name):
    more, body, _ = LATE_ONES[name]
    plugin("late", LATE % (more, body))
    done = command("connectors")
    assert "late" not in [line.split()[0] for line in done.stdout.splitlines()]
    assert "plugin 'late' cannot be loaded: the settings Late have no valid schema: " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    for arguments in (["connectors", "--json"], ["describe", "disk"], ["schema"]):
        assert command(*arguments).returncode == 0
    done = command("describe", "late")
    assert (done.returncode, done.stderr.partition(": the")[0]) == (
        2,
        "process-runner: connector 'late' cannot be loaded",
    )
