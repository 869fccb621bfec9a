"""Who is there: host keys, private keys, passwords and agents."""

import asyncio
import os
import subprocess
import threading

import asyncssh
import pytest

from connector_sdk import ConfigError, ProcessError
from connectors.sftp.ssh.hosts import HostKeys

NOWHERE = "SHA256:0000000000000000000000000000000000000000000"
KEYS = {
    "ed25519": ("-t", "ed25519"),
    "ecdsa": ("-t", "ecdsa"),
    "rsa": ("-t", "rsa", "-b", "2048"),
    "ecdsa in PKCS8": ("-t", "ecdsa", "-m", "PKCS8"),
    "rsa in PKCS8": ("-t", "rsa", "-b", "2048", "-m", "PKCS8"),
    "rsa in PEM": ("-t", "rsa", "-b", "2048", "-m", "PEM"),
    "ed25519 encrypted": ("-t", "ed25519", "-N", "open sesame"),
    "rsa in PKCS8 encrypted": ("-t", "rsa", "-b", "2048", "-m", "PKCS8", "-N", "open sesame"),
}


@pytest.fixture
def fingerprint():
    """The fingerprint of a public key, as ssh-keygen tells it."""

    def told(public):
        told = subprocess.run(["ssh-keygen", "-lf", "-"], input=public, capture_output=True, text=True, check=True)
        return told.stdout.split()[1]

    return told


@pytest.mark.parametrize("kind", KEYS)
def test_private_keys_of_every_kind_log_in(base, made, start_server, new_key, kind):
    private, public = new_key("account", *KEYS[kind])
    own = start_server()
    (own.folder / "authorized").write_text(public)
    passphrase = {"passphrase": "open sesame"} if "encrypted" in kind else {}
    connection = {"port": own.port, "private_key": private, "host_keys": [own.host_key], **passphrase}
    assert made("query", connection=connection) == []


@pytest.mark.parametrize(
    ("more", "setting", "hint"),
    [
        ({"passphrase": "wrong"}, "passphrase", "does not open"),
        ({}, "private_key", "assphrase"),
        ({"private_key": "PuTTY-User-Key-File-3: ssh-ed25519"}, "private_key", "puttygen"),
    ],
)
def test_a_private_key_that_cannot_be_used_is_told_before_anything_is_sent(serve, new_key, more, setting, hint):
    private, _ = new_key("account", "-t", "ed25519", "-N", "open sesame")
    with pytest.raises(ConfigError, match=hint) as caught:
        serve("query", connection={"port": 1, "private_key": private, **more})
    assert caught.value.setting == (setting,)
    assert private.splitlines()[1] not in str(caught.value)


def test_a_key_that_is_not_authorized_stops_the_process(serve, new_key):
    private, _ = new_key("stranger", "-t", "ed25519")
    with pytest.raises(ProcessError, match=r"refused the login of '.*' by private key") as caught:
        serve("query", connection={"private_key": private})
    assert caught.value.code == "LoginRefused"


@pytest.mark.parametrize("form", ["fingerprint", "public key", "known_hosts", "ssh-keygen -l", "keyscan", "hashed"])
def test_the_host_key_may_be_written_in_every_usual_form(made, server, fingerprint, tmp_path, form):
    public = server.host_key
    line = f"[127.0.0.1]:{server.port} {public}"
    (tmp_path / "hashed").write_text(line)
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", tmp_path / "hashed"], check=True, capture_output=True)
    forms = {
        "fingerprint": fingerprint(public),
        "public key": public,
        "known_hosts": line,
        "ssh-keygen -l": f"256 {fingerprint(public)} test (ED25519)",
        "keyscan": f"# 127.0.0.1:{server.port} SSH-2.0-OpenSSH\n{line}\n",
        "hashed": (tmp_path / "hashed").read_text(),
    }
    assert made("query", connection={"host_keys": [forms[form]]}) == []


def test_another_host_key_stops_the_process_and_both_fingerprints_are_named(serve, server, new_key, fingerprint):
    _, other = new_key("other", "-t", "ed25519")
    for entry in (fingerprint(other), other, f"[127.0.0.1]:{server.port} {other}"):
        with pytest.raises(ProcessError) as caught:
            serve("query", connection={"host_keys": [entry]})
        assert caught.value.code == "HostKeyMismatch"
        assert f"proves itself with ssh-ed25519 {fingerprint(server.host_key)}" in str(caught.value)
        assert f"host_keys has {fingerprint(other)}" in str(caught.value)


def test_a_known_host_of_another_name_is_not_this_one(serve, server):
    with pytest.raises(ProcessError) as caught:
        serve("query", connection={"host_keys": [f"elsewhere.example.com {server.host_key}"]})
    assert caught.value.code == "HostKeyMismatch"


def test_the_known_hosts_of_the_user_are_not_read(serve, server, tmp_path, monkeypatch):
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{server.port} {server.host_key}")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ProcessError) as caught:
        serve("query", connection={"host_keys": [NOWHERE]})
    assert caught.value.code == "HostKeyMismatch"


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_fingerprint_may_be_of_any_key_that_the_server_has(made, start_server, new_key, fingerprint, tmp_path, kind):
    keys = {each: new_key(f"host-{each}", *KEYS[each])[1] for each in ("ecdsa", "rsa")}
    own = start_server(more="\n".join(f"HostKey {tmp_path}/host-{each}" for each in keys))
    keys["ed25519"] = own.host_key
    connection = {"port": own.port, "host_keys": [fingerprint(keys[kind])]}
    assert made("query", connection=connection) == []


def test_without_verification_any_key_will_do_and_each_run_warns(made, caplog):
    assert made("query", connection={"host_keys": [], "verify_host_key": False}) == []
    assert "is not asked to prove its host key" in caplog.text


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_an_old_server_needs_legacy_algorithms_and_is_told_so(made, serve, start_server, new_key, tmp_path):
    _, public = new_key("old", "-t", "rsa", "-b", "2048")
    own = start_server(
        more=f"HostKey {tmp_path}/old\nHostKeyAlgorithms ssh-rsa\nKexAlgorithms diffie-hellman-group14-sha1\n"
        "Ciphers aes128-cbc\nMACs hmac-sha1"
    )
    connection = {"port": own.port, "host_keys": [public]}
    with pytest.raises(ProcessError, match="legacy_algorithms: true") as caught:
        serve("query", connection=connection)
    assert caught.value.code == "NoCommonAlgorithm"
    assert made("query", connection={**connection, "legacy_algorithms": True}) == []


def test_compression_works(base, made):
    (base / "a").write_bytes(b"a" * 1_000_000)
    (got,) = made("get", id="a", connection={"compression": True})
    assert got.payload.read() == b"a" * 1_000_000


@pytest.fixture
def agent(server, tmp_path, monkeypatch):
    """An SSH agent that holds the account's key."""
    (tmp_path / "key").write_text(server.key)
    (tmp_path / "key").chmod(0o600)
    socket = str(tmp_path / "agent")
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", socket)
    while subprocess.run(["ssh-add", "-q", tmp_path / "key"], capture_output=True, check=False).returncode:
        assert process.poll() is None
    yield
    process.kill()
    process.wait()


def test_the_agent_is_asked_if_a_setting_says_so(made, serve, agent):
    assert made("query", connection={"private_key": None, "agent": True}) == []
    with pytest.raises(ProcessError) as caught:
        serve("query", connection={"private_key": None, "password": "x"})
    assert caught.value.code == "LoginRefused"


def test_an_agent_that_is_not_there_is_told(serve, monkeypatch, tmp_path):
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "none"))
    with pytest.raises(ProcessError, match="SSH_AUTH_SOCK") as caught:
        serve("query", connection={"private_key": None, "agent": True})
    assert caught.value.code == "NoAgent"


class Passwords(asyncssh.SSHServer):
    """Knows one account; asks for its password, or for an answer to a question."""

    way = "password"

    def password_auth_supported(self):
        return self.way == "password"

    def kbdint_auth_supported(self):
        return self.way == "question"

    def validate_password(self, username, password):
        return (username, password) == ("orders", "secret ünd long")

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "", [("Password:", False)]

    def validate_kbdint_response(self, username, responses):
        return self.validate_password(username, responses[0])


@pytest.fixture
def password_server(base, new_key):
    """A server that takes passwords, which sshd does for root alone; gives the settings of a connection to it."""
    private, public = new_key("password-host", "-t", "ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def start(way):
        kind = type("Server", (Passwords,), {"way": way})
        key = asyncssh.import_private_key(private)
        factory = lambda channel: asyncssh.SFTPServer(channel, chroot=os.fspath(base))  # noqa: E731
        listening = asyncssh.listen("127.0.0.1", 0, server_factory=kind, server_host_keys=[key], sftp_factory=factory)

        async def listen():
            return await listening

        opened.append(asyncio.run_coroutine_threadsafe(listen(), loop).result())
        login = {"user": "orders", "private_key": None, "password": "secret ünd long", "host_keys": [public]}
        return {"port": opened[-1].get_port(), "folder": "/", **login}

    async def stop():
        for each in opened:
            each.close()
            await each.wait_closed()

    opened = []
    yield start
    asyncio.run_coroutine_threadsafe(stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.mark.parametrize("way", ["password", "question"])
def test_a_password_logs_in_and_answers_a_question(base, made, document, password_server, way):
    connection = password_server(way)
    content = os.urandom(1_000_000)
    made("create", document(content, file_name="a"), connection=connection)
    assert (base / "a").read_bytes() == content
    assert made("get", id="a", connection=connection)[0].payload.read() == content


@pytest.mark.parametrize("way", ["password", "question"])
def test_a_wrong_password_stops_the_process_and_is_not_told(serve, password_server, way):
    with pytest.raises(ProcessError, match="by password") as caught:
        serve("query", connection={**password_server(way), "password": "wrong-and-not-to-be-seen"})
    assert caught.value.code == "LoginRefused"
    assert "wrong-and-not-to-be-seen" not in str(caught.value)


@pytest.mark.parametrize("entry", ["nonsense", "MD5:12:34", "host ssh-ed25519", "host ssh-ed25519 !!!", "SHA256:short"])
def test_what_is_no_host_key_is_refused(entry):
    with pytest.raises(ValueError, match="SHA256"):
        HostKeys.of([entry])
