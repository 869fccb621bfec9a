"""The tables of the store, and the one place that knows the database library."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

VERSION = 1
"""Raised with every change of the tables; a store of a newer version is refused."""

METADATA = MetaData()

VERSIONS = Table("schema_version", METADATA, Column("version", BigInteger, primary_key=True, autoincrement=False))

PROPERTIES = Table(
    "process_properties",
    METADATA,
    Column("process", String(255), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("value", Text, nullable=False),
)

SEQUENCES = Table(
    "sequences",
    METADATA,
    Column("name", String(255), primary_key=True),
    Column("next", BigInteger, nullable=False),
)

RUNS = Table(
    "last_runs",
    METADATA,
    Column("process", String(255), primary_key=True),
    Column("started", String(40)),
    Column("succeeded", String(40)),
)
