"""show: what will really run."""

import re
from pathlib import Path

PROJECT = """
connections:
  storage: {connector: s3, access_key: "${KEY:-example}", secret_key: "${SECRET}", sts_region: "${REGION:-eu-west-1}"}
operations:
  put: {connector: s3, action: upsert, object_type: dynamic-bucket}
processes:
  one:
    steps:
      - message: "for ${WHO:-everybody} $${literal}"
      - set_properties: {process.day: "{{ process.day }}"}
      - connector: {connection: storage, operation: put}
  two: {steps: [stop: continue]}
"""
EXTENSIONS = """
operations: {put: {part_size: 99}}
process_properties: {day: monday}
"""

PLUGIN = """
from typing import Annotated
from connector_sdk import Connection, Connector, Operation, Parsed, hookimpl, setting

class Odd:
    def __init__(self, word):
        self.word = word

    def __str__(self):
        raise RuntimeError(f"it was {self.word}")

class Open(Connection):
    "Holds a word."
    word: Annotated[Odd, Parsed({"type": "string"}, lambda value, _: Odd(value))] = setting("A word.")

class Work(Operation):
    "Works."
    action = "work"

@hookimpl
def connectors():
    return [Connector("odd", "Odd", Open, (Work,))]
"""


def test_defaults_variables_and_extensions_are_filled_in(command, write):
    write("project.yaml", PROJECT)
    write("test.env.yaml", EXTENSIONS)
    shown = command("show", "project.yaml", "one", "--env", "test.env.yaml", env={"SECRET": "hidden", "WHO": "secrets"})
    assert shown.returncode == 0, shown.stderr
    assert "hidden" not in shown.stdout
    for line in (
        "secret_key: '***'",
        "sts_region: eu-west-1",
        "part_size: 99",
        "text: for *** $${literal}",
        "pass_through: false",
        "# From the extensions:\n# process_properties:\n#   day: monday",
    ):
        assert line in shown.stdout
    assert "two:" not in shown.stdout


def test_what_is_shown_is_a_project(answer, write, monkeypatch):
    monkeypatch.setenv("SECRET", "hidden")
    write("project.yaml", PROJECT)
    first = answer("show", "project.yaml")
    write("shown.yaml", first.stdout)
    again = answer("show", "shown.yaml")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert "two:" in first.stdout


def test_a_process_that_is_not_there(answer, write):
    write("project.yaml", "processes: {one: {steps: [stop: continue]}}")
    shown = answer("show", "project.yaml", "oen")
    assert (shown.returncode, shown.stderr) == (
        2,
        "process-runner: no process 'oen' in the project; known: one\n",
    )


def test_a_defect_after_loading_shows_no_secret(command, write, plugin):
    plugin("odd", PLUGIN)
    write("project.yaml", "connections: {c: {connector: odd, word: '${SECRET}'}}")
    shown = command("show", "project.yaml", env={"SECRET": "hidden-word"})
    assert shown.returncode == 70
    (log,) = re.findall(r"details are in (\S+)", shown.stderr)
    assert "hidden-word" not in shown.stderr + Path(log).read_text()
    assert "RuntimeError: it was ***" in Path(log).read_text()
