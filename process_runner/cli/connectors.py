"""connectors: tells which connectors are installed."""

from __future__ import annotations

import argparse
import sys


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "connectors", help="list the installed connectors", description="Lists the installed connectors."
    )
    parser.add_argument(
        "--json", action="store_true", help="everything they say of themselves, their settings as JSON Schemas"
    )
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """A line for each connector, with its actions; what is broken on stderr. Or all of it as JSON."""
    from process_runner import plugins

    registry = plugins.examined()
    if given.json:
        import json

        from process_runner.reference.catalog import catalog

        print(json.dumps(catalog(registry), indent=2, ensure_ascii=False))
        return 0
    for connector in sorted(registry.connectors.values(), key=lambda each: each.id):
        print(f"{connector.id:<12} {connector.label}: {', '.join(sorted(connector.actions))}")
    for name, reason in registry.broken.items():
        print(f"plugin '{name}' cannot be loaded: {reason}", file=sys.stderr)
    for line in (line for name in registry.broken_actions for line in registry.told(name)):
        print(line, file=sys.stderr)
    return 0
