"""Operations in modules: a command imports those that it needs, and one that is broken harms who uses it alone."""

import json
import subprocess
import sys

import pytest

PLUGIN = """
from connector_sdk import Connection, Connector, Modules, hookimpl

class Place(Connection):
    "Is somewhere."

    def open(self, runtime):
        return self

@hookimpl
def connectors():
    return Connector("odd", "Odd", Place, Modules("odd_operations", "look", "buy", "sell"))
"""
OPERATION = """
from connector_sdk import Operation, renamed, setting

class Work(Operation):
    "Works."
    action = "{action}"
    migrations = (renamed("old", "note", since="0.2"),)
    note: str = setting("A note.", "")

    def execute(self, client, request):
        yield request.output("{action} " + self.note)
"""
PROJECT = """
connections:
  here: {connector: odd}
operations:
  look: {connector: odd, action: look, old: well}
  buy: {connector: odd, action: buy}
  again: {connector: odd, action: buy}
processes:
  sound:
    steps: [{start: {connection: here, operation: look}}, {return_documents: seen}]
  broken:
    steps: [{start: {connection: here, operation: buy}}]
"""
LIBRARY = "ImportError: odd_operations.buy raised ModuleNotFoundError: No module named 'no_such_library'"
WORK = OPERATION.format(action="buy")
BROKEN = {
    "raises": ("import no_such_library\n", LIBRARY),
    "ends": ("raise SystemExit(3)\n", "SystemExit: 3"),
    "is nowhere": (None, "ValueError: connector 'odd': there is no module odd_operations.buy; "),
    "is another": (
        OPERATION.format(action="steal"),
        "ValueError: connector 'odd': odd_operations.buy has one class derived from Operation with action = 'buy', "
        "and this one has Work with action = 'steal'",
    ),
    "declares too little": (
        WORK + "\n    speed: int = 1\n",
        "ValueError: connector 'odd': the setting Work.speed has no description; declare it with setting(...)",
    ),
    "sets too much": (
        WORK + "\n    sets = ('size',)\n",
        "ValueError: connector 'odd': buy names undeclared tracked properties: size",
    ),
    "takes a name of the language": (
        WORK + "\n    tracking: str = setting('What.', '')\n",
        "ValueError: the name of the setting Work.tracking is reserved by the language; choose another one",
    ),
}


@pytest.fixture
def odd(plugin, write):
    """Install a connector with an operation that is broken in this way."""

    def install(way=None):
        plugin("odd", PLUGIN)
        write("plugins/odd_operations/__init__.py", "")
        for action in ("look", "sell"):
            write(f"plugins/odd_operations/{action}.py", OPERATION.format(action=action))
        text = BROKEN[way][0] if way else WORK
        if text is not None:
            write("plugins/odd_operations/buy.py", text)
        return write("project.yaml", PROJECT).name

    return install


@pytest.mark.parametrize("way", BROKEN)
def test_an_operation_that_cannot_be_used_is_told_where_it_is_named(command, odd, way):
    told = f"project.yaml:6:33: action 'buy' of connector 'odd' cannot be loaded: {BROKEN[way][1]}"
    done = command("validate", odd(way))
    assert done.returncode == 2
    first, second = done.stdout.splitlines()
    assert first.startswith(told)
    assert second == "project.yaml:7:35: action 'buy' of connector 'odd' cannot be used"


@pytest.mark.parametrize("way", ["raises", "sets too much"])
def test_the_others_of_its_connector_run(command, odd, way):
    project = odd(way)
    told = f"project.yaml:6:33: action 'buy' of connector 'odd' cannot be loaded: {BROKEN[way][1]}"
    done = command("run", project, "broken")
    assert done.returncode == 2
    assert told in done.stderr
    done = command("run", project, "sound", "--json", "--output", "out")
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "complete"
    assert told in done.stderr


def test_a_sound_one_runs_with_its_migrations(command, odd, tmp_path):
    done = command("run", odd(), "sound", "--output", "out")
    assert done.returncode == 0
    assert "'old' is written otherwise since 0.2" in done.stderr
    assert (tmp_path / "out" / "seen" / "document-1").read_text() == "look well"


@pytest.mark.parametrize("way", ["raises", "takes a name of the language", "has no schema"])
def test_commands_that_show_operations_name_it_and_go_on(command, odd, way, write):
    odd(way if way in BROKEN else None)
    if way not in BROKEN:
        write("plugins/odd_operations/buy.py", WORK.replace('"A note.", ""', '"A note.", "", schema={"type": "whole"}'))
    told = BROKEN[way][1] if way in BROKEN else "the settings Work have no valid schema: SchemaError: "
    done = command("connectors")
    assert "odd          Odd: look, sell" in done.stdout.splitlines()
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"action 'buy' of connector 'odd' cannot be loaded: {told}")
    done = command("connectors", "--json")
    assert json.loads(done.stdout)["broken_actions"]["odd"]["buy"].startswith(told)
    done = command("describe", "odd")
    assert done.returncode == 0
    assert done.stderr.startswith(f"action 'buy' of connector 'odd' cannot be loaded: {told}")
    assert command("describe", "odd", "look").stderr == ""
    done = command("describe", "odd", "buy")
    assert done.returncode == 2
    assert f"action 'buy' of connector 'odd' cannot be loaded: {told}" in done.stderr


def test_a_page_is_not_written_without_an_action(command, odd, write):
    odd("raises")
    page = write("page.md", "<!-- reference: actions odd -->\n<!-- end -->\n")
    done = command("reference", "page.md")
    assert done.returncode == 2
    assert "page.md: nothing answers to 'reference: actions odd'" in done.stderr
    assert page.read_text() == "<!-- reference: actions odd -->\n<!-- end -->\n"


CODE = """
import atexit, sys
from process_runner.cli import main

atexit.register(lambda: print(*sys.modules))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("arguments", [["validate", "project.yaml"], ["run", "project.yaml", "sound", "--output", "o"]])
def test_a_command_imports_the_operations_of_its_project_and_no_others(odd, environment, tmp_path, arguments):
    odd()
    command = [sys.executable, "-c", CODE, *arguments]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    names = {name for name in done.stdout.splitlines()[-1].split() if name.startswith("odd_operations.")}
    assert names == {"odd_operations.look", "odd_operations.buy"}


def test_an_action_that_is_not_there_is_told_with_those_that_are_and_nothing_is_imported(command, odd, write):
    odd("raises")
    project = write("project.yaml", "operations:\n  o: {connector: odd, action: bui}\n").name
    done = command("validate", project)
    assert done.stdout == "project.yaml:2:31: unknown action 'bui'; known: buy, look, sell\n"
