"""validate: tells every problem of a project."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from process_runner.language.project import Project


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "validate",
        help="tell every problem of a project",
        description="Tells every problem as file:line:column: message, and as warnings what may run and is probably "
        "not meant. Each PATH is a project of its own.",
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
            told = "\n".join([*_warnings(project), f"{path}: valid: {_content(project)}"])
        except InvalidProject as error:
            told = str(error)
            problems += len(error.problems)
        with suppress(BrokenPipeError):  # who asked has gone; the outcome is still the exit code
            print(told, flush=True)
    if problems:
        print(_counted(problems, "problem"), file=sys.stderr)
    return 2 if problems else 0


def _warnings(project: Project) -> list[str]:
    from process_runner.lint import warnings
    from process_runner.redaction import Redaction

    redact = Redaction(project.secrets)
    return [f"{each.place}: warning: {redact(each.message)}" for each in warnings(project)]


def _content(project: Project) -> str:
    counts = {"connection": project.connections, "operation": project.operations, "process": project.processes}
    return ", ".join(_counted(len(each), name) for name, each in counts.items())


def _counted(count: int, name: str) -> str:
    plural = "es" if name.endswith("s") else "s"
    return f"{count} {name}{'' if count == 1 else plural}"
