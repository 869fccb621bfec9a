"""The projects of tests/processes: valid ones load, invalid ones are told as the comments in them say."""

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from process_runner.cli import main
from process_runner.language.loader import Source, is_project_file, load
from process_runner.language.schemas import published

PROCESSES = Path(__file__).parents[2] / "processes"
SECRET = "hidden-secret"
ENVIRONMENT = {"SECRET": SECRET, "NUMBER": "100000"}
EXPECTED = re.compile(r"# (\d+:\d+: .*)")

BEYOND_SCHEMA = "# beyond JSON Schema"
"""Marks a file whose mistake no JSON Schema can state: references, expressions, substitution, YAML, rules in code."""


def cases(kind):
    """The projects of a kind: YAML files, and folders of them."""
    inside = sorted((PROCESSES / kind).iterdir())
    return [each.name for each in inside if each.is_dir() or is_project_file(each, PROCESSES / kind)]


def files_of(path):
    """The YAML files of a project, its extensions included."""
    extensions = path.with_suffix(".env.yaml")
    inside = [each for each in path.rglob("*") if is_project_file(each, path)] if path.is_dir() else [path]
    return sorted([*inside, *([extensions] if path.is_file() and extensions.exists() else [])])


def expected(path):
    """`FILE:LINE:COLUMN: MESSAGE` for each comment `# LINE:COLUMN: MESSAGE` in the project's files."""
    return [f"{each}:{told}" for each in files_of(path) for told in EXPECTED.findall(each.read_text())]


def as_expected(told, wanted):
    """Whether a line is the expected one, which ends in `...` where what follows grows with what is installed."""
    return told.startswith(wanted.removesuffix("...")) if wanted.endswith("...") else told == wanted


@pytest.fixture(scope="module")
def schema(registry):
    return published(registry)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)


@pytest.mark.parametrize("name", cases("invalid"))
def test_every_mistake_is_told_once_at_its_place(name, monkeypatch, capsys):
    monkeypatch.chdir(PROCESSES / "invalid")
    path = Path(name)
    environment = [each for each in files_of(path) if each.name.endswith(".env.yaml")]
    arguments = ["validate", name, *(f"--env={each}" for each in environment)]

    assert main(arguments) == 2

    told, wanted = capsys.readouterr().out.splitlines(), expected(path)
    assert wanted, "the file has no comment that tells what is wrong with it"
    assert len(told) == len(wanted), "\n".join(told)
    for one, other in zip(told, wanted, strict=True):
        assert as_expected(one, other), f"\n   told: {one}\nexpected: {other}"


@pytest.mark.parametrize("name", cases("invalid"))
def test_no_message_shows_a_secret(name, monkeypatch, capsys):
    monkeypatch.chdir(PROCESSES / "invalid")
    assert not [line for line in expected(Path(name)) if "hidden" in line]


@pytest.mark.parametrize("name", cases("valid"))
def test_a_valid_project_loads(name, monkeypatch, registry):
    monkeypatch.chdir(PROCESSES / "valid")
    project = load(Source((Path(name),)), registry)

    assert project.processes or project.connections or project.operations


@pytest.mark.parametrize("name", cases("valid"))
def test_the_published_schema_accepts_a_valid_project(name, schema):
    for path in files_of(PROCESSES / "valid" / name):
        content = core_yaml(path.read_text())
        errors = jsonschema.Draft202012Validator(schema).iter_errors(content)
        assert [f"{each.json_path}: {each.message}" for each in errors] == []


@pytest.mark.parametrize("name", cases("invalid"))
def test_the_published_schema_refuses_what_it_can_state(name, schema):
    files = files_of(PROCESSES / "invalid" / name)
    texts = [each.read_text() for each in files if not each.name.endswith(".env.yaml")]
    beyond = any(BEYOND_SCHEMA in text for text in texts)
    assert refused(schema, texts) is not beyond, f"'{BEYOND_SCHEMA}' is {'wrong' if beyond else 'missing'} there"


def refused(schema, texts):
    """Whether the schema refuses one of the texts; those that are not even YAML are beyond it."""
    try:
        contents = [core_yaml(text) for text in texts]
    except (yaml.YAMLError, TypeError):
        return False
    return any(not jsonschema.Draft202012Validator(schema).is_valid(each) for each in contents)


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: `on` and dates are texts."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))


def core_yaml(text):
    return yaml.load(text, Loader=CoreLoader)
