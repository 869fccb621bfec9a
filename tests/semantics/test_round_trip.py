"""Any project, written as YAML and loaded again, is the same project."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from generated_projects import FILES, STYLESHEET, projects
from hypothesis import HealthCheck, given, settings

from connector_sdk import Secret, Settings
from connector_sdk.settings import fields
from process_runner.engine.step import Step
from process_runner.expressions import Template
from process_runner.json_schemas import JsonSchema
from process_runner.language.loader import Source, load
from process_runner.language.writing import Writer
from process_runner.language.yaml_text import yaml_text
from process_runner.mapping.stylesheet import Stylesheet
from process_runner.plugins import load as installed

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path for path in ROOT.glob("examples/*/") if not (path / "pyproject.toml").exists())
GENERATED = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
EXAMPLES = [each for each in sorted(ROOT.glob("examples/*/")) if not each.name.startswith("connector-")]
BACKSLASH = "\\"
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "SECRET": "hidden", "NUMBER": "100000"}


@pytest.fixture(scope="module")
def registry():
    return installed()


@pytest.fixture
def reload(tmp_path, registry):
    """The project that a YAML text is."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.replace("<STYLESHEET>", STYLESHEET))

    def go(text):
        (tmp_path / "project.yaml").write_text(text, encoding="utf-8")
        return load(Source((tmp_path / "project.yaml",), environment={}), registry)

    return go


def source(value):
    """A value as YAML in the plainest form there is: brackets, and every text in quotes with escapes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'? {source(key)} : {source(meant(each))}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(source, value))}]"
    if isinstance(value, str):
        return f'"{"".join(f"{BACKSLASH}U{ord(each):08X}" for each in value)}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value).replace("inf", "1e999")


def meant(value):
    """The value as a file writes it: without references, as what is generated is what is meant."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    return [meant(each) for each in value] if isinstance(value, list) else value


def difference(one, other, path="project"):
    """Where two components differ, or None; places in files do not count."""
    if isinstance(one, str) and isinstance(other, str):
        return None if str(one) == str(other) else f"{path}: {one!r} and {other!r}"
    if kind(one) is not kind(other):
        return f"{path}: {one!r} and {other!r}"
    pairs = list(parts(one, other))
    if pairs:
        return next(filter(None, (difference(a, b, f"{path}.{name}") for name, a, b in pairs)), None)
    return None if one == other else f"{path}: {one!r} and {other!r}"


def kind(value):
    """The type of a value; whether it knows its place in a file makes none."""
    return next((each for each in (Mapping, list) if isinstance(value, each)), type(value))


def parts(one, other):
    """What two values of one type consist of, side by side; nothing for plain values and empty ones."""
    if isinstance(one, Step):
        yield from ((name, getattr(one, name), getattr(other, name)) for name in ("kind", "label", "shape"))
    elif isinstance(one, Settings):
        yield from ((name, getattr(one, name), getattr(other, name)) for name in fields(one))
    elif isinstance(one, Template | JsonSchema | Stylesheet):
        yield "written", one.__getstate__(), other.__getstate__()
    elif isinstance(one, Secret):
        yield "secret", one.get_secret_value(), other.get_secret_value()
    elif isinstance(one, re.Pattern):
        yield "pattern", one.pattern, other.pattern
    elif isinstance(one, Mapping):
        yield "keys", list(one), list(other)
        yield from ((key, one[key], other[key]) for key in one if key in other)
    elif isinstance(one, tuple | list):
        yield "length", len(one), len(other)
        yield from ((number, *pair) for number, pair in enumerate(zip(one, other, strict=False)))


def content(project):
    """The components of a project without their places."""
    return {
        "connections": {
            name: (each.connector.id, each.connection, each.keys) for name, each in project.connections.items()
        },
        "operations": {
            name: (each.connector.id, each.operation, each.keys) for name, each in project.operations.items()
        },
        "processes": {name: (each.description, each.steps) for name, each in project.processes.items()},
    }


@pytest.mark.parametrize("complete", [False, True])
@GENERATED
@given(values=projects())
def test_a_generated_project_is_the_same_after_a_round_trip(reload, complete, values):
    project = reload(source(values))
    again = reload(yaml_text(Writer(complete).project(project)))
    assert difference(content(project), content(again)) is None


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize(
    "path",
    [*sorted(ROOT.glob("tests/processes/valid/*.y*ml")), *EXAMPLES],
    ids=lambda path: path.name,
)
def test_a_written_project_is_the_same_after_a_round_trip(reload, registry, path, complete):
    project = load(Source((path,), environment=ENVIRONMENT), registry)
    again = reload(yaml_text(Writer(complete).project(project)))
    assert difference(content(project), content(again)) is None


def test_the_comparison_sees_what_differs(reload):
    text = "processes: {p: {steps: [{set_properties: {a: 1, b: x}}, {message: '%s'}]}}"
    one, other = content(reload(text % "a")), content(reload(text % "b"))
    assert difference(one, one) is None
    assert difference(one, other) == "project.processes.p.1.1.shape.text.written: 'a' and 'b'"
    swapped = content(reload((text % "a").replace("a: 1, b: x", "b: x, a: 1")))
    assert difference(one, swapped) == "project.processes.p.1.0.shape.properties.keys.0: 'a' and 'b'"
    number = content(reload((text % "a").replace("a: 1", "a: '1'")))
    assert difference(one, number) == "project.processes.p.1.0.shape.properties.a.written: 1 and '1'"
