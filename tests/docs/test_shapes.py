"""Every shape has a page, and every example a drawing."""

from pathlib import Path

import pytest

from process_runner import plugins
from process_runner.reference import fill

ROOT = Path(__file__).parents[2]
SHAPES = sorted(plugins.Shapes())
EXAMPLES = sorted(
    path.name for path in (ROOT / "examples").iterdir() if path.is_dir() and not (path / "pyproject.toml").exists()
)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_has_a_page_with_its_options_and_a_process_that_runs(shape, blocks_of):
    page = f"docs/shapes/{shape}.md"
    text = (ROOT / page).read_text(encoding="utf-8")
    assert text.startswith(f"# {shape}\n")
    assert f"<!-- reference: shape {shape} -->" in text
    assert "## Documents that fail" in text
    processes = [block.text for block in blocks_of(page) if block.language == "yaml" and block.title]
    assert any(f"{shape}:" in process for process in processes)
    commands = [block.text for block in blocks_of(page) if block.language == "console"]
    assert any(command.startswith("$ process-runner run ") for command in commands)


def test_every_page_is_that_of_an_installed_shape():
    assert sorted(path.stem for path in (ROOT / "docs" / "shapes").iterdir()) == SHAPES


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_told_with_a_command_and_a_drawing(example):
    text = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    _, heading, section = text.partition(f"\n## {example}\n")
    section = section.partition("\n## ")[0]
    assert heading
    assert "```console\n$ " in section
    assert f"<!-- reference: graph examples/{example} " in section
    assert "```mermaid\n" in section


def test_the_generated_parts_of_all_pages_are_up_to_date(monkeypatch):
    monkeypatch.chdir(ROOT)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    registry = plugins.load()
    pages = {path: path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")}
    filled = [path for path, text in pages.items() if "<!-- reference: " in text]
    assert len(filled) > len(SHAPES)
    assert [str(path) for path in filled if fill(pages[path], registry) != pages[path]] == []
