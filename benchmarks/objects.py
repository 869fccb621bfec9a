"""Files to objects, objects to files, and listings: this project beside every client that could do it instead."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import RUNNER, Run, in_turn, machine, run, table
from server import BUCKET, program, served

HERE = Path(__file__).parent
SCRIPTS = ("boto3_threads", "boto3_transfer", "obstore_threads")
IN_A_FOLDER = 1_000
"""Files; the server takes the longer for an object the more there are beside it."""
Command = tuple[str | Path, ...]


def commands(action: str, folder: Path, endpoint: str) -> dict[str, Command]:
    """What each client is told to do for `up`, `down` or `list`; files are in `folder`."""
    bucket = f"s3://{BUCKET}"
    known: dict[str, Command] = {"process-runner": (*RUNNER, "run", HERE / "project.yaml", action, "--json")}
    for name in SCRIPTS:
        if action != "list" or name != "boto3_transfer":
            known[name] = (sys.executable, HERE / "clients" / f"{name}.py", action, folder, BUCKET)
    five = (program("s5cmd"), "--endpoint-url", endpoint)
    aws = (program("aws"), "--endpoint-url", endpoint, "s3")
    remote = f":s3,provider=Other,env_auth,endpoint='{endpoint}':{BUCKET}"
    rclone = (program("rclone"), "copy", "--transfers", "8", "--no-check-dest", "--s3-no-check-bucket")
    known |= {
        "s5cmd": {
            "up": (*five, "cp", f"{folder}/", f"{bucket}/"),
            "down": (*five, "cp", f"{bucket}/*", f"{folder}/"),
            "list": (*five, "ls", f"{bucket}/*"),
        }[action],
        "rclone": {
            "up": (*rclone, folder, remote),
            "down": (*rclone, remote, folder),
            "list": (program("rclone"), "lsf", "-R", "--files-only", remote),
        }[action],
        "awscli": {
            "up": (*aws, "cp", "--quiet", "--recursive", folder, bucket),
            "down": (*aws, "cp", "--quiet", "--recursive", bucket, folder),
            "list": (*aws, "ls", "--recursive", bucket),
        }[action],
    }
    return known


def measured(count: int, size: int, rounds: int, chosen: list[str]) -> dict[str, dict[str, Run]]:
    """Medians by action and client; `size` is bytes."""
    with served() as (environment, folder):
        files = folder / "files"
        files.mkdir()
        for number in range(count):
            path = files / f"{number // IN_A_FOLDER:03}" / f"{number:07}.bin"
            path.parent.mkdir(exist_ok=True)
            write(path, size)
        found = {}
        for action in ("up", "down", "list"):
            place = files if action == "up" else folder / "fetched"
            known = commands(action, place, environment["ENDPOINT"])
            cases = {
                name: partial(case, command, {**environment, "FOLDER": str(place)}, action, place, count)
                for name, command in known.items()
                if not chosen or name in chosen
            }
            found[action] = in_turn(cases, rounds)
        return found


def case(command: Command, environment: dict[str, str], action: str, place: Path, count: int) -> Run:
    """One run of a client; `place` is emptied before a download, and holds `count` files after it."""
    if action != "up":
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    done = run([str(each) for each in command], HERE, environment)
    there = sum(len(names) for _, _, names in os.walk(place))
    if action == "down" and there != count:
        raise RuntimeError(f"{command[0]} fetched {there} of {count} objects")
    return done


def write(path: Path, size: int) -> None:
    """Make a file of `size` bytes."""
    block = os.urandom(min(size, 1 << 20))
    with open(path, "wb") as stream:
        for start in range(0, size, len(block) or 1):
            stream.write(block[: size - start])


def rows(found: dict[str, dict[str, Run]]) -> Iterator[tuple[str, ...]]:
    """The lines of the table; ratios are to s5cmd where it ran."""
    for action, runs in found.items():
        other = runs.get("s5cmd")
        for name, each in runs.items():
            ratios = [f"{each.wall / other.wall:.2f}", f"{each.cpu / other.cpu:.2f}"] if other else ["", ""]
            yield action, name, f"{each.wall:.2f}", f"{each.cpu:.2f}", f"{each.memory / 1e6:.0f}", *ratios


def main() -> None:
    """Measure and print; `--save` keeps the figures for the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="objects")
    parser.add_argument("--size", type=int, default=4_096, help="bytes of each")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", nargs="+", default=[], help="only these")
    parser.add_argument("--save", type=Path, help="a file for the figures, as JSON")
    given = parser.parse_args()
    found = measured(given.count, given.size, given.rounds, given.clients)
    print(f"{machine()}; {given.count:,} objects of {given.size:,} bytes; rclone's server, files in memory")
    headings = ("", "client", "wall s", "CPU s", "peak MB", "wall / s5cmd", "CPU / s5cmd")
    print(table(headings, list(rows(found))))
    if given.save:
        figures = {
            action: {name: [each.wall, each.cpu] for name, each in runs.items()} for action, runs in found.items()
        }
        given.save.write_text(json.dumps({"count": given.count, "size": given.size, **figures}), encoding="utf-8")


if __name__ == "__main__":
    main()
