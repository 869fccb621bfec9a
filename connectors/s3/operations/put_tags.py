"""Put tags."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

from connector_sdk import Document, Input, Operation, Request, setting
from connectors.s3 import facts, headers, keys, objects, options
from connectors.s3.buckets import BucketName
from connectors.s3.headers import Text
from connectors.s3.service.client import S3Client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3.client import S3Client as Api
    from mypy_boto3_s3.type_defs import TagTypeDef


class PutTags(Operation[S3Client]):
    """Replace all tags of an object; none at all removes them."""

    action = "put_tags"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "bucket_region", "file_key", "version_id")
    sets = ("bucket", "file_key", "version_id")
    permissions = (
        "s3:PutObjectTagging",
        "s3:PutObjectVersionTagging",
        "s3:DeleteObjectTagging",
        "s3:DeleteObjectVersionTagging",
    )
    concurrency = 8

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()
    tags: dict[str, Text] = setting("The object's new tags, at most 10.", dynamic=True)

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute(self, client: S3Client, request: Request) -> Iterable[Document]:
        call = options.call("put tags", self, request, keys.asked_for(request))
        wanted = objects.versioned(call, request)
        tag_set = headers.tag_set(self.tags)
        answer = client.run(call, lambda api: _replace(api, wanted, tag_set))
        described: dict[str, facts.Fact] = {"Bucket": call.bucket, "Key": call.key, "Tags": self.tags}
        yield request.output(
            facts.written(self.response_format, "Tagging", described),
            bucket=call.bucket,
            file_key=call.key,
            version_id=facts.version_id(answer) or request.tracked("version_id"),
        )


def _replace(api: Api, place: Mapping[str, Any], tag_set: list[TagTypeDef]) -> Mapping[str, Any]:
    if not tag_set:
        return api.delete_object_tagging(**place)
    return api.put_object_tagging(**place, Tagging={"TagSet": tag_set})
