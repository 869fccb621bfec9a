import sys

import pytest

from connector_sdk import ConfigError, ProcessError, SettingsError
from connector_sdk.checks import verify
from connectors.http.connection import HttpConnection


def told(api, **settings):
    """Layer and outcome of each check, and the texts of all."""
    connection = HttpConnection.load({"url": api.url, **settings})
    verdicts = list(verify(connection, api.runtime))
    return [(each.layer, each.outcome) for each in verdicts], "\n".join(each.text for each in verdicts)


def test_any_answer_proves_the_network(api):
    assert told(api) == (
        [("settings", "proven"), ("network", "proven")],
        f"the settings are valid\n{api.url} answers (404)",
    )


def test_nobody_there_fails_the_network_after_one_retry(api, free_port):
    outcomes, text = told(api, url=f"http://127.0.0.1:{free_port}", test_path="me")

    assert outcomes == [("settings", "proven"), ("network", "failed"), ("credentials", "not reached")]
    assert "Connect" in text
    assert api.runtime.waits == [1]


def test_the_path_for_tests_proves_the_credentials(api, reply):
    api.on("/me", lambda asked: reply(200 if asked.headers["Authorization"] == "Bearer right" else 401))

    outcomes, text = told(api, authentication="bearer", token="right", test_path="me")

    assert outcomes[-1] == ("credentials", "proven")
    assert text.endswith("me answers 200")
    assert told(api, authentication="bearer", token="wrong", test_path="me")[0][-1] == ("credentials", "failed")


@pytest.mark.parametrize(("status", "words"), [(401, "credentials"), (403, "403"), (404, "test_path"), (503, "503")])
def test_a_path_that_refuses_fails_them(api, reply, status, words):
    api.on("/me", reply(status))

    outcomes, text = told(api, authentication="bearer", token="tok-en", test_path="/me")

    assert outcomes[-1] == ("credentials", "failed")
    assert words in text
    assert "tok-en" not in text


def test_a_granted_token_proves_the_client(api, reply):
    api.on("/token", reply(200, b'{"access_token": "t"}'), reply(400, b'{"error": "invalid_client"}'))
    oauth2 = {"token_url": f"{api.url}/token", "client_id": "c", "client_secret": "s"}

    assert told(api, authentication="oauth2", oauth2=oauth2)[0][-1] == ("credentials", "proven")
    outcomes, text = told(api, authentication="oauth2", oauth2=oauth2)
    assert outcomes[-1] == ("credentials", "failed")
    assert "invalid_client" in text


def test_nothing_is_asked_before_it_is_needed(api):
    connection = HttpConnection.load({"url": api.url})

    connection.close(connection.open(api.runtime))

    assert api.asked == []


def test_proxies_and_passwords_of_the_environment_are_not_used(api, reply, monkeypatch, free_port, tmp_path):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port}")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    api.on("/x", reply(200, b"direct"))

    assert api.one("get", path="x").payload.read() == b"direct"
    assert api.asked[0].headers["Authorization"] is None


def test_a_proxy_that_is_set_gets_every_request_and_its_password(api, reply):
    proxied = api.through("http://api.example:8000", proxy=api.url.replace("http://", "http://me:pass@"))
    api.on("http://api.example:8000/x", reply(200, b"through"))

    assert proxied.one("get", path="x").payload.read() == b"through"
    assert api.asked[0].headers["Proxy-Authorization"] == "Basic bWU6cGFzcw=="
    assert api.asked[0].headers["Host"] == "api.example:8000"


def test_a_proxy_that_refuses_stops_the_process(api, reply):
    api.server.reply = lambda asked: reply(407)

    with pytest.raises(ProcessError, match="proxy"):
        api.through("http://api.example", proxy=api.url).run("get", path="x")


def test_a_proxy_that_will_not_lead_to_a_secure_server_stops_the_process(api, reply):
    api.server.reply = lambda asked: reply(407)

    with pytest.raises(ProcessError, match="the proxy refuses the connection") as raised:
        api.through("https://api.example", proxy=api.url.replace("http://", "http://me:very-secret@")).run(
            "get", path="x"
        )

    assert (raised.value.code, api.runtime.waits) == ("407", [])
    assert "very-secret" not in str(raised.value)
    assert [(asked.method, asked.target) for asked in api.asked] == [("CONNECT", "api.example:443")]


def test_a_proxy_that_cannot_reach_the_server_is_asked_again(api, reply):
    api.server.reply = lambda asked: reply(502)

    error = api.through("https://api.example", proxy=api.url).error("send", path="x")

    assert error.code == "Proxy"
    assert len(api.runtime.waits) == 6


def test_a_proxy_that_is_not_there_is_told_without_its_password(api, free_port):
    error = api.through(None, proxy=f"http://user:very-secret@127.0.0.1:{free_port}").error("get", path="x")

    assert "very-secret" not in str(error)
    assert len(api.runtime.waits) == 6


@pytest.mark.parametrize("proxy", ["ftp://very-secret@x", "very-secret", "http://x:very-secret"])
def test_a_proxy_that_is_none_is_an_error_of_the_setting(api, proxy):
    with pytest.raises(ConfigError) as raised:
        api.through(None, proxy=proxy).run("get")

    assert raised.value.setting == ("proxy",)
    assert "very-secret" not in str(raised.value)


def test_without_its_library_the_connector_says_what_to_install(api, monkeypatch):
    monkeypatch.setitem(sys.modules, "httpx", None)

    with pytest.raises(ConfigError, match=r"pip install 'process-runner\[http\]'"):
        api.run("get")


@pytest.mark.parametrize(
    "settings",
    [
        {"headers": {"X": "a\r\nb"}},
        {"headers": {"Content-Length": "1"}},
        {"secret_headers": {"X": "a\nb"}},
        {"test_path": "../x"},
        {"follow_redirects": 99},
        {"read_timeout": 0},
        {"retry": {"waits": [-1]}},
        {"retry": {"statuses": [42]}},
        {"user_agent": "a\r\nX: y"},
        {"api_key_name": "a b", "authentication": "api_key", "api_key": "x"},
        {"token": "a\r\nX: y", "authentication": "bearer"},
        {"api_key": "a\nb", "authentication": "api_key"},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused(settings):
    with pytest.raises(SettingsError) as raised:
        HttpConnection.load({"url": "https://api.example.com", **settings})

    assert "X: y" not in str(raised.value)


def test_secrets_do_not_show_in_the_connection():
    secrets = {"password": "hush-hush", "username": "hush-hush", "secret_headers": {"X": "hush-hush"}}
    connection = HttpConnection.load({"url": "https://a.example", "authentication": "basic", **secrets})

    assert "hush-hush" not in repr(connection)


def test_two_hosts_may_not_share_a_name_by_its_case(api, reply):
    api.on("/x", reply(200))
    upper = api.through(api.url.replace("127.0.0.1", "LocalHost"))

    assert upper.one("get", path="x").tracked["http.status_code"] == "200"
