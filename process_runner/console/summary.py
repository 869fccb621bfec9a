"""The summary that people read after a run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from process_runner.redaction import one_line

if TYPE_CHECKING:
    from process_runner.engine.report import Report

SHOWN_FAILURES = 20


def show(report: Report, redact: Callable[[str], str]) -> None:
    """Print the outcome, the steps and the failures on stdout; in colours where a person looks."""
    if sys.stdout.isatty():
        from process_runner.console.colours import colourful

        sys.stdout.write(colourful(report, redact))
        return
    sys.stdout.write("".join(f"{line}\n" for line in plain(report, redact)))


def plain(report: Report, redact: Callable[[str], str]) -> Iterator[str]:
    """The lines of the summary."""
    yield f"{report.process}:  {report.status.replace('_', ' ')} {counts(report)}"
    rows = [*table(report, redact)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *numbers in rows:
        cells = [first.ljust(widths[0]), *(each.rjust(width) for each, width in zip(numbers, widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()
    yield from redacted(returned_lines(report), redact)
    yield from redacted(failure_lines(report), redact)


def counts(report: Report) -> str:
    """What went in and out, and how long it took."""
    numbers = f"{report.documents_in:,} in, {report.documents_out:,} out, {report.documents_failed:,} failed"
    if caught := report.caught:
        numbers += f", {caught:,} caught"
    return f"({numbers}; {report.duration:.2f} s)"


def table(report: Report, redact: Callable[[str], str]) -> Iterator[list[str]]:
    """A row of headings and one for each step."""
    with_caught = any(step.caught for step in report.steps)
    yield ["step", "in", "out", "failed", *(["caught"] if with_caught else []), "content", "seconds"]
    for step in report.steps:
        numbers = (step.documents_in, step.documents_out, step.failed, *([step.caught] if with_caught else []))
        figures = (*(f"{number:,}" for number in numbers), size_text(step.bytes), f"{step.duration:.2f}")
        yield [redact(one_line(step.step)), *figures]


def returned_lines(report: Report) -> list[str]:
    """A line for each label under which documents were returned."""
    return [f"returned as '{label}': {count:,}" for label, count in report.returned.items()]


def redacted(lines: Iterable[str], redact: Callable[[str], str]) -> Iterator[str]:
    """The lines as they may be shown, each of them one."""
    return (redact(one_line(line)) for line in lines)


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
