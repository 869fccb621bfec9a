"""Errors of the command line, and the exit codes they lead to."""

OK, INVALID, DEFECT, ABORTED = 0, 2, 70, 130


class UsageError(Exception):
    """The command line cannot be carried out as it is; its text says what would work."""
