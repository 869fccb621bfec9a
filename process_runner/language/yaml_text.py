"""Plain values to YAML text that this project's reader, and any other, reads as the same values."""

from __future__ import annotations

import sys
from typing import Any

import yaml

from process_runner.language.reader import scalar


def yaml_text(values: Any) -> str:
    """The values as YAML in UTF-8, mappings in their order; texts of several lines as blocks."""
    return str(yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize))


class _Dumper(yaml.SafeDumper):
    """Quotes what either YAML 1.1 or 1.2 takes for something other than a text, and writes no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    lines = text.split("\n")
    in_quotes = scalar(text) is not text or "'" in text if len(lines) == 1 else False
    style = '"' if in_quotes or not all(map(str.isprintable, lines)) else "|" if len(lines) > 1 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _number(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    text = str(number).replace("inf", "1e+999")
    digits, mark, power = text.partition("e")
    text = f"{digits}.0e{power}" if mark and "." not in digits else text  # in YAML 1.1, a power needs a point
    return dumper.represent_scalar("tag:yaml.org,2002:float", text)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)
