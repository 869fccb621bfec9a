"""The connection: one HTTP API, who we are there, and how patient we are with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from connector_sdk import (
    Check,
    ConfigError,
    Connection,
    Runtime,
    Secret,
    Settings,
    setting,
)
from connectors.http import addresses
from connectors.http.headers import Headers, SecretHeaders, checked

if TYPE_CHECKING:
    from connectors.http.client import HttpClient

Wait = Annotated[float, setting("Seconds.", ge=0)]
Status = Annotated[int, setting("A status.", ge=100, le=599)]
URL = r"^https?://[^/?#@\s\\]+(/[^?#\s\\]*)?$"


class Retry(Settings):
    """When requests that failed through no fault of their own are sent again."""

    waits: tuple[Wait, ...] = setting(
        "Seconds before each retry; as many retries as there are waits. A Retry-After of the server's wins.",
        (1, 2, 5, 10, 30, 60),
    )
    statuses: tuple[Status, ...] = setting(
        "Answers that are worth a retry. A 429 was not carried out and is tried again whatever the method; the others, "
        "and communication errors after the request had left, only where it may be repeated.",
        (429, 502, 503, 504),
    )
    longest_wait: float = setting(
        "Most seconds that a Retry-After is obeyed for; one that asks for more fails the document at once.",
        300.0,
        ge=0,
    )


class OAuth2(Settings):
    """The client credentials grant: a token for the client itself, fetched when needed and kept until it expires."""

    token_url: str = setting("Address of the token endpoint.", pattern=URL)
    client_id: str = setting("Id of the client.", min_length=1)
    client_secret: Secret = setting("Secret of the client.")
    scopes: tuple[str, ...] = setting("Scopes to ask for.", (), examples=[["orders.read"]])
    parameters: dict[str, str] = setting(
        "More parameters of the token request, such as an audience or a resource.", {}, examples=[{"audience": "api"}]
    )
    client_authentication: Literal["basic", "body"] = setting(
        "Where the token request carries id and secret: in its Authorization header or in its body.", "basic"
    )


class HttpConnection(Connection["HttpClient"]):
    """One HTTP API; paths of operations are below its url."""

    url: str = setting("The address that every path is below.", pattern=URL, examples=["https://api.example.com/v2"])
    authentication: Literal["none", "basic", "digest", "bearer", "api_key", "oauth2"] = setting(
        "How requests prove who sends them. Credentials are sent to the host of url alone.", "none"
    )
    username: Secret | None = setting("User name, for basic and digest.", None)
    password: Secret | None = setting("Password that belongs to username.", None)
    token: Secret | None = setting("Token, for bearer.", None)
    api_key: Secret | None = setting("Key, for api_key.", None)
    api_key_name: str = setting("Name of the header or query parameter that carries api_key.", "X-API-Key")
    api_key_in: Literal["header", "query"] = setting("Where api_key is sent.", "header")
    oauth2: OAuth2 | None = setting("Where tokens come from, for oauth2.", None)
    certificate: Secret | None = setting(
        "Client certificate (mutual TLS) as PEM, its chain after it; with any authentication.",
        None,
        examples=["${file:client.pem}"],
    )
    private_key: Secret | None = setting("Private key of certificate as PEM.", None)
    private_key_password: Secret | None = setting("Password of private_key, where it is encrypted.", None)

    headers: Headers = setting("Headers of every request.", {}, examples=[{"Accept-Language": "en"}])
    secret_headers: SecretHeaders = setting("The same, for values that are never shown.", {})
    user_agent: str = setting("What requests name as their sender.", "process-runner")
    other_hosts: tuple[str, ...] = setting(
        "Hosts beside that of url which redirects and links to next pages may lead to; `*.example.com` is every host "
        "below it. They get neither credentials nor the connection's headers.",
        (),
        examples=[["*.s3.amazonaws.com"]],
    )
    follow_redirects: int = setting("Most redirects that one request follows; 0 follows none.", 5, ge=0, le=20)

    proxy: Secret | None = setting(
        "URL of a proxy; secret, as it may carry a password. Proxies named in the environment are not used.", None
    )
    verify_tls: bool | str = setting(
        "Whether certificates are verified, or a file with the authorities to trust.", True
    )
    connect_timeout: float = setting("Seconds to wait for a connection.", 10.0, gt=0)
    read_timeout: float = setting("Seconds to wait for the next bytes of an answer.", 60.0, gt=0)
    write_timeout: float = setting("Seconds to wait until the next bytes of a request are taken.", 60.0, gt=0)
    total_timeout: float | None = setting(
        "Seconds that one answer may take in all, from the request to its last byte; any without it.", None, gt=0
    )
    max_connections: int = setting("Connections open at once.", 32, ge=1, le=1000)
    requests_per_second: float | None = setting(
        "Most requests in a second, evenly apart, of all steps and threads together; any number without it.",
        None,
        gt=0,
    )
    retry: Retry = setting("The retry ladder.", Retry())
    test_path: str | None = setting(
        "A path that answers a GET where the credentials are right; test-connection asks for it.",
        None,
        examples=["me"],
        check=lambda path: addresses.segments(path or ""),
    )

    def validate(self) -> None:
        for name in _needed(self.authentication):
            if getattr(self, name) is None:
                raise ValueError(f"authentication {self.authentication} needs the setting {name}")
        if (self.certificate is None) != (self.private_key is None):
            raise ValueError("certificate and private_key belong together: set both or neither")
        for name, value in self._own_headers():
            checked(name, value)

    def _own_headers(self) -> Iterator[tuple[str, str]]:
        yield "User-Agent", self.user_agent
        if self.authentication == "bearer" and self.token:
            yield "Authorization", self.token.get_secret_value()
        if self.authentication == "api_key" and self.api_key and self.api_key_in == "header":
            yield self.api_key_name, self.api_key.get_secret_value()

    def open(self, runtime: Runtime) -> HttpClient:
        if isinstance(self.verify_tls, str) and not Path(self.verify_tls).exists():
            raise ConfigError(f"verify_tls names {self.verify_tls}, which is not there", ("verify_tls",))
        from connectors.http.client import HttpClient

        return HttpClient(self, runtime)

    def close(self, client: HttpClient) -> None:
        client.close()

    def checks(self, client: HttpClient) -> Iterable[Check]:
        from connectors.http.checks import checks

        return checks(client)


def _needed(authentication: str) -> tuple[str, ...]:
    """The settings that a kind of authentication cannot do without."""
    return {
        "basic": ("username",),
        "digest": ("username", "password"),
        "bearer": ("token",),
        "api_key": ("api_key",),
        "oauth2": ("oauth2",),
    }.get(authentication, ())
