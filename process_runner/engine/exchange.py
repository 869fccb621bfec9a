"""What a parent and its worker processes tell each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from process_runner.components.tracking import TrackedDocument
from process_runner.engine.counts import StepCount
from process_runner.engine.parcel import Parcel
from process_runner.engine.step import Step
from process_runner.language.project import Project
from process_runner.store import Runs, State


@dataclass(frozen=True)
class Setup:
    """What a worker needs to know once."""

    project: Project
    process: str
    steps: tuple[Step, ...]
    caches: Path
    once: Path
    execution_id: str
    started: datetime
    document_count: int
    runs: Runs
    state: State | None
    clock: Callable[[], datetime]
    new_uuid: Callable[[], UUID]
    levels: Mapping[str, int]


@dataclass(frozen=True)
class Job:
    """One batch, to be cut short when the file `halt` comes to be."""

    documents: Parcel
    process_properties: Mapping[str, str]
    halt: Path


@dataclass(frozen=True)
class News:
    """What came to be known since it was last told; `defect` is a traceback."""

    tracked: list[TrackedDocument] = field(default_factory=list)
    tracked_count: int = 0
    secrets: frozenset[str] = frozenset()
    warned: bool = False
    defect: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one batch; `error` is what stopped it at `step`."""

    arrived: Parcel
    ended: Parcel
    returned: Mapping[str, Parcel]
    failed: Parcel
    counts: list[StepCount]
    process_properties: Mapping[str, str]
    news: News
    step: str | None = None
    error: Exception | None = None
    trace: str = ""


@dataclass(frozen=True)
class Farewell:
    """What a worker leaves; `cut_short` where something that ran beside its batches was asked to end."""

    news: News = field(default_factory=News)
    cut_short: bool = False
