"""SVG: the Mermaid text drawn by Mermaid itself, which mermaidx runs without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from process_runner.graph.mermaid import mermaid
from process_runner.language.project import Process

LINE = 24
"""Pixels from one line of a label to the next, as Mermaid measures them."""
_SVG = "{http://www.w3.org/2000/svg}"


class NoRenderer(Exception):
    """The library that draws is not installed."""


def svg(process: Process, redact: Callable[[str], str] = str) -> str:
    """A drawing of its own: it needs no style sheet, font or script from anywhere. NoRenderer without the library."""
    try:
        import mermaidx
    except ImportError as error:
        raise NoRenderer("SVG is not installed; run: pip install 'process-runner[graph]'") from error
    from lxml import etree

    drawn: Any = etree.fromstring(str(mermaidx.render(mermaid(process, redact)).svg()).encode())
    for label in list(drawn.iter(f"{_SVG}foreignObject")):
        label.getparent().replace(label, _text(label))
    name = re.sub(r"[^a-zA-Z0-9]+", "-", process.name).strip("-")
    # an id for each process, so that several drawings can be in one page
    return str(etree.tostring(drawn, encoding="unicode")).replace("my-svg", f"process-{name}") + "\n"


def _text(label: Any) -> Any:
    """A label in HTML, which only browsers show, as text that everything shows."""
    from lxml import etree

    width, height = float(label.get("width")), float(label.get("height"))
    lines = [line for line in label.itertext() if line.strip()]
    group = etree.Element(f"{_SVG}g")
    if lines and label.find("./*[@class='labelBkg']") is not None:
        box = {"width": f"{width:g}", "height": f"{height:g}", "style": "fill:#e8e8e8;stroke:none"}
        etree.SubElement(group, f"{_SVG}rect", box)
    for number, line in enumerate(lines):
        middle = height / 2 + (number - (len(lines) - 1) / 2) * LINE
        style = "text-anchor:middle;dominant-baseline:central"
        place = {"x": f"{width / 2:g}", "y": f"{middle:g}", "style": style}
        etree.SubElement(group, f"{_SVG}text", place).text = line
    return group
