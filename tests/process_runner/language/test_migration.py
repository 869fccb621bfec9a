"""Settings that older files write become today's, with a line that says where and what to write now."""

import logging

import pytest

from connector_sdk import Connection, Connector, Migration, Operation, Secret, removed, renamed, setting
from process_runner.language.loader import Source, load
from process_runner.language.place import InvalidProject
from process_runner.language.schemas import published
from process_runner.plugins import Registry, Shapes


def sized(value):
    number, _, unit = str(value).partition(" ")
    if unit not in ("KiB", "MiB"):
        raise ValueError(f"KiB and MiB are known, not {unit or 'bytes'}")
    return {"limits": {"bytes": int(number) << (10 if unit == "KiB" else 20)}}


class Desk(Connection):
    """Where."""

    migrations = (renamed("pass", "password", "0.3"), removed("speed", "0.4", "it is fast"))
    place: str = setting("Where it stands.", "here")
    password: Secret | None = setting("Opens it.", None)


class Copy(Operation):
    """Copies."""

    action = "copy"
    migrations = (
        renamed("bucket", "object_type", "0.3"),
        Migration(
            "mode", "0.5", "write 'careful' for 'slow'", lambda value: {"mode": {"slow": "careful"}.get(value, value)}
        ),
        Migration("size", "0.6", "write limits", sized),
        Migration("odd", "0.7", "write nothing", lambda value: {}[value]),
    )
    object_type: str = setting("What.", "things", dynamic=True)
    mode: str = setting("How.", "careful", pattern="^(careful|quick)$", dynamic=True)
    limits: dict[str, int] = setting("How much.", {})


REGISTRY = Registry({"desk": Connector("desk", "Desk", Desk, (Copy,))}, Shapes())
HEAD = "connections:\n  c: {connector: desk}\noperations:\n  o:\n    connector: desk\n    action: copy\n"


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """Load a project of one file, and give its operation `o` and connection `c`."""
    monkeypatch.chdir(tmp_path)

    def load_text(text, extensions=None, **environment):
        (tmp_path / "p.yaml").write_text(text)
        if extensions:
            (tmp_path / "here.env.yaml").write_text(extensions)
        from pathlib import Path

        project = load(Source((Path("p.yaml"),), extensions and Path("here.env.yaml"), environment), REGISTRY)
        return project.operations["o"].operation, project.connections["c"].connection

    return load_text


@pytest.mark.parametrize(
    ("line", "name", "value", "told"),
    [
        (
            "bucket: acme",
            "object_type",
            "acme",
            "'bucket' is written otherwise since 0.3: write 'object_type' instead; it is read as object_type",
        ),
        (
            "mode: slow",
            "mode",
            "careful",
            "'mode' is written otherwise since 0.5: write 'careful' for 'slow'; it is read as mode",
        ),
        (
            "size: 2 KiB",
            "limits",
            {"bytes": 2048},
            "'size' is written otherwise since 0.6: write limits; it is read as limits",
        ),
    ],
)
def test_an_older_form_is_read_and_told_with_its_place(loaded, caplog, line, name, value, told):
    operation, _ = loaded(f"{HEAD}    {line}\n")
    assert getattr(operation, name) == value
    assert [(each.levelno, each.getMessage()) for each in caplog.records] == [(logging.WARNING, f"p.yaml:7:5: {told}")]


def test_todays_form_is_not_told(loaded, caplog):
    assert loaded(f"{HEAD}    mode: quick\n    object_type: acme\n")[0].mode == "quick"
    assert caplog.records == []


def test_a_setting_without_use_is_left_out(loaded, caplog):
    loaded(HEAD.replace("{connector: desk}", "{connector: desk, speed: 3}"))
    (told,) = caplog.messages
    assert told == "p.yaml:2:24: 'speed' is written otherwise since 0.4: leave it out: it is fast; it is not read"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "size: 7",
            "p.yaml:7:11: 'size' is written otherwise since 0.6, and KiB and MiB are known, not bytes; write limits",
        ),
        (
            "odd: 7",
            "p.yaml:7:10: 'odd' is written otherwise since 0.7, and its migration raised KeyError; write nothing",
        ),
        (
            "bucket: a\n    object_type: b",
            "p.yaml:7:5: 'bucket' is the older form of 'object_type', which is written too; leave 'bucket' out",
        ),
        ("bucket: 7", "p.yaml:7:13: expected a text, got a whole number; put it in quotes"),
        ("mode: never", "p.yaml:7:11: the text does not match ^(careful|quick)$"),
    ],
)
def test_what_cannot_be_migrated_is_a_problem_at_its_place(loaded, line, problem):
    with pytest.raises(InvalidProject) as caught:
        loaded(f"{HEAD}    {line}\n")
    assert problem in str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("written", "extended", "value"),
    [("object_type: a", "bucket: b", "b"), ("bucket: a", "object_type: b", "b"), ("bucket: a", "bucket: b", "b")],
)
def test_extensions_win_in_whatever_form(loaded, caplog, written, extended, value):
    operation, _ = loaded(f"{HEAD}    {written}\n", f"operations:\n  o:\n    {extended}\n")
    assert operation.object_type == value
    (told,) = caplog.messages
    assert told.startswith("here.env.yaml:3:5: " if "bucket" in extended else "p.yaml:7:5: ")


STEPS = """
processes:
  p:
    steps:
      - connector: {connection: c, operation: o, dynamic: {bucket: "{{ document.text }}", mode: "{{ 'slow' }}"}}
"""


def test_what_a_step_overrides_has_its_name_of_today(loaded, caplog):
    loaded(HEAD + STEPS)
    (told,) = caplog.messages
    assert told.startswith("p.yaml:11:60: 'bucket' is written otherwise since 0.3: write 'object_type' instead")


def test_a_secret_stays_hidden_on_its_way(loaded, caplog):
    text = HEAD.replace("{connector: desk}", '{connector: desk, pass: "${TOKEN}"}')
    _, connection = loaded(text, TOKEN="hunter2-secret")
    assert connection.password.get_secret_value() == "hunter2-secret"
    assert "hunter2" not in caplog.text
    with pytest.raises(InvalidProject) as caught:
        loaded(f'{HEAD}    mode: "${{TOKEN}}"\n', TOKEN="hunter2-secret")
    assert "hunter2" not in str(caught.value)


def test_editors_are_told_that_the_older_form_is_deprecated():
    older = published(REGISTRY)["$defs"]["desk.copy.operation"]["properties"]["bucket"]
    assert older == {"deprecated": True, "description": "Written otherwise since 0.3: write 'object_type' instead."}
