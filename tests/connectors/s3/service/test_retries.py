import logging

import pytest

from connector_sdk import Cancelled, ProcessError
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, HangUp, Reset, Rule

LADDER = [0, 10, 30, 60, 120, 300]
INTERNAL = Answer(500, body=b"<Error><Code>InternalError</Code><Message>We encountered an error</Message></Error>")
SLOW_DOWN = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>")
GATEWAY = Answer(502, body=b"<html>Bad Gateway</html>")
EMPTY = Answer(500)


def refusal(status, code):
    return Answer(status, body=f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())


@pytest.mark.parametrize(
    ("fault", "code"),
    [(INTERNAL, "InternalError"), (SLOW_DOWN, "SlowDown"), (GATEWAY, "502"), (Reset(), "ConnectionClosed")],
)
def test_the_code_says_what_was_wrong(store, document, fault, code):
    with FaultProxy(store.url, Rule(fault, method="GET")) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"))

    assert result.error.code == code


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestTimeTooSkewed", "InvalidToken", "TokenRefreshRequired"])
def test_every_code_of_refused_credentials_stops_the_process(store, document, code):
    with (
        FaultProxy(store.url, Rule(refusal(403, code), method="GET")) as proxy,
        pytest.raises(ProcessError, match="refuses the connection's credentials") as raised,
    ):
        store.through(proxy.url).run("get", document("k"))

    assert raised.value.code == code


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket", "InvalidRequest"])
def test_a_refusal_in_an_answer_of_success_is_not_retried(store, document, code):
    with FaultProxy(store.url, Rule(refusal(200, code), method="PUT")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("k"))

    assert result.error.code == code
    assert store.runtime.waits == []


def test_a_short_body_is_fetched_again_as_a_whole(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"0123456789" * 20_000)
    with FaultProxy(store.url, Rule(Cut(after=100_000), path="/k", on=(1, 2))) as proxy:
        (fetched,) = store.through(proxy.url).one("get", document("k"))

    assert fetched.payload.read() == b"0123456789" * 20_000
    assert store.runtime.waits == LADDER[:2]


def test_a_body_that_always_ends_early_fails_the_document(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"0123456789")
    with FaultProxy(store.url, Rule(Cut(after=5), path="/k")) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"))

    assert store.runtime.waits == LADDER
    assert "5 read, but total bytes expected is 10" in str(result.error)
    assert list(store.runtime.folder.iterdir()) == []


def test_a_connection_that_ends_after_an_answer_costs_no_retry(store, document):
    with FaultProxy(store.url, Rule(HangUp())) as proxy:
        results = store.through(proxy.url).run("upsert", document("a"), document("b"))

    assert [each.error for each in results] == [None, None]
    assert store.runtime.waits == []


def test_a_redirect_that_names_nothing_is_followed_once(store, document):
    with FaultProxy(store.url, Rule(Answer(307), method="GET")) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"))

    assert [each.method for each in proxy.exchanges] == ["HEAD", "GET", "HEAD", "GET"]
    assert store.runtime.waits == []
    assert result.error.code == "307"


def test_redirect_and_retries_share_one_ladder(store, document):
    rules = Rule(INTERNAL, method="GET", on=(1, 2)), Rule(Answer(307), method="GET", on=(3,))
    with FaultProxy(store.url, *rules, Rule(INTERNAL, method="GET")) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"))

    assert store.runtime.waits == LADDER
    assert result.error.code == "InternalError"


def test_the_waits_are_a_setting(store, document):
    with FaultProxy(store.url, Rule(INTERNAL, method="GET")) as proxy:
        store.through(proxy.url).run("get", document("k"), connection={"retry": {"waits": [1, 2.5]}})

    assert store.runtime.waits == [1, 2.5]
    assert len(proxy.exchanges) == 4


def test_a_server_that_is_down_fails_the_document_and_says_so(store, document):
    with FaultProxy(store.url) as proxy:
        pass
    (result,) = store.through(proxy.url).run("get", document("k"))

    assert store.runtime.waits == LADDER
    assert result.error.code == "EndpointConnection"
    assert proxy.url in str(result.error)


def test_every_retry_is_one_log_line(store, document, caplog):
    caplog.set_level(logging.INFO)
    with FaultProxy(store.url, Rule(INTERNAL, method="GET", on=(1, 2))) as proxy:
        store.through(proxy.url).run("get", document("k"))

    assert [each.getMessage() for each in caplog.records if "again" in each.getMessage()] == [
        f"get of key 'k', bucket {store.bucket!r}: InternalError We encountered an error; trying again in {wait} s"
        for wait in (0, 10)
    ]


def test_waiting_ends_when_the_run_is_to_end(store, document):
    store.runtime.stop()
    with FaultProxy(store.url, Rule(INTERNAL)) as proxy, pytest.raises(Cancelled):
        store.through(proxy.url).run("get", document("k"))

    assert proxy.exchanges == ()
