"""The command line: one module per command, each with `add` for its arguments and `run` for its work."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

from process_runner import inside
from process_runner.engine.garbage import hardly_collected


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    with hardly_collected():
        code = _answer(arguments)
    if arguments is None:
        gc.freeze()  # before it ends, Python looks through all that was imported, and more than once
    return code


def _answer(arguments: Sequence[str] | None) -> int:
    _begin_output()
    given = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    from process_runner.console.errors import ABORTED, DEFECT, INVALID, OK, UsageError
    from process_runner.language.place import InvalidProject

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
        return OK
    except Exception as error:  # noqa: BLE001  # the last edge: a defect is told in a line, its traceback goes to a file
        _tell_defect(error)
        return DEFECT
    finally:
        _end_output()


def _tell_defect(error: Exception) -> None:
    from process_runner.console.crash import write_crash_log
    from process_runner.language.defect import LoadDefect

    told, trace = (
        (str(error), error.trace)
        if isinstance(error, LoadDefect)
        else ("a defect in the runner", "".join(traceback.format_exception(error)))
    )
    path = write_crash_log(trace)
    print(f"process-runner: {told}; the details are in {path}", file=sys.stderr)


def _begin_output() -> None:
    """Have streams that take the names of files, which need not be text; what is closed writes into nothing."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _end_output() -> None:
    """Flush, or let the interpreter flush into nothing where a reader has gone, or a disk is full."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Version(argparse.Action):
    """Prints the version; looked up only when asked, as that reads every installed package."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"process-runner {version('process-runner')}")
        parser.exit()


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="process-runner", description="Runs integration processes that are written as YAML."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in _wanted(arguments):
        importlib.import_module(f"{__name__}.{name}").add(commands)
    return parser


def _wanted(arguments: Sequence[str]) -> Sequence[str]:
    """The module of the command that comes first in the arguments, as the others cost time; else those of all."""
    names = inside.modules(__path__)
    return [name for name in names if name.replace("_", "-") in arguments[:1]] or names
