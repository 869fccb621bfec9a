"""Expressions, evaluated for a document."""

from datetime import UTC, datetime

import pytest

from connector_sdk import Document, DocumentError, Payload
from process_runner.expressions import Facts, Scope, Template

NOW = datetime(2026, 3, 31, 12, 30, 5, tzinfo=UTC)


@pytest.fixture
def facts():
    return Facts(
        execution_id="abc123",
        process="archive-orders",
        started=NOW,
        connectors=frozenset({"s3", "disk"}),
        clock=lambda: NOW,
        document_count=7,
        process_properties={"region": "eu", "odd name": "x"},
    )


@pytest.fixture
def at(facts):
    """The scope of a document, made of a content, dynamic properties and tracked ones."""

    def scope(content=b"", properties=None, tracked=None):
        payload = (
            content
            if isinstance(content, Payload)
            else Payload(content.encode() if isinstance(content, str) else content)
        )
        return Scope(facts).at(Document(payload, properties or {}, tracked or {}, id="4.2"), 3)

    return scope


@pytest.fixture
def value(at):
    """The native value of an expression for such a document."""
    return lambda source, *document, **more: Template(source).value(at(*document, **more))


@pytest.fixture
def text(at):
    """The value as a property holds it."""
    return lambda source, *document, **more: Template(source).text(at(*document, **more))


@pytest.fixture
def failure(at):
    """Code and message of the document error that an expression ends with."""

    def told(source, *document, **more):
        with pytest.raises(DocumentError) as caught:
            Template(source).text(at(*document, **more))
        return caught.value.code, str(caught.value)

    return told
