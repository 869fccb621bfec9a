"""SIGINT and SIGTERM leave a clean end: no half object, no orphaned upload, and what was done is told."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from connector_sdk.fault_proxy import FaultProxy, Hold, Rule

UPSERT = "{connector: s3, action: upsert, object_type: dynamic-bucket, part_size: 5}"
UNREACHABLE = "connections:\n  storage: {connector: s3, access_key: a, secret_key: b}\n"
STEPS = (
    "start: passthrough",
    "set_properties: {s3.bucket: interrupted, s3.file_key: big, process.reached: 'yes'}",
    "connector: {connection: storage, operation: store}",
    "message: never",
)


def line_with(run, text):
    """Wait for the line on stderr that holds a text."""
    assert any(text in line for line in run.stderr)


@pytest.fixture
def held_upload(s3, api, process, storage, write, started):
    """A run that stands still in the second part of a multipart upload; its proxy's hold; and the run itself."""
    api.create_bucket(Bucket="interrupted")
    write("big", bytes(20 << 20))
    hold = Hold(threading.Event())
    with FaultProxy(s3, Rule(hold, query="partNumber=2")) as proxy:
        process(*STEPS, components=storage(proxy.url) + f"operations:\n  store: {UPSERT}\n")
        run = started("run", "project.yaml", "--input", "big", "--json")
        assert hold.reached.wait(60)
        yield run, hold


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_an_upload_leaves_nothing_behind(api, held_upload, number):
    run, hold = held_upload
    assert len(api.list_multipart_uploads(Bucket="interrupted")["Uploads"]) == 1

    run.send_signal(number)
    line_with(run, f"{number.name}: ending after what is under way; once more ends at once")
    hold.release.set()
    stdout, stderr = run.communicate(timeout=60)

    assert run.returncode == 130, stderr
    summary = json.loads(stdout)
    assert summary["status"] == "aborted"
    assert [(each["step"], each["in"], each["out"]) for each in summary["steps"]] == [
        ("start", 1, 1),
        ("set_properties", 1, 1),
        ("connector", 1, 0),
        ("message", 0, 0),
    ]
    assert "Uploads" not in api.list_multipart_uploads(Bucket="interrupted")
    assert "Contents" not in api.list_objects_v2(Bucket="interrupted")


def test_a_run_under_nohup_outlives_its_terminal(process, environment, tmp_path, storage):
    wait = storage("http://127.0.0.1:9", retry={"waits": [600]}, connect_timeout=1)
    steps = ("set_properties: {s3.bucket: interrupted, s3.file_key: big}", STEPS[2])
    process(*steps, components=wait + f"operations:\n  store: {UPSERT}\n")
    command = ["nohup", sys.executable, "-m", "process_runner", "run", "project.yaml", "--json"]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    run = subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **pipes)
    line_with(run, "600")
    run.send_signal(signal.SIGHUP)
    run.send_signal(signal.SIGTERM)
    stdout, stderr = run.communicate(timeout=60)
    assert (run.returncode, json.loads(stdout)["status"]) == (130, "aborted"), stderr
    assert "SIGTERM: ending" in stderr
    assert "SIGHUP" not in stderr


def test_a_second_signal_ends_at_once(held_upload):
    run, hold = held_upload
    run.send_signal(signal.SIGINT)
    line_with(run, "SIGINT: ending")
    run.send_signal(signal.SIGTERM)
    hold.release.set()
    _, stderr = run.communicate(timeout=60)
    assert run.returncode == 130, stderr


def test_a_signal_while_a_retry_waits_does_not_wait_for_it(process, storage, started):
    wait = storage("http://127.0.0.1:9", retry={"waits": [600]}, connect_timeout=1)
    steps = ("set_properties: {s3.bucket: interrupted, s3.file_key: big}", STEPS[2])
    run = started("run", process(*steps, components=wait + f"operations:\n  store: {UPSERT}\n"))
    line_with(run, "600")
    run.send_signal(signal.SIGTERM)
    stdout, stderr = run.communicate(timeout=60)
    assert run.returncode == 130, stderr
    assert "aborted" in stdout


def test_the_sandbox_of_a_run_ends_with_it(process, started):
    steps = ("set_properties: {s3.bucket: bucket, s3.file_key: key}", STEPS[2])
    components = f"{UNREACHABLE}operations:\n  store: {UPSERT}\n"
    run = started("run", process(*steps, components=components), "--sandbox", "--json")
    stdout, stderr = run.communicate(timeout=60)
    assert run.returncode == 0, stderr
    assert json.loads(stdout)["documents"]["out"] == 1


def test_a_second_signal_ends_a_run_whose_threads_wait_for_an_answer(process, storage, started, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = storage(f"http://127.0.0.1:{silent.getsockname()[1]}", read_timeout=300)
        fetch = "operations:\n  fetch: {connector: s3, action: get, object_type: acme-bucket}\n"
        call = "connector: {connection: storage, operation: fetch, concurrency: 2, parameters: {id: k}}"
        run = started("run", process("start: {documents: [a, b]}", call, components=slow + fetch))
        silent.settimeout(60)
        with silent.accept()[0]:
            run.send_signal(signal.SIGINT)
            line_with(run, "SIGINT: ending")
            run.send_signal(signal.SIGINT)
            _, stderr = run.communicate(timeout=20)
    assert run.returncode == 130, stderr
    assert list((tmp_path / "crashes").iterdir()) == []


@pytest.fixture
def group(tmp_path, environment):
    """Start a run in a process group of its own, as a service manager does; what is left of the group is killed."""
    leaders = []

    def start(*arguments):
        leader = subprocess.Popen(
            [sys.executable, "-m", "process_runner", *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        leaders.append(leader)
        return leader

    yield start
    for leader in leaders:
        for member in members(leader.pid):
            os.kill(member, signal.SIGKILL)
        leader.communicate()


def members(group):
    """Who is alive in a process group."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = stat.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state != "Z":
            alive.append(int(stat.parent.name))
    return alive


def until(holds, seconds=60):
    """Wait until something holds."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        assert time.monotonic() < deadline
        pause.wait(0.05)


WORKING = ("start: {documents: [a, b]}", "flow_control: {processes: 2}", "notify: 'begun {{ document.text }}'")
WAITING = "try_catch: {try: [{exception: x}], retry: 1, waits: [600]}"


def begun(leader):
    """Read the log of a run until both of its workers are at it."""
    told = ""
    while "begun a" not in told or "begun b" not in told:
        line = leader.stderr.readline()
        assert line, told
        told += line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_whole_group_ends_a_run_with_workers_like_any_other(group, process, number):
    leader = group("run", process(*WORKING, WAITING), "--json")
    begun(leader)
    os.killpg(leader.pid, number)
    stdout, stderr = leader.communicate(timeout=60)
    assert leader.returncode == 130, stderr
    assert json.loads(stdout)["status"] == "aborted"
    assert "WorkerDied" not in stdout
    until(lambda: not members(leader.pid))


@pytest.mark.parametrize("pause", range(6))
def test_a_signal_to_the_whole_group_while_workers_start_ends_the_run_as_well(group, process, pause):
    leader = group("run", process(*WORKING, WAITING))
    until(lambda: len(members(leader.pid)) > 1)
    threading.Event().wait(pause * 0.1)  # any moment between the start of the first worker and its work
    os.killpg(leader.pid, signal.SIGTERM)
    stdout, stderr = leader.communicate(timeout=60)
    assert leader.returncode == 130, stdout + stderr
    assert "WorkerDied" not in stdout


@pytest.mark.parametrize(
    "rest",
    [
        (WAITING,),
        ("decision: {if: \"{{ document.text == 'a' }}\", then: [" + "{" + WAITING + "}" + "]}",),
        ("flow_control: {processes: 1}", WAITING),
        ("process_call: {process: p2, wait: false}",),
    ],
    ids=["all of them at work", "one of them idle", "workers of workers", "beside the last batch"],
)
def test_workers_do_not_outlive_a_parent_that_is_killed(group, process, rest):
    path = process(*WORKING, *rest)
    with open(path, "a") as stream:
        stream.write(f"  p2:\n    steps:\n      - start: passthrough\n      - {WAITING}\n")
    leader = group("run", path, "p")
    begun(leader)
    assert len(members(leader.pid)) > 2
    os.kill(leader.pid, signal.SIGKILL)
    until(lambda: not members(leader.pid))
