"""What a command costs before it does anything: wall time, CPU and memory of the smallest, and its slowest imports."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from measure import RUNNER, in_turn, machine, run, table

EMPTY = "processes:\n  nothing:\n    steps:\n      - message: nothing\n"
STORAGE = (
    "connections:\n  s: {connector: s3, authentication: anonymous, endpoint_url: 'http://127.0.0.1:1'}\n"
    "operations:\n  o: {connector: s3, action: query, object_type: some-bucket}\n" + EMPTY
)
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|(\s*)(\S+)")


def main() -> None:
    """Run the cases and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.yaml").write_text(EMPTY, encoding="utf-8")
        (folder / "storage.yaml").write_text(STORAGE, encoding="utf-8")
        cases = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "--version": (*RUNNER, "--version"),
            "validate, an empty process": (*RUNNER, "validate", "empty.yaml"),
            "validate, with S3": (*RUNNER, "validate", "storage.yaml"),
            "run, an empty process": (*RUNNER, "run", "empty.yaml"),
        }
        found = in_turn({name: partial(run, command, folder) for name, command in cases.items()}, given.rounds)
        imports = _imports(folder)
    print(machine())
    figures = [
        (name, f"{each.wall:.3f}", f"{each.cpu:.3f}", f"{each.memory / 1e6:.0f}") for name, each in found.items()
    ]
    print(table(("command", "wall s", "CPU s", "peak MB"), figures))
    print(table(("package, imported by an empty run", "ms in it alone"), imports))


def _imports(folder: Path) -> list[tuple[str, str]]:
    command = (sys.executable, "-X", "importtime", "-m", "process_runner", "run", "empty.yaml")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    spent: dict[str, int] = {}
    for microseconds, _, _, module in LINE.findall(done.stderr):
        package = module.partition(".")[0]
        spent[package] = spent.get(package, 0) + int(microseconds)
    slowest = sorted(spent.items(), key=lambda each: -each[1])[:12]
    return [(package, f"{microseconds / 1000:.1f}") for package, microseconds in slowest]


if __name__ == "__main__":
    main()
