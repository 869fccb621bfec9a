"""The HTTP connector keeps the contract of the SDK."""

from pathlib import Path

from connector_sdk.testing import Case, Sample, Wrong, conformance
from connectors.http import CONNECTOR

FACTS = ("status_code", "reason", "url", "content_type", "etag", "last_modified")
MISSING = Sample("content", inputs={"path": "missing"})


def item(number):
    return Sample(f"content {number}", inputs={"path": f"items/{number}"})


TestHttp = conformance(
    CONNECTOR,
    connection="served",
    schema=Path(__file__).with_name("connector.schema.json"),
    cases=[
        Case(
            "get",
            good=item,
            bad=MISSING,
            tracks=FACTS,
            varies=("url",),
            names={"path": ""},
            streams=Sample(inputs={"path": "large"}),
        ),
        Case(
            "get",
            {"path": "pages", "paging": {"kind": "link_header"}, "records": "$"},
            tracks=(*FACTS, "page"),
            varies=("url",),
            label="records",
        ),
        Case(
            "get",
            {"only_if_changed": True, "if_unchanged": "pass_on"},
            good=Sample("old", {"etag": '"0"', "last_modified": "Wed, 01 Apr 2026 11:00:00 GMT"}),
            tracks=FACTS,
            varies=("url",),
            label="if changed",
        ),
        Case("send", good=item, bad=MISSING, tracks=FACTS, varies=("url",), names={"path": ""}, streams=True),
        Case("send", {"method": "PUT", "body": "multipart"}, good=item, varies=("url", "content"), label="multipart"),
    ],
    wrong_settings=[
        Wrong({"url": "ftp://example.com"}, at="url"),
        Wrong({"headers": {"Host": "x"}}, at="headers"),
        Wrong({"proxy": "nonsense"}, at="proxy"),
        Wrong({"verify_tls": "/no/such/file"}, at="verify_tls"),
        Wrong({"retry": {"waits": [-1]}}, at="retry.waits"),
        Wrong({"path": "../x"}, at="path", action="get"),
        Wrong({"paging": {"kind": "cursor"}}, at="paging", action="get"),
        Wrong({"method": "TRACE"}, at="method", action="send"),
    ],
    unreachable={"url": "http://127.0.0.1:9", "retry": {"waits": []}},
)
