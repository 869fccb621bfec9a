"""Many documents at once: the same as one by one, and slips are told."""

import pytest

from connector_sdk import ContractError, Document, Payload, Request
from connector_sdk.runtime import LocalRuntime


@pytest.fixture
def request_(tmp_path):
    given = Document(Payload(b"given"), {"own": "o"}, {"shop.size": "3", "shop.name": "old"}, "7", (1,))
    return Request(given, "shop", LocalRuntime(tmp_path), {}, frozenset({"name", "price"}))


def facts(document):
    return document.payload.read(), document.properties, list(document.tracked.items()), document.id, document.origins


def test_outputs_are_the_documents_that_output_makes(request_):
    made = request_.outputs([b"a", b""], name=["x", "y"], price=["1", "2"])
    single = [request_.output("a", name="x", price="1"), request_.output("", name="y", price="2")]
    assert len(made) == 2
    assert [facts(each) for each in made] == [facts(each) for each in made] == [facts(each) for each in single]


def test_without_columns_they_have_what_the_given_one_has(request_):
    (only,) = request_.outputs([b"a"])
    assert facts(only) == facts(request_.output("a"))
    assert list(request_.outputs([])) == []


@pytest.mark.parametrize(
    ("contents", "columns", "told"),
    [
        ([b"a"], {"colour": ["red"]}, "tracked properties not declared in `sets`: colour"),
        ([b"a"], {"name": ["x", "y"]}, "the column of 'name' is a list of 1 texts, one for each content"),
        ([b"a"], {"name": "x"}, "the column of 'name' is a list of 1 texts, one for each content"),
        ([b"a"], {"name": [None]}, "the column of 'name' is a list of 1 texts, one for each content"),
        (["a"], {"name": ["x"]}, "contents are bytes each"),
    ],
)
def test_a_slip_is_told(request_, contents, columns, told):
    with pytest.raises(ContractError) as caught:
        request_.outputs(contents, **columns)
    assert str(caught.value) == f"connector 'shop': request.outputs(): {told}"


def test_lists_that_are_used_again_change_nothing(request_):
    contents, names = [b"a"], ["x"]
    made = request_.outputs(contents, name=names)
    contents.append(b"b")
    names[0] = "y"
    assert [(each.payload.read(), each.tracked["shop.name"]) for each in made] == [(b"a", "x")]
