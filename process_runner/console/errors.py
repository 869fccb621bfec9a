"""Errors of the command line."""


class UsageError(Exception):
    """The command line cannot be carried out as it is; its text says what would work."""
