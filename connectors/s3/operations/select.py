"""Select: one SQL expression over one object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from connector_sdk import (
    Document,
    DocumentError,
    Input,
    Operation,
    Request,
    Secret,
    setting,
)
from connectors.s3 import encryption, keys, options
from connectors.s3.buckets import BucketName
from connectors.s3.select.format import CsvInput, CsvOutput, Engine, JsonInput, JsonOutput
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from connectors.s3.select.query import Query

CONTENT_TYPES = {"csv": "text/csv", "json": "application/x-ndjson"}


class Select(Operation[S3Client]):
    """Run one SQL expression over a CSV, JSON or Parquet object.

    The document is a SelectRequest, unless an expression is given as option or parameter.
    """

    action = "select"
    inputs = (
        Input("id", "Key of the object, where expression is given; the property s3.file_key when left out."),
        Input("expression", "The expression; wins over the option."),
    )
    reads = ("bucket", "bucket_region", "file_key")
    sets = ("bucket", "file_key", "content_type")
    permissions = ("s3:GetObject",)
    concurrency = 4

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    engine: Engine = setting(
        "service: S3 runs the expression; local: it runs here, and only the object is read; auto: in the service, "
        "and here once the service says that it has no Select.",
        "auto",
    )
    expression: str | None = setting(
        "The SQL expression, such as SELECT s.name FROM S3Object s; at most 256 KB.", None, dynamic=True
    )
    format: Literal["csv", "json", "parquet"] = setting("How the object is written.", "csv")
    compression: Literal["none", "gzip", "bzip2"] = setting("How a CSV or JSON object is compressed.", "none")
    csv_input: CsvInput = setting("Details of a CSV object.", CsvInput())
    json_input: JsonInput = setting("Details of a JSON object.", JsonInput())
    output_format: Literal["csv", "json"] = setting("How the results are written; json is one object a line.", "csv")
    csv_output: CsvOutput = setting("Details of CSV results.", CsvOutput())
    json_output: JsonOutput = setting("Details of JSON results.", JsonOutput())
    encryption_key: Secret | None = encryption.customer_key()

    def validate(self) -> None:
        if self.format == "parquet" and self.compression != "none":
            raise ValueError("compression is for csv and json; Parquet compresses its own columns")
        if self.engine == "local" and self.expression:
            from connectors.s3.select.parser import parse

            try:
                parse(self.expression)
            except DocumentError as error:
                raise ValueError(str(error)) from error

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        from connectors.s3.select import engines

        query = self._query(request)
        call = options.call("select", self, request, keys.checked(query.key), self.encryption_key is not None)
        customer = encryption.customer_arguments(self.encryption_key)
        results = engines.run(client, call, query, self.engine, customer)
        kind = "csv" if isinstance(query.output, CsvOutput) else "json"
        yield request.output(results, bucket=call.bucket, file_key=call.key, content_type=CONTENT_TYPES[kind])

    def _query(self, request: Request) -> Query:
        from connectors.s3.select.query import Query, read_request

        expression = request.inputs.get("expression") or self.expression or ""
        output = self.csv_output if self.output_format == "csv" else self.json_output
        own = Query("", expression, self.format, self.compression, self.csv_input, self.json_input, output)
        if not expression:
            return read_request(request.document.payload, own)
        return own.of(keys.asked_for(request))
