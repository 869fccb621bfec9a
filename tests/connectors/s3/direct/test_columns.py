"""Columns: a page is read to the same by either way, or refused by both; and the usual pages go the short one."""

from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.s3.direct.columns import Columns, all_decoded, decoded, divided
from connectors.s3.direct.pages import exact, page
from connectors.s3.facts import all_listed, listed
from connectors.s3.listing import entries

DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROOT = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
END = "</ListBucketResult>"
HEAD = (
    f"{DECLARED}{ROOT}<Name>bucket</Name><Prefix></Prefix><NextContinuationToken>1/+=</NextContinuationToken>"
    "<KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
)
WHEN = "<LastModified>2026-11-22T17:35:33.000Z</LastModified>"
ETAG = "<ETag>&quot;9a0364b9e99bb480dd25e1f0284c8555-3&quot;</ETag>"
REST = "<Size>17</Size><StorageClass>STANDARD</StorageClass>"
AMAZON = (
    f"<Contents><Key>a/year%3D2026/b+c%26.csv</Key>{WHEN}{ETAG}<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
    f"<ChecksumType>FULL_OBJECT</ChecksumType>{REST}</Contents>"
)
MINIO = f"<Contents><Key>a</Key>{WHEN}<ETag>&#34;d41d8cd98f00b204e9800998ecf8427e&#34;</ETag>{REST}</Contents>"
CEPH = (
    f"<Contents><Key>%C3%A9</Key>{WHEN}{ETAG}{REST}"
    "<Owner><ID>someone</ID><DisplayName>Some One</DisplayName></Owner><Type>Normal</Type></Contents>"
)
OWNED = f"<Contents><Owner><ID></ID></Owner><Key>a</Key>{WHEN}{ETAG}{REST}</Contents>"
INDENTED = f"\n  <Contents>\n\t<Key>a</Key>\r\n    {WHEN}\n {ETAG} {REST}\n  </Contents>\n"
RCLONE = INDENTED.replace("&quot;", "").replace(".000Z", ".1Z")
PREFIXES = "<CommonPrefixes><Prefix>a%2Fb/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>c</Prefix></CommonPrefixes>"
PAGE = (HEAD + AMAZON + CEPH + PREFIXES + END).encode()

KEYS = [
    "k",
    "a%20b",
    "a+b",
    "%3C",
    "%0A",
    "%",
    "%C3",
    "%A9x",
    "&amp;",
    "&lt;%26",
    "&#13;",
    "x]]>",
    "<![CDATA[<k>]]>",
    "é",
    "",
]
MOMENTS = ["2026-11-22T17:35:33.123Z", "2026-02-30T17:35:33.000Z", "2026-11-22T24:00:00.000Z", "2026-11-22T17:35:33Z"]
MOMENTS += ["2026-11-22T17:35:33.1Z", "2026-11-22T17:35:33.12Z", "2026-11-22T17:35:33.1234Z", "2026-11-22T17:35:33.Z"]
MOMENTS += ["2026-W47-7T12:00:00.000Z", "Sun, 22 Nov 2026 17:35:33 GMT", "0000-01-01T00:00:00.000Z", "yesterday", ""]
ETAGS = ['"abc"', "abc", "&quot;a b&quot;", "&quot;a&amp;b&quot;", "&quot;", ""]
SIZES = ["0", "007", "9223372036854775807", "99999999999999999999", "-1", "1_0", "x", ""]
ODD = [
    "<!-- a comment -->",
    "<?target?>",
    "<Owner><ID>Key</ID><DisplayName>a</DisplayName></Owner>",
    "<Owner><Key>k</Key></Owner>",
    "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus>",
    "<UserMetadata><Items><Key>k</Key></Items></UserMetadata>",
    "<Key>a<b/>c</Key>",
    "<StorageClass/>",
    "<s3:Size>5</s3:Size>",
    '<Size unit="byte">5</Size>',
    "<Size>5</Key>",
    "\n  ",
    "text",
]


def element(name, values):
    return st.sampled_from(values).map(lambda value: f"<{name}>{value}</{name}>")


USUAL = [element("Key", ["a", "b%3Dc"]), st.just(WHEN), st.just(ETAG), st.just("<Size>1</Size>")]
CHILDREN = st.one_of(
    element("Key", KEYS),
    element("LastModified", MOMENTS),
    element("ETag", ETAGS),
    element("Size", SIZES),
    element("StorageClass", ["GLACIER_IR", "glacier", "A&amp;B"]),
    element("ChecksumAlgorithm", ["CRC32", "SHA256", ""]),
    st.sampled_from(ODD),
)
ENTRIES = st.one_of(
    st.sampled_from([AMAZON, MINIO, CEPH, OWNED, INDENTED, RCLONE]),
    st.permutations([*USUAL, st.just("<StorageClass>STANDARD</StorageClass>")]).flatmap(lambda each: st.tuples(*each)),
    st.tuples(*USUAL, st.just("<StorageClass>STANDARD</StorageClass>"), CHILDREN),
    st.lists(CHILDREN, max_size=6),
).map(lambda made: made if isinstance(made, str) else f"<Contents>{''.join(made)}</Contents>")
AROUND = st.sampled_from(
    [
        PREFIXES,
        "<Marker/>",
        "<Name>&amp;</Name>",
        "<Delimiter>%2F</Delimiter>",
        "<Contents/>",
        "<!--",
        "-->",
        "</Contents>",
        *ODD,
    ]
)
HEADS = st.sampled_from(
    [
        *[HEAD] * 12,  # else few pages would be fit to be read
        *[HEAD.replace("url", "")] * 4,
        ROOT,
        "<ListBucketResult>",
        "<ListBucketResult/>",
        "<ListAllMyBucketsResult>",
        ROOT.replace("<", "<a:").replace("xmlns", "xmlns:a"),
        ROOT + "<CommonPrefixes>",
        ROOT + "<![CDATA[",
        '<?xml version="1.0" encoding="ISO-8859-1"?>' + ROOT,
        '<!DOCTYPE l [<!ENTITY a "a">]>' + ROOT,
        "",
    ]
)
PAGES = st.tuples(
    HEADS,
    st.one_of(st.just(""), st.just(PREFIXES), AROUND),
    st.lists(ENTRIES, max_size=4),
    st.one_of(st.just(""), st.just(PREFIXES), AROUND, st.tuples(AROUND, ENTRIES)),
    st.sampled_from([*[END] * 6, END + "\n", END + "<a/>", ""]),
).map(lambda parts: "".join(each if isinstance(each, str) else "".join(each) for each in parts).encode())


def read(reader, content):
    """What a reader makes of a page, as plain values; None where it is refused."""
    from botocore.parsers import ResponseParserError

    try:
        found = reader(content)
    except (ResponseParserError, ExpatError, LookupError, ValueError):
        return None
    return {**found, "Contents": list(found.get("Contents", ()))}


@settings(max_examples=2_000, deadline=None)
@given(PAGES)
def test_a_page_is_read_as_the_xml_parser_reads_it(content):
    assert read(page, content) == read(exact, content)


@pytest.mark.parametrize("character", [bytes([each]) for each in b'<>&;"]-!/% \n\r\x00\x0b\x7f\xe9+A0'])
def test_a_page_with_one_character_wrong_is_read_as_the_xml_parser_reads_it(character):
    for place in range(len(PAGE)):
        for content in (PAGE[:place] + character + PAGE[place:], PAGE[:place] + character + PAGE[place + 1 :]):
            assert read(page, content) == read(exact, content), content


def test_a_page_cut_anywhere_is_refused():
    assert not any(read(page, PAGE[:place]) for place in range(len(PAGE)))


def test_a_page_that_lacks_a_piece_is_read_as_the_xml_parser_reads_it():
    marks = [place for place, character in enumerate(PAGE) if character in b"<>"]
    for start in marks:
        for stop in marks:
            content = PAGE[:start] + PAGE[stop:]
            assert read(page, content) == read(exact, content), content


@pytest.mark.parametrize("entry", [AMAZON, MINIO, CEPH, OWNED, INDENTED, RCLONE, RCLONE.replace(".1Z", "Z")])
def test_the_usual_objects_go_the_short_way(entry):
    content = (HEAD.replace("><", ">\n<") + entry * 3 + PREFIXES + END).encode()

    found = page(content)

    assert isinstance(found["Contents"], Columns)
    assert len(found["Contents"]) == 3
    assert list(found["Contents"]) == exact(content)["Contents"]
    assert list(entries(found)) == list(entries(exact(content)))
    assert found["CommonPrefixes"] == [{"Prefix": "a/b/"}, {"Prefix": "c"}]


@pytest.mark.parametrize("odd", [each for each in ODD if not each.isspace()])
def test_what_is_unusual_goes_the_long_way(odd):
    usual = AMAZON.removesuffix("</Contents>")

    assert divided((HEAD + usual + odd + "</Contents>" + END).encode()) is None or odd.startswith("<Owner><ID>")


PIECES = ["%25", "%3D", "%3d", "%20", "+", "%2", "%", "3D", "5", "a", "%C3%A9", "%A9", "%41", "%00", "%0A", "%3C", "é"]


@settings(max_examples=500)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), min_size=1))
def test_many_keys_are_decoded_as_each_alone(keys):
    assert list(all_decoded(keys)) == [decoded(key) for key in keys]


@pytest.mark.parametrize("entry", [AMAZON, RCLONE])
def test_objects_of_a_page_become_the_documents_that_each_alone_becomes(entry):
    found = page((HEAD + entry * 2 + END).encode())["Contents"]

    assert all_listed(found) == [listed("json", each).encode() for each in found.rows()]
