import json
import threading

import pytest

from connector_sdk import ApplicationError
from connector_sdk.fault_proxy import Answer, FaultProxy, Hold, Reset, Rule
from connectors.s3.service.call import Call
from connectors.s3.uploads import copying
from connectors.s3.uploads.copying import Source
from connectors.s3.uploads.slices import MIB
from connectors.s3.uploads.upload import Upload

DENIED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")


@pytest.fixture
def source(store):
    store.api.put_object(
        Bucket=store.bucket, Key="k", Body=b"bytes", ContentType="text/csv", Metadata={"a": "b"}, Tagging="t=u"
    )
    return store


def facts(store, key, bucket=None):
    place = {"Bucket": bucket or store.bucket, "Key": key}
    head = store.api.head_object(**place)
    tags = {each["Key"]: each["Value"] for each in store.api.get_object_tagging(**place)["TagSet"]}
    return head["ContentType"], head["Metadata"], tags


def test_a_copy_has_bytes_metadata_and_tags_of_its_source(source, document):
    (copied,) = source.one("copy", document("k"), parameters={"target-key": "c"})

    assert source.content("c") == source.content("k") == b"bytes"
    assert facts(source, "c") == ("text/csv", {"a": "b"}, {"t": "u"})
    described = json.loads(copied.payload.read())
    assert (described["Key"], described["Size"], described["Source"]) == ("c", 5, f"{source.bucket}/k")
    assert copied.tracked["s3.file_key"] == "c"
    assert copied.tracked["s3.etag"] == described["ETag"]


def test_metadata_and_tags_can_be_replaced(source, document):
    target = {"metadata": {"c": "d"}, "tags": {"v": "w"}, "storage_class": "STANDARD_IA"}

    source.one("copy", document("k"), parameters={"target-key": "c"}, target=target)

    _, metadata, tags = facts(source, "c")
    assert (metadata, tags) == ({"c": "d"}, {"v": "w"})
    assert source.api.head_object(Bucket=source.bucket, Key="c")["StorageClass"] == "STANDARD_IA"


def test_a_copy_goes_to_another_bucket_under_the_same_key(source, document, api):
    other = f"{source.bucket[:50]}-2"
    api.create_bucket(Bucket=other)

    (copied,) = source.one("copy", document("k"), parameters={"target-bucket": other})

    assert api.get_object(Bucket=other, Key="k")["Body"].read() == b"bytes"
    assert copied.tracked["s3.bucket"] == other


@pytest.mark.parametrize("action", ["copy", "move"])
def test_a_new_key_amazon_advises_against_is_warned_of_once(source, document, caplog, action):
    for key in ("one", "two"):
        source.api.put_object(Bucket=source.bucket, Key=key, Body=b"x")

    source.run(action, document("one"), document("two"), parameters={"target-key": "a|b"})

    assert [each.getMessage() for each in caplog.records] == [
        "key 'a|b' has '|', which Amazon advises against; keys are sent as they are"
    ]


def test_one_version_can_be_copied(source, document):
    source.api.put_bucket_versioning(Bucket=source.bucket, VersioningConfiguration={"Status": "Enabled"})
    old = source.api.put_object(Bucket=source.bucket, Key="k", Body=b"old")["VersionId"]
    source.api.put_object(Bucket=source.bucket, Key="k", Body=b"new")

    source.one("copy", document("k", version_id=old), parameters={"target-key": "c"})

    assert source.content("c") == b"old"


def test_a_missing_source_fails_the_document(store, document):
    (result,) = store.run("copy", document("missing"), parameters={"target-key": "c"})

    assert result.error.code == "NotFound"


def test_an_error_in_an_answer_of_success_is_retried(source, document):
    error = Answer(200, body=b"<Error><Code>InternalError</Code><Message>later</Message></Error>")
    with FaultProxy(source.url, Rule(error, method="PUT", on=(1, 2))) as proxy:
        source.through(proxy.url).one("copy", document("k"), parameters={"target-key": "c"})

    assert source.runtime.waits == [0, 10]
    assert source.content("c") == b"bytes"


def copy_in_parts(store, client, runtime, size, **arguments):
    source = Source(Call("copy", runtime, store.bucket, "big"))
    target = Upload(Call("copy", runtime, store.bucket, "c"), 0, 5 * MIB, arguments)
    return copying.copy(client, source, target, single_up_to=size - 1)


@pytest.fixture
def big(store):
    body = bytes(range(256)) * (45 * 1024)
    store.api.put_object(
        Bucket=store.bucket, Key="big", Body=body, ContentType="text/csv", Metadata={"a": "b"}, Tagging="t=u"
    )
    return body


def test_a_large_object_is_copied_in_parts_with_metadata_and_tags(store, open_client, runtime, big):
    with FaultProxy(store.url) as proxy:
        copied = copy_in_parts(store, open_client(proxy.url), runtime, len(big))

    ranges = sorted(each.header("x-amz-copy-source-range") or "" for each in proxy.exchanges if each.method == "PUT")
    assert ranges == sorted(["bytes=0-5242879", "bytes=5242880-10485759", "bytes=10485760-11796479"])
    assert store.content("c") == big
    assert facts(store, "c") == ("text/csv", {"a": "b"}, {"t": "u"})
    assert copied.etag.endswith("-3")
    assert store.unfinished() == []


def test_a_large_copy_can_replace_metadata_and_tags(store, open_client, runtime, big):
    copy_in_parts(store, open_client(store.url), runtime, len(big), Metadata={"c": "d"}, Tagging="")

    assert facts(store, "c") == ("text/csv", {"c": "d"}, {})


def test_a_large_copy_that_fails_leaves_nothing(store, open_client, runtime, big):
    denied = Rule(DENIED, query="partNumber=2")
    with FaultProxy(store.url, denied) as proxy, pytest.raises(ApplicationError, match="AccessDenied"):
        copy_in_parts(store, open_client(proxy.url), runtime, len(big))

    assert store.listed() == ["big"]
    assert store.unfinished() == []


def test_every_part_is_taken_from_the_object_that_was_looked_at(store, open_client, runtime, big):
    etag = store.api.head_object(Bucket=store.bucket, Key="big")["ETag"]
    with FaultProxy(store.url) as proxy:
        copy_in_parts(store, open_client(proxy.url), runtime, len(big))

    sent = [each.header("x-amz-copy-source-if-match") for each in proxy.exchanges if each.method == "PUT"]
    assert sent == [etag] * 3


def test_a_move_leaves_the_object_in_its_new_place_only(source, document):
    (moved,) = source.one("move", document("k"), parameters={"target-key": "m"})

    assert source.listed() == ["m"]
    assert source.content("m") == b"bytes"
    assert moved.tracked["s3.file_key"] == "m"


@pytest.mark.parametrize("parameters", [{}, {"target-key": "k"}])
def test_a_move_onto_itself_is_refused_and_the_object_stays(source, document, parameters):
    (result,) = source.run("move", document("k"), parameters=parameters)

    assert result.error.code == "SameObject"
    assert source.content("k") == b"bytes"


@pytest.mark.parametrize("fault", [DENIED, Reset(served=True)])
def test_a_move_whose_copy_fails_leaves_its_source(source, document, fault):
    with FaultProxy(source.url, Rule(fault, method="PUT")) as proxy:
        (result,) = source.through(proxy.url).run("move", document("k"), parameters={"target-key": "m"})

    assert result.error is not None
    assert source.content("k") == b"bytes"


@pytest.fixture
def replaced(source):
    """Have somebody replace the source while the request that the rule holds is on its way."""

    def during(document, *rules, **held):
        hold = Hold(threading.Event())

        def replace():
            hold.reached.wait(30)
            source.api.put_object(Bucket=source.bucket, Key="k", Body=b"newer")
            hold.release.set()

        thread = threading.Thread(target=replace)
        with FaultProxy(source.url, *rules, Rule(hold, **held)) as proxy:
            thread.start()
            (result,) = source.through(proxy.url).run("move", document("k"), parameters={"target-key": "m"})
            thread.join()
        return result

    return during


def unconditional(store):
    """A store that cannot delete under a condition."""
    etag = store.api.head_object(Bucket=store.bucket, Key="k")["ETag"]
    refusal = Answer(501, body=b"<Error><Code>NotImplemented</Code><Message>If-Match</Message></Error>")
    return Rule(refusal, method="DELETE", header=f"If-Match: {etag}")


def test_what_replaces_the_source_of_a_move_meanwhile_stays(source, replaced, document):
    result = replaced(document, method="DELETE")

    assert result.error.code == "ObjectChanged"
    assert (source.content("k"), source.content("m")) == (b"newer", b"bytes")


def test_it_stays_as_well_where_a_store_cannot_delete_under_a_condition(source, replaced, document):
    result = replaced(document, unconditional(source), method="HEAD", path="/k", on=(2,))

    assert result.error.code == "ObjectChanged"
    assert source.content("k") == b"newer"


def test_a_store_that_cannot_delete_under_a_condition_moves_too(source, document):
    with FaultProxy(source.url, unconditional(source)) as proxy:
        source.through(proxy.url).one("move", document("k"), parameters={"target-key": "m"})

    assert source.listed() == ["m"]


def test_a_move_whose_delete_lost_its_answer_succeeds(source, document):
    with FaultProxy(source.url, Rule(Reset(served=True), method="DELETE", on=(1,))) as proxy:
        source.through(proxy.url).one("move", document("k"), parameters={"target-key": "m"})

    assert source.listed() == ["m"]


def test_one_version_moves_whatever_is_newest(source, document):
    source.api.put_bucket_versioning(Bucket=source.bucket, VersioningConfiguration={"Status": "Enabled"})
    old = source.api.put_object(Bucket=source.bucket, Key="k", Body=b"old")["VersionId"]
    source.api.put_object(Bucket=source.bucket, Key="k", Body=b"new")

    source.one("move", document("k", version_id=old), parameters={"target-key": "m"})

    assert (source.content("k"), source.content("m")) == (b"new", b"old")
