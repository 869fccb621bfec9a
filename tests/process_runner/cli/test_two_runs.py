"""Two runs of one project at once, on one store, inbox and output folder: nothing is lost, nothing done twice."""

import json
import sqlite3
from contextlib import closing

FILES = 60
PROJECT = """\
connections:
  inbox: {connector: disk, folder: inbox}
operations:
  find: {connector: disk, action: query}
  take: {connector: disk, action: move, to: done}
  read: {connector: disk, action: get}
  note: {connector: disk, action: create, if_exists: append, object_type: log}
processes:
  p:
    steps:
      - start: {connection: inbox, operation: find}
      - branch:
          - - decision: {if: "{{ document.index == 1 }}", then: [notify: ready], else: [stop: continue]}
          - - flow_control: {batch: 1}
            - set_properties: {number: "{{ sequence('files') }}"}
            - name: Take
              try_catch:
                try: [{name: Move, connector: {connection: inbox, operation: take}}]
                catch: [{notify: "{{ error.code }}"}, {stop: continue}]
            - name: Read
              connector: {connection: inbox, operation: read}
            - branch:
                - - set_properties: {file_name: "{{ prop.number }}.txt"}
                  - return_documents: taken
                - - message: "{{ document.text }}\\n"
                  - set_properties: {disk.folder: log, disk.file_name: all.txt}
                  - connector: {connection: inbox, operation: note}
"""


def held(store):
    """A store in which nothing can be written."""
    holding = sqlite3.connect(store, isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    return holding


def test_two_runs_at_once_share_a_store_an_inbox_and_an_output_folder(command, started, write, tmp_path):
    for number in range(FILES):
        write(f"inbox/{number:03}.txt", f"content {number}")
    path = write("project.yaml", PROJECT)
    store = f"sqlite:///{tmp_path / 'state.sqlite'}"
    warm = write("warm.yaml", "processes: {w: {steps: [{message: \"{{ sequence('other') }}\"}]}}\n")
    assert command("run", warm, "--store", store).returncode == 0

    with closing(held(tmp_path / "state.sqlite")):
        runs = [started("run", path, "--store", store, "--output", "out", "--json") for _ in range(2)]
        for run in runs:
            assert any("ready" in line for line in run.stderr)
    told = [run.communicate(timeout=120) for run in runs]
    summaries = [json.loads(stdout) for stdout, _ in told]

    assert [each["status"] for each in summaries] == ["complete", "complete"], told
    moved = [step["out"] for each in summaries for step in each["steps"] if step["step"] == "Move"]
    caught = [each["failures_caught"] for each in summaries]
    assert sum(moved) == FILES
    assert [one + other for one, other in zip(moved, caught, strict=True)] == [FILES, FILES]
    contents = {f"content {number}" for number in range(FILES)}
    assert {each.read_text() for each in (tmp_path / "inbox" / "done").iterdir()} == contents
    assert sorted((tmp_path / "inbox" / "log" / "all.txt").read_text().splitlines()) == sorted(contents)
    assert list((tmp_path / "inbox").glob("*.txt")) == []
    assert sum(each["returned"].get("taken", 0) for each in summaries) == FILES
    assert {each.read_text() for each in (tmp_path / "out" / "taken").iterdir()} == contents
    assert summaries[0]["started"] < summaries[1]["ended"]
    assert summaries[1]["started"] < summaries[0]["ended"]
