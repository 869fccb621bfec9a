"""test: runs process tests."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from process_runner.redaction import one_line

if TYPE_CHECKING:
    from process_runner.testing.reading import File
    from process_runner.testing.suites import Suites, Verdict


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "test",
        help="run process tests",
        description="Runs the tests in files named *.test.yaml, and tells what they never reached.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a test file, or a folder of them")
    parser.add_argument("--junit", metavar="FILE", help="write the outcome as JUnit XML too")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """0 where every test passes, 1 where one fails, 2 where files are wrong."""
    import logging

    from connector_sdk import ConfigError
    from process_runner import plugins
    from process_runner.console.errors import UsageError, usable
    from process_runner.engine.garbage import kept, seldom_collected
    from process_runner.testing import junit, reading
    from process_runner.testing.suites import Suites

    logging.getLogger().handlers[:] = [logging.NullHandler()]
    files = _read(reading.find(given.paths))
    suites = Suites(plugins.load())
    verdicts: list[Verdict] = []
    try:
        with kept(), seldom_collected():
            for file in files:
                _say(str(file.path))
                for verdict in suites.run(file):
                    verdicts.append(verdict)
                    _tell(verdict)
    except ConfigError as error:  # what the sandbox needs is not installed
        raise UsageError(str(error)) from error
    finally:
        suites.close()
        if given.junit:
            with usable(given.junit):
                junit.write(Path(given.junit), verdicts)
    return _sum_up(verdicts, suites)


def _read(paths: list[Path]) -> list[File]:
    from process_runner.language.place import InvalidProject
    from process_runner.testing.reading import read

    files, problems = [], []
    for path in paths:
        try:
            files.append(read(path))
        except InvalidProject as error:
            problems += error.problems
    if problems:
        raise InvalidProject(problems)
    return files


def _say(text: str) -> None:
    from process_runner.console.errors import telling

    with telling():
        print(text, flush=True)


def _tell(verdict: Verdict) -> None:
    _say(f"  {'FAIL' if verdict.differences else 'ok':<4}  {one_line(verdict.name)}")
    for difference in verdict.differences:
        for line in difference.splitlines():
            _say(f"        {one_line(line)}")


def _sum_up(verdicts: list[Verdict], suites: Suites) -> int:
    failed = sum(bool(each.differences) for each in verdicts)
    gaps = list(suites.coverage.gaps())
    reached, steps = suites.coverage.counts()
    if gaps:
        _say("never reached:")
        _say("\n".join(f"  {gap}" for gap in gaps))
    seconds = sum(each.seconds for each in verdicts)
    count = f"{len(verdicts)} test{'' if len(verdicts) == 1 else 's'}"
    _say(f"{count}, {failed} failed; {reached} of {steps} steps reached ({seconds:.2f} s)")
    return 1 if failed else 0
