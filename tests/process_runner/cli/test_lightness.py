"""Commands import no library that they do not need, and no shape that the project does not have."""

import subprocess
import sys

import pytest

HEAVY = [
    *("boto3", "botocore", "cryptography", "duckdb", "http.client", "httpx", "lxml", "moto", "rich", "sqlalchemy"),
    *("asyncio", "attrs", "jsonschema", "multiprocessing", "pydantic", "referencing", "sqlglot", "sqlite3"),
]
LANGUAGE = ["jinja2", "yaml"]
ALWAYS = {"connector", "set_properties", "start"}
"""Shapes that others look at."""
CODE = """
import atexit, sys
from process_runner.cli import main

atexit.register(lambda: print(*sys.modules))
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def imported(tmp_path, environment):
    """The modules that a command has imported in the end."""

    def run(*arguments):
        command = [sys.executable, "-c", CODE, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return set(done.stdout.splitlines()[-1].split())

    return run


@pytest.mark.parametrize(
    ("arguments", "light"),
    [("--version", [*HEAVY, *LANGUAGE]), ("validate project.yaml", HEAVY), ("run project.yaml", HEAVY)],
)
def test_heavy_libraries_are_not_imported(process, imported, arguments, light):
    process("message: hello")
    assert imported(*arguments.split()) & set(light) == set()


@pytest.mark.parametrize("command", ["validate", "run"])
@pytest.mark.parametrize(("text", "is_needed"), [("to {{ prop.x }}", False), ("{{ prop.x | default('y') }}", True)])
def test_jinja_is_imported_for_more_than_references(process, imported, command, text, is_needed):
    process('set_properties: {x: "{{ document.index }}"}', f'message: "{text}"')
    assert ("jinja2" in imported(command, "project.yaml")) is is_needed


@pytest.mark.parametrize("command", ["validate", "run"])
def test_shapes_that_the_project_has_are_imported_and_no_others(process, imported, command):
    process("decision: {if: true, then: [message: hello]}", "stop:")
    shapes = {name.rpartition(".")[2] for name in imported(command, "project.yaml") if ".shapes." in name}
    assert shapes - ALWAYS == {"decision", "message", "stop"}


def test_a_command_imports_no_other_command(process, imported):
    process("message: hello")
    modules = {name for name in imported("run", "project.yaml") if name.startswith("process_runner.cli.")}
    assert modules == {"process_runner.cli.run"}
