import logging
import threading
from dataclasses import dataclass

import pytest

from connector_sdk import Cancelled, ProcessError
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, HangUp, Hold, Reset, Rule

LADDER = [0, 10, 30, 60, 120, 300]
INTERNAL = Answer(500, body=b"<Error><Code>InternalError</Code><Message>We encountered an error</Message></Error>")
SLOW_DOWN = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>")
GATEWAY = Answer(502, body=b"<html>Bad Gateway</html>")
EMPTY = Answer(500)
WORTH_A_RETRY = [INTERNAL, SLOW_DOWN, GATEWAY, EMPTY, Reset(), Reset(served=True), Answer(500, served=True)]
HEADLESS = {400: "BadRequest", 403: "AccessDenied", 404: "NotFound", 412: "PreconditionFailed"}
"""What is left of a code where the answer has no body."""
REFUSALS = [
    (400, "InvalidRequest"),
    (403, "AccessDenied"),
    (404, "NoSuchBucket"),
    (405, "MethodNotAllowed"),
    (409, "OperationAborted"),
    (412, "PreconditionFailed"),
    (429, "TooManyRequests"),
]
TARGET = {"parameters": {"target-key": "new"}}
ACTIONS = {
    "get": ("GET", {}, {"there": b"before"}),
    "upsert": ("PUT", {}, {"there": b"after"}),
    "delete": ("POST", {}, {}),
    "query": ("GET", {}, {"there": b"before"}),
    "head": ("HEAD", {}, {"there": b"before"}),
    "copy": ("PUT", TARGET, {"there": b"before", "new": b"before"}),
    "move": ("PUT", TARGET, {"new": b"before"}),
    "get_tags": ("GET", {}, {"there": b"before"}),
    "put_tags": ("PUT", {"tags": {"a": "b"}}, {"there": b"before"}),
    "list_versions": ("GET", {}, {"there": b"before"}),
}
"""The method of the request that an action is about, its options, and what the bucket holds when it is done."""


BODIED = ACTIONS.keys() - {"head"}
"""Actions whose answers have a body that can say what is wrong."""


@dataclass
class Action:
    """An action in front of a bucket that holds one object."""

    store: object
    name: str

    @property
    def rule(self):
        """Matches its request, and not the question for the bucket's region."""
        method = ACTIONS[self.name][0]
        return {
            "method": method,
            "path": "/there" if method == "HEAD" else "/new" if self.name in ("copy", "move") else "",
        }

    @property
    def after(self):
        return ACTIONS[self.name][2]

    def run(self, proxy, document, **connection):
        (result,) = self.store.through(proxy.url).run(
            self.name, document("there", b"after"), connection=connection, **ACTIONS[self.name][1]
        )
        return result

    def attempts(self, proxy):
        method, path = self.rule["method"], self.rule["path"]
        return len([each for each in proxy.exchanges if each.method == method and path in each.path])


def refusal(status, code):
    return Answer(status, body=f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())


@pytest.fixture(params=ACTIONS)
def action(request, store):
    store.api.put_object(Bucket=store.bucket, Key="there", Body=b"before")
    return Action(store, request.param)


def in_the_bucket(store):
    return {key: store.content(key) for key in store.listed()}


@pytest.mark.parametrize("fault", WORTH_A_RETRY)
def test_what_is_nobodys_fault_is_retried_after_every_wait(store, document, action, fault):
    with FaultProxy(store.url, Rule(fault, **action.rule, on=range(1, 7))) as proxy:
        result = action.run(proxy, document)

    assert result.error is None
    assert store.runtime.waits == LADDER
    assert action.attempts(proxy) == 7
    assert in_the_bucket(store) == action.after


@pytest.mark.parametrize("fault", [INTERNAL, SLOW_DOWN, GATEWAY, Reset()])
def test_after_six_retries_the_document_fails(store, document, action, fault):
    with FaultProxy(store.url, Rule(fault, **action.rule)) as proxy:
        result = action.run(proxy, document)

    assert store.runtime.waits == LADDER
    assert action.attempts(proxy) == 7
    assert f"bucket {store.bucket!r}" in str(result.error)
    assert "every retry failed" in str(result.error)
    assert in_the_bucket(store) == {"there": b"before"}


@pytest.mark.parametrize(
    ("fault", "code"),
    [(INTERNAL, "InternalError"), (SLOW_DOWN, "SlowDown"), (GATEWAY, "502"), (Reset(), "ConnectionClosed")],
)
def test_the_code_says_what_was_wrong(store, document, fault, code):
    with FaultProxy(store.url, Rule(fault, method="GET")) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"))

    assert result.error.code == code


@pytest.mark.parametrize(("status", "code"), REFUSALS)
def test_a_refusal_is_never_retried(store, document, action, status, code):
    with FaultProxy(store.url, Rule(refusal(status, code), **action.rule)) as proxy:
        result = action.run(proxy, document)

    assert action.attempts(proxy) == 1
    assert store.runtime.waits == []
    assert result.error.code == (HEADLESS.get(status, str(status)) if action.name == "head" else code)
    assert in_the_bucket(store) == {"there": b"before"}


def test_what_a_store_does_not_implement_is_not_waited_for(store, document, action):
    with FaultProxy(store.url, Rule(refusal(501, "NotImplemented"), **action.rule)) as proxy:
        result = action.run(proxy, document, checksums="when_required")

    assert action.attempts(proxy) == 1
    assert store.runtime.waits == []
    assert result.error.code == "NotImplemented"


@pytest.mark.parametrize("action", BODIED, indirect=True)
@pytest.mark.parametrize(
    "code", ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "RequestTimeTooSkewed", "InvalidToken"]
)
def test_refused_credentials_stop_the_process(store, document, action, code):
    with (
        FaultProxy(store.url, Rule(refusal(403, code), **action.rule)) as proxy,
        pytest.raises(ProcessError, match=code) as raised,
    ):
        action.run(proxy, document, checksums="always")

    assert raised.value.code == code
    assert action.attempts(proxy) == 1
    assert in_the_bucket(store) == {"there": b"before"}


@pytest.mark.parametrize("action", BODIED - {"get"}, indirect=True)
@pytest.mark.parametrize("code", ["InternalError", "SlowDown"])
def test_an_error_in_an_answer_of_success_is_retried(store, document, action, code):
    with FaultProxy(store.url, Rule(refusal(200, code), **action.rule, on=(1, 2))) as proxy:
        result = action.run(proxy, document)

    assert result.error is None
    assert store.runtime.waits == [0, 10]
    assert in_the_bucket(store) == action.after


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket", "InvalidRequest"])
def test_a_refusal_in_an_answer_of_success_is_not_retried(store, document, code):
    with FaultProxy(store.url, Rule(refusal(200, code), method="PUT")) as proxy:
        (result,) = store.through(proxy.url).run("upsert", document("k"))

    assert result.error.code == code
    assert store.runtime.waits == []


def test_a_store_that_falls_silent_is_asked_again(store, document):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")
    silence = Hold(threading.Event())
    with FaultProxy(store.url, Rule(silence, path="/k", on=(1,))) as proxy:
        (result,) = store.through(proxy.url).run("get", document("k"), connection={"read_timeout": 0.2})

    assert result.error is None
    assert store.runtime.waits == [0]


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


@pytest.mark.parametrize(("name", "method"), [("query", "GET"), ("delete", "POST")])
def test_an_answer_cut_short_is_asked_for_again(store, document, name, method):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"x")
    with FaultProxy(store.url, Rule(Cut(after=20), method=method, on=(1,))) as proxy:
        (result,) = store.through(proxy.url).run(name, document("k"))

    assert result.error is None
    assert store.runtime.waits == [0]


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
