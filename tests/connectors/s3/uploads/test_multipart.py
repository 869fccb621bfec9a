import hashlib
import signal
import threading

import pytest

from connector_sdk import Cancelled, Payload
from connector_sdk.fault_proxy import Answer, FaultProxy, Hold, Reset, Rule

UNAVAILABLE = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>")
ERROR_IN_SUCCESS = Answer(200, body=b"<Error><Code>InternalError</Code><Message>later</Message></Error>")
REFUSED = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
FAULTS = [UNAVAILABLE, Reset(), Reset(served=True), Answer(500, served=True), ERROR_IN_SUCCESS]
REQUESTS = [{"query": "uploads"}, {"query": "partNumber"}, {"method": "POST", "query": "uploadId"}]


def part_numbers(proxy):
    return sorted(
        int(each.query.split("partNumber=")[1].split("&")[0]) for each in proxy.exchanges if "partNumber" in each.query
    )


def test_a_large_document_goes_in_parts_and_arrives_byte_for_byte(store, document, large):
    with FaultProxy(store.url) as proxy:
        (stored,) = store.through(proxy.url).one("upsert", document("big", large), part_size=5)

    assert part_numbers(proxy) == [1, 2, 3, 4, 5]
    assert proxy.exchanges[-1].method == "POST", "the answer proves the whole, so that nothing else is asked"
    assert store.content("big") == large.read()
    assert stored.tracked["s3.etag"].endswith("-5")
    assert store.unfinished() == []


def test_sixteen_mebibytes_go_in_one_request(store, document):
    with FaultProxy(store.url) as proxy:
        store.through(proxy.url).one("upsert", document("k", bytes(16 << 20)))

    assert [each.method for each in proxy.exchanges] == ["HEAD", "PUT"]


@pytest.mark.parametrize("fault", [UNAVAILABLE, Reset(), Reset(served=True)])
def test_a_failed_part_is_sent_again_and_no_other(store, document, large, fault):
    rule = Rule(fault, query="partNumber=2", on=range(1, 4))
    with FaultProxy(store.url, rule) as proxy:
        store.through(proxy.url).one("upsert", document("big", large), part_size=5)

    assert part_numbers(proxy) == [1, 2, 2, 2, 2, 3, 4, 5]
    assert store.content("big") == large.read()


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_request_fails_for_a_moment_the_bytes_arrive_and_no_part_is_left(
    store, document, large, request_, fault
):
    with FaultProxy(store.url, Rule(fault, **request_, on=(1, 2))) as proxy:
        store.through(proxy.url).one("upsert", document("big", large), part_size=5)

    begun_in_vain = 2 if request_ == {"query": "uploads"} and getattr(fault, "served", False) else 0
    left = [each["UploadId"] for each in store.unfinished()]
    assert store.content("big") == large.read()
    assert len(left) == begun_in_vain
    parts = [store.api.list_parts(Bucket=store.bucket, Key="big", UploadId=each).get("Parts") for each in left]
    assert not any(parts)


@pytest.mark.parametrize("request_", REQUESTS)
def test_whatever_request_is_refused_nothing_is_left(store, document, large, request_):
    with FaultProxy(store.url, Rule(REFUSED, **request_)) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert result.error.code == "AccessDenied"
    assert store.listed() == []
    assert store.unfinished() == []


def test_a_part_that_fails_four_times_ends_the_upload_and_leaves_nothing(store, document, large):
    with FaultProxy(store.url, Rule(UNAVAILABLE, query="partNumber=2")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert part_numbers(proxy).count(2) == 4
    assert result.error.code == "SlowDown"
    assert store.listed() == []
    assert store.unfinished() == []


def test_a_refused_part_is_not_retried_and_leaves_nothing(store, document, large):
    with FaultProxy(store.url, Rule(REFUSED, query="partNumber=3")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert part_numbers(proxy).count(3) == 1
    assert result.error.code == "AccessDenied"
    assert store.listed() == []
    assert store.unfinished() == []


def test_an_abort_that_fails_at_first_is_tried_again(store, document, large):
    rules = Rule(REFUSED, query="partNumber=3"), Rule(UNAVAILABLE, method="DELETE", on=(1, 2))
    with FaultProxy(store.url, *rules) as proxy:
        store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert [each.status for each in proxy.exchanges if each.method == "DELETE"] == [503, 503, 204]
    assert store.unfinished() == []


def test_a_run_that_is_to_end_leaves_nothing(store, document, large):
    hold = Hold(threading.Event())
    raised = []

    def upsert():
        try:
            through.run("upsert", document("big", large), part_size=5)
        except Cancelled as error:
            raised.append(error)

    with FaultProxy(store.url, Rule(hold, query="partNumber=2")) as proxy:
        through = store.through(proxy.url)
        thread = threading.Thread(target=upsert)
        thread.start()
        assert hold.reached.wait(30)
        store.runtime.stop()
        hold.release.set()
        thread.join(30)

    assert len(raised) == 1
    assert store.listed() == []
    assert store.unfinished() == []


def test_ctrl_c_leaves_nothing(store, document, large):
    hold = Hold(threading.Event())

    def press():
        hold.reached.wait(30)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        hold.release.set()

    thread = threading.Thread(target=press)
    with FaultProxy(store.url, Rule(hold, query="partNumber=2")) as proxy:
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            store.through(proxy.url).run("upsert", document("big", large), part_size=5)
        thread.join()

    assert store.listed() == []
    assert store.unfinished() == []


def test_a_file_that_changes_meanwhile_ends_the_upload_and_leaves_nothing(store, document, large):
    hold = Hold(threading.Event())

    def change():
        hold.reached.wait(30)
        with large.path.open("ab") as stream:
            stream.write(b"more")
        hold.release.set()

    thread = threading.Thread(target=change)
    with FaultProxy(store.url, Rule(hold, method="POST", query="uploads")) as proxy:
        thread.start()
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)
        thread.join()

    assert result.error.code == "FileChanged"
    assert store.unfinished() == []


def test_a_completion_whose_answer_was_lost_is_recognised(store, document, large):
    with FaultProxy(store.url, Rule(Reset(served=True), method="POST", query="uploadId", on=(1,))) as proxy:
        (stored,) = store.through(proxy.url).one("upsert", document("big", large), part_size=5)

    completions = [each for each in proxy.exchanges if each.method == "POST" and "uploadId" in each.query]
    assert len(completions) == 2
    assert store.content("big") == large.read()
    assert stored.tracked["s3.size"] == str(large.size)


@pytest.mark.parametrize(("rules", "objects"), [([], 1), ([Rule(REFUSED, query="partNumber=2")], 0)])
def test_an_upload_that_was_begun_twice_is_told_with_what_removes_it(store, document, large, caplog, rules, objects):
    lost = Rule(Reset(served=True), method="POST", query="uploads", on=(1,))
    with FaultProxy(store.url, lost, *rules) as proxy:
        store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    (left,) = store.unfinished()
    (told,) = [each.getMessage() for each in caplog.records if "left behind" in each.getMessage()]
    assert f"key 'big', bucket '{store.bucket}'" in told
    assert left["UploadId"] in told
    assert "AbortIncompleteMultipartUpload" in told
    assert len(store.listed()) == objects


def test_uploads_of_others_are_left_alone(store, document, large):
    other = {"Bucket": store.bucket, "Key": "big"}
    hold = Hold(threading.Event())
    theirs = []

    def begin():
        hold.reached.wait(30)
        theirs.append(store.api.create_multipart_upload(**other)["UploadId"])
        hold.release.set()

    thread = threading.Thread(target=begin)
    lost = Rule(UNAVAILABLE, method="POST", query="uploads", on=(1,))
    with FaultProxy(store.url, lost, Rule(hold, method="POST", query="uploads")) as proxy:
        thread.start()
        store.through(proxy.url).one("upsert", document("big", large), part_size=5)
        thread.join()

    assert [each["UploadId"] for each in store.unfinished()] == theirs
    assert store.content("big") == large.read()


def test_whoever_may_not_list_uploads_is_told_that_one_may_be_left(store, document, large, caplog):
    lost = Rule(Reset(served=True), method="POST", query="uploads", on=(1,))
    with FaultProxy(store.url, lost, Rule(REFUSED, method="GET", query="uploads")) as proxy:
        store.through(proxy.url).one("upsert", document("big", large), part_size=5)

    assert "may be left behind (AccessDenied)" in caplog.text
    assert store.content("big") == large.read()


OPAQUE = "f" * 32
COMPLETED = Rule(
    Answer(
        200,
        body=f"<CompleteMultipartUploadResult><ETag>{OPAQUE}</ETag></CompleteMultipartUploadResult>".encode(),
        served=True,
    ),
    method="POST",
    query="uploadId",
)
"""The answer of a store whose ETags are its own affair, and prove nothing."""


def test_whoever_may_only_write_has_to_trust_the_answer(store, document, large):
    with FaultProxy(store.url, COMPLETED, Rule(REFUSED, method="HEAD", path="/big")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert result.error is None
    assert store.content("big") == large.read()


def test_more_than_five_tebibytes_are_refused_before_any_request(store, document, tmp_path):
    path = tmp_path / "sparse"
    with path.open("wb") as stream:
        stream.truncate((5 << 40) + 1)

    (result,) = store.through("http://127.0.0.1:9").run("upsert", document("k", Payload.file(path)))

    assert result.error.code == "EntityTooLarge"


def test_an_upload_that_somebody_else_aborted_fails(store, document, large):
    gone = Answer(404, body=b"<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>")
    with FaultProxy(store.url, Rule(gone, method="POST", query="uploadId")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert result.error.code == "NoSuchUpload"
    assert store.listed() == []


def test_an_object_of_other_parts_is_no_success(store, document, large):
    etag = f'<ETag>"{"0" * 32}-5"</ETag>'
    lie = Answer(200, body=f"<CompleteMultipartUploadResult>{etag}</CompleteMultipartUploadResult>".encode())
    with FaultProxy(store.url, Rule(lie, method="POST", query="uploadId")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert result.error.code == "UploadDamaged"
    assert "ETag" in str(result.error)


def etag_of(payload, part_size):
    content = payload.read()
    parts = [hashlib.md5(content[start : start + part_size]).digest() for start in range(0, len(content), part_size)]
    return f'"{hashlib.md5(b"".join(parts)).hexdigest()}-{len(parts)}"'


def test_an_object_of_another_length_is_no_success(store, document, large):
    lie = Answer(200, headers=(("ETag", OPAQUE),), body=b"short")
    with FaultProxy(store.url, COMPLETED, Rule(lie, method="HEAD", path="/big")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("big", large), part_size=5)

    assert result.error.code == "UploadDamaged"
    assert "length (5)" in str(result.error)


@pytest.mark.parametrize(("refusal", "lines"), [(None, 0), (Answer(501), 1)])
def test_tags_that_a_store_has_lost_are_set_again(store, document, large, caplog, refusal, lines):
    untagged = Answer(200, headers=(("ETag", etag_of(large, 5 << 20)), ("Content-Length", str(large.size))))
    rules = [Rule(refusal, query="tagging")] if refusal else []
    with FaultProxy(store.url, Rule(untagged, method="HEAD", path="/big"), *rules) as proxy:
        tags = {"a": "b c", "e": ""}
        store.through(proxy.url).one("upsert", document("big", large), part_size=5, tags=tags)

    assert [each.query for each in proxy.exchanges[-1:]] == ["tagging"]
    assert len([each for each in caplog.records if "lost the tags" in each.getMessage()]) == lines
    told = store.api.get_object_tagging(Bucket=store.bucket, Key="big")["TagSet"]
    assert {each["Key"]: each["Value"] for each in told} == tags
