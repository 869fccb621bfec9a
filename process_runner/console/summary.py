"""The summary that people read after a run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from process_runner.redaction import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from process_runner.engine.report import Report

SHOWN_FAILURES = 20
WIDE = 10_000
"""Columns where nobody's window ends: a line of a file or a pipe is never folded."""
_COLOURS = {"complete": "green", "complete_with_warnings": "yellow", "error": "red", "aborted": "yellow"}


def show(report: Report, redact: Callable[[str], str]) -> None:
    """Print the outcome, the steps and the failures on stdout."""
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDE)
    with console.capture() as captured:
        _print(console, report, redact)
    sys.stdout.write(captured.get())


def _print(console: Console, report: Report, redact: Callable[[str], str]) -> None:
    from rich.text import Text

    status = Text(report.status.replace("_", " "), style=_COLOURS[report.status])
    counts = f"{report.documents_in:,} in, {report.documents_out:,} out, {report.documents_failed:,} failed"
    if caught := report.caught:
        counts += f", {caught:,} caught"
    console.print(Text(f"{report.process}: "), status, f"({counts}; {report.duration:.2f} s)", sep=" ")
    console.print(_table(report, redact))
    for label, count in report.returned.items():
        console.print(Text(redact(one_line(f"returned as '{label}': {count:,}"))))
    for line in failure_lines(report):
        console.print(Text(redact(one_line(line)), style="red"))


def _table(report: Report, redact: Callable[[str], str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    steps = report.steps
    with_caught = any(step.caught for step in steps)
    table = Table(box=None, pad_edge=False)
    table.add_column("step", overflow="fold")
    for heading in ("in", "out", "failed", *(["caught"] if with_caught else []), "content", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for step in steps:
        counts = (step.documents_in, step.documents_out, step.failed, *([step.caught] if with_caught else []))
        numbers = (*(f"{count:,}" for count in counts), size_text(step.bytes), f"{step.duration:.2f}")
        table.add_row(Text(redact(one_line(step.step))), *numbers)
    return table


def failure_lines(report: Report) -> list[str]:
    """A line for each failure, and one for those that are too many."""
    lines = []
    for failure in report.failures[:SHOWN_FAILURES]:
        where = f" at '{failure.step}'" if failure.step else ""
        place = f" ({failure.place})" if failure.place else ""
        lines.append(f"{failure.subject} failed{where}: {failure.code}: {failure.message}{place}")
    halts = sum(1 for failure in report.failures if failure.document is None)
    if (more := report.documents_failed + halts - len(lines)) > 0:
        lines.append(f"{more:,} more in the log")
    return lines


def size_text(count: float) -> str:
    """Bytes for people: `12 B`, `3.4 MiB`."""
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    power = 0
    while count >= 1024 and power < len(units) - 1:
        count /= 1024
        power += 1
    return f"{count:.0f} {units[power]}" if power == 0 else f"{count:.1f} {units[power]}"
