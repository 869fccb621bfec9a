"""run: runs a process."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from typing import TYPE_CHECKING

from process_runner.console.loading import add_project_arguments, loaded

if TYPE_CHECKING:
    from process_runner.engine.execution import Options
    from process_runner.engine.report import Report
    from process_runner.language.place import Problem
    from process_runner.language.project import Process, Project
    from process_runner.redaction import Redaction
    from process_runner.store import State


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser("run", help="run a process", description="Runs a process of a project.")
    parser.add_argument("path", metavar="PATH", help="a project: a YAML file, or a folder of them")
    parser.add_argument("process", metavar="PROCESS", nargs="?", help="which process; not needed where there is one")
    parser.add_argument("--input", metavar="FILE", nargs="+", default=[], help="files or globs for a passthrough start")
    parser.add_argument("--output", metavar="DIR", help="where returned documents go, one folder for each label")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="a dynamic process property")
    parser.add_argument("--store", metavar="URL", help="where what outlives a run is kept, such as sqlite:///PATH")
    add_project_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one JSON summary on stdout, everything else on stderr")
    parser.add_argument("--log-format", choices=("text", "json"), default="text", help="how log lines look")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Run the process and tell how it went."""
    from process_runner import log as logs
    from process_runner.console.outcome import tell
    from process_runner.redaction import Redaction

    logs.configure(given.log_format, Redaction())
    with ExitStack() as stack:
        project = stack.enter_context(loaded(given))
        redact = Redaction(project.secrets)
        logs.configure(given.log_format, redact)
        process = _chosen(project, given.process)
        options = _options(given, project, process, redact)
        warnings = _warned(project)
        report = _execute(project, process, options)
    tell(report, redact, warnings, as_json=given.json)
    return report.exit_code


def _warned(project: Project) -> list[Problem]:
    """What is probably not meant, as log lines before anything runs."""
    import logging

    from process_runner.console.loading import warnings_of

    log = logging.getLogger("process_runner")
    try:
        found = warnings_of(project)
    except Exception as error:  # noqa: BLE001  # a rule that fails must not keep a sound process from running
        log.warning("the files were not searched for what is probably not meant: %s: %s", type(error).__name__, error)
        return []
    for each in found:
        log.warning("%s: %s", each.place, each.message)
    return found


def _execute(project: Project, process: Process, options: Options) -> Report:
    import sys
    import tempfile
    from contextlib import redirect_stdout
    from pathlib import Path

    from connector_sdk.runtime import LocalRuntime
    from process_runner.console.progress import shown
    from process_runner.console.stopping import stoppable
    from process_runner.engine.execution import Execution
    from process_runner.engine.garbage import kept, seldom_collected

    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="process-runner-", ignore_cleanup_errors=True)
        if options.state:
            stack.callback(options.state.close)
        runtime = LocalRuntime(Path(stack.enter_context(folder)))
        execution = Execution(project, process, runtime, options)
        # stdout is the summary's alone, whatever a plugin prints
        with stoppable(runtime), shown(execution.report), redirect_stdout(sys.stderr), kept(), seldom_collected():
            return execution.run()


def _chosen(project: Project, name: str | None) -> Process:
    from process_runner.console.errors import UsageError
    from process_runner.language.place import suggestion

    if name is None and len(project.processes) == 1:
        return next(iter(project.processes.values()))
    if not project.processes:
        raise UsageError("the project has no process")
    if name is None:
        names = ", ".join(project.processes)
        raise UsageError(f"name one of the project's {len(project.processes)} processes: {names}")
    if name not in project.processes:
        raise UsageError(f"no process '{name}' in the project" + suggestion(name, project.processes))
    return project.processes[name]


def _options(given: argparse.Namespace, project: Project, process: Process, redact: Redaction) -> Options:
    from process_runner.console.files import Output, input_documents
    from process_runner.console.given import process_properties
    from process_runner.engine.execution import Options
    from process_runner.shapes.start import takes_documents

    return Options(
        documents=input_documents(given.input, wanted=takes_documents(process), process=process.name),
        process_properties=process_properties(given.set, project),
        returned=Output(given.output) if given.output else None,
        state=_state(given),
        redaction=redact,
    )


def _state(given: argparse.Namespace) -> State:
    import os
    from functools import partial
    from pathlib import Path

    from process_runner.console.errors import UsageError
    from process_runner.store import VARIABLE, State, default_url
    from process_runner.store.location import is_url

    chosen = given.store or os.environ.get(VARIABLE)
    if chosen and not is_url(chosen):
        raise UsageError("the store is chosen by a URL, such as sqlite:///PATH or postgresql://USER@HOST/DATABASE")
    return State(chosen or partial(default_url, Path(given.path), os.environ.get("XDG_STATE_HOME", "")))
