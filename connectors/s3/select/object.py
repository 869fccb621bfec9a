"""The local engine on an object in S3: CSV and JSON as one stream, Parquet by ranges."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from connector_sdk import Payload, Runtime
from connectors.s3.select.compression import decompressed
from connectors.s3.select.csv_records import CsvRecords
from connectors.s3.select.json_records import JsonRecords
from connectors.s3.select.local import Records, select
from connectors.s3.select.parquet_records import ParquetRecords
from connectors.s3.select.parser import parse
from connectors.s3.select.query import Query
from connectors.s3.select.text import Source
from connectors.s3.select.tree import Statement
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api


def select_locally(client: S3Client, call: Call, query: Query, customer: Mapping[str, Any]) -> Payload:
    """The results of the query, computed here; the object is read and nothing else."""
    statement = parse(query.expression)
    wanted = {"Bucket": call.bucket, "Key": call.key, **customer}
    if query.format == "parquet":
        return _over_ranges(client, call, query, statement, wanted)
    return client.run(call, lambda api: _over_stream(api, call, query, statement, wanted))


def _over_stream(api: Api, call: Call, query: Query, statement: Statement, wanted: Mapping[str, Any]) -> Payload:
    with closing(api.get_object(**wanted)["Body"]) as body:
        source = decompressed(Interruptible(body, call.runtime), query.compression)
        return call.runtime.store(select(statement, _records(source, query, statement), query.output))


def _records(source: Source, query: Query, statement: Statement) -> Records:
    if query.format == "json":
        return JsonRecords(source, query.json, statement)
    return CsvRecords(source, query.csv, statement)


def _over_ranges(
    client: S3Client, call: Call, query: Query, statement: Statement, wanted: Mapping[str, Any]
) -> Payload:
    head = client.run(call, lambda api: api.head_object(**wanted))
    unchanged = {"IfMatch": head["ETag"]} if head.get("ETag") else {}

    def read_range(offset: int, size: int) -> bytes:
        part = {"Range": f"bytes={offset}-{offset + size - 1}", **unchanged}
        return client.run(call, lambda api: _body(api, {**wanted, **part}))

    records = ParquetRecords(head["ContentLength"], read_range, statement)
    return call.runtime.store(select(statement, records, query.output))


def _body(api: Api, wanted: Mapping[str, Any]) -> bytes:
    with closing(api.get_object(**wanted)["Body"]) as body:
        return bytes(body.read())


class Interruptible:
    """A source whose reading ends when the run is to end."""

    def __init__(self, source: Source, runtime: Runtime) -> None:
        self._source = source
        self._runtime = runtime

    def read(self, size: int, /) -> bytes:
        self._runtime.check()
        return self._source.read(size)
