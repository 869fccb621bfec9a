"""The version of the SDK, and which plugins it serves."""

from __future__ import annotations

VERSION = "1.0"
"""What plugins state as `sdk`. The second number grows with what is added, the first when a plugin has to change."""


def serves(built_for: str) -> bool:
    """Whether a plugin built for that version works: the same first number, and a second one no newer than ours."""
    ours, theirs = _numbers(VERSION), _numbers(built_for)
    return theirs[0] == ours[0] and theirs[1] <= ours[1]


def _numbers(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise ValueError(f"the SDK's version {version!r} is not two numbers, such as {VERSION!r}")
    return int(major), int(minor)
