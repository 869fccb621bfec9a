"""Rules about what becomes of documents, one case at a time."""

from __future__ import annotations

from connector_sdk.errors import DocumentError
from connector_sdk.request import Request
from connector_sdk.testing.bench import MARK, Outcome, fresh, good, operation_of
from connector_sdk.testing.case import Case, Content, Subject, sample
from connector_sdk.testing.finding import Broken, NotJudged
from connector_sdk.testing.names import HOSTILE

SEVERAL = 5
SHOWN = 60


def good_document_is_served(subject: Subject, case: Case) -> None:
    """Without this one the other rules would say nothing."""
    with fresh(subject) as bench:
        _served(bench.one(case))


def bad_document_fails(subject: Subject, case: Case) -> None:
    """What a library raises is none of the SDK's errors; it would count as a defect and stop the process."""
    bad = bad_of(case)
    with fresh(subject) as bench:
        (outcome,) = bench.serve(case, sample(bad))
    if outcome.error is None:
        raise Broken("the bad document is served")
    if not isinstance(outcome.error, DocumentError):
        raise Broken(f"the bad document ends in {told(outcome.error)}; raise a DocumentError")
    if not str(outcome.error).strip() or not outcome.error.code.strip():
        raise Broken("the error of the bad document has no text, or no code")


def bad_document_fails_alone(subject: Subject, case: Case) -> None:
    """The documents around a bad one are served as if it were not there."""
    bad = bad_of(case)
    with fresh(subject) as bench:
        alone = [outcome.facts(case) for outcome in bench.serve(case, good(case, 1), good(case, 2))]
    with fresh(subject) as bench:
        first, failed, last = bench.serve(case, good(case, 1), sample(bad), good(case, 2))
        if failed.error is None:
            raise Broken("the bad document is served among good ones")
        for outcome, expected in zip((first, last), alone, strict=True):
            if outcome.facts(case) != expected:
                raise Broken(f"a good document beside the bad one is not served as it is alone: {_ended(outcome)}")


def results_keep_order(subject: Subject, case: Case) -> None:
    """One result for each document, in their order, with its documents in the same order each time."""
    with fresh(subject) as bench:
        operation = operation_of(subject, case)
        requests = [bench.request(operation, good(case, number)) for number in range(1, SEVERAL + 1)]
        outcomes = list(bench.outcomes(operation, requests))
        _in_order(requests, outcomes)
        first = [outcome.facts(case) for outcome in outcomes]
    with fresh(subject) as bench:
        again = bench.serve(case, *(good(case, number) for number in range(1, SEVERAL + 1)))
        if [outcome.facts(case) for outcome in again] != first:
            raise Broken("the same documents give other answers, or in another order, the second time (see `varies`)")


def payloads_open_again(subject: Subject, case: Case) -> None:
    """A document may be read by several steps."""
    with fresh(subject) as bench:
        for document in bench.one(case).documents:
            with document.payload.open() as stream:
                first = stream.read()
            with document.payload.open() as stream:
                second = stream.read()
            if first != second:
                raise Broken(f"a payload gives {len(first)} bytes when opened first, then {len(second)} other ones")
            if len(first) != document.payload.size:
                raise Broken(f"a payload says {document.payload.size} bytes and gives {len(first)}")


def input_is_unchanged(subject: Subject, case: Case) -> None:
    """Sibling paths and retries see the document as it was."""
    with fresh(subject) as bench:
        operation = operation_of(subject, case)
        request = bench.request(operation, good(case))
        before = _content(request)
        list(bench.outcomes(operation, [request]))
        if _content(request) != before:
            raise Broken("serving a document changes it; make another one with request.output(...)")
        if operation_of(subject, case) != operation:
            raise Broken("serving a document changes the operation's settings")


def properties_travel_on(subject: Subject, case: Case) -> None:
    """What a process set on a document is on the documents made of it."""
    with fresh(subject) as bench:
        for document in bench.one(case).documents:
            if not MARK.items() <= document.properties.items():
                raise Broken("an answer lacks the properties of its document; make it with request.output(...)")


def hostile_names_are_safe(subject: Subject, case: Case) -> None:
    """A name arrives as it is, or its document fails."""
    if not case.names:
        raise NotJudged("the case has no names")
    with fresh(subject) as bench:
        for place, shown_by in case.names.items():
            for name in HOSTILE:
                (outcome,) = bench.serve(case, _named(subject, case, place, name))
                _judge_name(outcome, name, f"{subject.connector.id}.{shown_by}" if shown_by else None)


def bad_of(case: Case) -> Content:
    """The case's bad document."""
    if case.bad is None:
        raise NotJudged("no bad document is given")
    return sample(case.bad)


def told(error: Exception) -> str:
    """An error with its kind."""
    return f"{type(error).__name__}: {error}"


def _served(outcome: Outcome) -> None:
    if outcome.error:
        raise Broken(f"the good document fails: {told(outcome.error)}") from outcome.error


def _ended(outcome: Outcome) -> str:
    return told(outcome.error) if outcome.error else "it has another answer (see `varies`)"


def _in_order(requests: list[Request], outcomes: list[Outcome]) -> None:
    numbers = {id(request): number for number, request in enumerate(requests, 1)}
    found = [numbers.get(id(outcome.request)) for outcome in outcomes]
    if found != list(numbers.values()):
        raise Broken(f"documents 1 to {len(requests)} have the results {found}")


def _content(request: Request) -> object:
    document = request.document
    return document.payload.read(), dict(document.properties), dict(document.tracked), dict(request.inputs)


def _named(subject: Subject, case: Case, place: str, name: str) -> Content:
    from dataclasses import replace

    made = good(case)
    if place in {each.name for each in subject.connector.actions[case.action].inputs}:
        return replace(made, inputs={**made.inputs, place: name})
    return replace(made, tracked={**made.tracked, place: name})


def _judge_name(outcome: Outcome, name: str, shown_by: str | None) -> None:
    shown = repr(name[:SHOWN])
    if outcome.error and not isinstance(outcome.error, DocumentError):
        raise Broken(f"the name {shown} ends in {told(outcome.error)[:200]}; raise a DocumentError")
    for document in outcome.documents if shown_by else ():
        if (arrived := document.tracked.get(shown_by or "")) != name:
            raise Broken(f"the name {shown} comes back as {arrived!r:.{SHOWN}}")
