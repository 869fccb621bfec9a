"""A connector for tests: it writes into a journal what is done, in order, and fails where it is told to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import ClassVar

from connector_sdk import (
    ApplicationError,
    BatchOperation,
    Connection,
    Connector,
    Document,
    DocumentError,
    Input,
    Operation,
    Outputs,
    ProcessError,
    Request,
    Result,
    Runtime,
    Tracked,
    setting,
)

INPUTS = (
    Input("at", "The name of the step in the journal."),
    Input("fail", "true fails the document."),
    Input("refuse", "true has the other system refuse it."),
    Input("halt", "true stops the process."),
    Input("crash", "true raises what no plugin should."),
    Input("die", "true ends the operating system process."),
    Input("stop", "true asks the execution to end, as a signal would."),
    Input("times", "How often it fails before it succeeds; always if absent."),
)


class Journal:
    """Lines of a file, appended by whoever has it open."""

    def __init__(self, path: Path, runtime: Runtime) -> None:
        self.path = path
        self.runtime = runtime

    def write(self, kind: str, text: str) -> None:
        line = json.dumps({"kind": kind, "text": text, "pid": os.getpid()}) + "\n"
        with open(self.path, "ab", buffering=0) as stream:
            stream.write(line.encode())

    def attempts(self, text: str) -> int:
        return sum(json.loads(line)["text"] == text for line in self.path.read_text().splitlines())


class RecordingConnection(Connection[Journal]):
    """A journal."""

    journal: str = setting("The file.")

    def open(self, runtime: Runtime) -> Journal:
        journal = Journal(Path(self.journal), runtime)
        journal.write("open", "")
        return journal

    def close(self, client: Journal) -> None:
        client.write("close", "")


def _serve(client: Journal, request: Request) -> None:
    given = request.inputs
    text = f"{given.get('at', '')} {request.document.payload.read().decode()}".strip()
    earlier = client.attempts(text) if "times" in given else 0
    client.write("effect", text)
    if "times" in given and earlier >= int(given["times"]):
        return
    if given.get("stop") == "true":
        client.runtime.stop()
    if given.get("die") == "true":
        os._exit(9)
    if given.get("crash") == "true":
        raise RuntimeError(f"crashed on {text}")
    if given.get("halt") == "true":
        raise ProcessError(f"halted by {text}", "Halt")
    if given.get("refuse") == "true":
        raise ApplicationError(f"refused {text}", "403")
    if given.get("fail") == "true":
        raise DocumentError(f"failed {text}", "Broken")


class Write(Operation[Journal]):
    """Writes the document into the journal."""

    action: ClassVar[str] = "write"
    reads_once = True
    inputs: ClassVar[tuple[Input, ...]] = INPUTS
    sets: ClassVar[tuple[str, ...]] = ("written",)

    def execute(self, client: Journal, request: Request) -> Iterable[Document]:
        _serve(client, request)
        return [request.output(request.document.payload, written="yes")]


class Look(Operation[Journal]):
    """Writes into the journal whether what it gives may stay where it is."""

    action: ClassVar[str] = "look"

    def execute(self, client: Journal, request: Request) -> Iterable[Document]:
        client.write("effect", "may stay" if request.to_one_reader else "is kept")
        return [request.output(request.document.payload)]


class Rewrite(Operation[Journal]):
    """Gives a document that was not made from the one it got."""

    action: ClassVar[str] = "rewrite"

    def execute(self, client: Journal, request: Request) -> Iterable[Document]:
        return [Document(request.document.payload)]


class Produce(Operation[Journal]):
    """Makes several documents of one; the last one fails it where that is wanted."""

    action: ClassVar[str] = "produce"
    inputs: ClassVar[tuple[Input, ...]] = INPUTS
    count: int = setting("How many.", 2, ge=0)
    size: int = setting("At least how many bytes each.", 0, ge=0)

    def execute(self, client: Journal, request: Request) -> Iterator[Document]:
        text = request.document.payload.read().decode()
        for number in range(1, self.count + 1):
            content = f"{text}{number}".encode().ljust(self.size)
            yield request.output(request.runtime.store([content]))
        _serve(client, request)


class Pages(Operation[Journal]):
    """Gives pages of documents, each at once or one by one."""

    action: ClassVar[str] = "pages"
    sets: ClassVar[tuple[str, ...]] = ("written", "key")
    at_once: bool = setting("Each page at once.", True)
    sizes: tuple[int, ...] = setting("Documents of each page.")

    def execute(self, client: Journal, request: Request) -> Iterator[Document | Outputs]:
        text = request.document.payload.read().decode()
        for number, size in enumerate(self.sizes):
            keys = [f"{number}-{place}" for place in range(size)]
            contents = [f"{text} {key}".encode() for key in keys]
            if self.at_once:
                yield request.outputs(contents, key=keys, written=["yes"] * size)
            else:
                for content, key in zip(contents, keys, strict=True):
                    yield request.output(content.decode(), key=key, written="yes")


class WriteBatch(BatchOperation[Journal]):
    """Writes documents in batches."""

    action: ClassVar[str] = "write_batch"
    reads_once = True
    inputs: ClassVar[tuple[Input, ...]] = INPUTS
    size: int = setting("Documents in a batch.", 2, ge=1)
    forgets: bool = setting("Gives no result for the last document.", False)

    def execute_batch(self, client: Journal, requests: Iterable[Request]) -> Iterator[Result]:
        waiting = iter(requests)
        while batch := list(islice(waiting, self.size)):
            client.write("effect", "batch " + "+".join(each.document.payload.read().decode() for each in batch))
            for request in batch[:-1] if self.forgets else batch:
                yield self._result(client, request)

    def _result(self, client: Journal, request: Request) -> Result:
        try:
            _serve(client, request)
        except DocumentError as error:
            return Result(request, error=error)
        return Result(request, [request.output(request.document.payload)])


RECORDING = Connector(
    "rec",
    "Recording",
    RecordingConnection,
    (Write, Look, Rewrite, Produce, Pages, WriteBatch),
    (Tracked("written", "Whether it was written."), Tracked("key", "A key.", settable=True)),
)
