"""Drawings in Markdown pages."""

import pytest

from process_runner import plugins
from process_runner.cli import main
from process_runner.reference import fill

PAGE = "<!-- reference: graph {} -->\n<!-- end -->\n"
PROJECT = """
connections:
  shop: {connector: s3, access_key: "${NOBODY_SETS_THIS}", secret_key: "${NOR_THIS}"}
operations:
  store: {connector: s3, action: upsert, object_type: orders}
processes:
  archive:
    steps:
      - decision:
          if: "{{ document.size > 9 }}"
          then:
            - connector: {connection: shop, operation: store}
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "orders.yaml").write_text(PROJECT)
    return tmp_path


def test_a_process_is_drawn_as_the_command_draws_it_whatever_variables_are_missing(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    assert main(["graph", "orders.yaml", "archive"]) == 0
    drawn = capsys.readouterr().out
    filled = fill(PAGE.format("orders.yaml archive"), plugins.load())
    assert f"\n```mermaid\n{drawn}```\n" in filled
    assert '|"then"|' in drawn


def test_a_changed_process_makes_its_page_stale(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "page.md").write_text(PAGE.format(". archive"))
    assert main(["reference", "page.md"]) == 0
    assert main(["reference", "--check", "page.md"]) == 0
    (project / "orders.yaml").write_text(PROJECT.replace("then:", "else:"))
    assert main(["reference", "--check", "page.md"]) == 1


def test_a_process_that_is_not_there_is_named(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    (project / "page.md").write_text(PAGE.format(". archives"))
    assert main(["reference", "page.md"]) == 2
    assert "nothing answers to 'reference: graph . archives'" in capsys.readouterr().err
