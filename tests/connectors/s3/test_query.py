import json
from xml.etree import ElementTree

import pytest

from connector_sdk.fault_proxy import FaultProxy


@pytest.fixture
def some(store):
    for key, size in [("a/1.csv", 1), ("a/2.json", 20), ("b/1.csv", 300), ("c.csv", 4000)]:
        store.api.put_object(Bucket=store.bucket, Key=key, Body=bytes(size))
    return store


def found(store, **parameters):
    filters = {name.replace("_", "-"): value for name, value in parameters.items()}
    return [each.tracked.get("s3.file_key") for each in store.one("query", parameters=filters)]


def test_each_object_is_a_document_that_says_what_the_listing_says(some):
    first, *_ = some.one("query")

    described = json.loads(first.payload.read())
    assert list(described) == ["Key", "LastModified", "ETag", "Size", "StorageClass"]
    assert (described["Key"], described["Size"], described["StorageClass"]) == ("a/1.csv", 1, "STANDARD")
    assert described["ETag"] == '"93b885adfe0da089cdf634904fd59f71"'
    assert first.tracked["s3.etag"] == "93b885adfe0da089cdf634904fd59f71"
    assert first.tracked["s3.last_modified"] == described["LastModified"]
    assert first.tracked["s3.bucket"] == some.bucket


def test_the_documents_are_xml_where_that_is_wanted(store):
    store.api.put_object(Bucket=store.bucket, Key="a&<b>\x01", Body=b"x")

    (document,) = store.one("query", response_format="xml")

    element = ElementTree.fromstring(document.payload.read())
    assert element.tag == "Contents"
    assert [each.tag for each in element] == ["Key", "LastModified", "ETag", "Size", "StorageClass"]
    assert (element[0].get("encoding"), element[0].text) == ("url", "a%26%3Cb%3E%01")


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({}, ["a/1.csv", "a/2.json", "b/1.csv", "c.csv"]),
        ({"prefix": "a/"}, ["a/1.csv", "a/2.json"]),
        ({"start_after": "a/2.json"}, ["b/1.csv", "c.csv"]),
        ({"prefix": "a/", "start_after": "a/1.csv"}, ["a/2.json"]),
        ({"suffix": ".csv"}, ["a/1.csv", "b/1.csv", "c.csv"]),
        ({"glob": "*/1.*"}, ["a/1.csv", "b/1.csv"]),
        ({"min_size": "20"}, ["a/2.json", "b/1.csv", "c.csv"]),
        ({"max_size": "20"}, ["a/1.csv", "a/2.json"]),
        ({"min_size": "2", "max_size": "300", "suffix": "csv"}, ["b/1.csv"]),
        ({"min_age": "3600"}, []),
        ({"max_age": "3600"}, ["a/1.csv", "a/2.json", "b/1.csv", "c.csv"]),
        ({"prefix": "", "suffix": ""}, ["a/1.csv", "a/2.json", "b/1.csv", "c.csv"]),
    ],
)
def test_filters_choose_objects(some, filters, keys):
    assert found(some, **filters) == keys


def test_a_delimiter_makes_a_document_of_each_prefix(some):
    documents = some.one("query", parameters={"delimiter": "/"})

    assert [each.tracked.get("s3.file_key") for each in documents] == ["c.csv", None, None]
    assert [each.tracked.get("s3.folder") for each in documents] == [None, "a/", "b/"]
    assert json.loads(documents[1].payload.read()) == {"Prefix": "a/"}


def test_a_filter_that_is_no_number_fails_the_document(some):
    (result,) = some.run("query", *_nothing(some), parameters={"min-size": "big"})

    assert result.error.code == "InvalidFilter"
    assert "min-size is 'big'" in str(result.error)


def _nothing(store):
    from connector_sdk import Document, Payload

    return [Document(Payload(b""))]


def test_every_page_is_listed(store):
    expected = [f"{number:05}" for number in range(2500)]
    store.fill(expected)
    with FaultProxy(store.url) as proxy:
        documents = store.through(proxy.url).one("query")

    assert [each.tracked["s3.file_key"] for each in documents] == expected
    assert [each.method for each in proxy.exchanges] == ["HEAD", "GET", "GET", "GET"]


def test_pages_come_one_by_one(store, document, open_client, request_for):
    from connector_sdk.contract import documents_of
    from connectors.s3.operations.query import Query

    store.fill(f"{number:05}" for number in range(1001))
    with FaultProxy(store.url) as proxy:
        client = open_client(proxy.url)
        documents = documents_of(Query(object_type=store.bucket), client, request_for(Query, document()))
        next(documents)
        before = len(proxy.exchanges)
        rest = list(documents)

    assert before == 2
    assert len(rest) == 1000
    assert len(proxy.exchanges) == 3


def test_the_bucket_is_a_filter_where_the_object_type_is_dynamic(some, document):
    (result,) = some.run("query", document(), parameters={"bucket": some.bucket}, object_type="dynamic-bucket")

    assert len(result.documents) == 4


def test_a_bucket_filter_against_a_named_bucket_is_refused(some, document):
    (result,) = some.run("query", document(), parameters={"bucket": "another-bucket"})

    assert result.error.code == "InvalidFilter"
    assert "dynamic-bucket" in str(result.error)


def test_what_the_input_carried_does_not_go_with_the_objects_found(some, document):
    documents = some.one("query", document("old", version_id="v1", content_type="text/old", folder="f"))

    assert {name for each in documents for name in each.tracked} == {
        "s3.bucket", "s3.file_key", "s3.etag", "s3.size", "s3.last_modified"
    }  # fmt: skip


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_listing_is_the_same_through_the_library(some, form):
    def documents(requests):
        found = some.one("query", connection={"requests": requests}, response_format=form)
        return [(each.payload.read(), dict(each.tracked)) for each in found]

    some.api.put_object(Bucket=some.bucket, Key="é +&<", Body=b"x", StorageClass="GLACIER")

    assert documents("direct") == documents("botocore")
    assert len(documents("direct")) == 5
