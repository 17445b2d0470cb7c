"""What is wrong with the arguments of a call, in words."""

from __future__ import annotations

from pydantic import ValidationError

MOST_PROBLEMS = 5


def sentence(error: ValidationError) -> str:
    """The first things that are wrong, on one line."""
    return "; ".join(problem(found["loc"], found["msg"]) for found in error.errors()[:MOST_PROBLEMS])


def problem(location: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part) for part in location)
    return f"{where}: {message}" if where else message
