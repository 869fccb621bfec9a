"""For tests of connectors: run an operation without a process around it, and hold a connector to the whole contract."""

from connector_sdk.testing.running import run, runtime

__all__ = ["run", "runtime"]
