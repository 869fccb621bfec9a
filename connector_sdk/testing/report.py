"""What came of the rules, as a table for a README."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connector_sdk.component import Connector
from connector_sdk.testing.finding import Finding
from connector_sdk.version import VERSION


def markdown(connector: Connector, findings: Iterable[Finding]) -> str:
    """A line for each rule: what it promises, what came of it, and why where it is not kept or not judged."""
    rows: dict[str, list[Finding]] = {}
    for finding in findings:
        rows.setdefault(finding.rule.promise, []).append(finding)
    lines = [
        f"Conformance of `{connector.id}` with connector SDK {VERSION}:",
        "",
        "| promise | outcome | remark |",
        "| --- | --- | --- |",
        *(f"| {promise} | {_outcome(found)} | {'; '.join(_remarks(found))} |" for promise, found in rows.items()),
    ]
    return "\n".join(lines) + "\n"


def _outcome(found: list[Finding]) -> str:
    outcomes = {each.outcome for each in found}
    return next(each for each in ("failed", "passed", "skipped") if each in outcomes)


def _remarks(found: list[Finding]) -> Iterator[str]:
    """Each reason once, with the cases that share it unless all do."""
    reasons: dict[str, list[str]] = {}
    for each in found:
        if each.told:
            reasons.setdefault(each.told, []).append(str(each.case) if each.case else "")
    for reason, cases in reasons.items():
        told = " ".join(reason.split()).replace("|", "\\|")
        yield told if len(cases) == len(found) else f"{', '.join(cases)}: {told}"
