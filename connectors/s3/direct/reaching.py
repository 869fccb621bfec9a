"""Reaching a host: its addresses, and a socket to the first of them that answers."""

from __future__ import annotations

import errno
import os
import socket
from functools import partial
from typing import Any

from connector_sdk.waiting import WRITABLE, aside, until


def reached(name: str, port: int, seconds: float) -> socket.socket:
    """A socket that does not block, or what the last address said; TimeoutError after so many seconds for each."""
    problem = OSError("the name has no address")
    for family, kind, protocol, address in _addresses(name, port):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            status = plain.connect_ex(address)
            if status == errno.EINPROGRESS:
                until(WRITABLE, plain, seconds)
                status = plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if status:
                raise OSError(status, os.strerror(status))
            return plain
        except OSError as error:
            plain.close()
            problem = error
        except BaseException:
            plain.close()
            raise
    raise problem


def _addresses(name: str, port: int) -> list[tuple[int, int, int, Any]]:
    """Where the host is found; a name is asked for aside, for that may take long."""
    find = partial(socket.getaddrinfo, port=port, type=socket.SOCK_STREAM)
    try:
        found = find(name.encode(), flags=socket.AI_NUMERICHOST)  # of a text, Python loads the tables of IDNA first
    except socket.gaierror:
        found = aside(partial(find, name), at_once=True)
    return [(family, kind, protocol, address) for family, kind, protocol, _, address in found]
