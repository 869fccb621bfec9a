"""Peak memory where there is most of something: documents, keys, bytes. The last column is above a run of nothing."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from engine import PROCESS
from listing import measured as listed
from measure import RUNNER, Run, machine, run, table
from objects import HERE, write
from server import served
from start import EMPTY

MIB = 1 << 20


def main() -> None:
    """Run every case once and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--size", type=int, default=1 << 30, help="bytes of the large object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = _cases(given, folder)
        print(machine())
        print(table(("", "peak MB", "above nothing"), list(_rows(cases))))


def _rows(cases: dict[str, Callable[[], list[Run]]]):
    nothing = 0.0
    for name, case in cases.items():
        peak = max(each.memory for each in case()) / 1e6
        nothing = nothing or peak
        yield name, f"{peak:.0f}", f"{peak - nothing:.0f}"


def _cases(given: argparse.Namespace, folder: Path) -> dict[str, Callable[[], list[Run]]]:
    return {
        "nothing": partial(_nothing, folder),
        f"{given.documents:,} documents through five steps": partial(_engine, folder, given.documents),
        f"{given.keys:,} keys listed": partial(_listing, given.keys),
        f"{given.objects:,} objects of 4 KiB up and down": partial(_objects, given.objects, 4096),
        f"one object of {given.size / MIB:,.0f} MiB up and down": partial(_objects, 1, given.size),
    }


def _nothing(folder: Path) -> list[Run]:
    (folder / "empty.yaml").write_text(EMPTY, encoding="utf-8")
    return [run((*RUNNER, "run", "empty.yaml"), folder)]


def _engine(folder: Path, count: int) -> list[Run]:
    (folder / "process.yaml").write_text(PROCESS, encoding="utf-8")
    with open(folder / "lines.txt", "w", encoding="utf-8") as lines:
        lines.writelines(f"order {number}\n" for number in range(count))
    return [run((*RUNNER, "run", "process.yaml", "--input", "lines.txt", "--json"), folder)]


def _listing(keys: int) -> list[Run]:
    return list(listed(keys, 1, ["process-runner"]).values())


def _objects(count: int, size: int) -> list[Run]:
    with served() as (environment, folder):
        files, fetched = folder / "files", folder / "fetched"
        for each in (files, fetched):
            each.mkdir()
        for number in range(count):
            write(files / f"{number:07}.bin", size)
        return [
            run((*RUNNER, "run", str(HERE / "project.yaml"), action, "--json"), folder, {**environment, "FOLDER": name})
            for action, name in (("up", str(files)), ("down", str(fetched)))
        ]


if __name__ == "__main__":
    main()
