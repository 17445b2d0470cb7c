"""What a person may choose as the embedded model, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

from senter.errors import InvalidInput, NotFound
from senter.weights.catalogue import FLOOR, Weights, catalogue, find_weights
from senter.weights.gguf_file import parts, why_unfit

AUTO = "auto"
BESIDE_BYTES = 512 * 1024 * 1024
"""What a worker takes beside the file at least: itself, and the context."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An embedded model that can be used, or the automatic choice."""

    setting: str | None
    """As the settings name it; none takes the automatic choice."""
    weights: Weights | None = None
    """The model of the catalogue, where it is one: its file may have to be fetched."""


def choose(named: str) -> Choice:
    """What a person means. Raises `NotFound`, and `InvalidInput` for what cannot be loaded on this machine."""
    if named.lower() == AUTO:
        return Choice(None)
    if named.lower() == FLOOR:
        return Choice(FLOOR)
    if Path(named).is_absolute():
        return _file(Path(named))
    weights = _listed(named)
    _check_memory(weights.name, weights.size_bytes)
    return Choice(weights.name, weights)


def _listed(named: str) -> Weights:
    try:
        return find_weights(named)
    except NotFound as error:
        known = ", ".join((*catalogue(), FLOOR, AUTO))
        raise NotFound(error.message, f"Choose one of: {known}; or give the path of a GGUF file.") from error


def _file(file: Path) -> Choice:
    if reason := why_unfit(file):
        raise InvalidInput(f"{file} cannot be used: {reason}.", "Give the path of a whole GGUF file.")
    _check_memory(file.name, sum(part.stat().st_size for part in parts(file)))
    return Choice(str(file))


def _check_memory(name: str, size_bytes: int) -> None:
    needed, there = size_bytes + BESIDE_BYTES, memory_bytes()
    if needed > there:
        raise InvalidInput(
            f"{name} takes {needed / 1e9:.1f} GB of memory at least; this machine has {there / 1e9:.1f} GB.",
            "Choose a smaller one: senter models list",
        )


def memory_bytes() -> int:
    """What this machine has in all."""
    return psutil.virtual_memory().total
