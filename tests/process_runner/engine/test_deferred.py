"""Groups of documents whose content lies in another system."""

import io

import pytest

from connector_sdk import Document, DocumentError, Payload
from process_runner.engine.group import MOST_DOCUMENTS, DocumentGroup
from process_runner.engine.parcel import pack, unpack


class Other:
    """Another system with texts that may go away."""

    def __init__(self):
        self.opened = 0
        self.gone = False

    def document(self, number):
        text = f"order {number}".encode()

        def open_():
            self.opened += 1
            if self.gone:
                raise DocumentError(f"order {number} is gone", "Gone")
            return io.BytesIO(text)

        return Document(Payload.deferred(open_, len(text)), id=str(number))


@pytest.fixture
def other():
    return Other()


def test_a_small_group_leaves_them_where_they_are(runtime, other):
    group = DocumentGroup(runtime)
    group.extend(map(other.document, range(MOST_DOCUMENTS - 1)))

    assert other.opened == 0
    assert list(runtime.folder.iterdir()) == []


def test_a_group_that_goes_to_disk_takes_them_along(runtime, other):
    group = DocumentGroup(runtime)
    group.extend(map(other.document, range(MOST_DOCUMENTS)))
    other.gone = True

    assert [document.payload.read() for document in group] == [b"order %d" % each for each in range(MOST_DOCUMENTS)]
    assert other.opened == MOST_DOCUMENTS


def test_those_that_are_gone_by_then_fail_where_they_are_read_and_no_others(runtime, other):
    group = DocumentGroup(runtime)
    group.append(Document(Payload(b"here"), id="first"))
    other.gone = True
    group.extend(map(other.document, range(MOST_DOCUMENTS - 1)))

    first, second, *_ = group
    assert first.payload.read() == b"here"
    with pytest.raises(DocumentError, match="order 0 is gone") as caught:
        second.payload.read()
    assert caught.value.code == "Gone"


def test_a_parcel_takes_them_along(runtime, other):
    group = DocumentGroup(runtime)
    group.extend(map(other.document, range(3)))

    found = unpack(pack(group), runtime)
    other.gone = True

    assert [document.payload.read() for document in found] == [b"order 0", b"order 1", b"order 2"]
    again = DocumentGroup(runtime)
    again.extend(found)
    assert [each.payload.read() for each in unpack(pack(again), runtime)] == [b"order 0", b"order 1", b"order 2"]


def test_a_parcel_of_what_is_gone_tells_why_at_the_other_end(runtime, other):
    group = DocumentGroup(runtime)
    group.append(other.document(7))
    other.gone = True

    (document,) = unpack(pack(group), runtime)
    (again,) = unpack(pack(DocumentGroup.unpacked(group.packed(), runtime)), runtime)

    for each in (document, again):
        with pytest.raises(DocumentError, match="order 7 is gone"):
            each.payload.read()
