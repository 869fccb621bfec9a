"""Filters of a query: what the service sifts, and what is sifted from its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import NamedTuple

from connector_sdk import DocumentError, Input
from connectors.s3.facts import Entry

INPUTS = (
    Input("prefix", "Only keys that start with this."),
    Input("start-after", "Only keys that come after this one in the order of their UTF-8 bytes."),
    Input("bucket", "The bucket, where object_type is dynamic-bucket."),
    Input("suffix", "Only keys that end with this."),
    Input("glob", "Only keys of this pattern: * and ? stand for any characters, / too."),
    Input("min-size", "Only objects of at least so many bytes."),
    Input("max-size", "Only objects of at most so many bytes."),
    Input("min-age", "Only objects last modified at least so many seconds ago."),
    Input("max-age", "Only objects last modified at most so many seconds ago."),
    Input("delimiter", "Keys that go on after it, as with folders and /, are one document for each prefix."),
)
ANY = (float("-inf"), float("inf"))


class Filters(NamedTuple):
    """What to look for; sizes in bytes, ages in seconds."""

    service: Mapping[str, str]
    suffix: str
    glob: str
    sizes: tuple[float, float]
    ages: tuple[float, float]
    now: datetime

    @classmethod
    def of(cls, inputs: Mapping[str, str]) -> Filters:
        """The filters that a step's parameters say; DocumentError for a number that is none."""
        names = {"prefix": "Prefix", "start-after": "StartAfter", "delimiter": "Delimiter"}
        return cls(
            service={argument: inputs[name] for name, argument in names.items() if inputs.get(name)},
            suffix=inputs.get("suffix", ""),
            glob=inputs.get("glob", ""),
            sizes=_range(inputs, "size"),
            ages=_range(inputs, "age"),
            now=datetime.now(UTC),
        )

    def sifted(self, entries: Iterable[Entry]) -> Iterable[Entry]:
        """Those that pass what the service did not sift."""
        return filter(self._admits, entries) if self.sifts else entries

    @property
    def sifts(self) -> bool:
        """Whether there is anything that the service did not sift."""
        return bool(self.suffix or self.glob) or (self.sizes, self.ages) != (ANY, ANY)

    def _admits(self, entry: Entry) -> bool:
        key, modified, _, size, _ = entry
        return (
            key.endswith(self.suffix)
            and (not self.glob or fnmatchcase(key, self.glob))
            and self.sizes[0] <= int(size or 0) <= self.sizes[1]
            and (self.ages == ANY or self.ages[0] <= self._age(modified) <= self.ages[1])
        )

    def _age(self, modified: str) -> float:
        return (self.now - datetime.fromisoformat(modified)).total_seconds()


def _range(inputs: Mapping[str, str], what: str) -> tuple[float, float]:
    return _number(inputs, f"min-{what}", ANY[0]), _number(inputs, f"max-{what}", ANY[1])


def _number(inputs: Mapping[str, str], name: str, otherwise: float) -> float:
    given = inputs.get(name)
    if not given:
        return otherwise
    try:
        return float(given)
    except ValueError as error:
        raise DocumentError(f"filter {name} is {given!r}; a number is wanted", "InvalidFilter") from error
