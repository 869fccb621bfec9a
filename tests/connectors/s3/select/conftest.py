"""Runs expressions of S3 Select over bytes, as the local engine does over an object."""

from __future__ import annotations

import io

import pytest

from connectors.s3.select.compression import decompressed
from connectors.s3.select.csv_records import CsvRecords
from connectors.s3.select.format import CsvInput, JsonInput, JsonOutput
from connectors.s3.select.json_records import JsonRecords
from connectors.s3.select.local import select
from connectors.s3.select.parser import parse


def _bytes(data):
    return data.encode() if isinstance(data, str) else data


@pytest.fixture
def from_csv():
    """Results of an expression over CSV, as JSON lines unless `output` says otherwise."""

    def run(expression, data, output=None, compression="none", **written):
        statement = parse(expression)
        source = decompressed(io.BytesIO(_bytes(data)), compression)
        records = CsvRecords(source, CsvInput(**written), statement)
        return b"".join(select(statement, records, output or JsonOutput())).decode()

    return run


@pytest.fixture
def from_json():
    """Results of an expression over JSON, as JSON lines unless `output` says otherwise."""

    def run(expression, data, output=None, type="lines", compression="none"):
        statement = parse(expression)
        source = decompressed(io.BytesIO(_bytes(data)), compression)
        records = JsonRecords(source, JsonInput(type=type), statement)
        return b"".join(select(statement, records, output or JsonOutput())).decode()

    return run
