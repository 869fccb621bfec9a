"""A connector that keeps every rule of the conformance kit."""

from typing import ClassVar

from connector_sdk import (
    BatchOperation,
    Check,
    Connection,
    Connector,
    DocumentError,
    Operation,
    ProcessError,
    Result,
    Secret,
    Tracked,
    setting,
)
from connector_sdk.testing import Case, Sample

CHUNK = 1 << 16


class Office:
    """The client."""

    def __init__(self, place, runtime):
        self.place = place
        self.runtime = runtime

    def reach(self):
        if self.place == "nowhere":
            raise ProcessError("nobody is there", "Unreachable")
        return "somebody is there"


class Desk(Connection[Office]):
    """Where copies are made."""

    place: str = setting("Where it stands.", min_length=1)
    password: Secret = setting("Opens the drawer.")

    def open(self, runtime):
        return Office(self.place, runtime)

    def checks(self, client):
        yield Check("network", client.reach, "go and look")
        yield Check("permission", lambda: "copies may be made", "ask for leave", needed=False)

    def browse(self, client):
        return ["drawer"]


class Copy(Operation[Office]):
    """Copy a document, a part at a time."""

    action = "copy"
    reads: ClassVar = ("key",)
    sets: ClassVar = ("key", "size")
    times: int = setting("How many copies.", 1, ge=1)

    def execute(self, client, request):
        client.reach()
        key = request.tracked("key")
        with request.document.payload.open() as stream:
            content = request.runtime.store(self.parts(stream))
        if content.size == 3:
            raise DocumentError("it cannot be copied", "NotCopied")
        for _ in range(self.times):
            yield request.output(content, key=key, size=content.size)

    def parts(self, stream):
        return iter(lambda: stream.read(CHUNK), b"")


class Stack(BatchOperation[Office]):
    """Stack documents, all at once."""

    action = "stack"

    def execute_batch(self, client, requests):
        client.reach()
        for request in requests:
            if request.document.payload.size == 3:
                yield Result(request, error=DocumentError("it cannot be stacked", "NotStacked"))
            else:
                yield Result(request, [request.output(request.document.payload)])


MODEL = Connector(
    id="desk",
    label="Desk",
    connection=Desk,
    operations=(Copy, Stack),
    tracked=(Tracked("key", "What it is called.", settable=True), Tracked("size", "Its bytes.")),
)
COPY = Case(
    "copy",
    good=lambda number: Sample(f"document {number}", {"key": f"{number}"}),
    bad=Sample("bad", {"key": "b"}),
    tracks=("key", "size"),
    names={"key": "key"},
    streams=True,
)
STACK = Case("stack", good=lambda number: f"document {number}", bad="bad")
