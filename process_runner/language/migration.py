"""Migration: settings that older files write become today's, before anything is judged, with a line in the log."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from connector_sdk import Migration, Settings
from process_runner.connectors import operation
from process_runner.language import nodes
from process_runner.language.nodes import Items, Mapping, Substituted, containers
from process_runner.language.place import Place, Problem

if TYPE_CHECKING:
    from process_runner.plugins import Registry

OVERRIDES = (("operation", "operations", "dynamic"), ("connection", "connections", "dynamic_connection"))
"""Keys of a step: what it names, in which section, and where it overrides settings of that."""

log = logging.getLogger(__name__)


def migrate(files: Iterable[Mapping], registry: Registry) -> Iterator[Problem]:
    """Change the components of the files in place; what cannot be migrated is a problem."""
    migrations: dict[tuple[str, str], tuple[Migration, ...]] = {}
    roots = list(files)
    for root in roots:
        for section in ("connections", "operations"):
            for name, body in nodes.section(root, section).items():
                if isinstance(body, Mapping) and (settings := _settings_of(section, body, registry)):
                    migrations[section, name] = settings.migrations
                    yield from _all_applied(settings.migrations, body)
    if any(migrations.values()):
        for root in roots:
            yield from _steps_migrated(nodes.section(root, "processes"), migrations)


def with_older(schema: dict[str, Any], settings: type[Settings]) -> dict[str, Any]:
    """The schema for editors: the keys of older files are there, marked as deprecated."""
    older = {
        each.old: {"deprecated": True, "description": f"Written otherwise since {each.since}: {each.told}."}
        for each in settings.migrations
    }
    return {**schema, "properties": {**older, **schema["properties"]}} if older else schema


def _steps_migrated(processes: Mapping, migrations: dict[tuple[str, str], tuple[Migration, ...]]) -> Iterator[Problem]:
    """What steps override by its older name; what it is today is computed for each document, so only names migrate."""
    steps = (node for node in containers(processes) if isinstance(node, Mapping))
    for step, (key, section, overridden) in itertools.product(steps, OVERRIDES):
        known = migrations.get((section, str(step.get(key))), ())
        if isinstance(body := step.get(overridden), Mapping):
            yield from _all_applied((each for each in known if _is_rename(each)), body)


def _is_rename(migration: Migration) -> bool:
    value = object()
    try:
        return any(each is value for each in migration.becomes(value).values())
    except Exception:  # noqa: BLE001  # it looks into the value, so it is none; a stranger's code may raise anything
        return False


def _all_applied(migrations: Iterable[Migration], body: Mapping) -> Iterator[Problem]:
    for migration in migrations:
        if migration.old in body:
            yield from _applied(migration, body)


def _settings_of(section: str, body: Mapping, registry: Registry) -> type[Settings] | None:
    connector = registry.connectors.get(str(body.get("connector")))
    if connector is None:
        return None
    if section == "connections":
        return connector.connection
    action = str(body.get("action"))
    try:
        return operation(connector, action) if action in connector.actions else None
    except (Exception, SystemExit):  # noqa: BLE001  # a stranger's module may raise anything, and the judge tells it
        return None


def _applied(migration: Migration, body: Mapping) -> Iterator[Problem]:
    old, value = migration.old, body[migration.old]
    key_at, value_at = body.key_at(old), body.value_at(old)
    try:
        settings = dict(migration.becomes(value))
    except Exception as error:  # noqa: BLE001  # a stranger's code, and what it raises may quote a secret
        reason = str(error) if type(error) is ValueError else f"its migration raised {type(error).__name__}"
        yield Problem(value_at, f"'{old}' is written otherwise since {migration.since}, and {reason}; {migration.told}")
        return
    if settings == {old: value}:
        return
    body.drop(old)
    taken = [name for name in settings if name in body]
    if both := [name for name in taken if body.key_at(name).file == key_at.file]:
        yield Problem(key_at, f"'{old}' is the older form of '{both[0]}', which is written too; leave '{old}' out")
        return
    for name in settings.keys() - _overridden(taken, body, key_at):
        body.put(name, _placed(settings[name], value, value_at), key_at, value_at)
    read = f"it is read as {', '.join(settings)}" if settings else "it is not read"
    log.warning("%s: '%s' is written otherwise since %s: %s; %s", key_at, old, migration.since, migration.told, read)


def _overridden(taken: list[str], body: Mapping, old_at: Place) -> set[str]:
    """Of the new names that are there, those whose value comes from the extensions and so wins over the file's."""
    return set(taken) if old_at.file == body.file else set()


def _placed(value: Any, written: Any, place: Place) -> Any:
    """The value as if it had been written there; what came from outside stays hidden."""
    if isinstance(value, dict) and not isinstance(value, Mapping):
        mapping = Mapping(place)
        for key, each in value.items():
            mapping.put(key, _placed(each, written, place), place, place)
        return mapping
    if isinstance(value, list | tuple) and not isinstance(value, Items):
        items = Items(place)
        for each in value:
            items.put(_placed(each, written, place), place)
        return items
    if isinstance(written, Substituted) and isinstance(value, str) and not isinstance(value, Substituted):
        return type(written)(value)
    return value
