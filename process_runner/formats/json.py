"""JSON: values are cut out of the text and put into it as they are written, and never converted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Literal

from connector_sdk import DocumentError, Payload, Settings, setting
from process_runner.formats.encoding import ENCODING, Encoding, characters
from process_runner.formats.json_path import EACH, JsonKeys, JsonPath, Step
from process_runner.formats.json_reader import JsonReader
from process_runner.formats.parts import about_document

KEYS_SHOWN = 20
KINDS = {"{": "an object", "[": "an array", '"': "a text", "n": "null", "t": "true", "f": "false"}


class JsonSplit(Settings):
    """One document for each element of an array; each as it is written, with its numbers and its order of keys."""

    format: Literal["json"] = setting("JSON.")
    path: JsonPath = setting(
        "Where the array is: keys divided by dots, `[*]` for every element on the way. An object in its place is one "
        "part. Without a path: the array at the top, or each of the values that follow one another, as in JSON lines.",
        None,
    )
    encoding: Encoding = setting(ENCODING, "utf-8")

    def split(self, payload: Payload) -> Iterator[bytes]:
        """The parts as UTF-8; DocumentError for what is no JSON, which may come after parts."""
        reader = JsonReader(characters(payload, self.encoding))
        if not reader.peek():
            raise DocumentError("the document is empty; JSON was expected", "InvalidJson")
        array_at_top = False
        while mark := reader.peek():
            if array_at_top:
                raise reader.invalid("more follows the array at the top; the path '[*]' would split both")
            array_at_top = self.path is None and mark == "["
            for part in _select(reader, self.path or (), ()):
                yield part.encode()
            if not reader.separated():
                raise reader.invalid("two values without white space between them")


class JsonCombine(Settings):
    """One document of all: an array of the documents as they are written."""

    format: Literal["json"] = setting("JSON.")
    path: JsonKeys = setting("The keys under which the array is put; without them it is at the top.", None)
    encoding: Encoding = setting(ENCODING, "utf-8")

    def combine(self, payloads: Iterable[Payload]) -> Iterator[bytes]:
        """The combined document in pieces; DocumentError for a document that is not one JSON value."""
        keys = self.path or ()
        yield "".join(f"{{{json.dumps(key, ensure_ascii=False)}:" for key in keys).encode() + b"["
        for number, payload in enumerate(payloads, 1):
            if number > 1:
                yield b","
            with about_document(number):
                yield from self._one_value(payload)
        yield b"]" + b"}" * len(keys)

    def _one_value(self, payload: Payload) -> Iterator[bytes]:
        reader = JsonReader(characters(payload, self.encoding))
        if not reader.peek():
            raise DocumentError("it is empty; JSON was expected", "InvalidJson")
        for piece in reader.copy():
            yield piece.encode()
        if reader.peek():
            raise reader.invalid("more follows the value; split the document first")


def _select(reader: JsonReader, path: tuple[Step, ...], behind: tuple[Step, ...]) -> Iterator[str]:
    """The values at `path` of the value at the cursor, which is read to its end; `behind` led there."""
    mark = reader.peek()
    if path and path[0] is not EACH:
        yield from _select_key(reader, path[0], path[1:], behind)
    elif mark == "[" and (path or not behind or behind[-1] is not EACH):
        for _ in reader.elements():
            yield from _select(reader, path[1:], (*behind, EACH))
    elif path:
        yield from _select(reader, path[1:], (*behind, EACH))
    else:
        text = reader.text()
        # null stands where an array has no elements
        if text != "null" or (behind and behind[-1] is EACH):
            yield text


def _select_key(reader: JsonReader, key: str, path: tuple[Step, ...], behind: tuple[Step, ...]) -> Iterator[str]:
    if (mark := reader.peek()) != "{":
        if mark != "[":
            reader.skip()
        found = KINDS.get(mark, "a number" if mark else "nothing")
        raise _missing(reader, key, behind, f"there is {found}" + (", [*] leads into it" if mark == "[" else ""))
    others: list[str] = []
    seen = False
    for name in reader.members():
        if name != key:
            others.append(name)
            del others[KEYS_SHOWN:]
            reader.skip()
            continue
        if seen:
            raise reader.invalid(f"the key {key!r} is there twice")
        seen = True
        yield from _select(reader, path, (*behind, key))
    if not seen:
        raise _missing(reader, key, behind, f"the keys are {', '.join(map(repr, others))}" if others else "it is empty")


def _missing(reader: JsonReader, key: str, behind: tuple[Step, ...], facts: str) -> DocumentError:
    place = "".join("[*]" if step is EACH else f".{step}" for step in behind).removeprefix(".")
    where = f"under {place!r}" if place else "at the top"
    return reader.invalid(f"no key {key!r} {where}: {facts}", code="PathNotFound")
