"""The example runs as the README says."""

import json
import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "example"


def test_the_example_gives_its_notes_back(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "process_runner", "run", str(EXAMPLE), "--json", "--output", str(tmp_path)]
    environment = {**os.environ, "PARROT_FILE": str(tmp_path / "notes.db")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "complete"
    assert sorted(path.read_text() for path in (tmp_path / "notes").iterdir()) == ["Ada", "Grace"]
