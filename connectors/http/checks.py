"""Checks of a connection: does the server answer, and does it know us."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from connector_sdk import ApplicationError, Check, ProcessError
from connectors.http import addresses
from connectors.http.client import HttpClient
from connectors.http.message import Call

REFUSED = (401, 403)


def checks(client: HttpClient) -> Iterator[Check]:
    """The address answers, whatever it says; a token is granted; the path for tests takes the credentials."""
    connection = client.connection
    yield Check(
        "network", partial(_answers, client), "correct url, proxy, verify_tls or certificate, or start the server"
    )
    if connection.authentication == "oauth2":
        yield Check("credentials", partial(_granted, client), "correct the settings of oauth2")
    if connection.test_path is not None:
        yield Check("credentials", partial(_accepted, client), "correct the settings of authentication, or test_path")


def _answers(client: HttpClient) -> str:
    status = client.knock()
    return f"{client.connection.url} answers ({status})"


def _granted(client: HttpClient) -> str:
    client.prove()
    return "the token endpoint gives a token"


def _accepted(client: HttpClient) -> str:
    path = client.connection.test_path or ""
    parts = [addresses.escaped(part, addresses.IN_PATH) for part in addresses.segments(path)]
    url = addresses.joined(client.connection.url, parts)
    status, refusal = client.look(Call("GET", url, client.runtime, repeatable=True))
    if refusal and status in REFUSED:
        raise ProcessError(str(refusal), str(status))
    if refusal:
        raise ApplicationError(f"{refusal}; test_path has to name a path that answers a GET", str(status))
    return f"{path} answers {status}"
