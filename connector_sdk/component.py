"""Components: a connector is a connection, its operations, and the properties they track."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from connector_sdk.checks import Check
from connector_sdk.declaration import faults, wrong_parts
from connector_sdk.document import Document
from connector_sdk.modules import Modules
from connector_sdk.outputs import Outputs
from connector_sdk.request import Request, Runtime
from connector_sdk.results import Result
from connector_sdk.settings import Settings

Client = TypeVar("Client")


class Tracked(NamedTuple):
    """A property that operations of a connector set on documents.

    `settable` lets a process set it too; `identifies` puts its value beside the document's id where a failure is told.
    """

    name: str
    description: str
    settable: bool = False
    identifies: bool = False


class Input(NamedTuple):
    """A parameter that a connector step fills with an expression."""

    name: str
    description: str
    required: bool = False


class Connection(Settings, Generic[Client]):
    """How to reach a system: reusable settings, and the client they open.

    The engine opens one client for each connection and execution, shares it between threads and closes it, also after
    errors. A client must be safe for threads where an operation has a `concurrency` above one.
    """

    def open(self, runtime: Runtime) -> Client:
        """A client, ready for operations; ConfigError or ProcessError when that is impossible.

        It need not reach out to the other system: `checks` and operations do.
        """
        raise TypeError(f"{type(self).__name__} has no open()")

    def close(self, client: Client) -> None:
        """Give back what the client holds."""

    def checks(self, client: Client) -> Iterable[Check]:
        """What `test-connection` proves, nearest layer first: network, credentials, permission, capability."""
        return ()

    def browse(self, client: Client) -> Iterable[str]:
        """The object types that operations may name, such as buckets or tables."""
        return ()


class Operation(Settings, Generic[Client]):
    """One action and its options. The docstring's first line is its summary for users."""

    action: ClassVar[str]
    inputs: ClassVar[tuple[Input, ...]] = ()
    reads: ClassVar[tuple[str, ...]] = ()
    """Tracked properties it takes from the document."""
    sets: ClassVar[tuple[str, ...]] = ()
    """Tracked properties it sets on the documents it returns."""
    permissions: ClassVar[tuple[str, ...]] = ()
    """What the account behind the connection must be allowed to do."""
    concurrency: ClassVar[int] = 1
    """How many documents a step works on at once unless the process says otherwise."""
    reads_once: ClassVar[bool] = False
    """Whether it reads a document's content once at most, also where it tries again; then what comes before it may
    leave large content where it is (`Request.to_one_reader`).
    """

    def execute(self, client: Client, request: Request) -> Iterable[Document | Outputs]:
        """Serve one document and give the documents that travel on, made with `request.output`.

        Raise DocumentError to fail this document, ApplicationError where the other system refused, ProcessError to
        stop everything. An iterable may be lazy: documents are taken one by one and never held all at once.
        """
        raise TypeError(f"{type(self).__name__} has no execute()")

    def is_cooperative(self, client: Client) -> bool:
        """Whether it waits through `connector_sdk.waiting` and `request.runtime.wait` alone.

        Then the engine serves its documents side by side in one thread, which costs far less than a thread for each.
        """
        return False

    def lane(self, request: Request) -> Hashable:
        """Documents of one lane are served one after another in their order; None lets any of them overlap."""
        return None


class BatchOperation(Operation[Client]):
    """An action that serves many documents in one call of the other system."""

    def execute_batch(self, client: Client, requests: Iterable[Request]) -> Iterator[Result]:
        """Take requests as they come, group them as the system wants, and give one Result for each."""
        raise TypeError(f"{type(self).__name__} has no execute_batch()")


@dataclass(frozen=True)
class Connector:
    """What a plugin registers. `id` is the name in YAML and the prefix of its tracked properties.

    `operations` are classes, or the modules that hold them, which are imported and looked at when they are asked for.
    `sdk` is the version of the SDK that it was built for: it is served by that one and by later ones with the same
    first number.
    """

    id: str
    label: str
    connection: type[Connection[Any]]
    operations: tuple[type[Operation[Any]], ...] | Modules
    tracked: tuple[Tracked, ...] = ()
    sdk: str = "1.0"

    def __post_init__(self) -> None:
        told = next(wrong_parts(self), None) or next(faults(self), None)
        if told:
            raise ValueError(f"connector '{self.id}': {told}")
        if isinstance(self.operations, Modules):
            bound = self.operations.of(self.id, (each.name for each in self.tracked))
            object.__setattr__(self, "operations", bound)

    @property
    def actions(self) -> Mapping[str, type[Operation[Any]]]:
        """Operations by the name of their action."""
        if isinstance(self.operations, Modules):
            return self.operations
        return {operation.action: operation for operation in self.operations}
