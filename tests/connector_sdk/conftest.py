"""Packages with operations, written for a test."""

import sys
import uuid

import pytest


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write a package of modules, given by their text, and give its name; it is forgotten after the test."""
    name = f"operations_{uuid.uuid4().hex}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def written(**modules):
        for module, text in modules.items():
            (tmp_path / name / f"{module}.py").write_text(text, encoding="utf-8")
        return name

    yield written
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]
