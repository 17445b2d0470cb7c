"""What a model of a known family may be trusted with until it is examined. The families are data: families.toml."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from senter.messages.model import Capability

FAMILIES = Path(__file__).with_name("families.toml")


def level_of_family(name: str) -> Capability | None:
    """By the model's name; None where no family is known by it."""
    plain = name.lower().rpartition("/")[2]
    for level, patterns in _families().items():
        if any(fnmatchcase(plain, pattern) for pattern in patterns):
            return Capability(level)
    return None


@cache
def _families() -> dict[str, list[str]]:
    return tomllib.loads(FAMILIES.read_text("utf-8"))
