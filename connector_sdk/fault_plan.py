"""What a fault proxy does to which requests, and what it saw."""

from __future__ import annotations

import threading
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """This response instead of the upstream's; with `served` the upstream acts on the request first, unheard."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    served: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """The upstream's head and `after` bytes of its body, then the end of the connection."""

    after: int = 0


@dataclass(frozen=True, slots=True)
class Reset:
    """A reset connection; with `served` the upstream acts on the request first and its reply is lost."""

    served: bool = False


@dataclass(frozen=True, slots=True)
class HangUp:
    """The upstream's whole response, then the end of a connection that promised to stay."""


@dataclass(frozen=True, slots=True)
class Hold:
    """`reached` is set when the request is here; it goes on, into the fault `then`, once the test sets `release`."""

    release: threading.Event
    reached: threading.Event = field(default_factory=threading.Event)
    then: Answer | Cut | Reset | HangUp | None = None


Fault: TypeAlias = Answer | Cut | Reset | HangUp | Hold


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it arrived, undecoded, and its fate; `status` is None where the client got no answer."""

    method: str
    path: str
    query: str
    headers: Headers
    status: int | None = None
    fault: Fault | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever the case of its name."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requests meet a fault; what is left out matches every request.

    `path` is a part of the undecoded path. `query` is a parameter and `header` a header, each by its name or with
    its value: `uploads`, `partNumber=2`, `x-amz-copy-source`, `Expect: 100-continue`. `on` counts the requests that
    match, from 1: `(1,)` is the first alone, `range(2, 5)` the second to the fourth, None each of them.
    """

    fault: Fault
    method: str | None = None
    path: str = ""
    query: str | None = None
    header: str | None = None
    on: Container[int] | None = None

    def matches(self, request: Exchange) -> bool:
        """Whether the request is of the kind the rule names, `on` left aside."""
        return (
            self.method in (None, request.method)
            and self.path in request.path
            and (self.query is None or self._asks(request.query))
            and (self.header is None or self._carries(request))
        )

    def _asks(self, query: str) -> bool:
        return any(self.query in (each, each.partition("=")[0]) for each in query.split("&"))

    def _carries(self, request: Exchange) -> bool:
        name, given, value = (self.header or "").partition(":")
        found = request.header(name)
        return found is not None and (not given or found == value.strip())


class Plan:
    """The rules in force and how often each has matched; safe for threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._counts = [0] * len(self._rules)
        self._lock = threading.Lock()

    def fault(self, request: Exchange) -> Fault | None:
        """The fault of the first rule that applies; every rule that matches counts the request."""
        chosen = [rule.fault for number, rule in enumerate(self._rules) if self._applies(number, rule, request)]
        return chosen[0] if chosen else None

    def release(self) -> None:
        """Let every held request go."""
        for rule in self._rules:
            if isinstance(rule.fault, Hold):
                rule.fault.release.set()

    def _applies(self, number: int, rule: Rule, request: Exchange) -> bool:
        if not rule.matches(request):
            return False
        with self._lock:
            self._counts[number] += 1
            return rule.on is None or self._counts[number] in rule.on
