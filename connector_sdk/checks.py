"""Checks: what a connection proves of itself, from the nearest layer to the farthest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from connector_sdk.errors import ConfigError, ConnectorError

if TYPE_CHECKING:
    from connector_sdk.component import Connection
    from connector_sdk.request import Runtime

Layer: TypeAlias = Literal["settings", "network", "credentials", "permission", "capability"]
"""Is it written well, is somebody there, are we who we say, may we, and can the other side do what we need."""

OPEN_REMEDY = "correct the settings of the connection"


class Check(NamedTuple):
    """One thing to prove. `prove` says in a sentence what it saw, or raises a ConnectorError with the reason.

    `remedy` is what a person does about a failure. Where a check is not `needed`, operations can work without it: its
    failure is told and the next checks are made.
    """

    layer: Layer
    prove: Callable[[], str]
    remedy: str
    needed: bool = True


class Verdict(NamedTuple):
    """What came of a check: `text` is what was proven or why not, `remedy` what to do."""

    layer: Layer
    outcome: Literal["proven", "limited", "failed", "not reached"]
    text: str = ""
    remedy: str = ""


def verify(connection: Connection[Any], runtime: Runtime) -> Iterator[Verdict]:
    """Open a client, make the connection's checks in their order, close it; what follows a failure is not made.

    What opening raises is told of the settings, or of the network where it is no ConfigError. Anything but a
    ConnectorError is the plugin's defect and is passed on.
    """
    try:
        client = connection.open(runtime)
    except ConfigError as error:
        yield Verdict("settings", "failed", error.named, OPEN_REMEDY)
        return
    except ConnectorError as error:
        yield Verdict("network", "failed", str(error), OPEN_REMEDY)
        return
    try:
        yield Verdict("settings", "proven", "the settings are valid")
        yield from _made(connection.checks(client))
    finally:
        connection.close(client)


def _made(checks: Iterable[Check]) -> Iterator[Verdict]:
    failed = False
    for check in checks:
        verdict = Verdict(check.layer, "not reached") if failed else _verdict(check)
        failed = failed or verdict.outcome == "failed"
        yield verdict


def _verdict(check: Check) -> Verdict:
    try:
        return Verdict(check.layer, "proven", check.prove())
    except ConnectorError as error:
        return Verdict(check.layer, "failed" if check.needed else "limited", str(error), check.remedy)
