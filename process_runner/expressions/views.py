"""Read-only views for expressions. They have no public methods, so that every name belongs to the author's data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from process_runner.language.place import suggestion

if TYPE_CHECKING:
    from process_runner.expressions.scope import Facts, Scope


class DocumentView:
    """`document.text`, `.size`, `.index`, `.id`."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    @property
    def text(self) -> str:
        """The content, decoded as UTF-8."""
        return self._scope.text()

    @property
    def size(self) -> int:
        """Bytes of content."""
        return self._scope.document.payload.size

    @property
    def index(self) -> int:
        """The place in its group, from 1."""
        return self._scope.index

    @property
    def id(self) -> str:
        """The id in this execution."""
        return self._scope.document.id

    def _missing(self, name: str) -> str:
        return f"a document has no '{name}'; it has text, size, index and id"


class PropertiesView:
    """`prop.NAME`, `prop['odd name']`, and `prop.s3.bucket` for a connector's."""

    def __init__(self, scope: Scope, connectors: frozenset[str]) -> None:
        self._scope = scope
        self._spaces = {name: TrackedView(scope, name) for name in (*connectors, "meta", "error")}

    def __getitem__(self, name: str) -> Any:
        return self._spaces.get(name) or self._scope.document.properties[name]

    def __contains__(self, name: str) -> bool:
        return name in self._scope.document.properties

    def __iter__(self) -> Iterator[str]:
        return iter(self._scope.document.properties)

    def _missing(self, name: str) -> str:
        there = suggestion(name, self._scope.document.properties) or "; it has none"
        return f"the document has no property '{name}'{there}"


class TrackedView:
    """The tracked properties of one connector, or the engine's own under `meta` and `error`."""

    def __init__(self, scope: Scope, connector: str) -> None:
        self._scope = scope
        self._prefix = f"{connector}."

    def __getitem__(self, name: str) -> str:
        return self._scope.document.tracked[self._prefix + name]

    def __contains__(self, name: str) -> bool:
        return self._prefix + name in self._scope.document.tracked

    def __iter__(self) -> Iterator[str]:
        tracked = self._scope.document.tracked
        return (name.removeprefix(self._prefix) for name in tracked if name.startswith(self._prefix))

    def _missing(self, name: str) -> str:
        there = suggestion(name, list(self)) or f"; it has none of '{self._prefix[:-1]}'"
        return f"the document has no property '{self._prefix}{name}'{there}"


class ProcessView:
    """`process.NAME`: dynamic process properties."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        self._properties = properties

    def __getitem__(self, name: str) -> str:
        return self._properties[name]

    def __contains__(self, name: str) -> bool:
        return name in self._properties

    def _missing(self, name: str) -> str:
        return f"there is no process property '{name}'" + _having(name, self._properties)


class FactsView:
    """`execution.id`, `.process`, `.started`, `.document_count`, `.last_run`, `.last_successful_run`."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __getitem__(self, name: str) -> Any:
        value = _FACTS[name](self._facts)
        if value is None:
            raise KeyError(name)
        return value

    def _missing(self, name: str) -> str:
        if name in _FACTS:
            return f"execution.{name} is not there: the process has no earlier run of that kind in its store"
        return f"an execution has no '{name}'" + _having(name, _FACTS)


_FACTS: Mapping[str, Callable[[Facts], Any]] = MappingProxyType(
    {
        "id": lambda facts: facts.execution_id,
        "process": lambda facts: facts.process,
        "started": lambda facts: facts.started,
        "document_count": lambda facts: facts.document_count,
        "last_run": lambda facts: facts.runs.last,
        "last_successful_run": lambda facts: facts.runs.last_successful,
    }
)

DOCUMENT = tuple(name for name in vars(DocumentView) if not name.startswith("_"))
EXECUTION = tuple(_FACTS)
"""What can be read of a document, and of an execution."""


def _having(name: str, known: Any) -> str:
    return suggestion(name, known) or "; there are none"
