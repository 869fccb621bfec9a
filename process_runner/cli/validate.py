"""validate: tells every problem of a project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "validate",
        help="tell every problem of a project",
        description="Tells every problem as file:line:column: message. Each PATH is a project of its own.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a YAML file, or a folder of them")
    parser.add_argument("--env", metavar="FILE", help="extensions: settings for one environment")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """0 where every project is valid, else 2."""
    from process_runner import plugins
    from process_runner.language.loader import Source, load
    from process_runner.language.place import InvalidProject

    registry = plugins.load()
    problems = 0
    for path in given.paths:
        try:
            project = load(Source((Path(path),), Path(given.env) if given.env else None), registry)
        except InvalidProject as error:
            print(error)
            problems += len(error.problems)
        else:
            sections = {
                "connection": project.connections,
                "operation": project.operations,
                "process": project.processes,
            }
            counts = ", ".join(_counted(len(each), name) for name, each in sections.items())
            print(f"{path}: valid: {counts}")
    if problems:
        print(_counted(problems, "problem"), file=sys.stderr)
    return 2 if problems else 0


def _counted(count: int, name: str) -> str:
    plural = "es" if name.endswith("s") else "s"
    return f"{count} {name}{'' if count == 1 else plural}"
