"""The command line: one module per command."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

from process_runner.cli.crash import write_crash_log
from process_runner.language.place import InvalidProject

OK, FAILED, INVALID, DEFECT, ABORTED = 0, 1, 2, 70, 130


class UsageError(Exception):
    """The command line cannot be carried out as it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.command(given))
    except InvalidProject as error:
        print(error, file=sys.stderr)
        return INVALID
    except UsageError as error:
        print(f"process-runner: {error}", file=sys.stderr)
        return INVALID
    except KeyboardInterrupt:
        return ABORTED
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except Exception:  # noqa: BLE001  # the last edge: a defect is told in a line, its traceback goes to a file
        path = write_crash_log(traceback.format_exc())
        print(f"process-runner: a defect in the runner; the details are in {path}", file=sys.stderr)
        return DEFECT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="process-runner", description="Runs integration processes that are written as YAML."
    )
    parser.add_argument("--version", action="version", version=f"process-runner {version('process-runner')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in pkgutil.iter_modules(__path__):
        command = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(command, "add"):
            command.add(commands)
    return parser
