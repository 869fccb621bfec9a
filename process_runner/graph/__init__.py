"""Graphs of processes: Mermaid text, and SVG drawn from it."""

from process_runner.graph.mermaid import mermaid
from process_runner.graph.svg import NoRenderer, svg

__all__ = ["NoRenderer", "mermaid", "svg"]
