"""Many documents: neither memory nor open files grow with their number."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime

STEPS = """
    - try_catch:
        try:
          - set_properties: {number: "{{ document.index }}"}
          - decision:
              if: "{{ document.index % 10 == 0 }}"
              then:
                - exception: "no {{ document.text }}"
        catch:
          - message: "{{ error.message }}"
    - flow_control: {threads: 2, batch: 500}
    - decision: {if: "{{ document.index % 2 == 0 }}"}
    - stop: continue
"""

NESTED = """
    - try_catch:
        try:
          - try_catch:
              try:
                - process_call: {process: child}
    - stop: continue
  child:
    steps:
    - start: passthrough
    - try_catch:
        try:
          - decision: {if: "{{ document.index % 2 == 0 }}", then: [{exception: no}]}
    - return_documents: back
"""

MEASURED = """
import logging, resource, sys
from pathlib import Path
from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from process_runner import plugins
from process_runner.engine.execution import Execution, Options
from process_runner.language.loader import Source, load

logging.disable()
project = load(Source((Path(sys.argv[1]),)), plugins.load())
documents = (Document(Payload(b"x" * 500)) for _ in range(int(sys.argv[3])))
execution = Execution(project, project.processes["main"], LocalRuntime(Path(sys.argv[2])), Options(documents))
assert execution.run().documents_out == int(sys.argv[3])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_large_group_keeps_few_files_open_and_leaves_none(run):
    most = 0

    class Watching(LocalRuntime):
        def new_path(self) -> Path:
            nonlocal most
            most = max(most, len(os.listdir("/proc/self/fd")))
            return super().new_path()

    before = len(os.listdir("/proc/self/fd"))
    ran = run(STEPS, (Document(Payload(b"x")) for _ in range(12_000)), runtime=Watching)
    assert ran.counts == (12_000, 12_000, 0)
    assert before <= most < before + 30
    assert ran.left_behind == []


@pytest.mark.slow
@pytest.mark.parametrize("steps", [STEPS, NESTED], ids=["blocks in a row", "blocks in blocks, half of them failing"])
def test_memory_does_not_grow_with_the_number_of_documents(tmp_path, steps):
    (tmp_path / "process.yaml").write_text(f"processes:\n  main:\n    steps:\n    - start: passthrough\n{steps}")
    (tmp_path / "temporary").mkdir()
    paths = [str(tmp_path / "process.yaml"), str(tmp_path / "temporary")]

    def kibibytes(count: int) -> int:
        done = subprocess.run([sys.executable, "-c", MEASURED, *paths, str(count)], capture_output=True, check=True)
        return int(done.stdout)

    few, many = kibibytes(20_000), kibibytes(100_000)
    assert many < few * 1.25


def test_groups_that_nobody_needs_any_more_leave_the_disk(run, monkeypatch):
    monkeypatch.setattr("process_runner.engine.group.MOST_DOCUMENTS", 3)
    most = 0

    class Watching(LocalRuntime):
        def new_path(self) -> Path:
            nonlocal most
            most = max(most, len(list(self.folder.iterdir())))
            return super().new_path()

    blocks = ["try_catch: {try: [{notify: x}]}", "decision: {if: false}", "route: {by: x, routes: [{equals: y}]}"]
    steps = "".join(f"- {each}\n" for each in [*blocks, *["set_properties: {x: y}"] * 40])
    ran = run(steps, map(str, range(10)), runtime=Watching)
    assert ran.counts == (10, 10, 0)
    assert 0 < most <= 2 * len(blocks)  # a block keeps what it still needs, a finished step nothing
