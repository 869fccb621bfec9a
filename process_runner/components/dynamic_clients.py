"""The clients of dynamic connections: one for each distinct set of values, and never many of them open."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from process_runner.components.dynamic_connection import Variant
from process_runner.language.project import Connected

MOST_OPEN = 16
"""Clients that stay open while nobody uses them; those in use come on top of it."""


@dataclass(slots=True)
class _Client:
    component: Connected
    opening: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    value: Any = None
    is_open: bool = False


class DynamicClients:
    """Lends clients and closes those that were not used for longest. Safe for threads."""

    def __init__(
        self, open: Callable[[Connected], Any], close: Callable[[Connected, Any], None], most: int = MOST_OPEN
    ) -> None:
        self._open = open
        self._close = close
        self._most = most
        self._clients: OrderedDict[str, _Client] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, variant: Variant) -> Iterator[Any]:
        """The client of a variant, which stays open for the context at least; `close` comes after all of these."""
        client = self._taken(variant)
        try:
            with client.opening:
                if not client.is_open:
                    client.value = self._open(client.component)
                    client.is_open = True
            yield client.value
        finally:
            self._give_back(variant.key, client)

    def close(self) -> None:
        """Close every client."""
        with self._lock:
            clients = list(self._clients.values())
            self._clients.clear()
        self._close_all(clients)

    def _taken(self, variant: Variant) -> _Client:
        with self._lock:
            client = self._clients.setdefault(variant.key, _Client(variant.component))
            client.users += 1
            return client

    def _give_back(self, key: str, client: _Client) -> None:
        with self._lock:
            client.users -= 1
            self._clients.move_to_end(key)
            surplus = [self._clients.pop(key) for key in list(self._surplus())]
        self._close_all(surplus)

    def _surplus(self) -> Iterator[str]:
        """Unused clients that could not be opened, and the oldest unused ones above the limit."""
        unused = [key for key, client in self._clients.items() if not client.users]
        kept = [key for key in unused if self._clients[key].is_open]
        yield from (key for key in unused if not self._clients[key].is_open)
        yield from kept[: max(len(kept) - self._most, 0)]

    def _close_all(self, clients: list[_Client]) -> None:
        for client in clients:
            if client.is_open:
                self._close(client.component, client.value)
