"""Drawings of processes for Markdown pages, as Mermaid text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from process_runner.plugins import Registry


def drawing(path: str, process: str, registry: Registry) -> Iterator[str]:
    """A fenced block that draws a process of the project at `path`; KeyError where the project has no such process.

    S3 connections are those of a sandbox that nobody starts, so that their variables need not be set.
    """
    from process_runner.graph import mermaid
    from process_runner.language.loader import Source, load
    from process_runner.sandbox import Server

    nowhere = {"s3": Server("http://127.0.0.1").connection}
    project = load(Source((Path(path),), environment={}, replaced_connections=nowhere), registry)
    if process not in project.processes:
        raise KeyError(f"graph {path} {process}")
    yield "```mermaid"
    yield mermaid(project.processes[process]).rstrip("\n")
    yield "```"
    yield ""
