"""Load-time substitution: `${NAME}`, `${NAME:-default}`, `${file:PATH}`, and `$${` for a plain `${`."""

from __future__ import annotations

import re
from collections.abc import Mapping as Environment
from pathlib import Path
from typing import Any

from process_runner.expressions import is_text
from process_runner.language.nodes import Items, Mapping, Replaced, Substituted, containers
from process_runner.language.place import Place, Problem

_REFERENCE = re.compile(r"\$\$\{|\$\{([^}]*)\}?")
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?\Z", re.DOTALL)


class Substitution:
    """Replaces references in texts; collects what it brought in as `secrets`, and what failed as `problems`."""

    def __init__(self, environment: Environment[str, str]) -> None:
        self._environment = environment
        self.secrets: set[str] = set()
        self.problems: list[Problem] = []

    def apply(self, root: Mapping) -> None:
        """Replace every reference below `root`, in place."""
        for node in containers(root):
            pairs = list(node.items()) if isinstance(node, Mapping) else list(enumerate(node))
            for key, value in pairs:
                if isinstance(value, str) and "${" in value:
                    self._replace(node, key, value)

    def _replace(self, node: Mapping | Items, key: Any, text: str) -> None:
        place = node.value_at(key)
        changed = _REFERENCE.sub(lambda match: self._resolve(match, place), text)
        whole = _REFERENCE.fullmatch(text) and not text.startswith("$$")
        node[key] = Replaced(changed) if whole else Substituted(changed)

    def _resolve(self, match: re.Match[str], place: Place) -> str:
        written = match.group(0)
        if written == "$${":
            return "${"
        if not written.endswith("}"):
            return self._problem(place, f"'{written[:40]}' is not closed; write $${{ for a plain ${{")
        inside: str = match.group(1)
        if inside.startswith("file:"):
            return self._file(inside.removeprefix("file:"), place)
        if not (name := _NAME.match(inside)):
            return self._problem(
                place, f"'{written}' is no reference; write ${{NAME}}, ${{NAME:-default}} or ${{file:PATH}}"
            )
        return self._variable(name.group(1), name.group(2), place)

    def _variable(self, name: str, default: str | None, place: Place) -> str:
        value = self._environment.get(name)
        if value and not is_text(value):
            return self._problem(place, f"environment variable {name} is not UTF-8 text")
        if value:
            self.secrets.add(value)
            return value
        if default is not None:
            return default
        if value is None:
            return self._problem(
                place, f"environment variable {name} is not set; set it, or write ${{{name}:-default}}"
            )
        return value

    def _file(self, name: str, place: Place) -> str:
        path = Path(place.file).parent / name
        try:
            text = path.read_text(encoding="utf-8").removesuffix("\n")
        except OSError as error:
            return self._problem(place, f"cannot read {path}: {error.strerror}")
        except UnicodeDecodeError:
            return self._problem(place, f"{path} is not UTF-8 text")
        self.secrets.add(text)
        return text

    def _problem(self, place: Place, message: str) -> str:
        self.problems.append(Problem(place, message))
        return ""
