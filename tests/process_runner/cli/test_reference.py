"""`connectors`, `describe` and `schema`: what is installed, told for people and for editors."""

import json

import pytest
from jsonschema import Draft202012Validator

from process_runner.plugins import load

CONNECTORS = load().connectors
ACTIONS = [(name, action) for name, each in CONNECTORS.items() for action in each.actions]


def test_connectors_lists_each_with_its_actions(answer):
    done = answer("connectors")
    assert (done.returncode, done.stderr) == (0, "")
    lines = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert list(lines) == sorted(CONNECTORS)
    for name, connector in CONNECTORS.items():
        assert lines[name] == f"{connector.label}: {', '.join(sorted(connector.actions))}"


@pytest.mark.parametrize("name", CONNECTORS)
def test_describe_shows_every_setting_action_and_tracked_property(answer, name):
    connector = CONNECTORS[name]
    done = answer("describe", name)
    assert (done.returncode, done.stderr) == (0, "")
    told = [line.strip() for line in done.stdout.splitlines()]
    for setting in connector.connection.json_schema()["properties"]:
        assert any(line.startswith(f"{setting} (") for line in told), setting
    for action in connector.actions:
        assert any(line.startswith(f"{action}: ") for line in told), action
    for each in connector.tracked:
        assert any(line.startswith(f"{name}.{each.name}: ") for line in told), each.name


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_describe_shows_every_option_of_every_action(answer, name, action):
    operation = CONNECTORS[name].actions[action]
    done = answer("describe", name, action)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{action}: ")
    told = [line.strip() for line in done.stdout.splitlines()]
    for option in operation.json_schema().get("properties", {}):
        assert any(line.startswith(f"{option} (") for line in told), option
    for each in operation.inputs:
        assert any(line.startswith((f"{each.name}: ", f"{each.name} (")) for line in told), each.name


@pytest.mark.parametrize(("name", "action"), ACTIONS)
def test_every_option_of_every_action_is_described(name, action):
    assert undescribed(CONNECTORS[name].actions[action].json_schema()) == []


@pytest.mark.parametrize("name", CONNECTORS)
def test_every_setting_of_every_connection_is_described(name):
    assert undescribed(CONNECTORS[name].connection.json_schema()) == []


@pytest.mark.parametrize("name", sorted(load().shapes))
def test_every_setting_of_every_shape_is_described(name):
    shape = load().shapes[name]
    assert shape.__doc__
    assert undescribed(shape.json_schema()) == []


def undescribed(schema, where=""):
    """The settings without a description, at any depth."""
    found = []
    for name, each in schema.get("properties", {}).items():
        if not each.get("description"):
            found.append(f"{where}{name}")
    for name, each in schema.get("$defs", {}).items():
        found += undescribed(each, f"{name}.")
    return found


def test_the_schema_is_valid_json_schema(answer):
    done = answer("schema")
    assert done.returncode == 0
    Draft202012Validator.check_schema(json.loads(done.stdout))


def test_schema_check_knows_fresh_from_stale(answer, tmp_path):
    assert answer("schema", "made").returncode == 0
    assert answer("schema", "made", "--check").returncode == 0
    path = tmp_path / "made" / "process.schema.json"
    path.write_text(path.read_text().replace("acme", "other", 1) + " ")
    done = answer("schema", "made", "--check")
    assert done.returncode == 1
    assert done.stderr == "made/process.schema.json is out of date; run: process-runner schema made\n"
    path.unlink()
    assert answer("schema", "made", "--check").returncode == 1


def test_validate_takes_several_paths_each_a_project_of_its_own(answer, write):
    write("a.yaml", "processes:\n  p: {steps: [message: a]}\n")
    write("b.yaml", "processes:\n  p: {steps: [mesage: a]}\n")
    write("c/c.yaml", "processes:\n  p: {steps: [message: a]}\n")
    done = answer("validate", "a.yaml", "b.yaml", "c")
    assert done.returncode == 2
    assert done.stdout.splitlines() == [
        "a.yaml: valid: 0 connections, 0 operations, 1 process",
        "b.yaml:2:15: unknown shape 'mesage'; did you mean 'message'?",
        "c: valid: 0 connections, 0 operations, 1 process",
    ]
    assert done.stderr == "1 problem\n"


def test_validate_of_an_empty_folder_and_of_nothing(answer, tmp_path):
    (tmp_path / "empty").mkdir()
    done = answer("validate", "empty", "missing.yaml")
    assert done.returncode == 2
    assert done.stdout.splitlines() == [
        "empty:1:1: the folder holds no .yaml or .yml file",
        "missing.yaml:1:1: there is no such file or folder",
    ]
