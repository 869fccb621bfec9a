"""Groups and their runtime."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner.engine.group import DocumentGroup


@pytest.fixture
def runtime(tmp_path: Path) -> LocalRuntime:
    """A runtime that keeps more than 10 bytes in a file."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return LocalRuntime(folder, in_memory=10)


@pytest.fixture
def group(runtime: LocalRuntime) -> Callable[[Iterable[str]], DocumentGroup]:
    """A group of documents with these contents."""

    def make(texts: Iterable[str]) -> DocumentGroup:
        made = DocumentGroup(runtime)
        made.extend(
            Document(runtime.store([text.encode()]), {"text": text}, {"x.y": "z"}, str(number), (number,))
            for number, text in enumerate(texts)
        )
        return made

    return make


@pytest.fixture
def texts() -> Callable[[Iterable[Document]], list[str]]:
    """The contents of documents."""
    return lambda documents: [document.payload.read().decode() for document in documents]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that hold three documents in memory."""
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", 3)


@pytest.fixture
def plain() -> Document:
    """One document."""
    return Document(Payload(b"x"), id="1")
