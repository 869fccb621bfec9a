"""The S3 connector: Amazon S3 and every store that speaks its language."""

from __future__ import annotations

from connector_sdk import Connector, Tracked, hookimpl
from connectors.s3.connection import S3Connection
from connectors.s3.operations.copy import Copy
from connectors.s3.operations.create_bucket import CreateBucket
from connectors.s3.operations.delete import Delete
from connectors.s3.operations.delete_bucket import DeleteBucket
from connectors.s3.operations.get import Get
from connectors.s3.operations.get_tags import GetTags
from connectors.s3.operations.head import Head
from connectors.s3.operations.list_buckets import ListBuckets
from connectors.s3.operations.list_versions import ListVersions
from connectors.s3.operations.move import Move
from connectors.s3.operations.presign import Presign
from connectors.s3.operations.put_tags import PutTags
from connectors.s3.operations.query import Query
from connectors.s3.operations.restore import Restore
from connectors.s3.operations.select import Select
from connectors.s3.operations.upsert import Upsert

TRACKED = (
    Tracked("bucket", "The bucket; read where object_type is dynamic-bucket.", settable=True, identifies=True),
    Tracked("bucket_region", "The bucket's region; read where object_type is dynamic-bucket.", settable=True),
    Tracked("folder", "The part of a key before its file name.", settable=True),
    Tracked("file_name", "The last part of the key that an upsert makes.", settable=True),
    Tracked("file_key", "The whole key of the object; wins over folder and file name.", settable=True, identifies=True),
    Tracked("content_type", "The object's media type.", settable=True),
    Tracked("version_id", "One version of the object.", settable=True),
    Tracked("etag", "What S3 tells changed contents by, without quotes."),
    Tracked("size", "The object's size in bytes."),
    Tracked("last_modified", "When the object was stored, as 2026-04-01T12:00:00.000Z."),
    Tracked("checksum", "The checksum that S3 keeps, as CRC32:AAAAAA==."),
)

S3 = Connector(
    id="s3",
    label="Amazon S3 REST",
    connection=S3Connection,
    operations=(
        Get,
        Upsert,
        Delete,
        Query,
        Select,
        Head,
        Copy,
        Move,
        ListBuckets,
        CreateBucket,
        DeleteBucket,
        Presign,
        GetTags,
        PutTags,
        ListVersions,
        Restore,
    ),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The S3 connector."""
    return (S3,)
