"""new: begins a project of its own, such as a connector."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser("new", help="begin a connector", description="Begins a project of its own.")
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    connector = kinds.add_parser(
        "connector",
        help="a package with a connector that installs and passes its tests",
        description="Makes the package connector-NAME: a connector with two actions that installs, keeps the contract "
        "of the SDK and runs an example; put your own system where its notes are.",
    )
    connector.add_argument("name", metavar="NAME", help="its name in processes, such as acme-crm")
    connector.add_argument("--path", metavar="DIR", default=".", help="the folder to make it in (default: this one)")
    connector.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Make the package and say what to do next."""
    from process_runner import plugins, scaffold
    from process_runner.console.errors import UsageError, usable

    registry = plugins.load()
    parent = Path(given.path)
    try:
        name = scaffold.connector_name(given.name, {*registry.connectors, *registry.broken})
        with usable(parent / f"connector-{name}"):
            folder = scaffold.new_connector(name, parent)
    except scaffold.UnusableName as error:
        raise UsageError(str(error)) from error
    print(f"made {folder}; what to do next:")
    print(f"  cd {folder}")
    print("  pip install --editable .")
    print("  pytest")
    print(f"  process-runner describe {name.replace('-', '_')}")
    return 0
