"""The service engine: SelectObjectContent and its stream of events."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from connector_sdk import ApplicationError, Payload, Settings
from connector_sdk.settings import fields
from connectors.s3.select.format import CsvOutput
from connectors.s3.select.query import WORDS, Query, camel
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.service.failures import NOT_IMPLEMENTED, Failure, Partial, failure, library_errors

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

UNAVAILABLE = frozenset({"MethodNotAllowed", "UnsupportedOperation", "NotImplemented"})
PASSING = frozenset({"Busy", "InternalError", "ServiceUnavailable", "SlowDown"})


class Refusals:
    """Remembers that an endpoint has no Select; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.met = False

    def remember(self) -> bool:
        """Note a refusal; whether it is the first."""
        with self._lock:
            known, self.met = self.met, True
        return not known


def select_in_service(client: S3Client, call: Call, query: Query, customer: Mapping[str, Any]) -> Payload | Failure:
    """The results of the query, or the refusal of an endpoint that has no Select."""
    arguments = {"Bucket": call.bucket, "Key": call.key, **_arguments(query), **customer}
    return client.run(call, lambda api: _ask(api, call, arguments))


def unavailable(call: Call, refused: Failure) -> ApplicationError:
    """The error for an endpoint without Select, where nothing else was allowed."""
    said = f": {refused.message}" if refused.message else ""
    return ApplicationError(
        f"{call} failed: {refused.code}{said}; the service offers no Select here, engine: local does without it",
        refused.code,
    )


def _ask(api: Api, call: Call, arguments: Mapping[str, Any]) -> Payload | Failure:
    try:
        answer = api.select_object_content(**arguments)
    except library_errors() as error:
        problem = failure(error)
        if problem.code in UNAVAILABLE or problem.status == NOT_IMPLEMENTED:
            return problem
        raise
    with closing(answer["Payload"]) as events:
        return call.runtime.store(_results(events))


def _results(events: Any) -> Iterator[bytes]:
    """The bytes of the Records events; an error unless the stream comes to its End event."""
    from botocore.eventstream import ParserError
    from botocore.exceptions import EventStreamError

    try:
        for event in events:
            if "Records" in event:
                yield event["Records"]["Payload"]
            if "End" in event:
                return
    except EventStreamError as error:
        raise _reported(error) from error
    except ParserError as error:
        raise Partial("DamagedEventStream", f"the event stream of Select is damaged: {error}") from error
    raise Partial("TruncatedEventStream", "the event stream of Select ended without its End event")


def _reported(error: Any) -> Exception:
    detail = error.response.get("Error", {})
    code, message = str(detail.get("Code", "Unknown")), str(detail.get("Message", ""))
    if code in PASSING:
        return Partial(code, message)
    return ApplicationError(f"Select failed while it ran: {code}: {message}", code)


def _arguments(query: Query) -> dict[str, Any]:
    output = "CSV" if isinstance(query.output, CsvOutput) else "JSON"
    read: dict[str, dict[str, Any]] = {
        "csv": {"CSV": {"FileHeaderInfo": "NONE", **_written(query.csv)}},
        "json": {"JSON": {"Type": query.json.type.upper()}},
        "parquet": {"Parquet": {}},
    }
    return {
        "Expression": query.expression,
        "ExpressionType": "SQL",
        "InputSerialization": {**read[query.format], "CompressionType": query.compression.upper()},
        "OutputSerialization": {output: _written(query.output)},
    }


def _written(settings: Settings) -> dict[str, Any]:
    """The settings that are not left at their defaults, as the service writes them."""
    changed = {name: value for name, value in vars(settings).items() if value != fields(settings)[name].default}
    return {camel(name): value.upper() if name in WORDS else value for name, value in changed.items()}
