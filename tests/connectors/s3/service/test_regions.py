import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector_sdk import Cancelled
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connectors.s3.service.regions import Regions


def home(region):
    return Answer(200, headers=(("x-amz-bucket-region", region),))


def signed_for(exchange):
    """The region in the signature."""
    return exchange.header("Authorization").split("/")[2]


def regions(proxy, method=None):
    return [signed_for(each) for each in proxy.exchanges if method in (None, each.method)]


def xml(code, **fields):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<Error><Code>{code}</Code><Message>m</Message>{inner}</Error>".encode()


@pytest.mark.parametrize("status", [200, 301, 307, 400, 403])
def test_the_service_says_where_a_bucket_is_whatever_else_it_says(store, document, status):
    answer = Answer(status, headers=(("x-amz-bucket-region", "eu-west-1"),))
    with FaultProxy(store.url, Rule(answer, method="HEAD")) as proxy:
        store.through(proxy.url).one("upsert", document("k", b"x"))

    assert regions(proxy) == ["us-east-1", "eu-west-1"]


def test_a_bucket_is_asked_for_once(store, document):
    with FaultProxy(store.url, Rule(home("eu-west-1"), method="HEAD")) as proxy:
        store.through(proxy.url).run("upsert", document("a"), document("b"), document("c"))

    assert [each.method for each in proxy.exchanges] == ["HEAD", "PUT", "PUT", "PUT"]


def test_a_bucket_is_asked_for_once_by_many_threads(store, document, open_client, request_for):
    from connectors.s3.operations.upsert import Upsert

    with FaultProxy(store.url, Rule(home("eu-west-1"), method="HEAD")) as proxy:
        client = open_client(proxy.url)
        upsert = Upsert(object_type=store.bucket)
        requests = [request_for(Upsert, document(str(number))) for number in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda each: list(upsert.execute(client, each)), requests))

    assert sorted(each.method for each in proxy.exchanges) == ["HEAD"] + ["PUT"] * 8
    assert sorted(store.listed()) == sorted(map(str, range(8)))


def test_a_store_that_names_no_region_is_signed_for_as_us_east_1(store, document):
    with FaultProxy(store.url, Rule(Answer(200), method="HEAD")) as proxy:
        store.through(proxy.url).one("upsert", document("k"))

    assert regions(proxy, "PUT") == ["us-east-1"]


@pytest.mark.parametrize(
    "redirect",
    [
        Answer(301, headers=(("x-amz-bucket-region", "eu-west-1"),), body=xml("PermanentRedirect")),
        Answer(301, body=xml("PermanentRedirect", Endpoint="b.s3.eu-west-1.amazonaws.com")),
        Answer(301, body=xml("PermanentRedirect", Endpoint="b.s3-eu-west-1.amazonaws.com")),
        Answer(307, headers=(("x-amz-bucket-region", "eu-west-1"),), body=xml("TemporaryRedirect")),
        Answer(400, body=xml("AuthorizationHeaderMalformed", Region="eu-west-1")),
        Answer(
            400,
            body=b"<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong; "
            b"expecting 'eu-west-1'</Message></Error>",
        ),
        Answer(
            400,
            headers=(("x-amz-bucket-region", "eu-west-1"),),
            body=xml("IllegalLocationConstraintException"),
        ),
    ],
)
def test_a_redirect_is_followed_once_and_remembered(store, document, redirect):
    with FaultProxy(store.url, Rule(redirect, method="PUT", on=(1,))) as proxy:
        results = store.through(proxy.url).run("upsert", document("a", b"1"), document("b", b"2"))

    assert [each.error for each in results] == [None, None]
    assert regions(proxy, "PUT") == ["us-east-1", "eu-west-1", "eu-west-1"]
    assert (store.content("a"), store.content("b")) == (b"1", b"2")
    assert store.runtime.waits == []


def test_a_second_redirect_is_not_followed(store, document):
    redirect = Answer(301, headers=(("x-amz-bucket-region", "eu-west-1"),), body=xml("PermanentRedirect"))
    with FaultProxy(store.url, Rule(redirect, method="PUT")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("k"))

    assert regions(proxy, "PUT") == ["us-east-1", "eu-west-1"]
    assert result.error.code == "PermanentRedirect"


def test_a_region_that_is_none_is_not_followed(store, document):
    redirect = Answer(301, headers=(("x-amz-bucket-region", "evil.example/x"),), body=xml("PermanentRedirect"))
    with FaultProxy(store.url, Rule(redirect, method="PUT", on=(1,))) as proxy:
        store.through(proxy.url).one("upsert", document("k"))

    assert regions(proxy, "PUT") == ["us-east-1", "us-east-1"]


def test_the_operations_region_wins_over_the_service_for_a_named_bucket(store, document):
    with FaultProxy(store.url, Rule(home("eu-west-1"), method="HEAD")) as proxy:
        through = store.through(proxy.url)
        through.one("upsert", document("k", bucket_region="sa-east-1"), region="ap-south-1")

    assert [(each.method, signed_for(each)) for each in proxy.exchanges] == [("PUT", "ap-south-1")]


def test_the_documents_region_is_ignored_for_a_named_bucket(store, document):
    with FaultProxy(store.url, Rule(home("eu-west-1"), method="HEAD")) as proxy:
        store.through(proxy.url).one("upsert", document("k", bucket_region="sa-east-1"))

    assert regions(proxy, "PUT") == ["eu-west-1"]


@pytest.mark.parametrize(("region", "expected"), [("auto", "sa-east-1"), ("ap-south-1", "sa-east-1")])
def test_the_documents_region_wins_where_the_bucket_is_dynamic(store, document, region, expected):
    with FaultProxy(store.url) as proxy:
        named = document("k", bucket=store.bucket, bucket_region="sa-east-1")
        store.through(proxy.url).one("upsert", named, object_type="dynamic-bucket", region=region)

    assert regions(proxy) == [expected]


def test_the_operations_region_counts_where_the_dynamic_document_has_none(store, document):
    with FaultProxy(store.url) as proxy:
        named = document("k", bucket=store.bucket)
        store.through(proxy.url).one("upsert", named, object_type="dynamic-bucket", region="ap-south-1")

    assert regions(proxy) == ["ap-south-1"]


def test_delete_never_reads_the_documents_region(store, document):
    with FaultProxy(store.url, Rule(home("eu-west-1"), method="HEAD")) as proxy:
        named = document("k", bucket=store.bucket, bucket_region="sa-east-1")
        store.through(proxy.url).run("delete", named, object_type="dynamic-bucket")

    assert regions(proxy) == ["us-east-1", "eu-west-1"]


def test_a_redirect_from_a_chosen_region_is_remembered_for_it(store, document):
    redirect = Answer(301, headers=(("x-amz-bucket-region", "eu-west-1"),), body=xml("PermanentRedirect"))
    with FaultProxy(store.url, Rule(redirect, method="PUT", on=(1,))) as proxy:
        store.through(proxy.url).run("upsert", document("a"), document("b"), region="ap-south-1")

    assert regions(proxy) == ["ap-south-1", "eu-west-1", "eu-west-1"]


def test_the_property_must_be_a_region(store, document):
    named = document("k", bucket=store.bucket, bucket_region="example.com/")

    (result,) = store.run("upsert", named, object_type="dynamic-bucket")

    assert result.error.code == "InvalidRegion"


def test_an_access_point_is_in_the_region_its_arn_names(store, document):
    arn = "arn:aws:s3:eu-central-1:123456789012:accesspoint/orders"
    with FaultProxy(store.url, Rule(Answer(200))) as proxy:
        elsewhere = {"proxy": proxy.url, "addressing": "virtual"}
        store.through("http://s3.test").one("upsert", document("k"), object_type=arn, connection=elsewhere)

    assert [(each.method, signed_for(each)) for each in proxy.exchanges] == [("PUT", "eu-central-1")]


def test_who_waits_for_the_answer_of_another_gets_it_or_its_error():
    known, asking, answer, asked = Regions(), threading.Event(), threading.Event(), []

    def ask():
        asked.append(1)
        asking.set()
        assert answer.wait(30)
        raise ConnectionError("nobody there")

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(known.find, "bucket", ask)
        assert asking.wait(30)
        waiting = threading.Semaphore(0)
        others = [pool.submit(known.find, "bucket", ask, waiting.release) for _ in range(3)]
        for _ in others:
            assert waiting.acquire(timeout=30)
        answer.set()
        told = [str(each.exception(30)) for each in (first, *others)]
    assert (told, asked) == (["nobody there"] * 4, [1])


def test_who_waits_for_the_answer_of_another_can_be_stopped():
    known, asking, answer = Regions(), threading.Event(), threading.Event()

    def ask():
        asking.set()
        answer.wait(30)
        return "eu-west-1", True

    def stop():
        raise Cancelled

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(known.find, "bucket", ask)
        assert asking.wait(30)
        with pytest.raises(Cancelled):
            known.find("bucket", ask, stop)
        answer.set()
        assert first.result(30) == "eu-west-1"
    assert known.find("bucket", ask) == "eu-west-1"
