"""Documentation as a script: its titled blocks are files, its console blocks are commands with their output."""

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NUMBERS = re.compile(r"\d+\.\d\d( s)?")


@dataclass(frozen=True)
class Block:
    """A fenced block: `title=NAME` in its first line makes it a file, `invalid` says that it must not validate."""

    language: str
    info: str
    text: str

    @property
    def title(self):
        found = re.search(r"title=(\S+)", self.info)
        return found.group(1) if found else None


def blocks(document):
    """The fenced blocks of a Markdown file, in order."""
    return [Block(*found.groups()) for found in BLOCK.finditer((ROOT / document).read_text(encoding="utf-8"))]


class Script:
    """Carries out the blocks of a document in a folder that looks like a clone."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(ROOT / "examples", folder / "examples")
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONPATH": str(folder),
            "AWS_ACCESS_KEY_ID": "example-key",
            "AWS_SECRET_ACCESS_KEY": "example-secret",
            "HOME": str(folder),
            "COLUMNS": "200",
        }

    def carry_out(self, block):
        if block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
            if path.name == "pyproject.toml":
                self._install(block.text)
        is_project = "extensions" not in block.info and not (block.title or "").endswith(".test.yaml")
        if block.language == "yaml" and is_project:
            self._validate(block)
        if block.language == "console":
            self._commands(block)

    def run(self, command):
        return subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def _validate(self, block):
        path = self.folder / (block.title or "block.yaml")
        path.write_text(block.text, encoding="utf-8")
        answer = self.run(f"process-runner validate {path.name}")
        assert answer.returncode == (2 if "invalid" in block.info else 0), answer.stdout + block.text

    def _commands(self, block):
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            line, _, expected = part.partition("\n")
            command, _, remark = line.partition("  # exit ")
            if command.startswith("make "):
                self._check_target(command)
                continue
            answer = self.run(command)
            assert answer.returncode == int(remark or 0), f"{command}\n{answer.stdout}{answer.stderr}"
            told = answer.stdout + ("" if answer.stdout.endswith("problems\n") else problem_count(answer.stderr))
            assert matches(expected, told), f"{command}\nexpected:\n{expected}\ngot:\n{told}"

    def _check_target(self, command):
        known = subprocess.run(
            ["make", "--dry-run", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert known.returncode == 0, known.stderr

    def _install(self, project):
        """What an editable installation leaves behind: the entry points of the package."""
        facts = tomllib.loads(project)["project"]
        place = self.folder / f"{facts['name'].replace('-', '_')}-{facts['version']}.dist-info"
        place.mkdir()
        (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {facts['name']}\nVersion: {facts['version']}\n")
        groups = facts["entry-points"].items()
        lines = [
            line for group, points in groups for line in (f"[{group}]", *(f"{k} = {v}" for k, v in points.items()))
        ]
        (place / "entry_points.txt").write_text("\n".join(lines) + "\n")


def problem_count(stderr):
    """The closing line of `validate`, which goes to stderr."""
    return "".join(line + "\n" for line in stderr.splitlines() if re.fullmatch(r"\d+ problems?", line))


def matches(expected, told):
    """Whether the output is the expected one; `...` on a line of its own stands for any lines, times may differ."""

    def plain(text):
        lines = [NUMBERS.sub("0.00", re.sub(r" +", " ", line)).strip() for line in text.strip().splitlines()]
        return "\n".join(lines)

    pattern = re.escape(plain(expected)).replace(re.escape("..."), ".*")
    return not expected.strip() or re.fullmatch(pattern, plain(told), re.DOTALL) is not None


@pytest.fixture
def script(tmp_path):
    """A folder to carry a document out in."""
    return Script(tmp_path)


@pytest.fixture(scope="session")
def blocks_of():
    """The blocks of a document by its path."""
    return blocks
