"""Credentials: what a request carries to show who sends it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Protocol

from connector_sdk import Runtime, Secret
from connectors.http.connection import HttpConnection
from connectors.http.message import Pairs
from connectors.http.veil import Veil


@dataclass(frozen=True, slots=True)
class Proof:
    """What to add to a request: headers, query parameters, or an answer to a digest challenge."""

    headers: Pairs = ()
    query: Pairs = ()
    digest: bool = False


class Credentials(Protocol):
    """One kind of authentication."""

    def proof(self, runtime: Runtime) -> Proof:
        """What the next request carries."""

    def renewed(self, used: Proof, runtime: Runtime) -> bool:
        """Whether, after a 401 for `used`, another proof is at hand that may do better."""


class Fixed:
    """Credentials that the connection spells out; a server that refuses them once refuses them always."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof

    def proof(self, runtime: Runtime) -> Proof:
        """Always the same."""
        return self._proof

    def renewed(self, used: Proof, runtime: Runtime) -> bool:
        """Never."""
        return False


def fixed(connection: HttpConnection, veil: Veil) -> Fixed:
    """The credentials that need nobody else."""
    user, password, token, key = (
        plain(each) for each in (connection.username, connection.password, connection.token, connection.api_key)
    )
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    veil.add(password or user, token, key, basic if user else None)
    named = ((connection.api_key_name, key),)
    if connection.authentication == "api_key":
        return Fixed(Proof(headers=named) if connection.api_key_in == "header" else Proof(query=named))
    if connection.authentication == "basic":
        return Fixed(Proof(headers=(("Authorization", f"Basic {basic}"),)))
    if connection.authentication == "bearer":
        return Fixed(Proof(headers=(("Authorization", f"Bearer {token}"),)))
    return Fixed(Proof(digest=connection.authentication == "digest"))


def plain(secret: Secret | None) -> str:
    """The text of a secret, empty without one; files that hold one often end it with a line break."""
    return secret.get_secret_value().strip("\r\n") if secret else ""
