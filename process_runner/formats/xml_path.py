"""Paths of XML elements that can be followed in a stream: `/orders/order`, `//order`, `/a//{urn:x}b`, `/a/*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from connector_sdk import Parsed

NAME = re.compile(r"(\{[^{}]*\})?[^\W\d][\w.·-]*")
STEP = re.compile(r"(?P<axis>//?)(?:\{(?P<namespace>[^{}]*)\})?(?P<local>\*|[^\W\d][\w.·-]*)")
ANY = "*"


@dataclass(frozen=True, slots=True)
class XmlStep:
    """One element on the way; `deep` for any depth. Without a namespace in the path, any namespace fits."""

    deep: bool
    namespace: str | None
    local: str

    def fits(self, tag: str) -> bool:
        """Whether an element with this tag, as lxml writes it, is meant."""
        namespace, _, local = tag.rpartition("}")
        right_namespace = self.namespace is None or self.namespace == namespace.removeprefix("{")
        return right_namespace and self.local in (ANY, local)


@dataclass(frozen=True, slots=True)
class XmlSteps:
    """A whole path. A place is how many of its steps an element and those around it have fulfilled."""

    text: str
    steps: tuple[XmlStep, ...]

    def places(self, around: Iterable[int], tag: str) -> frozenset[int]:
        """The places of an element within an element that has the places `around`."""
        found = set()
        for place in around:
            if place < len(self.steps):
                step = self.steps[place]
                found |= {place} if step.deep else set()
                found |= {place + 1} if step.fits(tag) else set()
        return frozenset(found)

    def ends(self, places: Iterable[int]) -> bool:
        """Whether an element with these places is what the path leads to."""
        return len(self.steps) in places

    def may_be_empty(self, places: Iterable[int]) -> bool:
        """Whether an element with these places is the parent that the path names."""
        return len(self.steps) > 1 and not self.steps[-1].deep and len(self.steps) - 1 in places


def _load(value: Any, context: Any) -> XmlSteps:
    if isinstance(value, XmlSteps):
        return value
    steps, at = [], 0
    while isinstance(value, str) and (match := STEP.match(value, at)):
        steps.append(XmlStep(match["axis"] == "//", match["namespace"], match["local"]))
        at = match.end()
    if not steps or at < len(value):
        raise ValueError(
            f"cannot read the path {value!r}; element names after / or // would work, as in /orders/order or //order, "
            "with a namespace as {urn:x}order"
        )
    return XmlSteps(value, tuple(steps))


XmlPath = Annotated[XmlSteps, Parsed({"type": "string", "examples": ["/orders/order", "//order"]}, _load)]


def _name(value: Any, context: Any) -> str:
    if isinstance(value, str) and NAME.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no name of an element; orders or {{urn:shop}}orders would work")


XmlName = Annotated[str, Parsed({"type": "string", "examples": ["orders", "{urn:shop}orders"]}, _name)]
