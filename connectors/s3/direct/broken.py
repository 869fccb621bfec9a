"""What goes wrong on a connection, as botocore's own errors, so that retries and messages need to know one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.s3.direct.wire import Host


def not_connected(host: Host, error: Exception) -> Exception:
    """Nobody is there, or the name leads nowhere."""
    from botocore.exceptions import EndpointConnectionError

    return EndpointConnectionError(endpoint_url=host.url, error=error)


def not_connected_in_time(host: Host) -> Exception:
    """Whoever is there did not answer the call."""
    from botocore.exceptions import ConnectTimeoutError

    return ConnectTimeoutError(endpoint_url=host.url)


def insecure(host: Host, error: Exception) -> Exception:
    """The other side has no certificate that we trust."""
    from botocore.exceptions import SSLError

    return SSLError(endpoint_url=host.url, error=error)


def timeout(host: Host) -> Exception:
    """Nothing came, or nothing was taken, for too long."""
    from botocore.exceptions import ReadTimeoutError

    return ReadTimeoutError(endpoint_url=host.url)


def closed(host: Host) -> Exception:
    """The other side hung up."""
    from botocore.exceptions import ConnectionClosedError

    return ConnectionClosedError(endpoint_url=host.url)


def unreadable(host: Host) -> Exception:
    """What came is not HTTP."""
    from botocore.exceptions import HTTPClientError

    return HTTPClientError(error=f"{host.url} does not speak HTTP/1.1")


def unparsed(reason: str) -> Exception:
    """An answer of success is not the one that was asked for."""
    from botocore.parsers import ResponseParserError

    return ResponseParserError(reason)


def cut_short(expected: int, actual: int) -> Exception:
    """The body ended before its end; sizes are bytes."""
    from botocore.exceptions import IncompleteReadError

    return IncompleteReadError(actual_bytes=actual, expected_bytes=expected)


def damaged(name: str, expected: str, actual: str) -> Exception:
    """The body is not the one that was stored."""
    from botocore.exceptions import FlexibleChecksumError

    return FlexibleChecksumError(error_msg=f"Expected checksum {expected} did not match calculated {name} {actual}")
