"""The connection: what it refuses, what it offers, and what it leaves alone."""

import os
import subprocess
import sys
import threading

import pytest

from connector_sdk import ConfigError, ProcessError, Request, SettingsError
from connectors.sftp import CONNECTOR

VALID = {"host": "h", "user": "u", "password": "p", "host_keys": ["SHA256:0000000000000000000000000000000000000000000"]}


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"host_keys": []}, "ssh-keyscan -p 22 h"),
        ({"host_keys": ["nonsense"]}, "is no host key"),
        ({"host_keys": ["# a remark\n"]}, "ssh-keyscan"),
        ({"password": None}, "set password, private_key or agent"),
        ({"passphrase": "x"}, "private_key, which is not set"),
        ({"port": 0}, "at least 1"),
        ({"folder": ""}, "at least 1 character"),
        ({"max_connections": 0}, "at least 1"),
    ],
)
def test_settings_that_cannot_work_are_refused(change, hint):
    CONNECTOR.connection.load(VALID)
    with pytest.raises(SettingsError, match=hint):
        CONNECTOR.connection.load({**VALID, **change})


def test_opening_reaches_out_to_nobody_and_starts_nothing(within):
    before = threading.active_count()
    connection = CONNECTOR.connection.load({**VALID, "host": "no-such-host.invalid"})
    connection.close(connection.open(within))
    assert threading.active_count() == before


def test_importing_the_connector_loads_no_library():
    program = "import sys, connectors.sftp; print({'asyncssh', 'asyncio', 'cryptography'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_without_the_library_the_line_to_type_is_told(within, monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    for name in [each for each in sys.modules if each.startswith("connectors.sftp.ssh.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ConfigError, match=r"pip install 'process-runner\[sftp\]'"):
        CONNECTOR.connection.load(VALID).open(within)


def test_browse_lists_sub_folders_and_no_files(base, client):
    (base / "in/today").mkdir(parents=True)
    (base / "out").mkdir()
    (base / "file").write_bytes(b"")
    opened = client()
    assert list(CONNECTOR.connection.load(VALID).browse(opened)) == ["in", "in/today", "out"]


def test_create_folder_makes_it(base, made):
    folder = f"{base}/new/folder"
    assert made("query", connection={"folder": folder, "create_folder": True}) == []
    assert os.path.isdir(folder)
    assert made("query", connection={"folder": folder, "create_folder": True}) == []


def test_a_folder_without_a_slash_begins_where_the_account_lands(base, made, start_server):
    (base / "sub").mkdir()
    (base / "sub/a").write_bytes(b"")
    own = start_server(options=f"-d {base}")
    (found,) = made("query", connection={"port": own.port, "folder": "sub"})
    assert found.tracked["sftp.path"] == "a"
    (found,) = made("query", connection={"port": own.port, "folder": "."}, pattern="*/*")
    assert found.tracked["sftp.path"] == "sub/a"


def test_the_root_may_be_the_folder(base, made):
    (base / "a").write_bytes(b"a")
    assert made("get", id=f"{base}/a"[1:], connection={"folder": "/"})[0].payload.read() == b"a"


@pytest.mark.parametrize("name", ["missing", "file", "file/sub"])
def test_a_folder_that_cannot_be_stops_the_process(base, serve, name):
    (base / "file").write_bytes(b"")
    with pytest.raises(ProcessError, match="the folder") as caught:
        serve("query", connection={"folder": f"{base}/{name}"})
    assert caught.value.code == "NoFolder"


def test_every_client_gives_its_descriptors_and_threads_back(base, client, made):
    made("query")
    before = len(os.listdir("/dev/fd")), threading.active_count()
    for _ in range(3):
        made("query")
    assert (len(os.listdir("/dev/fd")), threading.active_count()) == before


def test_a_client_can_be_closed_twice(client, within, document):
    opened = client()
    query = CONNECTOR.actions["query"]()
    assert list(query.execute(opened, Request(document(), "sftp", within, {}, frozenset(query.sets)))) == []
    opened.close()
    opened.close()


def test_secrets_are_not_shown():
    secret = {"password": "not-to-be-seen", "private_key": "nor-this", "passphrase": "nor-that"}
    shown = repr(CONNECTOR.connection.load({**VALID, **secret}))
    assert not [each for each in secret.values() if each in shown]


@pytest.mark.parametrize("action", sorted(CONNECTOR.actions))
def test_every_setting_is_described_in_its_schema(action):
    schema = CONNECTOR.actions[action].json_schema()
    assert all(each["description"] for each in schema.get("properties", {}).values())
