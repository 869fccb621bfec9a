"""Roles of the token service, against moto; refusals, which moto does not know, come from the fault proxy."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector_sdk import ConfigError, ProcessError
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session

ROLE = "arn:aws:iam::123456789012:role/reader"
SECRET = "the-secret-of-the-source"


@pytest.fixture
def live_clock(clock: Any) -> Any:
    """One that starts now, as moto's does."""
    clock.moment = datetime.now(UTC)
    return clock


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("eyJ.web.token\n")
    return file


def assuming(url: str, **settings: Any) -> S3Connection:
    keys = {"access_key": "AKIASOURCE", "secret_key": SECRET}
    own = {"authentication": "assume_role", "role_arn": ROLE, "sts_endpoint_url": url}
    return S3Connection.load({**keys, **own, **settings})


def by_token(url: str, file: Path, **settings: Any) -> S3Connection:
    own = {"authentication": "web_identity", "role_arn": ROLE, "sts_endpoint_url": url}
    return S3Connection.load({**own, "web_identity_token_file": str(file), **settings})


def refusal(code: str, message: str) -> Answer:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(403, (("Content-Type", "text/xml"),), f"<ErrorResponse>{error}</ErrorResponse>".encode())


def test_a_role_is_assumed_with_the_given_keys(tokens: str) -> None:
    with FaultProxy(tokens) as proxy:
        found = session(assuming(proxy.url)).get_credentials().get_frozen_credentials()
        (asked,) = proxy.exchanges
    assert "Credential=AKIASOURCE/" in (asked.header("Authorization") or "")
    assert found.access_key.startswith("ASIA")
    assert found.secret_key
    assert found.token


def test_a_role_is_assumed_with_the_default_chain_where_no_keys_are_given(
    tokens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIACHAIN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    with FaultProxy(tokens) as proxy:
        made = assuming(proxy.url, access_key=None, secret_key=None)
        assert session(made).get_credentials().get_frozen_credentials().access_key.startswith("ASIA")
        assert "Credential=AKIACHAIN/" in (proxy.exchanges[0].header("Authorization") or "")


def test_a_chain_without_credentials_cannot_assume_a_role(tokens: str) -> None:
    with pytest.raises(ProcessError, match="no credentials"):
        session(assuming(tokens, access_key=None, secret_key=None)).get_credentials().get_frozen_credentials()


def test_the_requests_of_the_session_carry_the_roles_credentials(tokens: str) -> None:
    with FaultProxy(tokens) as proxy:
        made = session(assuming(tokens))
        client = made.create_client("s3", region_name="us-east-1", endpoint_url=proxy.url)
        client.list_buckets()
        client.close()
        found = made.get_credentials().get_frozen_credentials()
        assert f"Credential={found.access_key}/" in (proxy.exchanges[0].header("Authorization") or "")
        assert proxy.exchanges[0].header("X-Amz-Security-Token") == found.token


def test_a_role_is_assumed_anew_under_60_seconds_before_its_end(tokens: str, live_clock: Any) -> None:
    with FaultProxy(tokens) as proxy:
        credentials = session(assuming(proxy.url, duration=900), live_clock).get_credentials()
        first = credentials.get_frozen_credentials()
        live_clock.move(seconds=800)
        assert credentials.get_frozen_credentials() == first
        live_clock.move(seconds=60)
        assert credentials.get_frozen_credentials().token != first.token
        assert len(proxy.exchanges) == 2


def test_credentials_that_are_over_when_they_arrive_point_at_the_clock(tokens: str, live_clock: Any) -> None:
    live_clock.move(days=1)
    with pytest.raises(ProcessError, match="check the clock of this machine"):
        session(assuming(tokens), live_clock).get_credentials().get_frozen_credentials()


def test_a_web_identity_is_exchanged_without_a_signature(tokens: str, token_file: Path) -> None:
    with FaultProxy(tokens) as proxy:
        found = session(by_token(proxy.url, token_file)).get_credentials().get_frozen_credentials()
        assert proxy.exchanges[0].header("Authorization") is None
    assert found.access_key.startswith("ASIA")


def test_the_token_is_read_again_at_each_renewal(tokens: str, token_file: Path, live_clock: Any) -> None:
    credentials = session(by_token(tokens, token_file, duration=900), live_clock).get_credentials()
    credentials.get_frozen_credentials()
    token_file.unlink()
    live_clock.move(seconds=800)
    credentials.get_frozen_credentials()
    live_clock.move(seconds=60)
    with pytest.raises(ProcessError, match=f"cannot read web_identity_token_file {token_file}"):
        credentials.get_frozen_credentials()


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        ("AccessDenied", "User is not authorized to perform: sts:AssumeRole", "trust policy"),
        ("InvalidClientTokenId", "The security token included in the request is invalid", "access_key"),
        ("SignatureDoesNotMatch", "The request signature we calculated does not match", "secret_key"),
        ("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration", "how long"),
    ],
)
def test_the_words_of_the_token_service_are_passed_on(tokens: str, code: str, message: str, advice: str) -> None:
    with FaultProxy(tokens, Rule(refusal(code, message))) as proxy:
        with pytest.raises(ProcessError) as caught:
            session(assuming(proxy.url)).get_credentials().get_frozen_credentials()
        assert len(proxy.exchanges) == 1
    assert caught.value.code == code
    assert f"{ROLE}: {code}: {message}; " in str(caught.value)
    assert advice in str(caught.value)


def test_a_refused_token_is_told_apart(tokens: str, token_file: Path) -> None:
    with (
        FaultProxy(tokens, Rule(refusal("ExpiredTokenException", "Token expired"))) as proxy,
        pytest.raises(ProcessError, match="Token expired; check that web_identity_token_file"),
    ):
        session(by_token(proxy.url, token_file)).get_credentials().get_frozen_credentials()


HALF = b"<AssumeRoleResponse><Credentials><SecretAccessKey>half-of-a-secret"


@pytest.mark.parametrize("half", [HALF, b"", b"<AssumeRoleResponse/>", b"<html>half-of-a-secret</html>"])
def test_an_answer_without_credentials_is_an_error_that_does_not_quote_it(tokens: str, half: bytes) -> None:
    with (
        FaultProxy(tokens, Rule(Answer(200, body=half))) as proxy,
        pytest.raises(ProcessError, match="without credentials") as caught,
    ):
        session(assuming(proxy.url)).get_credentials().get_frozen_credentials()
    assert caught.value.code == "UnreadableAnswer"
    assert "half-of-a-secret" not in "".join(traceback.format_exception(caught.value))


def test_a_token_service_out_of_reach_is_named() -> None:
    with pytest.raises(ProcessError, match=r"127\.0\.0\.1:1") as caught:
        session(assuming("http://127.0.0.1:1")).get_credentials().get_frozen_credentials()
    assert caught.value.code == "CredentialsUnavailable"


def test_an_empty_role_is_named(tokens: str) -> None:
    with pytest.raises(ConfigError, match="assume_role needs role_arn") as caught:
        session(assuming(tokens, role_arn=""))
    assert caught.value.setting == ("role_arn",)


def test_nothing_secret_is_ever_shown(tokens: str, caplog: pytest.LogCaptureFixture, live_clock: Any) -> None:
    caplog.set_level(logging.INFO)
    with FaultProxy(tokens) as proxy:
        credentials = session(assuming(proxy.url), live_clock).get_credentials()
        found = credentials.get_frozen_credentials()
        proxy.follow(Rule(refusal("AccessDenied", "no")))
        live_clock.move(hours=1)
        with pytest.raises(ProcessError) as caught:
            credentials.get_frozen_credentials()
    shown = [caplog.text, repr(credentials), *traceback.format_exception(caught.value)]
    assert caplog.records
    secrets = [SECRET, found.secret_key, found.token]
    assert [secret for secret in secrets if any(secret in text for text in shown)] == []
