"""Pages: what is no listing is an answer to be asked for again, and nothing in it is opened or unfolded."""

import pytest
from botocore.parsers import ResponseParserError

from connectors.s3.direct.pages import page

LISTING = b"<ListBucketResult><Name>&a;</Name></ListBucketResult>"
BOMB = b'<!DOCTYPE l [<!ENTITY b "bbbbbb"><!ENTITY a "&b;&b;">]>' + LISTING
OUTSIDE = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + LISTING
CUT = b"<ListBucketResult><Contents><Key>k</Key>"
KEYLESS = b"<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>"


@pytest.mark.parametrize("content", [b"", b"{}", CUT, KEYLESS, BOMB, OUTSIDE])
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
