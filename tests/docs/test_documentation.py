"""Every YAML block in the documentation validates, and every command in it does what the text says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")] if path.is_file()
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_blocks_of_a_document_hold(document, script, blocks_of):
    for block in blocks_of(document):
        script.carry_out(block)


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md"])
def test_links_between_documents_lead_somewhere(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / document).parent / target).exists(), f"{document} links to {target}"


def test_the_readme_shows_a_process_a_command_and_its_output(blocks_of):
    languages = [block.language for block in blocks_of("README.md")]
    assert languages[:2] == ["yaml", "console"]


def test_every_row_of_the_parity_table_names_a_test_that_exists():
    table = (ROOT / "docs" / "s3.md").read_text(encoding="utf-8").partition("## Parity")[2]
    named = set(re.findall(r"`(test_\w+)`", table))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "connectors" / "s3").rglob("test_*.py")]
    defined = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)}
    assert len(named) > 40
    assert named <= defined
