"""S3 Select: in the service where it is offered, else by a local engine that reads the object and nothing else."""

from __future__ import annotations

from connectors.s3.select.engines import run
from connectors.s3.select.format import CsvInput, CsvOutput, JsonInput, JsonOutput
from connectors.s3.select.parser import parse
from connectors.s3.select.query import Engine, Query, read_request

__all__ = ["CsvInput", "CsvOutput", "Engine", "JsonInput", "JsonOutput", "Query", "parse", "read_request", "run"]
