"""Servers that lack something: read-only ones, ones without extensions, full ones."""

import os
import resource

import pytest

from connector_sdk.checks import verify
from connectors.sftp import CONNECTOR

POLICIES = ["overwrite", "unique", "fail"]


@pytest.fixture
def plain(start_server):
    """A server without the extensions of OpenSSH."""
    return {"port": start_server(options="-P posix-rename,hardlink,statvfs,limits").port}


@pytest.mark.parametrize("if_exists", POLICIES)
def test_files_are_created_without_extensions(base, made, document, plain, if_exists):
    content = os.urandom(2_000_000)
    (answer,) = made("create", document(content, file_name="a"), if_exists=if_exists, connection=plain)
    assert os.listdir(base) == ["a"]
    assert (base / "a").read_bytes() == content
    assert made("get", answer, connection=plain)[0].payload.read() == content


def test_files_are_replaced_without_extensions_and_none_is_left_aside(base, made, document, plain):
    (base / "a").write_bytes(b"old")
    made("create", document(b"new", file_name="a"), connection=plain)
    (base / "b").write_bytes(b"newer")
    made("move", id="b", to=".", file_name="a", if_exists="overwrite", connection=plain)
    assert os.listdir(base) == ["a"]
    assert (base / "a").read_bytes() == b"newer"


def test_names_that_are_taken_are_kept_without_extensions(base, made, code, document, plain):
    (base / "a").write_bytes(b"old")
    (base / "b").write_bytes(b"other")
    assert code("create", document(b"new", file_name="a"), if_exists="fail", connection=plain) == "FileExists"
    assert code("move", id="b", to=".", file_name="a", connection=plain) == "FileExists"
    made("create", document(b"new", file_name="a"), if_exists="unique", connection=plain)
    assert {each.name: each.read_bytes() for each in base.iterdir()} == {"a": b"old", "a-1": b"new", "b": b"other"}


def verdicts(settings, within, **more):
    connection = CONNECTOR.connection.load(settings(**more))
    return [(each.layer, each.outcome, each.text) for each in verify(connection, within)]


def test_the_checks_prove_every_layer_and_leave_nothing_behind(base, settings, within, server):
    settings_layer, network, credentials, *rest = verdicts(settings, within)
    assert settings_layer == ("settings", "proven", "the settings are valid")
    assert network[:2] == ("network", "proven")
    assert network[2].startswith(f"127.0.0.1:{server.port} answers as SSH-2.0-OpenSSH_")
    assert credentials[:2] == ("credentials", "proven")
    assert "is one of host_keys" in credentials[2]
    assert rest == [
        ("permission", "proven", f"{base} is readable (0 entries)"),
        ("permission", "proven", f"files can be made in {base} and removed"),
        ("capability", "proven", "files are replaced in one step (posix-rename@openssh.com)"),
        ("capability", "proven", "of two writers one gets a name (hardlink@openssh.com)"),
    ]
    assert os.listdir(base) == []


def test_the_checks_say_what_a_server_lacks(settings, within, plain):
    *_, replaces, links = verdicts(settings, within, **plain)
    assert replaces[:2] == links[:2] == ("capability", "limited")
    assert "posix-rename@openssh.com" in replaces[2]
    assert "hardlink@openssh.com" in links[2]


def test_a_read_only_server_serves_what_reads_and_is_told_as_a_limit(base, settings, within, start_server, made, code):
    (base / "a").write_bytes(b"a")
    connection = {"port": start_server(options="-R").port}
    assert made("get", *made("query", connection=connection), connection=connection)[0].payload.read() == b"a"
    for action, options in (("create", {}), ("delete", {"id": "a"}), ("move", {"id": "a", "to": "done"})):
        assert code(action, connection=connection, **options) == "PermissionDenied"
    told = verdicts(settings, within, **connection)
    assert [each[:2] for each in told][3:5] == [("permission", "proven"), ("permission", "limited")]
    assert "is not writable" in told[4][2]


def test_each_layer_that_fails_is_named(settings, within, start_server, tmp_path):
    gone = start_server()
    gone.stop()
    failed = [each for each in verdicts(settings, within, port=gone.port) if each[1] == "failed"]
    assert [each[0] for each in failed] == ["network"]
    failed = [each for each in verdicts(settings, within, user="nobody-at-all") if each[1] == "failed"]
    assert [each[0] for each in failed] == ["credentials"]
    failed = [each for each in verdicts(settings, within, folder=f"{tmp_path}/missing") if each[1] == "failed"]
    assert [each[0] for each in failed] == ["permission"]
    assert "create_folder" in failed[0][2]


@pytest.mark.parametrize("if_exists", [*POLICIES, "append"])
def test_a_file_that_may_not_grow_fails_its_document_and_leaves_no_half(base, code, document, start_server, if_exists):
    (base / "log").write_bytes(b"kept")

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    own = start_server(arguments={"preexec_fn": limited, "restore_signals": False})
    wanted = document(b"x" * 3_000_000, file_name="log" if if_exists != "fail" else "other")
    assert code("create", wanted, if_exists=if_exists, connection={"port": own.port}) == "ServerFailure"
    assert {each.name: each.read_bytes() for each in base.iterdir()} == {"log": b"kept"}


def test_a_server_that_changes_no_permissions_still_takes_files(base, made, code, document, start_server):
    (base / "a").write_bytes(b"old")
    (base / "a").chmod(0o606)
    connection = {"port": start_server(options="-P setstat,fsetstat").port}
    made("create", document(b"new", file_name="a"), connection=connection)
    assert (base / "a").read_bytes() == b"new"
    assert (base / "a").stat().st_mode & 0o022 == 0
    assert code("create", document(b"x", file_name="b"), mode="666", connection=connection) == "PermissionDenied"
    assert os.listdir(base) == ["a"]
