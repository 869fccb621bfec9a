"""Pages: what is no listing is an answer to be asked for again, and nothing in it is opened or unfolded."""

import pytest
from botocore.parsers import ResponseParserError

from connectors.s3.direct.pages import page

LISTING = b"<ListBucketResult><Name>&a;</Name></ListBucketResult>"
BOMB = b'<!DOCTYPE l [<!ENTITY b "bbbbbb"><!ENTITY a "&b;&b;">]>' + LISTING
OUTSIDE = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + LISTING
CUT = b"<ListBucketResult><Contents><Key>k</Key>"
HTML = b"<html><body>please log in</body></html>"
BUCKETS = b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"
UNKNOWN = b'<?xml version="1.0" encoding="x-nobodys"?><ListBucketResult/>'
KEYLESS = b"<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>"


@pytest.mark.parametrize("content", [b"", b"{}", CUT, KEYLESS, BOMB, OUTSIDE, HTML, BUCKETS, UNKNOWN])
def test_what_is_no_listing_is_refused(content):
    with pytest.raises(ResponseParserError, match="not a listing"):
        page(content)


def test_what_a_store_adds_is_passed_over():
    owner = b"<Owner><ID>Key</ID><DisplayName>Size</DisplayName></Owner><Type>Normal</Type>"
    entry = (
        b"<Contents><Key>a%20b+c</Key><LastModified>2026-11-22T17:35:33.000Z</LastModified>" + owner + b"</Contents>"
    )
    space = b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType>'
    (found,) = page(space + entry + b"</ListBucketResult>")["Contents"]
    assert found.keys() == {"Key", "LastModified"}
    assert found["Key"] == "a b c"


def test_names_with_a_prefix_are_the_same():
    content = (
        b'<a:ListBucketResult xmlns:a="http://s3.amazonaws.com/doc/2006-03-01/"><a:IsTruncated>true</a:IsTruncated>'
        b"<a:Contents><a:Key>k</a:Key><a:LastModified>2026-11-22T17:35:33.000Z</a:LastModified></a:Contents>"
        b"<a:CommonPrefixes><a:Prefix>p/</a:Prefix></a:CommonPrefixes></a:ListBucketResult>"
    )
    found = page(content)
    assert found["IsTruncated"]
    assert [each["Key"] for each in found["Contents"]] == ["k"]
    assert found["CommonPrefixes"] == [{"Prefix": "p/"}]
