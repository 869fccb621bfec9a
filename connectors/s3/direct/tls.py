"""TLS: whom to trust, and connections that nobody reads along; loaded where an endpoint has https."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from connector_sdk.waiting import READABLE, WRITABLE, until
from connectors.s3.direct import broken
from connectors.s3.direct.actions import NotDirect

if TYPE_CHECKING:
    from connectors.s3.direct.wire import Host

Answer = TypeVar("Answer")
Given = TypeVar("Given")


class Tls:
    """Botocore's own rules of whom to trust: everybody, those it knows, or those in a file."""

    def __init__(self, authorities: bool | str) -> None:
        from botocore.httpsession import create_urllib3_context, get_cert_path

        self._context: ssl.SSLContext = create_urllib3_context()
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        if authorities:
            self._context.verify_mode = ssl.CERT_REQUIRED
            self._context.check_hostname = True
            self._trust(authorities if isinstance(authorities, str) else str(get_cert_path(verify=True)))

    def secured(self, plain: socket.socket, host: Host) -> socket.socket:
        """A connection of TLS in place of a plain one; botocore's own error where none can be had."""
        try:
            found = self._context.wrap_socket(plain, server_hostname=host.name, do_handshake_on_connect=False)
            try:
                _waiting(found, lambda _: found.do_handshake(), None, host.timeouts[0])
            except BaseException:
                found.close()
                raise
            return found
        except ssl.SSLError as error:
            raise broken.insecure(host, error) from error
        except TimeoutError as error:
            raise broken.not_connected_in_time(host) from error
        except OSError as error:
            raise broken.not_connected(host, error) from error
        finally:
            plain.close()  # a secured one has taken it over, and left nothing to close

    def holds(self, connection: socket.socket) -> bool:
        """Whether bytes have come that only TLS knows of."""
        return isinstance(connection, ssl.SSLSocket) and connection.pending() > 0

    def tried(
        self, connection: socket.socket, attempt: Callable[[Given], Answer], given: Given, _: int, seconds: float
    ) -> Answer:
        """What a wire does, where TLS says what to wait for; a line that it gives up is one that was cut."""
        try:
            return _waiting(connection, attempt, given, seconds)
        except ssl.SSLError as error:
            raise ConnectionResetError(*error.args) from error

    def _trust(self, authorities: str) -> None:
        try:
            self._context.load_verify_locations(authorities)
        except OSError as error:
            raise NotDirect(authorities) from error  # botocore says what is wrong with the file


def _waiting(connection: socket.socket, attempt: Callable[[Given], Answer], given: Given, seconds: float) -> Answer:
    while True:
        try:
            return attempt(given)
        except ssl.SSLWantReadError:
            until(READABLE, connection, seconds)
        except ssl.SSLWantWriteError:
            until(WRITABLE, connection, seconds)
