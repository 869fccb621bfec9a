"""describe: shows every option of a connector, or of one of its actions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from process_runner.language.place import suggestion

if TYPE_CHECKING:
    from connector_sdk import Connector, Operation


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "describe", help="show every option of a connector", description="Shows every option of a connector or action."
    )
    parser.add_argument("connector", metavar="CONNECTOR", help="its id, such as s3")
    parser.add_argument("action", metavar="ACTION", nargs="?", help="one of its actions, such as upsert")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """The description on stdout."""
    from process_runner import plugins
    from process_runner.console.errors import UsageError

    registry = plugins.examined()
    connectors = registry.connectors
    if given.connector in registry.broken:
        raise UsageError(f"connector '{given.connector}' cannot be loaded: {registry.broken[given.connector]}")
    if given.connector not in connectors:
        raise UsageError(f"no connector '{given.connector}'" + suggestion(given.connector, connectors))
    connector = connectors[given.connector]
    for action, line in zip(registry.broken_actions.get(connector.id, ()), registry.told(connector.id), strict=True):
        if given.action == action:
            raise UsageError(line)
        if not given.action:
            print(line, file=sys.stderr)
    if given.action and given.action not in connector.actions:
        raise UsageError(f"no action '{given.action}'" + suggestion(given.action, connector.actions))
    lines = operation_lines(connector.actions[given.action]) if given.action else connector_lines(connector)
    print("\n".join(lines))
    return 0


def connector_lines(connector: Connector) -> Iterator[str]:
    """The connection's settings, the actions, the tracked properties."""
    yield f"{connector.label} (connector: {connector.id})"
    yield ""
    yield "connection:"
    yield from _settings(connector.connection.json_schema())
    yield ""
    yield "actions:"
    for name, operation in sorted(connector.actions.items()):
        needs = f" [{', '.join(operation.permissions)}]" if operation.permissions else ""
        yield f"  {name}: {_first_line(operation)}{needs}"
    yield ""
    yield "tracked properties:"
    for each in connector.tracked:
        settable = " (can be set)" if each.settable else ""
        yield f"  {connector.id}.{each.name}: {each.description}{settable}"


def operation_lines(operation: type[Operation[Any]]) -> Iterator[str]:
    """What the action takes, reads and sets."""
    yield f"{operation.action}: {_first_line(operation)}"
    yield ""
    yield "options:"
    yield from _settings(operation.json_schema())
    if operation.inputs:
        yield ""
        yield "parameters:"
        for each in operation.inputs:
            yield f"  {each.name}{' (required)' if each.required else ''}: {each.description}"
    for title, names in (("reads", operation.reads), ("sets", operation.sets), ("needs", operation.permissions)):
        if names:
            yield ""
            yield f"{title}: {', '.join(names)}"


def _settings(schema: dict[str, Any]) -> Iterator[str]:
    from process_runner.reference import options

    for each in options(schema):
        facts = [each.type.replace("`", ""), *each.marks, *([f"default {each.default}"] if each.default else [])]
        yield f"  {each.name} ({', '.join(facts)}): {each.description}"


def _first_line(operation: type[Operation[Any]]) -> str:
    from process_runner.reference import summary

    return summary(operation)
