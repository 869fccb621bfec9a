"""IAM Roles Anywhere, against a service that verifies each signature with the certificate it came with."""

from __future__ import annotations

import json
import logging
import sys
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption

from connector_sdk import ConfigError, ProcessError
from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session
from connectors.s3.credentials.roles_anywhere import address

Connecting = Callable[..., S3Connection]


def keys(connection: S3Connection, clock: Any) -> tuple[str, str, str]:
    credentials = session(connection, clock).get_credentials().get_frozen_credentials()
    return credentials.access_key, credentials.secret_key, credentials.token


def test_a_certificate_is_exchanged_for_credentials(
    connecting: Connecting, workload: Any, service: Any, clock: Any
) -> None:
    assert keys(connecting(workload), clock) == ("ASIA1", "secret-of-1", "token-of-1")
    assert service.bodies == [
        {
            "durationSeconds": 3600,
            "profileArn": "arn:aws:rolesanywhere:us-east-1:123456789012:profile/p",
            "roleArn": "arn:aws:iam::123456789012:role/r",
            "trustAnchorArn": "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/t",
        }
    ]
    assert service.chains == [[]]


def test_the_service_of_these_tests_refuses_what_was_not_signed(
    connecting: Connecting, workload: Any, service: Any, clock: Any
) -> None:
    from connectors.s3.credentials.signing import signed_headers
    from connectors.s3.credentials.x509 import identity

    mine = identity(workload.certificate_pem, workload.key_pem)
    headers = signed_headers(mine, f"{service.url}/sessions", "us-east-1", b"{}", clock())
    request = urllib.request.Request(f"{service.url}/sessions", b'{"changed": 1}', headers)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value as answer:
        assert (answer.code, json.loads(answer.read())) == (403, {"message": "signature"})


def test_the_chain_travels_in_its_order_whatever_the_place_of_the_certificate(
    connecting: Connecting, authority: Any, issuing: Any, service: Any, clock: Any
) -> None:
    upper = issuing("upper", ec.generate_private_key(ec.SECP256R1()), authority)
    lower = issuing("lower", ec.generate_private_key(ec.SECP256R1()), upper)
    leaf = issuing("leaf", ec.generate_private_key(ec.SECP256R1()), lower)
    for number, order in enumerate([(leaf, lower, upper), (lower, upper, leaf)]):
        pem = "".join(each.certificate_pem for each in order)
        keys(connecting(leaf, certificate=pem, session_name=f"run-{number}"), clock)
    assert service.chains == [[lower.der, upper.der]] * 2


def test_options_reach_the_service(connecting: Connecting, ec_workload: Any, service: Any, clock: Any) -> None:
    keys(connecting(ec_workload, session_name="nightly", duration=900), clock)
    assert (service.bodies[0]["roleSessionName"], service.bodies[0]["durationSeconds"]) == ("nightly", 900)


def test_the_custom_region_wins(connecting: Connecting, ec_workload: Any, service: Any, clock: Any) -> None:
    service.region = "eu-south-9"
    settings = {"roles_anywhere_region": "eu-west-1", "roles_anywhere_custom_region": "eu-south-9"}
    assert keys(connecting(ec_workload, **settings), clock)[0] == "ASIA1"


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "https://rolesanywhere.us-east-1.amazonaws.com/sessions"),
        ({"roles_anywhere_region": "eu-west-1"}, "https://rolesanywhere.eu-west-1.amazonaws.com/sessions"),
        ({"roles_anywhere_custom_region": "cn-north-1"}, "https://rolesanywhere.cn-north-1.amazonaws.com.cn/sessions"),
        ({"use_fips": True}, "https://rolesanywhere-fips.us-east-1.amazonaws.com/sessions"),
    ],
)
def test_the_address_of_the_service_follows_the_region(
    connecting: Connecting, ec_workload: Any, clock: Any, settings: dict[str, Any], url: str
) -> None:
    connection = connecting(ec_workload, **settings, roles_anywhere_endpoint_url=None)
    region = connection.roles_anywhere_custom_region or connection.roles_anywhere_region
    assert address(connection, region) == url


def test_credentials_with_under_60_seconds_left_are_renewed(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any
) -> None:
    credentials = session(connecting(ec_workload), clock).get_credentials()
    assert credentials.get_frozen_credentials().access_key == "ASIA1"
    clock.move(minutes=59)
    assert credentials.get_frozen_credentials().access_key == "ASIA1"
    clock.move(seconds=1)
    assert credentials.get_frozen_credentials().access_key == "ASIA2"
    assert len(service.bodies) == 2


def test_signatures_made_after_a_renewal_use_the_new_credentials(
    connecting: Connecting, ec_workload: Any, clock: Any
) -> None:
    client = session(connecting(ec_workload), clock).create_client("s3", region_name="us-east-1")
    place = {"Bucket": "bucket", "Key": "key"}
    assert "token-of-1" in client.generate_presigned_url("get_object", place)
    clock.move(hours=1)
    assert "token-of-2" in client.generate_presigned_url("get_object", place)
    client.close()


def test_many_threads_make_one_request(connecting: Connecting, ec_workload: Any, service: Any, clock: Any) -> None:
    credentials = session(connecting(ec_workload), clock).get_credentials()
    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(lambda _: credentials.get_frozen_credentials().access_key, range(64)))
    assert (set(seen), len(service.bodies)) == ({"ASIA1"}, 1)


def refusal(code: str, message: str, status: int) -> tuple[int, dict[str, str], bytes]:
    return status, {"x-amzn-ErrorType": f"{code}:http://internal/"}, json.dumps({"message": message}).encode()


@pytest.mark.parametrize(
    ("code", "message", "status", "advice"),
    [
        ("AccessDeniedException", "Untrusted certificate. Insufficient certificate", 403, "trust anchor"),
        ("ResourceNotFoundException", "Trust anchor not found", 404, "roles_anywhere_region"),
        ("ValidationException", "Value at 'roleArn' failed", 400, "role_arn"),
        ("ThrottlingException", "Rate exceeded", 429, "clock"),
    ],
)
def test_the_services_own_words_are_passed_on(
    connecting: Connecting,
    ec_workload: Any,
    service: Any,
    clock: Any,
    code: str,
    message: str,
    status: int,
    advice: str,
) -> None:
    service.answers.append(refusal(code, message, status))
    with pytest.raises(ProcessError) as caught:
        keys(connecting(ec_workload), clock)
    assert caught.value.code == code
    assert f"{code}: {message}; " in str(caught.value)
    assert advice in str(caught.value)
    assert len(service.bodies) == 1


def test_a_refusal_without_json_is_passed_on_too(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any
) -> None:
    service.answers.append((403, {}, b"<html>blocked by the firewall</html>"))
    with pytest.raises(ProcessError, match="403: <html>blocked by the firewall") as caught:
        keys(connecting(ec_workload), clock)
    assert caught.value.code == "403"


def test_a_service_in_trouble_is_asked_three_times(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any
) -> None:
    service.answers += [refusal("InternalServerException", "try again", 500)] * 2
    assert keys(connecting(ec_workload), clock)[0] == "ASIA3"
    service.answers += [refusal("InternalServerException", "try again", 500)] * 4
    with pytest.raises(ProcessError, match="InternalServerException: try again"):
        keys(connecting(ec_workload, session_name="other"), clock)
    assert len(service.bodies) == 6


def test_no_answer_names_the_address(connecting: Connecting, ec_workload: Any, clock: Any) -> None:
    nobody = connecting(ec_workload, roles_anywhere_endpoint_url="http://127.0.0.1:1")
    with pytest.raises(ProcessError, match=r"127\.0\.0\.1:1/sessions.*roles_anywhere_endpoint_url"):
        keys(nobody, clock)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"credentialSet": []}',
        b'{"credentialSet": [{"credentials": {"secretAccessKey": "s3cr3t"}}]}',
    ],
)
def test_an_answer_without_credentials_is_an_error_that_does_not_quote_it(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any, body: bytes
) -> None:
    service.answers.append((201, {}, body))
    with pytest.raises(ProcessError, match="without credentials") as caught:
        keys(connecting(ec_workload), clock)
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


def test_credentials_that_have_expired_on_arrival_point_at_the_clock(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any
) -> None:
    service.lifetime = timedelta(0)
    with pytest.raises(ProcessError, match=r"2026-03-01 12:00:00 UTC.*clock"):
        keys(connecting(ec_workload), clock)


def test_a_key_of_another_certificate_is_refused_before_any_request(
    connecting: Connecting, ec_workload: Any, issuing: Any, authority: Any, service: Any, clock: Any
) -> None:
    other = issuing("other", ec.generate_private_key(ec.SECP256R1()), authority)
    with pytest.raises(ConfigError, match="does not belong") as caught:
        session(connecting(ec_workload, private_key=other.key_pem), clock)
    assert (caught.value.setting, service.bodies) == (("private_key",), [])


@pytest.mark.parametrize(
    ("valid", "text"),
    [((-30, -1), "expired at 2026-02-28 12:00:00 UTC"), ((1, 30), "valid from 2026-03-02 12:00:00 UTC only")],
)
def test_a_certificate_outside_its_time_is_refused_with_the_date(
    connecting: Connecting, issuing: Any, authority: Any, service: Any, clock: Any, valid: tuple[int, int], text: str
) -> None:
    stale = issuing("stale", ec.generate_private_key(ec.SECP256R1()), authority, valid)
    with pytest.raises(ConfigError, match=text) as caught:
        session(connecting(stale), clock)
    assert (caught.value.setting, service.bodies) == (("certificate",), [])


def test_a_certificate_that_expires_during_a_run_is_refused_at_the_renewal(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any
) -> None:
    credentials = session(connecting(ec_workload), clock).get_credentials()
    credentials.get_frozen_credentials()
    clock.move(days=31)
    with pytest.raises(ConfigError, match="expired at 2026-03-31"):
        credentials.get_frozen_credentials()
    assert len(service.bodies) == 1


def test_an_encrypted_key_is_refused_with_the_way_out(connecting: Connecting, ec_workload: Any, clock: Any) -> None:
    locked = ec_workload.pem_of_key(BestAvailableEncryption(b"password"))
    with pytest.raises(ConfigError, match="encrypted; decrypt it with `openssl pkey"):
        session(connecting(ec_workload, private_key=locked), clock)


def test_a_key_of_another_kind_is_refused(connecting: Connecting, issuing: Any, clock: Any) -> None:
    with pytest.raises(ConfigError, match="neither RSA nor EC"):
        session(connecting(issuing("odd", ed25519.Ed25519PrivateKey.generate())), clock)


@pytest.mark.parametrize("name", ["certificate", "private_key"])
def test_what_is_not_pem_is_refused_without_quoting_it(
    connecting: Connecting, ec_workload: Any, clock: Any, name: str
) -> None:
    written = f"text-of-{name}"
    with pytest.raises(ConfigError, match=f"{name} is not PEM") as caught:
        session(connecting(ec_workload, **{name: written}), clock)
    assert caught.value.setting == (name,)
    assert written not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("name", ["profile_arn", "role_arn", "trust_anchor_arn", "certificate", "private_key"])
def test_an_empty_setting_is_named(connecting: Connecting, ec_workload: Any, clock: Any, name: str) -> None:
    with pytest.raises(ConfigError, match=f"roles_anywhere needs {name}") as caught:
        session(connecting(ec_workload, **{name: ""}), clock)
    assert caught.value.setting == (name,)


def test_the_missing_library_is_named_with_the_command_that_installs_it(
    connecting: Connecting, ec_workload: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "connectors.s3.credentials.x509", raising=False)
    monkeypatch.setitem(sys.modules, "cryptography.x509", None)
    with pytest.raises(ConfigError, match=r"pip install 'process-runner\[roles-anywhere\]'"):
        session(connecting(ec_workload), clock)


def test_nothing_secret_is_ever_shown(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = session(connecting(ec_workload), clock)
    credentials = made.get_credentials()
    credentials.get_frozen_credentials()
    service.answers.append(refusal("AccessDeniedException", "no", 403))
    clock.move(hours=1)
    with pytest.raises(ProcessError) as caught:
        credentials.get_frozen_credentials()
    shown = [
        caplog.text,
        repr(made),
        repr(credentials),
        repr(connecting(ec_workload)),
        *traceback.format_exception(caught.value),
    ]
    secrets = ["secret-of-1", "token-of-1", *ec_workload.key_pem.splitlines()[1:-1]]
    assert caplog.records
    assert [secret for secret in secrets if any(secret in text for text in shown)] == []
