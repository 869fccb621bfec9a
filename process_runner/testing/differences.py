"""Differences: what a test expected, and what it got."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from connector_sdk import Document, Payload
from connector_sdk.settings import fields
from process_runner.engine.report import Failure
from process_runner.testing.cases import Case, Expected, Failed, Notification
from process_runner.testing.contents import Content, as_document, readable
from process_runner.testing.running import Ran

LONGEST = 60
"""Lines of one difference; more would hide the others."""

WELL = ("complete", "complete_with_warnings")


def differences(case: Case, ran: Ran) -> list[str]:
    """Every difference, each as a text of one or more lines; none where the test passes."""
    expect = case.expect
    found = list(_status(expect, ran))
    if expect.returned is not None:
        found += _returned(expect.returned, ran.returned)
    if expect.failures is not None:
        found += _failures(expect.failures, ran.report.failures)
    if expect.objects is not None:
        found += _stored("object", expect.objects, ran.objects)
    if expect.files is not None:
        found += _stored("file", expect.files, ran.files)
    if expect.notifications is not None:
        found += _notifications(expect.notifications, ran.notifications)
    return found


def _status(expect: Expected, ran: Ran) -> Iterator[str]:
    status = ran.report.status
    wanted = (expect.status,) if expect.status else ("error",) if expect.failures else WELL
    if status not in wanted:
        yield f"status: expected {wanted[0]}, got {status}"
        if expect.failures is None:
            yield from (f"  {_failure_text(each)}" for each in ran.report.failures)
    if ran.report.defect:
        yield f"a defect:\n{ran.report.defect}"


def _returned(
    expected: Mapping[str, Sequence[str | Content]], found: Mapping[str, Sequence[Document]]
) -> Iterator[str]:
    for label in sorted(expected.keys() | found.keys()):
        wanted, got = expected.get(label, ()), found.get(label, ())
        if len(wanted) != len(got):
            yield f"returned '{label}': expected {_documents(len(wanted))}, got {len(got)}"
        for number, (want, document) in enumerate(zip_longest(wanted, got), 1):
            where = f"returned '{label}', document {number}"
            if want is None and document is not None:
                yield f"{where}: not expected:\n{_indented(readable(document.payload.read()))}"
            elif want is not None and document is not None:
                yield from _document(where, want, document)


def _document(where: str, want: str | Content, document: Document) -> Iterator[str]:
    for what, expected, got in as_document(want).differences(document):
        yield f"{where}, {what}:\n{_diff(expected, got)}"


def _failures(expected: Sequence[Failed], found: Sequence[Failure]) -> Iterator[str]:
    for number, (want, got) in enumerate(zip_longest(expected, found), 1):
        if want is None and got is not None:
            yield f"failure {number}: not expected: {_failure_text(got)}"
        elif got is None and want is not None:
            facts = ", ".join(f"{name} '{value}'" for name, value in _wanted(want))
            yield f"failure {number}: expected {facts or 'any'}, got none"
        elif want is not None and got is not None:
            for name, value in _wanted(want):
                there = getattr(got, name)
                if not _like(str(there), value):
                    yield f"failure {number}, {name}:\n{_diff(value, str(there))}"


def _wanted(failure: Failed) -> Iterator[tuple[str, str]]:
    """What a failure has to say, by name."""
    for name in fields(failure):
        if (value := getattr(failure, name)) is not None:
            yield name, value


def _stored(
    what: str, expected: Mapping[str, Mapping[str, str | Content]], found: Mapping[str, Mapping[str, bytes]] | None
) -> Iterator[str]:
    if found is None:
        yield f"{what}s: the test has no 'sandbox' in which they could be"
        return
    for place, wanted in sorted(expected.items()):
        there = found[place]
        for name in sorted(wanted.keys() | there.keys()):
            where = f"{what} {place}/{name}"
            if name not in there:
                yield f"{where}: expected, and not there"
            elif name not in wanted:
                yield f"{where}: there, and not expected"
            else:
                yield from _document(where, wanted[name], Document(Payload(there[name])))


def _notifications(expected: Sequence[str | Notification], found: Sequence[tuple[str, str]]) -> Iterator[str]:
    lines = [each if isinstance(each, Notification) else Notification(text=each) for each in expected]
    matched = len(lines) == len(found) and all(
        _like(text, line.text) and line.level in (None, level) for line, (level, text) in zip(lines, found, strict=True)
    )
    if not matched:
        wanted = [f"{line.level or level}: {line.text}" for line, (level, _) in _paired(lines, found)]
        yield "notifications:\n" + _diff("\n".join(wanted), "\n".join(f"{level}: {text}" for level, text in found))


def _paired(
    lines: Sequence[Notification], found: Sequence[tuple[str, str]]
) -> Iterator[tuple[Notification, tuple[str, str]]]:
    """Each expected line with the one found in its place, whose level it takes where it has none."""
    return zip(lines, [*found, *[("info", "")] * len(lines)], strict=False)


def _like(text: str, pattern: str) -> bool:
    if "*" not in pattern:
        return text == pattern
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]").replace("?", "[?]"))


def _diff(expected: str, got: str) -> str:
    if "\n" not in expected + got:
        return _indented(f"expected: {expected}\n     got: {got}")
    lines = list(
        difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=3)
    ) or ["they differ in their line ends", *_ends(expected, got)]
    more = [f"... {len(lines) - LONGEST} more lines"] if len(lines) > LONGEST else []
    return _indented("\n".join(lines[:LONGEST] + more))


def _ends(*texts: str) -> list[str]:
    """The last line of each text, with its line end; whole, as half of a secret would not be recognised."""
    return [repr("".join(text.splitlines(keepends=True)[-1:])) for text in texts]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _failure_text(failure: Failure) -> str:
    what = f"document {failure.document}" if failure.document else "the process"
    return f"{what} failed at '{failure.step}': {failure.code}: {failure.message}"


def _documents(count: int) -> str:
    return f"{count} document{'' if count == 1 else 's'}"
