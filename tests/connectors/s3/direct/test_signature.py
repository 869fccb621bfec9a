"""Signatures: those of botocore, whatever the request."""

import string
import threading
from datetime import UTC, datetime
from urllib.parse import quote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk.loop import Loop
from connectors.s3.credentials.renewal import Temporary, renewed
from connectors.s3.direct import signature
from connectors.s3.direct.signature import Request, Signer

MOMENT = 1_790_000_000
NAMES = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8).map(lambda name: f"x-amz-meta-{name}")
VALUES = st.text(string.ascii_letters + string.digits + " ,;=\"'/+", max_size=20).map(str.strip)
QUERIES = st.dictionaries(st.text(string.ascii_letters + "-", min_size=1, max_size=6), st.text(max_size=8), max_size=3)


def written(query):
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def botocores(request, token):
    url = f"http://bucket.example:8080{request.path}" + (f"?{request.query}" if request.query else "")
    asked = AWSRequest(request.method, url, dict(request.headers), b"")
    asked.headers["X-Amz-Content-SHA256"] = request.digest
    asked.context["payload_signing_enabled"] = True
    auth = S3SigV4Auth(Credentials("AKIA", "secret", token), "s3", "eu-west-1")
    auth.payload = lambda _: request.digest
    auth.add_auth(asked)
    return asked


@given(
    method=st.sampled_from(["GET", "PUT", "HEAD"]),
    key=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    query=QUERIES,
    headers=st.dictionaries(NAMES, VALUES, max_size=4),
    token=st.one_of(st.none(), st.just("token")),
)
def test_signatures_are_those_of_botocore(method, key, query, headers, token):
    pairs = [("host", "bucket.example:8080"), *headers.items()]
    request = Request(method, "/" + quote(key, safe="/~"), written(query), pairs)
    expected = botocores(request, token)
    moment = datetime.strptime(expected.context["timestamp"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    ours = dict(Signer(Credentials("AKIA", "secret", token), "eu-west-1").signed(request, moment))
    assert ours["authorization"] == expected.headers["Authorization"]


def test_a_new_day_and_new_keys_are_signed_with_a_new_key():
    request = Request("GET", "/k", "", [("host", "h")])
    signer = Signer(Credentials("AKIA", "secret"), "eu-west-1")
    today = dict(signer.signed(request, MOMENT))["authorization"]
    tomorrow = dict(signer.signed(request, MOMENT + 86_400))["authorization"]
    fresh = dict(Signer(Credentials("AKIA", "secret"), "eu-west-1").signed(request, MOMENT + 86_400))["authorization"]
    assert today != tomorrow == fresh
    assert dict(signer.signed(request, MOMENT))["authorization"] == today


def test_who_looks_into_a_signer_sees_no_secret():
    signer = Signer(Credentials("AKIA", "se-cret"), "eu-west-1")
    signer.signed(Request("GET", "/k", "", [("host", "h")]), MOMENT)
    shown = repr(vars(signer))
    assert "/eu-west-1/s3/aws4_request" in shown
    assert "se-cret" not in shown


def test_nobody_in_particular_signs_nothing():
    headers = dict(Signer(None, "eu-west-1").signed(Request("GET", "/k", "", [("host", "h")]), MOMENT))
    assert "authorization" not in headers
    assert headers["x-amz-content-sha256"] == signature.EMPTY


def test_others_go_on_while_credentials_are_renewed():
    let_go, expires = threading.Event(), datetime(2100, 1, 1, tzinfo=UTC)

    def source():
        assert let_go.wait(30)
        return Temporary("AKIA", "secret", None, expires)

    signer = Signer(renewed(source, "test", lambda: datetime(2026, 1, 1, tzinfo=UTC)), "eu-west-1")
    loop, request = Loop(1), Request("GET", "/bucket/key", "", [("host", "h")])
    tasks = [loop.start(lambda: dict(signer.signed(request))["authorization"]) for _ in range(3)]
    loop.start(let_go.set)
    loop.finish()
    assert all("Credential=AKIA/" in task.result() for task in tasks)
    assert "Credential=AKIA/" in dict(signer.signed(request))["authorization"]
