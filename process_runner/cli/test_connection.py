"""test-connection: proves that a connection works, layer by layer, and says what to do where it does not."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from process_runner.console.loading import add_project_arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_sdk.checks import Verdict
    from connector_sdk.runtime import LocalRuntime
    from process_runner.language.project import Connected


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "test-connection",
        help="prove that a connection works",
        description="Proves that a connection works, layer by layer: settings, network, credentials, permission, "
        "capability. The first that fails says what to do.",
    )
    parser.add_argument("path", metavar="PATH", help="a project: a YAML file, or a folder of them")
    parser.add_argument("connection", metavar="CONNECTION", help="the connection's name")
    add_project_arguments(parser)
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """0 where it works, else 1 with the layer that does not, the reason, and what to do."""
    from process_runner.console.connecting import using

    return using(given, _verified)


def _verified(component: Connected, runtime: LocalRuntime, tell: Callable[[str], None]) -> bool:
    from connector_sdk.checks import verify

    works = True
    for verdict in verify(component.connection, runtime):
        works = works and verdict.outcome != "failed"
        for line in _lines(verdict):
            tell(line)
    return works


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.layer:<12} {verdict.outcome:<12} {verdict.text}".rstrip()
    if verdict.remedy:
        yield f"{'':<12} {'what to do:':<12} {verdict.remedy}"
