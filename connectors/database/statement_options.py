"""Options that the actions with an SQL text share, and the values that it is given for a document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from connector_sdk import DocumentError, Request, Settings, setting
from connectors.database import named, values
from connectors.database.values import Type


def _check_statement(text: str) -> None:
    if not text.strip():
        raise ValueError("must be a statement")


class StatementOptions(Settings):
    """An SQL text and where its values come from."""

    sql: str = setting(
        "One statement. Values stand in it as :name and are bound, never written into the text.",
        min_length=1,
        examples=["SELECT id, total FROM orders WHERE customer = :customer"],
        schema={"format": "sql"},
        check=_check_statement,
    )
    values: Literal["parameters", "properties", "document"] = setting(
        "Where a :name comes from: the step's parameters; or, for those that it does not fill, the dynamic document "
        "property, or the field of the JSON document, of that name.",
        "parameters",
    )
    types: dict[str, Type] = setting(
        "What a value becomes, by its name; an empty text becomes NULL, unless it is a text. Without it, the database "
        "decides by what the value is compared with.",
        {},
        examples=[{"since": "timestamp", "limit": "integer"}],
    )


def bound(options: StatementOptions, request: Request) -> dict[str, Any]:
    """The value of each name in the statement; DocumentError names one that is missing."""
    wanted = named.names(options.sql)
    found: Mapping[str, Any] = {**_of_document(options, request, wanted), **request.inputs}
    if missing := next((name for name in wanted if name not in found), None):
        source = {"properties": "property", "document": "field"}.get(options.values, "parameter")
        raise DocumentError(f"there is no {source} {missing!r} for :{missing} of the statement", "MissingValue")
    return {
        name: values.read(found[name], options.types[name], f":{name}") if name in options.types else found[name]
        for name in wanted
    }


def _of_document(options: StatementOptions, request: Request, wanted: tuple[str, ...]) -> Mapping[str, Any]:
    if options.values == "properties":
        return request.document.properties
    if options.values == "parameters" or all(name in request.inputs for name in wanted):
        return {}
    try:
        content = json.loads(request.document.payload.read(), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise DocumentError(
            "the document is not JSON, whose fields are the statement's values", "InvalidJson"
        ) from error
    if not isinstance(content, dict):
        raise DocumentError("the document is no JSON object, whose fields are the statement's values", "InvalidJson")
    return content
