import pickle
import sqlite3
import stat
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from connector_sdk import ProcessError
from process_runner.store import State, default_url


def test_the_file_and_its_folder_are_for_this_user_alone(tmp_path):
    path = tmp_path / "state" / "process-runner" / "a.sqlite"
    state = State(f"sqlite:///{path}")
    state.number("n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for beside in path.parent.glob("a.sqlite-*"):
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    state.close()


def test_the_default_file_differs_for_projects_of_the_same_name(tmp_path):
    one, two = (default_url(tmp_path / each / "orders", str(tmp_path / "state")) for each in "ab")
    assert one != two
    assert one.startswith(f"sqlite:///{tmp_path}/state/process-runner/orders-")


def test_without_a_state_folder_in_the_environment_the_users_home_holds_it(tmp_path):
    assert default_url(tmp_path, "").startswith(f"sqlite:///{Path.home()}/.local/state/")


def test_odd_characters_of_a_project_do_not_end_up_in_the_url(tmp_path):
    folder = tmp_path / "orders? #1 100%"
    url = default_url(folder, str(tmp_path / "state"))
    assert "/orders-1-100-" in url
    state = State(url)
    assert state.number("n") == 1
    state.close()
    (kept,) = (tmp_path / "state" / "process-runner").glob("*.sqlite")
    assert url.endswith(kept.name)


def test_a_user_without_a_home_needs_one_only_when_something_is_kept(tmp_path, monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    state = pickle.loads(pickle.dumps(State(partial(default_url, tmp_path, ""))))
    with pytest.raises(ProcessError, match="there is no home folder to keep state in; set XDG_STATE_HOME"):
        state.number("n")


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "a.sqlite"
    state = State(f"sqlite:///{path}")
    state.number("n")
    state.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()

    with pytest.raises(ProcessError, match=r"a\.sqlite has version 99, this runner knows up to 1; upgrade"):
        State(f"sqlite:///{path}").number("n")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("state.sqlite", "the store is chosen by a URL; known: sqlite:///PATH and postgresql://"),
        ("mysql://host/db", "no store of the kind 'mysql'; known: sqlite:///PATH"),
        ("sqlite://", "names no file; write sqlite:///PATH"),
        ("postgresql://user:p4ssword@host:port/db", "the URL of the store cannot be read"),
        ("sqlite:////proc/nothing/a.sqlite", "cannot be created: No such file or directory"),
    ],
)
def test_a_url_that_cannot_work_says_what_would(url, message):
    with pytest.raises(ProcessError) as caught:
        State(url).number("n")
    assert message in str(caught.value)
    assert "p4ssword" not in str(caught.value)


def test_a_server_that_cannot_be_reached_is_named_without_its_password():
    with pytest.raises(ProcessError) as caught:
        State("postgresql://user:p4ssword@127.0.0.1:9/db").number("n")
    assert "postgresql+psycopg://user:***@127.0.0.1:9/db failed" in str(caught.value)
    assert "p4ssword" not in str(caught.value)


def test_a_file_that_is_no_store_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "a.sqlite"
    path.write_text("these are no tables, and long enough to be read as a header of a database file" * 20)
    with pytest.raises(ProcessError, match=r"a\.sqlite failed: file is not a database"):
        State(f"sqlite:///{path}").number("n")


def test_a_new_file_that_another_run_is_just_writing_is_waited_for(tmp_path):
    path = tmp_path / "a.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE theirs (id)")
    release = threading.Timer(0.5, other.commit)
    release.start()
    state = State(f"sqlite:///{path}")
    assert state.number("n") == 1
    state.close()
    release.join()
    other.close()


def test_a_state_pickles_as_its_url(tmp_path):
    state = State(f"sqlite:///{tmp_path / 'a.sqlite'}")
    state.number("n")
    copy = pickle.loads(pickle.dumps(state))
    assert copy.number("n") == 2
    copy.close()
    state.close()


def test_a_state_that_is_asked_nothing_imports_no_database_library(tmp_path):
    code = (
        "import sys\nfrom process_runner.store import State\n"
        f"State('sqlite:///{tmp_path}/a.sqlite').close()\n"
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert not (tmp_path / "a.sqlite").exists()
