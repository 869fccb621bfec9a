"""What an execution did: counted while it runs, told when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from process_runner.components.tracking import TrackedDocument
from process_runner.engine.counts import Counts, StepCount

MOST_FAILURES = 1_000
"""Failures kept for the report; all are counted and logged."""
MOST_TRACKED = 1_000
"""Tracked documents kept for the report; all are counted and logged."""


class Failure(NamedTuple):
    """Why a document, or the whole process where `document` is None, went no further."""

    step: str
    document: str | None
    code: str
    message: str
    place: str = ""
    about: Mapping[str, str] = {}
    """Properties that tell people which document it was, such as its file."""

    @property
    def subject(self) -> str:
        """Who failed, for people: `document 1.2 (disk.path orders.json)`."""
        known = ", ".join(f"{name} {value}" for name, value in self.about.items())
        return f"document {self.document}{f' ({known})' if known else ''}" if self.document else "the process"


@dataclass(slots=True)
class Report:
    """The outcome; `status` is complete, complete_with_warnings, error or aborted."""

    execution_id: str
    process: str
    started: datetime
    counts: Counts
    status: str = "complete"
    duration: float = 0.0
    documents_in: int = 0
    documents_out: int = 0
    documents_failed: int = 0
    warned: bool = False
    defect: str = ""
    """The traceback of a defect in the runner or a plugin."""
    failures: list[Failure] = field(default_factory=list)
    returned: dict[str, int] = field(default_factory=dict)
    tracked: list[TrackedDocument] = field(default_factory=list)
    tracked_count: int = 0

    def fail(self, failure: Failure) -> None:
        """Count a failure, and keep it as long as there is room."""
        if failure.document is not None:
            self.documents_failed += 1
        if failure.document is None or len(self.failures) < MOST_FAILURES:
            self.failures.append(failure)

    def track(self, tracked: Iterable[TrackedDocument], count: int) -> None:
        """Count tracked documents, and keep those that are given as long as there is room."""
        self.tracked_count += count
        self.tracked.extend(islice(tracked, MOST_TRACKED - len(self.tracked)))

    @property
    def steps(self) -> list[StepCount]:
        """What passed through each step so far."""
        return self.counts.totals()

    @property
    def caught(self) -> int:
        """Failures that went down a catch path, also in processes that were called."""
        return sum(each.caught for each in self.steps)

    @property
    def failures_left_out(self) -> int:
        """Failures that are too many for the report."""
        kept = sum(1 for each in self.failures if each.document is not None)
        return self.documents_failed - kept

    @property
    def exit_code(self) -> int:
        """The command's exit code for this outcome."""
        if self.defect:
            return 70
        return {"complete": 0, "complete_with_warnings": 0, "error": 1, "aborted": 130}[self.status]

    def summary(self) -> dict[str, Any]:
        """The report as the JSON summary that `run --json` prints."""
        return {
            "execution_id": self.execution_id,
            "process": self.process,
            "status": self.status,
            "exit_code": self.exit_code,
            "started": self.started.isoformat(),
            "ended": (self.started + timedelta(seconds=self.duration)).isoformat(),
            "duration_s": round(self.duration, 3),
            "documents": {"in": self.documents_in, "out": self.documents_out, "failed": self.documents_failed},
            "steps": [_step(each) for each in self.steps],
            "returned": self.returned,
            "failures": [
                {
                    "step": each.step,
                    "document": each.document,
                    "code": each.code,
                    "message": each.message,
                    "place": each.place,
                    "about": dict(each.about),
                }
                for each in self.failures
            ],
            "failures_left_out": self.failures_left_out,
            "failures_caught": self.caught,
            "tracked_count": self.tracked_count,
            "tracked": [each.summary() for each in self.tracked],
        }


def _step(count: StepCount) -> dict[str, Any]:
    return {
        "step": count.step,
        "shape": count.shape,
        "in": count.documents_in,
        "out": count.documents_out,
        "failed": count.failed,
        "caught": count.caught,
        "bytes": count.bytes,
        "duration_s": round(count.duration, 3),
    }
