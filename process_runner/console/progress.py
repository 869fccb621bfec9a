"""Progress: a live table on a terminal, nothing elsewhere, where log lines tell enough."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from process_runner.console.summary import size_text

if TYPE_CHECKING:
    from rich.table import Table

    from process_runner.engine.report import Report


@contextmanager
def shown(report: Report) -> Iterator[None]:
    """Show the report's counts while the execution runs."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.live import Live

    started = time.monotonic()
    console = Console(stderr=True)
    with Live(
        console=console,
        get_renderable=lambda: _table(report, time.monotonic() - started),
        refresh_per_second=8,
        transient=True,
    ):
        yield


def _table(report: Report, seconds: float) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, title=f"{report.process}  {seconds:.0f} s", title_justify="left")
    table.add_column("step")
    for heading in ("in", "out", "failed", "content", "per second"):
        table.add_column(heading, justify="right")
    for step in report.steps:
        if step.documents_in:
            rate = step.documents_out / max(step.duration or seconds, 0.001)
            counts = (f"{step.documents_in:,}", f"{step.documents_out:,}", f"{step.failed:,}")
            table.add_row(Text(step.step), *counts, size_text(step.bytes), f"{rate:,.0f}")
    return table
