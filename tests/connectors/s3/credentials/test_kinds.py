"""The kinds that ask nobody, or the SDK's chain: access keys, default, anonymous."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connector_sdk import ConfigError, ProcessError
from connector_sdk.fault_proxy import FaultProxy
from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session

SSO = "sso_start_url = https://x\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n"


def connection(**settings: Any) -> S3Connection:
    return S3Connection.load(settings)


def keys(made: S3Connection, *clock: Any) -> tuple[str, str, str | None]:
    found = session(made, *clock).get_credentials().get_frozen_credentials()
    return found.access_key, found.secret_key, found.token


def test_access_keys_are_used_as_they_are_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "OTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "other")
    assert keys(connection(access_key="AKIA", secret_key="s")) == ("AKIA", "s", None)
    assert keys(connection(access_key="AKIA", secret_key="s", session_token="t")) == ("AKIA", "s", "t")


@pytest.mark.parametrize("name", ["access_key", "secret_key"])
def test_an_empty_key_is_named(name: str) -> None:
    with pytest.raises(ConfigError, match=f"access_keys needs {name}") as caught:
        session(connection(**{"access_key": "AKIA", "secret_key": "s", name: ""}))
    assert caught.value.setting == (name,)


def test_the_default_chain_finds_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    assert keys(connection(authentication="default")) == ("AKIA", "s", "t")


def test_the_default_chain_finds_the_named_profile_before_the_environment(
    own_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "OTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    (own_environment / "aws_shared_credentials_file").write_text(
        "[work]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"
    )
    assert keys(connection(authentication="default", profile="work")) == ("AKIA", "s", None)


GIVE = """
import datetime, json, pathlib
calls = pathlib.Path(__file__).with_suffix(".calls")
calls.write_text((calls.read_text() if calls.exists() else "") + "x")
end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)
keys = {"AccessKeyId": "AKIA" + calls.read_text(), "SecretAccessKey": "s", "SessionToken": "t"}
print(json.dumps({"Version": 1, "Expiration": end.isoformat(), **keys}))
"""


def test_credentials_that_the_chain_renews_are_followed(own_environment: Path, clock: Any) -> None:
    (own_environment / "give.py").write_text(GIVE)
    process = f"{sys.executable} {own_environment / 'give.py'}"
    (own_environment / "aws_config_file").write_text(f"[default]\ncredential_process = {process}\n")
    credentials = session(connection(authentication="default"), clock).get_credentials()
    first = credentials.get_frozen_credentials()
    clock.move(seconds=30)
    assert credentials.get_frozen_credentials() == first
    clock.move(seconds=60)
    assert credentials.get_frozen_credentials().access_key > first.access_key


def test_a_chain_without_credentials_says_what_would_work() -> None:
    with pytest.raises(ProcessError, match=r"no credentials.*AWS_ACCESS_KEY_ID.*profile") as caught:
        keys(connection(authentication="default"))
    assert caught.value.code == "NoCredentials"


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ("", r"profile \(work\) could not be found"),
        ("[profile work]\ncredential_process = false\n", "custom-process"),
        (f"[profile work]\n{SSO}", "SSO"),
    ],
)
def test_a_profile_that_cannot_be_used_is_an_error_that_names_the_cause(
    own_environment: Path, config: str, text: str
) -> None:
    (own_environment / "aws_config_file").write_text(config)
    with pytest.raises(ProcessError, match=f"(?s){text}.*log in again") as caught:
        keys(connection(authentication="default", profile="work"))
    assert caught.value.code == "NoCredentials"


def test_anonymous_requests_carry_no_signature_even_where_credentials_lie_about(
    tokens: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    with FaultProxy(tokens) as proxy:
        made = session(connection(authentication="anonymous"))
        client = made.create_client("s3", region_name="us-east-1", endpoint_url=proxy.url)
        client.list_buckets()
        client.close()
        assert [(each.status, each.header("Authorization")) for each in proxy.exchanges] == [(200, None)]
    assert made.get_credentials() is None


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = "[name for name in ('botocore', 'cryptography') if name in sys.modules]"
    code = f"import sys, connectors.s3.credentials; print({heavy})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
