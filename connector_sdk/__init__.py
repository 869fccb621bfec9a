"""Everything a connector may import, and nothing else."""

from connector_sdk.checks import Check
from connector_sdk.component import BatchOperation, Connection, Connector, Input, Operation, Tracked
from connector_sdk.document import Document
from connector_sdk.errors import (
    ApplicationError,
    Cancelled,
    ConfigError,
    ConnectorError,
    ContractError,
    DocumentError,
    ProcessError,
)
from connector_sdk.hooks import hookimpl
from connector_sdk.migration import Migration, removed, renamed
from connector_sdk.modules import Modules
from connector_sdk.outputs import Outputs
from connector_sdk.payload import Payload
from connector_sdk.request import Request, Runtime
from connector_sdk.results import Result
from connector_sdk.settings import Parsed, Secret, Settings, SettingsError, setting

__all__ = [
    "ApplicationError",
    "BatchOperation",
    "Cancelled",
    "Check",
    "ConfigError",
    "Connection",
    "Connector",
    "ConnectorError",
    "ContractError",
    "Document",
    "DocumentError",
    "Input",
    "Migration",
    "Modules",
    "Operation",
    "Outputs",
    "Parsed",
    "Payload",
    "ProcessError",
    "Request",
    "Result",
    "Runtime",
    "Secret",
    "Settings",
    "SettingsError",
    "Tracked",
    "hookimpl",
    "removed",
    "renamed",
    "setting",
]
