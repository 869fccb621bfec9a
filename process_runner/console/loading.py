"""Loading a project for a command, with its environment and the sandbox."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from process_runner.language.place import Problem
    from process_runner.language.project import Project
    from process_runner.language.sparing import Wanted
    from process_runner.plugins import Registry
    from process_runner.sandbox import Server


def add_project_arguments(
    parser: argparse.ArgumentParser,
    sandbox: str = "an S3 server inside this command, its buckets made on demand; no account needed",
) -> None:
    """The arguments of every command that loads a project; `sandbox` says what --sandbox does in it."""
    parser.add_argument("--env", metavar="FILE", help="extensions: settings for one environment")
    parser.add_argument("--sandbox", choices=("s3",), nargs="?", const="s3", help=sandbox)


@contextmanager
def loaded(given: argparse.Namespace) -> Iterator[Project]:
    """The project at `given.path`; with the sandbox, a server that lives as long as the context."""
    from process_runner import plugins
    from process_runner.console.crash import defects_told

    with ExitStack() as stack:
        server = stack.enter_context(_sandbox()) if given.sandbox else None
        project = read(given.path, given, plugins.load(), server)
        stack.enter_context(defects_told(project))
        yield project


def read(path: str, given: argparse.Namespace, registry: Registry, server: Server | None = None) -> Project:
    """The project at a path, its S3 connections leading to the server where there is one; InvalidProject, advised."""
    from process_runner.language.loader import Source, load
    from process_runner.language.place import InvalidProject

    extensions = Path(given.env) if given.env else None
    replaced: Mapping[str, Mapping[str, str]] = {"s3": server.connection} if server else {}
    try:
        return load(Source((Path(path),), extensions, replaced_connections=replaced, wanted=_wanted(given)), registry)
    except InvalidProject as error:
        from process_runner.console.advice import advised

        raise advised(error) from error


def _wanted(given: argparse.Namespace) -> Wanted | None:
    """The process or connection that a command is about, if it is about one."""
    from process_runner.language.sparing import Wanted

    if hasattr(given, "connection"):
        return Wanted("connections", given.connection)
    return Wanted("processes", given.process) if hasattr(given, "process") else None


def warnings_of(project: Project) -> list[Problem]:
    """What may run and is probably not meant, without secrets."""
    from process_runner.language.place import Problem
    from process_runner.lint import warnings
    from process_runner.redaction import Redaction

    redact = Redaction(project.secrets)
    return [Problem(each.place, redact(each.message)) for each in warnings(project)]


@contextmanager
def _sandbox() -> Iterator[Server]:
    from connector_sdk import ConfigError
    from process_runner.console.errors import UsageError
    from process_runner.sandbox import sandbox

    with ExitStack() as stack:
        try:
            server = stack.enter_context(sandbox())
        except ConfigError as error:
            raise UsageError(str(error)) from error
        yield server
