"""Documents: a change makes another one."""

import pickle

import pytest

from connector_sdk import Document, DocumentError, Payload
from connector_sdk.errors import ApplicationError, Cancelled, ContractError, ProcessError
from connector_sdk.request import Request


@pytest.fixture
def document():
    return Document(Payload(b"content"), {"a": "1"}, {"s3.bucket": "b", "disk.path": "p"}, id="7.2", origins=(7,))


@pytest.fixture
def request_of(document):
    """A request of the S3 connector that may set `etag` and `size`."""
    return Request(document, "s3", None, {}, frozenset({"etag", "size", "bucket"}))


def test_replace_changes_a_copy(document):
    changed = document.replace(properties={"b": "2"})
    assert (changed.properties, changed.tracked, changed.id, changed.origins) == (
        {"b": "2"},
        document.tracked,
        "7.2",
        (7,),
    )
    assert document.properties == {"a": "1"}


def test_replace_knows_no_other_attribute(document):
    with pytest.raises(TypeError):
        document.replace(colour="red")


def test_it_travels_by_pickle(document):
    copied = pickle.loads(pickle.dumps(document))
    assert copied.payload.read() == b"content"
    assert (copied.properties, copied.tracked, copied.id, copied.origins) == (
        dict(document.properties),
        dict(document.tracked),
        "7.2",
        (7,),
    )


def test_repr_names_properties_and_shows_no_value(document):
    assert repr(document) == "Document(7.2, 7 bytes, properties ['a', 'disk.path', 's3.bucket'])"


def test_a_document_without_properties_shares_an_empty_mapping_that_nobody_can_fill():
    with pytest.raises(TypeError):
        Document(Payload(b"")).properties["a"] = "b"


def test_an_output_carries_the_inputs_properties_and_the_connectors(request_of):
    made = request_of.output(b"answer", {"b": "2"}, etag="x", size=5)
    assert made.payload.read() == b"answer"
    assert made.properties == {"a": "1", "b": "2"}
    assert made.tracked == {"s3.bucket": "b", "disk.path": "p", "s3.etag": "x", "s3.size": "5"}
    assert (made.id, made.origins) == ("7.2", (7,))


def test_a_tracked_property_of_none_does_not_let_the_inputs_through(request_of):
    assert "s3.bucket" not in request_of.output(bucket=None).tracked


def test_a_tracked_property_that_is_not_declared_is_a_mistake_of_the_plugin(request_of):
    with pytest.raises(ContractError, match="tracked properties not declared in `sets`: colour"):
        request_of.output(colour="red")


def test_tracked_reads_the_connectors_own_and_takes_an_empty_text_for_nothing(document):
    assert Request(document, "s3", None, {}).tracked("bucket") == "b"
    assert Request(document, "s3", None, {}).tracked("path") is None
    assert Request(document.replace(tracked={"s3.bucket": ""}), "s3", None, {}).tracked("bucket") is None


@pytest.mark.parametrize("kind", [DocumentError, ApplicationError, ProcessError, Cancelled])
def test_errors_keep_message_and_code_through_pickle(kind):
    copied = pickle.loads(pickle.dumps(kind("no such key", "NoSuchKey")))
    assert type(copied) is kind
    assert (str(copied), copied.code) == ("no such key", "NoSuchKey")
