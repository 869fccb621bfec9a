"""Rules about size, threads and stopping."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from connector_sdk.errors import Cancelled, DocumentError
from connector_sdk.request import Request
from connector_sdk.testing.bench import Bench, Outcome, bench, fresh, good, operation_of
from connector_sdk.testing.case import Case, Content, Subject, sample
from connector_sdk.testing.finding import Broken, NotJudged
from connector_sdk.testing.large import CHUNK, MIB, SHARE, StoppingRuntime, WatchedPayload, large_sample
from connector_sdk.testing.rules.documents import told
from connector_sdk.testing.running import runtime

THREADS = 4
DOCUMENTS = 12


def large_payload_streams(subject: Subject, case: Case) -> None:
    """The size of a document is no reason to need memory."""
    with runtime() as folder, fresh(subject) as made:
        wanted = large_sample(case, subject.large, folder.folder)
        tracemalloc.start()
        try:
            (outcome,) = made.serve(case, wanted)
            size = _read_through(outcome)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    if outcome.error:
        raise Broken(f"the large document fails: {told(outcome.error)}")
    if case.streams is not True and size < subject.large * MIB // 2:
        raise Broken(
            f"the document given in `streams` has an answer of {size} bytes; let it lead to {subject.large} MiB"
        )
    if peak > subject.large * MIB // SHARE:
        raise Broken(f"{subject.large} MiB took {peak / MIB:.0f} MiB of memory; read and write a part at a time")


def threads_agree(subject: Subject, case: Case) -> None:
    """One client serves several threads at once, and each document as it would alone."""
    with fresh(subject) as made:
        expected = [outcome.facts(case) for each in _documents(case) for outcome in made.serve(case, each)]
    with fresh(subject) as made:
        found = [outcome.facts(case) for outcome in _served_at_once(made, case)]
    different = [number for number, (one, other) in enumerate(zip(expected, found, strict=True), 1) if one != other]
    if different:
        raise Broken(
            f"{THREADS} threads give other answers to the documents {different} than one thread (see `varies`)"
        )


def stops_when_asked(subject: Subject, case: Case) -> None:
    """A run that is asked to end ends soon, and in no other way."""
    with subject.world() as settings, runtime() as stopping, bench(subject, settings, stopping) as made:
        stopping.stop()
        _judge_stopped(made.one(case))
    if case.streams is False:
        return
    with runtime() as folder, subject.world() as settings:
        within = StoppingRuntime(_inner(folder.folder))
        with bench(subject, settings, within) as made:
            _judge_stopped_inside(made, case, within, folder.folder)


def _documents(case: Case) -> list[Content]:
    made: list[Content] = [good(case, number) for number in range(1, DOCUMENTS + 1)]
    return made if case.bad is None else [*made[:3], sample(case.bad), *made[3:]]


def _served_at_once(made: Bench, case: Case) -> list[Outcome]:
    operation = operation_of(made.subject, case)
    requests = [made.request(operation, each) for each in _documents(case)]
    lanes: dict[Hashable, list[Request]] = {}
    for request in requests:
        lanes.setdefault(_lane(operation, request), []).append(request)
    together = threading.Barrier(min(THREADS, len(lanes)))

    def serve(lane: list[Request]) -> list[Outcome]:
        if lane[0] in first:
            together.wait(timeout=60)
        return list(made.outcomes(operation, lane))

    first = [lane[0] for lane in list(lanes.values())[: together.parties]]
    with ThreadPoolExecutor(THREADS) as pool:
        found = [outcome for outcomes in pool.map(serve, lanes.values()) for outcome in outcomes]
    order = {id(request): number for number, request in enumerate(requests)}
    return sorted(found, key=lambda outcome: order[id(outcome.request)])


def _lane(operation: object, request: Request) -> Hashable:
    try:
        lane: Hashable = operation.lane(request)  # type: ignore[attr-defined]  # an Operation of any client
    except DocumentError:
        lane = None
    return ("alone", id(request)) if lane is None else ("lane", lane)


def _read_through(outcome: Outcome) -> int:
    size = 0
    for document in outcome.documents:
        with document.payload.open() as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
    return size


def _judge_stopped(outcome: Outcome) -> None:
    if outcome.error and not isinstance(outcome.error, Cancelled | DocumentError):
        raise Broken(f"a run that was asked to end before ends in {told(outcome.error)}; let Cancelled through")


def _judge_stopped_inside(made: Bench, case: Case, within: StoppingRuntime, folder: Path) -> None:
    from dataclasses import replace

    operation = operation_of(made.subject, case)
    request = made.request(operation, large_sample(case, made.subject.large, folder))
    document = request.document.replace(payload=WatchedPayload.of(request.document.payload, within))
    (outcome,) = made.outcomes(operation, [replace(request, document=document)])
    if not within.stopping:
        raise NotJudged("no content is read, or stored with runtime.store(...), that could be stopped")
    if within.read_after > made.subject.large * MIB // SHARE:
        raise Broken(f"asked to end, it reads {within.read_after >> 20} MiB more; call runtime.check() between parts")
    if not isinstance(outcome.error, Cancelled):
        ended = told(outcome.error) if outcome.error else "an answer"
        raise Broken(f"asked to end while content is read, it ends in {ended}; let Cancelled through")


def _inner(folder: Path) -> Path:
    made = folder / "payloads"
    made.mkdir()
    return made
