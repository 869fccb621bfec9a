"""Pages of the site that lie elsewhere in the project: the README, the changes, pages of examples, the schemas."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
OTHERS = {"index.md": "README.md", "changes.md": "CHANGELOG.md"}
LINK = re.compile(r"\]\((?P<up>(\.\./)*)(?P<path>[\w./-]+)(?P<anchor>#[\w-]+)?\)")
FENCE = re.compile(r"^(?P<begin> *```)(?P<language>\w+)(?P<more> .*)$", re.MULTILINE)
FILE = re.compile(r"\[(?P<text>[^]]+)\]\((?!https?:|#)[^)]*\)")
"""A link of an example's page to one of its files, which the site does not have."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what lies elsewhere, and take a page for every shape and decision into the navigation."""
    for name, source in OTHERS.items():
        files.append(File.generated(config, name, content=_text(source)))
    for page in sorted(ROOT.glob("examples/*/README.md")):
        name = f"examples/{page.parent.name}.md"
        files.append(File.generated(config, name, content=page.read_text(encoding="utf-8")))
    for schema in sorted(ROOT.glob("schemas/*.json")):
        files.append(File.generated(config, f"schemas/{schema.name}", abs_src_path=str(schema)))
    config.nav = [_filled(entry) for entry in config.nav or ()]
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links to files of the project lead to their pages."""
    markdown = FENCE.sub(_fence, markdown)
    if page.file.src_uri == "index.md":
        markdown = markdown.replace("](docs/", "](")
    if page.file.src_uri.startswith("examples/"):
        return FILE.sub(r"\g<text>", markdown)
    return LINK.sub(_rewritten, markdown)


def _fence(found: re.Match[str]) -> str:
    """The beginning of a block of code as the site wants it: what is said for the tests is left out."""
    title = re.search(r"\btitle=(\S+)", found["more"])
    return f"{found['begin']}{found['language']}" + (f' title="{title[1]}"' if title else "")


def _rewritten(found: re.Match[str]) -> str:
    up, path, anchor = found["up"], found["path"], found["anchor"] or ""
    if path == "CHANGELOG.md":
        path = "changes.md"
    elif path == "decisions":
        path = "decisions/README.md"
    elif example := re.match(r"examples/([\w-]+)/?$", path):
        up = up.removeprefix("../")
        own = (ROOT / path / "README.md").exists()
        path, anchor = (f"examples/{example[1]}.md", anchor) if own else ("examples.md", f"#{example[1]}")
    elif path == "examples":
        up, path = "", "examples.md"
    elif path.startswith("schemas/"):
        up = up.removeprefix("../")
    return f"]({up}{path}{anchor})"


def _filled(entry: object) -> object:
    """Folders in the navigation become their pages."""
    if isinstance(entry, dict):
        return {title: _filled(inner) for title, inner in entry.items()}
    if isinstance(entry, list):
        return [_filled(each) for each in entry]
    folder = ROOT / "docs" / str(entry)
    if not folder.is_dir():
        return entry
    pages = sorted(folder.glob("*.md"), key=lambda page: (page.name != "README.md", page.name))
    return [f"{entry}/{page.name}" for page in pages]


def _text(source: str) -> str:
    return (ROOT / source).read_text(encoding="utf-8")
