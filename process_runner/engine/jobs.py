"""Jobs: what a connector step does for one document."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from connector_sdk import DocumentError, Operation, Request
from process_runner.components.dynamic_connection import Variant
from process_runner.engine.clients import blaming


@dataclass(slots=True)
class Job:
    """A request of an operation with the document's own options, through its own variant of the connection if any."""

    operation: Operation[Any]
    request: Request
    index: int
    variant: Variant | None


def kind(job: Job) -> tuple[str, Operation[Any]]:
    """What jobs have to have in common to be served together."""
    return job.variant.key if job.variant else "", job.operation


def lane_of(culprit: str, job: Job) -> Hashable:
    """The lane in which a job waits for its turn, if any."""
    with blaming(culprit):
        try:
            return job.operation.lane(job.request)
        except DocumentError:
            return None  # execute() meets the same fault, and there it fails the document
