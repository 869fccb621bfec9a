"""Formats of documents: how one is split into parts, and how many are combined into one."""

from __future__ import annotations

from process_runner.formats.csv import CsvCombine, CsvSplit
from process_runner.formats.json import JsonCombine, JsonSplit
from process_runner.formats.lines import LinesCombine, LinesSplit
from process_runner.formats.text import TextCombine, TextSplit
from process_runner.formats.xml import XmlCombine, XmlSplit

__all__ = ["COMBINES", "SPLITS", "Combine", "Split"]

Split = CsvSplit | JsonSplit | LinesSplit | TextSplit | XmlSplit
"""The settings of `split`, told apart by `format`; `.split(payload)` gives the parts one by one."""

Combine = CsvCombine | JsonCombine | LinesCombine | TextCombine | XmlCombine
"""The settings of `combine`, told apart by `format`; `.combine(payloads)` gives the result in pieces."""

SPLITS = (CsvSplit, JsonSplit, LinesSplit, TextSplit, XmlSplit)
COMBINES = (CsvCombine, JsonCombine, LinesCombine, TextCombine, XmlCombine)
