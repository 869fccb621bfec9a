"""Request: one document as an operation gets it, and the runtime that serves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from connector_sdk.contract import shown
from connector_sdk.document import Document
from connector_sdk.errors import ContractError
from connector_sdk.outputs import Outputs
from connector_sdk.payload import Payload, payload

_CONTENT = (Payload, bytes, str, type(None))


class Runtime(Protocol):
    """What the engine does for connectors. Safe to call from several threads."""

    @property
    def stopping(self) -> bool:
        """Whether the execution was asked to end."""

    def check(self) -> None:
        """Raise Cancelled if the execution was asked to end; call it between the parts of long work."""

    def wait(self, seconds: float) -> None:
        """Sleep, or raise Cancelled as soon as the execution is asked to end."""

    def store(self, source: BinaryIO | Iterable[bytes]) -> Payload:
        """Read `source` to its end into a payload: small ones in memory, large ones in a temporary file.

        A piece is done with when the next one is asked for, so its memory may be used again.
        """


@dataclass(slots=True, eq=False)
class Request:
    """One document for one operation; never changed, and without the price of being frozen.

    `inputs` are the step's parameters by name. `connector` is the id under which tracked properties are kept.
    `to_one_reader`: the content that the operation gives goes at once to one operation that `reads_once`, and to nobody
    else; what is large may stay where it is until then, as `Payload.deferred`.
    """

    document: Document
    connector: str
    runtime: Runtime
    inputs: Mapping[str, str]
    settable: frozenset[str] = frozenset()
    to_one_reader: bool = False

    def tracked(self, name: str) -> str | None:
        """The document's tracked property of this connector, or None; an empty text counts as not set."""
        return self.document.tracked.get(f"{self.connector}.{name}") or None

    def output(
        self,
        content: Payload | bytes | str | None = None,
        properties: Mapping[str, str] | None = None,
        **tracked: str | int | None,
    ) -> Document:
        """A document for the next step: this content, the input's properties, and `tracked` ones of the connector.

        A tracked value of None is left out, so that what the input carried is not taken for the connector's answer.
        Raises ContractError for content, or a value, of another type, and for a tracked property that the operation
        does not declare in `sets`.
        """
        if not isinstance(content, _CONTENT):
            raise self._misuse(f"content is a Payload, bytes or a text (JSON is json.dumps(...)), not {shown(content)}")
        for name, value in (properties or {}).items():
            if not isinstance(value, str):
                raise self._misuse(f"the value of the property '{name}' is a text, not {shown(value)}")
        given = self.document
        merged = {**given.properties, **properties} if properties else given.properties
        return Document(payload(content), merged, self._kept(tracked), given.id, given.origins)

    def outputs(self, contents: Sequence[bytes], **tracked: list[str]) -> Outputs:
        """Many documents for the next step at once, several times cheaper than one by one: their contents, each small
        enough for memory, the input's properties, and tracked ones of the connector, each a column of as many texts.

        Raises ContractError as `output` does, and for a column of another length.
        """
        self._refuse_undeclared(tracked, "outputs")
        for name, column in tracked.items():
            if type(column) is not list or len(column) != len(contents) or not {*map(type, column)} <= {str}:
                wanted = f"is a list of {len(contents)} texts, one for each content"
                raise self._misuse(f"the column of '{name}' {wanted}", "outputs")
        if not {*map(type, contents)} <= {bytes}:
            raise self._misuse("contents are bytes each", "outputs")
        given = self.document
        columns = {f"{self.connector}.{name}": list(column) for name, column in tracked.items()}
        return Outputs(list(contents), given.properties, given.tracked, columns, given.id, given.origins)

    def _kept(self, tracked: Mapping[str, str | int | None]) -> dict[str, str]:
        """The document's tracked properties with these in place of the connector's own."""
        self._refuse_undeclared(tracked)
        kept, connector = dict(self.document.tracked), self.connector
        for name, value in tracked.items():
            if type(value) is str:  # most are
                kept[f"{connector}.{name}"] = value
            elif value is None:
                kept.pop(f"{self.connector}.{name}", None)
            elif isinstance(value, str | int) and not isinstance(value, bool):
                kept[f"{self.connector}.{name}"] = str(value)
            else:
                raise self._misuse(f"the value of '{name}' is a text, a whole number or None, not {shown(value)}")
        return kept

    def _refuse_undeclared(self, tracked: Mapping[str, object], call: str = "output") -> None:
        if not self.settable.issuperset(tracked):
            unknown = tracked.keys() - self.settable
            raise self._misuse(f"tracked properties not declared in `sets`: {', '.join(sorted(unknown))}", call)

    def _misuse(self, told: str, call: str = "output") -> ContractError:
        return ContractError(f"connector '{self.connector}': request.{call}(): {told}")
