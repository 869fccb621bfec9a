"""browse: lists the object types that a connection offers."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from process_runner.console.loading import add_project_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector_sdk.runtime import LocalRuntime
    from process_runner.language.project import Connected


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "browse",
        help="list the object types of a connection",
        description="Lists the object types that operations on a connection may name, such as buckets.",
    )
    parser.add_argument("path", metavar="PATH", help="a project: a YAML file, or a folder of them")
    parser.add_argument("connection", metavar="CONNECTION", help="the connection's name")
    add_project_arguments(parser)
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """0 with a line for each object type, else 1 with the reason."""
    from process_runner.console.connecting import using

    return using(given, _browsed)


def _browsed(component: Connected, runtime: LocalRuntime, tell: Callable[[str], None]) -> bool:
    import sys

    from process_runner.console.connecting import opened
    from process_runner.redaction import one_line

    empty = True
    with opened(component, runtime) as client:
        for name in component.connection.browse(client):
            tell(one_line(name))
            empty = False
    if empty:
        kind = component.connector.id
        print(f"connection '{component.name}' offers no object types; see: describe {kind}", file=sys.stderr)
    return True
