"""show: prints what will really run."""

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
        "show",
        help="print a project as it will run",
        description="Prints a project as YAML in the form in which it will run: defaults, variables, files and "
        "extensions are filled in, secrets and the values of variables are shown as ***.",
    )
    parser.add_argument("path", metavar="PATH", help="a project: a YAML file, or a folder of them")
    parser.add_argument("process", metavar="PROCESS", nargs="?", help="only this process, with all that it needs")
    parser.add_argument("--env", metavar="FILE", help="extensions: settings for one environment")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """The project, or a process of it, as YAML on stdout."""
    from process_runner import plugins
    from process_runner.console.crash import defects_told
    from process_runner.console.errors import UsageError
    from process_runner.language.loader import Source, load
    from process_runner.language.place import suggestion
    from process_runner.language.selection import needed_by

    project = load(Source((Path(given.path),), Path(given.env) if given.env else None), plugins.load())
    if given.process is not None:
        if given.process not in project.processes:
            there = suggestion(given.process, project.processes) or "; there are none"
            raise UsageError(f"no process '{given.process}' in the project{there}")
        project = needed_by(project, given.process)
    with defects_told(project), suppress(BrokenPipeError):  # who asked has gone
        sys.stdout.write(_written(project))
    return 0


def _written(project: Project) -> str:
    from process_runner.language.writing import Writer
    from process_runner.language.yaml_text import yaml_text
    from process_runner.redaction import Redaction

    redact = Redaction(project.secrets)
    text = yaml_text(Writer(complete=True, redact=redact).project(project))
    if not project.process_properties:
        return text
    given = yaml_text({"process_properties": redact.within(dict(project.process_properties))})
    lines = "".join(f"# {line}\n" for line in given.splitlines())
    return f"{text}\n# From the extensions:\n{lines}"
