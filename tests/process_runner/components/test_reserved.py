"""Keys that mean the same for every connector."""

from importlib.metadata import EntryPoint

import jsonschema
import pytest

from connector_sdk import Connection, Connector, Operation, hookimpl, setting
from process_runner.language.schemas import published
from process_runner.plugins import registry as registry_of


class Plain(Connection):
    """A connection."""

    address: str = setting("Where.")


class Clashing(Connection):
    """A connection."""

    allowed: bool = setting("Whether.", alias="allow_dynamic_connection")


class Act(Operation):
    """An operation."""

    action = "act"


class Clash(Operation):
    """An operation."""

    action = "clash"
    tracking: str = setting("What.")


class Plugin:
    """A plugin with one connector, which its entry point gives."""

    def __init__(self, connection, operation):
        self._connector = Connector("own", "Own", connection, (operation,))

    @hookimpl
    def connectors(self):
        return (self._connector,)


class Point(EntryPoint):
    """An entry point that needs no installed package."""

    def load(self):
        return Plugin(*eval(self.value, globals()))


@pytest.mark.parametrize(
    ("classes", "setting_"),
    [("(Clashing, Act)", "Clashing.allow_dynamic_connection"), ("(Plain, Clash)", "Clash.tracking")],
)
def test_a_connector_whose_settings_have_reserved_names_is_refused(classes, setting_):
    found = registry_of([Point("own", classes, "group")])
    assert "own" not in found.connectors
    assert f"the name of the setting {setting_} is reserved" in found.broken["own"]


def test_other_connectors_are_taken():
    assert "own" in registry_of([Point("own", "(Plain, Act)", "group")]).connectors


def test_the_published_schema_knows_the_keys_of_every_operation_and_the_settings_of_every_connection(registry):
    schema = published(registry)
    project = {
        "connections": {"c": {"connector": "rec", "journal": "j", "allow_dynamic_connection": ["tenant"]}},
        "operations": {
            "o": {
                "connector": "rec",
                "action": "erase",
                "tracking": {"a": "x", "b": {"value": "y", "documents": "input"}},
                "archiving": {"folder": "f"},
                "caching": {"cache": "c", "key": "k"},
            }
        },
    }
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors(project)) == []
    for change in ({"tracking": {"": "x"}}, {"archiving": {}}, {"caching": {"cache": "c"}}, {"tracking": ["a"]}):
        assert not validator.is_valid({"operations": {"o": {**project["operations"]["o"], **change}}}), change
    wrong = {**project["connections"]["c"], "allow_dynamic_connection": ["tennant"]}
    assert not validator.is_valid({"connections": {"c": wrong}})
