"""Addresses, whatever is put into them."""

from types import SimpleNamespace
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_sdk import DocumentError
from connectors.http import addresses, target

HOME = "https://api.example.com/v1/orders?page=1"
odd = st.text(alphabet="/\\:@?#.;%&=[]~ \t\r\n\0aevil.example-é東0", max_size=40) | st.text(max_size=40)


def filled(path, query=(), **properties):
    """The URL for a document with these properties."""
    request = SimpleNamespace(document=SimpleNamespace(properties=properties), inputs={})
    operation = SimpleNamespace(path=path, query=dict(query), headers={})
    return target.address("https://api.example.com/v1", operation, request)


@given(odd)
def test_any_value_stays_in_its_part_of_the_path(value):
    if not value or value.partition(";")[0] in (".", "..") or not encodes(value):
        with pytest.raises(DocumentError):
            filled("a/{id}/b", id=value)
        return

    sent = httpx.URL(filled("a/{id}/b", id=value))
    assert (sent.scheme, sent.host, sent.query, sent.fragment) == ("https", "api.example.com", b"", "")
    first, version, before, part, after = sent.raw_path.decode().split("/")
    assert (first, version, before, unquote(part, errors="strict"), after) == ("", "v1", "a", value, "b")


@given(st.dictionaries(odd, odd, max_size=3))
def test_any_parameters_arrive_as_they_are(parameters):
    if not all(encodes(text) for pair in parameters.items() for text in pair):
        return
    url = filled("x", {name: (value.replace("{", ""),) for name, value in parameters.items()})

    sent = httpx.URL(url)
    received = parse_qsl(sent.query.decode(), keep_blank_values=True)
    assert received == [(name, value.replace("{", "")) for name, value in parameters.items()]
    assert sent.path == "/v1/x"


@given(odd | st.builds("{}{}{}".format, st.sampled_from(["https://", "//", "http:/", "https:\\\\", ""]), odd, odd))
def test_where_a_link_leads_is_where_the_request_goes(link):
    try:
        url = addresses.followed(HOME, link)
    except ValueError:
        return

    sent = httpx.URL(url)
    split = urlsplit(url)
    assert (sent.scheme, sent.host.lower()) == (split.scheme, (split.hostname or "").lower())
    assert (sent.port or 443 * (sent.scheme == "https") or 80) == (split.port or 443 * (split.scheme == "https") or 80)
    assert sent.userinfo == b""


@pytest.mark.parametrize("host", ["evil.example", "api.example.com.evil.example", "evil.example:443", "127.0.0.1"])
@pytest.mark.parametrize(
    "form",
    [
        "https://{}",
        "//{}/",
        "https://{}#@api.example.com/",
        "https://{}?@api.example.com/",
        "https:{}",
        "https:///{}",
        "/\\{}",
        "\\\\{}",
        "https://api.example.com@{}/",
        "https://api.example.com:@{}",
        "https://{}\\.api.example.com",
        "https://{}%2f.api.example.com",
        "https://{}%23.api.example.com",
        " https://{}",
        "\thttps://{}",
        "ht\ntps://{}",
    ],
)
def test_no_way_of_writing_another_host_makes_it_home(host, form):
    try:
        url = addresses.followed("https://api.example.com/v1/", form.format(host))
    except ValueError:
        return

    sent = httpx.URL(url)
    assert addresses.at_home(url, "https://api.example.com") is (sent.host == "api.example.com")


def encodes(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
