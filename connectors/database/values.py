"""Values: what a text or a JSON value of a document becomes when it is bound."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from connector_sdk import DocumentError
from connectors.database import written

Type = Literal["text", "integer", "decimal", "boolean", "date", "time", "timestamp", "binary", "uuid", "json"]
BOOLEANS: Mapping[str, bool] = MappingProxyType(
    {"true": True, "t": True, "yes": True, "1": True, "false": False, "f": False, "no": False, "0": False}
)


def _boolean(text: str) -> bool:
    return BOOLEANS[text.strip().lower()]


def _binary(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_READERS: Mapping[Type, Callable[[str], Any]] = MappingProxyType(
    {
        "text": str,
        "integer": int,
        "decimal": Decimal,
        "boolean": _boolean,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "timestamp": datetime.fromisoformat,
        "binary": _binary,
        "uuid": UUID,
        "json": str,
    }
)


def read(value: Any, kind: Type, name: str) -> Any:
    """A document's value as what it is declared to be; an empty text is NULL but for texts.

    DocumentError names what cannot be read, never its value.
    """
    if value is None or (value == "" and kind != "text"):
        return None
    if kind == "json" and not isinstance(value, str):
        return written.json_text(value)
    if kind == "text" and not isinstance(value, str):
        return written.plain(value)
    try:
        return _READERS[kind](value if isinstance(value, str) else written.plain(value))
    except (ValueError, KeyError, InvalidOperation, binascii.Error, RecursionError) as error:
        wanted = "base64" if kind == "binary" else kind
        raise DocumentError(f"the value of {name} is no {wanted}", "InvalidValue") from error
