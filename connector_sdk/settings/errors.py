"""What is wrong with settings, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from connector_sdk.errors import ConnectorError

EXPECTED = "expected "
"""How the text of a value begins that has not the form it needs."""
NOT_POSSIBLE = "the value is not possible"
REFUSALS = (ValueError, ConnectorError)
"""What the settings' own code may raise to refuse a value."""


class Fault(NamedTuple):
    """One thing that is wrong: the path to it in what was written, and a text for the author without any value.

    `told` where the settings' own code says so, and not their form.
    """

    path: tuple[str | int, ...]
    text: str
    told: bool = False


class SettingsError(ValueError):
    """Settings that cannot be; every fault is told at once."""

    def __init__(self, faults: Iterable[Fault], of: str = "") -> None:
        self.faults = tuple(faults)
        self.of = of
        """The class that was to be made."""
        super().__init__("; ".join(_line(fault) for fault in self.faults))

    def below(self, key: str | int) -> list[Fault]:
        """The faults as they are seen from the one that holds these settings under a key."""
        return [fault._replace(path=(key, *fault.path)) for fault in self.faults]

    def __str__(self) -> str:
        return f"{self.of}: {super().__str__()}" if self.of else super().__str__()

    def __reduce__(self) -> tuple[type[SettingsError], tuple[tuple[Fault, ...], str]]:
        return SettingsError, (self.faults, self.of)


def refused(text: str) -> SettingsError:
    """The error of a value with one fault in itself."""
    return SettingsError([Fault((), text)])


def told(error: Exception) -> SettingsError:
    """What the settings' own code raised, as an error of a value."""
    if isinstance(error, SettingsError):
        return error
    return SettingsError([Fault((), str(error).strip() or NOT_POSSIBLE, told=True)])


def expected(forms: Iterable[str]) -> SettingsError:
    """The error of a value that has none of these forms."""
    *most, last = dict.fromkeys(forms)
    return refused(EXPECTED + " or ".join([", ".join(most), last] if most else [last]))


def _line(fault: Fault) -> str:
    return f"{'.'.join(map(str, fault.path))}: {fault.text}" if fault.path else fault.text
