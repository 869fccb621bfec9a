"""Rules, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from connector_sdk.component import Connector
from connector_sdk.testing.case import Case, Subject

USABLE = "operations_are_usable"
"""The rule that the others rest on."""


class Broken(AssertionError):
    """A rule that the connector breaks; the text says how."""


class NotJudged(Exception):
    """A rule that cannot be judged here; the text gives the reason."""


@dataclass(frozen=True)
class Rule:
    """One promise. `judge` raises Broken or NotJudged; a rule for `each_case` gets one."""

    name: str
    promise: str
    judge: Callable[[Subject, Case], None] | Callable[[Subject], None]
    each_case: bool = False


@dataclass(frozen=True)
class Finding:
    """What came of a rule, for one case where it is for each."""

    rule: Rule
    outcome: Literal["passed", "failed", "skipped"]
    told: str = ""
    case: Case | None = None


def unusable(connector: Connector) -> list[str]:
    """What is wrong with each operation that cannot be imported or declares what it should not."""
    told = []
    for action in connector.actions:
        try:
            connector.actions[action]
        except (Exception, SystemExit) as error:  # noqa: BLE001  # an author's module may raise anything
            told.append(" ".join(f"{action}: {error}".split()))
    return told


def judged(rule: Rule, subject: Subject, case: Case | None = None) -> Finding:
    """The finding of a rule; what else a connector raises is left to whoever asks."""
    arguments = (subject,) if case is None else (subject, case)
    if rule.name != USABLE and unusable(subject.connector):
        return Finding(rule, "skipped", "an operation cannot be used", case)
    try:
        rule.judge(*arguments)
    except Broken as error:
        return Finding(rule, "failed", str(error), case)
    except NotJudged as error:
        return Finding(rule, "skipped", str(error), case)
    return Finding(rule, "passed", case=case)


def examine(subject: Subject, rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """The findings of all rules; whatever a connector raises is one of them."""
    for rule in rules:
        for case in subject.cases if rule.each_case else (None,):
            try:
                yield judged(rule, subject, case)
            except Exception as error:  # noqa: BLE001  # the connector is what is judged
                yield Finding(rule, "failed", f"{type(error).__name__}: {error}", case)
