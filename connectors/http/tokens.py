"""Tokens of OAuth 2: fetched with the client's credentials, kept until shortly before they expire."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from connector_sdk import DocumentError, ProcessError, Runtime
from connectors.http.bodies import Form
from connectors.http.connection import OAuth2
from connectors.http.credentials import Proof, plain
from connectors.http.decoding import decoded
from connectors.http.message import Answer, Call, Pairs
from connectors.http.veil import Veil

MARGIN = 60.0
"""Seconds before its end from which a token is not used any more, or half of its life if that is shorter."""
LARGEST = 1 << 20
Post = Callable[[Call, Callable[[Answer], tuple[int, bytes]]], tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the time, as `time.monotonic` tells it, from which it is too old; None if it never is."""

    proof: Proof
    until: float | None


class Tokens:
    """The credentials of a client. Safe for threads: one fetches, the others wait and share what it got."""

    def __init__(self, settings: OAuth2, post: Post, veil: Veil) -> None:
        self._settings = settings
        self._post = post
        self._veil = veil
        self._token: Token | None = None
        self._lock = threading.Lock()
        veil.add(plain(settings.client_secret))

    def proof(self, runtime: Runtime) -> Proof:
        """A header with a token that is valid for a while."""
        with self._lock:
            if self._token is None or (self._token.until is not None and time.monotonic() >= self._token.until):
                self._token = self._fetched(runtime)
            return self._token.proof

    def renewed(self, used: Proof, runtime: Runtime) -> bool:
        """Always: a token that was refused is not used again."""
        with self._lock:
            if self._token is not None and self._token.proof == used:
                self._token = None
        return True

    def _fetched(self, runtime: Runtime) -> Token:
        call = Call("POST", self._settings.token_url, runtime, *self._request(), repeatable=True)
        status, content = self._post(call, _content)
        found = _object(content)
        if status != 200 or not isinstance(found.get("access_token"), str):
            raise self._refused(call, status, found)
        return self._kept(call, found)

    def _kept(self, call: Call, found: dict[str, Any]) -> Token:
        token = found["access_token"]
        self._veil.add(token)
        if not (token.isascii() and token.isprintable()):
            raise ProcessError(f"{call} failed: the token has characters that no header can carry", "InvalidToken")
        try:
            life = float(found["expires_in"])
        except (KeyError, TypeError, ValueError):
            return Token(_proof(token), None)
        return Token(_proof(token), time.monotonic() + life - min(MARGIN, life / 2))

    def _request(self) -> tuple[Pairs, Form]:
        settings, secret = self._settings, plain(self._settings.client_secret)
        fields = {"grant_type": "client_credentials", **settings.parameters}
        if settings.scopes:
            fields["scope"] = " ".join(settings.scopes)
        headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
        if settings.client_authentication == "body":
            fields |= {"client_id": settings.client_id, "client_secret": secret}
        else:
            pair = f"{quote_plus(settings.client_id)}:{quote_plus(secret)}"
            basic = base64.b64encode(pair.encode()).decode()
            self._veil.add(basic)
            headers.append(("Authorization", f"Basic {basic}"))
        return tuple(headers), Form(fields)

    def _refused(self, call: Call, status: int, found: dict[str, Any]) -> DocumentError | ProcessError:
        said = ": ".join(str(found[name]) for name in ("error", "error_description") if found.get(name))
        text = f"{call} failed: {status}" + (f": {self._veil(said)[:500]}" if said else "")
        if status >= 500:
            return DocumentError(f"{text}; there is no token", str(status))
        return ProcessError(f"{text}; there is no token: correct the settings of oauth2", str(status))


def _proof(token: str) -> Proof:
    return Proof(headers=(("Authorization", f"Bearer {token}"),))


def _content(answer: Answer) -> tuple[int, bytes]:
    return answer.status, b"".join(decoded(answer.raw, answer.header("content-encoding"), LARGEST))


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object in an answer; an empty one where it is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
