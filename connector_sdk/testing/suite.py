"""The conformance suite of a connector, as a class that pytest collects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from connector_sdk.component import Connector
from connector_sdk.testing.case import Case, Subject, World, Wrong
from connector_sdk.testing.finding import Finding, Rule, judged
from connector_sdk.testing.rules import RULES


def conformance(
    connector: Connector,
    *,
    connection: World | str,
    cases: Collection[Case],
    wrong_settings: Collection[Wrong] = (),
    unreachable: Mapping[str, Any] | None = None,
    schema: Path | None = None,
    accepted: Mapping[str, str] | None = None,
    large: int = 64,
) -> type:
    """A test class that holds a connector to the contract: `TestShouting = conformance(SHOUTING, ...)`.

    `connection` are its settings as YAML writes them; a function that makes them, or a context manager that gives them
    and has a system behind them; or the name of a pytest fixture with one of these. `unreachable` are settings that
    lead to nobody. `schema` is the file that says what processes rely on; `pytest --accept-schema` writes it, and
    `accepted` gives the reason for each change that breaks some: `{"send.marks: the setting is gone": "..."}`.
    `large` is how many MiB a large document has; a quarter of it is the memory that may be taken.
    """
    settings: Any = {} if isinstance(connection, str) else connection
    given = (tuple(cases), tuple(wrong_settings), unreachable, schema, dict(accepted or {}))
    subject = Subject(connector, settings, *given, large=large)
    fixture = connection if isinstance(connection, str) else None
    tests = {f"test_{rule.name}": _test(rule, subject, fixture) for rule in RULES}
    return type(f"Test{connector.id}", (), {"__doc__": f"The connector '{connector.id}' keeps the contract.", **tests})


def _test(rule: Rule, subject: Subject, fixture: str | None) -> Callable[..., None]:
    import pytest

    def judge(request: pytest.FixtureRequest, case: Case | None) -> None:
        within = replace(subject, accept=bool(request.config.getoption("--accept-schema", default=False)))
        if fixture:
            within = replace(within, connection=request.getfixturevalue(fixture))
        try:
            finding = judged(rule, within, case)
        except Exception as error:  # a defect of the rule's own, or of the plugin's: told in the report, then passed on
            _note(request, subject.connector, Finding(rule, "failed", f"{type(error).__name__}: {error}", case))
            raise
        _note(request, subject.connector, finding)
        if finding.outcome == "failed":
            pytest.fail(finding.told, pytrace=False)
        if finding.outcome == "skipped":
            pytest.skip(finding.told)  # the rule does not apply to this connector; the report says so too

    def test(self: object, request: pytest.FixtureRequest) -> None:
        judge(request, None)

    def test_case(self: object, request: pytest.FixtureRequest, case: Case) -> None:
        judge(request, case)

    made = pytest.mark.parametrize("case", subject.cases, ids=str)(test_case) if rule.each_case else test
    made.__doc__ = f"{rule.promise}."
    return made


def _note(request: Any, connector: Connector, finding: Finding) -> None:
    from connector_sdk.testing.plugin import FINDINGS

    noted = request.config.stash.setdefault(FINDINGS, {})
    noted.setdefault(connector.id, (connector, []))[1].append(finding)
