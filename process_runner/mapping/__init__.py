"""Mappings: what `map` makes of a document, one module for each format that comes out."""

from __future__ import annotations

from process_runner.mapping.csv import CsvMap
from process_runner.mapping.json import JsonMap
from process_runner.mapping.text import TextMap
from process_runner.mapping.xml import XmlMap

__all__ = ["Mapping"]

Mapping = CsvMap | JsonMap | TextMap | XmlMap
"""The settings of `map`, told apart by `to`; `.content(scope)` gives the new content of the scope's document."""
