"""graph: draws a process."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from process_runner.language.project import Process, Project


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "graph",
        help="draw a process",
        description="Draws the steps of a process, and its paths with their names. No variable needs to be set.",
    )
    parser.add_argument("path", metavar="PATH", help="a project: a YAML file, or a folder of them")
    parser.add_argument("process", metavar="PROCESS", nargs="?", help="which process; not needed where there is one")
    parser.add_argument(
        "--format", choices=("mermaid", "svg"), default="mermaid", help="Mermaid text, or an SVG drawing"
    )
    parser.add_argument("--output", metavar="FILE", help="where to; without it, on stdout")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """The drawing of one process."""
    import sys

    from process_runner import graph
    from process_runner.console.errors import UsageError, usable
    from process_runner.redaction import Redaction

    project = _loaded(Path(given.path))
    process, redact = _chosen(project, given.process), Redaction(project.secrets)
    try:
        drawn = graph.svg(process, redact) if given.format == "svg" else graph.mermaid(process, redact)
    except graph.NoRenderer as error:
        raise UsageError(str(error)) from error
    if given.output:
        with usable(given.output):
            Path(given.output).write_text(drawn, encoding="utf-8")
    else:
        sys.stdout.write(drawn)
    return 0


def _loaded(path: Path) -> Project:
    """The project; where only variables of the environment are missing, with empty texts for them."""
    import os

    from process_runner import plugins
    from process_runner.language.loader import Source, load
    from process_runner.language.place import InvalidProject

    registry = plugins.load()
    try:
        return load(Source((path,)), registry)
    except InvalidProject as error:
        try:
            return load(Source((path,), environment=_Lenient(os.environ)), registry)
        except InvalidProject:
            raise error from None


class _Lenient(dict[str, str]):
    """An environment in which every variable is set, to nothing."""

    def get(self, name: str, default: object = None) -> str:
        return str(super().get(name) or "")


def _chosen(project: Project, name: str | None) -> Process:
    from process_runner.console.errors import UsageError
    from process_runner.language.place import suggestion

    if name is None and len(project.processes) == 1:
        return next(iter(project.processes.values()))
    if name is None or name not in project.processes:
        problem = f"no process '{name}' in the project" if name else "name one of the project's processes"
        raise UsageError(problem + (suggestion(name or "", project.processes) or "; there are none"))
    return project.processes[name]
