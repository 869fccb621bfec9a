"""What a new version of a connector takes away from the processes that use the one before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector_sdk.component import Connector
from connector_sdk.testing.narrowing import narrowed

Record = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference: where, what, and whether processes may break of it."""

    place: str
    what: str
    breaking: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def record(connector: Connector) -> Record:
    """Everything that processes rely on, as plain JSON."""
    return {
        "id": connector.id,
        "connection": _component(connector.connection),
        "operations": {name: _operation(each) for name, each in sorted(connector.actions.items())},
        "tracked": {each.name: {"settable": each.settable} for each in connector.tracked},
    }


def write_schema(connector: Connector, path: Path) -> None:
    """Write down what processes may rely on; the file belongs into the connector's repository."""
    path.write_text(json.dumps(record(connector), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def changes(old: Record, new: Record) -> Iterator[Change]:
    """Every difference between two versions of a connector."""
    if old["id"] != new["id"]:
        yield Change("connector", f"'{old['id']}' is called '{new['id']}'")
    yield from _component_changes("connection", old["connection"], new["connection"])
    for name in old["operations"].keys() - new["operations"].keys():
        yield Change(name, "the action is gone")
    for name in new["operations"].keys() - old["operations"].keys():
        yield Change(name, "the action is new", breaking=False)
    for name in old["operations"].keys() & new["operations"].keys():
        yield from _operation_changes(name, old["operations"][name], new["operations"][name])
    yield from _tracked_changes(old["tracked"], new["tracked"])


def _component(settings: Any) -> Record:
    moved = [each.old for each in getattr(settings, "migrations", ())]
    return {"settings": settings.json_schema(), **({"migrates": moved} if moved else {})}


def _operation(operation: Any) -> Record:
    inputs = {each.name: {"required": each.required} for each in operation.inputs}
    return {**_component(operation), "inputs": inputs, "reads": sorted(operation.reads), "sets": sorted(operation.sets)}


def _component_changes(place: str, old: Record, new: Record) -> Iterator[Change]:
    moved = new.get("migrates", [])
    yield from narrowed_settings(place, old["settings"], new["settings"], moved)


def narrowed_settings(place: str, old: Record, new: Record, moved: list[str]) -> Iterator[Change]:
    """The differences between two schemas of settings; `moved` ones are migrated."""
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before.keys() - after.keys():
        yield Change(f"{place}.{name}", "the setting is gone", breaking=name not in moved)
    for name in after.keys() - before.keys():
        is_needed = name in new.get("required", ())
        yield Change(f"{place}.{name}", f"the setting is new{' and required' if is_needed else ''}", is_needed)
    for name in before.keys() & after.keys():
        where = f"{place}.{name}"
        if name in new.get("required", ()) and name not in old.get("required", ()):
            yield Change(where, "it is required now")
        yield from _setting_changes(where, (before[name], old), (after[name], new))


def _setting_changes(where: str, old: tuple[Any, Record], new: tuple[Any, Record]) -> Iterator[Change]:
    before, after = old[0], new[0]
    if before.get("default") != after.get("default"):
        yield Change(
            where, f"the default {json.dumps(before.get('default'))} is {json.dumps(after.get('default'))} now"
        )
    if before.get("dynamic") and not after.get("dynamic"):
        yield Change(where, "it is not dynamic any more")
    if reason := narrowed(before, after, old[1].get("$defs", {}), new[1].get("$defs", {})):
        yield Change(where, reason)
    elif before != after:
        yield Change(where, "it is described or judged otherwise", breaking=False)


def _operation_changes(place: str, old: Record, new: Record) -> Iterator[Change]:
    yield from _component_changes(place, old, new)
    for name in old["inputs"].keys() - new["inputs"].keys():
        yield Change(f"{place} input {name}", "it is gone")
    for name, each in new["inputs"].items():
        was = old["inputs"].get(name, {})
        if each["required"] and not was.get("required"):
            yield Change(f"{place} input {name}", "it is required now")
        elif name not in old["inputs"]:
            yield Change(f"{place} input {name}", "it is new", breaking=False)
    for kind, breaks in (("sets", True), ("reads", False)):
        for name in sorted(set(old[kind]) - set(new[kind])):
            yield Change(f"{place} {kind} {name}", "it does not any more", breaks)
        for name in sorted(set(new[kind]) - set(old[kind])):
            yield Change(f"{place} {kind} {name}", "it does now", breaking=False)


def _tracked_changes(old: Record, new: Record) -> Iterator[Change]:
    for name in old.keys() - new.keys():
        yield Change(f"tracked {name}", "the property is gone")
    for name in new.keys() - old.keys():
        yield Change(f"tracked {name}", "the property is new", breaking=False)
    for name in old.keys() & new.keys():
        if old[name]["settable"] and not new[name]["settable"]:
            yield Change(f"tracked {name}", "a process cannot set it any more")
        elif old[name] != new[name]:
            yield Change(f"tracked {name}", "a process can set it now", breaking=False)
