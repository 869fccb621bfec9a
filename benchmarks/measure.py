"""Measuring whole commands: wall time, CPU time and peak memory of each, in rounds, as medians."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNNER = (sys.executable, "-m", "process_runner")
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Bytecode is kept, as for any installed package: where it is not, the runner is compiled anew each time."""


@dataclass(frozen=True)
class Run:
    """One finished command: seconds and bytes."""

    wall: float
    cpu: float
    memory: int


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end; CalledProcessError if it fails."""
    with tempfile.TemporaryFile() as said:  # whoever read a pipe meanwhile would take of the time that it measures
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **COMPILED, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            error = subprocess.CalledProcessError(process.returncode, command)
            said.seek(0)
            error.add_note(said.read().decode()[-2000:])
            raise error
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def in_turn(cases: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, Run]:
    """Every case once a round, after a round that does not count; the median of each figure."""
    found: dict[str, list[Run]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, case in cases.items():
            measured = case()
            if number:
                found[name].append(measured)
    return {name: _median(runs) for name, runs in found.items()}


def machine() -> str:
    """One line about the machine."""
    cores = len(os.sched_getaffinity(0))
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        statistics.median(each.wall for each in runs),
        statistics.median(each.cpu for each in runs),
        int(statistics.median(each.memory for each in runs)),
    )
