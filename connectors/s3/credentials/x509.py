"""The X.509 identity of a workload: a certificate, the chain above it, and the key that signs with it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import Certificate, load_pem_x509_certificates

from connector_sdk import ConfigError

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """What IAM Roles Anywhere wants to see: `certificate` and `chain` are DER in base64, `serial` is decimal."""

    certificate: str
    chain: tuple[str, ...]
    serial: str
    algorithm: str
    starts: datetime
    ends: datetime
    sign: Callable[[bytes], bytes] = field(repr=False)
    box: Fernet = field(repr=False)

    def check(self, moment: datetime) -> None:
        """Raise ConfigError where the certificate is not valid at this moment."""
        if moment > self.ends:
            raise ConfigError(f"the certificate expired at {_shown(self.ends)}; renew it", ("certificate",))
        if moment < self.starts:
            raise ConfigError(f"the certificate is valid from {_shown(self.starts)} only", ("certificate",))

    def seal(self, content: bytes) -> bytes:
        """Encrypt so that only the holder of the private key can read it."""
        return self.box.encrypt(content)

    def unseal(self, sealed: bytes) -> bytes | None:
        """What was sealed; None if it was not sealed with this key, or was changed."""
        try:
            return self.box.decrypt(sealed)
        except InvalidToken:
            return None


def identity(certificates: str, private_key: str) -> Identity:
    """Read PEM texts. The certificate of the key may stand anywhere; the others are its chain, in their order."""
    key = _key(private_key)
    read = _certificates(certificates)
    own = next((each for each in read if _public(each) == _public(key)), None)
    if own is None:
        raise ConfigError(
            "private_key does not belong to certificate: their public keys differ; give the pair that was issued "
            "together",
            ("private_key",),
        )
    return Identity(
        certificate=_encoded(own),
        chain=tuple(_encoded(each) for each in read if each is not own),
        serial=str(own.serial_number),
        algorithm="AWS4-X509-RSA-SHA256" if isinstance(key, rsa.RSAPrivateKey) else "AWS4-X509-ECDSA-SHA256",
        starts=own.not_valid_before_utc,
        ends=own.not_valid_after_utc,
        sign=lambda message: _sign(key, message),
        box=_box(key),
    )


def _key(text: str) -> Key:
    try:
        key = load_pem_private_key(text.encode(), None)
    except TypeError as error:  # how the library says that a password is missing
        raise ConfigError(
            "private_key is encrypted; decrypt it with `openssl pkey -in KEY -out PLAIN` and protect that file",
            ("private_key",),
        ) from error
    except ValueError as error:
        raise ConfigError(
            "private_key is not PEM; it starts with -----BEGIN PRIVATE KEY-----", ("private_key",)
        ) from error
    if not isinstance(key, Key):
        raise ConfigError("private_key is neither RSA nor EC, which IAM Roles Anywhere demands", ("private_key",))
    return key


def _certificates(text: str) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise ConfigError(
            "certificate is not PEM; it starts with -----BEGIN CERTIFICATE-----", ("certificate",)
        ) from error


def _sign(key: Key, message: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), SHA256())
    return key.sign(message, ec.ECDSA(SHA256()))


def _box(key: Key) -> Fernet:
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"cached credentials\0" + secret).digest()))


def _public(holder: Certificate | Key) -> bytes:
    return holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _encoded(certificate: Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
