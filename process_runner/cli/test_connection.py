"""test-connection: proves that a connection works."""

from __future__ import annotations

import argparse

from process_runner.console.loading import add_project_arguments


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "test-connection", help="prove that a connection works", description="Proves that a connection works."
    )
    parser.add_argument("path", metavar="PATH", help="a project: a YAML file, or a folder of them")
    parser.add_argument("connection", metavar="CONNECTION", help="the connection's name")
    add_project_arguments(parser)
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """0 where it works, else 1 with the reason."""
    from process_runner.console.connecting import using

    return using(given, lambda component, client: component.connection.test(client))
