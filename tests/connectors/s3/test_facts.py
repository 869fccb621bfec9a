"""Facts: what takes no detour says what the detour says."""

import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.s3 import facts

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MODIFIED = "2026-04-01T12:00:00.000Z"


def described(key, etag, size, kind):
    return {"Key": key, "LastModified": MODIFIED, "ETag": etag, "Size": size and int(size), "StorageClass": kind}


@given(st.dictionaries(st.sampled_from(["Bucket", "Key", "ETag"]), TEXTS | st.none()))
def test_texts_are_written_as_an_encoder_writes_them(given):
    present = {name: text for name, text in given.items() if text is not None}
    assert facts.written("json", "Object", given) == json.dumps(present, ensure_ascii=False)


@pytest.mark.parametrize("form", ["json", "xml"])
@given(key=TEXTS, etag=TEXTS | st.none(), size=st.integers(0, 1 << 60).map(str) | st.none(), kind=TEXTS | st.none())
def test_an_object_of_a_listing_is_written_as_any_facts_are(form, key, etag, size, kind):
    assert facts.listed(form, (key, MODIFIED, etag, size, kind)) == facts.written(
        form, "Contents", described(key, etag, size, kind)
    )


@given(TEXTS, TEXTS)
def test_the_json_of_a_listing_says_what_was_listed(key, etag):
    written = facts.listed("json", (key, MODIFIED, etag, "17", "STANDARD"))

    assert json.loads(written) == described(key, etag, "17", "STANDARD")


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
        | st.sampled_from("\t\r\n&<>]")
    )
)
def test_xml_that_can_say_a_text_says_it(text):
    element = ElementTree.fromstring(facts.written("xml", "Object", {"Key": text, "Metadata": {"name": text}}))

    assert element[0].attrib == {}
    assert (element[0].text or "", element[1][0].text or "") == (text, text)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_say_is_encoded(character):
    element = ElementTree.fromstring(facts.written("xml", "Object", {"Key": f"a/{character}"}))

    assert element[0].get("encoding") == "url"
    assert element[0].text.startswith("a/%")


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(0), "Z"), timezone(timedelta(hours=2))])
def test_times_are_written_in_utc(zone):
    assert facts.timestamp(datetime(2026, 4, 1, 12, tzinfo=UTC).astimezone(zone)) == MODIFIED
