"""The errors a user can cause, each with the exit code it ends in."""

from __future__ import annotations


class CompatcheckError(Exception):
    """A problem that is told in one line: what is wrong and, in `hint`, what to do about it."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CompatcheckError):
    """Wrong usage or a wrong configuration."""


class UndecidedError(CompatcheckError):
    """The question is a right one, and what is here does not suffice to answer it."""

    exit_code = 3
