"""Certificates made on the spot, an IAM Roles Anywhere service that verifies signatures, and a token service."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID
from moto.server import ThreadedMotoServer

from connectors.s3.connection import S3Connection

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as objects and as PEM."""

    certificate: x509.Certificate
    key: Any

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_pem(self) -> str:
        return self.pem_of_key(serialization.NoEncryption())

    def pem_of_key(self, encryption: serialization.KeySerializationEncryption) -> str:
        plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(*plain, encryption).decode()


def issue(name: str, key: Any, issuer: Pair | None = None, valid: tuple[int, int] = (-1, 30)) -> Pair:
    """A certificate for `key`, valid from so many days after START to so many, signed by `issuer` or by itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer.key if issuer else key
    builder = x509.CertificateBuilder(
        issuer_name=issuer.certificate.subject if issuer else subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=START + timedelta(days=valid[0]),
        not_valid_after=START + timedelta(days=valid[1]),
    ).add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    builder = builder.add_extension(_alternative(name), critical=False)
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return Pair(builder.sign(signer, digest), key)


def _alternative(name: str) -> x509.SubjectAlternativeName:
    kind = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    return x509.SubjectAlternativeName([kind])


@pytest.fixture(scope="session")
def issuing() -> Callable[..., Pair]:
    return issue


@pytest.fixture(scope="session")
def authority() -> Pair:
    return issue("authority", ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture(scope="session", params=["rsa", "ec"])
def workload(request: pytest.FixtureRequest, authority: Pair) -> Pair:
    if request.param == "rsa":
        return issue("workload", rsa.generate_private_key(65537, 2048), authority)
    return issue("workload", ec.generate_private_key(ec.SECP384R1()), authority)


@pytest.fixture(scope="session")
def ec_workload(authority: Pair) -> Pair:
    return issue("workload", ec.generate_private_key(ec.SECP256R1()), authority)


class Refusal(Exception):
    """Why the service does not accept a request."""


class RolesAnywhere(ThreadingHTTPServer):
    """Accepts a request only if its signature, its certificate and its chain hold; counts what it was asked."""

    def __init__(self, clock: Clock, authority: Pair) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.clock = clock
        self.authority = authority
        self.region = "us-east-1"
        self.bodies: list[dict[str, Any]] = []
        self.chains: list[list[bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.lifetime = timedelta(hours=1)

    def credentials(self, number: int) -> dict[str, str]:
        """What it gives out in answer to the request of this number, counted from 1."""
        expires = self.clock() + self.lifetime
        return {
            "accessKeyId": f"ASIA{number}",
            "secretAccessKey": f"secret-of-{number}",
            "sessionToken": f"token-of-{number}",
            "expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def verify(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Recompute what was signed from what has arrived; Refusal says what does not hold."""
        proof = re.fullmatch(
            r"(AWS4-X509-(?:RSA|ECDSA)-SHA256) Credential=(\d+)/(\d{8}/([^/]+)/rolesanywhere/aws4_request), "
            r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]+)",
            handler.headers["Authorization"] or "",
        )
        if not proof:
            raise Refusal("no proof")
        algorithm, serial, scope, region, signed, signature = proof.groups()
        certificate = x509.load_der_x509_certificate(base64.b64decode(handler.headers["X-Amz-X509"]))
        self._check_facts(certificate, serial, scope, region, signed, handler)
        lines = "".join(f"{name}:{handler.headers[name].strip()}\n" for name in signed.split(";"))
        canonical = f"POST\n{handler.path}\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"{algorithm}\n{handler.headers['X-Amz-Date']}\n{scope}\n{digest}"
        self._check_signature(certificate.public_key(), algorithm, bytes.fromhex(signature), text.encode())
        self._check_chain(certificate, handler.headers["X-Amz-X509-Chain"])

    def _check_facts(
        self, certificate: x509.Certificate, serial: str, scope: str, region: str, signed: str, handler: Any
    ) -> None:
        wanted = {"host", "content-type", "x-amz-date", "x-amz-x509"}
        wanted |= {"x-amz-x509-chain"} if handler.headers["X-Amz-X509-Chain"] else set()
        facts = {
            "serial": serial == str(certificate.serial_number),
            "date": handler.headers["X-Amz-Date"] == self.clock().strftime("%Y%m%dT%H%M%SZ"),
            "scope": scope.startswith(handler.headers["X-Amz-Date"][:8] + "/"),
            "region": region == self.region,
            "signed headers": set(signed.split(";")) == wanted and signed.split(";") == sorted(wanted),
            "path": handler.path == "/sessions",
            "type": handler.headers["Content-Type"] == "application/json",
        }
        if wrong := [name for name, holds in facts.items() if not holds]:
            raise Refusal(f"wrong: {', '.join(wrong)}")

    def _check_signature(self, public: Any, algorithm: str, signature: bytes, message: bytes) -> None:
        try:
            if algorithm == "AWS4-X509-RSA-SHA256" and isinstance(public, rsa.RSAPublicKey):
                return public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            if algorithm == "AWS4-X509-ECDSA-SHA256" and isinstance(public, ec.EllipticCurvePublicKey):
                return public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise Refusal("signature") from error
        raise Refusal("algorithm")

    def _check_chain(self, certificate: x509.Certificate, header: str | None) -> None:
        chain = [base64.b64decode(each, validate=True) for each in (header or "").split(",") if each]
        issuers = [x509.load_der_x509_certificate(each) for each in chain] + [self.authority.certificate]
        for lower, upper in zip([certificate, *issuers], issuers, strict=False):
            lower.verify_directly_issued_by(upper)
        self.chains.append(chain)


class _Handler(BaseHTTPRequestHandler):
    server: RolesAnywhere

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self._answer(*self._decide(body))

    def _decide(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        try:
            self.server.verify(self, body)
        except (Refusal, InvalidSignature, ValueError) as error:
            message = json.dumps({"message": str(error)}).encode()
            return 403, {"x-amzn-ErrorType": "AccessDeniedException:http://internal.amazon.com/"}, message
        if self.server.answers:
            return self.server.answers.pop(0)
        given = self.server.credentials(len(self.server.bodies))
        return 201, {}, json.dumps({"credentialSet": [{"credentials": given}], "subjectArn": "arn"}).encode()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Stay silent."""


@pytest.fixture
def service(clock: Clock, authority: Pair) -> Iterator[RolesAnywhere]:
    with RolesAnywhere(clock, authority) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def tokens() -> Iterator[str]:
    """The address of moto's token service."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No account of the machine's, no metadata service, and a home and a cache of the test's own."""
    import os

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def connecting(service: RolesAnywhere) -> Callable[..., S3Connection]:
    """A connection by certificate; keyword arguments add settings or replace them."""

    def connect(pair: Pair, **settings: Any) -> S3Connection:
        arn = "arn:aws:rolesanywhere:us-east-1:123456789012"
        return S3Connection.load(
            {
                "authentication": "roles_anywhere",
                "profile_arn": f"{arn}:profile/p",
                "trust_anchor_arn": f"{arn}:trust-anchor/t",
                "role_arn": "arn:aws:iam::123456789012:role/r",
                "certificate": pair.certificate_pem,
                "private_key": pair.key_pem,
                "roles_anywhere_endpoint_url": service.url,
                **settings,
            }
        )

    return connect
