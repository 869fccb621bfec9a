"""New projects from templates; a template is a real project, with the name of a parrot where the new one's goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

TEMPLATE = Path(__file__).parent / "connector-parrot"
NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
LONGEST = 30
RESERVED = ("meta", "process", "prop", "sdk")
"""Names with a meaning of their own: of properties, of process properties, of the SDK's package."""
_CACHES = ("__pycache__", ".")


class UnusableName(ValueError):
    """A name that no connector can have; the text says what would work."""


def connector_name(given: str, taken: Iterable[str]) -> str:
    """The name of a connector as words joined by `-`; UnusableName where it cannot be had."""
    name = given.removeprefix("connector-")
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise UnusableName(
            f"'{given}' is no name for a connector; small letters and digits would work, such as acme-crm"
        )
    identifier = name.replace("-", "_")
    if identifier in RESERVED:
        raise UnusableName(f"'{identifier}' has a meaning of its own in processes; choose another name")
    if identifier in taken:
        raise UnusableName(f"a connector '{identifier}' is installed already; choose another name")
    return name.replace("_", "-")


def new_connector(name: str, parent: Path) -> Path:
    """Write the package `connector-NAME` into a folder; FileExistsError where there is one."""
    folder = parent / f"connector-{name}"
    folder.mkdir(parents=True)
    for path, text in rendered(name):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def rendered(name: str) -> Iterator[tuple[Path, str]]:
    """The files of a new connector, by their paths."""
    for path in sorted(TEMPLATE.rglob("*")):
        inside = path.relative_to(TEMPLATE)
        if path.is_file() and not any(part.startswith(_CACHES) for part in inside.parts):
            yield Path(_renamed(str(inside), name)), _renamed(path.read_text(encoding="utf-8"), name)


def _renamed(text: str, name: str) -> str:
    words = name.split("-")
    for old, new in (
        ('"Parrot"', f'"{" ".join(word.capitalize() for word in words)}"'),
        ("connector-parrot", f"connector-{name}"),
        ("PARROT", "_".join(words).upper()),
        ("Parrot", "".join(word.capitalize() for word in words)),
        ("parrot", "_".join(words)),
    ):
        text = text.replace(old, new)
    return text
