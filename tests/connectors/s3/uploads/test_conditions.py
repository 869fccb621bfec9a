import pytest

from connector_sdk.fault_proxy import Answer, FaultProxy, Reset, Rule

LOST = Rule(Reset(served=True), method="PUT", on=(1,))
LOST_COMPLETION = Rule(Reset(served=True), method="POST", query="uploadId", on=(1,))


@pytest.fixture
def existing(store):
    answer = store.api.put_object(Bucket=store.bucket, Key="k", Body=b"old")
    store.etag = answer["ETag"].strip('"')
    return store


def test_fail_refuses_an_object_that_exists(existing, document):
    (result,) = existing.run("upsert", document("k", b"new"), if_exists="fail")

    assert result.error.code == "PreconditionFailed"
    assert "the object exists" in str(result.error)
    assert existing.content("k") == b"old"


def test_skip_leaves_an_object_that_exists_and_names_it(existing, document):
    (kept,) = existing.one("upsert", document("k", b"new"), if_exists="skip")

    assert existing.content("k") == b"old"
    assert kept.tracked["s3.etag"] == existing.etag
    assert kept.tracked["s3.size"] == "3"
    assert b'"Skipped": true' in kept.payload.read()


@pytest.mark.parametrize("if_exists", ["skip", "fail"])
def test_what_does_not_exist_is_created(store, document, if_exists):
    (stored,) = store.one("upsert", document("k", b"new"), if_exists=if_exists)

    assert store.content("k") == b"new"
    assert b"Skipped" not in stored.payload.read()


@pytest.mark.parametrize("if_exists", ["skip", "fail"])
def test_a_retry_recognises_its_own_earlier_success(store, document, if_exists):
    with FaultProxy(store.url, LOST) as proxy:
        (stored,) = store.through(proxy.url).one("upsert", document("k", b"new"), if_exists=if_exists)

    assert [each.method for each in proxy.exchanges] == ["HEAD", "PUT", "PUT", "HEAD"]
    assert store.content("k") == b"new"
    assert b"Skipped" not in stored.payload.read()
    assert stored.tracked["s3.etag"]


def test_a_retry_does_not_take_the_same_bytes_of_another_for_its_own(existing, document):
    with FaultProxy(existing.url, Rule(Reset(), method="PUT", on=(1,))) as proxy:
        (result,) = existing.through(proxy.url).run("upsert", document("k", b"old"), if_exists="fail")

    assert result.error.code == "PreconditionFailed"


@pytest.mark.parametrize("quote", ['"{}"', "{}"])
def test_if_match_replaces_what_it_knows(existing, document, quote):
    existing.one("upsert", document("k", b"new"), if_match=quote.format(existing.etag))

    assert existing.content("k") == b"new"


def test_if_match_refuses_what_has_changed(existing, document):
    existing.api.put_object(Bucket=existing.bucket, Key="k", Body=b"changed")

    (result,) = existing.run("upsert", document("k", b"new"), if_match=existing.etag)

    assert result.error.code == "PreconditionFailed"
    assert existing.content("k") == b"changed"


def test_if_match_works_in_a_store_that_wants_its_etag_without_quotes(existing, document):
    refused = Answer(412, body=b"<Error><Code>PreconditionFailed</Code></Error>")
    with FaultProxy(existing.url, Rule(refused, header=f'If-Match: "{existing.etag}"')) as proxy:
        existing.through(proxy.url).one("upsert", document("k", b"new"), if_match=existing.etag)

    assert existing.content("k") == b"new"


def test_a_retry_of_if_match_recognises_its_own_earlier_success(existing, document):
    with FaultProxy(existing.url, LOST) as proxy:
        existing.through(proxy.url).one("upsert", document("k", b"new"), if_match=existing.etag)

    assert existing.content("k") == b"new"


def test_if_match_cannot_go_with_another_condition(store, document):
    (result,) = store.run("upsert", document("k"), if_match="abc", if_exists="skip")

    assert result.error.code == "ContradictingConditions"


def test_parts_carry_the_condition_when_they_become_an_object(store, document, large):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("upsert", document("k", large), if_exists="fail", part_size=5)

    completion = next(each for each in proxy.exchanges if each.method == "POST" and "uploadId" in each.query)
    assert completion.header("If-None-Match") == "*"
    assert store.content("k") == large.read()


def test_only_conditional_uploads_leave_a_mark_in_the_metadata(store, document):
    store.run("upsert", document("plain", b"x"))
    store.run("upsert", document("guarded", b"x"), if_exists="fail")

    marks = [store.api.head_object(Bucket=store.bucket, Key=key)["Metadata"].keys() for key in ("plain", "guarded")]
    assert [set(each) for each in marks] == [set(), {"write-id"}]
