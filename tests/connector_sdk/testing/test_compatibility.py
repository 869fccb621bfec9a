"""What a new version takes away from older processes is told, and what it adds is not held against it."""

import json
from dataclasses import replace
from typing import ClassVar, Literal

import pytest

from connector_sdk import Connection, Connector, Input, Operation, Settings, Tracked, setting
from connector_sdk.testing import Broken, Rule, changes, examine, record, write_schema
from connector_sdk.testing.rules.versions import schema_is_compatible

RULE = Rule("schema_is_compatible", "It is.", schema_is_compatible)


class Line(Settings):
    """A line."""

    text: str = setting("Its text.")
    width: int = setting("Its width.", 1, le=9)


class Desk(Connection):
    """Where."""

    place: str = setting("Where it stands.")


def connector(*, connection=Desk, tracked=("key",), settable=True, name="desk", **settings):
    """A connector with one action, whose settings are `name=(type, setting)`."""
    inputs, sets = settings.pop("inputs", ()), settings.pop("sets", ())
    body = {key: value for key, (_, value) in settings.items()}
    annotations = {key: kind for key, (kind, _) in settings.items()}
    spec = {"action": "copy", "inputs": inputs, "sets": sets, **body, "__doc__": "Copies."}
    spec["__annotations__"] = {**annotations, **dict.fromkeys(("action", "inputs", "sets"), ClassVar)}
    copy = type("Copy", (Operation,), {"__module__": __name__, "__qualname__": "Copy", **spec})
    return Connector(name, "Desk", connection, (copy,), tuple(Tracked(each, "It.", settable) for each in tracked))


def told(old, new, *, breaking=True):
    found = changes(*(json.loads(json.dumps(record(each))) for each in (old, new)))
    return [str(each) for each in found if each.breaking is breaking]


def one(kind, default=..., **limits):
    return connector(times=(kind, setting("How often.", default, **limits)))


BREAKING = [
    (one(int, 1), connector(), "copy.times: the setting is gone"),
    (connector(), one(int), "copy.times: the setting is new and required"),
    (one(int, 1), one(int), "copy.times: it is required now"),
    (one(int, 1), one(int, 2), "copy.times: the default 1 is 2 now"),
    (one(int | str, 1), one(int, 1), "copy.times: it takes no string any more"),
    (one(int | None, 1), one(int, 1), "copy.times: it takes no null any more"),
    (one(str, "a"), one(Literal["a", "b"], "a"), 'copy.times: it takes "a", "b" alone now'),
    (one(Literal["a", "b"], "a"), one(Literal["a"], "a"), 'copy.times: it takes no "b" any more'),
    (one(int, 1), one(int, 1, ge=1), "copy.times: its minimum is 1 now"),
    (one(int, 1, le=9), one(int, 1, le=5), "copy.times: its maximum is 5 now, not 9"),
    (one(str, "a"), one(str, "a", min_length=1), "copy.times: its minLength is 1 now"),
    (one(str, "a"), one(str, "a", pattern="^a"), "copy.times: its pattern is ^a now"),
    (one(list[str], []), one(list[int], []), "copy.times: inside, it takes no string any more"),
    (one(dict[str, str], {}), one(dict[str, int], {}), "copy.times: inside, it takes no string any more"),
    (one(int, 1, dynamic=True), one(int, 1), "copy.times: it is not dynamic any more"),
    (one(dict[str, str | int]), one(Line), "copy.times: "),
    (connector(inputs=(Input("id", "It."),)), connector(), "copy input id: it is gone"),
    (connector(), connector(inputs=(Input("id", "It.", required=True),)), "copy input id: it is required now"),
    (connector(sets=("key",)), connector(), "copy sets key: it does not any more"),
    (connector(), connector(tracked=()), "tracked key: the property is gone"),
    (connector(), connector(settable=False), "tracked key: a process cannot set it any more"),
    (connector(), connector(name="table"), "connector: 'desk' is called 'table'"),
]
HARMLESS = [
    (connector(), one(int, 1)),
    (one(int), one(int, 1, dynamic=True)),
    (one(int, 1), one(float, 1)),
    (one(int, 1), one(int | str, 1)),
    (one(int, 1, le=5), one(int, 1, le=9)),
    (one(int, 1, le=5), one(int, 1)),
    (one(Literal["a"], "a"), one(Literal["a", "b"], "a")),
    (one(Literal["a"], "a"), one(str, "a")),
    (one(list[int], []), one(list[int | str], [])),
    (connector(), connector(inputs=(Input("id", "It."),), sets=("key",))),
    (connector(), connector(tracked=("key", "size"))),
    (connector(settable=False), connector()),
]


@pytest.mark.parametrize(("old", "new", "change"), BREAKING)
def test_a_change_that_breaks_processes_is_told(old, new, change):
    (found,) = [each for each in told(old, new) if each.startswith(change)]
    assert found


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_what_is_added_breaks_nothing_and_is_told(old, new):
    default_changed = [each for each in told(old, new) if "the default" not in each]
    assert default_changed == []
    assert told(old, new, breaking=False)


def test_the_same_is_no_change():
    assert told(one(int, 1), one(int, 1)) == told(one(int, 1), one(int, 1), breaking=False) == []


@pytest.mark.parametrize(
    ("text", "changed", "where"),
    [
        ('"maximum": 9', '"maximum": 20', "copy.times: inside, width: its maximum is 9 now, not 20"),
        ('"required": ["text"]', '"required": []', "copy.times: inside, text is required now"),
        ('"width": {', '"height": {"type": "integer"}, "width": {', "copy.times: inside, height is gone"),
        ('"default": 1', '"default": 2', "copy.times: inside, width: the default is 1 now"),
    ],
)
def test_settings_inside_others_are_compared_too(text, changed, where):
    new = json.dumps(record(one(Line | None, None)))
    old = new.replace(text, changed)
    assert old != new
    assert where in [str(each) for each in changes(json.loads(old), json.loads(new))]


@pytest.fixture
def judged(subject):
    """The outcome of the rule for a new version, given the file of an old one."""

    def judge(old, new, **more):
        write_schema(old, subject.schema)
        (finding,) = examine(replace(subject, connector=new, **more), (RULE,))
        return finding

    return judge


def test_a_breaking_change_without_a_reason_fails_also_when_the_file_is_to_be_written(judged, subject):
    for accept in (False, True):
        finding = judged(one(int, 1), connector(), accept=accept)
        assert finding.outcome == "failed"
        assert "processes may break: copy.times: the setting is gone; keep it, or give the reason" in finding.told
        assert json.loads(subject.schema.read_text()) == record(one(int, 1))


def test_a_breaking_change_with_a_reason_is_written_when_asked(judged, subject):
    reason = {"copy.times: the setting is gone": "nobody used it"}
    assert "is out of date" in judged(one(int, 1), connector(), accepted=reason).told
    assert judged(one(int, 1), connector(), accepted=reason, accept=True).outcome == "passed"
    assert subject.schema.read_text() == json.dumps(record(connector()), indent=2) + "\n"


def test_a_file_that_lacks_something_new_is_out_of_date(judged):
    finding = judged(connector(), one(int, 1))
    assert finding.told.startswith("connector.schema.json is out of date (copy.times: the setting is new); run pytest")


def test_a_missing_file_is_written_when_asked(subject):
    subject.schema.unlink()
    with pytest.raises(Broken, match=r"there is no connector.schema.json yet; run pytest with --accept-schema"):
        schema_is_compatible(subject)
    schema_is_compatible(replace(subject, accept=True))
    schema_is_compatible(subject)
