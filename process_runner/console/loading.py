"""Loading a project for a command, with its environment and the sandbox."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from process_runner.language.project import Project
    from process_runner.sandbox import Server


def add_project_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of every command that loads a project to use it."""
    parser.add_argument("--env", metavar="FILE", help="extensions: settings for one environment")
    parser.add_argument(
        "--sandbox",
        choices=("s3",),
        nargs="?",
        const="s3",
        help="an S3 server inside this command, its buckets made on demand; no account needed",
    )


@contextmanager
def loaded(given: argparse.Namespace) -> Iterator[Project]:
    """The project at `given.path`; with the sandbox, a server that lives as long as the context."""
    from process_runner import plugins
    from process_runner.language.loader import Source, load

    extensions = Path(given.env) if given.env else None
    paths = (Path(given.path),)
    if not given.sandbox:
        yield load(Source(paths, extensions), plugins.load())
        return
    with _sandbox() as server:
        yield load(Source(paths, extensions, replaced_connections={"s3": server.connection}), plugins.load())


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
