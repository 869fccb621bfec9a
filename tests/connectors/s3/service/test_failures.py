"""Every request of every action meets every fault; afterwards the buckets hold what they should, byte for byte."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from dataclasses import dataclass, field

import pytest

from connector_sdk import ProcessError
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, HangUp, Hold, Reset, Rule
from connector_sdk.testing import run
from connectors.s3 import S3

LADDER = [0, 10, 30, 60, 120, 300]


def error(status, code, **more):
    return Answer(status, body=f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode(), **more)


INTERNAL = error(500, "InternalError")
SLOW_DOWN = error(503, "SlowDown")
GATEWAY = Answer(502, body=b"<html>Bad Gateway</html>")
PASSING = {
    "500": INTERNAL,
    "503": SLOW_DOWN,
    "502 of a gateway": GATEWAY,
    "500 without words": Answer(500),
    "a reset before the server acts": Reset(),
    "a reset after the server acted": Reset(served=True),
    "a 500 after the server acted": Answer(500, served=True),
}
LASTING = {"503": SLOW_DOWN, "resets": Reset()}
ELSEWHERE = (("x-amz-bucket-region", "eu-west-1"),)
MISDIRECTED = {
    "301": error(301, "PermanentRedirect", headers=ELSEWHERE),
    "307": error(307, "TemporaryRedirect", headers=ELSEWHERE),
    "400 of a wrong region": error(400, "AuthorizationHeaderMalformed", headers=ELSEWHERE),
}
REFUSALS = {
    400: "InvalidRequest",
    403: "AccessDenied",
    404: "NoSuchBucket",
    405: "MethodNotAllowed",
    409: "OperationAborted",
    412: "PreconditionFailed",
    429: "TooManyRequests",
    501: "NotImplemented",
}
HEADLESS = {400: "BadRequest", 403: "AccessDenied", 404: "NotFound", 412: "PreconditionFailed", 501: "NotImplemented"}
"""What is left of a code where the answer has no body."""
CREDENTIALS = ["InvalidAccessKeyId", "SignatureDoesNotMatch"]

THERE = {"": {"there": b"before"}}
BOTH = {"": {"there": b"before", "new": b"before"}}
TARGET = {"parameters": {"target-key": "new"}}


@dataclass(frozen=True)
class Case:
    """One request of an action.

    `path` comes after the bucket. `before`, `after` and `failed` are what the buckets hold, by what their names have
    at the end: at first, after a success, and after a failure of this request. `body` tells whether the answer has
    one, `says` what the document is then. `solves` are the refusals that the action has an answer to of its own;
    what `stays` is not done in another region.
    """

    action: str
    method: str
    path: str = "/there"
    query: str | None = None
    options: dict = field(default_factory=dict)
    key: str = "there"
    before: dict = field(default_factory=lambda: THERE)
    after: dict = field(default_factory=lambda: THERE)
    failed: dict | None = None
    body: bool = True
    says: bytes | None = None
    solves: tuple = ()
    bucket: str = ""
    stays: bool = False


HERE = {"engine": "local", "expression": "SELECT * FROM S3Object"}
SERVICE = {"engine": "service", "expression": "SELECT * FROM S3Object"}
NEW = {"": {"there": b"after"}}
CASES = {
    "get": Case("get", "GET", says=b"before"),
    "get: tags": Case("get", "GET", query="tagging", options={"include_tagging": True}, says=b"before"),
    "upsert": Case("upsert", "PUT", after=NEW, body=False),
    "upsert: where nothing is": Case(
        "upsert", "PUT", options={"if_exists": "fail"}, before={"": {}}, after=NEW, body=False
    ),
    "delete": Case("delete", "POST", "", after={"": {}}),
    "delete: a key that XML cannot say": Case(
        "delete", "DELETE", "/a%01b", key="a\x01b", before={"": {"a\x01b": b"before"}}, after={"": {}}, body=False
    ),
    "query": Case("query", "GET", ""),
    "select: by the service": Case("select", "POST", query="select", options=SERVICE, says=b"before\n"),
    "select: here": Case("select", "GET", options=HERE, says=b"before\n"),
    "head": Case("head", "HEAD", body=False),
    "copy: the look": Case("copy", "HEAD", options=TARGET, after=BOTH, body=False),
    "copy": Case("copy", "PUT", "/new", options=TARGET, after=BOTH),
    "move: the look": Case("move", "HEAD", options=TARGET, after={"": {"new": b"before"}}, body=False),
    "move: the copy": Case("move", "PUT", "/new", options=TARGET, after={"": {"new": b"before"}}),
    "move: the removal": Case(
        "move",
        "DELETE",
        options=TARGET,
        after={"": {"new": b"before"}},
        failed=BOTH,
        body=False,
        solves=(400, 404, 412, 501),
    ),
    "list_buckets": Case("list_buckets", "GET", ""),
    "create_bucket": Case(
        "create_bucket", "PUT", "", bucket="-new", after={**THERE, "-new": {}}, body=False, stays=True
    ),
    "delete_bucket": Case("delete_bucket", "DELETE", "", before={"": {}}, after={}, body=False),
    "get_tags": Case("get_tags", "GET", query="tagging"),
    "put_tags": Case("put_tags", "PUT", query="tagging", options={"tags": {"a": "b"}}, body=False),
    "put_tags: none": Case("put_tags", "DELETE", query="tagging", options={"tags": {}}, body=False),
    "list_versions": Case("list_versions", "GET", "", query="versions"),
    "restore": Case("restore", "POST", query="restore", options={"days": 1}, body=False),
}
NO_REQUEST = {"presign"}
"""It signs by itself, and meets no fault but those of the question where the bucket is."""
BODY_IS_CONTENT = {"get", "select: here"}
"""An object may look like an error, so an error in its place cannot be told from it."""
WORDLESS = {name for name, case in CASES.items() if case.method == "HEAD"}


def test_no_action_is_left_out():
    assert {case.action for case in CASES.values()} | NO_REQUEST == S3.actions.keys()


@dataclass
class Scene:
    """A request of an action, in front of buckets that hold what they should."""

    case: Case
    store: object
    proxied: tuple

    @property
    def rule(self):
        case = self.case
        place = "" if case.action == "list_buckets" else f"/{self.store.bucket}{case.bucket}{case.path}"
        return {"method": case.method, "path": place, "query": case.query}

    def through(self, *rules):
        """A proxy in front of the server; it has a Select, which the server has not."""
        return FaultProxy(self.store.url, *rules, *self.proxied)

    def run(self, proxy, document, **connection):
        case = self.case
        options = {"object_type": self.store.bucket + case.bucket, **case.options, "action": case.action}
        parameters = options.pop("parameters", None)
        if case.action == "list_buckets":
            del options["object_type"]
        connected = {**self.store.connection, "endpoint_url": proxy.url, **connection}
        (result,) = run(S3, connected, options, [document(case.key, b"after")], parameters, within=self.store.runtime)
        return result

    def attempts(self, proxy):
        rule = Rule(HangUp(), **self.rule)
        return len([each for each in proxy.exchanges if rule.matches(each)])

    def held(self):
        """What the buckets hold, byte for byte."""
        from moto.s3.models import s3_backends

        found = s3_backends["123456789012"]["aws"].buckets
        names = {"": self.store.bucket, "-new": f"{self.store.bucket}-new"}
        return {
            end: {key: found[name].keys[key].value for key in found[name].keys}
            for end, name in names.items()
            if name in found
        }

    def succeeded(self, result):
        says = self.case.says
        return result.error is None and (says is None or [each.payload.read() for each in result.documents] == [says])


@pytest.fixture(params=CASES)
def scene(request, store, events):
    case = CASES[request.param]
    kept = {"StorageClass": "GLACIER"} if case.action == "restore" else {}
    for key, content in case.before[""].items():
        store.api.put_object(Bucket=store.bucket, Key=key, Body=content, **kept)
    rows = events("Records", b"before\n", content_type="application/octet-stream") + events("End")
    return Scene(case, store, (Rule(Answer(200, body=rows), method="POST", query="select"),))


def only(*chosen):
    return pytest.mark.parametrize("scene", sorted(chosen), indirect=True)


def each(faults):
    return pytest.mark.parametrize("fault", faults.values(), ids=faults)


@each(PASSING)
def test_what_is_nobodys_fault_is_retried_after_every_wait(scene, document, fault):
    with scene.through(Rule(fault, **scene.rule, on=range(1, 7))) as proxy:
        result = scene.run(proxy, document)

    assert scene.succeeded(result)
    assert scene.store.runtime.waits == LADDER
    assert scene.attempts(proxy) == 7
    assert scene.held() == scene.case.after


@each(LASTING)
def test_after_six_retries_the_document_fails(scene, document, fault):
    with scene.through(Rule(fault, **scene.rule)) as proxy:
        result = scene.run(proxy, document)

    assert scene.store.runtime.waits == LADDER
    assert scene.attempts(proxy) == 7
    assert "every retry failed" in str(result.error)
    assert scene.held() == (scene.case.failed or scene.case.before)


@each(MISDIRECTED)
def test_a_redirect_is_followed_without_a_wait(scene, document, fault):
    with scene.through(Rule(fault, **scene.rule, on=(1,))) as proxy:
        result = scene.run(proxy, document)

    assert scene.succeeded(result) or (scene.case.stays and "IllegalLocationConstraint" in result.error.code)
    assert scene.store.runtime.waits == []
    assert scene.attempts(proxy) == 2
    assert scene.held() == (scene.case.before if scene.case.stays else scene.case.after)


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_is_never_retried(request, scene, document, status):
    if status in scene.case.solves:
        pytest.skip("the action has an answer of its own to this refusal; test_copy.py proves it")
    with scene.through(Rule(error(status, REFUSALS[status]), **scene.rule)) as proxy:
        result = scene.run(proxy, document, checksums="when_required")

    assert scene.attempts(proxy) == 1
    assert scene.store.runtime.waits == []
    codes = HEADLESS if scene.case.method == "HEAD" else REFUSALS
    assert result.error.code == codes.get(status, str(status))
    assert scene.held() == (scene.case.failed or scene.case.before)


@only(*(CASES.keys() - WORDLESS))
@pytest.mark.parametrize("code", CREDENTIALS)
def test_refused_credentials_stop_the_process(scene, document, code):
    with (
        scene.through(Rule(error(403, code), **scene.rule)) as proxy,
        pytest.raises(ProcessError, match=code) as raised,
    ):
        scene.run(proxy, document, checksums="always")

    assert raised.value.code == code
    assert scene.attempts(proxy) == 1
    assert scene.held() == (scene.case.failed or scene.case.before)


@only(*(CASES.keys() - WORDLESS - BODY_IS_CONTENT))
@pytest.mark.parametrize("code", ["InternalError", "SlowDown"])
def test_an_error_in_an_answer_of_success_is_retried(scene, document, code):
    with scene.through(Rule(error(200, code), **scene.rule, on=(1, 2))) as proxy:
        result = scene.run(proxy, document)

    assert scene.succeeded(result)
    assert scene.store.runtime.waits == [0, 10]
    assert scene.held() == scene.case.after


@pytest.mark.parametrize("after", [0, 5])
def test_an_answer_cut_short_is_asked_for_again(scene, document, after):
    with scene.through(Rule(Cut(after), **scene.rule, on=(1,))) as proxy:
        result = scene.run(proxy, document)

    assert scene.succeeded(result)
    assert scene.store.runtime.waits == ([0] if scene.case.body else [])
    assert scene.held() == scene.case.after


def patience(store):
    """Seconds in which even a busy machine answers: many times those that an answer takes now."""
    began = time.monotonic()
    store.api.head_bucket(Bucket=store.bucket)
    return max(0.3, 20 * (time.monotonic() - began))


def test_a_store_that_falls_silent_is_asked_again(scene, document):
    with scene.through(Rule(Hold(threading.Event()), **scene.rule, on=(1,))) as proxy:
        result = scene.run(proxy, document, read_timeout=patience(scene.store))

    assert scene.succeeded(result)
    waits = scene.store.runtime.waits
    assert waits == LADDER[: max(len(waits), 1)]  # a busy machine may be silent for as long once more
    assert scene.held() == scene.case.after


def test_a_connection_that_ends_after_an_answer_costs_no_retry(scene, document):
    with scene.through(Rule(HangUp())) as proxy:
        result = scene.run(proxy, document)

    assert scene.succeeded(result)
    assert scene.store.runtime.waits == []
    assert scene.held() == scene.case.after


@each({**PASSING, **MISDIRECTED, **{str(status): error(status, code) for status, code in REFUSALS.items()}})
def test_a_presigned_url_needs_nobody(store, document, fault):
    store.api.put_object(Bucket=store.bucket, Key="there", Body=b"before")
    with FaultProxy(store.url, Rule(fault)) as proxy:
        (signed,) = store.through(proxy.url).one("presign", document("there"), region="us-east-1")

        assert proxy.exchanges == ()
        proxy.follow()
        with urllib.request.urlopen(json.loads(signed.payload.read())["Url"]) as answer:
            assert answer.read() == b"before"
    assert store.runtime.waits == []
