"""Reading test files: judged as strictly as the project's own, every problem with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from connector_sdk.settings import SettingsError
from process_runner.language import nodes
from process_runner.language.inlining import inlined
from process_runner.language.keywords import KEYWORDS, UNKNOWN
from process_runner.language.loader import ENDINGS, read_file
from process_runner.language.place import InvalidProject, Place, Problem, suggestion
from process_runner.language.project import Process, Project
from process_runner.language.validator import Validator
from process_runner.testing.cases import Suite
from process_runner.testing.mocks import calls
from process_runner.testing.systems import in_folders


@dataclass(frozen=True)
class File:
    """A test file; `folder` is where it lies."""

    path: Path
    suite: Suite
    root: nodes.Mapping
    folder: Path

    @property
    def project(self) -> Path:
        """Where the project is."""
        return self.folder / self.suite.project

    @property
    def extensions(self) -> Path | None:
        """The file of extensions, if any."""
        return self.folder / self.suite.env if self.suite.env else None

    def process(self, project: Project) -> Process:
        """The process that is tested; InvalidProject for names that the project does not have."""
        process = self._chosen(project)
        if problems := [*self._unknown_mocks(project, process), *self._unknown_connections(project)]:
            raise InvalidProject(problems)
        return process

    def _chosen(self, project: Project) -> Process:
        known, name = project.processes, self.suite.process
        if name is None and len(known) == 1:
            return next(iter(known.values()))
        if name is None:
            place = self.root.place
            raise InvalidProject([Problem(place, "name the process with 'process:'" + suggestion("", known))])
        if name not in known:
            place = nodes.place_of(self.root, ["process"])
            raise InvalidProject([Problem(place, f"no process '{name}' in the project" + suggestion(name, known))])
        return known[name]

    def _unknown_mocks(self, project: Project, process: Process) -> Iterator[Problem]:
        known = calls(project, process)
        for number, case in enumerate(self.suite.tests):
            for label in case.mocks.keys() - known.keys():
                place = nodes.place_of(self.root, ["tests", number, "mocks", label], key=True)
                text = f"no connector step '{label}' in process '{process.name}'"
                yield Problem(place, text + suggestion(label, known))

    def _unknown_connections(self, project: Project) -> Iterator[Problem]:
        for number, case in enumerate(self.suite.tests):
            for index, name in enumerate(case.real):
                if name not in project.connections:
                    place = nodes.place_of(self.root, ["tests", number, "real", index])
                    text = f"no connection '{name}' in the project"
                    yield Problem(place, text + suggestion(name, project.connections))
            given = case.sandbox.files if case.sandbox else {}
            for part, files in (("sandbox", given), ("expect", case.expect.files or {})):
                for name, text in _without_folder(files, set(in_folders(project.connections)), case.real):
                    yield Problem(nodes.place_of(self.root, ["tests", number, part, "files", name], key=True), text)


def _without_folder(names: Iterable[str], known: Set[str], real: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Names of connections that have no folder in the sandbox, and why."""
    for name in names:
        if name in real:
            yield name, f"connection '{name}' is real in this test, so the sandbox has no files of it"
        elif name not in known:
            yield name, f"no disk connection '{name}' in the project" + suggestion(name, known)


def find(paths: Iterable[str]) -> list[Path]:
    """The test files at these paths; InvalidProject for a path without any."""
    found: dict[Path, None] = {}
    problems = []
    for path in map(Path, paths):
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files = [each for each in inside if each.name.endswith(tuple(f".test{end}" for end in ENDINGS))]
        if not path.exists():
            problems.append(Problem(Place(str(path)), "there is no such file or folder"))
        elif not files:
            problems.append(Problem(Place(str(path)), "there is no file named *.test.yaml"))
        found |= dict.fromkeys(files)
    if problems:
        raise InvalidProject(problems)
    return list(found)


def read(path: Path) -> File:
    """A test file; InvalidProject with every problem."""
    root = read_file(path, ("process", "tests"))
    problems = [
        Problem(nodes.place_of(root, each.path, key=each.kind == UNKNOWN), each.message)
        for each in Validator(KEYWORDS).violations(root, inlined(Suite.json_schema()))
    ]
    if problems:
        raise InvalidProject(problems)
    folder = path.parent
    try:
        return File(path, Suite.load(root, context=_Beside(folder)), root, folder)
    except SettingsError as error:
        raise InvalidProject(_told(root, error)) from error


@dataclass(frozen=True)
class _Beside:
    folder: Path


def _told(root: nodes.Mapping, error: SettingsError) -> Iterator[Problem]:
    for each in error.faults:
        yield Problem(nodes.place_of(root, nodes.reachable(root, each.path)), each.text)
