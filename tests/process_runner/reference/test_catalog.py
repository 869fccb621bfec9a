"""The catalog: what other programs learn of the installed connectors."""

import json

import pytest
from jsonschema import Draft202012Validator

from process_runner import plugins
from process_runner.cli import main
from process_runner.reference.catalog import catalog


@pytest.fixture(scope="module")
def everything():
    return catalog(plugins.load())


def test_every_action_of_every_connector_is_there_with_a_schema_that_is_one(everything):
    registry = plugins.load()
    assert {each["id"]: set(each["actions"]) for each in everything["connectors"]} == {
        name: set(each.actions) for name, each in registry.connectors.items()
    }
    for connector in everything["connectors"]:
        for schema in (connector["connection"]["settings"], *(a["options"] for a in connector["actions"].values())):
            Draft202012Validator.check_schema(schema)


def test_what_an_action_takes_and_gives_is_told(everything):
    (s3,) = [each for each in everything["connectors"] if each["id"] == "s3"]
    get = s3["actions"]["get"]
    assert get["summary"].startswith("Fetch an object")
    assert "id" in get["inputs"]
    assert "s3:GetObject" in get["permissions"]
    assert set(get["sets"]) <= set(s3["tracked"])
    assert s3["connection"]["settings"]["properties"]["secret_key"]["anyOf"][0]["writeOnly"] is True
    assert s3["package"]["name"] == "process-runner"


def test_the_command_prints_it_as_json(everything, capsys):
    assert main(["connectors", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == everything
