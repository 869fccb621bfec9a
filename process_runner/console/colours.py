"""The summary for somebody who looks at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from process_runner.console import summary

if TYPE_CHECKING:
    from process_runner.engine.report import Report

COLOURS = {"complete": "green", "complete_with_warnings": "yellow", "error": "red", "aborted": "yellow"}


def colourful(report: Report, redact: Callable[[str], str]) -> str:
    """The summary in colours, as wide as the terminal."""
    console = Console(soft_wrap=True, highlight=False)
    with console.capture() as captured:
        status = Text(report.status.replace("_", " "), style=COLOURS[report.status])
        console.print(Text(f"{report.process}: "), status, summary.counts(report), sep=" ")
        console.print(_table(report, redact))
        for line in summary.redacted(summary.returned_lines(report), redact):
            console.print(Text(line))
        for line in summary.redacted(summary.failure_lines(report), redact):
            console.print(Text(line, style="red"))
    return captured.get()


def _table(report: Report, redact: Callable[[str], str]) -> Table:
    headings, *rows = summary.table(report, redact)
    table = Table(box=None, pad_edge=False)
    table.add_column(headings[0], overflow="fold")
    for heading in headings[1:]:
        table.add_column(heading, justify="right", no_wrap=True)
    for first, *numbers in rows:
        table.add_row(Text(first), *numbers)
    return table
