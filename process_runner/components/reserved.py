"""The keys of connections and operations that mean the same for every connector."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from connector_sdk import Connector, Settings, setting
from connector_sdk.settings import fields
from process_runner.components.archiving import Archiving
from process_runner.components.caching import Caching
from process_runner.components.tracking import MOST_FIELDS, TrackedField
from process_runner.expressions import Expression
from process_runner.language.inlining import schema_of, whole_schema_of


class ConnectionKeys(Settings):
    """What every connection may say."""

    allow_dynamic_connection: tuple[str, ...] = setting(
        "Settings that a connector step may override for each document with `dynamic_connection`.", ()
    )


class OperationKeys(Settings):
    """What every operation may say."""

    tracking: dict[str, Expression | TrackedField] = setting(
        "Fields to compute for each document that the operation returns (for the one that it was given, where it "
        "returns none): they go to the log and to the report.",
        {},
        max_length=MOST_FIELDS,
        schema={"propertyNames": {"minLength": 1}},
    )
    archiving: Archiving | None = setting("Copies the operation's documents to files.", None)
    caching: Caching | None = setting("Adds the documents that the operation returns to a document cache.", None)


CONNECTION = frozenset({"connector", "description", *fields(ConnectionKeys)})
OPERATION = frozenset({"connector", "action", "description", *fields(OperationKeys)})
"""Names that no setting of a connector can have."""


def clash(connector: Connector) -> str | None:
    """A setting of a connector that has a reserved name; operations in modules are looked at by `taken`, in time."""
    classes = connector.operations if isinstance(connector.operations, tuple) else ()
    parts = [(connector.connection, CONNECTION), *((each, OPERATION) for each in classes)]
    return next((found for settings, names in parts if (found := taken(settings, names))), None)


def taken(settings: type[Settings], names: Set[str]) -> str | None:
    """A setting that has one of these names, if there is one."""
    for field in fields(settings).values():
        if field.key in names:
            return f"{settings.__name__}.{field.key}"
    return None


def properties(kind: str, settings: type[Settings]) -> dict[str, Any]:
    """The JSON Schemas of the reserved keys of a connection or operation that has these settings."""
    if kind == "operation":
        shared = whole_schema_of(OperationKeys)["properties"]
        return {name: {**schema, "x-shared": f"operation.{name}"} for name, schema in shared.items()}
    found: dict[str, Any] = schema_of(ConnectionKeys)["properties"]
    names = sorted(schema_of(settings).get("properties", {}))
    allowed = {**found["allow_dynamic_connection"], "items": {"type": "string", "enum": names}}
    return {**found, "allow_dynamic_connection": allowed}
