"""Times are read as the standard library reads them."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.s3.direct.moments import moment


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_a_header_and_a_document_say_the_same(value):
    whole = value.replace(microsecond=0)
    header = format_datetime(whole, usegmt=True)
    assert moment(header) == parsedate_to_datetime(header) == whole
    assert moment(value.isoformat().replace("+00:00", "Z")) == value


@pytest.mark.parametrize("text", ["Sun, 06 Nov 1994 08:49:37 +0000", "06 Nov 1994 08:49:37 GMT"])
def test_other_forms_of_a_header_are_read_too(text):
    assert moment(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize("text", ["Sun, 31 Feb 1994 08:49:37 GMT", "yesterday", ""])
def test_what_is_no_time_is_an_error(text):
    with pytest.raises(ValueError, match=r".+"):
        moment(text)
