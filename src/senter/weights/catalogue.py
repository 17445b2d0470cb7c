"""The models that can be fetched by name: plain data, read from catalogue.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from senter.errors import NotFound

CATALOGUE = Path(__file__).with_name("catalogue.toml")
LOCK = Path(__file__).with_name("models.lock")
BRAIN = "qwen2.5-coder-1.5b"
"""What answers where memory and disk allow."""
FLOOR = "smollm2-135m"
"""What answers where nothing else is: it is installed with Senter, and not in the catalogue."""
MIDDLE = "qwen2.5-coder-0.5b"
"""What can be had where they do not."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of weights."""

    name: str
    """How people call it."""
    title: str
    good_for: str
    file: str
    """Its name at the publisher's."""
    size_bytes: int
    sha256: str
    memory_mib: int
    """What a worker takes with it, in MiB: measured, or estimated where it is unchecked."""
    licence: str
    """An SPDX expression."""
    address: str
    """Where its publisher hands it out, or who made this file of the publisher's weights."""
    package: str = ""
    """The packages that hold its parts, without their numbers; empty where there are none."""
    part_bytes: int = 0
    """The size of each part but the last."""
    checked: bool = True
    """Whether Senter's makers held a file with this sum; else the sum is what several public projects pin."""


@cache
def catalogue() -> Mapping[str, Weights]:
    """All of them by name, as they are listed."""
    return {name: Weights(name=name, **row) for name, row in tomllib.loads(CATALOGUE.read_text("utf-8")).items()}


def find_weights(name: str) -> Weights:
    """The one of that name, in letters of any case. Raises `NotFound` that says which there are."""
    known = catalogue()
    if name.lower() not in known:
        raise NotFound(f"There is no model {name} in the catalogue.", f"Choose one of: {', '.join(known)}")
    return known[name.lower()]


def pinned_parts(weights: Weights) -> list[str]:
    """The requirement line of each part, with its hash, in order."""
    lines = LOCK.read_text("utf-8").splitlines()
    found = {line.partition("==")[0]: line for line in lines if not line.startswith("#")}
    parts = [found.get(f"{weights.package}{number}", "") for number in range(1, len(found) + 1)]
    return [line for line in parts if line]
