"""A listing of very many keys: this project beside other clients, against a server that has its pages ready."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from endless import PAGE, Bucket
from measure import RUNNER, Run, in_turn, machine, run, table
from server import program

HERE = Path(__file__).parent
NAME = "benchmark"
KEYS = {"AWS_ACCESS_KEY_ID": "benchmarkkey", "AWS_SECRET_ACCESS_KEY": "benchmarksecret", "AWS_REGION": "us-east-1"}


def commands(endpoint: str) -> dict[str, tuple[str | Path, ...]]:
    """What each client is told to do."""
    remote = f":s3,provider=Other,env_auth,list_version=2,list_url_encode=true,endpoint='{endpoint}':{NAME}"
    clients = HERE / "clients"
    return {
        "process-runner": (*RUNNER, "run", HERE / "project.yaml", "list", "--json"),
        "obstore": (sys.executable, clients / "obstore_threads.py", "list", "nowhere", NAME),
        "boto3": (sys.executable, clients / "boto3_threads.py", "list", "nowhere", NAME),
        "s5cmd": (program("s5cmd"), "--endpoint-url", endpoint, "ls", f"s3://{NAME}/*"),
        "rclone": (program("rclone"), "lsf", "-R", "--files-only", remote),
    }


def measured(keys: int, rounds: int, chosen: list[str]) -> dict[str, Run]:
    """Medians by client."""
    bucket = Bucket(keys)
    process = multiprocessing.get_context("fork").Process(target=bucket.serve, daemon=True)
    process.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**KEYS, "ENDPOINT": bucket.url, "BUCKET": NAME, "FOLDER": folder}
            cases = {
                name: partial(_case, name, [str(each) for each in command], environment, bucket)
                for name, command in commands(bucket.url).items()
                if not chosen or name in chosen
            }
            return in_turn(cases, rounds)
    finally:
        process.terminate()
        process.join()


def _case(name: str, command: list[str], environment: Mapping[str, str], bucket: Any) -> Run:
    before = bucket.served
    done = run(command, Path(environment["FOLDER"]), environment)
    if (served := bucket.served - before) < bucket.pages:
        raise RuntimeError(f"{name} asked for {served} of {bucket.pages} pages")
    return done


def rows(found: Mapping[str, Run], keys: int) -> Iterator[tuple[str, ...]]:
    """The lines of the table; ratios are to obstore where it ran."""
    other = found.get("obstore")
    for name, each in found.items():
        ratio = f"{each.cpu / other.cpu:.2f}" if other else ""
        cost = f"{1e6 * each.cpu / keys:.1f}"
        yield name, f"{each.wall:.2f}", f"{each.cpu:.2f}", cost, f"{each.memory / 1e6:.0f}", ratio


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000, help=f"rounded up to pages of {PAGE:,}")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--clients", nargs="+", default=[], help="only these")
    parser.add_argument("--serve", action="store_true", help="only serve, for a profile of one client")
    given = parser.parse_args()
    if given.serve:
        bucket = Bucket(given.keys)
        print(bucket.url, os.getpid(), flush=True)
        bucket.serve()
        return
    found = measured(given.keys, given.rounds, given.clients)
    print(f"{machine()}; {given.keys:,} keys in pages of {PAGE:,}")
    print(
        table(("client", "wall s", "CPU s", "CPU us a key", "peak MB", "CPU / obstore"), list(rows(found, given.keys)))
    )


if __name__ == "__main__":
    main()
