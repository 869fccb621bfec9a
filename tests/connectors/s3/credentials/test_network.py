"""Credential services are reached as the connection says: through its proxy, trusting whom it trusts."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from connector_sdk import ProcessError
from connector_sdk.fault_proxy import Answer, FaultProxy, Rule
from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session

Connecting = Callable[..., S3Connection]
FAR = "http://far.invalid"


def ask(connection: S3Connection, *clock: Any) -> str:
    return str(session(connection, *clock).get_credentials().get_frozen_credentials().access_key)


@pytest.fixture
def refusing(service: Any) -> Any:
    with FaultProxy(service.url, Rule(Answer(403, body=b"by the proxy"))) as proxy:
        yield proxy


def test_roles_anywhere_is_asked_through_the_connections_proxy(
    connecting: Connecting, ec_workload: Any, clock: Any, refusing: FaultProxy
) -> None:
    with pytest.raises(ProcessError, match="by the proxy"):
        ask(connecting(ec_workload, roles_anywhere_endpoint_url=FAR, proxy=refusing.url), clock)
    assert [each.path for each in refusing.exchanges] == [f"{FAR}/sessions"]


def test_the_token_service_is_asked_through_the_connections_proxy(refusing: FaultProxy) -> None:
    settings = {"authentication": "assume_role", "role_arn": "arn:aws:iam::123456789012:role/r"}
    keys = {"access_key": "AKIA", "secret_key": "s"}
    with pytest.raises(ProcessError, match=r"without credentials.*check sts_endpoint_url and proxy"):
        ask(S3Connection.load({**settings, **keys, "sts_endpoint_url": FAR, "proxy": refusing.url}))
    assert {each.path for each in refusing.exchanges} == {f"{FAR}/"}


def test_a_password_in_the_proxys_address_is_not_shown(connecting: Connecting, ec_workload: Any, clock: Any) -> None:
    gone = connecting(ec_workload, roles_anywhere_endpoint_url=FAR, proxy="http://user:pa55word@127.0.0.1:1")
    with pytest.raises(ProcessError, match="127") as caught:
        ask(gone, clock)
    assert "pa55word" not in str(caught.value)


@pytest.fixture
def authority_file(service: Any, issuing: Any, tmp_path: Path) -> Path:
    """The service speaks TLS from here on; this is the file with the authority behind its certificate."""
    lasting = (-3000, 3000)
    root = issuing("root", ec.generate_private_key(ec.SECP256R1()), None, lasting)
    own = issuing("127.0.0.1", ec.generate_private_key(ec.SECP256R1()), root, lasting)
    (tmp_path / "own.pem").write_text(own.certificate_pem + own.key_pem)
    (tmp_path / "root.pem").write_text(root.certificate_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    service.socket = context.wrap_socket(service.socket, server_side=True)
    return tmp_path / "root.pem"


@pytest.fixture
def secure(connecting: Connecting, ec_workload: Any, service: Any) -> Callable[..., S3Connection]:
    address = service.url.replace("http:", "https:")
    return lambda **settings: connecting(ec_workload, roles_anywhere_endpoint_url=address, **settings)


def test_an_authority_that_the_connection_trusts_is_trusted(secure: Any, authority_file: Path, clock: Any) -> None:
    assert ask(secure(verify_tls=str(authority_file)), clock) == "ASIA1"


def test_an_authority_of_the_environment_is_trusted(
    secure: Any, authority_file: Path, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority_file))
    assert ask(secure(), clock) == "ASIA1"


@pytest.mark.usefixtures("authority_file")
def test_an_unknown_authority_is_not_trusted(secure: Any, service: Any, clock: Any) -> None:
    with pytest.raises(ProcessError, match=r"(?s)CERTIFICATE_VERIFY_FAILED.*verify_tls"):
        ask(secure(), clock)
    assert service.bodies == []
