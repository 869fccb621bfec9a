"""A defect that shows while a project loads, told without the project's secrets."""

from __future__ import annotations

import traceback

from process_runner.redaction import Redaction


class LoadDefect(Exception):
    """The runner or a plugin failed on a project; `trace` is the whole story."""

    def __init__(self, error: Exception, redact: Redaction) -> None:
        super().__init__(redact(f"{type(error).__name__}: {error}"))
        self.trace = redact("".join(traceback.format_exception(error)))
