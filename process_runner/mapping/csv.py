"""CSV out of JSON or CSV: a row for each element of a list."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable
from typing import Any, Literal

from connector_sdk import DocumentError, Settings, setting
from process_runner.expressions import Expression, Scope, text_of, utf8_of
from process_runner.expressions.content import kind, search
from process_runner.mapping.json import FROM
from process_runner.mapping.rows import From, JmesPath, found

Cell = Callable[[Any], Any]
"""Gives the value of a column in a row."""


class Computed(Settings):
    """A column with the same value in every row."""

    value: Expression = setting("The value, computed once for each document.")


class CsvMap(Settings):
    """Comma-separated values: a header and a row for each element."""

    to: Literal["csv"] = setting("Comma-separated values.")
    from_: From = setting(FROM, "json", alias="from")
    rows: JmesPath = setting("Where the rows are; a single mapping is one row.", "@")
    columns: dict[str, JmesPath | Computed] | None = setting(
        "Names of columns, each with where its value is in a row, or a value for all rows. Without it, a column for "
        "each key of the rows.",
        None,
        min_length=1,
    )
    delimiter: str = setting("The character between two fields.", ",", min_length=1, max_length=1)
    header: bool = setting("Whether the first line names the columns.", True)

    def content(self, scope: Scope) -> bytes:
        """The new content, with a line feed after each row."""
        rows = found(scope, self.from_, self.delimiter, self.rows)
        rows = [rows] if isinstance(rows, dict) else rows
        if not isinstance(rows, list):
            raise DocumentError(f"'{self.rows}' leads to no list, but to {kind(rows)}", "NoRows")
        written = io.StringIO()
        writer = csv.writer(written, delimiter=self.delimiter, lineterminator="\n")
        columns = self._columns(rows, scope)
        if self.header:
            writer.writerow(columns)
        for row in rows:
            writer.writerow([_text(cell(row)) for cell in columns.values()])
        return utf8_of(written.getvalue())

    def _columns(self, rows: list[Any], scope: Scope) -> dict[str, Cell]:
        if self.columns is None:
            return {key: functools.partial(_at, key) for row in rows for key in _keys(row)}
        return {name: _cell(written, scope) for name, written in self.columns.items()}


def _cell(written: str | Computed, scope: Scope) -> Cell:
    if isinstance(written, Computed):
        text = written.value.text(scope)
        return lambda row: text
    return functools.partial(search, written)


def _keys(row: Any) -> list[str]:
    if not isinstance(row, dict):
        raise DocumentError(f"a row is no mapping, so `columns` is needed; it is {kind(row)}", "NoRows")
    return list(row)


def _at(key: str, row: Any) -> Any:
    return row.get(key)


def _text(value: Any) -> str:
    return "" if value is None else text_of(value)
