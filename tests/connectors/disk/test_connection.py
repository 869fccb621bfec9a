"""The connection: what it proves, what it offers, what it refuses."""

import os

import pluggy
import pytest

import connectors.disk
from connector_sdk import ConfigError, ProcessError
from connector_sdk.checks import verify
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


def verdicts(folder, within):
    return [(each.layer, each.outcome, each.text) for each in verify(CONNECTOR.connection(folder=str(folder)), within)]


def test_the_checks_say_what_was_proven_and_leave_nothing_behind(base, within):
    assert verdicts(base, within) == [
        ("settings", "proven", "the settings are valid"),
        ("network", "proven", f"{base} exists and is readable (0 entries)"),
        ("permission", "proven", "files can be made there"),
    ]
    assert os.listdir(base) == []


def test_a_folder_that_cannot_be_written_is_told_as_a_limit(others_folder, within, without_privileges):
    with without_privileges():
        *_, last = verify(CONNECTOR.connection(folder=str(others_folder)), within)
    assert (last.layer, last.outcome) == ("permission", "limited")
    assert "is not writable" in last.text
    assert "query, get and list work" in last.remedy


def test_a_folder_that_is_not_there_fails_the_settings(base, within):
    (verdict,) = verify(CONNECTOR.connection(folder=str(base / "nowhere")), within)
    assert (verdict.layer, verdict.outcome) == ("settings", "failed")
    assert "does not exist" in verdict.text


def test_a_folder_that_cannot_be_read_any_more_fails_its_check(base, opened):
    connection, client = opened(base)
    base.rmdir()
    with pytest.raises(ProcessError, match="cannot be read"):
        next(iter(connection.checks(client))).prove()


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


@pytest.mark.parametrize(
    ("name", "told"),
    [("missing", "does not exist; make it, or set create_folder: true"), ("file", "is a file; name a folder")],
)
def test_a_folder_is_told_by_its_absolute_path_and_by_what_it_is_taken_from(base, opened, monkeypatch, name, told):
    (base / "file").write_bytes(b"")
    monkeypatch.chdir(base)
    with pytest.raises(ConfigError) as relative:
        opened(name)
    assert f"'{base / name}' ('{name}' from the working directory) {told}" in str(relative.value)
    with pytest.raises(ConfigError) as absolute:
        opened(base / name)
    assert f"'{base / name}' {told}" in str(absolute.value)


def test_a_relative_folder_is_taken_from_the_working_directory(base, opened, monkeypatch):
    (base / "sub").mkdir()
    monkeypatch.chdir(base)
    assert opened("sub")[1].base == base / "sub"


def test_a_folder_below_a_users_home_is_found(base, opened, monkeypatch):
    (base / "sub").mkdir()
    monkeypatch.setenv("HOME", str(base))
    assert opened("~/sub")[1].base == base / "sub"
    with pytest.raises(ConfigError, match="no-such-user"):
        opened("~no-such-user/sub")


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
