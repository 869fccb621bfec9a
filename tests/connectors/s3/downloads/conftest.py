import random

import pytest

from connectors.s3.downloads import fetch
from connectors.s3.operations.get import Get
from connectors.s3.operations.upsert import Upsert
from connectors.s3.service.call import Call

SIZE = (21 << 20) + 5


@pytest.fixture(scope="session")
def content():
    """More than the blocks that are asked for first."""
    return random.Random(7).randbytes(SIZE)


@pytest.fixture
def filled(store, content):
    """A store with an object `k` whose checksum it keeps."""
    store.api.put_object(Bucket=store.bucket, Key="k", Body=content)
    return store


@pytest.fixture
def fetched(filled, runtime, open_client):
    """Fetches the object by ranges, through the address of a proxy."""

    def fetch_(url, to_one_reader=False, **settings):
        call, wanted = Call("get", runtime, filled.bucket, "k"), {"Bucket": filled.bucket, "Key": "k"}
        return fetch.fetched(open_client(url, **settings), call, wanted, 1 << 20, to_one_reader=to_one_reader)

    return fetch_


@pytest.fixture
def look(filled, open_client, request_for, document):
    """Makes a document of an object that is read when somebody reads it, with a client that stays open."""

    def look_(url, key="k", **tracked):
        get = Get(object_type=filled.bucket, content="when_read")
        (found,) = get.execute(open_client(url), request_for(Get, document(key, **tracked)))
        return found

    return look_


@pytest.fixture
def upsert(filled, open_client, request_for):
    """Stores a document under a key."""

    def upsert_(document, key, **options):
        named = document.replace(tracked={"s3.file_key": key})
        operation = Upsert(object_type=filled.bucket, **options)
        (stored,) = operation.execute(open_client(filled.url), request_for(Upsert, named))
        return stored

    return upsert_
