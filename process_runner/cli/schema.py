"""schema: writes the JSON Schemas, for editors and for CI."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

FILE = "process.schema.json"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser("schema", help="write the JSON Schemas", description="Writes the JSON Schemas.")
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="where to; without it, on stdout")
    parser.add_argument("--check", action="store_true", help="only tell whether the files in FOLDER are up to date")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Write or check; 1 where a checked file is out of date."""
    from process_runner.console.errors import UsageError

    if given.check and given.folder is None:
        raise UsageError("schema --check needs the FOLDER to check, such as schemas")
    texts = {name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in _schemas().items()}
    if given.folder is None:
        sys.stdout.write(texts[FILE])
        return 0
    paths = {Path(given.folder) / name: text for name, text in texts.items()}
    if given.check:
        return max(_checked(path, text, given.folder) for path, text in paths.items())
    for path, text in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
    return 0


def _schemas() -> dict[str, Any]:
    from process_runner import plugins
    from process_runner.language.schemas import published
    from process_runner.testing.cases import schema

    return {FILE: published(plugins.examined()), "test.schema.json": schema()}


def _checked(path: Path, text: str, folder: str) -> int:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path} is out of date; run: process-runner schema {folder}", file=sys.stderr)
    return 1
