"""What a test file can say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from connector_sdk import Parsed, Settings, setting
from process_runner.expressions.filters import moment
from process_runner.testing.contents import Content
from process_runner.testing.folders import faults

Status = Literal["complete", "complete_with_warnings", "error", "aborted"]


def _moment(written: Any, _: Any) -> datetime:
    return moment(written)


Moment = Annotated[datetime, Parsed({"type": "string", "examples": ["2026-01-31T12:00:00Z"]}, _moment)]


class Refusal(Settings):
    """A failure that a connector step answers with."""

    message: str = setting("What it says.")
    code: str = setting("Its short word for machines.", "Mocked")
    of: Literal["document", "application", "process"] = setting(
        "What fails: the document, the document by a refusal of the other system, or the whole process.", "document"
    )


class Answer(Settings):
    """What a connector step answers with instead of calling anything: documents, or a failure."""

    returns: tuple[str | Content, ...] | None = setting("The documents it returns for one document.", None)
    fails: Refusal | None = setting("Why it fails.", None)

    def validate(self) -> None:
        if (self.returns is None) == (self.fails is None):
            raise ValueError("an answer has either 'returns' or 'fails'")


def _check_files(files: dict[str, dict[str, str | Content]]) -> None:
    for paths in files.values():
        for fault in faults(paths):
            raise ValueError(fault)


class Sandbox(Settings):
    """What stands in for other systems: an S3 server for every S3 connection, a folder for each disk connection."""

    buckets: dict[str, dict[str, str | Content]] = setting("Objects that are there: buckets, keys, contents.", {})
    files: dict[str, dict[str, str | Content]] = setting(
        "Files that are there: disk connections, paths from the connection's folder, contents.", {}, check=_check_files
    )


class Failed(Settings):
    """A failure that has to come. What is left out may be anything."""

    step: str | None = setting("The step's name.", None)
    document: str | None = setting("The document's id.", None)
    code: str | None = setting("Its short word for machines.", None)
    message: str | None = setting("What it says; `*` stands for any text.", None)


class Notification(Settings):
    """A line that `notify` has to write."""

    text: str = setting("What it says; `*` stands for any text.")
    level: Literal["info", "warning", "error"] | None = setting("How serious it is.", None)


class Expected(Settings):
    """What has to come out. What is left out may be anything, but a run that fails has to be expected."""

    status: Status | None = setting("How the run ends; without it, it ends well unless `failures` are expected.", None)
    returned: dict[str, tuple[str | Content, ...]] | None = setting("Documents by label, all of them, in order.", None)
    failures: tuple[Failed, ...] | None = setting("Failures, all of them, in order.", None)
    objects: dict[str, dict[str, str | Content]] | None = setting(
        "Objects in the sandbox: for each bucket all of its keys, with their contents.", None
    )
    files: dict[str, dict[str, str | Content]] | None = setting(
        "Files in the sandbox: for each disk connection all of its paths, with their contents.", None
    )
    notifications: tuple[str | Notification, ...] | None = setting("Lines of `notify`, all of them, in order.", None)


class Case(Settings):
    """One test."""

    name: str = setting("What it proves.", min_length=1)
    input: tuple[str | Content, ...] = setting("Documents for a passthrough start.", ())
    process_properties: dict[str, str | int | float | bool] = setting("Dynamic process properties.", {})
    mocks: dict[str, Answer | tuple[Answer, ...]] = setting(
        "Answers of connector steps by the step's name, in another process as PROCESS/STEP; of several each is given "
        "once, the last one from then on.",
        {},
    )
    sandbox: Sandbox | None = setting("Stands in for S3 and for disks; these objects and files are in it.", None)
    real: tuple[str, ...] = setting("Connections that lead to what they name in the project: the real systems.", ())
    clock: Moment | None = setting("The time at which everything happens.", None)
    seed: int | None = setting("Makes uuid() and unique() the same in every run.", None)
    expect: Expected = setting("What has to come out.", Expected())


class Suite(Settings):
    """Tests of one process."""

    process: str | None = setting("Which process; not needed where the project has one.", None)
    project: str = setting("The project, from the folder of this file.", ".")
    env: str | None = setting("Extensions for the tests, from the folder of this file.", None)
    tests: tuple[Case, ...] = setting("The tests.", min_length=1)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of test files, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Process tests",
        **Suite.json_schema(),
    }
