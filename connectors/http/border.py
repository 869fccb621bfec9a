"""Border: which servers a connection talks to, and what may be told of them."""

from __future__ import annotations

from connector_sdk import DocumentError
from connectors.http import addresses
from connectors.http.connection import HttpConnection
from connectors.http.message import Call
from connectors.http.veil import Veil


class Border:
    """The host of the connection's url, those that it allows, and all others."""

    def __init__(self, connection: HttpConnection, veil: Veil) -> None:
        self._home = connection.url
        self._others = connection.other_hosts
        in_query = connection.authentication == "api_key" and connection.api_key_in == "query"
        self._key = connection.api_key_name if in_query else None
        self._veil = veil

    def is_home(self, url: str) -> bool:
        """Whether the credentials are for the server of this URL."""
        return addresses.at_home(url, self._home)

    def crossed(self, call: Call, link: str) -> Call:
        """The call to make where a link in the answer to a call leads; DocumentError where we do not go there."""
        try:
            target = addresses.followed(call.url, link)
        except ValueError as error:
            raise DocumentError(f"{call}: {error}", "InvalidLink") from error
        if call.url.startswith("https:") and target.startswith("http:"):
            text = f"{call}: the server leads from https to {self.shown(target)}, which anybody could read"
            raise DocumentError(text, "InsecureLink")
        if not self.is_home(target) and not addresses.allowed(target, self._others):
            text = f"{call}: the server leads to {self.shown(target)}; other_hosts would have to name that host"
            raise DocumentError(text, "OtherHost")
        return call.to(self._keyless(target), self.shown(target))

    def told(self, url: str) -> str:
        """The URL without the connection's key; of other hosts without its query, which may be a permission."""
        return self._veil(self._keyless(url) if self.is_home(url) else url.partition("?")[0])

    def shown(self, url: str) -> str:
        """The same for a message, shortened."""
        return addresses.shown(self.told(url))

    def _keyless(self, url: str) -> str:
        return addresses.without(url, self._key) if self._key and self.is_home(url) else url
