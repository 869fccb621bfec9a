"""Rows out of JSON of any size: only the row at hand is built, everything around it passes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from connector_sdk import DocumentError
from connectors.s3.select.nested import ambiguous
from connectors.s3.select.text import CHUNK, MAX_RECORD, Source, too_long
from connectors.s3.select.tree import Index, Name, Step, Wildcard
from connectors.s3.select.values import MISSING

Event: TypeAlias = tuple[str, Any]
Events: TypeAlias = Iterator[Event]
OPENING = frozenset({"start_map", "start_array"})
CLOSING = frozenset({"end_map", "end_array"})
MAX_DEPTH = 400


def stream_rows(source: Source, steps: Sequence[Step]) -> Iterator[Any]:
    """The rows that `steps` lead to from every JSON value of a source."""
    import ijson

    watched = _Watched(source)
    events = ijson.basic_parse(watched, buf_size=CHUNK, multiple_values=True)
    try:
        for event in watched.noticed(events):
            yield from _rows(event, watched.noticed(events), tuple(steps))
    except ijson.IncompleteJSONError as error:
        if watched.blank:
            return
        raise DocumentError(
            f"the JSON of the object ends too early or is broken: {_said(error)}", "JSONParsingError"
        ) from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise DocumentError(f"the object is not JSON: {_said(error)}", "JSONParsingError") from error


def _said(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


class _Watched:
    """A source that refuses to give more than a record's bytes without an event, so that no token fills the memory."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._silent = 0
        self.blank = True

    def read(self, size: int = CHUNK) -> bytes:
        data = self._source.read(size)
        self._silent += len(data)
        if self._silent > MAX_RECORD + 2 * CHUNK:
            raise too_long()
        self.blank = self.blank and not data.strip()
        return data

    def noticed(self, events: Events) -> Events:
        for event in events:
            self._silent = 0
            yield event


def _rows(event: Event, events: Events, steps: tuple[Step, ...]) -> Iterator[Any]:
    """The rows in the value that starts with `event`; reads that value to its end."""
    if not steps:
        yield _build(event, events)
        return
    step, rest = steps[0], steps[1:]
    found = False
    for name, value in _children(event, events):
        if found and not isinstance(step, Wildcard):
            if isinstance(step, Name) and not step.quoted and step.matches(name):
                raise ambiguous(step)
            _skip(value, events)
        elif _chosen(step, name, event[0]):
            found = True
            yield from _rows(value, events, rest)
        else:
            _skip(value, events)
    if not found:
        yield MISSING


def _chosen(step: Step, name: Any, kind: str) -> bool:
    if isinstance(step, Wildcard):
        return kind == ("start_array" if step.of == "array" else "start_map")
    if isinstance(step, Index):
        return kind == "start_array" and bool(name == step.number)
    return kind == "start_map" and step.matches(name)


def _children(event: Event, events: Events) -> Iterator[tuple[Any, Event]]:
    """Name or position of each member of an object or array, and the event that starts its value."""
    if event[0] == "start_map":
        for kind, value in events:
            if kind == "end_map":
                return
            yield value, next(events)
    elif event[0] == "start_array":
        for number, (kind, value) in enumerate(events):
            if kind == "end_array":
                return
            yield number, (kind, value)


def _skip(event: Event, events: Events) -> None:
    depth = 1 if event[0] in OPENING else 0
    while depth:
        kind = next(events)[0]
        depth += (kind in OPENING) - (kind in CLOSING)


def _build(event: Event, events: Events) -> Any:
    """The value that starts with `event`, if it is no longer than a record may be."""
    if event[0] not in OPENING:
        return event[1]
    root: Any = {} if event[0] == "start_map" else []
    stack: list[tuple[Any, str]] = [(root, "")]
    size = 0
    for kind, value in events:
        size += 2 + (len(value) if type(value) is str else 4)
        if size > MAX_RECORD:
            raise too_long()
        if kind == "map_key":
            stack[-1] = (stack[-1][0], value)
        elif kind in CLOSING:
            stack.pop()
            if not stack:
                return root
        else:
            _place(stack, kind, value)
    return root


def _place(stack: list[tuple[Any, str]], kind: str, value: Any) -> None:
    child: Any = {} if kind == "start_map" else [] if kind == "start_array" else value
    holder, key = stack[-1]
    if type(holder) is dict:
        holder[key] = child
    else:
        holder.append(child)
    if kind in OPENING:
        if len(stack) > MAX_DEPTH:
            raise DocumentError(f"a record of the object is nested more than {MAX_DEPTH} deep", "JSONParsingError")
        stack.append((child, ""))
