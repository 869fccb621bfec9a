"""YAML text to values with places.

Built on the parser's events instead of its object constructors: they carry marks for keys and values, show a key that
is written twice, and a nesting that is too deep ends in an error where the composer would end the interpreter.
"""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

import yaml

from process_runner.language.nodes import Items, Mapping
from process_runner.language.place import InvalidProject, Place, Problem
from process_runner.language.yaml_errors import DEEPEST, TOO_DEEP, explained

MOST_ALIASED = 1_000_000

# YAML 1.2's core schema, less its octal and hexadecimal numbers: `on`, `no`, dates and 007 stay texts.
_NULL = re.compile(r"(?:|~|null|Null|NULL)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,300})\Z")
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)?(?:\.[0-9]+|(?<=[0-9])\.?)(?:[eE][-+]?[0-9]+)?\Z")


def read(text: str, file: str, sections: str = "sections") -> Mapping:
    """The top-level mapping of a YAML text with these `sections`; InvalidProject with every problem of its form."""
    builder = _Builder(file, sections)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.refuse(*explained(error, text))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        column = error.position - (text.rfind("\n", 0, error.position) + 1)
        code = error.character if isinstance(error.character, int) else ord(error.character)
        builder.fail(f"the character U+{code:04X} cannot stand in YAML", Place(file, line + 1, column + 1))
    return builder.result()


def scalar(text: str) -> Any:
    """What an unquoted scalar means: None, a boolean, a number, or the text itself."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text):
        return True
    if _FALSE.match(text):
        return False
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text


class _Open:
    """A container whose end has not been seen."""

    def __init__(self, node: Mapping | Items, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: tuple[str, Place] | None = None
        self.weight = 1
        self.merges = False


class _Builder:
    """Puts parser events together, without recursion."""

    def __init__(self, file: str, sections: str) -> None:
        self._file = file
        self._sections = sections
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._roots: list[Any] = []
        self._problems: list[Problem] = []
        self._expanded = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.ScalarEvent):
            self._check_tag(event, "tag:yaml.org,2002:str", "!")
            value = scalar(event.value) if event.implicit[0] and not event.style else event.value
            self._remember(event.anchor, value, 1)
            self._add(value, self._place(event.start_mark), 1, None if event.style else event.value)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def result(self) -> Mapping:
        if not self._roots:
            self.fail(f"the file is empty; it needs {self._sections}", Place(self._file))
        if len(self._roots) > 1:
            self._problems.append(Problem(_place(self._roots[1], self._file), "one YAML document for each file"))
        if not isinstance(self._roots[0], Mapping):
            place = _place(self._roots[0], self._file)
            self._problems.append(Problem(place, f"expected a mapping with {self._sections}"))
        if self._problems:
            raise InvalidProject(self._problems)
        root: Mapping = self._roots[0]
        return root

    def refuse(self, message: str, mark: Any) -> NoReturn:
        self.fail(message, self._place(mark) if mark else Place(self._file))

    def fail(self, message: str, place: Place) -> NoReturn:
        raise InvalidProject([*self._problems, Problem(place, message)])

    def _start(self, event: Any) -> None:
        self._check_tag(event)
        if len(self._open) >= DEEPEST:
            self.refuse(TOO_DEEP, event.start_mark)
        place = self._place(event.start_mark)
        node = Mapping(place) if isinstance(event, yaml.MappingStartEvent) else Items(place)
        self._open.append(_Open(node, event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        if isinstance(done.node, Mapping) and done.merges:
            self._merge(done.node)
        self._remember(done.anchor, done.node, done.weight)
        self._add(done.node, done.node.place, done.weight, None)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            self.refuse(
                f"no anchor &{event.anchor} ends before this alias; a text that begins with * is put in quotes",
                event.start_mark,
            )
        value, weight = self._anchors[event.anchor]
        self._expanded += weight
        if self._expanded > MOST_ALIASED:
            self.refuse(f"aliases expand to more than {MOST_ALIASED:,} values", event.start_mark)
        self._add(value, self._place(event.start_mark), weight, None)

    def _add(self, value: Any, place: Place, weight: int, written: str | None) -> None:
        if not self._open:
            self._roots.append(value)
            return
        parent = self._open[-1]
        parent.weight += weight
        if isinstance(parent.node, Items):
            parent.node.put(value, place)
        elif parent.key is None:
            if isinstance(value, Mapping | Items):
                self.fail('a key must be a text; an expression is written in quotes: "{{ ... }}"', place)
            parent.merges |= written == "<<"
            parent.key = (sys.intern(value if isinstance(value, str) else written or str(value)), place)
        else:
            key, key_at = parent.key
            parent.key = None
            self._put(parent.node, key, value, key_at, place)

    def _put(self, node: Mapping, key: str, value: Any, key_at: Place, value_at: Place) -> None:
        if key in node:
            first = node.key_at(key)
            message = f"'{key}' is written twice; first in line {first.line}"
            self._problems.append(Problem(key_at, message))
            return
        node.put(key, value, key_at, value_at)

    def _merge(self, node: Mapping) -> None:
        place = node.value_at("<<")
        source = node.drop("<<")
        for each in source if isinstance(source, Items) else [source]:
            if not isinstance(each, Mapping):
                self.fail("'<<' merges a mapping or a list of mappings", place)
            for key in each.keys() - node.keys():
                node.put(key, each[key], each.key_at(key), each.value_at(key))

    def _remember(self, anchor: str | None, value: Any, weight: int) -> None:
        if anchor:
            self._anchors[anchor] = (value, weight)

    def _check_tag(self, event: Any, *known: str) -> None:
        if event.tag and event.tag not in known:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse(f"tag {tag} has no meaning here; leave it out", event.start_mark)

    def _place(self, mark: Any) -> Place:
        return Place(self._file, mark.line + 1, mark.column + 1)


def _place(value: Any, file: str) -> Place:
    return value.place if isinstance(value, Mapping | Items) else Place(file)
