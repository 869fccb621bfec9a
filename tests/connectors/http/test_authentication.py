import base64
import hashlib
import json
import re
from urllib.parse import parse_qs

import pytest

from connector_sdk import ApplicationError, ProcessError, SettingsError
from connectors.http.connection import HttpConnection

KEYS = [
    ({"authentication": "basic", "username": "ann", "password": "pass:wörd"}, "Authorization"),
    ({"authentication": "bearer", "token": "tok-en"}, "Authorization"),
    ({"authentication": "api_key", "api_key": "key-value"}, "X-API-Key"),
    ({"authentication": "api_key", "api_key": "key-value", "api_key_name": "X-Other"}, "X-Other"),
]
SENT = ["Basic " + base64.b64encode("ann:pass:wörd".encode()).decode(), "Bearer tok-en", "key-value", "key-value"]


@pytest.mark.parametrize(
    ("settings", "header", "value"), [(*each, sent) for each, sent in zip(KEYS, SENT, strict=True)]
)
def test_credentials_go_into_their_header(api, reply, settings, header, value):
    api.on("/x", reply())

    api.through(None, **settings).one("get", path="x", headers={header: "of the operation"})

    assert api.asked[0].headers.get_all(header) == [value]


def test_an_api_key_in_the_query_is_sent_and_never_shown(api, reply):
    api.on("/x", reply(), reply(404))
    keyed = api.through(None, authentication="api_key", api_key="se cret", api_key_in="query", api_key_name="key")

    found = keyed.one("get", path="x", query={"a": "1"})
    error = keyed.error("get", path="x", query={"a": "1"})

    assert [asked.query for asked in api.asked] == ["a=1&key=se%20cret"] * 2
    assert found.tracked["http.url"] == f"{api.url}/x?a=1"
    assert str(error) == f"GET {api.url}/x?a=1 failed: 404 Not Found"


def test_refused_credentials_stop_the_process(api, reply):
    api.on("/x", reply(401, b"who is tok-en?", (("Content-Type", "text/plain"),)))

    with pytest.raises(ProcessError) as raised:
        api.through(None, authentication="bearer", token="tok-en").run("get", path="x")

    assert raised.value.code == "401"
    assert str(raised.value) == (
        f"GET {api.url}/x failed: 401 Unauthorized: who is ***?; the server refuses the connection's credentials"
    )
    assert len(api.asked) == 1


def test_a_401_without_credentials_concerns_the_document(api, reply):
    api.on("/x", reply(401))

    assert type(api.error("get", path="x")) is ApplicationError


def test_what_is_forbidden_concerns_the_document(api, reply):
    api.on("/x", reply(403))

    error = api.through(None, authentication="bearer", token="tok-en").error("get", path="x")

    assert (type(error), error.code) == (ApplicationError, "403")


@pytest.mark.parametrize("authentication", ["basic", "digest", "bearer", "api_key", "oauth2"])
def test_authentication_says_what_it_needs(authentication):
    with pytest.raises(SettingsError, match=f"authentication {authentication} needs the setting"):
        HttpConnection.load({"url": "https://api.example.com", "authentication": authentication})


class Digest:
    """A server's side of RFC 7616 with MD5, each nonce good for two requests."""

    def __init__(self, reply):
        self.reply = reply
        self.nonces = {}

    def __call__(self, asked):
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', asked.headers["Authorization"] or ""))
        if self.nonces.get(given.get("nonce"), 0) and given["response"] == self.expected(given, asked):
            self.nonces[given["nonce"]] -= 1
            return self.reply(200, asked.body)
        nonce = f"nonce{len(self.nonces)}"
        self.nonces[nonce] = 2
        return self.reply(
            401, b"", (("WWW-Authenticate", f'Digest realm="r", qop="auth", nonce="{nonce}", algorithm=MD5'),)
        )

    def expected(self, given, asked):
        one = hashlib.md5(b"ann:r:secret").hexdigest()
        two = hashlib.md5(f"{asked.method}:{asked.target}".encode()).hexdigest()
        text = f"{one}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{two}"
        return hashlib.md5(text.encode()).hexdigest()


def test_a_digest_challenge_is_answered_and_the_document_sent_again(api, reply, document):
    api.on("/x", Digest(reply))
    connected = api.through(None, authentication="digest", username="ann", password="secret")

    found = connected.all("send", document(b"one"), document(b"two"), document(b"three"), path="x")

    assert [each.payload.read() for each in found] == [b"one", b"two", b"three"]
    assert len(api.asked) == 5


def test_a_wrong_digest_stops_the_process(api, reply, document):
    api.on("/x", Digest(reply))

    with pytest.raises(ProcessError, match="credentials"):
        api.through(None, authentication="digest", username="ann", password="wrong").run("get", path="x")

    assert len(api.asked) == 2


@pytest.mark.parametrize("challenge", ['Digest realm="r", nonce="n", algorithm=FOO', 'Digest nonce="n"'])
def test_a_challenge_that_makes_no_sense_is_told(api, reply, challenge):
    api.on("/x", reply(401, b"", (("WWW-Authenticate", challenge),)))

    with pytest.raises(ProcessError, match="a digest of a kind that is not known"):
        api.through(None, authentication="digest", username="ann", password="secret").run("get", path="x")


@pytest.fixture
def granting(api, reply):
    """An API that wants tokens of its own endpoint; `tokens` is what that one gives, in turn."""

    def grant(*tokens, **settings):
        api.on("/token", *[reply(200, json.dumps(token).encode()) for token in tokens])
        valid = {f"Bearer {token['access_token']}" for token in tokens if token.get("good", True)}
        api.on("/x", lambda asked: reply(200 if asked.headers["Authorization"] in valid else 401))
        oauth2 = {"token_url": f"{api.url}/token", "client_id": "id", "client_secret": "cl&ient secret", **settings}
        return api.through(None, authentication="oauth2", oauth2=oauth2)

    return grant


def test_a_token_is_fetched_once_and_used_until_it_expires(api, granting, document):
    connected = granting({"access_token": "first-token", "expires_in": 3600})

    connected.all("get", *[document() for _ in range(5)], path="x")

    assert [asked.path for asked in api.asked] == ["/token"] + ["/x"] * 5
    token = api.asked[0]
    assert token.headers["Authorization"] == "Basic " + base64.b64encode(b"id:cl%26ient+secret").decode()
    assert parse_qs(token.body.decode()) == {"grant_type": ["client_credentials"]}


def test_the_token_request_can_carry_everything_in_its_body(api, granting):
    settings = {"client_authentication": "body", "scopes": ["a", "b"], "parameters": {"audience": "api"}}
    granting({"access_token": "first-token"}, **settings).one("get", path="x")

    assert api.asked[0].headers["Authorization"] is None
    assert parse_qs(api.asked[0].body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["id"],
        "client_secret": ["cl&ient secret"],
        "scope": ["a b"],
        "audience": ["api"],
    }


def test_a_token_near_its_end_is_renewed_before_it_is_refused(api, granting, document):
    connected = granting({"access_token": "first-token", "expires_in": 0}, {"access_token": "second-token"})

    connected.all("get", document(), document(), document(), path="x")

    assert [asked.path for asked in api.asked] == ["/token", "/x", "/token", "/x", "/x"]
    assert api.asked[3].headers["Authorization"] == "Bearer second-token"


def test_a_token_that_is_refused_is_renewed_once(api, granting, document):
    connected = granting({"access_token": "stale-token", "good": False}, {"access_token": "fresh-token"})

    found = connected.one("send", document(b"content"), path="x")

    assert found.tracked["http.status_code"] == "200"
    assert [asked.path for asked in api.asked] == ["/token", "/x", "/token", "/x"]
    assert api.asked[3].body == b"content"


def test_a_second_token_that_is_refused_stops_the_process(api, granting):
    with pytest.raises(ProcessError, match="401"):
        granting({"access_token": "stale-token", "good": False}).run("get", path="x")

    assert [asked.path for asked in api.asked] == ["/token", "/x", "/token", "/x"]


def test_a_client_that_is_refused_is_told_without_its_secret(api, granting, reply):
    connected = granting()
    body = {"error": "invalid_client", "error_description": "no cl&ient secret, no Y2w"}
    api.on("/token", reply(401, json.dumps(body).encode()))

    with pytest.raises(ProcessError) as raised:
        connected.run("get", path="x")

    assert str(raised.value) == (
        f"POST {api.url}/token failed: 401: invalid_client: no ***, no Y2w; "
        "there is no token: correct the settings of oauth2"
    )


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b'{"access_token": 7}', b'{"access_token": "a\\nb"}'])
def test_an_answer_without_a_token_stops_the_process(api, granting, reply, body):
    connected = granting()
    api.on("/token", reply(200, body))

    with pytest.raises(ProcessError, match="token"):
        connected.run("get", path="x")


def test_a_token_endpoint_that_is_busy_is_asked_again(api, granting, reply):
    connected = granting({"access_token": "first-token"})
    api.server.replies["/token"].insert(0, reply(503))

    connected.one("get", path="x")

    assert [asked.path for asked in api.asked] == ["/token", "/token", "/x"]
    assert api.runtime.waits == [1]


def test_a_token_shows_nowhere(api, granting, reply):
    connected = granting({"access_token": "first-token"})
    api.on("/x", lambda asked: reply(400, asked.headers["Authorization"].encode(), (("Content-Type", "text/plain"),)))

    assert str(connected.error("get", path="x")).endswith("400 Bad Request: Bearer ***")


@pytest.mark.parametrize(
    ("settings", "header", "value"), [(*each, sent) for each, sent in zip(KEYS, SENT, strict=True)]
)
def test_a_line_break_at_the_end_of_a_secret_is_none_of_it(api, reply, settings, header, value):
    api.on("/x", reply())
    secrets = {
        name: text + "\n" if name in ("password", "token", "api_key") else text for name, text in settings.items()
    }

    api.through(None, **secrets).one("get", path="x")

    assert api.asked[0].headers[header] == value


def test_threads_share_one_token(api, granting, document):
    from concurrent.futures import ThreadPoolExecutor

    from connector_sdk import Request
    from connectors.http import CONNECTOR
    from connectors.http.get import Get

    connected = granting({"access_token": "stale-token", "good": False}, {"access_token": "fresh-token"})
    connection = CONNECTOR.connection.load({"url": api.url, **connected.settings})
    operation = Get.load({"path": "x"})
    client = connection.open(api.runtime)
    requests = [Request(document(), "http", api.runtime, {}, frozenset(Get.sets)) for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda request: list(operation.execute(client, request)), requests))
    connection.close(client)

    assert [len(documents) for documents in found] == [1] * 40
    assert [asked.path for asked in api.asked].count("/token") == 2
