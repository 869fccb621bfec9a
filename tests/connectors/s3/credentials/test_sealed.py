"""The cache across runs: it saves requests, and gives nothing away."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.s3.connection import S3Connection
from connectors.s3.credentials import session

Connecting = Callable[..., S3Connection]


def access_key(connection: S3Connection, clock: Any) -> str:
    key = session(connection, clock).get_credentials().get_frozen_credentials().access_key
    return str(key)


@pytest.fixture
def folder(own_environment: Path) -> Path:
    return own_environment / "cache" / "process-runner" / "roles-anywhere"


def test_later_runs_share_the_credentials_until_under_60_seconds_are_left(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any
) -> None:
    assert [access_key(connecting(ec_workload), clock) for _ in range(3)] == ["ASIA1"] * 3
    clock.move(minutes=59)
    assert access_key(connecting(ec_workload), clock) == "ASIA1"
    clock.move(seconds=1)
    assert access_key(connecting(ec_workload), clock) == "ASIA2"
    assert len(service.bodies) == 2


@pytest.mark.parametrize(
    "setting",
    [{"role_arn": "arn:aws:iam::1:role/other"}, {"session_name": "s"}, {"duration": 900}, {"profile_arn": "p"}],
)
def test_other_settings_mean_other_credentials(
    connecting: Connecting, ec_workload: Any, clock: Any, setting: dict[str, Any]
) -> None:
    assert access_key(connecting(ec_workload), clock) == "ASIA1"
    assert access_key(connecting(ec_workload, **setting), clock) == "ASIA2"
    assert access_key(connecting(ec_workload), clock) == "ASIA1"


def test_another_certificate_means_other_credentials(
    connecting: Connecting, ec_workload: Any, issuing: Any, authority: Any, clock: Any
) -> None:
    assert access_key(connecting(ec_workload), clock) == "ASIA1"
    assert access_key(connecting(issuing("renewed", ec_workload.key, authority)), clock) == "ASIA2"


def test_the_file_is_the_users_alone_and_shows_nothing(
    connecting: Connecting, ec_workload: Any, clock: Any, folder: Path
) -> None:
    access_key(connecting(ec_workload), clock)
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    shown = file.read_bytes() + file.name.encode()
    assert not [word for word in (b"ASIA1", b"secret-of-1", b"token-of-1", b"role/r") if word in shown]


def test_the_file_is_useless_without_the_private_key(
    connecting: Connecting, ec_workload: Any, issuing: Any, authority: Any, clock: Any, folder: Path
) -> None:
    access_key(connecting(ec_workload), clock)
    (stolen,) = folder.iterdir()
    content = stolen.read_bytes()
    thief = issuing("thief", ec.generate_private_key(ec.SECP256R1()), authority)
    assert access_key(connecting(thief), clock) == "ASIA2"
    for file in folder.iterdir():
        file.write_bytes(content)
    assert access_key(connecting(thief), clock) == "ASIA3"


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x00" * 5000])
def test_a_broken_file_counts_as_absent_and_is_replaced(
    connecting: Connecting, ec_workload: Any, clock: Any, folder: Path, content: bytes
) -> None:
    access_key(connecting(ec_workload), clock)
    (file,) = folder.iterdir()
    file.write_bytes(content)
    assert [access_key(connecting(ec_workload), clock) for _ in range(2)] == ["ASIA2", "ASIA2"]


def test_a_folder_that_others_can_read_is_not_used(
    connecting: Connecting, ec_workload: Any, clock: Any, folder: Path
) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    assert [access_key(connecting(ec_workload), clock) for _ in range(2)] == ["ASIA1", "ASIA2"]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("home", ["relative/path", "/dev/null/nowhere"])
def test_without_a_place_for_a_cache_everything_still_works(
    connecting: Connecting, ec_workload: Any, clock: Any, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    assert [access_key(connecting(ec_workload), clock) for _ in range(2)] == ["ASIA1", "ASIA2"]
    assert not Path(home).exists()


def test_runs_that_write_at_once_leave_one_whole_file(
    connecting: Connecting, ec_workload: Any, service: Any, clock: Any, folder: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: access_key(connecting(ec_workload), clock), range(16)))
    asked = len(service.bodies)
    assert len(list(folder.iterdir())) == 1
    access_key(connecting(ec_workload), clock)
    assert len(service.bodies) == asked
