"""Copies made inside S3: in one request, or in parts where the object is too large for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.s3 import headers, objects
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client
from connectors.s3.uploads import budget, leaving, multipart
from connectors.s3.uploads.multipart import Part, Send
from connectors.s3.uploads.slices import MIB, Slice
from connectors.s3.uploads.upload import Stored, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client as Api

SINGLE_UP_TO = 5 * 1024 * MIB
PART_SIZE = 512 * MIB
CARRIED = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata")


@dataclass(frozen=True, slots=True)
class Source:
    """The object to copy; `customer` and `copy_customer` are the arguments of its key in a head and in a copy."""

    call: Call
    version: str | None = None
    customer: Mapping[str, Any] = field(default_factory=dict, repr=False)
    copy_customer: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def reference(self) -> Any:
        """What is copied, as botocore's argument."""
        return objects.place(self.call, self.version)


def copy(client: S3Client, source: Source, target: Upload, single_up_to: int = SINGLE_UP_TO) -> Stored:
    """Make the target of the source; above `single_up_to` bytes in parts. Raises DocumentError.

    The target's `arguments` may hold Metadata and Tagging, which replace what the source has.
    """
    return _copy(client, source, _look(client, source), target, single_up_to)


def move(client: S3Client, source: Source, target: Upload) -> Stored:
    """The same, and then the source goes, if it still is what was copied. Raises DocumentError."""
    head = _look(client, source)
    stored = _copy(client, source, head, target, SINGLE_UP_TO)
    leaving.leave(client, source, head["ETag"])
    return stored


def _look(client: S3Client, source: Source) -> Mapping[str, Any]:
    return client.run(source.call, lambda api: api.head_object(**source.reference, **source.customer))


def _copy(client: S3Client, source: Source, head: Mapping[str, Any], target: Upload, single_up_to: int) -> Stored:
    pinned = {**source.copy_customer, "CopySource": source.reference, "CopySourceIfMatch": head["ETag"]}
    target = replace(target, size=head["ContentLength"])
    if target.size > single_up_to:
        inherited = {**_inherited(head), **_tagging(client, source, target), **target.arguments}
        return multipart.assemble(client, replace(target, arguments=inherited), partial(_ready, pinned))
    answer = client.run(target.call, lambda api: _copy_whole(api, target, pinned))
    return Stored.of({**answer.get("CopyObjectResult", {}), "VersionId": answer.get("VersionId")}, target.size)


def _copy_whole(api: Api, target: Upload, source: Mapping[str, Any]) -> Mapping[str, Any]:
    directives = {
        directive: "REPLACE"
        for directive, argument in (("MetadataDirective", "Metadata"), ("TaggingDirective", "Tagging"))
        if argument in target.arguments
    }
    arguments: dict[str, Any] = {**target.place, **target.arguments, **target.customer, **directives, **source}
    return api.copy_object(**arguments)


@contextmanager
def _ready(source: Mapping[str, Any], call: Call, part: Slice) -> Iterator[Send]:
    with budget.of_process().place(call.runtime):
        yield partial(_copy_part, source)


def _copy_part(source: Mapping[str, Any], api: Api, part: Part) -> Mapping[str, Any]:
    last = part.slice.offset + part.slice.size - 1
    wanted = {**part.arguments, **part.customer, **source, "CopySourceRange": f"bytes={part.slice.offset}-{last}"}
    return api.upload_part_copy(**wanted)["CopyPartResult"]


def _inherited(head: Mapping[str, Any]) -> dict[str, Any]:
    return {name: head[name] for name in CARRIED if head.get(name)}


def _tagging(client: S3Client, source: Source, target: Upload) -> dict[str, Any]:
    if "Tagging" in target.arguments:
        return {}
    answer = client.run(source.call, lambda api: api.get_object_tagging(**source.reference))
    tagging = headers.tagging(headers.tags(answer))
    return {"Tagging": tagging} if tagging else {}
