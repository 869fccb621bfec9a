"""Settings: one class is the typed object and its JSON Schema."""

import json
from typing import Annotated

import pytest

from connector_sdk import Parsed, Secret, Settings, setting
from connector_sdk.settings import SettingsError


def upper(value, context):
    if value == "bad":
        raise ValueError("'bad' is not possible; 'good' would work")
    return f"{value.upper()}{context or ''}"


class Inner(Settings):
    """Inner ones."""

    size: int = setting("How large.", 1, ge=1, le=9)


class Example(Settings):
    """An example."""

    name: str = setting("Its name.", min_length=1, examples=["acme"])
    key: Secret | None = setting("Its key.", None)
    tags: dict[str, str] = setting("Its tags.", {}, dynamic=True)
    inner: Inner = setting("Inner.", Inner())
    if_: str = setting("A reserved word.", "x", alias="if")
    word: Annotated[str, Parsed({"type": "string", "format": "word"}, upper)] = setting("A word.", "w")


def test_the_schema_says_what_yaml_may_hold():
    schema = Example.json_schema()
    properties = schema["properties"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name"]
    assert properties["name"] == {"description": "Its name.", "examples": ["acme"], "minLength": 1, "type": "string"}
    assert properties["tags"]["dynamic"] is True
    assert properties["if"]["default"] == "x"
    assert properties["word"] == {"default": "w", "description": "A word.", "format": "word", "type": "string"}
    assert schema["$defs"]["Inner"]["properties"]["size"]["maximum"] == 9
    assert "title" not in json.dumps(schema)


def test_a_secret_is_write_only_and_not_shown():
    made = Example(name="a", key="top-secret")
    assert '"writeOnly": true' in json.dumps(Example.json_schema())
    assert "top-secret" not in repr(made)
    assert made.key.get_secret_value() == "top-secret"


def test_a_wrong_value_is_not_shown():
    with pytest.raises(SettingsError) as caught:
        Example(name="a", key=["top-secret"])
    assert "top-secret" not in str(caught.value)


def test_settings_are_frozen():
    made = Example(name="a")
    with pytest.raises(AttributeError, match="Example is frozen: name cannot be set"):
        made.name = "b"
    with pytest.raises(AttributeError, match="Example is frozen: name cannot be deleted"):
        del made.name
    assert made.name == "a"


@pytest.mark.parametrize("given", [{}, {"name": ""}, {"name": "a", "nme": "b"}, {"name": "a", "inner": {"size": 10}}])
def test_what_the_schema_refuses_the_class_refuses(given):
    with pytest.raises(SettingsError):
        Example.load(given)


def test_a_parsed_setting_gets_value_and_context():
    assert Example.load({"name": "a", "word": "b"}, context="!").word == "B!"
    assert Example.load({"name": "a"}).word == "W"


def test_a_parsed_setting_says_what_would_work():
    with pytest.raises(SettingsError, match="'good' would work"):
        Example.load({"name": "a", "word": "bad"})
