"""The S3 connector: Amazon S3 and every store that speaks its language."""

from __future__ import annotations

from connector_sdk import Connector, Modules, Tracked, hookimpl
from connectors.s3.connection import S3Connection

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
    operations=Modules(
        "connectors.s3.operations",
        "get",
        "upsert",
        "delete",
        "query",
        "select",
        "head",
        "copy",
        "move",
        "list_buckets",
        "create_bucket",
        "delete_bucket",
        "presign",
        "get_tags",
        "put_tags",
        "list_versions",
        "restore",
    ),
    tracked=TRACKED,
)


@hookimpl
def connectors() -> tuple[Connector, ...]:
    """The S3 connector."""
    return (S3,)
