"""connectors: tells which connectors are installed."""

from __future__ import annotations

import argparse
import sys


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "connectors", help="list the installed connectors", description="Lists the installed connectors."
    )
    parser.set_defaults(command=run)


def run(_: argparse.Namespace) -> int:
    """A line for each connector, with its actions; broken plugins on stderr."""
    from process_runner import plugins

    registry = plugins.load()
    for connector in sorted(registry.connectors.values(), key=lambda each: each.id):
        print(f"{connector.id:<12} {connector.label}: {', '.join(sorted(connector.actions))}")
    for name, reason in registry.broken.items():
        print(f"plugin '{name}' cannot be loaded: {reason}", file=sys.stderr)
    return 0
