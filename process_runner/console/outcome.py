"""The outcome of a run: a summary for people, or one for machines."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from process_runner.console.errors import telling

if TYPE_CHECKING:
    from process_runner.engine.report import Report
    from process_runner.language.place import Problem
    from process_runner.redaction import Redaction

log = logging.getLogger("process_runner")


def tell(report: Report, redact: Redaction, warnings: Sequence[Problem], *, as_json: bool) -> None:
    """Print the summary on stdout; the details of a defect go to a file of their own."""
    crash_log = _crash_log(report, redact)
    with telling():
        if as_json:
            told = {**_summary(report, redact), "warnings": _listed(warnings), "crash_log": crash_log}
            print(json.dumps(told, ensure_ascii=False))
        else:
            from process_runner.console.summary import show

            show(report, redact)
        sys.stdout.flush()


def _crash_log(report: Report, redact: Redaction) -> str | None:
    if not report.defect:
        return None
    from process_runner.console.crash import write_crash_log

    path = write_crash_log(redact(report.defect))
    log.error("the details of the defect are in %s", path)
    return path


def _summary(report: Report, redact: Redaction) -> dict[str, Any]:
    return {**redact.within(report.summary()), "status": report.status, "returned": _returned(report, redact)}


def _listed(warnings: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"place": str(each.place), "message": each.message} for each in warnings]


def _returned(report: Report, redact: Redaction) -> dict[str, int]:
    """How many documents were returned under each label, which may hold a secret."""
    counts: Counter[str] = Counter()
    for label, count in report.returned.items():
        counts[redact(label)] += count
    return dict(counts)
