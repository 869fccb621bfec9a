"""Delete: objects go, many in one request."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import islice

from connector_sdk import BatchOperation, DocumentError, Input, Request, Result
from connectors.s3 import deletion, keys, options
from connectors.s3.buckets import BucketName
from connectors.s3.deletion import Doomed
from connectors.s3.service.call import Call
from connectors.s3.service.client import S3Client


class Delete(BatchOperation[S3Client]):
    """Delete objects, at most 1,000 of a bucket in one request; what is not there counts as deleted.
    Nothing travels on: the steps after it run only where the step says `pass_through: true`.
    """

    action = "delete"
    inputs = (Input("id", "Key of the object; the property s3.file_key when left out."),)
    reads = ("bucket", "file_key", "version_id")
    permissions = ("s3:DeleteObject", "s3:DeleteObjectVersion")

    object_type: BucketName = options.object_type()
    region: options.Region = options.region()
    response_format: options.Format = options.response_format()

    def lane(self, request: Request) -> Hashable:
        return options.lane(self, request, keys.asked_for)

    def execute_batch(self, client: S3Client, requests: Iterable[Request]) -> Iterator[Result]:
        waiting = iter(requests)
        while taken := list(islice(waiting, deletion.MOST)):
            yield from self._delete(client, taken)

    def _delete(self, client: S3Client, requests: list[Request]) -> Iterator[Result]:
        groups: dict[str, list[tuple[int, Doomed]]] = {}
        errors: dict[int, DocumentError] = {}
        for number, request in enumerate(requests):
            try:
                doomed = Doomed(keys.asked_for(request), request.tracked("version_id") or "")
                groups.setdefault(options.bucket(self, request), []).append((number, doomed))
            except DocumentError as error:
                errors[number] = error
        region = options.own_region(self)
        for bucket, members in groups.items():
            call = Call("delete", requests[members[0][0]].runtime, bucket, region=region)
            failed = deletion.delete(client, call, list(dict.fromkeys(each for _, each in members)))
            errors.update({number: failed[each] for number, each in members if each in failed})
        for number, request in enumerate(requests):
            yield Result(request, error=errors.get(number))
