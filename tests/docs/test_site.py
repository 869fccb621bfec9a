"""The documentation as a site: it builds, every link in it leads somewhere, and it can be searched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = (sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder))
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
    assert (done.returncode, told) == (0, [])
    return folder


def test_every_page_is_there(site):
    for page in (ROOT / "docs").rglob("*.md"):
        name = "index.html" if page.name == "README.md" else f"{page.stem}.html"
        assert (site / page.parent.relative_to(ROOT / "docs") / name).is_file(), page
    assert "Integration processes as code" in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "schemas" / "process.schema.json").read_bytes() == (
        ROOT / "schemas/process.schema.json"
    ).read_bytes()


def test_it_can_be_searched(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {entry["location"].partition("#")[0] for entry in index["docs"] if "include_tagging" in entry["text"]}
    assert "s3.html" in found


def test_drawings_and_titles_of_code_are_shown(site):
    assert 'class="mermaid"' in (site / "examples.html").read_text(encoding="utf-8")
    assert '<span class="filename">hello.yaml</span>' in (site / "index.html").read_text(encoding="utf-8")
