"""Rules about what a connector declares; none of them needs the other system."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from typing import Any

from connector_sdk.settings import Settings, SettingsError
from connector_sdk.testing.bench import connection_of, operation_of
from connector_sdk.testing.case import Subject
from connector_sdk.testing.finding import Broken, NotJudged, unusable
from connector_sdk.version import VERSION, serves

SECRETIVE = re.compile(r"(^|_)(password|passwd|passphrase|secret|api_?key|private_?key|secret_key)$")
UNKNOWN = "no_such_setting"


def operations_are_usable(subject: Subject) -> None:
    """Those in modules are looked at when they are imported, which is here; each that has a fault is told."""
    if told := unusable(subject.connector):
        raise Broken("; ".join(told))


def every_action_has_a_case(subject: Subject) -> None:
    """An action without a case would not be judged."""
    if missing := sorted(subject.connector.actions.keys() - {case.action for case in subject.cases}):
        raise Broken(f"no case uses {', '.join(missing)}")


def schemas_are_valid(subject: Subject) -> None:
    """Editors and the runner judge by them."""
    from jsonschema import Draft202012Validator, SchemaError

    for settings in components(subject):
        try:
            Draft202012Validator.check_schema(settings.json_schema())
        except SchemaError as error:
            raise Broken(f"the schema of {settings.__name__} is wrong at {error.json_path}: {error.message}") from error


def everything_is_described(subject: Subject) -> None:
    """Descriptions are the reference page and the help of editors."""
    if missing := list(_undescribed(subject)):
        raise Broken(f"without a description: {', '.join(missing)}")


def sdk_is_served(subject: Subject) -> None:
    """A connector for another SDK is not loaded."""
    if not serves(subject.connector.sdk):
        raise Broken(f"it says sdk={subject.connector.sdk!r}, and this is {VERSION}")


def secrets_are_declared(subject: Subject) -> None:
    """A secret that is a plain text is shown in messages."""
    for settings in components(subject):
        schema = settings.json_schema()
        for where, name, written in _settings(schema, schema, settings.__name__):
            if SECRETIVE.search(name) and any(form.get("type") == "string" for form in _plain_forms(written)):
                raise Broken(f"{where} is a plain text; declare it as Secret")


def values_pickle(subject: Subject) -> None:
    """What is declared travels to other processes; clients do not."""
    with subject.world() as settings:
        values = [subject.connector, connection_of(subject, settings)]
    for value in [*values, *(operation_of(subject, case) for case in subject.cases)]:
        try:
            same = pickle.loads(pickle.dumps(value)) == value  # noqa: S301  # written in the line itself
        except Exception as error:  # whatever a value's own pickling raises
            raise Broken(f"{type(value).__name__} does not pickle: {error}") from error
        if not same:
            raise Broken(f"{type(value).__name__} is another one after pickling")


def wrong_settings_are_refused(subject: Subject) -> None:
    """A mistake is told at its place, before anything runs."""
    for settings in components(subject):
        if (UNKNOWN,) not in _places(settings, {UNKNOWN: 1}):
            raise Broken(f"{settings.__name__} takes a setting that it does not know")
    with subject.world() as given:
        for wrong in subject.wrong_settings:
            place = tuple(wrong.at.split(".")) if wrong.at else ()
            found = _refusals(subject, given, wrong.settings, wrong.action)
            if not any(each[: len(place)] == place if place else not each for each in found):
                told = (
                    f"is refused at {', '.join('.'.join(each) or 'the whole' for each in found)}" if found else "is not"
                )
                raise Broken(f"{sorted(wrong.settings)} must be refused at {wrong.at or 'the whole'}, and {told}")
    if not subject.wrong_settings:
        raise NotJudged("no wrong_settings are given")


def components(subject: Subject) -> list[type[Settings]]:
    """The classes of the connection and of the operations."""
    return [subject.connector.connection, *subject.connector.actions.values()]


def _refusals(subject: Subject, given: dict[str, Any], wrong: Any, action: str | None) -> list[tuple[str, ...]]:
    if action is None:
        return _places(subject.connector.connection, {**given, **wrong}) or _refused_when_opened(
            subject, {**given, **wrong}
        )
    options = next((case.options for case in subject.cases_of(action)), {})
    return _places(subject.connector.actions[action], {**options, **wrong})


def _refused_when_opened(subject: Subject, settings: dict[str, Any]) -> list[tuple[str, ...]]:
    from connector_sdk.errors import ConfigError
    from connector_sdk.testing.bench import bench

    try:
        with bench(subject, settings):
            return []
    except ConfigError as error:
        return [tuple(map(str, error.setting))]


def _places(settings: type[Settings], given: dict[str, Any]) -> list[tuple[str, ...]]:
    try:
        settings.load(given)
    except SettingsError as error:
        return [tuple(map(str, each.path)) for each in error.faults]
    return []


def _undescribed(subject: Subject) -> Iterator[str]:
    connector = subject.connector
    if not connector.label.strip():
        yield "the connector's label"
    for settings in components(subject):
        if not (settings.__doc__ or "").strip():
            yield f"the class {settings.__name__} (its docstring)"
        schema = settings.json_schema()
        for where, _, written in _settings(schema, schema, settings.__name__):
            if not written.get("description", "").strip():
                yield where
    yield from (f"tracked property {each.name}" for each in connector.tracked if not each.description.strip())
    for operation in connector.actions.values():
        yield from (
            f"input {each.name} of {operation.action}" for each in operation.inputs if not each.description.strip()
        )


def _settings(schema: Any, part: Any, where: str) -> Iterator[tuple[str, str, Any]]:
    """Each setting with where it is, those inside others included."""
    for name, written in part.get("properties", {}).items():
        yield f"{where}.{name}", name, written
    for name, definition in (schema.get("$defs", {}) if schema is part else {}).items():
        yield from _settings(schema, definition, name)


def _plain_forms(written: Any) -> list[Any]:
    forms = [written, *written.get("anyOf", ())]
    return [form for form in forms if not form.get("writeOnly")]
