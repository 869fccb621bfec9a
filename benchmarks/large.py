"""One large object up and down: this project beside every client that could do it instead."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import RUNNER, Run, in_turn, machine, run, table
from objects import HERE, Command, case, commands, write
from server import served

OTHERS = ("up", "down")
ACTIONS = (*OTHERS, "across")
WHEN_READ = "process-runner, when read"
COPIES = 4
"""The file, the object, its parts in the server, and what a client fetches."""
MIB = 1 << 20


def measured(size: int, rounds: int, chosen: list[str], place: Path | None) -> dict[str, dict[str, Run]]:
    """Medians by action and client; `size` is bytes, and `place` a folder for all files where memory is too small."""
    with served(place) as (environment, folder):
        _look_for_room(folder, size)
        source, target, temporary = (folder / name for name in ("files", "fetched", "temporary"))
        for each in (source, temporary):
            each.mkdir()
        write(source / "large.bin", size)
        found = {}
        for action in ACTIONS:
            files = source if action == "up" else target
            own = {**environment, "FOLDER": str(files), "TMPDIR": str(temporary)}
            cases = {
                name: partial(_case, command, own, action, files)
                for name, command in _known(action, files, environment["ENDPOINT"]).items()
                if name in chosen or (not chosen and name != "boto3_threads")  # it holds the object in memory
            }
            found[action] = in_turn(cases, rounds)
        return found


def _case(command: Command, environment: dict[str, str], action: str, files: Path) -> Run:
    """One run of a client, for whom the server has hashed the object: it does when it is first asked, and forgets.

    What the run before wrote is on its disk by then.
    """
    if action != "up":
        run((*RUNNER, "run", str(HERE / "project.yaml"), "list", "--json"), HERE, environment)
    os.sync()
    return case(command, environment, action, files, 1)


def _known(action: str, files: Path, endpoint: str) -> dict[str, Command]:
    """What each client is told to do; nobody else takes an object across, through the machine and not in the store."""
    known = commands(action, files, endpoint) if action in OTHERS else {}
    if action != "up":
        known[WHEN_READ] = (*RUNNER, "run", HERE / "large.yaml", action, "--json")
    return known


def _look_for_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if folder.is_relative_to("/dev/shm"):  # says what it may hold, and not what the machine has
        free = min(free, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    if free < COPIES * size:
        raise SystemExit(
            f"{folder} has room for {free / 1e9:.0f} GB and {COPIES * size / 1e9:.0f} are needed; try --in"
        )


def rows(found: dict[str, dict[str, Run]], size: int) -> Iterator[tuple[str, ...]]:
    """The lines of the table."""
    for action, runs in found.items():
        for name, each in runs.items():
            rate = f"{size / MIB / each.wall:,.0f}"
            yield action, name, f"{each.wall:.2f}", rate, f"{each.cpu:.2f}", f"{each.memory / 1e6:.0f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5 << 30, help="bytes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", nargs="+", default=[], help="only these")
    parser.add_argument("--in", dest="place", type=Path, help="a folder for the files instead of memory")
    given = parser.parse_args()
    if given.place:
        tempfile.tempdir = str(given.place)
    found = measured(given.size, given.rounds, given.clients, given.place)
    print(f"{machine()}; one object of {given.size / MIB:,.0f} MiB; rclone's server")
    headings = ("", "client", "wall s", "MiB/s", "CPU s", "peak MB")
    print(table(headings, list(rows(found, given.size))))


if __name__ == "__main__":
    main()
