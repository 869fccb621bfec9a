"""Signature Version 4 with a certificate's key in place of a secret key (AWS4-X509-RSA-SHA256, -ECDSA-SHA256)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from connectors.s3.credentials.x509 import Identity


def signed_headers(identity: Identity, url: str, region: str, body: bytes, moment: datetime) -> dict[str, str]:
    """The headers of a POST of JSON to `url` that prove the identity."""
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{region}/rolesanywhere/aws4_request"
    headers = {
        "Content-Type": "application/json",
        "Host": urlsplit(url).netloc,
        "X-Amz-Date": stamp,
        "X-Amz-X509": identity.certificate,
    }
    if identity.chain:
        headers["X-Amz-X509-Chain"] = ",".join(identity.chain)
    names = ";".join(sorted(name.lower() for name in headers))
    request = _canonical(urlsplit(url).path, headers, names, body)
    to_sign = "\n".join((identity.algorithm, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    signature = identity.sign(to_sign.encode()).hex()
    credential = f"{identity.serial}/{scope}"
    proof = f"{identity.algorithm} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": proof}


def _canonical(path: str, headers: Mapping[str, str], names: str, body: bytes) -> str:
    values = {name.lower(): value for name, value in headers.items()}
    lines = "".join(f"{name}:{values[name]}\n" for name in names.split(";"))
    return "\n".join(("POST", path, "", lines, names, hashlib.sha256(body).hexdigest()))
