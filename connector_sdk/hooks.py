"""The one hook: a plugin says which connectors it brings."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pluggy

from connector_sdk.component import Connector

PROJECT = "connector_sdk"
ENTRY_POINTS = "connector_sdk.connectors"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def connectors() -> Iterable[Connector] | Connector:  # type: ignore[empty-body]  # a specification has no body
    """The connectors this plugin brings; a plugin with one may return it as it is."""


def plugin_manager() -> pluggy.PluginManager:
    """An empty plugin manager that knows the hook."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(sys.modules[__name__])
    return manager
