"""validate: tells every problem of a project."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from process_runner.console.loading import add_project_arguments, read, warnings_of

if TYPE_CHECKING:
    from process_runner.language.project import Project


UNUSED = "http://127.0.0.1"
"""Where the sandbox would be; validating calls nobody."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "validate",
        help="tell every problem of a project",
        description="Tells every problem as file:line:column: message, and as warnings what may run and is probably "
        "not meant. Each PATH is a project of its own.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a YAML file, or a folder of them")
    add_project_arguments(parser, "judge as a run with --sandbox does: S3 connections need no variables")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """0 where every project is valid, else 2."""
    from process_runner import plugins
    from process_runner.console.advice import Advised
    from process_runner.console.errors import telling
    from process_runner.sandbox import Server

    registry = plugins.load()
    server = Server(UNUSED) if given.sandbox else None
    problems = 0
    advice: list[str] = []
    for path in given.paths:
        try:
            project = read(path, given, registry, server)
            warnings = [f"{each.place}: warning: {each.message}" for each in warnings_of(project)]
            told = "\n".join([*warnings, f"{path}: valid: {_content(project)}"])
        except Advised as error:
            told = "\n".join(map(str, error.problems))
            problems += len(error.problems)
            advice += error.advice
        with telling():
            print(told, flush=True)
    if problems:
        print(*advice, sep="\n", end="\n" if advice else "", file=sys.stderr)
        print(_counted(problems, "problem"), file=sys.stderr)
    return 2 if problems else 0


def _content(project: Project) -> str:
    counts = {"connection": project.connections, "operation": project.operations, "process": project.processes}
    return ", ".join(_counted(len(each), name) for name, each in counts.items())


def _counted(count: int, name: str) -> str:
    plural = "es" if name.endswith("s") else "s"
    return f"{count} {name}{'' if count == 1 else plural}"
