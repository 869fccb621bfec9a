"""Projects made of texts."""

from pathlib import Path

import pytest

from process_runner.language.loader import Source, load
from process_runner.language.place import InvalidProject
from process_runner.plugins import load as installed


@pytest.fixture(scope="session")
def registry():
    return installed()


@pytest.fixture
def loaded(registry, tmp_path, monkeypatch):
    """The project of texts by file name; `a.env.yaml` among them is its extensions file."""
    monkeypatch.chdir(tmp_path)

    def load_files(files, environment=None):
        texts = {"project.yaml": files} if isinstance(files, str) else files
        for name, text in texts.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        extensions = [Path(name) for name in texts if name.endswith(".env.yaml")]
        return load(Source((Path("."),), *extensions, environment=environment or {}), registry)

    return load_files


@pytest.fixture
def problems(loaded):
    """What is wrong with such a project, as lines without the name of its only file."""

    def told(files, environment=None):
        with pytest.raises(InvalidProject) as caught:
            loaded(files, environment)
        return [str(each).removeprefix("project.yaml:") for each in caught.value.problems]

    return told
