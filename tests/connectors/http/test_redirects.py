import pytest

from connector_sdk import ApplicationError

SECRETS = {
    "authentication": "bearer",
    "token": "tok-en",
    "headers": {"X-Tenant": "acme"},
    "secret_headers": {"X-Secret": "hush-hush"},
}


def to(reply, status, location):
    return reply(status, b"", (("Location", location),))


@pytest.fixture
def other(new_server, reply):
    """Another server, which answers everything."""
    server = new_server()
    server.reply = lambda asked: reply(200, b"elsewhere")
    return server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_get_follows_and_says_where_it_came_to(api, reply, status):
    api.on("/old", to(reply, status, "/new?a=b"))
    api.on("/new", reply(200, b"here"))

    found = api.through(None, **SECRETS).one("get", path="old")

    assert (found.payload.read(), found.tracked["http.url"]) == (b"here", f"{api.url}/new?a=b")
    assert api.asked[1].headers["Authorization"] == "Bearer tok-en"


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_document_is_sent_on_as_it_is(api, reply, document, status, method):
    api.on("/old", to(reply, status, "new"))
    api.on("/new", reply(201))

    api.one("send", document(b"content"), path="old", method=method)

    assert [(asked.method, asked.body) for asked in api.asked] == [(method, b"content")] * 2
    assert api.asked[1].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [301, 302])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_document_is_not_lost_on_the_way(api, reply, document, status, method):
    api.on("/old", to(reply, status, "/new"))

    error = api.error("send", document(b"content"), path="old", method=method)

    assert (type(error), error.code) == (ApplicationError, str(status))
    assert f"leads to {api.url}/new; a {method} is not sent on" in str(error)
    assert len(api.asked) == 1


def test_what_came_of_a_post_is_looked_at(api, reply, document):
    api.on("/orders", to(reply, 303, "/orders/7"))
    api.on("/orders/7", reply(200, b"seven"))

    assert api.one("send", document(b"content"), path="orders").payload.read() == b"seven"
    (_, look) = api.asked
    assert (look.method, look.body, look.headers["Content-Type"]) == ("GET", b"", None)


def test_another_host_is_not_followed_to_unless_it_is_named(api, reply, other):
    api.on("/x", to(reply, 302, f"{other.url}/file?signature=abc"))

    error = api.error("get", path="x")

    assert error.code == "OtherHost"
    assert str(error) == (
        f"GET {api.url}/x: the server leads to {other.url}/file; other_hosts would have to name that host"
    )
    assert other.asked == []


def test_another_host_that_is_named_gets_no_secrets(api, reply, other):
    api.on("/x", to(reply, 302, f"{other.url}/file?signature=abc"))
    connected = api.through(None, other_hosts=["127.0.0.*"], **SECRETS)

    found = connected.one("get", path="x", headers={"X-Operation": "private"}, accept="text/csv")

    (asked,) = other.asked
    sent = {name.lower() for name in asked.headers}
    assert sent == {"host", "accept", "accept-encoding", "user-agent"}
    assert asked.headers["Accept"] == "text/csv"
    assert (found.payload.read(), found.tracked["http.url"]) == (b"elsewhere", f"{other.url}/file")


def test_an_api_key_in_the_query_does_not_leave_its_host(api, reply, other):
    settings = {"authentication": "api_key", "api_key": "se-cret", "api_key_in": "query", "api_key_name": "key"}
    api.on("/x", to(reply, 302, f"{other.url}/file"))

    api.through(None, other_hosts=["*"], **settings).one("get", path="x")

    assert (api.asked[0].query, other.asked[0].query) == ("key=se-cret", "")


def test_a_401_of_another_host_says_nothing_of_our_credentials(api, reply, other):
    other.reply = lambda asked: reply(401)
    api.on("/x", to(reply, 302, f"{other.url}/file"))

    error = api.through(None, other_hosts=["*"], **SECRETS).error("get", path="x")

    assert type(error) is ApplicationError


@pytest.mark.parametrize(
    "location", ["ftp://127.0.0.1/x", "file:///etc/passwd", "javascript:x", "http://u:p@127.0.0.1/"]
)
def test_only_plain_web_addresses_are_followed(api, reply, location):
    api.on("/x", to(reply, 302, location))

    error = api.through(None, other_hosts=["*"]).error("get", path="x")

    assert error.code == "InvalidLink"
    assert len(api.asked) == 1


def test_redirects_that_go_round_in_circles_end(api, reply):
    api.on("/x", to(reply, 302, "/x"))

    error = api.through(None, follow_redirects=3).error("get", path="x")

    assert error.code == "TooManyRedirects"
    assert len(api.asked) == 4


def test_following_can_be_switched_off(api, reply):
    api.on("/x", to(reply, 302, "/y"))
    stays = api.through(None, follow_redirects=0)

    assert stays.error("get", path="x").code == "302"
    found = stays.one("get", path="x", expected=[302], header_properties={"to": "Location"})
    assert found.properties == {"to": "/y"}


def test_a_redirect_that_leads_nowhere_is_an_answer(api, reply):
    api.on("/x", reply(302))

    assert api.error("get", path="x").code == "302"


def test_the_answer_at_the_end_of_a_redirect_is_retried_from_its_beginning(api, reply):
    api.on("/x", to(reply, 302, "/y"))
    api.on("/y", reply(503), reply(200, b"at last"))

    assert api.one("get", path="x").payload.read() == b"at last"
    assert [asked.path for asked in api.asked] == ["/x", "/y", "/x", "/y"]


def test_a_permission_in_the_address_of_another_host_is_never_told(api, reply, new_server, caplog):
    other = new_server()
    other.reply = lambda asked: reply(302, b"", (("Location", "/file?signature=se-cret"),))
    api.on("/x", to(reply, 302, f"{other.url}/file?signature=se-cret"))
    connected = api.through(None, other_hosts=["*"], follow_redirects=2, retry={"waits": [0]})

    assert str(connected.error("get", path="x")) == (
        f"GET {other.url}/file failed: it leads on and on; see follow_redirects"
    )
    other.reply = lambda asked: reply(200, b"short", (("Content-Length", "9"), ("Connection", "close")))
    assert connected.error("get", path="x").code == "RemoteProtocol"
    assert "se-cret" not in caplog.text
