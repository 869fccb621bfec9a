"""The connection: what it proves, what it offers, what it refuses."""

import os

import pluggy
import pytest

import connectors.disk
from connector_sdk import ConfigError, ProcessError
from connector_sdk.hooks import plugin_manager
from connectors.disk import CONNECTOR


@pytest.fixture
def opened(within):
    clients = []

    def open_folder(folder, **settings):
        connection = CONNECTOR.connection(folder=str(folder), **settings)
        clients.append((connection, connection.open(within)))
        return clients[-1]

    yield open_folder
    for connection, client in clients:
        connection.close(client)


def test_the_plugin_hook_brings_the_connector():
    manager = plugin_manager()
    manager.register(connectors.disk)
    assert isinstance(manager, pluggy.PluginManager)
    assert [list(each) for each in manager.hook.connectors()] == [[CONNECTOR]]


def test_the_test_says_what_was_proven(base, opened):
    connection, client = opened(base)
    assert connection.test(client) == f"{str(base)!r} exists and is readable (0 entries) and writable"
    assert os.listdir(base) == []


def test_the_test_tells_a_folder_that_cannot_be_written(others_folder, opened, without_privileges):
    with without_privileges():
        connection, client = opened(others_folder)
        assert "but not writable" in connection.test(client)


def test_a_folder_that_cannot_be_read_any_more_fails_the_test(base, opened):
    connection, client = opened(base)
    base.rmdir()
    with pytest.raises(ProcessError, match="cannot be read"):
        connection.test(client)


def test_browse_lists_sub_folders_and_no_files(base, opened):
    (base / "in/today").mkdir(parents=True)
    (base / "out").mkdir()
    (base / "file").write_bytes(b"")
    connection, client = opened(base)
    assert list(connection.browse(client)) == ["in", "in/today", "out"]


def test_create_folder_makes_it(base, opened):
    opened(base / "new/folder", create_folder=True)
    assert (base / "new/folder").is_dir()


@pytest.mark.parametrize("name", ["missing", "file", "file/sub", "round", "nul\0"])
def test_a_folder_that_cannot_be_is_a_config_error(base, opened, name):
    (base / "file").write_bytes(b"")
    (base / "round").symlink_to("round")
    with pytest.raises(ConfigError) as caught:
        opened(base / name)
    assert caught.value.setting == ("folder",)


@pytest.mark.parametrize("name", ["file", "file/sub"])
def test_create_folder_does_not_replace_a_file(base, opened, name):
    (base / "file").write_bytes(b"")
    with pytest.raises(ConfigError):
        opened(base / name, create_folder=True)
    assert (base / "file").is_file()


def test_every_client_gives_its_descriptor_back(base, within):
    before = len(os.listdir("/dev/fd"))
    connection = CONNECTOR.connection(folder=str(base))
    for _ in range(5):
        connection.close(connection.open(within))
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.parametrize("action", sorted(CONNECTOR.actions))
def test_every_setting_is_described_in_its_schema(action):
    schema = CONNECTOR.actions[action].json_schema()
    assert all(each["description"] for each in schema.get("properties", {}).values())
