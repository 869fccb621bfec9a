"""What an author says of a connector so that it can be judged: documents, settings, and a system to talk to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from connector_sdk.component import Connector
from connector_sdk.payload import Payload


@dataclass(frozen=True)
class Sample:
    """A document to serve. `tracked` are properties of the connector without its id, `inputs` the step's parameters."""

    content: bytes | str | Payload = b""
    tracked: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


Content: TypeAlias = "Sample | bytes | str | Payload"
Samples: TypeAlias = "Content | Callable[[int], Content]"
"""A document, or what makes the one with a number, where the same one cannot be served twice."""


@dataclass(frozen=True)
class Case:
    """One way to use an action.

    `good` is a document that is served, `bad` one that fails. `tracks` are the tracked properties that the answer
    carries. `varies` names tracked properties that differ from one time to the next; `content` stands for the content.
    `names` says where names go, an input or a tracked property, and which tracked property of the answer shows them
    ("" for none). With `streams` the action is held to bounded memory: for `good` with a large content, or for the
    document that is given. An `offline` action answers without the other system. `label` tells cases of one action
    apart.
    """

    action: str
    options: Mapping[str, Any] = field(default_factory=dict)
    good: Samples = b""
    bad: Samples | None = None
    tracks: Collection[str] | None = None
    varies: Collection[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    streams: bool | Content = False
    offline: bool = False
    label: str = ""

    def __str__(self) -> str:
        return f"{self.action}, {self.label}" if self.label else self.action


@dataclass(frozen=True)
class Wrong:
    """Settings that must be refused at the setting `at` (`retry.waits`): of the connection, or of an action.

    An empty `at` is for those that do not go together, and are refused as a whole.
    """

    settings: Mapping[str, Any]
    at: str
    action: str | None = None


World: TypeAlias = "Mapping[str, Any] | Callable[[], Mapping[str, Any] | AbstractContextManager[Mapping[str, Any]]]"
"""The connection's settings as YAML writes them; or what makes them anew together with the system they lead to."""


@dataclass(frozen=True)
class Subject:
    """A connector and everything it is judged by; `large` is how many MiB a large document has."""

    connector: Connector
    connection: World
    cases: tuple[Case, ...]
    wrong_settings: tuple[Wrong, ...] = ()
    unreachable: Mapping[str, Any] | None = None
    schema: Path | None = None
    accepted: Mapping[str, str] = field(default_factory=dict)
    accept: bool = False
    large: int = 64

    @contextmanager
    def world(self) -> Iterator[dict[str, Any]]:
        """The settings of the connection, with a fresh system behind them where the author makes one."""
        made = self.connection() if callable(self.connection) else self.connection
        if isinstance(made, Mapping):
            yield dict(made)
            return
        with made as settings:
            yield dict(settings)

    def cases_of(self, action: str) -> list[Case]:
        """The cases of one action."""
        return [case for case in self.cases if case.action == action]


def sample(samples: Samples, number: int = 1) -> Sample:
    """The document with a number."""
    made = samples(number) if callable(samples) else samples
    return made if isinstance(made, Sample) else Sample(made)
