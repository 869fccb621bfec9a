"""reference: fills the generated parts of Markdown pages."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = commands.add_parser(
        "reference",
        help="fill the generated parts of Markdown pages",
        description="Fills what stands between '<!-- reference: WHAT -->' and '<!-- end -->' in Markdown pages; "
        "WHAT is shapes or components; shape with its name; connection, actions or tracked with a connector's id; or "
        "graph with a path from the working directory and a process.",
    )
    parser.add_argument("pages", metavar="PAGE", nargs="+", help="Markdown files")
    parser.add_argument("--check", action="store_true", help="only tell whether they are up to date")
    parser.set_defaults(command=run)


def run(given: argparse.Namespace) -> int:
    """Write or check; 1 where a checked page is out of date."""
    from process_runner import plugins
    from process_runner.console.errors import UsageError, usable
    from process_runner.reference import fill

    registry = plugins.examined()
    stale = []
    for page in map(Path, given.pages):
        with usable(page):
            before = page.read_text(encoding="utf-8")
        try:
            after = fill(before, registry)
        except KeyError as error:
            raise UsageError(f"{page}: nothing answers to 'reference: {error.args[0]}'") from error
        if after != before:
            stale.append(page)
            if not given.check:
                with usable(page):
                    page.write_text(after, encoding="utf-8")
    if given.check and stale:
        print(f"out of date: {', '.join(map(str, stale))}; run: process-runner reference PAGE...", file=sys.stderr)
        return 1
    return 0
