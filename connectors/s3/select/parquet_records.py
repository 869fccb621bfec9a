"""Records of a Parquet object: only the columns that an expression names, and the row groups that may hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from connector_sdk import ConfigError, DocumentError
from connectors.s3.select.faults import Fault, refusal
from connectors.s3.select.json_records import within
from connectors.s3.select.nested import ambiguous, reader
from connectors.s3.select.parquet_file import RangeFile, ReadRange
from connectors.s3.select.pruning import may_hold
from connectors.s3.select.scope import Evaluate
from connectors.s3.select.timestamps import DAY, SECOND, Timestamp
from connectors.s3.select.tree import Name, Path, Statement

BATCH = 1024
BUFFER = 4 << 20


class ParquetRecords:
    """Rows as dictionaries. A row group is read in pieces of 4 MiB for each column, never as a whole."""

    loose = False

    def __init__(self, size: int, read_range: ReadRange, statement: Statement) -> None:
        self._statement = statement
        if statement.source.steps:
            raise refusal(
                statement.text, statement.source.offset, "InvalidDataSource", "a path after S3Object[*] is for JSON"
            )
        self._file = _opened(size, read_range)
        self._names: list[str] = self._file.schema_arrow.names
        self._used: set[str] = set(self._names) if not (statement.items or statement.aggregated) else set()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        columns = [name for name in self._names if name in self._used]
        for group in range(self._file.num_row_groups):
            if may_hold(self._statement.where, self._file.metadata.row_group(group), self._exact):
                yield from self._rows(group, columns)

    def column(self, path: Path) -> Evaluate:
        """Access to a column or to a value inside it; the column will be read."""
        first, *rest = within(path, self._statement.source.names) or (None,)
        if not isinstance(first, Name):
            raise refusal(self._statement.text, path.offset, "InvalidKeyPath", "a column is expected")
        name = self._resolved(first, path)
        self._used.add(name)
        return reader((Name(name, quoted=True), *rest))

    def fields(self, record: dict[str, Any]) -> tuple[Sequence[str], Sequence[Any]]:
        """Names and values of a whole row."""
        return list(record), list(record.values())

    def _exact(self, path: Path) -> str:
        """The column that a path names, if it names a whole column."""
        steps = within(path, self._statement.source.names)
        return self._resolved(steps[0], path) if len(steps) == 1 and isinstance(steps[0], Name) else ""

    def _resolved(self, name: Name, path: Path) -> str:
        found = [each for each in self._names if name.matches(each)]
        if len(found) == 1:
            return found[0]
        if found:
            fault = ambiguous(name)
            raise refusal(self._statement.text, path.offset, fault.code, str(fault))
        raise refusal(
            self._statement.text,
            path.offset,
            "MissingHeaders",
            f"there is no column {name.text}; there are {', '.join(self._names[:20])}",
        )

    def _rows(self, group: int, columns: list[str]) -> Iterator[dict[str, Any]]:
        if not columns:
            yield from ({} for _ in range(self._file.metadata.row_group(group).num_rows))
            return
        for batch in _checked(self._file.iter_batches(BATCH, row_groups=[group], columns=columns, use_threads=False)):
            values = [_values(batch.column(name)) for name in columns]
            yield from (dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True))


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigError(
            "Parquet needs pyarrow, which is not installed; type: pip install 'process-runner[select]'"
        ) from error
    return pyarrow


def _opened(size: int, read_range: ReadRange) -> Any:
    arrow = _pyarrow()
    try:
        return arrow.parquet.ParquetFile(RangeFile(size, read_range), buffer_size=BUFFER, pre_buffer=False)
    except (arrow.ArrowException, OSError) as error:
        raise _broken(error) from error


def _checked(batches: Iterable[Any]) -> Iterator[Any]:
    try:
        yield from batches
    except (_pyarrow().ArrowException, OSError) as error:
        raise _broken(error) from error


def _broken(error: Exception) -> Exception:
    if isinstance(error, ConnectionError | TimeoutError):
        return error
    return DocumentError(f"the object is not Parquet, or damaged: {str(error)[:200]}", "ParquetParsingError")


def _values(column: Any) -> list[Any]:
    arrow = _pyarrow()
    if arrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(arrow.timestamp("us", column.type.tz), safe=False)
    values: list[Any] = column.to_pylist()
    plain = arrow.types.is_integer(column.type) or arrow.types.is_floating(column.type)
    return values if plain or arrow.types.is_string(column.type) else [_value(value) for value in values]


def _value(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (str, bool, int, float, Decimal):
        return value
    if kind is datetime:
        return Timestamp(value if value.tzinfo else value.replace(tzinfo=UTC), SECOND, 3, bool(value.tzinfo))
    if kind is date:
        return Timestamp(datetime(value.year, value.month, value.day, tzinfo=UTC), DAY, 0, False)
    if kind is bytes:
        return value.decode("utf-8", "replace")
    if kind is dict:
        return {name: _value(each) for name, each in value.items()}
    if kind is list:
        return [_value(each) for each in value]
    raise Fault("UnsupportedParquetType", f"a column holds {kind.__name__}, which Select does not know")
