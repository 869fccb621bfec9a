"""Deleting many objects of one bucket in one request, with an answer for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from connector_sdk import ApplicationError, DocumentError
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.service.errors import explained
from connectors.s3.service.failures import Failure, Partial

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

MOST = 1000
WORTH_A_RETRY = frozenset({"InternalError", "SlowDown", "ServiceUnavailable"})


class Doomed(NamedTuple):
    """An object to delete, or one version of it."""

    key: str
    version: str = ""

    @property
    def arguments(self) -> ObjectIdentifierTypeDef:
        """Key and version, as botocore's arguments."""
        return {"Key": self.key, "VersionId": self.version} if self.version else {"Key": self.key}

    @property
    def writable(self) -> bool:
        """Whether XML, the language of batches, can say its key."""
        return not any(unicodedata.category(each) in {"Cc", "Cn", "Cs"} for each in self.key)


def delete(client: S3Client, call: Call, objects: Sequence[Doomed]) -> dict[Doomed, DocumentError]:
    """Delete at most 1,000 objects of the call's bucket; what failed, and why. ProcessError stops all of it."""
    batch = _Batch(call, [each for each in objects if each.writable])
    try:
        if batch.left:
            client.run(call, batch.send)
    except DocumentError as error:
        batch.fail(error)
    for each in objects:
        if not each.writable:
            _delete_alone(client, call, each, batch.errors)
    return batch.errors


def _delete_alone(client: S3Client, call: Call, each: Doomed, errors: dict[Doomed, DocumentError]) -> None:
    try:
        arguments: Any = each.arguments
        client.run(call.on(each.key), lambda api: api.delete_object(Bucket=call.bucket, **arguments))
    except DocumentError as error:
        errors[each] = error


@dataclass
class _Batch:
    """What is left to delete; it shrinks with every attempt."""

    call: Call
    left: list[Doomed]
    errors: dict[Doomed, DocumentError] = field(default_factory=dict)

    def send(self, api: Api) -> None:
        """Ask for all that is left; Partial if some of it is worth another attempt."""
        answer = api.delete_objects(
            Bucket=self.call.bucket, Delete={"Objects": [each.arguments for each in self.left], "Quiet": True}
        )
        again = []
        for each, error in self._matched(answer.get("Errors", ())):
            if error.get("Code") in WORTH_A_RETRY:
                again.append((each, error))
            else:
                self.errors[each] = _refusal(self.call.on(each.key), error)
        self.left = [each for each, _ in again]
        if again:
            raise Partial(again[0][1]["Code"], f"{len(again)} keys of a batch: {again[0][1].get('Message', '')}")

    def fail(self, error: DocumentError) -> None:
        """Every object that is left failed of this."""
        for each in self.left:
            self.errors[each] = type(error)(f"{error} (key {each.key!r})", error.code)

    def _matched(self, errors: Sequence[Mapping[str, Any]]) -> list[tuple[Doomed, Mapping[str, Any]]]:
        """Each error with its object; one of a key that nobody asked for is every object's."""
        named = {(error.get("Key", ""), error.get("VersionId", "")): error for error in errors}
        found = []
        for each in self.left:
            error = named.pop((each.key, each.version), None) or named.get((each.key, ""))
            if error:
                found.append((each, error))
        strange = [error for place, error in named.items() if place[0] not in {each.key for each in self.left}]
        return found or [(each, strange[0]) for each in self.left if strange]


def _refusal(call: Call, error: Mapping[str, Any]) -> DocumentError:
    problem = Failure(str(error.get("Code", "Unknown")), str(error.get("Message", "")), status=200)
    refused = explained(call, problem)
    return refused if isinstance(refused, DocumentError) else ApplicationError(str(refused), problem.code)
