"""Errors, named after what happens next.

ConnectorError
 +- ConfigError          nothing runs; the author corrects a setting
 +- DocumentError        this document fails, the others go on
 |   +- ApplicationError the other system answered, and said no
 +- ProcessError         the whole process stops
 |   +- Cancelled        because a person or a signal asked for it
 |   +- ContractError    because the connector's own code has to be corrected
"""

from __future__ import annotations

import traceback


class ConnectorError(Exception):
    """Root of every error a connector raises on purpose; its text is shown to the user as it is."""


class ConfigError(ConnectorError):
    """A setting is wrong. `setting` is its path inside the component, such as `("retry", "waits")`."""

    def __init__(self, message: str, setting: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.setting = setting

    @property
    def named(self) -> str:
        """The text with the setting before it."""
        return f"setting {'.'.join(map(str, self.setting))}: {self}" if self.setting else str(self)


class DocumentError(ConnectorError):
    """One document fails. `code` is a short stable word for machines, such as `NoSuchKey`."""

    def __init__(self, message: str, code: str = "DocumentError") -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        return type(self), (str(self), self.code)


class ApplicationError(DocumentError):
    """The other system answered with a refusal; a step with `return_application_errors` passes it on as a document."""


class ProcessError(ConnectorError):
    """Nothing more can be done in this execution, such as after refused credentials. `code` as in DocumentError."""

    def __init__(self, message: str, code: str = "ProcessError") -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[ProcessError], tuple[str, str]]:
        return type(self), (str(self), self.code)


class Cancelled(ProcessError):
    """A person or a signal asked the execution to end; raised where work can stop without leaving halves behind."""

    def __init__(self, message: str = "the execution was asked to end", code: str = "Cancelled") -> None:
        super().__init__(message, code)


class ContractError(ProcessError):
    """The code of a connector breaks the contract of the SDK; its author is told what to write instead."""

    def __init__(self, message: str, code: str = "ContractError") -> None:
        super().__init__(message, code)


def forget_frames(error: BaseException | None) -> None:
    """Let go of what was in hand where an error was raised, such as files that live as long as somebody has them."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
