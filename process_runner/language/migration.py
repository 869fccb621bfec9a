"""Migration: settings that older files write become today's, before anything is judged, with a line in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from connector_sdk import Migration, Settings
from process_runner.language import nodes
from process_runner.language.nodes import Items, Mapping, Substituted
from process_runner.language.place import Place, Problem

if TYPE_CHECKING:
    from process_runner.plugins import Registry

log = logging.getLogger(__name__)


def migrate(files: Iterable[Mapping], registry: Registry) -> Iterator[Problem]:
    """Change the components of the files in place; what cannot be migrated is a problem."""
    for root in files:
        for section in ("connections", "operations"):
            for body in nodes.section(root, section).values():
                if isinstance(body, Mapping) and (settings := _settings_of(section, body, registry)):
                    for migration in settings.migrations:
                        if migration.old in body:
                            yield from _applied(migration, body)


def with_older(schema: dict[str, Any], settings: type[Settings]) -> dict[str, Any]:
    """The schema for editors: the keys of older files are there, marked as deprecated."""
    older = {
        each.old: {"deprecated": True, "description": f"Written otherwise since {each.since}: {each.told}."}
        for each in settings.migrations
    }
    return {**schema, "properties": {**older, **schema["properties"]}} if older else schema


def _settings_of(section: str, body: Mapping, registry: Registry) -> type[Settings] | None:
    connector = registry.connectors.get(str(body.get("connector")))
    if connector is None:
        return None
    return connector.connection if section == "connections" else connector.actions.get(str(body.get("action")))


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
