import pytest

from connector_sdk import SettingsError
from connectors.http import addresses
from connectors.http.connection import HttpConnection
from connectors.http.get import Get


@pytest.fixture
def asked_path(api, reply, document):
    """The path that a request arrives with."""

    def ask(path="", parameter=None, base="", **properties):
        api.server.reply = lambda asked: reply()
        inputs = {} if parameter is None else {"path": parameter}
        api.through(api.url + base).one("get", document(properties=properties), parameters=inputs, path=path)
        return api.asked[-1].target

    return ask


@pytest.mark.parametrize(
    ("base", "path", "parameter", "expected"),
    [
        ("", "", None, "/"),
        ("/v2", "", None, "/v2"),
        ("/v2/", "orders", None, "/v2/orders"),
        ("/v2", "/orders/", None, "/v2/orders/"),
        ("/v2", "orders", "7/lines", "/v2/orders/7/lines"),
        ("/a%20b", "c d", "e f", "/a%20b/c%20d/e%20f"),
        ("", "Orders('7')/$metadata:all", None, "/Orders('7')/$metadata:all"),
        ("", "x", "a?b#c%2Fd&e;f", "/x/a%3Fb%23c%252Fd%26e%3Bf"),
        ("", "Zürich", "東京", "/Z%C3%BCrich/%E6%9D%B1%E4%BA%AC"),
    ],
)
def test_a_path_is_text_and_escaped_once(asked_path, base, path, parameter, expected):
    assert asked_path(path, parameter, base) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a?b", "a%3Fb"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("x y", "x%20y"),
    ],
)
def test_a_property_fills_one_part_of_the_path_whatever_it_holds(asked_path, value, expected):
    assert asked_path("orders/{id}/lines", id=value) == f"/orders/{expected}/lines"


@pytest.mark.parametrize("value", ["", ".", "..", "..;x", "\ud800"])
def test_a_property_that_would_lead_elsewhere_fails_the_document(api, document, value):
    error = api.error("get", document(properties={"id": value}), path="orders/{id}")

    assert error.code == "InvalidPath"
    assert api.asked == []


@pytest.mark.parametrize("path", ["", "..", "a/../b", ".", "//evil.example", "https://evil.example/x", "a//b", "..;/x"])
def test_a_parameter_that_leads_elsewhere_fails_the_document(api, path):
    error = api.error("get", path="orders", parameters={"path": path})

    assert error.code == "InvalidPath"
    assert api.asked == []


@pytest.mark.parametrize("path", ["..", "a/../b", "//evil.example", "http://x/y", "a?b=c", "a#b", "a%20b", "a//b"])
def test_a_path_that_the_author_gets_wrong_is_an_error_of_the_option(path):
    with pytest.raises(SettingsError, match="path"):
        Get.load({"path": path})


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "example.com",
        "https://",
        "https://user:password@example.com",
        "https://example.com/x?y",
        "https://example.com/#x",
        "https://exa mple.com",
        "https://example.com\\@evil.example",
    ],
)
def test_a_url_is_a_host_and_a_path(url):
    with pytest.raises(SettingsError):
        HttpConnection.load({"url": url})


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("?page=2", "https://api.example.com/v1/orders?page=2"),
        ("/v1/next", "https://api.example.com/v1/next"),
        ("next#part", "https://api.example.com/v1/next"),
        ("//other.example/x", "https://other.example/x"),
        ("a b/é", "https://api.example.com/v1/a%20b/%C3%A9"),
        ("x%2Fy?q=%20", "https://api.example.com/v1/x%2Fy?q=%20"),
    ],
)
def test_a_link_is_read_from_where_it_stands(link, expected):
    assert addresses.followed("https://api.example.com/v1/orders?page=1", link) == expected


@pytest.mark.parametrize(
    "link",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:pass@api.example.com/",
        "https://evil.example\\@api.example.com/",
        "https://api.example.com:99999/",
        "http://[::1",
    ],
)
def test_a_link_that_is_no_address_is_not_followed(link):
    with pytest.raises(ValueError, match="server"):
        addresses.followed("https://api.example.com/", link)


@pytest.mark.parametrize(
    ("url", "home", "expected"),
    [
        ("https://api.example.com/x", "https://api.example.com/v1", True),
        ("https://API.example.com:443/x", "https://api.example.com", True),
        ("https://api.example.com/", "http://api.example.com", True),
        ("http://api.example.com/", "https://api.example.com", False),
        ("https://api.example.com:8443/", "https://api.example.com", False),
        ("https://api.example.com.evil.example/", "https://api.example.com", False),
        ("http://127.0.0.1:81/", "http://127.0.0.1:80/", False),
    ],
)
def test_credentials_belong_to_one_host_scheme_and_port(url, home, expected):
    assert addresses.at_home(url, home) is expected
